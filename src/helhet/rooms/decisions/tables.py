# SPDX-License-Identifier: EUPL-1.2
"""The tables and charts of a decision basis. Every number is a figure that can be opened.

The one exception is the table year by year, whose sums over the whole period stand beside it as figures.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from helhet.core.charts import numbers
from helhet.core.charts.units import unit_text
from helhet.foundation.figures.models import Run
from helhet.foundation.figures.services import Figure, NoSuchFigure, figure
from helhet.paper import document as paper
from helhet.rooms.decisions.models import Alternative, Part
from helhet.rooms.decisions.references import matching, parse_key
from helhet.rooms.decisions.shown import (
    confidence_text,
    decimals_for,
    group_text,
    interval_text,
    label_of,
    price_text,
    scale,
    steady,
    value_text,
)
from helhet.rooms.decisions.words import counted, day, in_language, inside

if TYPE_CHECKING:
    from helhet.rooms.decisions.document import Builder

Pair = tuple[Run, Figure]
#: How many years stand by themselves in the table year by year, and how many later ones are summed at a time.
YEARS_SHOWN = 10
YEARS_SUMMED = 10
#: The parts whose figures are shown with their spread.
SPREAD_PARTS = (Part.TOTAL, Part.MONEY, Part.UNITS, Part.HOLDERS)


def alternatives(builder: Builder) -> paper.Block:
    """The alternatives side by side: one column for each figure chosen to compare, and whether it can be undone."""
    material, language = builder.material, builder.language
    keys = _compared(builder)
    columns = [paper.Column(label, "num", unit_text(by[1], language)) for _key, label, by in keys]
    rows = tuple(
        paper.Alternative(
            mark=material.mark(one),
            title=in_language(one.name, one.name_en, language),
            cells=(*(_compared_cell(builder, one, key, by) for key, _l, by in keys), _reversible(builder, one)),
            recommended=one.is_recommended,
        )
        for one in material.alternatives
    )
    return paper.Alternatives(
        caption=builder.w("alternatives_caption"),
        columns=(*columns, paper.Column(builder.w("reversible"))),
        alternatives=rows,
        note=builder.w("interval_note") if keys else "",
        first=builder.w("alternative"),
    )


def alternative_texts(builder: Builder) -> paper.Block:
    """What each alternative means, and whether it can be undone."""
    items = []
    for one in builder.material.alternatives:
        name = in_language(one.name, one.name_en, builder.language)
        lead = paper.Strong((paper.Text(f"{builder.material.mark(one)}. {name.rstrip('.')}."),))
        undone = in_language(one.reversible, one.reversible_en, builder.language).rstrip(".")
        texts = (
            in_language(one.text, one.text_en, builder.language),
            builder.w("can_be_undone", text=undone[:1].lower() + undone[1:]) if undone else "",
        )
        items.append((paper.Paragraph((lead, paper.Text("".join(f" {text}" for text in texts if text)))),))
    return paper.Bullets(tuple(items))


def _compared(builder: Builder) -> list[tuple[str, str, tuple[float, str]]]:
    """(key, label, scale) of the columns; labels come from the first alternative whose run holds the figure."""
    found: dict[str, tuple[str, str, tuple[float, str]]] = {}
    runs = [run for one in builder.material.alternatives if one.run and (run := _run(builder, one))]
    for chosen in builder.material.chosen:
        if chosen.part != Part.COMPARE:
            continue
        for run in runs:
            for key in matching(run.figures, chosen.key):
                if key not in found:
                    kept = figure(run, key)
                    values = [r.figures[key]["value"] for r in runs if key in r.figures]
                    found[key] = (key, label_of(kept, builder.language), scale(values, kept.unit))
    return list(found.values())


def _run(builder: Builder, one: Alternative) -> Run | None:
    return builder.material.runs.get(str(one.run.uid)) if one.run else None


def _compared_cell(builder: Builder, one: Alternative, key: str, by: tuple[float, str]) -> paper.Cell:
    run = _run(builder, one)
    if run is None:
        return paper.cell(builder.w("baseline" if one.is_reference else "not_calculated"))
    try:
        return _figure_cell(builder, run, figure(run, key), unit=False, by=by)
    except NoSuchFigure:
        return paper.cell(builder.w("not_calculated"))


def _figure_cell(
    builder: Builder, run: Run, kept: Figure, *, unit: bool = True, by: tuple[float, str] | None = None
) -> paper.Cell:
    """The number, and its interval on a line of its own."""
    text = value_text(kept, builder.language, signed=True, unit=unit, by=by)
    cell: list[paper.Inline] = [builder.figure(run, kept, text)]
    if spread := interval_text(kept, builder.language, signed=True, by=by):
        cell += [paper.Break(), paper.Fine((paper.Text(spread),))]
    return tuple(cell)


def _reversible(builder: Builder, one: Alternative) -> paper.Cell:
    text = in_language(one.reversible, one.reversible_en, builder.language)
    return paper.cell(text or builder.w("unknown"))


def effects(builder: Builder) -> list[paper.Block]:
    """Effects in money, then effects in their own units; never added together."""
    blocks: list[paper.Block] = []
    for part, caption in ((Part.MONEY, "money_caption"), (Part.UNITS, "units_caption")):
        if pairs := builder.material.expand(part):
            blocks.append(_effect_table(builder, pairs, builder.w(caption)))
    return blocks


def _effect_table(builder: Builder, pairs: list[Pair], caption: str) -> paper.Table:
    """One row for each effect; whom it concerns and how sure it is stand there when any of them says so."""
    language = builder.language
    groups = [group_text(kept, language) for _run, kept in pairs]
    surety = [confidence_text(kept, language) for _run, kept in pairs]
    columns = [paper.Column(builder.w("effect")), paper.Column(builder.w("expected"), "num")]
    columns += [paper.Column(builder.w("whom"))] if any(groups) else []
    columns += [paper.Column(builder.w("confidence"))] if any(surety) else []
    rows = []
    for (run, kept), group, sure in zip(pairs, groups, surety, strict=True):
        cells: list[str | paper.Cell] = [label_of(kept, language), _figure_cell(builder, run, kept)]
        cells += [group or builder.w("unknown")] if any(groups) else []
        cells += [sure or builder.w("unknown")] if any(surety) else []
        rows.append(paper.row(*cells))
    caption = _with_basis(builder, caption, pairs)
    return paper.Table(caption, tuple(columns), tuple(rows), note=_interval_note(builder, pairs))


def _interval_note(builder: Builder, pairs: list[Pair]) -> str:
    return builder.w("interval_note") if any(kept.low is not None for _run, kept in pairs) else ""


def _with_basis(builder: Builder, caption: str, pairs: list[Pair]) -> str:
    """The caption with the price basis, where all of the figures share one."""
    bases = {kept.price_basis for _run, kept in pairs if kept.price_basis}
    return f"{caption}, {price_text(bases.pop(), builder.language)}" if len(bases) == 1 else caption


def holder_names(builder: Builder, pairs: list[Pair]) -> dict[str, str]:
    """Each figure's budget-holder by the figure's key: what tells its label from the others' («Nuvärde, Energibolaget»
    → «Energibolaget»), or the coordinate itself where all labels are the same."""
    labels = {kept.key: label_of(kept, builder.language) for _run, kept in pairs}
    own = distinct(list(labels.values()))
    if len(set(labels.values())) < len(labels):
        return {key: parse_key(key)[1].get("holder", key) for key in labels}
    return {key: own[label] for key, label in labels.items()}


def distinct(labels: list[str]) -> dict[str, str]:
    """Labels without the words that all of them begin and end with; one label alone is kept whole."""
    words = {label: label.split() for label in labels}
    if len(words) < 2:
        return {label: label for label in words}
    rows = list(words.values())
    shortest = min(map(len, rows))
    first = next((i for i in range(shortest) if len({row[i] for row in rows}) > 1), shortest)
    last = next((i for i in range(shortest - first) if len({row[-1 - i] for row in rows}) > 1), 0)
    found = {}
    for label, row in words.items():
        rest = " ".join(row[first : len(row) - last]).strip(" ,:–-")
        found[label] = rest[:1].upper() + rest[1:] if rest else label
    return found


def holders(builder: Builder) -> list[paper.Block]:
    """Who pays and who gains: bars over the whole period with their table, and year by year."""
    pairs, total = builder.material.expand(Part.HOLDERS), builder.material.expand(Part.TOTAL)
    pairs = [pair for pair in pairs if pair[1].value is not None]
    years = builder.material.expand(Part.YEARS)
    blocks: list[paper.Block] = [_chart(builder, pairs, total)] if pairs else []
    return [*blocks, *([_year_table(builder, years)] if years else [])]


def _chart(builder: Builder, pairs: list[Pair], total: list[Pair]) -> paper.Chart:
    unit = pairs[0][1].unit
    same = [pair for pair in pairs if pair[1].unit == unit]
    sums = [pair for pair in total if pair[1].unit == unit and pair[1].value is not None][:1]
    divisor, shown = scale([kept.value for _run, kept in (*same, *sums)], unit)
    places = decimals_for([(kept.value or 0) / divisor for _run, kept in (*same, *sums)])
    names = holder_names(builder, pairs)
    bars = [_bar(builder, kept, names[kept.key], divisor, places) for _run, kept in same]
    bars += [_bar(builder, kept, builder.w("whole"), divisor, places, is_sum=True) for _run, kept in sums]
    words = "; ".join(f"{bar.label} {bar.text} {shown}" for bar in bars)
    return paper.Chart(
        title=_holder_title(builder, same, names),
        alt=builder.w("chart_alt", bars=words),
        caption=_with_basis(builder, f"{_scenario(builder)} {unit_text(shown, builder.language)}".strip(), same),
        unit=unit_text(shown, builder.language),
        bars=tuple(bars),
        table=_holder_table(builder, pairs, sums, names),
    )


def _scenario(builder: Builder) -> str:
    proposed = builder.material.recommended
    if proposed is None:
        return ""
    name = in_language(proposed.name, proposed.name_en, builder.language).rstrip(".")
    return f"{builder.w('alternative')} {builder.material.mark(proposed)}. {name},"


def _bar(builder: Builder, kept: Figure, label: str, divisor: float, places: int, *, is_sum: bool = False) -> paper.Bar:
    return paper.Bar(
        label=label,
        value=(kept.value or 0.0) / divisor,
        text=numbers.number((kept.value or 0.0) / divisor, places, language=builder.language, signed=True),
        low=None if kept.low is None else kept.low / divisor,
        high=None if kept.high is None else kept.high / divisor,
        interval=interval_text(kept, builder.language, signed=True, by=(divisor, "")),
        is_sum=is_sum,
    )


def _holder_title(builder: Builder, pairs: list[Pair], names: dict[str, str]) -> str:
    """What is true: who loses money, and who gains."""
    losers = [inside(names[kept.key]) for _run, kept in pairs if (kept.value or 0) < 0]
    winners = [inside(names[kept.key]) for _run, kept in pairs if (kept.value or 0) > 0]
    parts = [
        counted(key, builder.language, len(who), names=builder.names(who))
        for key, who in (("loses", losers), ("gains", winners))
        if who
    ]
    if len(parts) == 2:
        parts = [builder.w("but", first=parts[0], last=parts[1])]
    said = (parts or [builder.w("nobody_moves")])[0]
    return said[:1].upper() + said[1:]


def _holder_table(builder: Builder, pairs: list[Pair], sums: list[Pair], names: dict[str, str]) -> paper.Table:
    columns = _spread_columns(builder, "holder")
    rows = tuple(_spread_row(builder, run, kept, names[kept.key]) for run, kept in pairs)
    foot = tuple(_spread_row(builder, run, kept, builder.w("whole")) for run, kept in sums)
    caption = builder.w("holders_caption", name=label_of(sums[0][1] if sums else pairs[0][1], builder.language))
    return paper.Table(_with_basis(builder, caption, pairs), columns, rows, foot)


def _spread_row(builder: Builder, run: Run, kept: Figure, label: str) -> tuple[paper.Cell, ...]:
    """Label, expected, low, high and unit of one figure, all in the same scale."""
    by = scale([kept.value, kept.low, kept.high], kept.unit)
    value = builder.figure(run, kept, value_text(kept, builder.language, signed=True, unit=False, by=by))
    ends = (_end(builder, kept, end, by[0]) for end in (kept.low, kept.high))
    return paper.row(label, (value,), *ends, unit_text(by[1], builder.language))


def _end(builder: Builder, kept: Figure, value: float | None, divisor: float) -> str:
    if value is None:
        return numbers.MISSING
    ends = [steady(end / divisor, kept) for end in (kept.low, kept.high) if end is not None]
    return numbers.number(steady(value / divisor, kept), decimals_for(ends), language=builder.language, signed=True)


def _spread_columns(builder: Builder, first: str) -> tuple[paper.Column, ...]:
    numeric = (paper.Column(builder.w(key), "num") for key in ("expected", "low", "high"))
    return (paper.Column(builder.w(first)), *numeric, paper.Column(builder.w("unit")))


def _year_table(builder: Builder, pairs: list[Pair]) -> paper.Table:
    """Holders and years; the far years are summed. What a run does not hold is a dash, never zero."""
    cells: dict[str, dict[str, Figure]] = {}
    one_a_holder = {parse_key(kept.key)[1].get("holder", ""): (run, kept) for run, kept in pairs}
    names = holder_names(builder, list(one_a_holder.values()))
    named = {holder: names[kept.key] for holder, (_run, kept) in one_a_holder.items()}
    for _run, kept in pairs:
        coordinates = parse_key(kept.key)[1]
        cells.setdefault(named[coordinates.get("holder", "")], {})[coordinates.get("year", "")] = kept
    years = periods(sorted({year for row in cells.values() for year in row}))
    divisor, unit = scale([kept.value for _run, kept in pairs], pairs[0][1].unit)
    table = [
        [_year_cell(builder, [row.get(year) for year in span], divisor) for _label, span in years]
        for row in cells.values()
    ]
    is_summed = any(len(span) > 1 for _label, span in years)
    caption = builder.w("years_summed" if is_summed else "years_caption", unit=unit_text(unit, builder.language))
    caption = _with_basis(builder, caption, pairs)
    labels = [label for label, _span in years]
    if len(labels) <= len(cells):
        return _grid(caption, builder.w("holder"), list(cells), labels, table)
    return _grid(caption, builder.w("year"), labels, list(cells), [list(column) for column in zip(*table, strict=True)])


def _grid(caption: str, first: str, down: list[str], across: list[str], cells: list[list[paper.Cell]]) -> paper.Table:
    """A table of numbers; the longer of its two sides goes down the page."""
    columns = (paper.Column(first), *(paper.Column(label, "num") for label in across))
    rows = tuple(paper.row(label, *row) for label, row in zip(down, cells, strict=True))
    return paper.Table(caption, columns, rows)


def periods(years: list[str]) -> list[tuple[str, list[str]]]:
    """(label, years): each year by itself, but beyond the first ten in tens when there are more than twelve."""
    if len(years) <= YEARS_SHOWN + 2:
        return [(year, [year]) for year in years]
    late = [years[i : i + YEARS_SUMMED] for i in range(YEARS_SHOWN, len(years), YEARS_SUMMED)]
    spans = [(f"{span[0]}–{span[-1]}" if len(span) > 1 else span[0], span) for span in late]
    return [*((year, [year]) for year in years[:YEARS_SHOWN]), *spans]


def _year_cell(builder: Builder, kept: list[Figure | None], divisor: float) -> paper.Cell:
    values = [one.value for one in kept if one is not None and one.value is not None]
    if len(values) < len(kept):
        return paper.cell(numbers.MISSING)
    return paper.cell(numbers.number(sum(values) / divisor, 1, language=builder.language, signed=True))


def certainty(builder: Builder) -> list[paper.Block]:
    """The spread of every chosen figure, and in words what it says about the direction."""
    pairs = {(run.pk, kept.key): (run, kept) for part in SPREAD_PARTS for run, kept in builder.material.expand(part)}
    spread = [pair for pair in pairs.values() if pair[1].low is not None and pair[1].high is not None]
    if not spread:
        return [paper.Paragraph((paper.Text(builder.w("no_intervals")),), "meta")]
    columns = (*_spread_columns(builder, "effect"), paper.Column(builder.w("says")))
    rows = tuple(
        (*_spread_row(builder, run, kept, label_of(kept, builder.language)), paper.cell(direction(builder, kept)))
        for run, kept in spread
    )
    blocks: list[paper.Block] = [paper.Table(builder.w("certainty_caption"), columns, rows)]
    without = [
        label_of(kept, builder.language) for _run, kept in pairs.values() if kept.low is None or kept.high is None
    ]
    if without:
        text = builder.w("without_interval", names=builder.names(without))
        blocks.append(paper.Paragraph((paper.Text(text),), "meta"))
    return blocks


def direction(builder: Builder, kept: Figure) -> str:
    """What a figure's spread says of its sign, in words. The figure has a spread."""
    assert kept.low is not None
    assert kept.high is not None
    return builder.w("sure_plus" if kept.low > 0 else "sure_minus" if kept.high < 0 else "unsure")


def heard(builder: Builder) -> paper.Table | None:
    """Who is affected, how, when they were heard and what they say."""
    rows = builder.material.affected
    if not rows:
        return None
    language = builder.language
    columns = tuple(paper.Column(builder.w(key)) for key in ("group", "how_affected", "when", "they_say"))
    body = []
    for row in rows:
        how_heard = in_language(row.heard_how, row.heard_how_en, language)
        moment = day(row.heard_on, language) if row.heard_on else builder.w("not_heard")
        body.append(
            paper.row(
                in_language(row.group, row.group_en, language),
                in_language(row.how, row.how_en, language),
                f"{moment}. {how_heard}".rstrip(". ") if how_heard else moment,
                in_language(row.says, row.says_en, language),
            )
        )
    return paper.Table(builder.w("heard_caption"), columns, tuple(body))
