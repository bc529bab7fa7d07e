# SPDX-License-Identifier: EUPL-1.2
"""Goals have versions and sources; matters stand for or against them; the view can be turned around."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from helhet.foundation.goals import selectors
from helhet.foundation.goals.models import Goal, Tie
from helhet.foundation.goals.services import settle, tie, write_goal
from helhet.foundation.ledger.models import Event
from helhet.foundation.matters.services import Sensitive
from helhet.foundation.policy import Forbidden, Standing
from tests.people import Town, matter, standing

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db]


@pytest.fixture
def planner(town: Town) -> Standing:
    return standing("planner")


def goal(by: Standing, stable_id: str, **details: object) -> Goal:
    words = {"kind": "plan", "title": f"Målet {stable_id}", "source": "Planen s. 4", **details}
    return write_goal(by=by, stable_id=stable_id, **words)


def test_a_goal_keeps_its_id_through_its_versions(planner: Standing) -> None:
    first = goal(planner, "klimat")
    assert goal(planner, "klimat") == first, "the same words again change nothing"
    second = goal(planner, "klimat", title="Noll utsläpp 2035")
    assert [g.version for g in Goal.objects.order_by("version")] == [1, 2]
    assert list(selectors.current_goals()) == [second]
    assert Event.objects.filter(verb="goal.written").count() == 2


def test_a_goal_without_source_is_refused_and_so_is_a_circle(planner: Standing) -> None:
    with pytest.raises(ValueError, match="var målet står"):
        goal(planner, "klimat", source="  ")
    goal(planner, "topp")
    goal(planner, "mitt", parent="topp")
    goal(planner, "botten", parent="mitt")
    for parent in ("botten", "topp"):
        with pytest.raises(ValueError, match="under sig självt"):
            goal(planner, "topp", parent=parent)
    goal(planner, "tidigt", parent="kommer-senare")


def test_goals_are_written_by_planners_and_not_by_keepers_of_accounts(planner: Standing) -> None:
    for role in ("employee", "administrator", "auditor", "researcher"):
        with pytest.raises(Forbidden):
            goal(standing(role), "klimat")


def test_a_tie_has_a_reason_and_there_is_one_a_goal(planner: Standing) -> None:
    about, climate = matter(), goal(planner, "klimat")
    with pytest.raises(ValueError, match="varför"):
        tie(by=planner, matter=about, goal=climate, stance="supports", reason=" ")
    with pytest.raises(ValueError):
        tie(by=planner, matter=about, goal=climate, stance="loves", reason="Bra")
    with pytest.raises(Forbidden):
        tie(by=standing(), matter=about, goal=climate, stance="supports", reason="Bra")
    tie(by=planner, matter=about, goal=climate, stance="supports", reason="Mindre utsläpp")
    tie(by=planner, matter=about, goal=climate, stance="unclear", reason="Beror på elen")
    assert [(t.stance, t.reason) for t in selectors.ties_of(about)] == [("unclear", "Beror på elen")]


def test_personal_data_in_a_reason_is_asked_about(planner: Standing, town: Town) -> None:
    about, climate = matter(owners=(town.technical,)), goal(planner, "klimat")
    manager, words = standing("unit_manager", town.technical), "Sökanden är sjukskriven sedan maj."
    told = {"by": planner, "matter": about, "goal": climate, "stance": "conflicts", "reason": words}
    with pytest.raises(Sensitive):
        tie(**told)
    clash = tie(**told, confirmed=True)
    with pytest.raises(Sensitive):
        settle(by=manager, tie=clash, reason=words)
    assert settle(by=manager, tie=clash, reason=words, confirmed=True).settled_reason == words


def test_a_conflict_is_settled_once_weighed_and_opens_again_with_a_new_view(planner: Standing, town: Town) -> None:
    about, climate = matter(owners=(town.technical,)), goal(planner, "klimat")
    clash = tie(by=planner, matter=about, goal=climate, stance="conflicts", reason="Mer trafik")
    assert list(selectors.unsettled(planner)) == [clash]
    manager = standing("unit_manager", town.technical)
    with pytest.raises(Forbidden):
        settle(by=planner, tie=clash, reason="Vägt")
    with pytest.raises(ValueError, match="vägts"):
        settle(by=manager, tie=clash, reason="")
    settle(by=manager, tie=clash, reason="Tillgängligheten väger tyngre.")
    assert list(selectors.unsettled(planner)) == []
    tie(by=planner, matter=about, goal=climate, stance="conflicts", reason="Ännu mer trafik")
    assert len(selectors.unsettled(planner)) == 1
    supporting = tie(by=planner, matter=about, goal=climate, stance="supports", reason="Ändrat")
    with pytest.raises(ValueError, match="Bara en krock"):
        settle(by=manager, tie=supporting, reason="Vägt")


def test_goals_nobody_acts_on_depend_on_what_one_may_read(planner: Standing, town: Town) -> None:
    goal(planner, "topp")
    served, idle = goal(planner, "a", parent="topp"), goal(planner, "b", parent="topp")
    secret = matter(visibility="restricted", owners=(town.municipality,))
    tie(by=standing("platform_team"), matter=secret, goal=served, stance="supports", reason="Ja")
    team = standing("platform_team")
    assert selectors.unserved(team) == [idle]
    assert selectors.unserved(standing("resident", town.public)) == [served, idle]
    (top,) = selectors.tree(team)
    assert [(b.goal.stable_id, b.supports) for b in top.children] == [("a", 1), ("b", 0)]
    assert top.acted_on
    assert not selectors.tree(standing("resident", town.public))[0].acted_on


def test_the_tree_costs_the_same_whatever_its_size(planner: Standing) -> None:
    costs = []
    for size in (10, 200):
        Goal.objects.bulk_create(
            Goal(stable_id=f"mal-{size}-{n}", kind="plan", title=str(n), source="s", parent_id_stable="")
            for n in range(size)
        )
        about = matter()
        Tie.objects.bulk_create(
            Tie(matter=about, goal=g, goal_stable_id=g.stable_id, stance="supports", reason="r", by_label="x")
            for g in Goal.objects.filter(stable_id__startswith=f"mal-{size}-")
        )
        with CaptureQueriesContext(connection) as queries:
            selectors.tree(planner)
        costs.append(len(queries))
    assert costs == [2, 2]
