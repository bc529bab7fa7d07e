# SPDX-License-Identifier: EUPL-1.2
"""``docs/reference/events.md`` lists every verb of the ledger: no more, no less."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import helhet

SOURCE = Path(helhet.__file__).parent
PAGE = SOURCE.parents[1] / "docs" / "reference" / "events.md"
VERB = re.compile(r"^[a-z_]+\.[a-z_]+$")


def _texts(node: ast.AST) -> Iterator[str]:
    for part in ast.walk(node):
        if isinstance(part, ast.Constant) and isinstance(part.value, str) and VERB.match(part.value):
            yield part.value


def _written(tree: ast.Module) -> Iterator[str]:
    """Texts given as ``verb=``, straight, through a name of the same function, or through its parameter."""
    for function in [n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef)]:
        named: set[str] = set()
        for call in [n for n in ast.walk(function) if isinstance(n, ast.Call)]:
            for keyword in call.keywords:
                if keyword.arg == "verb":
                    yield from _texts(keyword.value)
                    named |= {n.id for n in ast.walk(keyword.value) if isinstance(n, ast.Name)}
        for step in ast.walk(function):
            if isinstance(step, ast.Assign) and any(isinstance(t, ast.Name) and t.id in named for t in step.targets):
                yield from _texts(step.value)
        if named & {argument.arg for argument in function.args.args}:
            yield from _given_to(function.name, tree)


def _given_to(name: str, tree: ast.Module) -> Iterator[str]:
    """Texts that calls in the same module give to a function of their own, ``_record(by, "decision.recorded", …)``."""
    for call in [n for n in ast.walk(tree) if isinstance(n, ast.Call)]:
        if isinstance(call.func, ast.Name) and call.func.id == name:
            for argument in call.args:
                yield from _texts(argument)


def _beginnings(tree: ast.Module) -> Iterator[str]:
    """The fixed part of verbs that are put together, ``f"sluice.{outcome}"``."""
    for keyword in [k for n in ast.walk(tree) if isinstance(n, ast.Call) for k in n.keywords if k.arg == "verb"]:
        if isinstance(keyword.value, ast.JoinedStr) and isinstance(keyword.value.values[0], ast.Constant):
            yield str(keyword.value.values[0].value)


def test_every_verb_is_listed_and_every_listed_verb_is_written() -> None:
    listed = re.findall(r"^\| `([a-z_.]+)` \|", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    written: set[str] = set()
    beginnings: set[str] = set()
    for path in SOURCE.rglob("*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        written |= set(_written(tree))
        beginnings |= set(_beginnings(tree))
    assert len(listed) == len(set(listed)), "a verb is listed twice"
    assert written - set(listed) == set(), "write these verbs into docs/reference/events.md"
    idle = {verb for verb in set(listed) - written if not any(verb.startswith(start) for start in beginnings)}
    assert idle == set(), "nothing writes these verbs any more"
    assert all(any(verb.startswith(start) for verb in listed) for start in beginnings)
