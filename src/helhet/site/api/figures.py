# SPDX-License-Identifier: EUPL-1.2
"""Runs of calculations and the figures in them. They are read here; rooms make and freeze them."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Query, Router

from helhet.foundation.figures.models import Run
from helhet.foundation.figures.selectors import get_run, readable_runs
from helhet.foundation.figures.services import figure, is_whole
from helhet.foundation.matters.selectors import get_matter
from helhet.site.api import shapes
from helhet.site.api.access import actor_of

router = Router(tags=["figures"])


def _row(run: Run) -> dict[str, Any]:
    return {
        "uid": run.uid,
        "title": run.title,
        "book": run.book,
        "matter": run.matter.uid if run.matter else None,
        "made_by": run.made_by_label,
        "created_at": run.created_at,
        "frozen_at": run.frozen_at,
    }


@router.get("/matters/{uuid:uid}/runs", response=list[shapes.RunRow], summary="Runs kept on a matter, newest first")
def runs_of_matter(request: HttpRequest, uid: UUID) -> list[dict[str, Any]]:
    actor = actor_of(request)
    matter = get_matter(actor, str(uid))
    return [_row(run) for run in readable_runs(actor).filter(matter=matter).order_by("-id")[:100]]


@router.get("/runs/{uuid:uid}", response=shapes.RunOut, summary="Read a run")
def read_run(request: HttpRequest, uid: UUID) -> dict[str, Any]:
    run = get_run(actor_of(request), uid)
    names = ("book_hash", "seed", "samples", "engine", "checksum", "overlay")
    more = {name: getattr(run, name) for name in names}
    return _row(run) | more | {"whole": is_whole(run), "figures": sorted(run.figures)}


@router.get("/runs/{uuid:uid}/figure", response=shapes.FigureOut, summary="Read a figure with its explanation")
def read_figure(
    request: HttpRequest, uid: UUID, key: Annotated[str, Query(max_length=300, examples=["npv[holder=kommunen]"])]
) -> dict[str, Any]:
    return asdict(figure(get_run(actor_of(request), uid), key))
