# SPDX-License-Identifier: EUPL-1.2
"""`helhet book check|run|explain|choose BOOK`: the engine from the shell."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from helhet.core.book.choose import choose
from helhet.core.book.explain import Explanation, explain
from helhet.core.book.load import load
from helhet.core.book.model import Book
from helhet.core.book.present import choice_lines, explanation_lines, run_lines
from helhet.core.book.problems import BookError
from helhet.core.book.results import run

_HELP = {
    "check": "läs boken och säg vad som är fel / read the book and say what is wrong",
    "run": "räkna / run",
    "explain": "förklara en siffra / explain a figure",
    "choose": "var för sig, tillsammans och glappet / alone, together and the gap",
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the subcommands to a parser; the namespace gets `book_command`."""
    commands = parser.add_subparsers(dest="book_command", required=True)
    for name, text in _HELP.items():
        sub = commands.add_parser(name, help=text)
        sub.add_argument("book", type=Path)
        sub.add_argument("--json", action="store_true")
        sub.add_argument("--lang", choices=("sv", "en"), default="sv")
        if name == "check":
            continue
        sub.add_argument("--scenario", default="")
        sub.add_argument("--set", action="append", default=[], metavar="NAME=VALUE", dest="changes")
        sub.add_argument("--samples", type=int, default=1000)
        sub.add_argument("--seed", type=int, default=1)
        if name == "explain":
            sub.add_argument("figure")
            sub.add_argument("--at", action="append", default=[], metavar="DIM=CATEGORY")


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; 0 when well, 1 when the book or a value is refused, 2 for wrong usage."""
    parser = argparse.ArgumentParser(prog="helhet book")
    add_arguments(parser)
    return handle(parser.parse_args(argv))


def handle(options: argparse.Namespace) -> int:
    """Carry out parsed arguments."""
    book = load(options.book)
    try:
        if options.book_command == "check":
            return _check(book, options)
        book.require()
        return {"run": _run, "explain": _explain, "choose": _choose}[options.book_command](book, options)
    except BookError as error:
        for each in error.problems:
            print(each.line_of_text(options.lang), file=sys.stderr)
        return 1


def pairs(texts: Sequence[str]) -> dict[str, str]:
    """`name=value` texts as a mapping; a text without `=` has an empty value and is refused later."""
    return {name.strip(): value.strip() for name, _, value in (text.partition("=") for text in texts)}


def _check(book: Book, options: argparse.Namespace) -> int:
    if options.json:
        _print_json({"ok": book.ok, "hash": book.hash, "problems": [p.as_dict() for p in book.problems]})
    else:
        for each in book.problems:
            print(each.line_of_text(options.lang))
        if book.ok:
            print({"sv": "Boken håller.", "en": "The book holds."}[options.lang])
    return 0 if book.ok else 1


def _run(book: Book, options: argparse.Namespace) -> int:
    made = run(book, pairs(options.changes), scenario=options.scenario, samples=options.samples, seed=options.seed)
    if options.json:
        _print_json(made.to_json())
    else:
        print("\n".join(run_lines(made, options.lang)))
    return 0


def _explain(book: Book, options: argparse.Namespace) -> int:
    made = run(book, pairs(options.changes), scenario=options.scenario, samples=options.samples, seed=options.seed)
    found: Explanation = explain(made, options.figure, pairs(options.at))
    if options.json:
        _print_json(found.as_dict())
    else:
        print("\n".join(explanation_lines(found, options.lang)))
    return 0


def _choose(book: Book, options: argparse.Namespace) -> int:
    found = choose(book, pairs(options.changes), scenario=options.scenario, samples=options.samples, seed=options.seed)
    if options.json:
        _print_json(found.as_dict())
    else:
        print("\n".join(choice_lines(found, options.lang)))
    return 0


def _print_json(body: object) -> None:
    print(json.dumps(body, ensure_ascii=False, indent=2))
