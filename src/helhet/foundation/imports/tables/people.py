# SPDX-License-Identifier: EUPL-1.2
"""Accounts and their roles. Passwords never travel: a new account gets one by invitation or by the login provider."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.conf import settings
from django.contrib.auth.hashers import make_password

from helhet.foundation.imports.columns import Column, Part
from helhet.foundation.imports.kinds import LOOKUPS, Kind, Parsed, Placed, Writing
from helhet.foundation.imports.problems import Problem
from helhet.foundation.imports.tables.organisations import organisations
from helhet.foundation.ledger.services import Change, record_all
from helhet.foundation.people.models import Membership, User
from helhet.foundation.policy.roles import Role

COLUMNS = (
    Column("username", "Användarnamn.", "User name.", "key", required=True),
    Column("title", "Roll som andra ser.", "Role that others see.", max_length=120),
    Column("name", "Namn.", "Name.", max_length=150),
    Column("email", "E-post.", "E-mail.", max_length=254),
    Column("language", "Språk.", "Language.", choices=("sv", "en", "se", "fi", "fit")),
    Column(
        "memberships",
        "Organisationer och roller; den första är hemvisten.",
        "Organisations and roles; the first is the home unit.",
        many=True,
        parts=(Part("organisation", refers="organisation"), Part("role", choices=tuple(Role.values))),
    ),
    Column("demo", "Demonstrationskonto.", "Demonstration account.", "flag"),
    Column("active", "Kontot får logga in.", "The account may log in.", "flag"),
)
_FIELDS = {"title": "role_title", "name": "name", "email": "email", "language": "language"}


def _check(rows: Sequence[Parsed]) -> Iterable[Problem]:
    for row in rows:
        if row.get("demo") and not settings.HELHET_DEMO:
            yield Problem(row.number, "demo", "demo")


def _create(rows: Sequence[Parsed], writing: Writing) -> dict[str, int]:
    """Inactive accounts: nobody can log in to one, and nothing shows it, before :func:`_reveal`."""
    locked = make_password(None)
    users = [
        User(
            username=row.key,
            password=locked,
            role_title=row.get("title"),
            name=row.get("name"),
            email=row.get("email"),
            language=row.get("language", "sv"),
            is_demo=bool(row.get("demo")),
            is_active=False,
        )
        for row in rows
    ]
    User.objects.bulk_create(users)
    _join(rows, {user.username: user.pk for user in users})
    record_all(by=writing.by, verb="person.added", changes=[Change(user) for user in users])
    return {user.username: user.pk for user in users}


def _join(rows: Sequence[Parsed], pks: dict[str, int]) -> None:
    known = organisations(item[0] for row in rows for item in row.get("memberships", ()))
    Membership.objects.bulk_create(
        [
            Membership(user_id=pks[row.key], organisation=known[organisation], role=role, is_home=not place)
            for row in rows
            for place, (organisation, role) in enumerate(dict.fromkeys(row.get("memberships", ())))
        ],
        ignore_conflicts=True,
    )


def _change(rows: Placed, writing: Writing) -> None:
    users = User.objects.in_bulk([pk for _row, pk in rows])
    for row, pk in rows:
        user = users[pk]
        for column, name in _FIELDS.items():
            if column in row.values:
                setattr(user, name, row.get(column, "sv" if column == "language" else ""))
        user.is_active = row.get("active", True) if "active" in row.values else user.is_active
        user.save(update_fields=[*_FIELDS.values(), "is_active"])
    given = [(row, pk) for row, pk in rows if "memberships" in row.values]
    Membership.objects.filter(user__in=[pk for _row, pk in given], from_claim=False).delete()
    _join([row for row, _pk in given], {row.key: pk for row, pk in given})
    record_all(by=writing.by, verb="person.changed", changes=[Change(user) for user in users.values()])


def _finish(rows: Placed, writing: Writing) -> None:
    asleep = [pk for row, pk in rows if row.values.get("active") is False]
    for start in range(0, len(asleep), 500):
        User.objects.filter(pk__in=asleep[start : start + 500]).update(is_active=False)


def _existing(keys: Sequence[str]) -> dict[str, int]:
    return dict(User.objects.filter(username__in=keys).values_list("username", "pk"))


def _reveal(pks: Iterable[int]) -> None:
    User.objects.filter(pk__in=pks).update(is_active=True)


def _discard(pks: Sequence[int]) -> None:
    User.objects.filter(pk__in=pks, is_active=False, last_login=None).delete()


def _rows(pks: Sequence[int] | None = None) -> Iterator[dict[str, Any]]:
    wanted = User.objects.all() if pks is None else User.objects.filter(pk__in=pks)
    for user in wanted.prefetch_related("memberships__organisation").order_by("pk").iterator(chunk_size=500):
        held = sorted(user.memberships.all(), key=lambda m: (not m.is_home, m.pk))
        yield {
            "username": user.username,
            **{column: getattr(user, name) for column, name in _FIELDS.items()},
            "memberships": tuple((m.organisation.slug, m.role) for m in held),
            "demo": user.is_demo,
            "active": user.is_active,
        }


LOOKUPS["person"] = lambda keys: set(_existing(list(keys)))

PEOPLE = Kind(
    name="people",
    title_sv="Konton",
    title_en="Accounts",
    key="username",
    columns=COLUMNS,
    create=_create,
    change=_change,
    existing=_existing,
    rows=_rows,
    refers_as="person",
    hidden=True,
    finish_columns=("active",),
    check=_check,
    finish=_finish,
    reveal=_reveal,
    discard=_discard,
)
