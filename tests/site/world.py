# SPDX-License-Identifier: EUPL-1.2
"""A town where every kind of thing exists once for each degree of openness, each marked with words of its own.

The marks are canaries: where one sings to somebody who may not read its matter, something leaks.
"""

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

from django.core.files.base import ContentFile
from django.utils.timezone import now

from helhet.core.text import sensitive
from helhet.foundation.contracts import subscribers
from helhet.foundation.figures.models import Run
from helhet.foundation.goals.models import Goal, Tie
from helhet.foundation.goals.services import write_goal
from helhet.foundation.ledger.services import settle
from helhet.foundation.matters.models import (
    Batch,
    Comment,
    File,
    Follow,
    Link,
    Matter,
    Owner,
    Participant,
    SecretLink,
    Support,
)
from helhet.foundation.notices.models import Notice
from helhet.foundation.people.models import ClaimMapping, Mandate, Membership, User
from helhet.foundation.people.selectors import standing_of
from helhet.foundation.people.services import hash_token, make_token
from helhet.foundation.policy.roles import Role
from helhet.rooms.administration.models import Transfer
from helhet.rooms.calculations import services as calculations
from helhet.rooms.calculations.models import Book, Investment, InvestmentFigure, Scenario
from helhet.rooms.decisions import presenting
from helhet.rooms.decisions import services as bases
from helhet.rooms.decisions.deciding import record_decision
from helhet.rooms.decisions.models import Basis, Decision, FollowUp, Presenting, ReviewComment, Version
from helhet.rooms.sluice.models import Case, Outcome, Sluice, Translation
from tests.people import SYSTEM, Town, matter, person, small_town
from tests.rooms.decisions.making import run_for, write_all

OPENNESS = ("public", "internal", "restricted", "hidden")
READERS = ("anonymous", *Role.values)
SECRET = "hemlig-lank-till-det-oppna-arendet"
BOOK = """# SPDX-License-Identifier: EUPL-1.2
[book]
name = "{name}"
title = {{ sv = "{title}" }}
price_year = 2026
years = [2026, 2027]
discount_rate = "ranta"

[dimensions]
holder = ["kommunen"]

[quantity.ranta]
number = 3.5
unit = "%"
source = "ASEK"

[quantity.pris]
number = 3
unit = "MSEK"
confidence = "assumption"

[quantity.kostnad]
flow = "resource"
payer = "kommunen"
formula = "pris * window(2026; 2027)"
"""


def canary(openness: str, where: str) -> str:
    """A word that stands in one place only."""
    return f"zq{openness}kanarie{where}"


@dataclass
class Things:
    """What exists of one degree of openness."""

    matter: Matter
    file: File
    tie: Tie
    comment: Comment
    outcome: Outcome
    translation: Translation
    run: Run
    basis: Basis
    version: Version
    presenting: Presenting
    decision: Decision
    follow_up: FollowUp
    remark: ReviewComment
    book: Book
    scenario: Scenario


@dataclass
class Kept:
    """What an administrator keeps: an open and a shut account, a role, a mandate, a pair of claim and role, tables."""

    account: User
    shut: User
    role: Membership
    mandate: Mandate
    claim: ClaimMapping
    table_in: Transfer
    table_out: Transfer


@dataclass
class World:
    """The town, what is in it, and one person for each role."""

    town: Town
    people: dict[str, User]
    kept: Kept
    things: dict[str, Things] = field(default_factory=dict)
    figure: Any = None
    keys: dict[str, str] = field(default_factory=dict)


def build() -> World:
    """Everything, and everybody. Those who read have no tie of their own to what they read about."""
    town = small_town()
    write_goal(by=SYSTEM, stable_id="mal-1", kind="plan", title="Levande centrum", source="Översiktsplan")
    Sluice.objects.create(organisation=town.municipality, title="Kommunens sluss")
    homes = {
        "resident": town.public,
        "partner": town.company,
        "researcher": town.university,
        "assessor": town.university,
        "administrator": town.municipality,
    }
    people = {role: person(role, homes.get(role, town.social), name=f"reader-{role}") for role in Role.values}
    world = World(town, people, _kept(town, people["administrator"]))
    for openness in OPENNESS:
        world.things[openness] = _things(town, openness, people["platform_team"])
    shown = world.things["public"].matter
    for openness in OPENNESS[1:]:
        other = world.things[openness].matter
        Link.objects.create(source=shown, target=other, type="synergy_with")
        Link.objects.create(source=other, target=shown, type="hinders")
        for user in people.values():  # followed and told of it while it was still open to them
            Follow.objects.create(matter=other, user=user)
            Support.objects.create(matter=other, user=user)
            Notice.objects.create(user=user, event_uid=uuid4(), verb="matter.commented", matter=other)
        Matter.objects.filter(pk=other.pk).update(follower_count=len(people), support_count=len(people))
    SecretLink.objects.create(matter=shown, token_hash=hash_token(SECRET), expires_at=now() + timedelta(days=1))
    investment = Investment.objects.create(key="bro", name="Bron")
    rivals = {"investment": investment, "unit": "MSEK", "value_kind": "total", "rivalry": "bro"}
    InvestmentFigure.objects.create(key="bro-1", value=1.0, chosen=True, **rivals)
    world.figure = InvestmentFigure.objects.create(key="bro-2", value=2.0, chosen=False, **rivals)
    Sluice.objects.create(organisation=town.technical, title="Tekniska sluss")
    for role, user in people.items():
        world.keys[role] = make_token(by=standing_of(user), user=user, name="Prov", may_write=True)
    settle(subscribers())
    _hide(world.things["hidden"].matter)
    return world


def _kept(town: Town, keeper: User) -> Kept:
    account, shut = person("employee", town.streets, name="oppet"), person("employee", town.streets, name="stangt")
    User.objects.filter(pk=shut.pk).update(is_active=False)
    table = {"kind": "matters", "filename": "arenden.csv", "by": keeper, "blob": ContentFile(b"a", name="a.csv")}
    return Kept(
        account,
        shut,
        role=Membership.objects.create(user=account, organisation=town.group, role="planner"),
        mandate=Mandate.objects.create(group=town.group, purpose="Hålla ihop"),
        claim=ClaimMapping.objects.create(claim="kk-planerare", organisation=town.social, role="planner"),
        table_in=Transfer.objects.create(direction="in", state="checked", report={"rows": 1}, **table),
        table_out=Transfer.objects.create(direction="out", state="done", **table),
    )


def _things(town: Town, openness: str, colleague: User) -> Things:
    def word(where: str) -> str:
        return canary(openness, where)

    found = matter(
        title=f"Kanariefågel {word('title')}",
        text=f"Kanariefågel {word('text')} sjunger vid hållplatsen.",
        place=word("place"),
        themes=word("theme"),
        home_unit=town.technical,
        visibility=openness if openness != "hidden" else "public",
        owners=(town.technical,),
        participants=(town.sami_village,),
        author_label=word("author"),
    )
    assert not sensitive.find(found.text)
    Matter.objects.filter(pk=found.pk).update(number=word("number"), status="banked")
    found = Matter.objects.get(pk=found.pk)
    case = Case.objects.filter(matter=found).first() or Case.objects.create(
        matter=found, sluice=Sluice.objects.get(), due=date(2026, 1, 7)
    )
    assert case.matter_id == found.pk
    comment = Comment.objects.create(matter=found, author_label=word("speaker"), text=word("comment"))
    outcome = Outcome.objects.create(
        matter=found, kind="banked", reason=word("reason"), contact=word("contact"), by_label="X", usable_now=True
    )
    goal = Goal.objects.get(stable_id="mal-1")
    return Things(
        matter=found,
        comment=comment,
        outcome=outcome,
        translation=Translation.objects.create(outcome=outcome, language="fi"),
        tie=Tie.objects.create(
            matter=found, goal=goal, goal_stable_id="mal-1", stance="conflicts", reason=word("stance"), by_label="X"
        ),
        file=File.objects.create(
            matter=found, name=f"{word('file')}.txt", media_type="text/plain", size=4, sha256="0" * 64, state="ok",
            blob=ContentFile(word("content").encode(), name="a.bin"),
        ),
        **_calculated(found, openness, colleague),
        **_decided(town, found, openness),
    )  # fmt: skip


def _calculated(found: Matter, openness: str, colleague: User) -> dict[str, Any]:
    text = BOOK.format(name=f"bok{openness}", title=canary(openness, "book"))
    book = calculations.add_book(by=SYSTEM, path=f"bok{openness}.toml", slug=f"bok-{openness}", text=text)
    calculations.set_state(by=SYSTEM, book=book, state="approved")
    calculations.tie_book(by=SYSTEM, book=book, matter=found)
    scenario = Scenario.objects.create(
        book=book, name_sv=canary(openness, "scenario"), owner=colleague, owner_label="X", shared=True
    )
    return {"book": book, "scenario": scenario}


def _decided(town: Town, found: Matter, openness: str) -> dict[str, Any]:
    run = run_for(SYSTEM, found, title=canary(openness, "run"))
    basis = bases.start_basis(by=SYSTEM, matter=found, title=canary(openness, "basis"), body=town.technical)
    write_all(SYSTEM, basis, run)
    bases.write_section(by=SYSTEM, basis=basis, section="background", text=canary(openness, "background"))
    basis.refresh_from_db()
    version = presenting.present(by=SYSTEM, basis=basis)
    decision = record_decision(
        by=SYSTEM, version=version, body=town.technical, decided_on=date(2026, 1, 7), number=canary(openness, "minutes"),
        reason=canary(openness, "decided"), chosen_mark="B", promise="Bättre.", follow_up_on=date(2026, 2, 9),
    )  # fmt: skip
    remark = ReviewComment.objects.create(
        basis=basis,
        section="question",
        paragraph=0,
        text_hash="0" * 64,
        text=canary(openness, "remark"),
        author_label="X",
    )
    follow_up = decision.follow_ups.get()
    asked = Presenting.objects.create(basis=basis, revision=0, refused=canary(openness, "background"), ended_at=now())
    return {
        "presenting": asked, "run": run, "basis": basis, "version": version, "decision": decision, "follow_up": follow_up, "remark": remark,
    }  # fmt: skip


def _hide(found: Matter) -> None:
    """As if it were in the middle of an import that has not been revealed."""
    found.batch = Batch.objects.create(kind="matters", source_hash="0" * 64)
    found.save(update_fields=["batch"])
    assert Owner.objects.filter(matter=found).exists() and Participant.objects.filter(matter=found).exists()
