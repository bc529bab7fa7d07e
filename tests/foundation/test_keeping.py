# SPDX-License-Identifier: EUPL-1.2
"""Keeping accounts, the tree of units, groups' mandates and what the login provider's groups give."""

from datetime import timedelta

import pytest
from django.utils.timezone import localdate

from helhet.foundation.ledger.models import Event
from helhet.foundation.people import accounts, services
from helhet.foundation.people.models import ClaimMapping, Organisation, User
from helhet.foundation.people.selectors import standing_of
from helhet.foundation.policy import Forbidden, Standing
from tests.people import Town, organisation, person, standing, user_of

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db]


@pytest.fixture
def keeper(town: Town) -> Standing:
    return standing("administrator")


def verbs(*beginnings: str) -> list[str]:
    found = Event.objects.order_by("id").values_list("verb", flat=True)
    return [verb for verb in found if verb.startswith(beginnings)]


def test_a_unit_moves_with_everything_below_and_roles_follow(town: Town, keeper: Standing) -> None:
    winter = organisation("vinter", parent=town.streets)
    old, new = person("unit_manager", town.technical), person("unit_manager", town.social)
    services.move_organisation(by=keeper, organisation=town.streets, parent=town.social)
    winter.refresh_from_db()
    assert winter.path == f"{town.social.path}{town.streets.pk}/{winter.pk}/"
    assert Organisation.objects.get(pk=town.streets.pk).parent == town.social
    assert standing_of(new).has_in(winter.path, "unit_manager")
    assert not standing_of(old).has_in(winter.path, "unit_manager")
    services.move_organisation(by=keeper, organisation=winter, parent=None)
    assert Organisation.objects.get(pk=winter.pk).path == f"/{winter.pk}/"
    assert verbs("organisation.moved") == ["organisation.moved"] * 2


def test_nothing_moves_below_itself_nor_below_a_group(town: Town, keeper: Standing) -> None:
    for place in (town.technical, town.streets):
        with pytest.raises(ValueError, match="under sig själv"):
            services.move_organisation(by=keeper, organisation=town.technical, parent=place)
    for moved, place in ((town.streets, town.group), (town.group, town.streets)):
        with pytest.raises(ValueError, match="grupp"):
            services.move_organisation(by=keeper, organisation=moved, parent=place)
    with pytest.raises(ValueError, match="grupp"):
        services.add_organisation(by=keeper, slug="ny", kind="group", name="Ny", parent=town.technical)
    services.move_organisation(by=keeper, organisation=town.streets, parent=town.technical)
    assert verbs("organisation.") == [], "where it already stands nothing happens"


def test_an_administrator_of_a_unit_keeps_to_it(town: Town) -> None:
    below = standing("administrator", town.technical)
    services.add_organisation(by=below, slug="ny", kind="unit", name="Ny", parent=town.streets)
    user = person("visitor")
    services.add_member(by=below, user=user, organisation=town.streets, role="planner")
    held = services.add_member(by=below, user=user, organisation=town.technical, role="administrator")
    services.end_member(by=below, membership=held)
    for forbidden in (
        lambda: services.add_organisation(by=below, slug="topp", kind="unit", name="Topp"),
        lambda: services.add_organisation(by=below, slug="annan", kind="unit", name="Annan", parent=town.social),
        lambda: services.move_organisation(by=below, organisation=town.streets, parent=town.social),
        lambda: services.edit_organisation(by=below, organisation=town.municipality, name="Min"),
        lambda: services.add_member(by=below, user=user, organisation=town.social, role="planner"),
        lambda: services.add_person(by=below, username="egen"),
        lambda: accounts.close_account(by=below, user=user),
    ):
        with pytest.raises(Forbidden):
            forbidden()


@pytest.mark.parametrize("role", ["platform_team", "boundary_spanner", "auditor"])
def test_roles_that_open_the_whole_house_are_given_from_the_top(town: Town, keeper: Standing, role: str) -> None:
    below, user = standing("administrator", town.technical), person("visitor")
    with pytest.raises(Forbidden):
        services.add_member(by=below, user=user, organisation=town.streets, role=role)
    held = services.add_member(by=keeper, user=user, organisation=town.streets, role=role)
    with pytest.raises(Forbidden):
        services.end_member(by=below, membership=held)
    services.end_member(by=keeper, membership=held)


def test_a_mandate_is_for_groups_and_has_an_end(town: Town, keeper: Standing) -> None:
    today = localdate()
    with pytest.raises(ValueError, match="grupper"):
        services.give_mandate(by=keeper, group=town.technical, purpose="Hålla ihop")
    with pytest.raises(ValueError, match="före början"):
        services.give_mandate(
            by=keeper, group=town.group, purpose="Hålla ihop", since=today, until=today - timedelta(days=1)
        )
    given = services.give_mandate(by=keeper, group=town.group, purpose="Hålla ihop", since=today)
    with pytest.raises(Forbidden):
        services.end_mandate(by=standing("process_leader", town.group), mandate=given, on=today)
    with pytest.raises(ValueError, match="före början"):
        services.end_mandate(by=keeper, mandate=given, on=today - timedelta(days=1))
    assert services.end_mandate(by=keeper, mandate=given, on=today).until == today
    assert verbs("mandate.") == ["mandate.given", "mandate.ended"]


def test_the_first_administrator_comes_from_the_command_line_and_keeps_everything(town: Town) -> None:
    first = User.objects.create_superuser("forsta", "en lang trygg fras")
    second = accounts.edit_person(
        by=standing_of(first), user=person("employee"), name="", email="", role_title="Ny", language="sv"
    )
    assert second.role_title == "Ny"
    assert first.memberships.get().organisation == town.municipality


def test_an_account_is_changed_shut_and_opened(town: Town, keeper: Standing) -> None:
    user = person("planner", town.social, name="kim")
    services.make_token(by=standing_of(user), user=user, name="min")
    words = {"name": "Kim", "email": "kim@kommun.example", "role_title": "Planerare", "language": "fi"}
    for _again in range(2):
        accounts.edit_person(by=keeper, user=user, **words)
    accounts.close_account(by=keeper, user=user)
    with pytest.raises(ValueError, match="stängt"):
        accounts.note_invitation(by=keeper, user=user)
    shut = User.objects.get(pk=user.pk)
    assert (shut.email, shut.role_title, shut.is_active) == ("kim@kommun.example", "Planerare", False)
    assert not shut.api_tokens.exists()
    assert standing_of(shut).roles == {"visitor"}
    accounts.open_account(by=keeper, user=shut)
    assert standing_of(User.objects.get(pk=user.pk)).has("planner"), "roles were asleep"
    assert verbs("person.") == ["person.changed", "person.closed", "person.opened"]
    for refused in (accounts.close_account, accounts.open_account, accounts.note_invitation):
        with pytest.raises(Forbidden):
            refused(by=standing("platform_team"), user=shut)


def test_an_address_is_ones_own_and_nobody_shuts_themselves_out(town: Town, keeper: Standing) -> None:
    person("planner", name="kim", email="kim@kommun.example")
    other = person("planner", name="lo")
    for email, why in (("KIM@kommun.example", "annat konto"), ("inte en adress", "ser inte rätt ut")):
        with pytest.raises(ValueError, match=why):
            accounts.edit_person(by=keeper, user=other, name="", email=email, role_title="", language="sv")
    with pytest.raises(ValueError, match="eget konto"):
        accounts.close_account(by=keeper, user=user_of(keeper))


def test_a_preference_is_ones_own(town: Town, keeper: Standing) -> None:
    actor = standing()
    for _again in range(2):
        services.choose_preferences(by=actor, user=user_of(actor), language="fi", digest_days=7)
    assert [e.data for e in Event.objects.filter(verb="person.preferences_chosen")] == [
        {"fields": ["digest_days", "language"]}
    ]
    with pytest.raises(ValueError):
        services.choose_preferences(by=actor, user=user_of(actor), language="xx", digest_days=1)
    with pytest.raises(Forbidden):
        services.choose_preferences(by=keeper, user=user_of(actor), language="sv", digest_days=1)


def test_what_a_group_of_the_provider_gives_is_data(town: Town, keeper: Standing) -> None:
    for _again in range(2):
        mapping = accounts.map_claim(by=keeper, claim=" kk-planerare ", organisation=town.social, role="planner")
    assert (ClaimMapping.objects.count(), mapping.claim) == (1, "kk-planerare")
    with pytest.raises(Forbidden):
        accounts.map_claim(by=standing("planner"), claim="x", organisation=town.social, role="planner")
    with pytest.raises(Forbidden):
        accounts.unmap_claim(by=standing("administrator", town.social), mapping=mapping)
    accounts.unmap_claim(by=keeper, mapping=mapping)
    assert verbs("claim.") == ["claim.mapped", "claim.unmapped"]
