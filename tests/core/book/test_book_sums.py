# SPDX-License-Identifier: EUPL-1.2
"""Two paths to every sum: transfers cancel, present values add up, branches consolidate."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helhet.core.book import load, loads, portfolio, run
from helhet.core.book.cache import Cache

BOOKS = Path(__file__).parent / "books"
HOLDERS = ["a", "b", "c", "outside"]
number = st.floats(-1e6, 1e6, allow_nan=False).map(lambda x: round(x, 3))
flow = st.tuples(
    st.sampled_from(["transfer", "resource"]),
    st.sampled_from([(p, r) for p in HOLDERS for r in HOLDERS if p != r]),
    st.lists(number, min_size=4, max_size=4),
    st.floats(0, 5),
)


def book_of(flows: list[tuple[str, tuple[str, str], list[float], float]], rate: float) -> str:
    text = f"""[book]
name = "slump"
price_year = 2026
years = [2026, 2029]
discount_rate = "r"
[dimensions]
holder = [{{ key = "a", parent = "c" }}, "b", "c"]
[quantity.r]
number = {rate}
unit = "%"
source = "s"
"""
    for i, (kind, (payer, receiver), values, spread) in enumerate(flows):
        text += f'[quantity.t{i}]\nunit = "kkr"\nsource = "s"\ndims = ["year"]\n'
        text += f'distribution = {{ kind = "normal", mean = {values}, sd = {spread} }}\n'
        text += f'[quantity.f{i}]\nformula = "t{i}"\nflow = "{kind}"\npayer = "{payer}"\n'
        text += f'receiver = "{receiver}"\n' if kind == "transfer" else ""
    return text


@settings(max_examples=60, deadline=None)
@given(st.lists(flow, min_size=1, max_size=6), st.floats(-5, 12).map(lambda x: round(x, 2)))
def test_parts_add_up(flows: list[tuple[str, tuple[str, str], list[float], float]], rate: float) -> None:
    book = loads(book_of(flows, rate))
    assert book.ok, [p.line_of_text() for p in book.problems]
    made = run(book, samples=20, cache=Cache())
    out = made.sampled
    size = max(1.0, float(np.abs(out.cash).max()))
    # cash over all holders and the outside is the real resource use, whatever is transferred
    assert np.abs(out.cash.sum(axis=0) + out.resource).max() <= 1e-9 * size
    # the present value of the sum is the sum of the present values, and of the flows by another way
    whole = (out.cash.sum(axis=0) * out.factors).sum(axis=0)
    assert np.abs(out.npv.sum(axis=0) - whole).max() <= 1e-9 * size
    assert np.abs(out.total + (out.resource * out.factors).sum(axis=0)).max() <= 1e-9 * size
    only = [f for f in out.flows if f.kind == "transfer"]
    if len(only) == len(out.flows):
        assert np.abs(out.total).max() <= 1e-9 * size
    cash, npv = made.branch("c")
    rows = [0, 2]
    assert np.allclose(cash * 1e6, out.cash[rows].sum(axis=0)) and np.allclose(npv * 1e6, out.npv[rows].sum(axis=0))


def test_the_whole_is_the_sum_of_its_cases_sample_by_sample() -> None:
    books = {"hall": load(BOOKS / "hall.toml"), "val": load(BOOKS / "val.toml")}
    whole = portfolio(books, samples=300, seed=3)
    hall = run(books["hall"], samples=300, seed=3)
    case = run(books["val"], samples=300, seed=3)
    assert np.allclose(whole.npv_sampled.sum(axis=0), hall.sampled.total + case.sampled.total, rtol=1e-12)
    row = whole.holders.index("bolag")
    assert np.allclose(whole.cash_sampled[row], hall.sampled.cash[hall.holders.index("bolag")])
    assert float(whole.cash().expected.sum()) == pytest.approx(
        float(hall.cash().expected.sum() + case.cash().expected.sum())
    )
