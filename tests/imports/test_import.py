# SPDX-License-Identifier: EUPL-1.2
"""A table is read in whole or not at all, and the same table again changes nothing."""

from collections.abc import Iterable
from typing import Any

import pytest

from helhet.foundation.goals.models import Goal
from helhet.foundation.imports import services
from helhet.foundation.imports.kinds import Parsed
from helhet.foundation.imports.models import Import, ImportedRow
from helhet.foundation.imports.problems import MESSAGES, Report
from helhet.foundation.imports.tables import COMMENTS, GOALS, MATTERS, ORGANISATIONS, PEOPLE
from helhet.foundation.imports.tables.mandates import MANDATES
from helhet.foundation.ledger.models import Event
from helhet.foundation.matters.models import Batch, Comment, Matter
from helhet.foundation.matters.selectors import readable
from helhet.foundation.people.models import Organisation, User
from helhet.foundation.people.services import add_organisation
from helhet.foundation.policy import Forbidden, Standing, visitor

pytestmark = pytest.mark.django_db
SYSTEM = Standing(system=True)


def table(header: str, *rows: str) -> bytes:
    return "\n".join([header, *rows]).encode()


def matters(count: int, start: int = 1) -> bytes:
    rows = (f"M{n};idea;Rubrik {n};Text {n};kommunen;public" for n in range(start, start + count))
    return table("reference;kind;title;text;unit;visibility", *rows)


def codes(report: Report) -> list[tuple[int | None, str, str]]:
    return [(problem.row, problem.column, problem.code) for problem in report.problems]


@pytest.fixture(autouse=True)
def _municipality() -> None:
    add_organisation(by=SYSTEM, slug="kommunen", kind="unit", name="Kommunen", series="KN")


def test_matters_are_numbered_told_and_shown() -> None:
    report = MATTERS(matters(7), filename="idéer.csv")
    assert (report.rows, report.created, report.problem_count) == (7, 7, 0)
    assert readable(visitor()).count() == 7
    assert len(set(Matter.objects.values_list("number", flat=True))) == 7
    assert Event.objects.filter(verb="matter.captured").count() == 7
    assert Event.objects.filter(verb="import.revealed").count() == 1
    assert report.text("sv") == "idéer.csv: 7 rader, 7 nya, 0 ändrade, 0 oförändrade."
    assert report.text("en") == "idéer.csv: 7 rows, 7 new, 0 changed, 0 unchanged."


def test_the_same_file_again_changes_nothing() -> None:
    MATTERS(matters(5))
    events = Event.objects.count()
    report = MATTERS(matters(5))
    assert (report.created, report.changed, report.unchanged) == (0, 0, 5)
    assert Event.objects.count() == events


def test_a_later_change_by_hand_is_not_undone_by_the_same_file() -> None:
    MATTERS(matters(1))
    Matter.objects.update(title="Ändrad för hand")
    MATTERS(matters(1))
    assert Matter.objects.get().title == "Ändrad för hand"


def test_a_row_that_reads_differently_changes_its_matter_only() -> None:
    MATTERS(matters(3))
    before = Matter.objects.get(reference="M1")
    report = MATTERS(matters(3).replace(b"Text 2", b"Ny text"))
    assert (report.created, report.changed, report.unchanged) == (0, 1, 2)
    assert Matter.objects.get(reference="M2").text == "Ny text"
    assert Matter.objects.get(reference="M1").active_at == before.active_at
    assert Matter.objects.count() == 3


def test_nothing_is_written_when_one_row_is_wrong() -> None:
    report = MATTERS(matters(250).replace(b"M249;idea", b"M249;wish"), filename="f.csv")
    assert codes(report) == [(250, "kind", "choice")]
    assert not Matter.objects.exists()
    assert not Import.objects.exists()
    assert "rad 250, kolumn kind: ”wish” går inte att välja. Skriv något av: need, idea" in report.text("sv")
    assert "row 250, column kind: “wish” is no choice." in report.text("en")


CASES = [
    ("reference;kind;title;text;unit", ";idea;T;X;kommunen", "reference", "required"),
    ("reference;kind;title;unit", "a;idea;T;kommunen", "text", "column_missing"),
    ("reference;kind;title;text;unit;knid", "a;idea;T;X;kommunen;y", "knid", "column_unknown"),
    ("reference;kind;title;text;unit", "a;idea;T;X\x07;kommunen", "text", "control"),
    ("reference;kind;title;text;unit", f"a;idea;{'T' * 161};X;kommunen", "title", "long"),
    ("reference;kind;title;text;unit", "a b;idea;T;X;kommunen", "reference", "key"),
    ("reference;kind;title;text;unit", "a;idea;T;X;nowhere", "unit", "unknown_reference"),
    ("reference;kind;title;text;unit;latitude;longitude", "a;idea;T;X;kommunen;norr;20", "latitude", "number"),
    ("reference;kind;title;text;unit;latitude;longitude", "a;idea;T;X;kommunen;167,8;20", "latitude", "range"),
    ("reference;kind;title;text;unit;latitude;longitude", "a;idea;T;X;kommunen;67,85;", "longitude", "place_half"),
    (
        "reference;kind;title;text;unit;latitude;longitude",
        "a;idea;T;X;kommunen;20,30;67,85",
        "latitude",
        "place_outside",
    ),
    ("reference;kind;title;text;unit;created", "a;idea;T;X;kommunen;31/12", "created", "date"),
    ("reference;kind;title;text;unit;released", "a;idea;T;X;kommunen;kanske", "released", "flag"),
    ("reference;kind;title;text;unit;goals", "a;idea;T;X;kommunen;supports:gm", "goals", "parts"),
    ("reference;kind;title;text;unit;goals", "a;idea;T;X;kommunen;likes:gm:x", "goals", "choice"),
    ("reference;kind;title;text;unit;goals", "a;idea;T;X;kommunen;supports:gm:x", "goals", "unknown_reference"),
    (
        "reference;kind;title;text;unit;participants",
        "a;idea;T;X;kommunen;funder:kommunen:halva",
        "participants",
        "number",
    ),
    ("reference;kind;title;text;unit;participants", "a;idea;T;X;kommunen;funder:kommunen:101", "participants", "range"),
    ("reference;kind;title;text;unit;visibility", "a;idea;T;X;kommunen;restricted", "secrecy_paragraph", "paragraph"),
    ("reference;kind;title;text;unit;links", "a;idea;T;X;kommunen;part_of:a", "links", "own_link"),
    ("reference;kind;title;text;unit;starts;ends", "a;project;T;X;kommunen;2020-01-02;2020-01-01", "ends", "period"),
]


@pytest.mark.parametrize(("header", "row", "column", "code"), CASES, ids=[f"{case[2]}-{case[3]}" for case in CASES])
def test_a_fault_is_named_by_row_and_column(header: str, row: str, column: str, code: str) -> None:
    report = MATTERS(table(header, row))
    assert (column, code) in {(problem.column, problem.code) for problem in report.problems}
    assert not Matter.objects.exists()
    for problem in report.problems:
        for language in ("sv", "en"):
            said = problem.message(language)
            assert said.endswith(".")
            assert "{" not in said


def test_faults_across_rows_and_tables(settings: Any) -> None:
    settings.HELHET_DEMO = False
    twice = MATTERS(table("reference;kind;title;text;unit", "a;idea;T;X;kommunen", "a;idea;T;X;kommunen"))
    assert codes(twice) == [(3, "reference", "twice")]
    loop = ORGANISATIONS(table("slug;kind;name;parent", "a;unit;A;a"))
    assert codes(loop) == [(2, "parent", "loop")]
    MATTERS(matters(2))
    threads = COMMENTS(table("reference;matter;text;reply_to", "1;M1;Hej;", "2;M2;Svar;1"))
    assert codes(threads) == [(3, "reply_to", "thread")]
    taken = Matter.objects.get(reference="M1").number
    number = MATTERS(table("reference;kind;title;text;unit;number", f"b;idea;T;X;kommunen;{taken}"))
    assert codes(number) == [(2, "number", "number_taken")]
    assert codes(PEOPLE(table("username;demo", "a;ja"))) == [(2, "demo", "demo")]
    assert codes(ORGANISATIONS(table("slug;kind;name;parent", "kommunen;unit;K;", "b;unit;B;"))) == []
    assert codes(ORGANISATIONS(table("slug;kind;name;parent", "g;group;G;kommunen"))) == [(2, "parent", "group_place")]
    mandate = MANDATES(table("reference;group;purpose", "m;kommunen;Hålla ihop"))
    assert codes(mandate) == [(2, "group", "no_group")]
    assert codes(ORGANISATIONS(table("slug;kind;name;parent", "kommunen;unit;K;b"))) == [(2, "parent", "place_kept")]
    assert codes(MATTERS(b"")) == [(None, "", "table")]


def test_a_circle_of_parents_is_a_fault_and_not_a_crash() -> None:
    report = ORGANISATIONS(table("slug;kind;name;parent", "a;unit;A;b", "b;unit;B;a"))
    assert {code for _row, _column, code in codes(report)} == {"loop"}
    assert Organisation.objects.count() == 1


def test_every_message_has_two_languages() -> None:
    assert all(swedish != english or code == "table" for code, (swedish, english) in MESSAGES.items())


def test_personal_data_is_warned_of_but_the_owner_decides() -> None:
    report = MATTERS(table("reference;kind;title;text;unit", "a;idea;T;Ring 070-123 45 67;kommunen"))
    assert report.ok
    assert [(warning.row, warning.column) for warning in report.warnings] == [(2, "text")]


def test_policy_is_asked() -> None:
    with pytest.raises(Forbidden):
        MATTERS(matters(1), by=visitor())


class Killed(BaseException):
    """Stands for the end of the process: nothing catches it."""


def die_after(chunks: int, monkeypatch: pytest.MonkeyPatch) -> None:
    note, count = services._note, iter(range(chunks))

    def dying(*args: object) -> None:
        if next(count, None) is None:
            raise Killed
        note(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(services, "_note", dying)


@pytest.mark.django_db(transaction=True)
def test_killed_midway_nothing_is_seen_and_the_same_file_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        die_after(2, patch)
        with pytest.raises(Killed):
            services.run_import(kind=MATTERS, source=matters(50), chunk=10)
    assert Matter.objects.count() == 20
    assert readable(visitor()).count() == 0
    assert not Matter.objects.revealed().exists()
    report = services.run_import(kind=MATTERS, source=matters(50), chunk=10)
    assert (report.created, report.unchanged) == (50, 0)
    assert readable(visitor()).count() == Matter.objects.count() == 50
    assert Event.objects.filter(verb="matter.captured").count() == 50
    assert not services.unfinished()


@pytest.mark.django_db(transaction=True)
def test_another_file_clears_away_what_was_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        die_after(2, patch)
        with pytest.raises(Killed):
            services.run_import(kind=MATTERS, source=matters(50), chunk=10)
    with pytest.raises(services.Busy):
        services.run_import(kind=MATTERS, source=matters(5, start=41))
    Import.objects.update(beat_at="2020-01-01T00:00Z")
    services.run_import(kind=MATTERS, source=matters(5, start=41))
    assert sorted(Matter.objects.values_list("reference", flat=True)) == [f"M{n}" for n in range(41, 46)]
    assert readable(visitor()).count() == 5
    assert ImportedRow.objects.count() == 5
    assert set(Import.objects.values_list("state", flat=True)) == {"done", "discarded"}


@pytest.mark.django_db(transaction=True)
def test_killed_in_the_last_step_nothing_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    def dying(*args: object) -> None:
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(services, "_close", dying)
        with pytest.raises(Killed):
            MATTERS(matters(5))
        with pytest.raises(Killed):
            ORGANISATIONS(table("slug;kind;name", "ny;company;Ny"))
    assert readable(visitor()).count() == 0
    assert not Organisation.objects.filter(slug="ny").exists()
    MATTERS(matters(5))
    ORGANISATIONS(table("slug;kind;name", "ny;company;Ny"))
    assert readable(visitor()).count() == 5
    assert Organisation.objects.filter(slug="ny").exists()


@pytest.mark.django_db(transaction=True)
def test_a_run_that_is_overtaken_stops(monkeypatch: pytest.MonkeyPatch) -> None:
    create = MATTERS.create

    def overtaken(rows: list[Parsed], writing: object) -> dict[str, int]:
        Import.objects.update(runner="another")
        return create(rows, writing)  # type: ignore[arg-type]

    object.__setattr__(MATTERS, "create", overtaken)
    try:
        with pytest.raises(services.Overtaken):
            services.run_import(kind=MATTERS, source=matters(25), chunk=10)
    finally:
        object.__setattr__(MATTERS, "create", create)
    assert Matter.objects.count() == 10
    assert readable(visitor()).count() == 0


def test_accounts_stay_asleep_until_all_are_there(monkeypatch: pytest.MonkeyPatch) -> None:
    people = table("username;title;memberships;active", "a;Vaktmästare;kommunen:employee;", "b;Ekonom;;nej")
    seen: list[int] = []
    reveal = PEOPLE.reveal

    def watching(pks: Iterable[int]) -> None:
        seen.append(User.objects.filter(is_active=True).count())
        reveal(list(pks))  # type: ignore[misc]

    object.__setattr__(PEOPLE, "reveal", watching)
    try:
        PEOPLE(people)
    finally:
        object.__setattr__(PEOPLE, "reveal", reveal)
    assert seen == [0]
    assert User.objects.get(username="a").is_active
    assert not User.objects.get(username="a").has_usable_password()
    assert not User.objects.get(username="b").is_active
    assert User.objects.get(username="a").memberships.get().is_home


def test_goals_become_new_versions() -> None:
    GOALS(table("stable_id;kind;title;source", "g;plan;Mål;Plan"))
    GOALS(table("stable_id;kind;title;source", "g;plan;Nytt mål;Plan"))
    assert list(Goal.objects.order_by("version").values_list("version", "title")) == [(1, "Mål"), (2, "Nytt mål")]


def test_threads_keep_their_counters() -> None:
    MATTERS(matters(1))
    COMMENTS(table("reference;matter;text;reply_to", "2;M1;Svar;1", "1;M1;Hej;", "3;M1;Svar på svar;2"))
    first = Comment.objects.get(text="Hej")
    assert first.reply_count == first.replies.count() == 2
    assert list(first.replies.order_by("ordinal").values_list("ordinal", flat=True)) == [1, 2]
    assert Matter.objects.get().comment_count == 3


def test_numbers_that_came_with_the_file_are_never_given_again() -> None:
    MATTERS(table("reference;kind;title;text;unit;number;created", "a;idea;T;X;kommunen;KN 2026/41;2026-02-03"))
    MATTERS(table("reference;kind;title;text;unit;created", "b;idea;T;X;kommunen;2026-02-03"))
    assert Matter.objects.get(reference="b").number == "KN 2026/42"


def test_links_within_the_file_go_both_ways() -> None:
    MATTERS(
        table("reference;kind;title;text;unit;links", "a;idea;T;X;kommunen;part_of:b", "b;idea;T;X;kommunen;hinders:a")
    )
    assert {(tie.source.reference, tie.type) for tie in Matter.objects.get(reference="b").links_in.all()} == {
        ("a", "part_of")
    }
    assert Batch.objects.filter(revealed_at=None).count() == 0
