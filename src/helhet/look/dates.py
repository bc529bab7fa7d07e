# SPDX-License-Identifier: EUPL-1.2
"""Dates as people say them: “19 november”, “i går”, “om 5 dagar”."""

from collections.abc import Callable
from datetime import date, datetime
from functools import lru_cache, wraps
from typing import Any, Final, ParamSpec, TypeVar

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy, ngettext, pgettext
from django.utils.translation import gettext as _

P = ParamSpec("P")
T = TypeVar("T")

MONTHS: Final[tuple[str | Promise, ...]] = (
    gettext_lazy("januari"),
    gettext_lazy("februari"),
    gettext_lazy("mars"),
    gettext_lazy("april"),
    gettext_lazy("maj"),
    gettext_lazy("juni"),
    gettext_lazy("juli"),
    gettext_lazy("augusti"),
    gettext_lazy("september"),
    gettext_lazy("oktober"),
    gettext_lazy("november"),
    gettext_lazy("december"),
)
SHORT_MONTHS: Final[tuple[str | Promise, ...]] = (
    gettext_lazy("jan"),
    gettext_lazy("feb"),
    gettext_lazy("mars"),
    gettext_lazy("april"),
    gettext_lazy("maj"),
    gettext_lazy("juni"),
    gettext_lazy("juli"),
    gettext_lazy("aug"),
    gettext_lazy("sep"),
    gettext_lazy("okt"),
    gettext_lazy("nov"),
    gettext_lazy("dec"),
)


def as_day(value: date | datetime) -> date:
    """The local calendar day of a date or an aware moment."""
    if isinstance(value, datetime):
        return timezone.localtime(value).date() if timezone.is_aware(value) else value.date()
    return value


def kept(words: Callable[P, T]) -> Callable[P, T]:
    """Keep what ``words`` says of a day, seen from today and in a language: a list says the same few many times."""
    said: Any = words

    @lru_cache(maxsize=4096)
    def of_day(when: date, today: date, language: str | None, **options: bool) -> Any:
        return said(when, today=today, **options)

    @wraps(words)
    def of(value: date | datetime, *, today: date | None = None, **options: bool) -> Any:
        return of_day(as_day(value), today or timezone.localdate(), get_language(), **options)

    return of  # type: ignore[return-value]  # the same signature, written out


@kept
def day(value: date | datetime, *, short: bool = False, today: date | None = None) -> str:
    """“19 november”, with the year when it is not this one: “9 februari 2027”; short: “19 nov”."""
    when, now = as_day(value), today or timezone.localdate()
    month = (SHORT_MONTHS if short else MONTHS)[when.month - 1]
    if when.year == now.year:
        return _("%(day)d %(month)s") % {"day": when.day, "month": month}
    return _("%(day)d %(month)s %(year)d") % {"day": when.day, "month": month, "year": when.year}


def moment(value: datetime) -> str:
    """“19 november 13.00” (local time)."""
    local = timezone.localtime(value) if timezone.is_aware(value) else value
    clock = _("%(hour)02d.%(minute)02d") % {"hour": local.hour, "minute": local.minute}
    return f"{day(local)}\u00a0{clock}"


@kept
def relative(value: date | datetime, *, today: date | None = None) -> str:
    """How far off a day is: “i dag”, “i går”, “i morgon”, “om 5 dagar”, “för 3 veckor sedan”."""
    away = (as_day(value) - (today or timezone.localdate())).days
    near = {0: _("i dag"), -1: _("i går"), 1: _("i morgon")}
    if away in near:
        return near[away]
    count = abs(away)
    if count < 21:
        if away > 0:
            return ngettext("om %(count)d dag", "om %(count)d dagar", count) % {"count": count}
        return ngettext("för %(count)d dag sedan", "för %(count)d dagar sedan", count) % {"count": count}
    weeks = count // 7
    if weeks < 9:
        if away > 0:
            return ngettext("om %(count)d vecka", "om %(count)d veckor", weeks) % {"count": weeks}
        return ngettext("för %(count)d vecka sedan", "för %(count)d veckor sedan", weeks) % {"count": weeks}
    return day(value, today=today)


@kept
def spoken(value: date | datetime, *, today: date | None = None) -> str:
    """What suits a list: “i dag”, “i går”, otherwise the day: “18 nov”."""
    away = (as_day(value) - (today or timezone.localdate())).days
    return relative(value, today=today) if away in (-1, 0, 1) else day(value, short=True, today=today)


@kept
def due_parts(value: date | datetime, *, today: date | None = None) -> tuple[str, str, bool]:
    """(when, how far off, late): ("25 nov", "om 3 dagar", False); due today and past are late."""
    now = today or timezone.localdate()
    away = (as_day(value) - now).days
    if away == 0:
        return _("I dag"), "", True
    if away == 1:
        return _("I morgon"), day(value, short=True, today=now), False
    if away < 0:
        late = ngettext("%(count)d dag för sent", "%(count)d dagar för sent", -away) % {"count": -away}
        return day(value, short=True, today=now), late, True
    # So far off that the words for it would be the day once more.
    return day(value, short=True, today=now), "" if away >= 63 else relative(value, today=now), False


def days(count: int) -> str:
    """“1 dag”, “5 dagar”."""
    return ngettext("%(count)d dag", "%(count)d dagar", count) % {"count": count}


@kept
def waited(since: date | datetime, *, today: date | None = None) -> str:
    """How long somebody has waited: “nytt i dag”, “väntat 3 dagar”."""
    count = ((today or timezone.localdate()) - as_day(since)).days
    if count <= 0:
        return pgettext("kö", "nytt i dag")
    return _("väntat %(days)s") % {"days": days(count)}
