# SPDX-License-Identifier: EUPL-1.2
"""Forms keep what was typed, and say at the field and at the top what is wrong."""

from django import forms
from django.utils import translation

from helhet.look.forms import ChoicesField, DayField, LookRenderer


class Form(forms.Form):
    """One of each kind."""

    kind = ChoicesField(
        label="Vad är det?", choices=[("a", "Behov"), ("b", "Idé")], hints={"a": "Något saknas"}, layout="kinds"
    )
    text = forms.CharField(label="Berätta", widget=forms.Textarea, help_text="Kort & gott", max_length=10)
    when = DayField(label="När", required=False)
    secret = forms.CharField(widget=forms.HiddenInput, required=False)


def render(data: dict[str, str] | None) -> str:
    """The form as HTML in Swedish."""
    with translation.override("sv"):
        return Form(data, renderer=LookRenderer()).render()


def test_a_fresh_form_has_labels_hints_and_no_complaints() -> None:
    html = render(None)
    assert 'for="id_text"' in html
    assert "Kort &amp; gott" in html
    assert "ds-error-summary" not in html
    assert 'class="kinds"' in html
    assert "<small>Något saknas</small>" in html
    assert "Frivilligt" in html
    assert 'type="date"' in html


def test_what_was_typed_is_kept_and_errors_lead_to_their_fields() -> None:
    html = render({"text": "alldeles för <långt>", "when": "i morgon"})
    assert "alldeles för &lt;långt&gt;" in html
    assert 'href="#id_text"' in html
    assert 'href="#id_kind_0"' in html
    assert 'id="id_kind_0"' in html
    assert 'id="id_text_error"' in html
    assert 'aria-invalid="true"' in html
    assert "id_text_helptext id_text_error" in html


def test_days_are_read_and_written_in_iso() -> None:
    form = Form({"kind": "a", "text": "hej", "when": "2026-11-27"}, renderer=LookRenderer())
    assert form.is_valid()
    assert 'value="2026-11-27"' in form["when"].as_widget()
