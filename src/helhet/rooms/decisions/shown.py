# SPDX-License-Identifier: EUPL-1.2
"""A figure as a document shows it: value and interval in words, and where it comes from."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from helhet.core.charts import numbers
from helhet.core.charts.units import unit_text
from helhet.foundation.figures.models import Run
from helhet.foundation.figures.services import Figure
from helhet.paper import document as paper
from helhet.rooms.decisions.references import address
from helhet.rooms.decisions.words import day, in_language, word

KRONOR = {"sek", "kr", "kronor"}
MAX_INPUTS = 4


def scale(values: Iterable[float | None], unit: str) -> tuple[float, str]:
    """(divisor, unit to show): kronor become MSEK when any of the values reaches a million."""
    largest = max((abs(value) for value in values if value is not None), default=0)
    return (1e6, "MSEK") if unit.strip().lower() in KRONOR and largest >= 1e6 else (1.0, unit)


def steady(value: float, figure: Figure) -> float:
    """An uncertain number from a thousand up with the three digits that count: 24 494 ± much is 24 500."""
    if figure.low is None or abs(value) < 1000:
        return value
    places = len(str(int(abs(value)))) - 3
    return float(round(value / 10**places) * 10**places)


def decimals_for(values: Iterable[float | None]) -> int:
    """Decimals that suit numbers that stand together: none from 100 up, otherwise one, two below one."""
    present = [abs(value) for value in values if value is not None]
    largest = max(present, default=0)
    if largest >= 100 or all(value == int(value) for value in present):
        return 0
    return 1 if largest >= 1 else 2


def value_text(
    figure: Figure, language: str, *, signed: bool = False, unit: bool = True, by: tuple[float, str] | None = None
) -> str:
    """“−73,4 MSEK”; without ``unit`` the number alone. A figure without value says so, never zero.

    ``by`` is the scale of numbers that stand together, as :func:`scale` gives it; without it the figure's own.
    """
    if figure.value is None:
        return word("not_calculated", language)
    if figure.unit == "år" and 1900 <= figure.value <= 2200 and figure.value == int(figure.value):
        return str(int(figure.value))  # a year, not a span of years: written together and without unit
    divisor, shown = by or scale([figure.value], figure.unit)
    value = steady(figure.value / divisor, figure)
    text = numbers.number(value, decimals_for([value]), language=language, signed=signed)
    words = unit_text(shown, language).replace(" ", numbers.HARD)
    return f"{text}{numbers.HARD}{words}" if unit and words else text


def interval_text(figure: Figure, language: str, *, signed: bool = False, by: tuple[float, str] | None = None) -> str:
    """“−142 till −3”, or '' where nothing is uncertain or nobody knows."""
    if figure.low is None or figure.high is None:
        return ""
    divisor, _unit = by or scale([figure.value, figure.low, figure.high], figure.unit)
    pair = (steady(figure.low / divisor, figure), steady(figure.high / divisor, figure))
    low, high = (numbers.number(v, decimals_for(pair), language=language, signed=signed) for v in pair)
    return word("between", language, low=low, high=high)


def label_of(figure: Figure, language: str) -> str:
    return in_language(figure.label, figure.label_en, language) or figure.key


def confidence_text(figure: Figure, language: str) -> str:
    known = {"assumption", "fact", "published", "high", "medium", "low"}
    name = figure.confidence.strip().lower()
    if name not in known:
        return figure.confidence
    return word(name if name in {"assumption", "fact"} else f"{name}_confidence", language)


def price_text(basis: str, language: str) -> str:
    """A price basis in words: “constant prices, 2026”; runs keep it in Swedish."""
    year = basis.removeprefix("fasta priser, ")
    return word("constant_prices", language, year=year) if year != basis else basis


def origin(run: Run, figure: Figure, language: str) -> paper.Origin:
    """Where a figure comes from: formula, interval, inputs, price basis, sources, run."""
    words, written = _formula(run, figure, language)
    facts = [
        paper.Fact(word("interval", language), f"{interval_text(figure, language)} (P10–P90)")
        if figure.low is not None and figure.high is not None
        else None,
        paper.Fact(word("inputs", language), _inputs(run, figure, language)),
        paper.Fact(word("price_basis", language), price_text(figure.price_basis, language)),
        paper.Fact(word("confidence", language), confidence_text(figure, language)),
        paper.Fact(word("published", language), "; ".join(str(source) for source in figure.sources)),
        paper.Fact(word("written_as", language), written),
    ]
    return paper.Origin(
        key=address(run.uid, figure.key),
        label=label_of(figure, language),
        value=value_text(figure, language),
        basis=words,
        source=word("run_source", language, title=run_title(run, language), day=day(run.created_at, language)),
        facts=tuple(fact for fact in facts if fact and fact.value),
    )


def run_title(run: Run, language: str) -> str:
    """The run's name in the document's language."""
    return in_language(run.title, run.title_en, language)


def group_text(figure: Figure, language: str) -> str:
    """Whom an effect in its own unit concerns, where its explanation says so."""
    return _worded(figure.explanation.get("affects"), language)


def is_assumption(figure: Figure) -> bool:
    """Whether the figure itself is marked as resting on assumptions."""
    return figure.confidence.strip().lower() in {"assumption", "antagande", "low", "låg"}


def _worded(value: Any, language: str) -> str:
    if isinstance(value, Mapping):
        return str(value.get(language) or value.get("sv") or value.get("text") or "")
    return str(value) if value not in (None, "") else ""


_NAME = re.compile(r"[^\W\d]\w*")


def _formula(run: Run, figure: Figure, language: str) -> tuple[str, str]:
    """How a figure is calculated, in people's words, and as the book writes it when that is something else."""
    told = next((told for name in ("formula", "text", "note") if (told := figure.explanation.get(name))), "")
    text, known = _worded(told, language), _quantities(run)
    if not isinstance(told, str) or not (set(_NAME.findall(text)) & known.keys()):
        return text, ""

    def label(match: re.Match[str]) -> str:
        one = known.get(match[0])
        return _worded(one.get("label"), language) or match[0] if one else match[0]

    return _NAME.sub(label, text).replace(" * ", " × ").replace(" - ", " − "), text


def _quantities(run: Run) -> Mapping[str, Mapping[str, Any]]:
    """What the run tells of the quantities it rests on, by their names in the book."""
    found = run.recipe.get("quantities")
    return found if isinstance(found, Mapping) else {}


def _inputs(run: Run, figure: Figure, language: str) -> str:
    """The first inputs of a figure as “name 280 kr/MWh; …”; rooms write them as a mapping or a list."""
    explanation, known = figure.explanation, _quantities(run)
    given: Any = explanation.get("inputs") or explanation.get("values") or ()
    if not given and isinstance(told := explanation.get("formula"), str):
        given = [known[name] for name in dict.fromkeys(_NAME.findall(told)) if name in known]
    items = list(given.items()) if isinstance(given, Mapping) else [("", item) for item in given]
    texts = [text for name, item in items[:MAX_INPUTS] if (text := _input(str(name), item, language))]
    more = [word("and_more", language)] if len(items) > MAX_INPUTS else []
    return "; ".join([*texts, *more])


def _input(name: str, item: Any, language: str) -> str:
    if isinstance(item, Mapping):
        label = _worded(item.get("label"), language) or str(item.get("name") or name)
        value, unit = item.get("value"), str(item.get("unit") or "")
    else:
        label, value, unit = name, item, ""
    if numbers.is_number(value):
        shown = numbers.quantity(value, unit_text(unit, language), language=language)
    else:
        shown = _worded(value, language)
    return f"{label} {shown}".strip() if shown else ""
