# SPDX-License-Identifier: EUPL-1.2
"""House rules that a machine can look after."""

import re
import stat
import tomllib

import pytest

from tests.repo.sources import ROOT, functions, python, relative, tracked, written

MODULE_LINES = 400
FUNCTION_LINES = 40
# name of the file → why it may be longer; empty is how it should be
LONGER_ALLOWED: dict[str, str] = {}
HEADER = "SPDX-License-Identifier: EUPL-1.2"
DUMPS = {"utils", "util", "helpers", "helper", "common", "misc", "tools_common"}


def test_modules_are_short():
    long = {
        relative(path): lines
        for path in python("src", "tests", "tools", "bench")
        if (lines := path.read_text().count("\n")) > MODULE_LINES
    }
    assert {name: lines for name, lines in long.items() if name not in LONGER_ALLOWED} == {}


def test_functions_are_short():
    long = {
        f"{relative(path)}:{name}": lines
        for path in python("src", "tools")
        for name, lines in functions(path)
        if lines > FUNCTION_LINES
    }
    assert {name: lines for name, lines in long.items() if name not in LONGER_ALLOWED} == {}


def test_exceptions_are_still_needed():
    names = {relative(path) for path in python("src", "tests", "tools", "bench")}
    assert {name.partition(":")[0] for name in LONGER_ALLOWED} <= names


def test_no_module_is_a_dump():
    assert [
        relative(path)
        for path in python("src", "tests", "tools", "bench")
        if path.stem in DUMPS or path.parent.name in DUMPS
    ] == []


def test_every_python_file_says_its_licence():
    without = [
        relative(path)
        for path in python("", migrations=False)
        if HEADER not in path.read_text()[:300] and path.read_text().strip()
    ]
    assert without == []


@pytest.mark.parametrize(
    "pattern",
    [
        r"\bTO" + r"DO\b",
        r"\bFIX" + r"ME\b",
        r"\bXX" + r"X\b",
        r"(?i)coming " + r"soon",
        r"(?i)lorem " + r"ipsum",
        r"(?i)kommer " + r"snart",
    ],
)
def test_nothing_is_promised_instead_of_done(pattern):
    ignored = {"LICENSE", "requirements/base.txt", "requirements/dev.txt"}
    assert _lines(pattern, ignored) == []


def test_no_path_of_somebodys_own_machine():
    pattern = r"(?<![\w.])/(?:" + "|".join(["ro" + "ot", "wo" + "rk", "home/[a-z]+", "Users/[A-Za-z]+"]) + r")/"
    assert _lines(pattern, set()) == []


def _lines(pattern: str, ignored: set[str]) -> list[str]:
    """Return file:line of every line of our own text that the pattern is found in."""
    wanted = re.compile(pattern)
    found = []
    for path in written():
        if relative(path) in ignored:
            continue
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            if wanted.search(line):
                found.append(f"{relative(path)}:{number}: {line.strip()[:100]}")
    return found


def test_scripts_can_be_run():
    for name in ("helhet", ".ci/run"):
        assert (ROOT / name).stat().st_mode & stat.S_IXUSR, name


def test_no_secret_or_database_is_under_version_control():
    bad = re.compile(r"(\.sqlite3(-wal|-shm)?|\.pem|\.key|secret-key|\.env)$")
    assert [relative(path) for path in tracked() if bad.search(path.name)] == []


def test_the_licence_is_whole_and_named_alike_everywhere():
    text = (ROOT / "LICENSE").read_text(encoding="utf-8")
    assert "EUROPEAN UNION PUBLIC LICENCE v. 1.2" in text
    assert "Applicable Law" in text
    assert tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["license"] == "EUPL-1.2"
    assert "license: EUPL-1.2" in (ROOT / "publiccode.yml").read_text()
