# SPDX-License-Identifier: EUPL-1.2
"""Texts are found in Python and in templates, and what lacks a translation is said."""

from datetime import date, datetime

import pytest
from django.conf import settings
from django.utils import formats
from django.utils.translation import check_for_language, get_language_info, gettext, ngettext, override

from helhet.core.charts import numbers
from helhet.look import dates
from tools import translations


@pytest.fixture
def house(tmp_path, monkeypatch):
    """A source tree with one module and one template, and no catalogues yet."""
    monkeypatch.setattr(translations, "ROOT", tmp_path)
    monkeypatch.setattr(translations, "SOURCES", tmp_path / "src")
    templates = tmp_path / "src" / "room" / "templates"
    templates.mkdir(parents=True)
    (tmp_path / "src" / "room" / "views.py").write_text('_("Från Python"); ngettext("%(n)s dag", "%(n)s dagar", n)\n')
    (templates / "page.html").write_text(
        '{% load i18n %}\n  <p title="{% translate "Från mallen" %}">it\'s {{ x|y:"z" }}\n'
        "{% blocktranslate count n=n %}{{ n }} rad{% plural %}{{ n }} rader{% endblocktranslate %}\n"
    )
    return tmp_path


def translate(house, swedish, english):
    """Write one translation into the English catalogue of the house, as a translator would."""
    translations.renew()
    path = translations.po_file("en")
    path.write_text(path.read_text().replace(f'"{swedish}"\nmsgstr ""', f'"{swedish}"\nmsgstr "{english}"'))


def test_texts_are_found_in_python_and_in_templates(house):
    found = {message.id if isinstance(message.id, str) else message.id[0] for message in translations.gather()}
    assert found - {""} == {"Från Python", "%(n)s dag", "Från mallen", "%(n)s rad"}


def test_what_lacks_english_is_said_and_a_translation_is_kept(house):
    translations.renew()
    assert "en lacks: 'Från mallen'" in translations.problems()
    path = translations.po_file("en")
    path.write_text(path.read_text().replace('"Från mallen"\nmsgstr ""', '"Från mallen"\nmsgstr "From the template"'))
    assert any("en/LC_MESSAGES/django.mo is stale" in problem for problem in translations.problems())
    translations.renew()
    assert "From the template" in path.read_text()
    assert not any("mallen" in problem or "stale" in problem for problem in translations.problems())


def test_a_text_that_is_gone_leaves_the_catalogues(house):
    translations.renew()
    (house / "src" / "room" / "views.py").write_text("")
    translations.renew()
    assert "Från Python" not in translations.po_file("en").read_text()


def test_texts_in_the_arguments_of_tags_filters_and_includes_are_found(house):
    (house / "src" / "room" / "templates" / "parts.html").write_text(
        '{% load i18n look %}{% include "x.html" with text=_("I en inkludering") only %}'
        '{% section _(\'I en egen tagg\') id="a" %}{{ name|default:_("I ett filter") }}{% endsection %}'
        '{% translate "Lås" context "dörr" %}'
        "{% blocktranslate with n=x|length asvar y %}Ungefär 5 % av {{ n }}{% endblocktranslate %}"
    )
    (house / "src" / "room" / "lazy.py").write_text(
        'from django.utils.translation import gettext as _t\nA = pgettext("kö", "nytt")\nB = _t("Annat kort namn")\n'
        "def plain(): return no_text('Inte en text')\n"
    )
    found = {(message.context, translations.texts(message)[0]) for message in translations.gather() if message.id}
    assert found >= {
        (None, "I en inkludering"),
        (None, "I en egen tagg"),
        (None, "I ett filter"),
        ("dörr", "Lås"),
        (None, "Ungefär 5 %% av %(n)s"),
        ("kö", "nytt"),
        (None, "Annat kort namn"),
    }
    assert "Inte en text" not in {text for _context, text in found}


@pytest.mark.parametrize(
    ("english", "said"),
    [
        ("%(m)s rows", "has ['m']"),
        ("rows", "has []"),
        ("%(n)s <b>rows</b>", "has ['</b>', '<b>', 'n']"),
        ('%(n)s \\"rows\\"', "straight"),
        ("%(n)s rows", ""),
    ],
)
def test_a_translation_keeps_what_is_filled_in_and_the_tags(house, english, said):
    (house / "src" / "room" / "views.py").write_text('_("%(n)s rader kvar")\n')
    translate(house, "%(n)s rader kvar", english)
    found = [problem for problem in translations.problems() if problem.startswith("en: ")]
    assert (said in found[0]) if said else not found


def test_an_unfinished_translation_is_missing_and_is_not_shown(house):
    translate(house, "Från mallen", "From the template")
    path = translations.po_file("en")
    path.write_text(path.read_text().replace('msgid "Från mallen"', '#, fuzzy\nmsgid "Från mallen"'))
    translations.compile_all()
    assert "en lacks: 'Från mallen'" in translations.problems()
    assert b"From the template" not in path.with_suffix(".mo").read_bytes()


def test_the_same_texts_give_the_same_files(house):
    translations.renew()
    files = sorted((house / "locale").rglob("django.*o"))
    first = [file.read_bytes() for file in files]
    translations.renew()
    assert [file.read_bytes() for file in files] == first
    assert len(files) == 2 * len(translations.LANGUAGES)


def test_catalogues_that_lag_behind_the_sources_are_said(house):
    translations.renew()
    (house / "src" / "room" / "views.py").write_text('_("Något nytt")\n')
    assert any("has not the texts of the sources" in problem for problem in translations.problems())


@pytest.mark.parametrize("language", translations.LANGUAGES)
def test_the_catalogues_that_are_shipped_are_sound(language):
    catalogue = translations.read(language)
    done = [message for message in catalogue if message.id and translations.finished(message)]
    assert done
    assert [fault for message in done for fault in translations.faults(message)] == []
    assert translations.po_file(language).with_suffix(".mo").read_bytes() == translations.compiled(catalogue)


@pytest.mark.parametrize("code", ["se", "fi", "fit"])
def test_other_languages_are_chosen_and_fall_back_to_swedish_text_by_text(code):
    catalogue = translations.read(code)
    message = next(
        m for m in catalogue if isinstance(m.id, str) and m.id and not translations.finished(m) and not m.context
    )
    english = translations.read("en").get(message.id)
    assert check_for_language(code)
    assert get_language_info(code)["code"] == code
    assert code in dict(settings.LANGUAGES)
    with override(code):
        assert gettext(message.id) == message.id != english.string
        assert gettext("En text som ingen har översatt") == "En text som ingen har översatt"
        assert ngettext("%(n)s skola", "%(n)s skolor", 2) == "%(n)s skolor"
        assert gettext("This field is required.") != "This field is required."  # what Django says itself


@pytest.mark.parametrize(
    ("code", "search", "home", "number", "short"),
    [
        ("sv", "Sök", "Hem", "1\u202f234,5", "2026-11-19"),
        ("en", "Search", "Home", "1,234.5", "2026-11-19"),
        ("fi", "Hae", "Etusivu", "1\u202f234,5", "19.11.2026"),
        ("se", "Oza", "Hem", "1\u202f234,5", "2026-11-19"),
        ("fit", "Hae", "Hem", "1\u202f234,5", "2026-11-19"),
    ],
)
def test_each_language_has_its_words_numbers_and_dates(code, search, home, number, short):
    with override(code):
        assert (gettext("Sök"), gettext("Hem")) == (search, home)
        assert numbers.number(1234.5, 1, language=code) == number
        assert formats.date_format(date(2026, 11, 19), "SHORT_DATE_FORMAT") == short


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("sv", ["19 november", "9 februari 2027", "i går", "om 5 dagar", "för 3 veckor sedan", "19 nov"]),
        ("en", ["19 November", "9 February 2027", "yesterday", "in 5 days", "3 weeks ago", "19 Nov"]),
        (
            "fi",
            [
                "19. marraskuuta",
                "9. helmikuuta 2027",
                "eilen",
                "5 päivän päästä",
                "3 viikkoa sitten",
                "19. marraskuuta",
            ],
        ),
        ("se", ["19 november", "9 februari 2027", "i går", "om 5 dagar", "för 3 veckor sedan", "19 nov"]),
    ],
)
def test_dates_are_said_as_people_say_them(code, said):
    now = date(2026, 11, 19)
    with override(code):
        assert [
            dates.day(now, today=now),
            dates.day(date(2027, 2, 9), today=now),
            dates.relative(date(2026, 11, 18), today=now),
            dates.relative(date(2026, 11, 24), today=now),
            dates.relative(date(2026, 10, 29), today=now),
            dates.day(now, short=True, today=now),
        ] == said


def test_the_clock_has_an_english_form():
    moment = datetime(date.today().year, 11, 19, 13, 5)
    with override("en"):
        assert dates.moment(moment) == "19 November\u00a013:05"
    with override("sv"):
        assert dates.moment(moment) == "19 november\u00a013.05"
