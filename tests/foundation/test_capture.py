# SPDX-License-Identifier: EUPL-1.2
"""Somebody leaves a matter."""

import re

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from helhet.foundation.ledger.models import Event
from helhet.foundation.ledger.services import matches_private
from helhet.foundation.matters.models import Matter
from helhet.foundation.matters.numbers import next_number, reach, register_of, take
from helhet.foundation.matters.services import (
    Sensitive,
    capture_matter,
    edit_matter,
    erase_author,
    matter_by_secret,
    title_from,
)
from helhet.foundation.matters.thread import comment
from helhet.foundation.policy import Forbidden, visitor
from tests.foundation.conftest import in_threads
from tests.people import Town, matter, organisation, person, standing, user_of

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db]


def test_one_field_is_enough(town: Town) -> None:
    caretaker = standing("employee", town.streets)
    made = capture_matter(by=caretaker, kind="need", text="Grinden vid skolan hänger snett. Någon kan göra sig illa.")
    assert made.matter.title == "Grinden vid skolan hänger snett"
    assert made.matter.author_label == "Employee, Gatukontoret"
    assert made.matter.number == f"TN {made.matter.created_at.year}/1"
    assert made.matter.visibility == "internal"
    assert made.secret == ""
    assert made.matter.follows.filter(user_id=caretaker.user_id).exists()


def test_the_event_holds_no_words_of_the_writer(town: Town) -> None:
    made = matter(by=standing("employee"), text="En mycket särskild mening")
    event = Event.objects.get(verb="matter.captured")
    assert "särskild" not in str(event.data)
    assert matches_private(event, {"title": made.title, "text": made.text})
    assert not matches_private(event, {"title": made.title, "text": "Något annat"})


def test_an_empty_text_is_asked_for(town: Town) -> None:
    with pytest.raises(ValueError, match="Skriv några ord"):
        capture_matter(by=standing(), kind="idea", text=" \n\t\x00 ")
    assert not Matter.objects.exists()


def test_characters_that_no_database_takes_are_left_out(town: Town) -> None:
    made = capture_matter(by=standing(), kind="idea", title="A\x00B\u202e", text="en\r\ntvå\x00 \ud800tre").matter
    assert (made.title, made.text) == ("AB", "en\ntvå tre")


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"place": "x" * 201}, "högst 200"),
        ({"latitude": 91.0, "longitude": 20.0}, "inte på jorden"),
        ({"latitude": 67.8}, "både latitud och longitud"),
        ({"visibility": "restricted"}, "paragraf"),
        ({"visibility": "everybody"}, "everybody"),
        ({"kind": "wish"}, "wish"),
    ],
)
def test_what_cannot_be_kept_is_said_in_words(town: Town, wrong: dict[str, object], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        capture_matter(by=standing(), **{"kind": "idea", "text": "En idé", **wrong})
    assert not Matter.objects.exists()


def test_personal_data_is_warned_about_before_it_is_saved(town: Town) -> None:
    author = standing()
    text = "Ring 19121212-1212 om hen, som är sjukskriven."
    with pytest.raises(Sensitive) as told:
        capture_matter(by=author, kind="need", text=text)
    assert {finding.kind for finding in told.value.findings} == {"identity_number", "health"}
    assert not Matter.objects.exists()
    made = capture_matter(by=author, kind="need", text=text, confirmed=True).matter
    with pytest.raises(Sensitive):
        edit_matter(by=author, matter=made, title="T", text="Skriv till nagon@example.org")
    with pytest.raises(Sensitive):
        comment(by=author, matter=made, text="070-123 45 67")


def test_anonymous_authors_leave_no_trace_but_their_secret(town: Town) -> None:
    for who in (standing("employee", town.streets), visitor()):
        made = capture_matter(by=who, kind="obstacle", text="Jag vågar inte säga vem jag är.", author_kind="anonymous")
        assert made.matter.author_id is None
        assert made.matter.author_label == "Anonym"
        assert not made.matter.follows.exists()
        event = Event.objects.get(verb="matter.captured", object_id=str(made.matter.pk))
        assert event.actor_key == "visitor"
        assert len(made.secret) > 30
        assert matter_by_secret(made.secret) == made.matter
        assert made.secret not in str(list(made.matter.secret_links.values()))


def test_a_visitor_is_always_anonymous_and_never_named(town: Town) -> None:
    made = capture_matter(by=visitor(), kind="need", text="Bänken är trasig.", author_kind="named")
    assert made.matter.author_kind == "anonymous"
    assert made.secret


def test_a_secret_link_ends(town: Town) -> None:
    made = capture_matter(by=visitor(), kind="need", text="Bänken är trasig.")
    made.matter.secret_links.update(expires_at=made.matter.created_at)
    assert matter_by_secret(made.secret) is None
    assert matter_by_secret("") is None
    assert matter_by_secret("något annat") is None


def test_a_pseudonym_holds_in_the_thread_too(town: Town) -> None:
    author = standing("employee", town.streets)
    made = capture_matter(
        by=author, kind="idea", text="En idé.", author_kind="pseudonym", author_label="Norrsken"
    ).matter
    assert made.author_label == "Norrsken"
    assert made.author_id == author.user_id
    assert comment(by=author, matter=made, text="Jag menar så här.").author_label == "Norrsken"
    assert comment(by=standing("planner"), matter=made, text="Bra!").author_label == "Planner, Kommunen"


def test_others_see_a_role_and_never_a_user_name(town: Town) -> None:
    user = person("employee", town.streets, name="fornamn.efternamn")
    user.role_title = ""
    user.save()
    made = matter(by=standing_again(user))
    assert "fornamn" not in made.author_label
    assert made.author_label == "Anställd, Gatukontoret"


def standing_again(user: object) -> object:
    from helhet.foundation.people.selectors import standing_of

    return standing_of(user)


def test_an_auditor_reads_and_leaves_nothing(town: Town) -> None:
    with pytest.raises(Forbidden, match="revisor"):
        capture_matter(by=standing("auditor"), kind="need", text="En iakttagelse.")


def test_erasing_the_author_leaves_the_matter_and_nothing_of_the_author(town: Town) -> None:
    author = standing("employee", town.streets)
    made = matter(by=author)
    said = comment(by=author, matter=made, text="Det var jag.")
    event = Event.objects.get(verb="matter.captured")
    erase_author(by=standing("administrator"), matter=made)
    made.refresh_from_db()
    said.refresh_from_db()
    event.refresh_from_db()
    assert (made.author_id, made.author_label, made.follower_count) == (None, "Borttagen avsändare", 0)
    assert (said.author_id, said.author_label) == (None, "Borttagen avsändare")
    assert not matches_private(event, {"title": made.title, "text": made.text})
    with pytest.raises(Forbidden):
        erase_author(by=standing("platform_team"), matter=made)


def test_each_register_counts_for_itself_and_by_year(town: Town) -> None:
    assert register_of(town.streets) == "TN"  # keeps no register of its own, stands under one that does
    assert register_of(town.company) == "KN"
    assert [next_number(unit).split("/")[1] for unit in (town.streets, town.technical, town.social)] == ["1", "2", "1"]
    reach("TN", 2020, 7)
    reach("TN", 2020, 3)
    assert take("TN", 2020) == 8
    assert take("TN", 2020, 5) == 9
    assert take("TN", 2020) == 14


def test_units_with_like_names_never_share_a_number(town: Town) -> None:
    near = [organisation(f"socialtjanst-{side}", parent=town.municipality) for side in ("norr", "soder")]
    made = [matter(home_unit=unit).number for unit in near]
    assert len(set(made)) == 2


@pytest.mark.django_db(transaction=True)
def test_registration_numbers_are_never_given_twice() -> None:
    from tests.people import small_town

    town = small_town()
    workers = [standing("employee", town.streets) for _ in range(6)]

    def leave(who: object) -> object:
        return lambda: [capture_matter(by=who, kind="need", text="Samtidigt!").matter.number for _ in range(5)]

    answers = in_threads(*[leave(who) for who in workers])
    assert [a for a in answers if isinstance(a, Exception)] == []
    numbers = [number for answer in answers for number in answer]
    assert sorted(int(re.sub(r".*/", "", n)) for n in numbers) == list(range(1, 31))
    connection.close()


@given(st.text(max_size=400))
@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_every_text_gets_a_title_that_fits(text: str) -> None:
    title = title_from(text)
    assert 1 <= len(title) <= 160
    assert "\n" not in title


def test_user_of_finds_the_account(town: Town) -> None:
    actor = standing()
    assert user_of(actor).actor_key == actor.actor_key
