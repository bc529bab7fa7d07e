# SPDX-License-Identifier: EUPL-1.2
"""Contributions to matters' threads."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.db.models import F
from django.utils.timezone import now

from helhet.foundation.imports.columns import Column
from helhet.foundation.imports.kinds import LOOKUPS, Kind, Parsed, Placed, Writing
from helhet.foundation.imports.problems import Problem
from helhet.foundation.imports.reading import sensitive_warnings
from helhet.foundation.imports.references import native_references, objects_of, parents_first
from helhet.foundation.imports.tables.matter_parts import reference_of
from helhet.foundation.ledger.services import Change, record, record_all
from helhet.foundation.matters.models import AuthorKind, Comment, Matter
from helhet.foundation.people.models import User
from helhet.foundation.people.selectors import standing_of

COLUMNS = (
    Column("reference", "Radens beteckning.", "The row's key.", "key", required=True),
    Column("matter", "Ärendet.", "The matter.", "key", required=True, refers="matter"),
    Column("author", "Den som skrev.", "Who wrote.", "key", refers="person"),
    Column("author_label", "Vad andra ser i stället för ett namn.", "What others see instead of a name.", max_length=200),
    Column("text", "Inlägget.", "The contribution.", required=True),
    Column("reply_to", "Inlägget som det svarar på.", "The contribution it replies to.", "key", refers="comment"),
    Column("question", "En fråga till avsändaren.", "A question to the author.", "flag"),
    Column("hidden_because", "Varför inlägget är dolt.", "Why the contribution is hidden.", max_length=200),
    Column("date", "När det skrevs.", "When it was written.", "moment"),
)  # fmt: skip


def _check(rows: Sequence[Parsed]) -> Iterable[Problem]:
    """A reply to what is already there belongs to the same matter."""
    there = _existing([row.get("reply_to") for row in rows if row.get("reply_to")])
    matters = {c.pk: c.matter for c in Comment.objects.filter(pk__in=there.values()).select_related("matter")}
    for row in rows:
        above = matters.get(there.get(row.get("reply_to"), 0))
        if above and row.get("matter") not in (above.reference, str(above.uid)):
            yield Problem(row.number, "reply_to", "thread")
    yield from sensitive_warnings(tuple(rows), "text")


def _create(rows: Sequence[Parsed], writing: Writing) -> dict[str, int]:
    matters = _matters(rows)
    names = {row.get("author") for row in rows}
    authors = {user.username: user for user in User.objects.filter(username__in=names)}
    made: dict[str, int] = {}
    for row in parents_first(rows, "reply_to"):
        made[row.key] = _write(row, matters[row.get("matter")], authors, made, writing).pk
    for pk, count in Counter(matters[row.get("matter")].pk for row in rows).items():
        Matter.objects.filter(pk=pk).update(comment_count=F("comment_count") + count)
    return made


def _write(row: Parsed, matter: Matter, authors: dict[str, User], made: dict[str, int], writing: Writing) -> Comment:
    author = authors.get(row.get("author"))
    parent = _top(made.get(row.get("reply_to")) or _existing([row.get("reply_to")]).get(row.get("reply_to")))
    added = Comment.objects.create(
        matter=matter,
        parent=parent,
        author=author,
        author_label=row.get("author_label") or _label(matter, author),
        text=row.get("text"),
        is_question=bool(row.get("question")),
        hidden_because=row.get("hidden_because"),
        ordinal=parent.reply_count + 1 if parent else 0,
        created_at=row.get("date", None) or now(),
    )
    if parent:
        Comment.objects.filter(pk=parent.pk).update(reply_count=F("reply_count") + 1)
    record(
        by=writing.by,
        verb="matter.asked" if added.is_question else "matter.commented",
        obj=matter,
        unit_id=matter.home_unit_id,
        data={"comment": added.pk, "reply": bool(parent), "imported": row.key},
        private={"text": added.text},
    )
    return added


def _label(matter: Matter, author: User | None) -> str:
    if author and author.pk == matter.author_id and matter.author_kind != AuthorKind.NAMED:
        return matter.author_label
    return standing_of(author).label if author else "–"


def _top(pk: int | None) -> Comment | None:
    found = Comment.objects.select_related("parent").filter(pk=pk).first() if pk else None
    return (found.parent or found) if found else None


def _change(rows: Placed, writing: Writing) -> None:
    comments = Comment.objects.select_related("matter").in_bulk([pk for _row, pk in rows])
    for row, pk in rows:
        comment = comments[pk]
        comment.text = row.get("text")
        comment.hidden_because = row.get("hidden_because", comment.hidden_because)
        comment.author_label = row.get("author_label") or comment.author_label
        comment.save(update_fields=["text", "hidden_because", "author_label"])
    record_all(
        by=writing.by,
        verb="matter.comment_changed",
        changes=[
            Change(
                comments[pk].matter,
                comments[pk].matter.home_unit_id,
                data={"comment": pk, "imported": row.key},
                private={"text": comments[pk].text},
            )
            for row, pk in rows
        ],
    )


def _matters(rows: Sequence[Parsed]) -> dict[str, Matter]:
    wanted = sorted({row.get("matter") for row in rows})
    known: dict[str, Matter] = {}
    for start in range(0, len(wanted), 500):
        some = wanted[start : start + 500]
        known |= {m.reference: m for m in Matter.objects.filter(reference__in=some) if m.reference}
        uids = [key for key in some if key not in known]
        known |= {str(m.uid): m for m in Matter.objects.filter(uid__in=uids)} if uids else {}
    return known


def _made_up(reference: str) -> int | None:
    _mark, _, pk = reference.rpartition("-")
    found = Comment.objects.select_related("matter").filter(pk=int(pk)).first() if pk.isdecimal() else None
    return found.pk if found and _name(found) == reference else None


def _name(comment: Comment) -> str:
    return f"{comment.matter.uid.hex[:12]}-{comment.pk}"


def _rows(pks: Sequence[int] | None = None) -> Iterator[dict[str, Any]]:
    names = native_references("comments")
    comments = Comment.objects.filter(matter__in=Matter.objects.revealed()).select_related("matter", "author", "parent")
    comments = comments if pks is None else comments.filter(pk__in=pks)
    for comment in comments.order_by("pk").iterator(chunk_size=500):
        named = comment.author and not (
            comment.author_id == comment.matter.author_id and comment.matter.author_kind != AuthorKind.NAMED
        )
        parent = comment.parent
        if parent:
            parent.matter = comment.matter
        yield {
            "reference": names.get(comment.pk) or _name(comment),
            "matter": reference_of(comment.matter),
            "author": comment.author.username if comment.author and named else None,
            "author_label": comment.author_label,
            "text": comment.text,
            "reply_to": (names.get(parent.pk) or _name(parent)) if parent else None,
            "question": comment.is_question,
            "hidden_because": comment.hidden_because,
            "date": comment.created_at,
        }


_existing = objects_of("comments", _made_up)
LOOKUPS["comment"] = lambda keys: set(_existing(sorted(keys)))

COMMENTS = Kind(
    name="comments",
    title_sv="Inlägg i trådar",
    title_en="Contributions to threads",
    key="reference",
    columns=COLUMNS,
    create=_create,
    change=_change,
    existing=_existing,
    rows=_rows,
    refers_as="comment",
    tree="reply_to",
    tree_within="matter",
    check=_check,
)
