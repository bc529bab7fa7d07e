# SPDX-License-Identifier: EUPL-1.2
"""The language reference runs: every function has an example, every key and change its entry."""

import re
from pathlib import Path

import pytest

from helhet.core.book import distributions, functions, loads, overlay, quantities, run

ROOT = Path(__file__).parents[3]
TEXT = (ROOT / "docs" / "reference" / "book.md").read_text(encoding="utf-8")
BOOK = re.findall(r"```toml\n(.*?)```", TEXT, re.S)[0].replace('use = ["priser.toml"]', "")
EXAMPLES = dict(re.findall(r"### (\w+)\n.*?```formula\n(.*?)\n```", TEXT, re.S))


def test_the_example_book_holds() -> None:
    book = loads(BOOK)
    assert [p.line_of_text() for p in book.problems] == []
    assert run(book, {"pris": 25000}, scenario="dyrt", samples=20).total().at()["p50"] < 0


@pytest.mark.parametrize("function", [f.name for f in functions.TABLE])
def test_every_function_has_an_example_that_runs(function: str) -> None:
    formula, _, answer = EXAMPLES[function].partition("#")
    book = loads(BOOK + f'\n[quantity.exempel]\nformula = "{formula.strip()}"\n')
    found = run(book, samples=1).values("exempel")[..., 0].reshape(-1)
    assert function in formula and found == pytest.approx([float(word) for word in answer.split()])


def test_the_tables_are_complete() -> None:
    for word in [*quantities.KEYS, *distributions.BY_KIND, *overlay.MEANING, *functions.ALIASES]:
        assert f"`{word}`" in TEXT, word
    assert set(EXAMPLES) == set(functions.BY_NAME) and set(overlay.MEANING) == set(overlay.CHANGES)


def test_the_python_page_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    page = (ROOT / "docs" / "reference" / "python-api.md").read_text(encoding="utf-8")
    (code,) = re.findall(r"```python\n(.*?)```", page, re.S)
    exec(compile(code, "python-api.md", "exec"), {})
