# SPDX-License-Identifier: EUPL-1.2
"""Forms in the look's clothes: ``FORM_RENDERER = "helhet.look.forms.LookRenderer"``.

``{{ form }}`` then renders an error summary, and every field with label, hint, message and control.
"""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.forms.renderers import DjangoTemplates


class LookRenderer(DjangoTemplates):
    """Django's own widgets inside the look's form and field templates."""

    form_template_name = "look/forms/form.html"
    field_template_name = "look/forms/field.html"


class DayInput(forms.DateInput):
    """The browser's own date picker; ISO format on the wire whatever the page's language is."""

    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs=attrs, format="%Y-%m-%d")


class DayField(forms.DateField):
    """A day, picked or typed as 2026-11-27."""

    widget = DayInput

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("input_formats", ["%Y-%m-%d", "%y-%m-%d", "%Y%m%d"])
        kwargs.setdefault("localize", False)
        super().__init__(**kwargs)


class ChoicesField(forms.ChoiceField):
    """Radio buttons as large targets. ``hints`` {value: text} stand under the labels.

    ``layout`` is ``choices`` (as many columns as fit) or ``kinds`` (two columns, short words).
    """

    widget = forms.RadioSelect

    def __init__(self, *, hints: Mapping[str, Any] | None = None, layout: str = "choices", **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.hints = dict(hints or {})
        self.layout = layout


class SeveralField(forms.MultipleChoiceField):
    """Check boxes as large targets; ``hints`` and ``layout`` as for :class:`ChoicesField`."""

    widget = forms.CheckboxSelectMultiple

    def __init__(self, *, hints: Mapping[str, Any] | None = None, layout: str = "choices", **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.hints = dict(hints or {})
        self.layout = layout
