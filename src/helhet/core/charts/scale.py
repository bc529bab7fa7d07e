# SPDX-License-Identifier: EUPL-1.2
"""From values to places along an axis: always finite, always within 0–100 per cent, ticks on round numbers."""

import itertools
import math
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from helhet.core.charts.numbers import Number, is_number

_LARGEST: Final = sys.float_info.max / 4
_SMALLEST: Final = 1e-290
_NICE: Final = (1.0, 2.0, 5.0, 10.0)


def clean(value: Number | None) -> float | None:
    """The value as a finite float, or None when it is missing, NaN or infinite. Beyond ±4e307 it is held back."""
    if value is None or not is_number(value):
        return None
    try:
        number = float(value)
    except OverflowError:
        number = _LARGEST if value > 0 else -_LARGEST
    if not math.isfinite(number):
        return None
    return max(-_LARGEST, min(_LARGEST, number))


@dataclass(frozen=True)
class Scale:
    """An axis from ``low`` to ``high`` (data units) with ``ticks`` on round numbers."""

    low: float
    high: float
    ticks: tuple[float, ...]

    def at(self, value: float) -> float:
        """Place of a value, in per cent from the low end, held within 0–100."""
        size = max(abs(self.low), abs(self.high), _SMALLEST)
        span = self.high / size - self.low / size
        place = (value / size - self.low / size) / span * 100 if span > 0 else 50.0
        return max(0.0, min(100.0, place))


def _step(span: float, most: int) -> float:
    """Smallest round step (1, 2, 5 × 10ⁿ) that gives at most ``most`` intervals over ``span``."""
    raw = span / most
    base = 10.0 ** math.floor(math.log10(raw))
    for nice in _NICE:
        if base * nice >= raw * (1 - 1e-9):
            return base * nice
    return base * 10


def scale(values: Iterable[float | None], *, most: int = 6, pad: float = 0.04) -> Scale:
    """An axis that holds zero and every value, with at most ``most`` + 1 ticks.

    ``pad`` is the empty share left beyond the outermost value on each side that has values.
    """
    known = [v for v in (clean(value) for value in values) if v is not None]
    low, high = min([0.0, *known]), max([0.0, *known])
    if max(-low, high) < _SMALLEST:
        return Scale(-1.0, 1.0, (0.0,))
    span = high - low
    low, high = (low - span * pad if low < 0 else low), (high + span * pad if high > 0 else high)
    step = _step(high - low, most)
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    return Scale(low, high, tuple(0.0 if k == 0 else k * step for k in range(first, last + 1)))


def tick_decimals(ticks: tuple[float, ...]) -> int:
    """Decimals needed to tell the ticks apart, at most six."""
    if len(ticks) < 2:
        return 0
    step = min(abs(b - a) for a, b in itertools.pairwise(ticks))
    return max(0, min(6, -math.floor(math.log10(step) + 1e-9))) if step > 0 else 0


def year_labels(years: tuple[int, ...], most: int = 5) -> frozenset[int]:
    """Which of the years carry a label: the first, the last and evenly between, at most ``most``."""
    if len(years) <= most:
        return frozenset(years)
    every = math.ceil((len(years) - 1) / (most - 1))
    chosen = [years[i] for i in range(0, len(years), every)]
    gap = len(years) - 1 - (len(chosen) - 1) * every
    if gap and gap < max(2, every // 2 + 1) and len(chosen) > 1:
        chosen.pop()
    return frozenset([*chosen, years[-1]])
