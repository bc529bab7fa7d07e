# SPDX-License-Identifier: EUPL-1.2
"""Texts are found in Python and in templates, and what lacks a translation is said."""

import pytest
from django.utils.translation import gettext, override

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


@pytest.mark.parametrize("code", ["se", "fi", "fit"])
def test_other_languages_fall_back_to_swedish(code):
    with override(code):
        assert gettext("En text som ingen har översatt") == "En text som ingen har översatt"
