# SPDX-License-Identifier: EUPL-1.2
"""More rows than one short transaction can change wait in parcels, and what was begun is always ended."""

from datetime import date

import pytest

from helhet.foundation.imports import parcels, services
from helhet.foundation.imports.kinds import Parsed
from helhet.foundation.imports.models import Import, Parcel
from helhet.foundation.imports.reading import validate
from helhet.foundation.imports.tables import MATTERS, ORGANISATIONS, PEOPLE
from helhet.foundation.jobs.services import TASKS
from helhet.foundation.ledger.models import Event
from helhet.foundation.matters.models import Matter
from helhet.foundation.matters.selectors import get_matter, links_of
from helhet.foundation.people.models import Organisation, User
from helhet.foundation.people.services import add_organisation
from helhet.foundation.policy import Standing, visitor
from tests.imports.test_import import Killed, matters, table

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db(transaction=True)]
SYSTEM = Standing(system=True)


@pytest.fixture(autouse=True)
def _few_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parcels, "AT_ONCE", 10)
    monkeypatch.setattr(parcels, "ROWS_A_PARCEL", 4)
    monkeypatch.setattr(services, "ROWS_A_PARCEL", 4)
    add_organisation(by=SYSTEM, slug="kommunen", kind="unit", name="Kommunen", series="KN")


def reworded(count: int) -> bytes:
    return matters(count).replace(b"Text", b"Ny text")


def new_texts() -> int:
    return Matter.objects.filter(text__startswith="Ny text").count()


def die_while(name: str, after: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """The process ends when the function of this name is about to run once more than ``after`` times."""
    real, count = getattr(services, name), iter(range(after))

    def dying(*args: object) -> object:
        if next(count, None) is None:
            raise Killed
        return real(*args)

    monkeypatch.setattr(services, name, dying)


def killed_while_changing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fifty matters, of which some say the new thing and some the old."""
    MATTERS(matters(50))
    with monkeypatch.context() as patch:
        die_while("take", 3, patch)
        with pytest.raises(Killed):
            services.run_import(kind=MATTERS, source=reworded(50), chunk=8)
    assert 0 < new_texts() < 50


def test_many_changed_rows_are_changed_each_once() -> None:
    MATTERS(matters(50))
    report = services.run_import(kind=MATTERS, source=reworded(50) + b"\nM51;idea;Ny;Ny text;kommunen;public", chunk=8)
    assert (report.created, report.changed, report.unchanged) == (1, 50, 0)
    assert new_texts() == 51
    assert Event.objects.filter(verb="matter.edited").count() == 50
    assert Event.objects.filter(verb="import.revealed").count() == 2
    assert not Parcel.objects.exists()
    again = services.run_import(kind=MATTERS, source=reworded(50), chunk=8)
    assert (again.created, again.changed, again.unchanged) == (0, 0, 50)


def test_killed_before_the_turning_point_nothing_has_changed(monkeypatch: pytest.MonkeyPatch) -> None:
    MATTERS(matters(50))
    with monkeypatch.context() as patch:
        die_while("_reveal", 0, patch)
        with pytest.raises(Killed):
            services.run_import(kind=MATTERS, source=reworded(50), chunk=8)
    assert Parcel.objects.exists()
    assert new_texts() == 0
    Import.objects.update(beat_at="2020-01-01T00:00Z")
    services.run_import(kind=MATTERS, source=matters(50), chunk=8)
    assert new_texts() == 0
    assert not Parcel.objects.exists()
    assert set(Import.objects.values_list("state", flat=True)) == {"done", "discarded"}


def test_killed_after_it_the_same_file_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    killed_while_changing(monkeypatch)
    report = services.run_import(kind=MATTERS, source=reworded(50), chunk=8)
    assert (report.created, report.changed) == (0, 50)
    assert new_texts() == 50
    assert Event.objects.filter(verb="matter.edited").count() == 50
    assert not services.unfinished()


def test_killed_after_it_another_file_waits_until_the_first_is_in(monkeypatch: pytest.MonkeyPatch) -> None:
    killed_while_changing(monkeypatch)
    with pytest.raises(services.Busy):
        services.run_import(kind=MATTERS, source=matters(1, start=99))
    Import.objects.update(beat_at="2020-01-01T00:00Z")
    services.run_import(kind=MATTERS, source=matters(1, start=99))
    assert new_texts() == 50
    assert Matter.objects.count() == 51


def test_killed_after_it_the_worker_ends_it(monkeypatch: pytest.MonkeyPatch) -> None:
    killed_while_changing(monkeypatch)
    TASKS["imports.go_on"].run()
    assert new_texts() < 50, "whoever works on it may still be alive"
    Import.objects.update(beat_at="2020-01-01T00:00Z")
    TASKS["imports.go_on"].run()
    assert new_texts() == 50
    assert not services.unfinished()


def test_the_worker_does_not_show_what_was_stopped_before(monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        die_while("_reveal", 0, patch)
        with pytest.raises(Killed):
            MATTERS(matters(5))
    Import.objects.update(beat_at="2020-01-01T00:00Z")
    TASKS["imports.go_on"].run()
    assert not Matter.objects.revealed().exists()


def test_a_tree_that_waits_is_put_in_from_the_top_whatever_the_order_of_the_file() -> None:
    rows = [f"u{n};unit;Enhet {n};{f'u{n + 1}' if n % 10 != 9 else 'kommunen'}" for n in range(40)]
    report = services.run_import(kind=ORGANISATIONS, source=table("slug;kind;name;parent", *rows), chunk=7)
    assert (report.created, report.changed) == (40, 0)
    top, bottom = Organisation.objects.get(slug="u9"), Organisation.objects.get(slug="u0")
    assert bottom.path.startswith(top.path)
    assert bottom.path.count("/") == 12
    assert Event.objects.filter(verb="organisation.added").count() == 41


def test_accounts_that_change_keep_their_passwords_and_sleep_when_told() -> None:
    PEOPLE(table("username;title", *(f"p{n};Vaktmästare" for n in range(30))))
    user = User.objects.get(username="p7")
    user.set_password("hemligt")
    user.save()
    services.run_import(
        kind=PEOPLE, source=table("username;title;active", *(f"p{n};Lärare;nej" for n in range(30))), chunk=5
    )
    user.refresh_from_db()
    assert (user.role_title, user.is_active, user.check_password("hemligt")) == ("Lärare", False, True)
    assert not User.objects.filter(is_active=True).exists()


def test_links_are_written_early_and_seen_with_the_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    MATTERS(matters(1))
    linked = table("reference;kind;title;text;unit;visibility;links", "b;idea;B;B;kommunen;public;part_of:M1")
    old = Matter.objects.get(reference="M1")
    with monkeypatch.context() as patch:
        die_while("_reveal", 0, patch)
        with pytest.raises(Killed):
            MATTERS(linked)
    assert old.links_in.count() == 1
    assert not links_of(visitor(), old)
    MATTERS(linked)
    assert old.links_in.count() == 1
    assert len(links_of(visitor(), get_matter(visitor(), str(old.uid)))) == 1


def test_what_a_parcel_holds_comes_back_as_it_was() -> None:
    row = Parsed(7, "a", {"reference": "a", "title": "Snö|\\is", "text": "två\n\nrader", "released": True, "latitude": 67.5,
                          "starts": date(2026, 1, 2), "themes": ("snö", "is"), "owners": (("kommunen", "a:b"),),
                          "place": None})  # fmt: skip
    assert parcels._unpacked(MATTERS, parcels._packed(MATTERS, [row])) == [row]


def test_the_depth_of_a_row_is_how_many_stand_above_it() -> None:
    report = validate(ORGANISATIONS, table("slug;kind;name;parent", "c;unit;C;b", "b;unit;B;a", "a;unit;A;"), "o.csv")
    assert report.depths == {"b": 1, "c": 2}
