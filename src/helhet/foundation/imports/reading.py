# SPDX-License-Identifier: EUPL-1.2
"""Phase one: the whole file is read and checked before anything is written."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from helhet.core.tables import Limits, Row, TableError, read
from helhet.core.text import sensitive
from helhet.foundation.imports.kinds import LOOKUPS, Kind, Parsed
from helhet.foundation.imports.problems import Bad, Problem, Report

#: A city's hundred thousand matters, or its accounts, in one file.
LIMITS = Limits(max_bytes=200_000_000, max_rows=1_000_000, max_cell=100_000)
_CHECKED_AT_ONCE = 500


def parsed_rows(kind: Kind, source: Path | bytes, filename: str, report: Report | None = None) -> Iterator[Parsed]:
    """Yield the rows as typed values. Bad cells go to ``report``; without one they raise :class:`Bad`."""
    for row in read(source, filename, LIMITS):
        parsed = _parse(kind, row, report)
        if parsed is not None:
            yield parsed


def validate(kind: Kind, source: Path | bytes, filename: str) -> Report:
    """Check the whole file: header, cells, keys, references, columns against each other. Writes nothing."""
    report = Report(kind.name, filename)
    seen: dict[str, int] = {}
    wanted: dict[str, dict[str, tuple[int, str]]] = {}
    waiting: list[Parsed] = []
    tree: dict[str, Twig] = {}
    try:
        for row in read(source, filename, LIMITS):
            if not report.rows:
                _check_header(kind, row, report)
            report.rows += 1
            parsed = _parse(kind, row, report)
            if parsed is None:
                continue
            if parsed.key in seen:
                report.add(Problem(row.number, kind.key, "twice", {"value": parsed.key, "first": seen[parsed.key]}))
            seen.setdefault(parsed.key, row.number)
            _note_references(kind, parsed, wanted)
            if kind.tree:
                tree[parsed.key] = Twig(parsed.number, parsed.get(kind.tree), parsed.get(kind.tree_within))
            waiting.append(parsed)
            if len(waiting) >= _CHECKED_AT_ONCE:
                _check_rows(kind, waiting, report)
        _check_rows(kind, waiting, report)
    except TableError as error:
        params = {"sv": error.message_sv, "en": error.message_en}
        report.add(Problem(error.row, error.column or "", "table", params))
    _check_references(kind, wanted, seen, report)
    _check_tree(kind, tree, report)
    if report.ok:
        report.depths = _depths(tree)
    return report


def _parse(kind: Kind, row: Row, report: Report | None) -> Parsed | None:
    values, key, whole = {}, "", True
    for column in kind.columns:
        if column.name not in row.values:
            continue
        try:
            values[column.name] = value = column.parse(row.values[column.name])
            if column.required and (value is None or value == ()):
                raise Bad("required")
        except Bad as bad:
            if report is None:
                raise
            report.add(Problem(row.number, column.name, bad.code, bad.params))
            whole = False
            continue
        if column.name == kind.key:
            key = str(value)
    return Parsed(row.number, key, values) if whole and key else None


def _check_header(kind: Kind, row: Row, report: Report) -> None:
    for name in row.values:
        if name not in kind.by_name:
            near = difflib.get_close_matches(name, kind.by_name, n=1, cutoff=0.6)
            params = {
                "near_sv": f" Menar du {near[0]}?" if near else "",
                "near_en": f" Do you mean {near[0]}?" if near else "",
            }
            report.add(Problem(1, name, "column_unknown", params))
    for column in kind.columns:
        if column.required and column.name not in row.values:
            report.add(Problem(1, column.name, "column_missing"))


def _check_rows(kind: Kind, rows: list[Parsed], report: Report) -> None:
    for problem in kind.check(rows):
        (report.warn if problem.code == "sensitive" else report.add)(problem)
    rows.clear()


class Twig(NamedTuple):
    """A row's place in a tree: its number, the row above, and what both must have in common."""

    number: int
    above: str
    within: str


def _check_tree(kind: Kind, tree: dict[str, Twig], report: Report) -> None:
    """No row may stand above itself, and a row belongs where the row above it belongs."""
    good: set[str] = set()
    for key, twig in tree.items():
        above = tree.get(twig.above)
        if above and above.within != twig.within:
            report.add(Problem(twig.number, kind.tree, "thread"))
        path: list[str] = []
        step = key
        while step in tree and step not in good and step not in path:
            path.append(step)
            step = tree[step].above
        if step in path:
            report.add(Problem(twig.number, kind.tree, "loop", {"value": key}))
        else:
            good.update(path)


def _depths(tree: dict[str, Twig]) -> dict[str, int]:
    """Key → how many rows of the file stand above; those with none are left out. There are no circles."""
    found: dict[str, int] = {}
    for key in tree:
        path = []
        step = key
        while step not in found and tree[step].above in tree:
            path.append(step)
            step = tree[step].above
        for below in reversed(path):
            found[below] = found.get(tree[below].above, 0) + 1
    return found


def _note_references(kind: Kind, row: Parsed, wanted: dict[str, dict[str, tuple[int, str]]]) -> None:
    for name, value in row.values.items():
        for refers, key in kind.by_name[name].references(value):
            wanted.setdefault(refers, {}).setdefault(key, (row.number, name))


def _check_references(
    kind: Kind, wanted: dict[str, dict[str, tuple[int, str]]], own: dict[str, int], report: Report
) -> None:
    missing = []
    for refers, places in wanted.items():
        keys = set(places) - (set(own) if refers == kind.refers_as else set())
        ordered = sorted(keys)
        for start in range(0, len(ordered), _CHECKED_AT_ONCE):
            some = set(ordered[start : start + _CHECKED_AT_ONCE])
            missing += [(*places[key], key) for key in some - LOOKUPS[refers](some)]
    for number, column, key in sorted(missing):
        report.add(Problem(number, column, "unknown_reference", {"value": key}))


def sensitive_warnings(rows: list[Parsed] | tuple[Parsed, ...], *columns: str) -> Iterator[Problem]:
    """Warn of what looks like personal data; the owner of the file decides."""
    for row in rows:
        for column in columns:
            if found := sensitive.find(row.get(column)):
                yield Problem(row.number, column, "sensitive", {"value": ", ".join(sorted({f.kind for f in found}))})
