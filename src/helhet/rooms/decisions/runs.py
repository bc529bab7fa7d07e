# SPDX-License-Identifier: EUPL-1.2
"""The runs that a basis rests on: what tells two of them apart, whether there is a newer one, and where each is shown."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import F, QuerySet
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from helhet.core.charts import numbers
from helhet.core.charts.units import unit_text
from helhet.foundation.figures.models import Run
from helhet.foundation.figures.selectors import address_of
from helhet.look.dates import moment
from helhet.paper.document import Document, Origin
from helhet.rooms.decisions.models import Basis
from helhet.rooms.decisions.references import PREFIX
from helhet.rooms.decisions.words import in_language

#: So many changed assumptions are named; the rest are counted.
CHANGES_NAMED = 4


def with_addresses(document: Document) -> Document:
    """The document as a page shows it: each figure leads to the run it is from, also where it was frozen long ago."""
    wanted = {uid for one in document.origins if (uid := _run_of(one))}
    found = Run.objects.filter(uid__in=wanted).defer("figures", "recipe") if wanted else ()
    runs = {str(run.uid): run for run in found}
    origins = (
        replace(one, href=address_of(runs[uid], one.key.partition("#")[2])) if (uid := _run_of(one)) in runs else one
        for one in document.origins
    )
    return replace(document, origins=tuple(origins))


def _run_of(one: Origin) -> str:
    return one.key.removeprefix(PREFIX).partition("#")[0] if one.key.startswith(PREFIX) else ""


def described(run: Run) -> str:
    """What tells a run from another of the same name: when, who, and which assumptions it changes."""
    changes = changed(run.overlay, {}, run)
    words = _("ändrat: %(changes)s") % {"changes": ", ".join(changes)} if changes else _("antaganden som i kalkylen")
    return f"{run.name}. {moment(run.created_at)}, {run.made_by_label}, {words}"


def changed(overlay: dict[str, Any], before: dict[str, Any], run: Run) -> list[str]:
    """The assumptions that differ from ``before``, each with the value it has in ``run``, the first few by name."""
    names = [name for name in sorted({*overlay, *before}) if overlay.get(name) != before.get(name)]
    texts = [_value(name, overlay.get(name), run) for name in names[:CHANGES_NAMED]]
    more = len(names) - CHANGES_NAMED
    return [*texts, _("%(n)s till") % {"n": more}] if more > 0 else texts


def _value(name: str, value: Any, run: Run) -> str:
    """“Spillvärmens andel av behovet 70 %”; an assumption that is no longer changed has the value that the run shows."""
    language = "en" if get_language() == "en" else "sv"
    kept = run.figures.get(f"input[name={name}]", {})
    label = in_language(str(kept.get("label") or name), str(kept.get("label_en") or ""), language)
    shown = kept.get("value") if value is None else value
    if not numbers.is_number(shown):
        return label
    if kept.get("unit") == "år":
        return f"{label} {shown:.0f}"
    return f"{label} {numbers.quantity(shown, unit_text(str(kept.get('unit') or ''), language), language=language)}"


@dataclass(frozen=True)
class Newer:
    """A run that is newer than the one a basis shows: of the same book and the same choices."""

    old: Run
    new: Run

    @property
    def address(self) -> str:
        return address_of(self.new)

    @property
    def differs(self) -> str:
        """What the newer run has that the older has not, in words."""
        found = changed(self.new.overlay, self.old.overlay, self.new)
        if self.new.book_hash != self.old.book_hash:
            found = [_("kalkylen är ändrad"), *found]
        return ", ".join(found) or _("samma kalkyl och samma antaganden")


def newer(basis: Basis, used: Iterable[str]) -> list[Newer]:
    """For each run that the basis uses (by uid): the latest run of the same calculation, where there is a later one."""
    wanted = set(used)
    if not wanted:
        return []
    own = Run.objects.filter(matter=basis.matter_id)
    mine = list(_slim(own.filter(uid__in=wanted)))
    later = _slim(own.filter(book__in={run.book for run in mine}, id__gt=min((run.pk for run in mine), default=0)))
    pairs = []
    others = list(later.exclude(uid__in=wanted).order_by("-id")) if mine else []
    for run in sorted(mine, key=lambda one: one.pk):
        latest = next((one for one in others if one.pk > run.pk and _calculation(one) == _calculation(run)), None)
        if latest is not None:
            pairs.append((run, latest.pk))
    whole = Run.objects.defer("recipe").in_bulk({pk for _run, pk in pairs}) if pairs else {}
    return [Newer(run, whole[pk]) for run, pk in pairs]


def _slim(runs: QuerySet[Run]) -> QuerySet[Run]:
    """Runs without what is heavy in them, but with the choices of their recipe."""
    return runs.annotate(options=F("recipe__options"), scenario=F("recipe__scenario")).defer("figures", "recipe")


def _calculation(run: Any) -> Sequence[Any]:
    """What is the same in two runs of the same calculation: the book, the choices made in it and its scenario."""
    return (run.book, run.options or {}, run.scenario or "")
