# SPDX-License-Identifier: EUPL-1.2
"""What a room promises the house: one manifest, ``room.py``, holding one :class:`Room`.

Rooms never know each other. What they show together – the steps of a matter's journey, panels on its page,
tasks on the home page, navigation – is declared here and read through :func:`rooms`.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from django.conf import settings
from django.utils.functional import Promise

if TYPE_CHECKING:
    from helhet.foundation.figures.models import Run
    from helhet.foundation.ledger.models import Event
    from helhet.foundation.matters.models import Matter
    from helhet.foundation.policy import Standing

Text = str | Promise
StepState = Literal["done", "now", "todo"]


@dataclass(frozen=True)
class NavItem:
    """One entry of the main menu, or of one's own; shown when ``action`` is empty or allowed."""

    label: Text
    url_name: str
    order: int
    action: str = ""
    menu: Literal["main", "own"] = "main"


@dataclass(frozen=True)
class StepView:
    """How far a matter has come in one step: state and a short remark such as a date."""

    state: StepState
    remark: Text = ""


@dataclass(frozen=True)
class Step:
    """One step of the journey; ``state`` answers for many matters at once: {matter pk: StepView}."""

    key: str
    label: Text
    order: int
    state: Callable[[Sequence["Matter"]], Mapping[int, StepView]]


@dataclass(frozen=True)
class Panel:
    """What a room shows beside a matter. ``context`` returns None when there is nothing to show."""

    key: str
    order: int
    template: str
    context: Callable[["Standing", "Matter"], Mapping[str, Any] | None]


@dataclass(frozen=True)
class Task:
    """Something that waits for the person who looks: title, why, where, until when."""

    title: Text
    why: Text
    url: str
    due: date | None = None


@dataclass(frozen=True)
class Word:
    """What the author of a matter is told, whole: for those who follow it by a secret link and have no notices."""

    what: Text
    reason: str
    who: str
    at: datetime
    note: Text = ""
    language: str = ""


@dataclass(frozen=True)
class HomePart:
    """What a room shows on the home page, in area ``a`` (left), ``b`` (middle) or ``c`` (right)."""

    key: str
    area: Literal["a", "b", "c"]
    order: int
    template: str
    context: Callable[["Standing"], Mapping[str, Any] | None]


@dataclass(frozen=True)
class Subscriber:
    """A reader of the sealed ledger. Names are stable: the cursor is kept under them.

    ``handle_all`` does the same for many events at once, for those who can do it cheaper than one by one.
    """

    name: str
    verbs: tuple[str, ...]
    handle: Callable[["Event"], None]
    handle_all: Callable[[Sequence["Event"]], None] | None = None


@dataclass(frozen=True)
class Importer:
    """A kind that ``helhet import`` understands; ``run`` is given the file and returns a report."""

    kind: str
    run: Callable[..., Any]


@dataclass(frozen=True)
class Room:
    """One room's manifest.

    ``tasks`` answer "what waits for me" on the home page, ``waits`` answer "what waits, and for whom" on a matter's
    page, ``words`` what its author has been told. ``notices`` pairs the room's verbs with the words people are told
    them in. ``load`` reads what the room needs from an instance's folder, before the tables; ``load_demo`` what it
    shows as demonstration, after them.
    ``run_address`` is where the room shows a run of its own, or the figure of it with a key ('' for the whole run).
    """

    name: str
    title: Text
    order: int
    nav: tuple[NavItem, ...] = ()
    steps: tuple[Step, ...] = ()
    panels: tuple[Panel, ...] = ()
    tasks: tuple[Callable[["Standing"], Sequence[Task]], ...] = ()
    home: tuple[HomePart, ...] = ()
    waits: tuple[Callable[["Standing", "Matter"], Sequence[Task]], ...] = ()
    subscribers: tuple[Subscriber, ...] = ()
    importers: tuple[Importer, ...] = ()
    api: tuple[tuple[str, Any], ...] = ()
    words: tuple[Callable[[Sequence["Matter"]], Sequence[Word]], ...] = ()
    notices: Mapping[str, Text] = field(default_factory=dict)
    run_address: Callable[["Run", str], str] | None = None
    load: Callable[[Path], None] | None = None
    load_demo: Callable[[Path], None] | None = None


@cache
def rooms() -> tuple[Room, ...]:
    """Every installed room that has a manifest, in the order of the journey."""
    found = [import_module(f"{app}.room").ROOM for app in settings.HELHET_ROOMS if find_spec(f"{app}.room")]
    return tuple(sorted(found, key=lambda room: room.order))


def subscribers() -> tuple[Subscriber, ...]:
    """Every reader of the ledger: the foundation's own first, then the rooms'."""
    from helhet.foundation.notices.subscribers import SUBSCRIBERS as notices
    from helhet.foundation.search.subscribers import SUBSCRIBERS as search

    return (*notices, *search, *(s for room in rooms() for s in room.subscribers))
