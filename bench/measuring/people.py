# SPDX-License-Identifier: EUPL-1.2
"""The small tables of a made-up city: organisations, sluices, goals, matters and what hangs on each of them once.

Written with the product's own models, so that a new field with a default needs no change here. The large tables are
written in ``bench/city.py`` with bulk SQL.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta
from random import Random
from typing import Any

from bench.measuring.words import Words

STATUSES = ("answered",) * 26 + ("banked",) * 25 + ("referred",) * 12 + ("declined",) * 12 + ("forward",) * 10
STATUSES += ("ownerless",) * 6 + ("merged",) * 5 + ("new",) * 3 + ("asked",)
KINDS = ("need",) * 35 + ("idea",) * 25 + ("obstacle",) * 15 + ("example",) * 12 + ("signal",) * 10 + ("project",) * 3
VISIBILITIES = ("internal",) * 65 + ("public",) * 30 + ("restricted",) * 5
SUPPORTS = (0, 2, 5, 10, 20, 33, 50, 80, 120, 180)  # mean 50
COMMENTS = (35, 0, 1, 2, 4, 6, 10, 17, 25, 0)  # mean 10
THEMES = ("trafik", "skola", "energi", "omsorg", "bostäder", "trygghet", "digitalt", "klimat")
BATCH = 2000


def organisations(units: int, others: int) -> None:
    """The municipality (id 1), its units (2 … units + 1, two levels) and organisations around it."""
    from helhet.foundation.people.models import Organisation as Org

    made = [Org(id=1, slug="kommunen", kind="unit", name="Kommunen", short="Kommunen", path="/1/", series="KN")]
    top = max(1, units // 10)
    for at in range(units):
        pk = at + 2
        above = 1 if at < top else 2 + at % top
        path = f"/1/{pk}/" if above == 1 else f"/1/{above}/{pk}/"
        made.append(
            Org(
                id=pk,
                slug=f"enhet-{pk}",
                kind="unit",
                name=f"Enhet {pk}",
                short=f"Enhet {pk}",
                parent_id=above,
                path=path,
            )
        )
    kinds = ("company", "association", "university", "authority", "group")
    for at in range(others):
        pk = units + 2 + at
        made.append(Org(id=pk, slug=f"part-{pk}", kind=kinds[at % 5], name=f"Part {pk}", path=f"/{pk}/"))
    Org.objects.bulk_create(made, batch_size=BATCH)


def sluices(count: int) -> None:
    """The municipality's sluice (id 1) and those of the first units."""
    from helhet.rooms.sluice.models import Sluice

    Sluice.objects.bulk_create(
        Sluice(id=at + 1, organisation_id=at + 1, title="Kommunens sluss" if not at else f"Slussen i enhet {at + 1}")
        for at in range(count)
    )


def goals(count: int, words: Words) -> list[str]:
    """A forest of goals, ten parts to each; returns the stable ids."""
    from helhet.foundation.goals.models import Goal

    names = [f"mal-{at}" for at in range(count)]
    Goal.objects.bulk_create(
        (
            Goal(
                id=at + 1,
                stable_id=name,
                kind="plan",
                parent_id_stable=names[at // 10 - 1] if at >= 10 else "",
                title=words.title(),
                text=words.text(10, 20),
                source="Påhittad plan",
                order=at,
            )
            for at, name in enumerate(names)
        ),
        batch_size=BATCH,
    )
    return names


def matters(scale: Any, start: datetime, words: Words) -> None:
    """All matters. Counters are written here, and the large tables filled to fit them."""
    from helhet.foundation.matters.models import Matter, Owner, Participant, Project, Series

    draw = Random(2)
    rows, owners, participants, projects = [], [], [], []
    for pk in range(1, scale.matters + 1):
        rows.append(_matter(pk, scale, start, words, draw))
        if draw.random() < 0.7:
            owners.append(Owner(matter_id=pk, organisation_id=1 + draw.randint(1, scale.units)))
            rows[-1].nobody_owns = False
        if draw.random() < 0.2:
            part = scale.units + 2 + draw.randrange(scale.others)
            participants.append(Participant(matter_id=pk, organisation_id=part, role="partner"))
        if rows[-1].kind == "project":
            projects.append(Project(matter_id=pk, aim=words.text(10, 20)))
    Matter.objects.bulk_create(rows, batch_size=BATCH)
    Owner.objects.bulk_create(owners, batch_size=BATCH)
    Participant.objects.bulk_create(participants, batch_size=BATCH)
    Project.objects.bulk_create(projects, batch_size=BATCH)
    Series.objects.create(code="KN", year=start.year, last=scale.matters + 1)


def _matter(pk: int, scale: Any, start: datetime, words: Words, draw: Random) -> Any:
    from helhet.foundation.matters.models import Matter

    status = "referred" if pk in scale.threads else draw.choice(STATUSES)
    visibility = "internal" if pk in scale.threads else draw.choice(VISIBILITIES)
    left = start - timedelta(seconds=draw.randrange(3 * 365 * 86400))
    followed = min(3, scale.accounts)
    return Matter(
        id=pk,
        uid=matter_uid(pk),
        kind=draw.choice(KINDS),
        title=words.title(),
        text=words.text(),
        status=status,
        number=f"KN {start.year}/{pk}",
        home_unit_id=1 + draw.randint(1, scale.units),
        author_id=1 + (pk * 31) % scale.accounts,
        author_label="Anställd, Kommunen",
        visibility=visibility,
        secrecy_paragraph="19 kap. 3 §" if visibility == "restricted" else "",
        themes=draw.choice(THEMES),
        support_count=(supports := scale.supports_of(pk)),
        support_unit_count=min(supports, scale.units),
        comment_count=scale.comments_of(pk),
        follower_count=followed,
        created_at=left,
        active_at=start - (start - left) * draw.random(),
    )


def matter_uid(pk: int) -> uuid.UUID:
    """The address of a matter, the same in every city."""
    return uuid.UUID(int=(pk << 64) | 0x4000A00000000001)


def answers(start: datetime, words: Words, sluice_count: int) -> None:
    """Cases in the sluices and the outcomes that fit the matters' statuses."""
    from helhet.foundation.matters.models import Matter
    from helhet.rooms.sluice.models import Case, Outcome
    from helhet.rooms.sluice.workdays import add_workdays

    draw = Random(3)
    reasons = [words.text(15, 40) for _ in range(200)]
    waiting = {"new": "us", "asked": "author", "referred": "other", "forward": "other"}
    cases, outcomes = [], []
    known = Matter.objects.exclude(kind="project").order_by("id")
    for pk, status, left in known.values_list("id", "status", "created_at"):
        waits = waiting.get(status, "nobody")
        if waits == "us":
            left = start - timedelta(days=draw.random() * 10)
        reply = None if waits == "us" else left + timedelta(days=draw.random() * 9)
        due = add_workdays(left.date(), 5) if waits == "us" else (start + timedelta(days=draw.randint(-20, 60))).date()
        cases.append(
            Case(matter_id=pk, sluice_id=1 + draw.randrange(sluice_count), waits_for=waits, since=left, due=due,
                 arrived_at=left, first_reply_at=reply)
        )  # fmt: skip
        kind = {"merged": "declined"}.get(status, status)
        if waits not in {"us", "author"}:
            outcomes.append(
                Outcome(matter_id=pk, kind=kind, reason=draw.choice(reasons), contact="Servicecenter", at=reply or left,
                        usable_now=kind == "banked" and draw.random() < 0.5, unit_id=1, by_label="Plattformsteamet")
            )  # fmt: skip
    Case.objects.bulk_create(cases, batch_size=BATCH)
    Outcome.objects.bulk_create(outcomes, batch_size=BATCH)


def ties_and_links(count: int, goal_names: Sequence[str], words: Words) -> None:
    """A third of the matters stand towards a goal; one in ten is tied to another matter."""
    from helhet.foundation.goals.models import Tie
    from helhet.foundation.matters.models import Link

    draw = Random(4)
    reason = words.text(10, 15)
    ties = []
    for pk in range(1, count + 1, 3):
        goal = draw.randrange(len(goal_names))
        stance = draw.choice(("supports",) * 8 + ("unclear", "conflicts"))
        settled = reason if stance == "conflicts" and draw.random() < 0.8 else ""
        ties.append(Tie(matter_id=pk, goal_stable_id=goal_names[goal], goal_id=goal + 1, stance=stance, reason=reason,
                        by_label="Plattformsteamet", settled_reason=settled))  # fmt: skip
    Tie.objects.bulk_create(ties, batch_size=BATCH)
    links = [Link(source_id=pk, target_id=pk - 1, type="synergy_with") for pk in range(10, count + 1, 10)]
    Link.objects.bulk_create(links, batch_size=BATCH)


def index() -> None:
    """What search finds: the same words as the product's own indexing gives."""
    from helhet.foundation.goals.models import Goal
    from helhet.foundation.matters.models import Matter
    from helhet.foundation.search.models import Entry
    from helhet.foundation.search.words import stems

    made = []
    known = Matter.objects.exclude(status="merged").order_by("id")
    for pk, uid, title, text in known.values_list("id", "uid", "title", "text").iterator(chunk_size=BATCH):
        words = " ".join(stems(title) * 2 + stems(text))
        made.append(Entry(kind="matter", object_id=str(pk), matter_id=pk, title=title, excerpt=text[:400],
                          url=f"/arende/{uid}/", words=words))  # fmt: skip
    for goal in Goal.objects.all():
        made.append(Entry(kind="goal", object_id=goal.stable_id, title=goal.title, excerpt=goal.text,
                          url=f"/mal/{goal.stable_id}/", words=" ".join(stems(goal.title) * 2)))  # fmt: skip
    Entry.objects.bulk_create(made, batch_size=BATCH)
