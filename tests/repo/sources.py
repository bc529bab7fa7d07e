# SPDX-License-Identifier: EUPL-1.2
"""The files of the repository, as its own tests look at them."""

import ast
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
VENDORED = ("/vendor/", "/fonts/", "tests/browser/vendor")
BINARY = {".png", ".jpg", ".webp", ".woff2", ".ttf", ".otf", ".ico", ".mo", ".pdf", ".docx", ".xlsx", ".gz", ".npz"}


@cache
def tracked() -> tuple[Path, ...]:
    """Return every file under version control that exists, or every file where there is no git."""
    command = ["git", "-C", str(ROOT), "ls-files", "-z"]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        names = [name for name in done.stdout.split("\0") if name]
    except (OSError, subprocess.CalledProcessError):
        skipped = {".venv", ".git", "data", "node_modules"}
        names = [
            str(path.relative_to(ROOT)) for path in ROOT.rglob("*") if not skipped & set(path.relative_to(ROOT).parts)
        ]
    return tuple(path for name in sorted(names) if (path := ROOT / name).is_file())


def relative(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def written() -> Iterator[Path]:
    """Yield the text files that we write ourselves."""
    for path in tracked():
        if path.suffix not in BINARY and not any(part in f"/{relative(path)}" for part in VENDORED):
            yield path


def python(*folders: str, migrations: bool = False) -> Iterator[Path]:
    """Yield Python files below the folders."""
    for path in written():
        name = relative(path)
        if path.suffix == ".py" and name.startswith(folders) and (migrations or "/migrations/" not in name):
            yield path


def functions(path: Path) -> Iterator[tuple[str, int]]:
    """Yield name and number of lines of each function's body; signature and docstring are left out."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            first = node.body[0]
            documented = isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant)
            start = (first.end_lineno or 0) + 1 if documented else first.lineno
            yield node.name, (node.end_lineno or 0) - start + 1
