# SPDX-License-Identifier: EUPL-1.2
"""Days, Markdown and hyphens as people meet them."""

from datetime import date, timedelta

import pytest
from django.template import Context, Template
from django.urls import NoReverseMatch, reverse
from django.utils import translation
from django.utils.html import conditional_escape

from helhet.look import dates, hyphens, markdown
from helhet.look.templatetags import look

TODAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("away", "said"),
    [
        (0, "i dag"),
        (-1, "i går"),
        (1, "i morgon"),
        (5, "om 5 dagar"),
        (-3, "för 3 dagar sedan"),
        (28, "om 4 veckor"),
        (-21, "för 3 veckor sedan"),
        (79, "9 februari 2027"),
    ],
)
def test_days_are_told_as_people_tell_them(away: int, said: str) -> None:
    with translation.override("sv"):
        assert dates.relative(TODAY + timedelta(away), today=TODAY) == said


def test_a_day_kept_in_one_language_is_told_in_another() -> None:
    for language, said in [("sv", "i går"), ("en", "yesterday"), ("sv", "i går")]:
        with translation.override(language):
            assert dates.relative(TODAY - timedelta(1), today=TODAY) == said


def test_an_address_is_found_once_and_a_wrong_one_is_never_kept() -> None:
    def drawn(tag: str) -> str:
        return Template("{% load look %}" + tag).render(Context({"slug": "å & co"}))

    for _again in range(2):
        assert drawn("{% url 'desk:about' %}") == reverse("desk:about")
        assert drawn("{% url 'desk:by_number' slug %}") == conditional_escape(
            reverse("desk:by_number", args=["å & co"])
        )
        assert drawn("{% url 'desk:nowhere' as there %}[{{ there }}]") == "[]"
        with pytest.raises(NoReverseMatch):
            drawn("{% url 'desk:nowhere' %}")


def test_a_day_has_its_year_only_when_it_is_another() -> None:
    with translation.override("sv"):
        assert dates.day(date(2026, 11, 19), today=TODAY) == "19 november"
        assert dates.day(date(2027, 2, 9), today=TODAY) == "9 februari 2027"
        assert dates.day(date(2026, 11, 25), short=True, today=TODAY) == "25 nov"


def test_promises_tell_when_and_how_far_off() -> None:
    with translation.override("sv"):
        assert dates.due_parts(date(2026, 11, 25), today=TODAY) == ("25 nov", "om 3 dagar", False)
        assert dates.due_parts(TODAY, today=TODAY) == ("I dag", "", True)
        assert dates.due_parts(date(2026, 11, 21), today=TODAY) == ("21 nov", "1 dag för sent", True)
        assert dates.waited(date(2026, 11, 19), today=TODAY) == "väntat 3 dagar"


def test_numbers_follow_the_language_of_the_page() -> None:
    with translation.override("sv"):
        assert look.number(1234.5, 1) == "1\u202f234,5"
        assert look.signed(-41.9, 1) == "\u221241,9"
        assert look.percent(0.035, 1) == "3,5\u00a0%"
        assert look.interval(-142, -3) == "\u2212142 till \u22123"
    with translation.override("en"):
        assert look.number(1234.5, 1) == "1,234.5"
    for code in ("se", "fi", "fit"):
        with translation.override(code):
            assert look.number(1234.5, 1) == "1\u202f234,5"


def test_markdown_is_safe() -> None:
    text = "# Rubrik\n\n<script>x</script> ![bild](https://example.org/a.png)\n\n[dålig](javascript:alert(1)) [bra](https://a.se)"
    html = markdown.html(text)
    assert "<script" not in html
    assert "<img" not in html
    assert "javascript:" not in html.replace("(javascript:", "")
    assert 'rel="nofollow noopener ugc"' in html
    assert "<h3>Rubrik</h3>" in html


@pytest.mark.parametrize("text", ["<img src=x onerror=y>", "<svg/onload=z>", "[a](data:text/html,b)", "<a style=c>"])
def test_markdown_lets_no_html_through(text: str) -> None:
    html = markdown.html(text)
    assert "<img" not in html
    assert "<svg" not in html
    assert 'href="data:' not in html
    assert "<a style" not in html


def test_excerpts_have_no_marks_and_end_at_a_word() -> None:
    assert markdown.excerpt("# Hej\n\n- **värme** och [länk](https://a.se)") == "Hej värme och länk"
    short = markdown.excerpt("ett två tre fyra fem", 12)
    assert short == "ett två tre…"


def test_long_compounds_may_break() -> None:
    assert hyphens.soften("Kommunkoncernen") == "Kommun\u00adkoncernen"
    assert hyphens.soften("avfallsförbränning") == "avfallsför\u00adbränning"
    assert hyphens.soften("Kort ord") == "Kort ord"


def test_a_journey_is_told_in_words() -> None:
    steps = [
        {"label": "Fånga", "state": "done"},
        {"label": "Räkna", "state": "now"},
        {"label": "Lära", "state": "todo"},
    ]
    with translation.override("sv"):
        assert look.journey_words(steps) == "Räkna, steg 2 av 3"
