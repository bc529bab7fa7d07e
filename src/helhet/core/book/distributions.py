# SPDX-License-Identifier: EUPL-1.2
"""Distributions of inputs: parameters → mean, centre and values at given uniform draws.

Everything is a function of one uniform number per element and sample, so that declared correlation can later work on the
draws alone. All functions take parameter arrays of the quantity's shape and draws with one more axis, the samples.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import numpy as np
from scipy.special import ndtri

from helhet.core.book.model import Array, Distribution

#: z of the 95th percentile, for intervals given as 5–95 %.
Z95 = 1.6448536269514722


@dataclass(frozen=True, slots=True)
class Row:
    """One distribution: `parameters` sets that are accepted, and what the slider moves (`centre`)."""

    kind: str
    parameters: tuple[tuple[str, ...], ...]
    sv: str
    en: str
    centre: Callable[[Distribution], Array]
    mean: Callable[[Distribution], Array]
    values: Callable[[Distribution, Array], Array]
    fault: Callable[[Distribution], str]


def _lognormal(d: Distribution) -> tuple[Array, Array]:
    """(mu, sigma) of the logarithm, from mean and sd or from a 5–95 % interval."""
    p: Mapping[str, Array] = d.parameters
    if "p5" in p:
        low, high = np.log(p["p5"]), np.log(p["p95"])
        return (low + high) / 2, (high - low) / (2 * Z95)
    variance = np.log1p((p["sd"] / p["mean"]) ** 2)
    return np.log(p["mean"]) - variance / 2, np.sqrt(variance)


def _lognormal_mean(d: Distribution) -> Array:
    if "mean" in d.parameters:
        return d.parameters["mean"]
    mu, sigma = _lognormal(d)
    return np.asarray(np.exp(mu + sigma**2 / 2))


def _lognormal_values(d: Distribution, u: Array) -> Array:
    mu, sigma = _lognormal(d)
    return np.asarray(np.exp(_col(mu) + _col(sigma) * ndtri(u)))


def _normal(d: Distribution) -> tuple[Array, Array]:
    p = d.parameters
    if "p5" in p:
        return (p["p5"] + p["p95"]) / 2, (p["p95"] - p["p5"]) / (2 * Z95)
    return p["mean"], p["sd"]


def _normal_values(d: Distribution, u: Array) -> Array:
    mean, sd = _normal(d)
    return np.asarray(_col(mean) + _col(sd) * ndtri(u))


def _triangular_mean(d: Distribution) -> Array:
    p = d.parameters
    return np.asarray((p["low"] + p["mode"] + p["high"]) / 3)


def _triangular_values(d: Distribution, u: Array) -> Array:
    low, mode, high = (_col(d.parameters[name]) for name in ("low", "mode", "high"))
    width = high - low
    rising = low + np.sqrt(u * width * (mode - low))
    falling = high - np.sqrt((1 - u) * width * (high - mode))
    return np.where(u * width < mode - low, rising, falling)


def _reference_values(d: Distribution, u: Array) -> Array:
    ratios = np.sort(np.asarray(d.ratios))
    index = np.minimum((u * len(ratios)).astype(np.int64), len(ratios) - 1)
    return np.asarray(_col(d.parameters["base"]) * ratios[index])


def _normal_fault(d: Distribution) -> str:
    return "sd < 0" if np.any(_normal(d)[1] < 0) else ""


def _lognormal_fault(d: Distribution) -> str:
    p = d.parameters
    if "p5" in p:
        return "" if np.all(p["p5"] > 0) and np.all(p["p95"] > p["p5"]) else "0 < p5 < p95"
    return "" if np.all(p["mean"] > 0) and np.all(p["sd"] >= 0) else "mean > 0, sd ≥ 0"


def _triangular_fault(d: Distribution) -> str:
    low, mode, high = (d.parameters[name] for name in ("low", "mode", "high"))
    return "" if np.all(low <= mode) and np.all(mode <= high) else "low ≤ mode ≤ high"


def _reference_fault(d: Distribution) -> str:
    return "" if d.ratios else "ratios"


TABLE: tuple[Row, ...] = (
    Row(
        "normal",
        (("mean", "sd"), ("p5", "p95")),
        "Normalfördelning. Reglaget flyttar medelvärdet, spridningen står kvar.",
        "Normal. The slider moves the mean, the spread stays.",
        lambda d: _normal(d)[0],
        lambda d: _normal(d)[0],
        _normal_values,
        _normal_fault,
    ),
    Row(
        "lognormal",
        (("mean", "sd"), ("p5", "p95")),
        "Lognormal. Reglaget flyttar medelvärdet, den relativa spridningen står kvar.",
        "Lognormal. The slider moves the mean, the relative spread stays.",
        _lognormal_mean,
        _lognormal_mean,
        _lognormal_values,
        _lognormal_fault,
    ),
    Row(
        "triangular",
        (("low", "mode", "high"),),
        "Triangel. Reglaget flyttar det troligaste värdet, ändarna följer med lika långt.",
        "Triangular. The slider moves the mode, the ends move as far.",
        lambda d: d.parameters["mode"],
        _triangular_mean,
        _triangular_values,
        _triangular_fault,
    ),
    Row(
        "reference_class",
        (("base",),),
        "Referensklass: kalkylen gånger ett av de utfall som liknande fall har haft. Reglaget flyttar kalkylen.",
        "Reference class: the estimate times one of the outcomes of similar cases. The slider moves the estimate.",
        lambda d: d.parameters["base"],
        lambda d: d.parameters["base"] * float(np.mean(d.ratios)),
        _reference_values,
        _reference_fault,
    ),
)

BY_KIND: dict[str, Row] = {row.kind: row for row in TABLE}


def centre(d: Distribution) -> Array:
    """What a slider shows and moves: mean, mode or estimate, in base units."""
    return BY_KIND[d.kind].centre(d)


def mean(d: Distribution) -> Array:
    """The expected value by closed form."""
    return BY_KIND[d.kind].mean(d)


def values(d: Distribution, u: Array) -> Array:
    """Values at uniform draws `u` in (0, 1) of shape (dims…, samples)."""
    return BY_KIND[d.kind].values(d, u)


def fault(d: Distribution) -> str:
    """What is wrong with the parameters, or an empty string."""
    numbers = [np.asarray(p) for p in d.parameters.values()] + [np.asarray(d.ratios)]
    if not all(np.all(np.isfinite(n)) for n in numbers):
        return "inf"
    with np.errstate(all="ignore"):
        return BY_KIND[d.kind].fault(d)


def moved(d: Distribution, to: Array) -> Distribution:
    """The same distribution with its centre at `to`: absolute spread kept by normal and triangular,
    relative spread by lognormal and reference class."""
    p = d.parameters
    if d.kind in ("lognormal", "reference_class"):
        factor = to / centre(d)
        return replace(d, parameters={name: value * factor for name, value in p.items()})
    shift = to - centre(d)
    return replace(d, parameters={n: v if n == "sd" else v + shift for n, v in p.items()})


def _col(array: Array) -> Array:
    """A parameter with a last axis of length one, to meet draws with samples last."""
    return np.asarray(array, dtype=np.float64)[..., np.newaxis]
