# SPDX-License-Identifier: EUPL-1.2
"""The calculation language: books → checked graph → results, scenarios, uncertainty, explanation.

See `docs/reference/book.md` for the language and `docs/reference/python-api.md` for this module.
"""

from helhet.core.book.check import ENGINE_VERSION
from helhet.core.book.choose import Choice, Outcome, choose
from helhet.core.book.contradictions import contradictions
from helhet.core.book.explain import Explanation, explain
from helhet.core.book.load import load, loads, open_book, problems
from helhet.core.book.model import Book, Label, Quantity, Range
from helhet.core.book.overlay import Overlay
from helhet.core.book.portfolio import Portfolio, portfolio, shared_inputs
from helhet.core.book.problems import BookError, Place, Problem
from helhet.core.book.results import Run, Stats, difference, run
from helhet.core.book.sliders import inputs, read_changes

check = problems

__all__ = [
    "ENGINE_VERSION",
    "Book",
    "BookError",
    "Choice",
    "Explanation",
    "Label",
    "Outcome",
    "Overlay",
    "Place",
    "Portfolio",
    "Problem",
    "Quantity",
    "Range",
    "Run",
    "Stats",
    "check",
    "choose",
    "contradictions",
    "difference",
    "explain",
    "inputs",
    "load",
    "loads",
    "open_book",
    "portfolio",
    "problems",
    "read_changes",
    "run",
    "shared_inputs",
]
