# SPDX-License-Identifier: EUPL-1.2
"""Every command in the table exists, and a mistyped one is guessed."""

import re
import tomllib
from importlib import import_module
from importlib.util import find_spec

import pytest

from helhet.cli import bench, check, main, testing
from helhet.site.environment import CHECKOUT


@pytest.mark.parametrize("command", main.COMMANDS, ids=lambda command: command.name)
def test_every_command_leads_somewhere(command):
    module, _, function = command.target.partition(":")
    assert callable(getattr(import_module(module), function))


def test_help_lists_every_command(capsys):
    assert main.main(["help"]) == 0
    shown = capsys.readouterr().out
    assert all(f"  {command.name} " in shown for command in main.COMMANDS)


@pytest.mark.parametrize(("typed", "meant"), [("backpu", "backup"), ("tset", "test"), ("migrat", "migrate")])
def test_did_you_mean(typed, meant, capsys):
    assert main.main([typed]) == 2
    assert f"Did you mean '{meant}'?" in capsys.readouterr().err


def test_closing_line_adds_up_both_databases():
    runs = [{"passed": 10, "failed": 1, "error": 1, "skipped": 2}, {"passed": 3}, {}]
    assert testing.closing_line(runs) == "13 passed, 2 failed, 2 skipped"


def test_gates_have_distinct_names_and_an_unknown_one_is_refused(capsys):
    names = [gate.name for gate in check.GATES]
    assert len(names) == len(set(names))
    assert check.run(["no-such-gate"]) == 2
    assert "lint" in capsys.readouterr().out


def test_a_gate_that_does_not_hold_fails_and_shows_what_was_said(monkeypatch, capsys):
    good = check.Gate("good", "nothing", ("-c", "pass"))
    bad = check.Gate("bad", "something", ("-c", "print('look here'); raise SystemExit(1)"))
    monkeypatch.setattr(check, "GATES", (good, bad))
    assert check.run([]) == 1
    shown = capsys.readouterr().out
    assert "look here" in shown
    assert "FAILED  bad" in shown
    assert check.run(["good"]) == 0


def test_commands_that_need_the_source_say_so_where_there_is_none(monkeypatch, capsys):
    monkeypatch.setattr(main, "IN_CHECKOUT", False)
    for name in ("test", "check", "bench"):
        assert main.main([name]) == 2
        assert f"./helhet {name}" in capsys.readouterr().err


def test_what_is_read_beside_the_source_is_shipped_inside_the_package():
    settings = tomllib.loads((CHECKOUT / "pyproject.toml").read_text())
    shipped = settings["tool"]["hatch"]["build"]["targets"]["wheel"]["force-include"]
    source = "".join((CHECKOUT / "src/helhet/site" / name).read_text() for name in ("environment.py", "settings.py"))
    read = set(re.findall(r'ROOT / "(\w+)"', source))
    assert read == {"instances", "locale"}
    assert shipped == {name: f"helhet/shipped/{name}" for name in read}


def test_bench_names_come_from_the_folder(tmp_path, capsys):
    (tmp_path / "web.py").write_text("")
    (tmp_path / "_load.py").write_text("")
    assert bench.names(tmp_path) == ["web"]
    assert bench.run(["no-such-benchmark"]) == 2


def test_the_worker_exists():
    assert find_spec("helhet.foundation.jobs.runner")
