# SPDX-License-Identifier: EUPL-1.2
"""Read matters: always through what the actor may read, always a page at a time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.db.models import Prefetch, Q, QuerySet
from django.utils.translation import gettext as _

from helhet.foundation import policy
from helhet.foundation.ledger.models import Event
from helhet.foundation.matters.models import Comment, Link, Matter, Owner
from helhet.foundation.matters.policy import readable_q
from helhet.foundation.policy import Standing

PAGE = 25
REPLIES_SHOWN = 20
BIGGEST_ID = 2**63


def readable(actor: Standing) -> QuerySet[Matter]:
    """Every matter the actor may read."""
    return Matter.objects.filter(readable_q(actor))


def with_owners(matters: QuerySet[Matter]) -> QuerySet[Matter]:
    """The same matters, with what a list row shows read along in one query."""
    return matters.select_related("home_unit").prefetch_related(
        Prefetch("owners", Owner.objects.select_related("organisation").order_by("id"))
    )


def get_matter(actor: Standing, uid: str) -> Matter:
    """One matter, or Matter.DoesNotExist, or Forbidden with the reason."""
    try:
        UUID(str(uid))
    except ValueError:
        raise Matter.DoesNotExist(uid) from None
    matter = (
        with_owners(Matter.objects.filter(uid=uid))
        .select_related("batch")
        .prefetch_related("participants__organisation")
        .get()
    )
    policy.require(actor, "matter.read", matter)
    return matter


def numbered(actor: Standing, text: str) -> Matter | None:
    """The readable matter with this registration number, as it stands or in small letters; None for none.

    Both are found by the index. To compare without regard to case would read every number there is.
    """
    number = text.strip()
    return readable(actor).filter(number__in={number, number.upper()}).first() if number else None


@dataclass(frozen=True)
class Page:
    """A slice of a long list, cut by key so that the thousandth page costs what the first does."""

    items: Sequence[Any]
    older: str = ""
    is_first: bool = True


def page_by_activity(matters: QuerySet[Matter], cursor: str = "", *, size: int = PAGE) -> Page:
    """Newest activity first. ``cursor`` is what the page before gave as ``older``; an unreadable one starts over."""
    ordered = matters.order_by("-active_at", "-id")
    key = _parse_cursor(cursor)
    if key:
        moment, pk = key
        ordered = ordered.filter(Q(active_at__lt=moment) | Q(active_at=moment, id__lt=pk))
    items = list(ordered[: size + 1])
    older = ""
    if len(items) > size:
        items = items[:size]
        older = f"{items[-1].active_at.timestamp():.6f}_{items[-1].pk}"
    return Page(items, older, not key)


def _parse_cursor(cursor: str) -> tuple[datetime, int] | None:
    try:
        stamp, pk = cursor.split("_")
        key = datetime.fromtimestamp(float(stamp), UTC), int(pk)
    except (ValueError, OverflowError, OSError):
        return None
    return key if abs(key[1]) < BIGGEST_ID else None


def _parse_id(text: str) -> int | None:
    """A primary key out of an address, or None for anything else somebody may write there."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None


def thread(matter: Matter, before: str = "", *, size: int = PAGE) -> Page:
    """Contributions of the first level, newest first, each with its first replies. Cost does not grow with the thread.

    A page holds about ``size`` contributions, replies counted: one with many replies leaves room for fewer others.
    """
    top = matter.comments.filter(parent=None).order_by("-id")
    key = _parse_id(before)
    if key is not None:
        top = top.filter(id__lt=key)
    found = list(top[: size + 1])
    items = _fill(found[:size], size)
    older = str(items[-1].pk) if len(found) > len(items) else ""
    shown: dict[int, list[Comment]] = {}
    wanted = [comment.pk for comment in items if comment.reply_count]
    if wanted:
        first = Comment.objects.filter(parent_id__in=wanted, ordinal__lte=REPLIES_SHOWN)
        for reply in first.order_by("parent_id", "ordinal", "id")[: size * REPLIES_SHOWN]:
            shown.setdefault(reply.parent_id or 0, []).append(reply)
    for comment in items:
        comment.shown_replies = shown.get(comment.pk, [])[:REPLIES_SHOWN]  # type: ignore[attr-defined]
    return Page(items, older, key is None)


def _fill(found: list[Comment], size: int) -> list[Comment]:
    """The first of ``found`` that fill a page together with the replies shown beneath them; at least one."""
    room, items = size, []
    for comment in found:
        if room <= 0:
            break
        items.append(comment)
        room -= 1 + min(comment.reply_count, REPLIES_SHOWN)
    return items


def replies(comment: Comment, after: str = "", *, size: int = PAGE) -> Page:
    """Replies to a contribution, oldest first; ``older`` of the page is the key of the page that follows."""
    key = _parse_id(after)
    rows = comment.replies.order_by("ordinal", "id")
    items = list(rows.filter(ordinal__gt=key)[: size + 1] if key is not None else rows[: size + 1])
    following = str(items[size - 1].ordinal) if len(items) > size else ""
    return Page(items[:size], following, key is None)


def links_of(actor: Standing, matter: Matter) -> list[tuple[str, Matter]]:
    """Ties in both directions to matters that the actor may read: (words for the tie, the other matter)."""
    found = list(Link.objects.filter(Q(source=matter) | Q(target=matter))[:100])
    if not found:
        return []
    others = {tie.target_id if tie.source_id == matter.pk else tie.source_id for tie in found}
    may = readable(actor).in_bulk(others)
    ties: dict[tuple[str, int], Matter] = {}
    for tie in found:
        outwards = tie.source_id == matter.pk
        if other := may.get(tie.target_id if outwards else tie.source_id):
            ties[tie_words(tie, outwards=outwards), other.pk] = other
    return [(words, other) for (words, _pk), other in ties.items()]


def tie_words(tie: Link, *, outwards: bool) -> str:
    """A tie in words, seen from either end."""
    if outwards:
        return str(Link.Type(tie.type).label)
    return {
        Link.Type.MERGED_INTO: _("hit är sammanfört"),
        Link.Type.SPLIT_FROM: _("härifrån är utbrutet"),
        Link.Type.PART_OF: _("har som del"),
        Link.Type.HINDERS: _("hindras av"),
        Link.Type.ANSWERS: _("besvaras av"),
        Link.Type.REUSES: _("återanvänds i"),
        Link.Type.SYNERGY: _("samspelar med"),
    }[Link.Type(tie.type)]


def history(matter: Matter, *, limit: int = 20) -> list[Event]:
    """The latest events of a matter, newest first."""
    told = Event.objects.filter(object_type="matters.matter", object_id=str(matter.pk)).only("verb", "at")
    return list(told.order_by("-id")[:limit])
