# SPDX-License-Identifier: EUPL-1.2
"""The lock files fit pyproject.toml and each other, and each package has its hash."""

from tools import lock


def test_locks_fit():
    assert lock.problems() == []


def test_a_lock_that_does_not_fit_is_noticed(tmp_path):
    (tmp_path / "requirements").mkdir()
    (tmp_path / "pyproject.toml").write_text(
        '[project]\ndependencies = ["django>=5.2", "nh3>=9"]\n[dependency-groups]\ndev = ["pytest>=9"]\n'
    )
    pinned = "{}=={} \\\n    --hash=sha256:00\n"
    (tmp_path / "requirements" / "base.txt").write_text(pinned.format("django", "5.2.1") + "nh3==0.3.0\n")
    (tmp_path / "requirements" / "dev.txt").write_text(
        pinned.format("django", "5.2.0") + pinned.format("pytest", "9.1")
    )
    assert lock.problems(tmp_path) == [
        "nh3 has no hash",
        "base.txt does not meet 'nh3>=9' of pyproject.toml (has 0.3.0)",
        "django is 5.2.1 in base.txt but not in dev.txt",
        "nh3 is 0.3.0 in base.txt but not in dev.txt",
    ]
