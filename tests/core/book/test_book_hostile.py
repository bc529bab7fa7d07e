# SPDX-License-Identifier: EUPL-1.2
"""Mutated and hostile books: refused in bounded time and memory, never a crash.

`HELHET_MUTATIONS` sets the number of mutated books (2,000 by default; 100,000 before a release).
"""

import contextlib
import os
import random
import time
from pathlib import Path

import pytest

from helhet.core.book import BookError, loads, run
from helhet.core.book.cache import Cache

BOOKS = Path(__file__).parent / "books"
MUTATIONS = int(os.environ.get("HELHET_MUTATIONS", "2000"))
PIECES = [
    "(", ")", "[", "]", "{", "}", "=", "'", '"', ";", ",", ".", "\n", "#", "-", "+", "*", "/", "^", "%", "1e308", "999999999999",
    "inf", "nan", "true", "[[quantity]]", "[quantity.x]", "formula = ", "sum(", "over(", "window(", "npv(", "if(", "year", "holder",
    "elpris", "start", "kalkylränta", "flow = 'effect'", "use = ['../x']", "\x00", "\u202e", "å", "𝔘", "1979-05-27", "0x7f", "_",
    "table = {}", "dims = ['year']", "number = 1", "__class__", "lambda: 0", "{0}", "%s", "in_basis = 1", "parent = 'kommun'",
]  # fmt: skip


def mutated(text: str, rng: random.Random) -> str:
    for _ in range(rng.randint(1, 6)):
        at = rng.randrange(len(text) + 1)
        span = rng.choice([0, 1, 1, 3, 10, 40, 200])
        action = rng.randrange(5)
        if action == 0:
            text = text[:at] + text[at + span :]
        elif action == 1:
            text = text[:at] + rng.choice(PIECES) + text[at:]
        elif action == 2:
            other = rng.randrange(len(text) + 1)
            text = text[:at] + text[other : other + span] + text[at:]
        elif action == 3:
            text = text[:at] + rng.choice(PIECES) * rng.choice([1, 2, 50]) + text[at + span :]
        else:
            lines = text.split("\n")
            rng.shuffle(lines) if rng.random() < 0.05 else lines.pop(rng.randrange(len(lines)))
            text = "\n".join(lines)
    return text


def test_mutated_books_never_crash() -> None:
    rng = random.Random(20261122)
    files = {"priser.toml": (BOOKS / "priser.toml").read_text()}
    sources = [(BOOKS / f"{name}.toml").read_text() for name in ("hall", "val")]
    cache, slowest, ran = Cache(16 * 1024 * 1024), 0.0, 0
    for _ in range(MUTATIONS):
        text = mutated(rng.choice(sources), rng)
        shared = {"priser.toml": mutated(files["priser.toml"], rng)} if rng.random() < 0.2 else files
        before = time.perf_counter()
        book = loads(text, shared)
        for found in book.problems:
            assert found.message("sv") and found.message("en")
        with contextlib.suppress(BookError):
            run(book, samples=2, cache=cache)
            ran += 1
        slowest = max(slowest, time.perf_counter() - before)
    assert ran > MUTATIONS // 50 and slowest < 5.0


HEAD = "[book]\nyears = [0, 9]\n[dimensions]\nbred = { from = 1, to = 10000 }\nlika_bred = { from = 1, to = 9999 }\n"


@pytest.mark.parametrize(
    "text",
    [
        "a" + ".a" * 100_000 + " = 1",
        "x = {" + "a" + ".a" * 50_000 + " = 1}",
        "[" + "a." * 50_000 + "a]",
        "x = " + "[" * 100_000,
        "x = " + "{a=" * 50_000,
        "x = " + "9" * 300_000,
        "x = '" + "a" * 390_000 + "'",
        "a" * 390_000,
        "x" * 500_000,
        "\n".join(f"[quantity.q{i}]\nformula = 'q{i + 1}'" for i in range(5000)),
        "\n".join(f"[quantity.q{i}]\nformula = 'q{(i + 1) % 1900}'" for i in range(1900)),
        "\n".join(f"[quantity.q{i}]\nformula = 'fel{i}'" for i in range(1900)),
        "\n".join(f"[quantity.q{i}]\nfomula = 'fel{i}'" for i in range(1900)),
        HEAD + "[quantity.q]\nformula = 'sum(bred * lika_bred; bred)'",
        HEAD + "[quantity.q]\nformula = 'over(over(1; bred); lika_bred)'",
        HEAD + "[quantity.q]\ndims = ['bred', 'lika_bred']\ntable = 1",
        HEAD + "[quantity.q]\nformula = '" + "9^" * 100 + "9'",
        HEAD + "[quantity.q]\nformula = '2 ^ 1000 ^ 1000'",
        HEAD + "[quantity.q]\nformula = '" + "(" * 3999 + "'",
        HEAD + "[quantity.q]\nunit = '" + "m*" * 30 + "m'\nnumber = 1",
        HEAD + "[quantity.q]\nunit = 'm^9*m^9/m^-9'\nnumber = 1",
        "[dimensions]\nd = { from = 0, to = 1e18 }",
        "[book]\nyears = [0, 1e17]",
        "[book]\nnpv_year = 1e17",
        "[dimensions]\nholder = [" + ", ".join(f"{{ key = 'k{i}', parent = 'k{i + 1}' }}" for i in range(3000)) + "]",
        "\n".join(f"[scenario.s{i}]\non = 's{i + 1}'" for i in range(150)),
        "use = [" + ", ".join(f"'b{i}.toml'" for i in range(5000)) + "]",
    ],
    ids=range(27),
)
def test_hostile_books_are_refused_quickly(text: str) -> None:
    before = time.perf_counter()
    book = loads(text, {f"b{i}.toml": "" for i in range(100)})
    with contextlib.suppress(BookError):
        run(book, samples=200_000, cache=Cache())
    assert time.perf_counter() - before < 3.0


def test_a_chain_of_use_is_bounded() -> None:
    files = {f"b{i}.toml": f'use = ["b{i + 1}.toml"]' for i in range(60)}
    assert not loads('use = ["b0.toml"]', files).ok


def test_a_long_chain_of_quantities_runs() -> None:
    rows = ["[quantity.q0]\nnumber = 1\nsource = 's'"]
    rows += [f"[quantity.q{i}]\nformula = 'q{i - 1} + 1'" for i in range(1, 1900)]
    assert run(loads("[book]\nyears = [0, 1]\n" + "\n".join(rows)), samples=1).values("q1899")[0] == 1900
