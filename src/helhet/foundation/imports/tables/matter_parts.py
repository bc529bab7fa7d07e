# SPDX-License-Identifier: EUPL-1.2
"""What hangs on imported matters – owners, participants, goals, followers, project, links – in and out."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from decimal import Decimal
from typing import Any

from django.db.models import Count, OuterRef, Prefetch, Subquery
from django.db.models.functions import Coalesce
from django.utils.timezone import now

from helhet.core.tables import parse_number
from helhet.foundation.goals.models import Goal, Tie
from helhet.foundation.imports.kinds import Parsed
from helhet.foundation.imports.tables.matter_columns import PLAIN, PROJECT_DATES, PROJECT_WORDS
from helhet.foundation.imports.tables.organisations import organisations
from helhet.foundation.matters.models import (
    AuthorKind,
    Follow,
    Kind,
    Link,
    Matter,
    Owner,
    Participant,
    Project,
    Support,
)
from helhet.foundation.people.models import Membership, Organisation, User

Pairs = Sequence[tuple[Parsed, Matter]]


def attach(pairs: Pairs, *, anew: bool = False) -> None:
    """Write what hangs on each matter. ``anew`` replaces what is there, for the columns that the row has."""
    slugs = {item[0] for row, _m in pairs for item in row.get("owners", ())}
    slugs |= {item[1] for row, _m in pairs for item in row.get("participants", ())}
    slugs |= {row.get("taken_over_by") for row, _m in pairs}
    known = organisations(slugs)
    if anew:
        _clear(pairs)
    Owner.objects.bulk_create(
        Owner(matter=matter, organisation=known[slug], part=part, since=matter.created_at)
        for row, matter in pairs
        for slug, part in dict.fromkeys(row.get("owners", ()))
    )
    Participant.objects.bulk_create(
        [
            Participant(matter=matter, organisation=known[slug], role=role, share_percent=_share(share))
            for row, matter in pairs
            for role, slug, share in dict.fromkeys(row.get("participants", ()))
        ],
        ignore_conflicts=True,
    )
    _attach_people(pairs)
    _attach_goals(pairs)
    projects = [(row, matter) for row, matter in pairs if matter.kind == Kind.PROJECT]
    if anew:
        for row, matter in projects:
            Project.objects.update_or_create(matter=matter, defaults=_project(row, known))
    else:
        Project.objects.bulk_create(Project(matter=matter, **_project(row, known)) for row, matter in projects)


def _clear(pairs: Pairs) -> None:
    for column, model in (("owners", Owner), ("participants", Participant), ("goals", Tie)):
        spoken_of = [matter.pk for row, matter in pairs if column in row.values]
        model.objects.filter(matter__in=spoken_of).delete()  # type: ignore[attr-defined]  # three models with a matter


def _share(text: str) -> Decimal | None:
    return parse_number(text) if text else None


def _attach_people(pairs: Pairs) -> None:
    """Who supports and who follows. An author follows what they left, unless the row says who follows."""
    pks, home = _accounts(
        {n for row, _m in pairs for column in ("supporters", "followers") for n in row.get(column, ())}
    )
    supports: list[Support] = []
    follows: list[Follow] = []
    for row, matter in pairs:
        supporting = dict.fromkeys(pks[name] for name in row.get("supporters", ()))
        following = dict.fromkeys(pks[name] for name in row.get("followers", ()))
        if matter.author_id and "followers" not in row.values:
            following[matter.author_id] = None
        supports += [Support(matter=matter, user_id=pk, unit_id=home.get(pk)) for pk in supporting]
        follows += [Follow(matter=matter, user_id=pk) for pk in following]
    Support.objects.bulk_create(supports, batch_size=500, ignore_conflicts=True)
    Follow.objects.bulk_create(follows, batch_size=500, ignore_conflicts=True)
    count_people({tie.matter_id for tie in supports} | {tie.matter_id for tie in follows})


def _accounts(names: set[str]) -> tuple[dict[str, int], dict[int, int]]:
    """User name → pk, and pk → home unit."""
    ordered = sorted(names)
    pks: dict[str, int] = {}
    home: dict[int, int] = {}
    for start in range(0, len(ordered), 500):
        found = dict(User.objects.filter(username__in=ordered[start : start + 500]).values_list("username", "pk"))
        homes = Membership.objects.filter(user__in=found.values(), is_home=True)
        pks |= found
        home |= dict(homes.values_list("user", "organisation"))
    return pks, home


def count_people(pks: Collection[int]) -> None:
    """Stored counters of people, set from what is stored."""

    def counted(model: type[Support | Follow], what: Count) -> Coalesce:
        rows = model.objects.filter(matter=OuterRef("pk")).order_by().values("matter").annotate(n=what).values("n")
        return Coalesce(Subquery(rows), 0)

    if pks:
        Matter.objects.filter(pk__in=pks).update(
            support_count=counted(Support, Count("pk")),
            support_unit_count=counted(Support, Count("unit_id", distinct=True)),
            follower_count=counted(Follow, Count("pk")),
        )


def _attach_goals(pairs: Pairs) -> None:
    wanted = {item[1] for row, _m in pairs for item in row.get("goals", ())}
    goals = {goal.stable_id: goal for goal in Goal.objects.filter(stable_id__in=wanted, replaced_at=None)}
    ties = []
    for row, matter in pairs:
        settled = dict(row.get("settled", ()))
        ties += [
            Tie(
                matter=matter,
                goal=goals[goal],
                goal_stable_id=goal,
                stance=stance,
                reason=reason,
                by_label=matter.author_label,
                created_at=matter.created_at,
                settled_reason=settled.get(goal, ""),
                settled_at=now() if goal in settled else None,
            )
            for stance, goal, reason in row.get("goals", ())
        ]
    Tie.objects.bulk_create(ties, ignore_conflicts=True)


def _project(row: Parsed, known: dict[str, Organisation]) -> dict[str, Any]:
    words: dict[str, Any] = {name: row.get(name) for name in PROJECT_WORDS if name in row.values}
    words |= {name: row.values[name] for name in PROJECT_DATES if name in row.values}
    if "taken_over_by" in row.values:
        words["taken_over_by"] = known.get(row.get("taken_over_by"))
    return words


def tie_matters(rows: Iterable[tuple[Parsed, int]], *, anew: bool = False) -> None:
    """Write the links between matters, once all of them are there."""
    linked = [(row, pk) for row, pk in rows if row.get("links") or (anew and "links" in row.values)]
    if anew:
        Link.objects.filter(source__in=[pk for _row, pk in linked]).delete()
    targets = sorted({target for row, _pk in linked for _type, target in row.get("links", ())})
    pks: dict[str, int] = {}
    for start in range(0, len(targets), 500):
        some = targets[start : start + 500]
        named = Matter.objects.filter(reference__in=some).values_list("reference", "pk")
        pks |= {reference: pk for reference, pk in named if reference}
        uids = [key for key in some if key not in pks]
        pks |= (
            {str(uid): pk for uid, pk in Matter.objects.filter(uid__in=uids).values_list("uid", "pk")} if uids else {}
        )
    Link.objects.bulk_create(
        [
            Link(source_id=pk, target_id=pks[target], type=kind)
            for row, pk in linked
            for kind, target in row.get("links", ())
        ],
        batch_size=500,
        ignore_conflicts=True,
    )


def matter_rows(pks: Sequence[int] | None = None) -> Iterator[dict[str, Any]]:
    """Every revealed matter as a row, oldest first; private columns too, the caller leaves them out."""
    found = (
        Matter.objects.revealed()
        .select_related("home_unit", "author", "project__taken_over_by")
        .prefetch_related(
            Prefetch("owners", Owner.objects.select_related("organisation").order_by("pk")),
            Prefetch("participants", Participant.objects.select_related("organisation").order_by("pk")),
            Prefetch("goal_ties", Tie.objects.order_by("pk")),
            Prefetch("links_out", Link.objects.select_related("target").order_by("pk")),
            Prefetch("supports", Support.objects.select_related("user").order_by("pk")),
            Prefetch("follows", Follow.objects.select_related("user").order_by("pk")),
        )
        .order_by("pk")
    )
    found = found if pks is None else found.filter(pk__in=pks)
    for matter in found.iterator(chunk_size=300):
        yield _row(matter)


def reference_of(matter: Matter) -> str:
    """How files speak of a matter: by the reference it came with, else by its uid."""
    return matter.reference or str(matter.uid)


def _row(matter: Matter) -> dict[str, Any]:
    project = getattr(matter, "project", None)
    ties = list(matter.goal_ties.all())
    return {
        **{name: getattr(matter, name) for name in PLAIN},
        **{name: getattr(matter, name) for name in ("number", "kind", "language", "status", "visibility", "released")},
        **{name: getattr(matter, name) for name in ("author_kind", "author_label", "latitude", "longitude")},
        "reference": reference_of(matter),
        "uid": str(matter.uid),
        "unit": matter.home_unit.slug,
        "owners": tuple((o.organisation.slug, o.part) for o in matter.owners.all()),
        "author": _author(matter),
        "themes": tuple(theme for theme in matter.themes.replace(",", " ").split() if theme),
        "participants": tuple(
            (p.role, p.organisation.slug, "" if p.share_percent is None else f"{p.share_percent.normalize():f}")
            for p in matter.participants.all()
        ),
        "supporters": tuple(s.user.username for s in matter.supports.all()),
        "followers": tuple(f.user.username for f in matter.follows.all()),
        "goals": tuple((t.stance, t.goal_stable_id, t.reason) for t in ties),
        "settled": tuple((t.goal_stable_id, t.settled_reason) for t in ties if t.settled_reason),
        "links": tuple((link.type, reference_of(link.target)) for link in matter.links_out.all()),
        "created": matter.created_at,
        "active": matter.active_at,
        **{name: getattr(project, name) if project else None for name in (*PROJECT_DATES, *PROJECT_WORDS)},
        "taken_over_by": project.taken_over_by.slug if project and project.taken_over_by else None,
    }


def _author(matter: Matter) -> str | None:
    return matter.author.username if matter.author and matter.author_kind == AuthorKind.NAMED else None
