# SPDX-License-Identifier: EUPL-1.2
"""Published figures: contradictions stay visible, one is chosen, and the tables carry everything."""

import io
from collections.abc import Callable
from typing import Any

import openpyxl
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from helhet.foundation.people.models import User
from helhet.foundation.policy import Forbidden, system, visitor
from helhet.rooms.calculations import investments, services, timetable
from helhet.rooms.calculations.investments import Row
from helhet.rooms.calculations.models import Investment, InvestmentFigure
from helhet.rooms.calculations.table import INVESTMENTS

pytestmark = pytest.mark.django_db
CSV = """id;investment;name;value;unit;value_kind;price_year;as_of;contradicts;note;source;confidence
hall-360;hall;Simhallen;360;MSEK;estimate;;;hall;Första;tidningen|radion;fact
hall-1370;hall;Simhallen;1370;MSEK;total;;2025;hall;;tidningen;fact
hall-865;hall;Simhallen;865;MSEK;estimate;;;hall;=1+1;;assumption
park;park;Gruvstadsparken;3740;MSEK;contract;2014;2014-06-02;;;kommunen;fact
okand;okand;Avtalet;;MSEK;contract;;;;Beloppet är inte känt;kommunen;fact
""".encode()


@pytest.fixture
def table(db: None) -> None:
    report = INVESTMENTS(CSV, filename="investments.csv")
    assert report.ok, str(report)


def test_the_latest_and_most_settled_is_chosen_until_somebody_chooses(table: None) -> None:
    assert InvestmentFigure.objects.get(rivalry="hall", chosen=True).key == "hall-1370"
    investments.choose_figure(by=system(), figure=InvestmentFigure.objects.get(key="hall-360"))
    assert INVESTMENTS(CSV, filename="investments.csv").ok
    assert InvestmentFigure.objects.get(rivalry="hall", chosen=True).key == "hall-360"
    assert InvestmentFigure.objects.count() == 5


def test_sums_are_by_kind_and_price_year_and_of_the_chosen_only(table: None, client: Client) -> None:
    more = """id;investment;name;value;unit;value_kind;price_year;as_of;contradicts;note;source;confidence
bro;bro;Bron;60;MSEK;contract;2014;;;;kommunen;fact
vag;vag;Vägen;100;MSEK;contract;2020;;;;kommunen;fact
torg;torg;Torget;7;MSEK;paid;2020;;;;kommunen;fact
"""
    assert INVESTMENTS(more.encode(), filename="investments.csv").ok
    found = investments.sums(investments.figures())
    assert [(row.kind, row.price_year, row.count, row.total) for row in found.rows] == [
        ("avtal", 2014, 2, 3800),
        ("avtal", 2020, 1, 100),
        ("betalt", 2020, 1, 7),
    ]
    assert found.left_out == 1
    page = " ".join(client.get("/investeringar/").content.decode().split())
    assert "1 valt belopp saknar prisår och är inte med i någon summa." in page
    InvestmentFigure.objects.update(price_year=None)
    bare = client.get("/investeringar/").content.decode()
    assert "4 valda belopp saknar prisår" not in bare
    assert "5 valda belopp saknar prisår" in bare
    assert "tab-summor" not in bare


def test_contradictions_stand_side_by_side_with_what_they_would_change(
    table: None, client: Client, economist: User, person: Callable[[str], User]
) -> None:
    page = client.get("/investeringar/").content.decode()
    assert "Källor säger olika" in page
    assert "mot vald" in page
    assert "inte känt" in page
    assert "Prisår 2014" in page
    assert "<form method" not in page.split("tab-siffror")[-1]
    client.force_login(economist)
    pk = InvestmentFigure.objects.get(key="hall-865").pk
    assert client.post(f"/investeringar/valj/{pk}/").status_code == 302
    assert InvestmentFigure.objects.get(rivalry="hall", chosen=True).pk == pk
    client.force_login(person("employee"))
    assert client.post(f"/investeringar/valj/{pk}/").status_code == 403


def test_filters_and_tables(table: None, client: Client) -> None:
    only = client.get("/investeringar/?motsagda=1").content.decode()
    assert "Gruvstadsparken" not in only
    assert client.get("/investeringar/?q=finns-inte&sida=xyz&hallare=a").status_code == 200
    csv = client.get("/investeringar/tabell.csv").content.decode("utf-8-sig")
    assert "Gruvstadsparken" in csv
    assert "'=1+1" in csv
    book = openpyxl.load_workbook(io.BytesIO(client.get("/investeringar/tabell.xlsx").content))
    assert book.active.max_row == 6
    assert client.get("/investeringar/tabell.exe").status_code == 404


def test_what_is_exported_can_be_read_in_again(table: None) -> None:
    written = list(INVESTMENTS.rows())
    assert [row["id"] for row in written] == ["hall-360", "hall-1370", "hall-865", "park", "okand"]
    assert written[0]["source"] == ("tidningen", "radion")
    assert written[4]["value"] is None


def test_a_wrong_row_keeps_the_whole_file_out(db: None) -> None:
    wrong = CSV.replace(b"3740;MSEK;contract;2014", b"3740;MSEK;kontrakt;2014")
    report = INVESTMENTS(wrong, filename="investments.csv")
    assert not report.ok
    assert not InvestmentFigure.objects.exists()


def test_putting_figures_in_needs_the_right_role(db: None) -> None:
    row = Row(key="a", investment="a", name="A", unit="MSEK", value_kind="total", value=1.0)
    with pytest.raises(Forbidden):
        investments.import_investments(by=visitor(), rows=[row])
    investments.import_investments(by=system(), rows=[row])
    assert InvestmentFigure.objects.get().chosen


def test_the_page_costs_the_same_queries_however_many(client: Client, db: None) -> None:
    def add(count: int, start: int) -> None:
        made = Investment.objects.bulk_create(
            Investment(key=f"i{i}", name=f"I {i:04}") for i in range(start, start + count)
        )
        InvestmentFigure.objects.bulk_create(
            InvestmentFigure(key=one.key, investment=one, value=1.0, unit="MSEK", value_kind="total") for one in made
        )

    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get("/investeringar/").status_code == 200
        return len(queries)

    add(10, 0)
    few = asked()
    add(990, 10)
    assert asked() == few


def test_moving_the_mines_timetable_moves_the_investments_that_follow_it(
    client: Client, economist: User, settings: Any
) -> None:
    told = (settings.HELHET_INSTANCE_DIR / "books" / "gruvans_tidplan.toml").read_text("utf-8")
    book = services.add_book(by=system(), path="gruvans_tidplan.toml", text=told, state="approved")
    rows = """id;investment;name;value;unit;value_kind;depends_on_timetable
a;a;Bostäder;2700;bostad;volume;gruvetapp-2
b;b;Stadshuset;700;MSEK;total;gruvetapp-1
c;c;Vägen;7;MSEK;total;
"""
    assert INVESTMENTS(rows.encode(), filename="investments.csv").ok
    assert timetable.periods(visitor()) == {}, "a book that one may not read tells nothing"
    client.force_login(economist)
    page = client.get("/investeringar/").content.decode()
    assert "andra etapp, 2030–2039" in page
    assert "första etapp, 2011–2028" in page
    later = told.replace("number = 2030", "number = 2033").replace("number = 10", "number = 12")
    services.update_book(by=system(), book=book, text=later)
    page = client.get("/investeringar/").content.decode()
    assert "andra etapp, 2033–2044" in page
    assert "första etapp, 2011–2028" in page
    assert page.count("etapp, 20") == 2
