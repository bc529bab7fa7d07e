# SPDX-License-Identifier: EUPL-1.2
"""Published checks, keyed draws, scenarios, incremental runs, reproducibility."""

import json
import math
from pathlib import Path

import numpy as np
import pytest

from helhet.core.book import Overlay, difference, load, loads, run
from helhet.core.book.cache import Cache
from helhet.core.book.distributions import BY_KIND
from helhet.core.book.problems import BookError
from helhet.core.book.results import checksum

BOOKS = Path(__file__).parent / "books"
ONE = '[book]\nname = "ett"\nyears = [{first}, {last}]\n[dimensions]\nholder = ["a", "b"]\n'


def value(formula: str, more: str = "", first: int = 0, last: int = 1) -> np.ndarray:
    book = loads(ONE.format(first=first, last=last) + more + f'\n[quantity.q]\nformula = "{formula}"\n')
    return run(book, samples=1).values("q")


def test_annuity_of_3_5_per_cent_over_40_years() -> None:
    found = value("0,035 / (1 - 1,035 ^ -40)")
    assert found[0] == pytest.approx(0.0468272823, abs=5e-11)


def test_green_book_factors() -> None:
    rate = '[quantity.r]\ndims = ["year"]\nunit = "%"\nsource = "HM Treasury"\n'
    rate += 'table = { "0-30" = 3.5, "31-75" = 3, "76-125" = 2.5 }\n'
    printed = {1: 0.9662, 10: 0.70892, 30: 0.35628, 31: 0.34590, 60: 0.1468, 75: 0.0942, 76: 0.0919, 125: 0.0274}
    for year, factor in printed.items():
        found = value(f"npv(window({year}; {year + 1}); r)", rate, last=125)
        digits = 5 if year in (10, 30, 31) else 4
        assert round(float(found[0]), digits) == factor
    sixty = value("npv(window(1; 61); 3,5 %)", last=60)
    assert float(sixty[0]) == pytest.approx(24.945, abs=5e-4)


def fr(x: float) -> float:
    return x - math.floor(x)


def benchmark_book(count: int) -> str:
    """P1 in its deterministic golden case, written as a book of tables and windows."""
    rows = range(count)
    cost = [10 + 490 * fr(0.6180339887498949 * i) for i in rows]
    opex = [0.01 + 0.03 * fr(0.7548776662466927 * i) for i in rows]
    gain = [0.02 + 0.06 * fr(0.5698402909980532 * i) for i in rows]
    shares = {"ägare": np.zeros((count, 12)), "drift": np.zeros((count, 12)), "nytta": np.zeros((count, 12))}
    for i in rows:
        shares["ägare"][i, i % 12] += 1
        shares["drift"][i, i % 12] += 0.7
        shares["drift"][i, (i + 1) % 12] += 0.3
        shares["nytta"][i, i % 12] += 0.4
        shares["nytta"][i, (5 * i + 2) % 12] += 0.6
    tables = {
        "kostnad": ("MSEK", cost),
        "plan": ("år", [float(i % 15) for i in rows]),
        "bygge": ("år", [float(1 + i % 4) for i in rows]),
        "driftandel": ("1", opex),
        "nyttoandel": ("1", gain),
    }
    holders = ", ".join(f'"h{h}"' for h in range(12))
    text = f"""
[book]
name = "p1"
years = [0, 49]
discount_rate = "r"
[dimensions]
holder = [{holders}]
inv = {{ from = 0, to = {count - 1} }}
[quantity.r]
number = 3.5
unit = "%"
source = "P1"
"""
    for name, (unit, values) in tables.items():
        text += f'[quantity.{name}]\ndims = ["inv"]\nunit = "{unit}"\ntable = {values}\nsource = "P1"\n'
    for name, array in shares.items():
        text += f'[quantity."{name}"]\ndims = ["inv", "holder"]\ntable = {array.tolist()}\nsource = "P1"\n'
    return (
        text
        + """
[quantity.start]
formula = "plan + 1"
[quantity.slut]
formula = "start + bygge"
[quantity.capex]
formula = "kostnad / (bygge / 1 [år]) * 1.1 * 1.025 ^ year * window(start; slut)"
[quantity.bas]
formula = "kostnad * 1.02 ^ year * (year >= slut)"
[quantity.capex_h]
flow = "resource"
payer = "holder"
formula = "sum(capex * ägare; inv)"
[quantity.drift_h]
flow = "resource"
payer = "holder"
formula = "sum(bas * driftandel * drift; inv)"
[quantity.nytta_h]
flow = "resource"
payer = "holder"
formula = "-sum(bas * nyttoandel * nytta; inv)"
"""
    )


def test_benchmark_p1_golden_total() -> None:
    small = run(loads(benchmark_book(20)), samples=1, cache=Cache())
    assert float(small.total().expected) == pytest.approx(-1044.0715596509, abs=1e-9)
    text = benchmark_book(500)
    assert len(text) < 400_000
    full = run(loads(text), samples=1, cache=Cache())
    assert float(full.total().expected) == pytest.approx(-45131.0464415, abs=1e-6)
    assert full.npv().expected[:3] == pytest.approx([-3347.03235376, -4210.81411357, -3154.29480904], abs=1e-7)
    assert full.cash().expected.sum() == pytest.approx(58655.398604, abs=1e-5)


def drawn(distribution: str, samples: int = 200_000, seed: int = 1, name: str = "x") -> np.ndarray:
    text = ONE.format(first=0, last=0) + f'[quantity.{name}]\ndistribution = {distribution}\nsource = "s"\n'
    return run(loads(text), samples=samples, seed=seed, cache=Cache()).values(name)


def test_distributions_have_their_moments() -> None:
    mean, sd = math.exp(1 + 0.25 / 2), math.sqrt((math.exp(0.25) - 1) * math.exp(2 + 0.25))
    log = drawn(f'{{ kind = "lognormal", mean = {mean}, sd = {sd} }}')
    assert np.log(log).mean() == pytest.approx(1.0, abs=0.005) and np.log(log).std() == pytest.approx(0.5, abs=0.005)
    ninety = drawn('{ kind = "lognormal", p5 = 1, p95 = 10 }')
    assert np.quantile(ninety, [0.05, 0.95]) == pytest.approx([1, 10], rel=0.02)
    bell = drawn('{ kind = "normal", mean = 10, sd = 2 }')
    assert bell.mean() == pytest.approx(10, abs=0.02) and bell.std() == pytest.approx(2, abs=0.02)
    three = drawn('{ kind = "triangular", low = 1, mode = 2, high = 6 }')
    assert three.mean() == pytest.approx(3, abs=0.01) and three.min() >= 1 and three.max() <= 6
    assert three.var() == pytest.approx((1 + 4 + 36 - 2 - 6 - 12) / 18, rel=0.02)
    ratios = drawn('{ kind = "reference_class", base = 100, ratios = [0.9, 1.0, 1.7] }')
    assert sorted(set(ratios.round(6))) == [90, 100, 170] and ratios.mean() == pytest.approx(120, abs=0.3)


def test_expected_value_of_the_published_lognormal() -> None:
    """mean(lognormal(1, 2)) = 20.085536923187668, from its mean and sd and back from the interval."""
    z = 1.6448536269514722
    low, high = math.exp(1 - 2 * z), math.exp(1 + 2 * z)
    text = (
        ONE.format(first=0, last=0)
        + f"[quantity.x]\nsource = 's'\ndistribution = {{ kind = 'lognormal', p5 = {low}, p95 = {high} }}"
    )
    assert run(loads(text), samples=1).figures("x").expected == pytest.approx(20.085536923187668, rel=1e-12)


def test_draws_are_keyed_by_name_and_element() -> None:
    normal = '{ kind = "normal", mean = 0, sd = 1 }'
    alone = drawn(normal, 100)
    text = ONE.format(first=0, last=0) + f'[quantity.aaa]\ndistribution = {normal}\nsource = "s"\n'
    text += f'[quantity.x]\ndistribution = {normal}\nsource = "s"\n'
    both = run(loads(text), samples=100)
    assert np.array_equal(both.values("x"), alone) and not np.array_equal(both.values("aaa"), alone)
    assert np.array_equal(drawn(normal, 50), alone[:50])
    assert not np.array_equal(drawn(normal, 100, seed=2), alone)
    element = '[quantity.e]\nsource = "s"\ndims = ["holder"]\ndistribution = { kind = "normal", mean = 0, sd = 1 }'
    two = run(loads(ONE.format(first=0, last=0) + element), samples=9).values("e")
    more = ONE.format(first=0, last=0).replace('["a", "b"]', '["ny", "a", "b"]') + element
    assert np.array_equal(run(loads(more), samples=9).values("e")[1:3], two[:2])


def test_sample_identity() -> None:
    text = ONE.format(first=0, last=0)
    for name in "AB":
        text += f'[quantity.{name}]\nsource = "s"\ndistribution = {{ kind = "lognormal", mean = 3, sd = 2 }}\n'
    made = run(loads(text + '[quantity.ett]\nformula = "A/(A+B) + B/(A+B)"\n'), samples=5000)
    assert np.abs(made.values("ett") - 1).max() < 1e-15 * 4


def test_scenarios_build_on_one_another_and_share_draws() -> None:
    book = load(BOOKS / "hall.toml")
    base, dear = run(book, samples=500), run(book, scenario="dyr", samples=500)
    assert np.allclose(dear.values("elpris"), base.values("elpris") * 1.5, rtol=1e-14)
    late = run(book, scenario="dyr_och_sen", samples=500)
    assert late.values("start")[0] == 2029 and np.array_equal(late.values("elpris"), dear.values("elpris"))
    change = difference(dear, base)["total"]
    by_hand = (dear.sampled.total - base.sampled.total) / 1e6
    assert float(change.mean) == pytest.approx(float(by_hand.mean())) and float(change.p90) < 0


def test_a_slider_moves_the_centre_and_keeps_the_spread() -> None:
    book = load(BOOKS / "hall.toml")
    base, moved = run(book, samples=200), run(book, {"elpris": 600, "byggkostnad": 200}, samples=200)
    assert np.allclose(moved.values("elpris") - base.values("elpris"), 100)
    assert np.allclose(moved.values("byggkostnad") / base.values("byggkostnad"), 2)
    fixed = run(book, {"elpris": {"fix": 600}}, samples=200).values("elpris")
    assert np.allclose(fixed, 600) and fixed.shape == (1,)
    part = run(book, {"andelar": {"tak": 0.5}}, samples=1).values("andelar")[:, 0]
    assert part.tolist() == [0.5, 0.6]


def test_alternative_values_are_chosen_in_the_same_price_basis_only() -> None:
    book = load(BOOKS / "hall.toml")
    assert run(book, {"byggkostnad": {"choose": "egen"}}, samples=5).values("byggkostnad").tolist() == [130.0]
    for wrong in ("2019", "x"):
        with pytest.raises(BookError):
            run(book, {"byggkostnad": {"choose": wrong}}, samples=5)


@pytest.mark.parametrize(
    "changes",
    [{"fel": 1}, {"elpris": "x"}, {"elpris": math.inf}, {"start": {"table": {"a": 1}}}, {"elpris": {"bort": 1}},
     {"andelar": {"golv": 1}}, {"kalkylränta": -100}, {"byggkostnad": {"choose": []}}, {"bygge": {"scale": 1e300}}],
)  # fmt: skip
def test_values_that_do_not_fit_are_refused(changes: dict[str, object]) -> None:
    with pytest.raises(BookError):
        run(load(BOOKS / "hall.toml"), changes, samples=2)


def test_a_run_is_reproducible_and_checked() -> None:
    book = load(BOOKS / "hall.toml")
    one = run(book, {"start": 2028}, samples=300, seed=7, cache=Cache()).to_json()
    two = run(load(BOOKS / "hall.toml"), {"start": "2028"}, samples=300, seed=7, cache=Cache()).to_json()
    assert one == two
    again = json.loads(json.dumps(one))
    found = again.pop("checksum")
    assert checksum(again) == found
    assert run(book, samples=300, seed=8).to_json()["checksum"] != found


def test_a_change_recomputes_only_what_depends_on_it() -> None:
    book, cache = load(BOOKS / "hall.toml"), Cache()
    run(book, samples=100, cache=cache)
    cache.misses = 0
    run(book, {"elpris": 520}, samples=100, cache=cache)
    # elpris, el, what el is worth today and the outputs, in the expected and in the sampled pass; the draws are kept
    assert cache.misses == 8
    run(book, {"elpris": 520}, samples=100, cache=cache)
    assert cache.misses == 8


def test_effects_keep_their_units_and_the_unvalued_is_listed() -> None:
    made = run(load(BOOKS / "hall.toml"), samples=50)
    assert made.unvalued() == ["besök_per_år"]
    effects = made.effects()
    assert effects["besök_per_år"].total[0] == 50_000 * 17 and effects["besök_per_år"].value is None
    assert effects["hälsa"].value is not None and effects["hälsa"].value[0] > 0


def test_limits_of_samples_and_memory() -> None:
    book = load(BOOKS / "hall.toml")
    for samples in (0, -1, 10**9):
        with pytest.raises(BookError):
            run(book, samples=samples)
    wide = ONE.format(first=0, last=99) + 'b1 = { from = 1, to = 10000 }\n[quantity.x]\nsource = "s"\ndims = ["b1"]\n'
    wide += 'distribution = { kind = "normal", mean = 0, sd = 1 }\n'
    with pytest.raises(BookError):
        run(loads(wide), samples=200_000).values("x")


def test_every_distribution_is_in_the_table() -> None:
    assert set(BY_KIND) == {"normal", "lognormal", "triangular", "reference_class"}
    assert Overlay.of({"a": 1}).key() == Overlay.of({"a": 1.0}).key()
