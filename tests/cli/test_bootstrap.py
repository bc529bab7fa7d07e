# SPDX-License-Identifier: EUPL-1.2
"""The bootstrap file: readable by old Pythons, installs only when something changed, notices an interruption."""

import ast
import importlib.machinery
import importlib.util
import json
import subprocess
import sys
from pathlib import Path

import pytest

FILE = Path(__file__).resolve().parents[2] / "helhet"


@pytest.fixture
def bootstrap(tmp_path, monkeypatch):
    """The file as a module, with its environment in a folder of the test's own."""
    monkeypatch.setenv("HELHET_VENV", str(tmp_path / "venv"))
    loader = importlib.machinery.SourceFileLoader("helhet_bootstrap", str(FILE))
    spec = importlib.util.spec_from_loader("helhet_bootstrap", loader)
    module = importlib.util.module_from_spec(spec)
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    loader.exec_module(module)
    python = Path(module.venv_python())
    python.parent.mkdir(parents=True)
    python.write_text("")
    return module


@pytest.fixture
def installs(bootstrap, monkeypatch):
    """The lock files that were installed, in order."""
    done = []
    monkeypatch.setattr(bootstrap, "install", lambda lock, wheelhouse: done.append((lock, wheelhouse)))
    return done


def test_it_is_short_executable_and_uses_the_standard_library_only():
    source = FILE.read_text()
    assert source.count("\n") <= 200
    assert FILE.stat().st_mode & 0o111
    tree = ast.parse(source)
    imported = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    assert imported <= set(sys.stdlib_module_names)


def test_old_pythons_can_parse_it():
    tree = ast.parse(FILE.read_text())
    modern = (ast.JoinedStr, ast.AnnAssign, ast.NamedExpr, ast.Starred, ast.Nonlocal, ast.Match, ast.Await)
    found = [type(node).__name__ for node in ast.walk(tree) if isinstance(node, modern)]
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Starred)]
    assert [name for name in found if name != "Starred"] == []
    assert all(isinstance(node.ctx, ast.Load) for node in calls)
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            assert not node.args.kwonlyargs
            assert node.returns is None


def test_an_old_python_without_a_newer_one_is_told_what_to_do(bootstrap, monkeypatch, capsys):
    monkeypatch.setattr(bootstrap, "OLDEST", (99, 0))
    monkeypatch.setenv("PATH", "")
    with pytest.raises(SystemExit):
        bootstrap.main()
    assert "Python 99.0 or newer is needed" in capsys.readouterr().err


def test_installs_once_and_again_only_when_a_lock_changes(bootstrap, installs, monkeypatch):
    bootstrap.ensure_environment(False, None)
    bootstrap.ensure_environment(False, None)
    assert installs == [("base", None)]
    monkeypatch.setattr(bootstrap, "digest", lambda name: "another " + name)
    bootstrap.ensure_environment(False, "wheels")
    assert installs[1:] == [("base", "wheels")]


def test_the_development_set_serves_both_and_the_environment_does_not_swing(bootstrap, installs, monkeypatch):
    bootstrap.ensure_environment(False, None)
    bootstrap.ensure_environment(True, None)
    bootstrap.ensure_environment(False, None)
    bootstrap.ensure_environment(True, None)
    assert installs == [("base", None), ("dev", None)]
    monkeypatch.setattr(bootstrap, "digest", lambda name: "another " + name)
    bootstrap.ensure_environment(False, None)
    assert installs[2:] == [("dev", None)]


def test_an_interrupted_installation_leaves_no_stamp(bootstrap, monkeypatch):
    Path(bootstrap.STAMP).write_text(json.dumps(bootstrap.wanted() | {"base": "old"}))
    monkeypatch.setattr(bootstrap, "make_venv", lambda uv: None)
    monkeypatch.setattr(bootstrap, "works", lambda command: True)

    def interrupted(command):
        raise KeyboardInterrupt

    monkeypatch.setattr(bootstrap.subprocess, "call", interrupted)
    monkeypatch.setattr(bootstrap.subprocess, "Popen", lambda *_args, **_options: interrupted(None))
    with pytest.raises(KeyboardInterrupt):
        bootstrap.ensure_environment(False, None)
    assert bootstrap.read_stamp() == {}


def test_missing_ensurepip_is_explained(bootstrap, monkeypatch, capsys):
    monkeypatch.setitem(sys.modules, "ensurepip", None)
    monkeypatch.setattr(bootstrap, "works", lambda command: False)
    with pytest.raises(SystemExit):
        bootstrap.make_venv(None)
    assert "python3-venv" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("line", "rest", "wheelhouse"),
    [
        (["up", "--offline", "w", "--port", "1"], ["up", "--port", "1"], "w"),
        (["up", "--offline=w"], ["up"], "w"),
        (["up"], ["up"], None),
    ],
)
def test_offline_is_taken_out_of_the_line(bootstrap, line, rest, wheelhouse):
    assert bootstrap.take_offline(line) == (rest, wheelhouse)


def test_offline_without_a_folder_is_refused(bootstrap):
    with pytest.raises(SystemExit):
        bootstrap.take_offline(["up", "--offline"])
    with pytest.raises(SystemExit):
        bootstrap.install("base", "/no/such/folder")


def test_offline_installs_with_hashes_from_the_folder_only(bootstrap, monkeypatch, tmp_path):
    seen = []
    monkeypatch.setattr(bootstrap, "on_path", lambda name: None)
    monkeypatch.setattr(bootstrap, "works", lambda command: True)
    monkeypatch.setattr(bootstrap.subprocess, "call", lambda command: seen.append(command) or 0)
    monkeypatch.setattr(bootstrap, "call_with_progress", lambda command: seen.append(command) or 0)
    bootstrap.install("base", str(tmp_path))
    assert {"--require-hashes", "--no-index", "--find-links", str(tmp_path)} <= set(seen[-1])


def test_any_other_command_passes_on():
    command = [sys.executable, "-m", "helhet.cli", "helpp"]
    done = subprocess.run(
        command, cwd=FILE.parent, env={"PYTHONPATH": "src"}, capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert "no command 'helpp'" in done.stderr
