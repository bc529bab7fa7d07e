# SPDX-License-Identifier: EUPL-1.2
"""Keep runs, find figures in them, freeze them.

A figure is addressed by run and key, ``RUN#npv[holder=kommunen]``. What a run keeps of a figure is a
:class:`Figure` as JSON: value, unit, interval, label and its explanation, so that a reader needs no engine.
"""

import hashlib
import json
import sys
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from django.db import transaction
from django.utils.timezone import now
from django.utils.translation import gettext as _

from helhet.foundation import policy
from helhet.foundation.figures.models import Run
from helhet.foundation.ledger.services import record
from helhet.foundation.matters.models import Matter
from helhet.foundation.policy import Standing
from helhet.foundation.texts import fits


@dataclass(frozen=True)
class Figure:
    """A number that can say where it comes from. ``low``/``high`` are P10 and P90, None when not uncertain."""

    key: str
    label: str
    value: float | None
    unit: str
    low: float | None = None
    high: float | None = None
    price_basis: str = ""
    confidence: str = ""
    sources: tuple[str, ...] = ()
    explanation: Mapping[str, Any] = field(default_factory=dict)
    label_en: str = ""


#: The largest whole number that a float can hold.
BIGGEST = int(sys.float_info.max)


class NoSuchFigure(KeyError):
    """The run does not hold the figure asked for."""


@transaction.atomic
def keep_run(
    *,
    by: Standing,
    matter: Matter | None,
    book: str,
    book_hash: str,
    title: str,
    overlay: Mapping[str, Any],
    seed: int,
    samples: int,
    engine: str,
    recipe: Mapping[str, Any],
    figures: Mapping[str, Figure],
    title_en: str = "",
) -> Run:
    """Keep the run of a calculation with all its figures and their checksum."""
    policy.require(by, "figure.keep_run", matter)
    kept = {key: asdict(figure) for key, figure in figures.items()}
    fits(Run, book=book, title=title, title_en=title_en, engine=engine)
    checksum = checksum_of(book_hash, overlay, seed, samples, kept, recipe)
    run = Run.objects.create(
        matter=matter,
        book=book,
        book_hash=book_hash,
        title=title,
        title_en=title_en,
        overlay=dict(overlay),
        seed=seed,
        samples=samples,
        engine=engine,
        recipe=dict(recipe),
        figures=kept,
        checksum=checksum,
        made_by_label=by.label[:200],
        made_by_id=by.user_id,
    )
    record(
        by=by,
        verb="run.kept",
        obj=run,
        data={"book": book, "book_hash": book_hash, "checksum": run.checksum, "matter": matter.pk if matter else None},
    )
    return run


def figure(run: Run, key: str) -> Figure:
    """The figure under ``key`` in a run. Raises :class:`NoSuchFigure`."""
    try:
        kept = run.figures[key]
    except KeyError:
        raise NoSuchFigure(key) from None
    return Figure(**{**kept, "sources": tuple(kept["sources"])})


@transaction.atomic
def freeze(*, by: Standing, run: Run) -> Run:
    """Freeze a run for a presented document. Refuses when what is kept no longer fits its checksum."""
    policy.require(by, "figure.keep_run", run.matter)
    run = Run.objects.select_for_update().get(pk=run.pk)
    if not is_whole(run):
        raise ValueError(_("Körningens siffror stämmer inte med kontrollsumman. Gör en ny körning."))
    if run.frozen_at is None:
        run.frozen_at = now()
        run.save(update_fields=["frozen_at"])
        record(by=by, verb="run.frozen", obj=run, data={"checksum": run.checksum})
    return run


def is_whole(run: Run) -> bool:
    """Whether what is kept of a run still fits its checksum."""
    return run.checksum == checksum_of(run.book_hash, run.overlay, run.seed, run.samples, run.figures, run.recipe)


def checksum_of(
    book_hash: str,
    overlay: Mapping[str, Any],
    seed: int,
    samples: int,
    figures: Mapping[str, Any],
    recipe: Mapping[str, Any] | None = None,
) -> str:
    """SHA-256 over recipe and figures in canonical JSON.

    Equal numbers agree however a database writes them. Raises ValueError for a number that is not finite.
    """
    body = json.dumps(
        _even([book_hash, overlay, seed, samples, figures, recipe or {}]),
        sort_keys=True,
        ensure_ascii=False,
        separators=(",", ":"),
        allow_nan=False,
    )
    return hashlib.sha256(body.encode()).hexdigest()


def _even(value: Any) -> Any:
    """``value`` with whole numbers as integers that a float can hold.

    PostgreSQL's JSON gives 1e+22 back as an integer, 4.8e+16 with the digits that were written, and -0.0 as 0.
    """
    if isinstance(value, int) and not isinstance(value, bool) and 2**53 < abs(value) <= BIGGEST:
        return int(float(value))
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, Mapping):
        return {str(key): _even(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_even(item) for item in value]
    return value
