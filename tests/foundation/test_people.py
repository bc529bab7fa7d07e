# SPDX-License-Identifier: EUPL-1.2
"""Who belongs where, in which role, until when."""

import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils.timezone import localdate

from helhet.foundation.ledger import services as ledger
from helhet.foundation.ledger.models import Event
from helhet.foundation.people import services
from helhet.foundation.people.models import ApiToken, Membership, Organisation, Throttle, User
from helhet.foundation.people.selectors import (
    NoMunicipality,
    members_of,
    municipality,
    organisations_for_choice,
    standing_of,
    standings_of,
)
from helhet.foundation.policy import Forbidden, Standing, can
from tests.foundation.conftest import in_threads
from tests.people import Town, matter, organisation, person, standing, user_of

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db]


@pytest.fixture
def keeper(town: Town) -> Standing:
    return standing("administrator")


def test_where_somebody_stands_is_one_question(town: Town, django_assert_num_queries: Callable[..., Any]) -> None:
    user = person("economist", town.streets)
    Membership.objects.create(user=user, organisation=town.group, role="process_leader")
    with django_assert_num_queries(1):
        actor = standing_of(user)
        assert standing_of(user) is actor
    assert actor.roles == {"visitor", "economist", "process_leader"}
    assert actor.label == "Economist, Gatukontoret"
    assert actor.organisation_ids == {town.streets.pk, town.group.pk}
    assert actor.home_unit_id == town.streets.pk
    users = [person("employee", town.social) for _ in range(5)]
    with django_assert_num_queries(1):
        assert len(standings_of(users)) == 5


def test_a_role_reaches_below_and_not_above_nor_beside(town: Town) -> None:
    leader = standing("unit_manager", town.technical)
    assert leader.has_in(town.technical.path, "unit_manager")
    assert leader.has_in(town.streets.path, "unit_manager", "planner")
    assert not leader.has_in(town.municipality.path, "unit_manager")
    assert not leader.has_in(town.social.path, "unit_manager")
    assert not leader.has_in(town.streets.path, "planner")
    assert not leader.has_in("", "unit_manager")


def test_a_place_in_the_tree_that_is_missing_opens_nothing() -> None:
    nowhere = Standing(
        user_id=1, roles=frozenset({"unit_manager"}), held={5: frozenset({"unit_manager"})}, paths={5: ""}
    )
    assert not nowhere.has_in("/1/", "unit_manager")


def test_paths_do_not_mix_up_1_and_10() -> None:
    actor = Standing(user_id=1, held={1: frozenset({"unit_manager"})}, paths={1: "/1/"})
    assert not actor.has_in("/10/2/", "unit_manager")


def test_memberships_last_as_long_as_they_are_given(town: Town) -> None:
    today = localdate()
    spans = {
        "always": (None, None, True),
        "until today": (None, today, True),
        "from today": (today, None, True),
        "until yesterday": (None, today - timedelta(days=1), False),
        "from tomorrow": (today + timedelta(days=1), None, False),
    }
    for name, (since, until, expected) in spans.items():
        user = person("visitor")
        Membership.objects.create(user=user, organisation=town.social, role="planner", since=since, until=until)
        assert standing_of(user).has("planner") is expected, name


def test_a_closed_organisation_and_a_closed_account_hold_no_roles(town: Town) -> None:
    user = person("planner", town.social)
    Organisation.objects.filter(pk=town.social.pk).update(closed_at=localdate())
    assert not standing_of(user).has("planner")
    assert town.social not in organisations_for_choice()
    other = person("planner", town.streets)
    other.is_active = False
    assert standing_of(other).roles == {"visitor"}
    assert standing_of(None).roles == {"visitor"}


def test_organisations_stand_in_a_tree(town: Town, keeper: Standing) -> None:
    below = services.add_organisation(by=keeper, slug="vinter", kind="unit", name="Vinter", parent=town.streets)
    assert below.path == f"{town.streets.path}{below.pk}/"
    assert organisation("utan-tjanst").path.endswith("/"), "however it is made"
    services.edit_organisation(by=keeper, organisation=below, name="Vinterväghållning", closed_at=localdate())
    for kept in ("slug", "parent", "path", "pk", "memberships"):
        with pytest.raises(ValueError, match="kept for life"):
            services.edit_organisation(by=keeper, organisation=below, **{kept: "x"})
    with pytest.raises(ValueError, match="redan"):
        services.add_organisation(by=keeper, slug="vinter", kind="unit", name="Vinter")
    with pytest.raises(ValueError):
        services.add_organisation(by=keeper, slug="stjarnan", kind="star", name="Stjärnan")
    with pytest.raises(ValueError, match="högst 160"):
        services.add_organisation(by=keeper, slug="lang", kind="unit", name="x" * 161)
    with pytest.raises(Forbidden):
        services.add_organisation(by=standing("unit_manager"), slug="egen", kind="unit", name="Egen")
    assert municipality() == town.municipality


def test_the_municipality_is_founded_by_loading_and_never_by_reading(db: None) -> None:
    with pytest.raises(NoMunicipality):
        municipality()
    assert not Organisation.objects.exists()
    keeper = Standing(system=True)
    founded = services.found_municipality(by=keeper)
    assert municipality() == services.found_municipality(by=keeper) == founded
    assert Event.objects.filter(verb="organisation.added").count() == 1


def test_a_group_has_its_mandate_from_somebody_for_something(town: Town, keeper: Standing) -> None:
    mandate = services.give_mandate(by=keeper, group=town.group, purpose="Hålla ihop", given_by=town.municipality)
    assert list(town.group.mandates.all()) == [mandate]
    event = Event.objects.get(verb="mandate.given")
    assert ledger.matches_private(event, {"purpose": "Hålla ihop"})


def test_roles_are_given_prolonged_and_taken_back(town: Town, keeper: Standing) -> None:
    user = services.add_person(by=keeper, username="ny", role_title="Planerare")
    with pytest.raises(ValueError, match="redan ett konto"):
        services.add_person(by=keeper, username="ny")
    give = {"by": keeper, "user": user, "organisation": town.social, "role": "planner"}
    yesterday = localdate() - timedelta(days=1)
    ended = services.add_member(**give, until=yesterday, is_home=True)
    assert services.add_member(**give, until=yesterday) == ended
    assert not standing_of(User.objects.get(pk=user.pk)).has("planner")
    services.add_member(**give)
    assert standing_of(User.objects.get(pk=user.pk)).has("planner")
    assert user.memberships.get().is_home, "what is not said is not changed"
    services.add_member(**give, until=yesterday, from_claim=True)
    assert user.memberships.get().until is None, "a claim does not change what was given by hand"
    assert list(members_of(town.social.pk, "planner")) == [user]
    assert list(members_of(town.social.pk, "economist")) == []
    services.end_member(by=keeper, membership=user.memberships.get())
    assert not user.memberships.exists()
    verbs = Event.objects.filter(verb__startswith="member.").order_by("id").values_list("verb", flat=True)
    assert list(verbs) == ["member.added", "member.changed", "member.ended"]
    with pytest.raises(Forbidden):
        services.add_member(**{**give, "by": standing("platform_team")})


def test_an_erased_person_cannot_be_found_from_the_ledger(town: Town, keeper: Standing) -> None:
    actor = standing("employee", town.streets, name="namn.namnsson", email="n@kommun.example")
    about = matter(by=actor)
    user = user_of(actor)
    services.make_token(by=actor, user=user, name="min")
    services.erase_person(by=keeper, user=user)
    user.refresh_from_db()
    assert "namn" not in f"{user.username}{user.name}{user.email}{user}"
    assert not User.objects.filter(
        actor_key=Event.objects.get(object_id=str(about.pk), verb="matter.captured").actor_key
    )
    assert not user.has_usable_password()
    assert not ApiToken.objects.exists()
    assert standing_of(user).roles == {"visitor"}
    ledger.seal()
    assert ledger.verify().whole


def test_a_key_to_the_api_is_made_for_oneself_and_kept_as_a_hash(town: Town) -> None:
    actor = standing()
    token = services.make_token(by=actor, user=user_of(actor), name="skript", days=7)
    kept = ApiToken.objects.get()
    assert kept.token_hash == services.hash_token(token)
    assert token not in str(kept.__dict__)
    assert not kept.may_write
    with pytest.raises(Forbidden):
        services.make_token(by=standing("administrator"), user=user_of(actor), name="annans")


# --- bounded actions ---------------------------------------------------------------------------------------


def test_too_often_is_too_often_until_the_window_ends(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    moment = 1_000_000_000.0
    monkeypatch.setattr(time, "time", lambda: moment)
    for _ in range(3):
        services.throttle("search:1", limit=3, per_s=60)
    with pytest.raises(services.TooMany, match="Vänta 20 sekunder") as told:
        services.throttle("search:1", limit=3, per_s=60)
    assert told.value.wait_s == 20
    services.throttle("search:2", limit=3, per_s=60)
    moment += told.value.wait_s
    services.throttle("search:1", limit=3, per_s=60)
    assert "search" not in str(list(Throttle.objects.values())), "who asked is not kept in clear text"


@pytest.mark.django_db(transaction=True)
def test_the_count_holds_across_connections() -> None:
    def use() -> int:
        passed = 0
        for _ in range(5):
            try:
                services.throttle("capture:somebody", limit=12, per_s=86_400)
                passed += 1
            except services.TooMany:
                continue
        return passed

    answers = in_threads(*[use] * 6)
    assert [a for a in answers if isinstance(a, Exception)] == []
    assert sum(answers) == 12


def test_old_counts_are_forgotten(db: None) -> None:
    services.throttle("a", limit=1, per_s=60)
    services.throttle("a", limit=1, per_s=3600)
    services.tidy_throttles()
    assert Throttle.objects.count() == 2
    Throttle.objects.filter(key__startswith="60:").update(window=5)
    services.tidy_throttles()
    assert [row.key.split(":")[0] for row in Throttle.objects.all()] == ["3600"]


def test_asking_policy_about_something_unknown_is_never_a_yes(town: Town) -> None:
    with pytest.raises(KeyError):
        can(standing("platform_team"), "matter.raed")
