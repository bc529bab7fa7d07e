# SPDX-License-Identifier: EUPL-1.2
"""Everything a document is built from, read in a fixed number of queries whatever the basis holds."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Q

from helhet.foundation.figures.models import Run
from helhet.foundation.figures.services import Figure, NoSuchFigure, figure
from helhet.foundation.goals.models import Tie
from helhet.foundation.goals.selectors import ties_of
from helhet.foundation.matters.models import File
from helhet.rooms.decisions.models import Affected, Alternative, Basis, BasisText, ChosenFigure, NormRemark, Unvalued
from helhet.rooms.decisions.references import matching, tokens

MARKS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


@dataclass(frozen=True)
class Material:
    """The rows of one basis. ``runs`` by uid holds only runs that the basis may rest on."""

    basis: Basis
    texts: Mapping[tuple[str, str], BasisText]
    alternatives: tuple[Alternative, ...]
    chosen: tuple[ChosenFigure, ...]
    unvalued: tuple[Unvalued, ...]
    affected: tuple[Affected, ...]
    remarks: tuple[NormRemark, ...]
    ties: tuple[Tie, ...]
    files: tuple[File, ...]
    runs: Mapping[str, Run]

    def mark(self, alternative: Alternative) -> str:
        """The letter of an alternative: A is always doing nothing."""
        at = self.alternatives.index(alternative)
        return MARKS[at] if at < len(MARKS) else str(at + 1)

    @property
    def recommended(self) -> Alternative | None:
        return next((one for one in self.alternatives if one.is_recommended), None)

    def run_of(self, chosen: ChosenFigure) -> Run | None:
        """The run a chosen figure is read from: its own, or that of the proposed alternative."""
        if chosen.run is not None:
            return self.runs.get(str(chosen.run.uid))
        proposed = self.recommended
        return self.runs.get(str(proposed.run.uid)) if proposed and proposed.run else None

    def expand(self, part: str) -> list[tuple[Run, Figure]]:
        """The figures chosen for a part, families opened, in order, each once; those a run lacks are left out."""
        found: dict[tuple[str, str], tuple[Run, Figure]] = {}
        for chosen in self.chosen:
            run = self.run_of(chosen) if chosen.part == part else None
            for key in matching(run.figures, chosen.key) if run else ():
                assert run is not None
                found.setdefault((str(run.uid), key), (run, figure(run, key)))
        return list(found.values())


def gather(basis: Basis) -> Material:
    """Read everything that the document of a basis needs."""
    texts = {(text.section, text.language): text for text in basis.texts.all()}
    alternatives = tuple(basis.alternatives.select_related("run"))
    chosen = tuple(basis.chosen.select_related("run"))
    runs = _runs(basis, texts, alternatives, chosen)
    return Material(
        basis=basis,
        texts=texts,
        alternatives=alternatives,
        chosen=chosen,
        unvalued=tuple(basis.unvalued.all()),
        affected=tuple(basis.affected.all()),
        remarks=tuple(basis.remarks.all()),
        ties=tuple(ties_of(basis.matter)),
        files=tuple(basis.files.filter(state=File.State.OK).order_by("id")),
        runs=runs,
    )


def runs_for(basis: Basis) -> Q:
    """Runs that a basis may show figures from: those of its own matter, and those that belong to no matter.

    A run of another matter is never read through a basis: that matter may be closed to those who read this one.
    """
    return Q(matter_id=basis.matter_id) | Q(matter=None)


def _runs(
    basis: Basis,
    texts: Mapping[tuple[str, str], BasisText],
    alternatives: tuple[Alternative, ...],
    chosen: tuple[ChosenFigure, ...],
) -> dict[str, Run]:
    wanted = {uid for text in texts.values() for uid, _key in tokens(text.text)}
    wanted |= {str(one.run.uid) for one in alternatives if one.run} | {str(row.run.uid) for row in chosen if row.run}
    found = Run.objects.filter(runs_for(basis), uid__in=wanted) if wanted else ()
    return {str(run.uid): run for run in found}


def figure_at(material: Material, uid: str, key: str) -> tuple[Run, Figure] | None:
    """The figure that a token means, or None when the basis may not show it or it does not exist."""
    run = material.runs.get(uid)
    if run is None:
        return None
    try:
        return run, figure(run, key)
    except NoSuchFigure:
        return None
