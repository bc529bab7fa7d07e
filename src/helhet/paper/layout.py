# SPDX-License-Identifier: EUPL-1.2
"""How a table fits a page: size of type, widths of columns, upright or turned, in one piece or several."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from helhet.paper.document import Break, Cell, Column, Figure, Table, Text
from helhet.paper.words import plain

UPRIGHT = 453.0  # points between the margins of an upright A4
TURNED = 700.0
GUTTER = 10.0
_SIZES = (9.0, 8.2, 7.4)
_EM = 0.57  # mean width of a character of Inter in ems, figures and capitals included
_WIDE = 1.12  # a word in bold or of broad letters, to a common one
_LONGEST_WORD = 17  # longer words are hyphenated
_AIR = 5.0  # characters of air that a column of numbers takes where there is room
_MODEST = 5.0  # a wish up to this many characters is met before longer ones get their parts
_NUMBER = "00"  # the room that the small number at a figure takes
_NATURAL = 70  # a column of running text asks for no more than this many characters


@dataclass(frozen=True, slots=True)
class Piece:
    """A table, or a part of its columns, as it is set: type `size` in points, `widths` as shares."""

    table: Table
    size: float
    widths: tuple[float, ...]
    turned: bool
    part: int = 1
    parts: int = 1

    def hyphenates(self, index: int) -> bool:
        """Tell whether column `index` holds a word longer than the column."""
        column = self.table.columns[index]
        texts = [column.label, *(line for cell in _cells(self.table, index) for line in _lines(cell))]
        longest = max((len(word) for text in texts for word in text.split()), default=0)
        return longest * _WIDE > self.widths[index]

    def padded(self) -> tuple[float, ...]:
        """Return the widths with a gutter also after the last column, as a word processor sets its cells."""
        return (*self.widths[:-1], self.widths[-1] + GUTTER / (self.size * _EM))


def fit(table: Table) -> list[Piece]:
    """Return the pieces in which `table` is set: one, unless it is too wide even for a turned page."""
    least = [_least(table, index) for index in range(len(table.columns))]
    for width, turned in ((UPRIGHT, False), (TURNED, True)):
        for size in _SIZES:
            if _total(least, size) <= width:
                return [Piece(table, size, _shares(table, least, size, width), turned)]
    return _split(table, least)


def _total(least: Sequence[float], size: float) -> float:
    return sum(least) * size * _EM + GUTTER * (len(least) - 1)


def _split(table: Table, least: Sequence[float]) -> list[Piece]:
    size = _SIZES[-1]
    groups: list[list[int]] = [[0]]
    for index in range(1, len(least)):
        if len(groups[-1]) > 1 and _total([least[i] for i in [*groups[-1], index]], size) > TURNED:
            groups.append([0])
        groups[-1].append(index)
    pieces = []
    for part, group in enumerate(groups, start=1):
        narrow = replace(
            table,
            columns=tuple(table.columns[i] for i in group),
            rows=tuple(tuple(row[i] for i in group) for row in table.rows),
            footers=tuple(tuple(row[i] for i in group) for row in table.footers),
        )
        shares = _shares(narrow, [least[i] for i in group], size, TURNED)
        pieces.append(Piece(narrow, size, shares, True, part, len(groups)))
    return pieces


def _cells(table: Table, index: int) -> list[Cell]:
    return [row[index] for row in (*table.rows, *table.footers)]


def _lines(cell: Cell) -> list[str]:
    """Return the lines of a cell as its author broke them."""
    lines: list[list[str]] = [[]]
    for item in cell:
        if isinstance(item, Break):
            lines.append([])
        elif isinstance(item, Text):
            lines[-1].append(item.text)
        elif isinstance(item, Figure):
            lines[-1].append(plain((item,)) + _NUMBER)
        else:
            inner = _lines(item.content) if hasattr(item, "content") else [plain((item,))]
            lines[-1].append(inner[0])
            lines += [[line] for line in inner[1:]]
    return ["".join(line) for line in lines]


def _least(table: Table, index: int) -> float:
    """Return the fewest characters that column `index` can be set in."""
    column = table.columns[index]
    widest = _longest_word(column.label, column.unit) * _WIDE
    for cell in _cells(table, index):
        for line in _lines(cell):
            if column.align == "num" and len(line) <= 24:
                widest = max(widest, len(line))
            else:
                widest = max(widest, _longest_word(line))
    return max(3.0, widest)


def _longest_word(*texts: str) -> float:
    return max(
        (min(_LONGEST_WORD, len(word)) for text in texts for word in text.replace("\u00ad", "").split()), default=0
    )


def _natural(column: Column, cells: Sequence[Cell]) -> float:
    lines = [line for cell in cells for line in _lines(cell)]
    if column.align == "num":
        return max((len(line) for line in lines), default=0)
    longest = max((len(line) for line in lines), default=0)
    return min(_NATURAL, max(len(column.label), longest))


def _shares(table: Table, least: Sequence[float], size: float, width: float) -> tuple[float, ...]:
    """Give each column what it must have, then what it would like; of the rest numbers take some air, and texts the remainder by their length."""
    room = (width - GUTTER * (len(least) - 1)) / (size * _EM)
    wishes = [max(0.0, _natural(c, _cells(table, i)) - least[i]) for i, c in enumerate(table.columns)]
    spare = room - sum(least)
    given = _fairly([min(wish, _MODEST) for wish in wishes], spare)
    more = [wish - amount for wish, amount in zip(wishes, given, strict=True)]
    weights = [_weight(table, index) for index in range(len(least))]
    further = _by_weight(more, weights, spare - sum(given))
    given = [amount + extra for amount, extra in zip(given, further, strict=True)]
    rest = spare - sum(given)
    texts = [i for i, c in enumerate(table.columns) if c.align == "start"] or list(range(len(least)))
    air = min(_AIR, rest / len(least))
    given = [amount + (0.0 if i in texts else air) for i, amount in enumerate(given)]
    rest = spare - sum(given)
    # The gutter stands inside each column but the last, so it is part of the share.
    gutter = GUTTER / (size * _EM)
    heavy = sum(weights[i] for i in texts)
    return tuple(
        least[i]
        + given[i]
        + (rest * weights[i] / heavy if i in texts else 0.0)
        + (gutter if i < len(least) - 1 else 0.0)
        for i in range(len(least))
    )


def _weight(table: Table, index: int) -> float:
    """Long texts get wider columns, but not in proportion: the square root of their mean length."""
    lengths = [sum(len(line) for line in _lines(cell)) for cell in _cells(table, index)]
    return max(1.0, sum(lengths) / max(1, len(lengths))) ** 0.5


def _by_weight(wishes: Sequence[float], weights: Sequence[float], amount: float) -> list[float]:
    """Share `amount` in proportion to `weights`, nobody more than they wish; what is left goes round again."""
    given = [0.0] * len(wishes)
    left = max(0.0, amount)
    unmet = [i for i, wish in enumerate(wishes) if wish > 0]
    while unmet and left > 1e-9:
        total = sum(weights[i] for i in unmet)
        parts = {i: min(wishes[i] - given[i], left * weights[i] / total) for i in unmet}
        for i, part in parts.items():
            given[i] += part
        left -= sum(parts.values())
        still = [i for i in unmet if wishes[i] - given[i] > 1e-9]
        if len(still) == len(unmet):
            break
        unmet = still
    return given


def _fairly(wishes: Sequence[float], amount: float) -> list[float]:
    """Share `amount` so that small wishes are met first and the large ones get equal parts of what is left."""
    given = [0.0] * len(wishes)
    left = max(0.0, amount)
    for place, index in enumerate(order := sorted(range(len(wishes)), key=lambda i: wishes[i])):
        given[index] = min(wishes[index], left / (len(order) - place))
        left -= given[index]
    return given
