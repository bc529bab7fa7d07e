# SPDX-License-Identifier: EUPL-1.2
"""What people meet: open, move a slider, click a figure, save, keep – and what they are told when it is not theirs."""

import re
from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from helhet.core.book import run
from helhet.core.charts import numbers
from helhet.foundation.figures.models import Run
from helhet.foundation.matters.models import Matter
from helhet.foundation.people.models import User
from helhet.foundation.policy import Standing, system
from helhet.rooms.calculations import desk, engine, library, measures, selectors, services
from helhet.rooms.calculations.models import Book, Scenario

pytestmark = pytest.mark.django_db
HEAT = "/kalkyler/varme/"
LogIn = Callable[[User], Client]


def told(response: object) -> str:
    text = response.content.decode()  # type: ignore[attr-defined]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text).replace("\xad", ""))


def test_a_scenario_beyond_those_listed_is_shown_as_the_open_one(
    books: dict[str, Book], economist: User, standing: Callable[..., Standing], logged_in: LogIn
) -> None:
    for number in range(selectors.LISTED_SCENARIOS + 1):
        last = services.save_scenario(by=standing(economist), book=books["varme"], name=f"Eget läge {number}")
    page = logged_in(economist).get(HEAT, {"sparat": str(last.uid)})
    assert page.status_code == 200
    assert last.name in told(page)


def test_everybody_inside_may_open_and_play_and_nothing_is_saved(
    books: dict[str, Book], person: Callable[[str], User], logged_in: LogIn
) -> None:
    client = logged_in(person("employee"))
    before = Scenario.objects.count(), Run.objects.count()
    page = client.get(HEAT)
    assert page.status_code == 200
    assert "Vem betalar, vem vinner" in told(page)
    assert "Antagande" in told(page)
    assert client.get(f"{HEAT}siffror?a-pris=55").status_code == 200
    assert (Scenario.objects.count(), Run.objects.count()) == before
    assert "Ändra som text" not in told(page)


def test_a_visitor_is_told_why_not(books: dict[str, Book], client: Client) -> None:
    for path in (HEAT, f"{HEAT}siffror", f"{HEAT}forklara?q=total", f"{HEAT}kalla", f"{HEAT}spara", f"{HEAT}behall"):
        assert client.get(path).status_code == 403
    assert "varme" not in client.get("/kalkyler/").content.decode()


def test_a_public_book_is_open_to_all(books: dict[str, Book], client: Client) -> None:
    Book.objects.filter(slug="varme").update(is_public=True)
    assert client.get(HEAT).status_code == 200


def test_a_book_of_a_restricted_matter_follows_the_matter(
    tied: Book, matter: Matter, person: Callable[[str], User], logged_in: LogIn
) -> None:
    Matter.objects.filter(pk=matter.pk).update(visibility="restricted", secrecy_paragraph="OSL 19:3")
    client = logged_in(person("employee"))
    assert client.get(HEAT).status_code == 403
    street = client.get("/kalkyler/gata/")
    assert "kalkyler som du inte får läsa ingår inte" in told(street)
    assert tied.title not in told(street)
    assert logged_in(person("auditor")).get(HEAT).status_code == 200


def test_a_draft_is_seen_by_those_who_calculate(
    books: dict[str, Book], economist: User, person: Callable[[str], User], logged_in: LogIn
) -> None:
    services.set_state(by=system(), book=books["varme"], state="draft")
    assert logged_in(person("employee")).get(HEAT).status_code == 403
    assert logged_in(economist).get(HEAT).status_code == 200


def test_a_hand_on_a_slider_changes_the_figure_as_core_says(
    books: dict[str, Book], economist: User, logged_in: LogIn
) -> None:
    client = logged_in(economist)
    page = told(client.get(f"{HEAT}siffror?a-pris=55"))
    heat = library.parsed(books["varme"])
    after = run(heat, {"pris": 55, "byter": 1}, samples=2000, seed=1)
    before = run(heat, {"pris": 55, "byter": 0}, samples=2000, seed=1)
    customers = heat.holders.index("kunder")
    value = float((after.sampled.npv - before.sampled.npv)[customers].mean()) / 1e6
    assert numbers.number(value, 1, signed=True) in page
    assert numbers.number(value, 1, signed=True) not in told(client.get(f"{HEAT}siffror"))


def test_decimal_comma_spaces_and_minus_are_understood(
    books: dict[str, Book], economist: User, logged_in: LogIn
) -> None:
    client = logged_in(economist)
    a = client.get(f"{HEAT}siffror", {"a-andel": "62,5"})
    b = client.get(f"{HEAT}siffror", {"a-andel": "62.5"})
    assert a.status_code == b.status_code == 200
    assert told(a) == told(b)


@pytest.mark.parametrize("wrong", ["NaN", "inf", "1e999", "-1e999", "abc", "12 13 x", "9" * 10_000, "10", "<b>", "٣"])
def test_a_wrong_value_is_told_at_its_field_and_kept(
    books: dict[str, Book], economist: User, logged_in: LogIn, wrong: str
) -> None:
    client = logged_in(economist)
    page = client.get(HEAT, {"a-andel": wrong})
    assert page.status_code == 422
    assert 'aria-invalid="true"' in page.content.decode()
    assert "Skriv ett tal" in told(page)
    part = client.get(f"{HEAT}siffror", {"a-andel": wrong})
    assert part.status_code == 422
    assert 'id="resultat"' not in part.content.decode()
    assert len(page.content) < 400_000


def test_unknown_names_are_told_and_do_no_harm(books: dict[str, Book], economist: User, logged_in: LogIn) -> None:
    client = logged_in(economist)
    for query in ("a-finns_inte=3", "scenario=finns_inte", "val-varme=finns_inte", "sparat=abc", "a-byter=1"):
        assert client.get(f"{HEAT}?{query}").status_code == 422, query
    many = "&".join(f"a-x{i}=1" for i in range(500))
    page = client.get(f"{HEAT}?{many}")
    assert page.status_code == 422
    assert told(page).count("inget antagande") == 5
    assert client.get(f"{HEAT}?hallare=finns_inte&arende=x").status_code == 200
    for query in ("q=finns_inte", "q=cash&h=kunder&y=1066", "q=cash&h=kunder&y=99999999", "q=npv&h=finns_inte", ""):
        assert client.get(f"{HEAT}forklara?{query}").status_code == 404, query


def test_without_script_the_one_of_field_and_slider_that_moved_counts(
    books: dict[str, Book], economist: User, logged_in: LogIn
) -> None:
    client = logged_in(economist)
    sent = {
        "nyss_reglage": "andel:65;pris:40",
        "a-andel": "65",
        "a-andel_reglage": "80",
        "a-pris": "40",
        "a-pris_reglage": "40",
    }
    answer = client.get(HEAT, sent)
    assert answer.status_code == 302
    assert answer["Location"].endswith("?a-andel=80")
    typed = client.get(HEAT, {**sent, "a-andel": "70", "a-andel_reglage": "65"})
    assert typed["Location"].endswith("?a-andel=70")


def test_the_page_is_the_same_twice(books: dict[str, Book], economist: User, logged_in: LogIn) -> None:
    client = logged_in(economist)
    first = client.get(f"{HEAT}siffror?a-pris=50&scenario=tidigt")
    engine.CACHE.clear(), engine.KEPT.clear(), engine.SMALL.clear()
    assert first.content == client.get(f"{HEAT}siffror?a-pris=50&scenario=tidigt").content


def test_the_timetable_shows_and_moves_what_rests_on_it(
    books: dict[str, Book], economist: User, logged_in: LogIn
) -> None:
    client = logged_in(economist)
    page = told(client.get("/kalkyler/tid/?a-slut=2037"))
    assert "Kalkyler som rör sig tillsammans" in page
    assert books["varme"].title in page
    assert books["gata"].title in page
    assert "Efter ändringen" in page


def test_every_figure_can_be_followed_to_its_sources(books: dict[str, Book], economist: User, logged_in: LogIn) -> None:
    client = logged_in(economist)
    page = client.get(HEAT).content.decode()
    links = {link.replace("&amp;", "&") for link in re.findall(r'href="(/kalkyler/varme/forklara[^"]+)"', page)}
    assert len(links) > 10
    waiting, seen = list(links)[:12], set()
    while waiting and len(seen) < 40:
        link = waiting.pop()
        if link in seen:
            continue
        seen.add(link)
        answer = client.get(link)
        assert answer.status_code == 200, link
        found = re.findall(r'href="(/kalkyler/varme/forklara[^"]+)"', answer.content.decode())
        waiting += [one.replace("&amp;", "&") for one in found]
    leaf = told(client.get(f"{HEAT}forklara?q=andel"))
    assert "energibolaget, 2021" in leaf


def test_contradicting_sources_stand_at_the_assumption_with_what_they_would_change(
    books: dict[str, Book], economist: User, logged_in: LogIn
) -> None:
    page = told(logged_in(economist).get(HEAT))
    assert "2 källor säger olika" in page
    assert "egen bedömning" in page
    assert "Skulle ändra resultatet för helheten med" in page


def test_a_scenario_is_saved_shared_and_opened(
    books: dict[str, Book], economist: User, person: Callable[[str], User], logged_in: LogIn
) -> None:
    client = logged_in(economist)
    empty = client.post(f"{HEAT}spara?a-pris=55", {"name": " "})
    assert empty.status_code == 422
    made = client.post(f"{HEAT}spara?a-pris=55", {"name": "Dyrare", "shared": "on"}, follow=True)
    assert "Scenariot är sparat" in told(made)
    saved = Scenario.objects.get()
    assert saved.overlay == {"pris": 55.0}
    twice = client.post(f"{HEAT}spara?a-pris=55", {"name": "dyrare"})
    assert twice.status_code == 422
    other = logged_in(person("employee"))
    assert "Dyrare" in told(other.get(HEAT))
    assert other.get(f"{HEAT}?sparat={saved.uid}").status_code == 200
    assert other.post(f"{HEAT}scenario/{saved.uid}/bort").status_code == 403
    Scenario.objects.update(shared=False)
    assert other.get(f"{HEAT}?sparat={saved.uid}").status_code == 422


def test_a_run_is_kept_and_says_what_the_page_said(
    tied: Book, matter: Matter, economist: User, logged_in: LogIn
) -> None:
    client = logged_in(economist)
    page = told(client.get(f"{HEAT}siffror?a-pris=55"))
    answer = client.post(
        f"{HEAT}behall?a-pris=55", {"matter": str(matter.uid), "title": "Med högre rabatt"}, follow=True
    )
    assert answer.status_code == 200
    kept = Run.objects.get(matter=matter)
    assert kept.overlay == {"pris": 55.0}
    total = kept.figures["total"]
    assert numbers.number(total["value"], 1, signed=True) in page
    group = kept.figures["npv[holder=kommunkoncernen]"]
    assert numbers.number(group["value"], 0 if abs(group["value"]) >= 100 else 1, signed=True) in page
    assert group["explanation"]["inputs"]
    assert kept.figures["effect_per_year[name=koldioxid]"]["unit"] == "ton per år"
    assert "gap_total" in kept.figures
    assert kept.figures["input[name=pris]"]["value"] == 55
    parts = [
        f["value"]
        for key, f in kept.figures.items()
        if re.fullmatch(r"npv\[holder=(energi|avfall|kunder|staten)\]", key)
    ]
    assert sum(parts) == pytest.approx(total["value"])
    shown = told(client.get(reverse("desk:matter", args=[matter.uid])))
    assert "Med högre rabatt" in shown
    assert "körning sparad" in shown


def test_only_those_who_calculate_keep_runs_and_change_books(
    tied: Book, matter: Matter, person: Callable[[str], User], logged_in: LogIn
) -> None:
    client = logged_in(person("employee"))
    answer = client.post(f"{HEAT}behall", {"matter": str(matter.uid), "title": "x"})
    assert answer.status_code == 403
    assert "Alla får räkna" in told(answer)
    assert client.get(f"{HEAT}andra").status_code == 403
    assert client.post(f"{HEAT}lage", {"state": "draft"}).status_code == 403
    assert client.get("/kalkyler/ny/").status_code == 403


def test_a_faulty_book_is_told_by_line_and_what_was_written_is_kept(
    books: dict[str, Book], economist: User, logged_in: LogIn
) -> None:
    client = logged_in(economist)
    wrong = books["varme"].text.replace("pris * behov", "priset * behov")
    answer = client.post(f"{HEAT}andra", {"text": wrong, "note": "rabatten"})
    assert answer.status_code == 422
    assert "Rad " in told(answer)
    assert "priset * behov" in answer.content.decode()
    assert Book.objects.get(slug="varme").version == 1


def test_too_much_play_is_bounded(
    books: dict[str, Book], economist: User, logged_in: LogIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(desk, "COUNTED", 1)
    monkeypatch.setattr(desk, "PLAY_LIMIT", (3, 600))
    client = logged_in(economist)
    codes = [client.get(f"{HEAT}siffror").status_code for _ in range(5)]
    assert codes[:3] == [200, 200, 200]
    assert codes[-1] == 429


def test_the_list_costs_the_same_queries_however_long(
    books: dict[str, Book], economist: User, logged_in: LogIn
) -> None:
    client = logged_in(economist)
    client.get("/kalkyler/")

    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get("/kalkyler/?lage=draft").status_code == 200
        return len(queries)

    def add(count: int, start: int) -> None:
        Book.objects.bulk_create(
            Book(slug=f"b{i}", path=f"b{i}.toml", title_sv=f"Bok {i:04}", text="", hash="", state="draft")
            for i in range(start, start + count)
        )

    add(10, 0)
    few = asked()
    add(990, 10)
    assert asked() == few


def test_measures_leave_out_nothing_that_moves(books: dict[str, Book]) -> None:
    case = engine.case(library.parsed(books["varme"]), engine.Position())
    assert set(measures.by_holder(case.effect)) == set(measures.touched(case.effect))
