# SPDX-License-Identifier: EUPL-1.2
"""Template tags of the look: ``{% load look %}``. The README beside the app lists them with examples."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any, Final

from django import template
from django.conf import settings
from django.forms import BoundField, ModelChoiceField
from django.forms.widgets import CheckboxInput, CheckboxSelectMultiple, RadioSelect, Textarea
from django.template import defaulttags
from django.urls import NoReverseMatch, get_script_prefix, reverse
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from helhet.core.charts import numbers
from helhet.look import dates, hyphens, icons, markdown

register = template.Library()
Value = int | float | Decimal | None
#: What Django writes for the empty choice of a list.
DASHES: Final = "-" * 9
ENDONYMS: Final = {
    "sv": "Svenska",
    "se": "Davvisámegiella",
    "fi": "Suomi",
    "fit": "Meänkieli",
    "en": "English",
}


def _language() -> str:
    return get_language() or "sv"


def _places(argument: object) -> int | None:
    return None if argument in (None, "") else int(str(argument))


# ── Addresses ────────────────────────────────────────────────────────────


@lru_cache(maxsize=8192, typed=True)
def _address(urlconf: str, prefix: str, name: str, *arguments: Any) -> str:
    return reverse(name, urlconf, args=arguments)


class AddressNode(defaulttags.URLNode):
    """Django's, but an address is worked out once: the queue alone asks for a hundred."""

    def render(self, context: template.Context) -> str:
        if self.kwargs:
            return super().render(context)
        arguments = [argument.resolve(context) for argument in self.args]
        try:
            found = _address(settings.ROOT_URLCONF, get_script_prefix(), self.view_name.resolve(context), *arguments)
        except NoReverseMatch:
            if self.asvar is None:
                raise
            found = ""
        if self.asvar:
            context[self.asvar] = found
            return ""
        return conditional_escape(found) if context.autoescape else found


@register.tag
def url(parser: template.base.Parser, token: template.base.Token) -> AddressNode:
    """``{% url 'desk:matter' matter.uid %}`` as Django's own, quicker in lists."""
    node = defaulttags.url(parser, token)
    return AddressNode(node.view_name, node.args, node.kwargs, node.asvar)


# ── Numbers ──────────────────────────────────────────────────────────────


@register.filter
def number(value: Value, decimals: object = None) -> str:
    """``{{ x|number }}`` or ``{{ x|number:1 }}``."""
    return numbers.number(value, _places(decimals), language=_language())


@register.filter
def signed(value: Value, decimals: object = None) -> str:
    """``{{ x|signed:1 }}`` → +27,2 or −41,9."""
    return numbers.number(value, _places(decimals), language=_language(), signed=True)


@register.filter
def msek(value: Value, decimals: object = None) -> str:
    """An amount in SEK as MSEK: ``{{ amount|msek }}`` → 73,4 MSEK."""
    return numbers.msek(value, _places(decimals), language=_language())


@register.filter
def msek_signed(value: Value, decimals: object = None) -> str:
    """As ``msek``, with a sign before what is above zero."""
    return numbers.msek(value, _places(decimals), language=_language(), signed=True)


@register.filter
def percent(value: Value, decimals: object = None) -> str:
    """A share as per cent: ``{{ 0.035|percent:1 }}`` → 3,5 %."""
    if value is None or not numbers.is_number(value):
        return numbers.MISSING
    share = Decimal(str(value)) * 100
    return numbers.quantity(share, "%", _places(decimals), language=_language())


@register.simple_tag
def quantity(value: Value, unit: str = "", decimals: int | None = None, signed: bool = False) -> str:
    """``{% quantity x "ton per år" signed=True %}``: number and unit on one line."""
    return numbers.quantity(value, unit, decimals, language=_language(), signed=signed)


@register.simple_tag
def interval(low: Value, high: Value, decimals: int | None = None, signed: bool = False) -> str:
    """``{% interval p10 p90 0 %}`` → −142 till −3."""
    return numbers.interval(low, high, decimals, language=_language(), signed=signed)


# ── Dates ────────────────────────────────────────────────────────────────


@register.filter
def day(value: date | datetime | None) -> str:
    """19 november, with the year when it is another."""
    return dates.day(value) if value else ""


@register.filter
def short_day(value: date | datetime | None) -> str:
    """19 nov."""
    return dates.day(value, short=True) if value else ""


@register.filter
def moment(value: datetime | None) -> str:
    """19 november 13.00."""
    return dates.moment(value) if value else ""


@register.filter
def relative(value: date | datetime | None) -> str:
    """i går, om 5 dagar, för 3 veckor sedan."""
    return dates.relative(value) if value else ""


@register.filter
def spoken(value: date | datetime | None) -> str:
    """i dag, i går, otherwise 18 nov."""
    return dates.spoken(value) if value else ""


@register.filter
def days(value: int) -> str:
    """1 dag, 5 dagar."""
    return dates.days(int(value))


@register.filter
def waited(value: date | datetime | None) -> str:
    """nytt i dag, väntat 3 dagar."""
    return dates.waited(value) if value else ""


@register.simple_tag
def due(value: date | datetime | None, text: str = "", away: bool = True) -> SafeString:
    """A promise's day: ``{% due task.due %}``; ``text`` replaces the words when it falls today.

    ``away=False`` leaves out how far off it is.
    """
    if not value:
        return mark_safe("")
    when, distance, late = dates.due_parts(value)
    shown = text if text and late and not distance else when
    css = "due due--late" if late else "due"
    far = f" {distance}" if away and distance else ""
    return format_html('<span class="{}">{}</span>{}', css, shown, far)


# ── Text ─────────────────────────────────────────────────────────────────


@register.filter(name="markdown")
def markdown_filter(text: str | None) -> SafeString:
    """Safe HTML of a person's Markdown; put it in ``<div class="prose">``."""
    return mark_safe(markdown.html(text or ""))  # noqa: S308 - sanitised by nh3


@register.filter
def excerpt(text: str | None, length: int = 160) -> str:
    """The first words, without Markdown's marks."""
    return markdown.excerpt(text or "", int(length))


@register.filter
def soft_hyphen(text: object) -> str:
    """Soft hyphens in long compounds: kommun|koncernen."""
    return hyphens.soften(str(text))


@register.simple_tag
def icon(name: str) -> SafeString:
    """``{% icon "check" %}``: inline SVG, hidden from assistive technology."""
    return mark_safe(icons.svg(name))  # noqa: S308 - our own drawings


@register.simple_tag
def languages() -> list[dict[str, object]]:
    """The languages one can choose: code, name in that language, current."""
    now = _language()
    return [
        {"code": code, "label": ENDONYMS.get(code, name), "current": code == now} for code, name in settings.LANGUAGES
    ]


# ── Journey ──────────────────────────────────────────────────────────────


def _state(step: Any) -> str:
    return step.get("state", "todo") if isinstance(step, Mapping) else getattr(step, "state", "todo")


def _label(step: Any) -> object:
    return step.get("label", "") if isinstance(step, Mapping) else getattr(step, "label", "")


@register.simple_tag
def journey_words(steps: list[Any]) -> str:
    """Where a matter is, in words: “Räkna, steg 4 av 8”; “Avslutat” when every step is done."""
    states = [_state(step) for step in steps]
    if "now" in states:
        at = states.index("now")
    elif "done" in states:
        at = len(states) - 1 - states[::-1].index("done")
        if at == len(states) - 1:
            return _("Alla steg klara")
    else:
        at = 0
    return _("%(label)s, steg %(at)d av %(all)d") % {"label": _label(steps[at]), "at": at + 1, "all": len(states)}


# ── Forms ────────────────────────────────────────────────────────────────


@register.simple_tag
def widget(field: BoundField, rows: int | None = None) -> SafeString:
    """The field's control with Designsystemet's class; ``rows`` for text areas. No placeholders, no row of dashes."""
    attrs: dict[str, Any] = {}
    inner = field.field.widget
    if not isinstance(inner, CheckboxInput | RadioSelect | CheckboxSelectMultiple):
        attrs["class"] = f"ds-input {inner.attrs.get('class', '')}".strip()
    if "placeholder" in inner.attrs:
        attrs["placeholder"] = False
    if isinstance(field.field, ModelChoiceField) and field.field.empty_label == DASHES:
        field.field.empty_label = _("Välj") if field.field.required else _("Inget valt")
    if rows and isinstance(inner, Textarea):
        attrs["rows"] = rows
    return field.as_widget(attrs=attrs)


@register.filter
def control(field: BoundField) -> str:
    """What kind of control a field has: choices, checkbox, hidden or input."""
    inner = field.field.widget
    if field.is_hidden:
        return "hidden"
    if isinstance(inner, RadioSelect | CheckboxSelectMultiple):
        return "choices"
    return "checkbox" if isinstance(inner, CheckboxInput) else "input"


@register.filter
def anchor(field: BoundField) -> str:
    """The id that a link in the error summary leads to: the control, or the first of several choices."""
    inner = field.field.widget
    several = isinstance(inner, RadioSelect | CheckboxSelectMultiple)
    return f"{field.auto_id}_0" if several else field.id_for_label or field.auto_id


@register.filter
def options(field: BoundField) -> Iterator[dict[str, Any]]:
    """Choices with control, label and hint; hints come from the form field's ``hints`` ({value: text})."""
    hints = getattr(field.field, "hints", {})
    for choice in field.subwidgets:
        value = choice.data["value"]
        yield {"tag": choice.tag(), "label": choice.choice_label, "hint": hints.get(str(value), hints.get(value, ""))}


# ── Blocks that wrap what stands between them ────────────────────────────


@register.simple_block_tag
def section(
    content: SafeString,
    title: str,
    id: str = "",
    count: object = "",
    url: str = "",
    link: str = "",
    level: int = 2,
    plain: bool = False,
) -> SafeString:
    """``{% section "Tråd" id="trad" count=31 url="#skriv" link="Skriv ett inlägg" %}…{% endsection %}``.

    ``plain`` leaves out the strong rule under the heading.
    """
    name = id or _slug(title)
    mark = format_html(' <span class="count">{}</span>', count) if count != "" else ""
    heading = format_html('<h{} id="{}">{}{}</h{}>', level, name, title, mark, level)
    more = format_html(' <a href="{}">{}</a>', url, link) if url and link else ""
    head = heading if plain else format_html('<div class="section__head">{}{}</div>', heading, more)
    css = "section flow" if plain else "section"
    return format_html('<section class="{}" aria-labelledby="{}">{}{}</section>', css, name, head, content)


@register.simple_block_tag
def panel(content: SafeString, title: str, id: str = "", snow: bool = False, level: int = 2) -> SafeString:
    """``{% panel "Kalkyl" %}…{% endpanel %}``: what a room shows beside a matter; ``snow`` for a conclusion."""
    name = id or f"p-{_slug(title)}"
    css = "panel panel--snow" if snow else "panel"
    return format_html(
        '<section class="{}" aria-labelledby="{}"><h{} id="{}">{}</h{}>{}</section>',
        css,
        name,
        level,
        name,
        title,
        level,
        content,
    )


@register.simple_block_tag
def scroll(content: SafeString, caption: str, id: str = "") -> SafeString:
    """``{% scroll "Nuvärde per budgethållare, MSEK" %}<table …>{% endscroll %}``: caption above, focusable region.

    Give the table ``class="table" aria-labelledby="tab-…"`` with the same id.
    """
    name = id or f"tab-{_slug(caption)}"
    return format_html(
        '<p class="cap" id="{}">{}</p><div class="scroll" role="region" aria-labelledby="{}" tabindex="0">{}</div>',
        name,
        caption,
        name,
        content,
    )


@register.simple_block_tag
def note(content: SafeString, tone: str = "") -> SafeString:
    """``{% note %}…{% endnote %}``: what must be known to trust the page; at most one. Tone: info, success, danger."""
    css = f"note note--{tone}" if tone else "note"
    return format_html('<div class="{}">{}</div>', css, content)


def _slug(text: object) -> str:
    """A short id from a title: lower case letters, digits and hyphens."""
    plain = str(text).lower().translate(str.maketrans("åäöáčđŋšŧž", "aaoacdnstz"))
    return "-".join("".join(c if c.isascii() and c.isalnum() else " " for c in plain).split())[:40] or "del"
