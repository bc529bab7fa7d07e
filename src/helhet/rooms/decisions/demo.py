# SPDX-License-Identifier: EUPL-1.2
"""A basis from a file of the instance: every number in it is fetched from a run. Doing it again changes nothing."""

import re
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from django.conf import settings

from helhet.foundation import policy
from helhet.foundation.figures.models import Run
from helhet.foundation.matters.models import Matter
from helhet.foundation.people.models import Organisation
from helhet.foundation.policy import Standing
from helhet.rooms.decisions import services
from helhet.rooms.decisions.models import Basis
from helhet.rooms.decisions.presenting import present
from helhet.rooms.decisions.references import matching, token

FILES = "basis_*.toml"
_FIGURE = re.compile(r"\{fig:([^{}]+)\}")


class Unfit(ValueError):
    """A text asks for a figure that the run does not hold."""


def load(folder: Path) -> None:
    """Every basis that the instance tells of and whose matter and run are here."""
    for path in sorted(folder.glob(FILES)):
        told = tomllib.loads(path.read_text("utf-8"))
        matter = Matter.objects.filter(reference=told["matter"]).first()
        runs = list(Run.objects.filter(matter=matter, book=told["book"]).order_by("-id")) if matter else []
        run = _run_of(runs, _recommended(told).get("options", {})) or (runs[0] if runs else None)
        if matter is not None and run is not None:
            load_demo(policy.system(), matter, run, told=told, runs=runs)


def load_demo(
    by: Standing,
    matter: Matter,
    run: Run,
    *,
    told: Mapping[str, Any] | None = None,
    runs: Sequence[Run] = (),
) -> Basis:
    """Write and present the basis of a matter from its file; ``run`` gives the proposal's figures.

    ``runs`` are searched for those of the other alternatives, by the options in their recipes. Without ``told`` the
    file of the instance about waste heat is read. A basis that is here already is left as it stands.
    """
    told = told or tomllib.loads((settings.HELHET_INSTANCE_DIR / "basis_spillvarme.toml").read_text("utf-8"))
    kept = Basis.objects.filter(reference=told["reference"]).first()
    if kept is not None:
        return kept
    basis = services.start_basis(
        by=by,
        matter=matter,
        reference=told["reference"],
        body=Organisation.objects.filter(slug=told["body"]).first(),
        **{name: told[name] for name in ("title", "title_en", "planned_on", "written_by")},
    )
    _write_texts(by, basis, run, told["text"])
    _set_alternatives(by, basis, run, told, runs)
    for group in told["figure"]:
        for key in group["keys"]:
            if matching(run.figures, key):
                services.choose_figure(by=by, basis=basis, part=group["part"], key=key)
    for kind, name in (("unvalued", "unvalued"), ("affected", "affected"), ("remarks", "remark")):
        for row in told.get(name, ()):
            services.set_row(by=by, basis=basis, kind=kind, **row)
    present(by=by, basis=basis)
    return basis


def _write_texts(by: Standing, basis: Basis, run: Run, texts: Mapping[str, Mapping[str, str]]) -> None:
    for section, languages in texts.items():
        for language, text in languages.items():
            services.write_section(
                by=by, basis=basis, section=section, language=language, text=with_figures(text, run), confirmed=True
            )


def with_figures(text: str, run: Run) -> str:
    """Put tokens in place of ``{fig:key}``; ``{fig:first|second}`` takes the first that the run holds."""

    def put(match: re.Match[str]) -> str:
        wanted = match[1].split("|")
        key = next((one for one in wanted if one in run.figures), None)
        if key is None:
            raise Unfit(f"{run.title}: {' | '.join(wanted)}")
        return token(run, key)

    return _FIGURE.sub(put, text)


def _set_alternatives(by: Standing, basis: Basis, run: Run, told: Mapping[str, Any], runs: Sequence[Run]) -> None:
    nothing = basis.alternatives.get(is_reference=True)
    services.set_alternative(by=by, basis=basis, alternative=nothing, **told["reference_alternative"])
    for one in told["alternative"]:
        words = {name: text for name, text in one.items() if name not in ("options", "recommended")}
        proposed = bool(one.get("recommended"))
        services.set_alternative(
            by=by,
            basis=basis,
            run=run if proposed else _run_of(runs, one.get("options", {})),
            is_recommended=proposed,
            **words,
        )


def _recommended(told: Mapping[str, Any]) -> Mapping[str, Any]:
    return next((one for one in told["alternative"] if one.get("recommended")), {})


def _run_of(runs: Sequence[Run], options: Mapping[str, str]) -> Run | None:
    """The latest run made with exactly these options."""
    return next((run for run in runs if options and run.recipe.get("options") == dict(options)), None)
