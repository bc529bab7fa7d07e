# SPDX-License-Identifier: EUPL-1.2
"""Who may do what. The whole matrix lies in ``golden/policy.csv``; every change to it is read by a person.

After a change that is meant: ``HELHET_GOLDEN=write pytest tests/foundation/test_policy.py``, and read the difference.
"""

import csv
import os
import re
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from helhet import foundation
from helhet.foundation.matters.models import Matter
from helhet.foundation.matters.policy import readable_q
from helhet.foundation.policy import ACTIONS, Standing, can, register, require, system
from helhet.foundation.policy.core import Forbidden
from helhet.foundation.policy.roles import Role
from tests.foundation.matrix import KEEPING, MATTER_ACTIONS, OTHER_ACTIONS, matrix
from tests.people import Town, matter, person, small_town, standing

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db]
GOLDEN = Path(__file__).parent / "golden" / "policy.csv"
Cells = dict[tuple[str, str, str], str]


@pytest.fixture
def rows(town: Town) -> list[list[str]]:
    return matrix(town)


@pytest.fixture(scope="module")
def golden() -> Cells:
    header, *lines = csv.reader(GOLDEN.read_text(encoding="utf-8").splitlines())
    return {
        (line[0], line[1], role): answer for line in lines for role, answer in zip(header[2:], line[2:], strict=True)
    }


def test_the_matrix_is_the_golden_one(rows: list[list[str]]) -> None:
    if os.environ.get("HELHET_GOLDEN") == "write":
        with GOLDEN.open("w", encoding="utf-8", newline="") as out:
            csv.writer(out, lineterminator="\n").writerows(rows)
    kept = list(csv.reader(GOLDEN.read_text(encoding="utf-8").splitlines()))
    changed = [(new, old) for new, old in zip(rows, kept, strict=False) if new != old]
    assert rows == kept, f"first difference: {changed[:1]}"


def test_every_action_of_the_foundation_is_in_the_matrix() -> None:
    folder = Path(foundation.__file__).parent
    registered = {
        name
        for app in ("people", "matters", "goals", "figures", "imports")
        for name in re.findall(r'register\(\s*"([^"]+)"', (folder / app / "policy.py").read_text(encoding="utf-8"))
    }
    assert registered == {*MATTER_ACTIONS, *OTHER_ACTIONS}
    assert registered <= set(ACTIONS)


@pytest.mark.parametrize("action", sorted({*MATTER_ACTIONS, *OTHER_ACTIONS}))
def test_every_rule_has_its_forbidden_twin(golden: Cells, action: str) -> None:
    answers = {answer for (a, _object, _role), answer in golden.items() if a == action}
    only_at_the_top = action in {"import.run", "export.run"}  # no role of the table's stands there; asked for below
    assert ({"no"} if only_at_the_top else {"yes", "no"}) <= answers


def _allowed(golden: Cells, role: str) -> set[tuple[str, str]]:
    return {(action, thing) for (action, thing, who), answer in golden.items() if who == role and answer == "yes"}


def test_nobody_does_anything_to_what_they_may_not_read(golden: Cells) -> None:
    for (action, thing, role), answer in golden.items():
        if answer == "yes" and ("matter.read", thing, role) in golden:
            assert golden["matter.read", thing, role] == "yes", (action, thing, role)


def test_an_auditor_reads_everything_and_changes_nothing(golden: Cells) -> None:
    allowed = _allowed(golden, "auditor")
    assert {thing for action, thing in allowed if action == "matter.read"} == {
        thing for _a, thing, role in golden if role == "auditor" and _a == "matter.read" and thing != "being imported"
    }
    assert {action for action, _thing in allowed} <= {"matter.read", "person.choose", "token.make"}


def test_an_administrator_keeps_accounts_and_not_content(golden: Cells) -> None:
    allowed = _allowed(golden, "administrator")
    assert {thing for action, thing in allowed if action == "matter.read"} == {
        "public",
        "internal – left by me",
        "restricted – left by me",
    }
    assert not {a for a, _t in allowed} & {"matter.steer", "matter.classify", "goal.edit", "figure.keep_run"}
    for role in set(Role.values) - {"administrator"}:
        assert not {*KEEPING, "administration.enter", "import.run"} & {a for a, _t in _allowed(golden, role)}


def test_an_administrator_of_a_unit_keeps_the_unit_and_what_is_below(golden: Cells, town: Town) -> None:
    below = {"my organisation", "below it"}
    for action in KEEPING:
        assert {thing for a, thing in _allowed(golden, "administrator") if a == action} == below
    whole = standing("administrator", town.municipality)
    for action in (*KEEPING, "import.run", "export.run"):
        for thing in (None, town.streets, town.company, town.group):
            assert can(whole, action, thing)
    outside = standing("administrator", town.company)
    assert can(outside, "organisation.edit", town.company)
    for action, thing in (("organisation.edit", town.technical), ("person.edit", None), ("import.run", None)):
        assert not can(outside, action, thing), "the top of a company is not the top of the municipality"


def test_a_researcher_reads_what_is_released_and_no_secrets(golden: Cells) -> None:
    read = {thing for action, thing in _allowed(golden, "researcher") if action == "matter.read"}
    assert "internal – released to research" in read
    assert not {"internal", "restricted", "restricted – released to research"} & read


@pytest.mark.parametrize("role", ["visitor", "resident", "partner", "assessor"])
def test_those_outside_read_what_is_public_and_what_they_take_part_in(golden: Cells, role: str) -> None:
    read = {thing for action, thing in _allowed(golden, role) if action == "matter.read"}
    assert "public" in read
    assert not {"internal", "restricted", "internal – owned by another"} & read
    takes_part = "restricted – my organisation takes part"
    assert (takes_part in read) is (role in {"partner", "assessor"}), "to live here is not to act for the residents"


def test_a_secret_is_for_those_who_need_it_not_for_everybody_who_is_employed_there(golden: Cells) -> None:
    def who(thing: str) -> set[str]:
        return {role for role in Role.values if golden["matter.read", thing, role] == "yes"}

    always = {"platform_team", "auditor"}
    leads = {"unit_manager", "process_leader"}
    answers = leads | {"boundary_spanner", "partner", "assessor"}
    assert who("restricted – owned by my organisation") == always | answers
    assert who("restricted – my organisation takes part") == always | answers
    assert who("restricted – owned below my organisation") == always | leads
    named = set(Role.values) - {"visitor", "resident", "administrator", "researcher"}
    assert who("restricted – owned by a group I am in") == named
    assert who("restricted – a group I am in takes part") == named


def test_what_is_internal_is_still_everybodys_who_works_here_or_takes_part(golden: Cells) -> None:
    for role in ("employee", "economist", "planner", "politician", "researcher"):
        assert golden["matter.read", "internal – my organisation takes part", role] == "yes"


def test_only_the_platform_team_and_auditors_read_every_secret(golden: Cells) -> None:
    assert {role for role in Role.values if golden["matter.read", "restricted", role] == "yes"} == {
        "platform_team",
        "auditor",
    }


def test_who_leads_a_unit_leads_what_is_below_it_too(golden: Cells) -> None:
    below = "restricted – owned below my organisation"
    assert {role for role in Role.values if golden["matter.steer", below, role] == "yes"} == {
        "unit_manager",
        "process_leader",
        "platform_team",
    }


def test_a_visitor_leaves_matters_and_reads_the_public_ones_only(golden: Cells) -> None:
    assert _allowed(golden, "visitor") == {
        ("matter.capture", "–"),
        ("matter.read", "public"),
    }


def test_somebody_with_two_hats_wears_both(town: Town) -> None:
    from helhet.foundation.people.models import Membership
    from helhet.foundation.people.selectors import standing_of

    user = person("auditor", town.municipality)
    Membership.objects.create(user=user, organisation=town.technical, role="planner")
    both = standing_of(user)
    assert can(both, "matter.comment", matter())
    assert can(both, "matter.read", matter(visibility="restricted"))


def test_a_no_comes_with_a_reason_one_can_act_on(town: Town) -> None:
    for role in ("visitor", "resident", "employee", "auditor", "administrator"):
        actor = standing(role)
        for action in (*MATTER_ACTIONS, "goal.edit", "person.edit"):
            decision = can(actor, action, matter(visibility="restricted"))
            if not decision:
                assert len(str(decision.reason)) > 15
                with pytest.raises(Forbidden) as told:
                    require(actor, action, matter(visibility="restricted"))
                assert str(told.value)


def test_helhet_itself_may_and_names_are_registered_once(town: Town) -> None:
    assert can(system(), "matter.classify", matter(visibility="restricted", hidden=True))
    with pytest.raises(ValueError, match="twice"):
        register("matter.read", "igen", lambda actor, obj: can(actor, "matter.read", obj))


# --- the condition and the question say the same -----------------------------------------------------------


@pytest.fixture
def many(town: Town) -> list[Matter]:
    """Matters of every sort: visibility × released × owner × participant, some under import."""
    organisations = [None, town.technical, town.streets, town.company, town.public, town.group]
    for n, visibility in enumerate(["public", "internal", "restricted"] * 12):
        owner, part = organisations[n % 6], organisations[(n // 6) % 6]
        matter(
            visibility=visibility,
            released=n % 2 == 0,
            owners=(owner,) if owner else (),
            participants=(part,) if part else (),
            hidden=n % 11 == 0,
        )
    authors = [person() for _ in range(3)]
    for n, made in enumerate(Matter.objects.order_by("id")[:20]):
        Matter.objects.filter(pk=made.pk).update(author=authors[n % 3])
    return list(
        Matter.objects.select_related("batch", "home_unit").prefetch_related("owners__organisation", "participants")
    )


PLACES = ("municipality", "technical", "streets", "social", "company", "public", "group")


@given(
    held=st.dictionaries(
        st.sampled_from(PLACES), st.sets(st.sampled_from(Role.values), min_size=1, max_size=3), max_size=3
    ),
    author=st.integers(0, 3),
)
@settings(max_examples=250, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_lists_show_exactly_what_may_be_read(many: list[Matter], held: dict[str, set[str]], author: int) -> None:
    town = small_town()
    authors = sorted({m.author_id for m in many if m.author_id})
    places = {getattr(town, place): frozenset(roles) for place, roles in held.items()}
    actor = Standing(
        user_id=authors[author] if author < 3 else None,
        roles=frozenset({"visitor"}).union(*places.values()),
        held={place.pk: roles for place, roles in places.items()},
        paths={place.pk: place.path for place in places},
        kinds={place.pk: place.kind for place in places},
    )
    listed = set(Matter.objects.filter(readable_q(actor)).values_list("pk", flat=True))
    asked = {m.pk for m in many if can(actor, "matter.read", m)}
    assert listed == asked
    assert Matter.objects.filter(readable_q(actor)).count() == len(listed), "no row twice"
    assert set(Matter.objects.filter(readable_q(system())).values_list("pk", flat=True)) == {m.pk for m in many}
