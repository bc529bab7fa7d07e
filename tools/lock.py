# SPDX-License-Identifier: EUPL-1.2
"""Make the lock files anew with uv, or check them without any network.

python tools/lock.py            renew requirements/base.txt and requirements/dev.txt from pyproject.toml
python tools/lock.py --check    say whether they still fit pyproject.toml and each other
"""

import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "requirements"
OPTIONS = ("--universal", "--generate-hashes", "--no-emit-index-url", "--python-version", "3.11", "--quiet")
LINE = re.compile(r"^(?P<name>[A-Za-z0-9._-]+)(\[[^]]*\])?==(?P<version>[^\s;\\]+)")


@dataclass(frozen=True)
class Lock:
    """The pinned versions of one lock file; a package may have several, for different Pythons."""

    versions: dict[str, set[str]]
    without_hash: list[str]


def read(path: Path) -> Lock:
    """Read a requirements file with hashes."""
    versions: dict[str, set[str]] = {}
    without_hash: list[str] = []
    blocks = re.split(r"\n(?=[A-Za-z0-9])", path.read_text(encoding="utf-8"))
    for block in blocks:
        if found := LINE.match(block):
            name = canonicalize_name(found["name"])
            versions.setdefault(name, set()).add(found["version"])
            if "--hash=sha256:" not in block:
                without_hash.append(name)
    return Lock(versions, without_hash)


def _unmet(wanted: list[str], lock: Lock, name: str) -> Iterator[str]:
    for text in wanted:
        requirement = Requirement(text)
        found = lock.versions.get(canonicalize_name(requirement.name), set())
        if not any(Version(version) in requirement.specifier for version in found):
            yield f"{name} does not meet '{text}' of pyproject.toml (has {', '.join(sorted(found)) or 'nothing'})"


def problems(root: Path = ROOT) -> list[str]:
    """Return what is wrong with the lock files, in words."""
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
    base, dev = (read(root / "requirements" / f"{name}.txt") for name in ("base", "dev"))
    found = [f"{name} has no hash" for name in (*base.without_hash, *dev.without_hash)]
    found += _unmet(project["project"]["dependencies"], base, "base.txt")
    found += _unmet(project["dependency-groups"]["dev"], dev, "dev.txt")
    found += [
        f"{name} is {', '.join(sorted(versions))} in base.txt but not in dev.txt"
        for name, versions in base.versions.items()
        if dev.versions.get(name) != versions
    ]
    return found


def renew() -> None:
    """Resolve anew. The development set is held to the versions of the base set."""
    uv = shutil.which("uv")
    if uv is None:
        sys.exit("lock: uv is needed on the PATH.")
    base, dev = FOLDER / "base.txt", FOLDER / "dev.txt"
    command = [uv, "pip", "compile", "pyproject.toml", *OPTIONS, "-o"]
    subprocess.run([*command, base.relative_to(ROOT)], cwd=ROOT, check=True)
    subprocess.run(
        [*command, dev.relative_to(ROOT), "--group", "dev", "-c", base.relative_to(ROOT)], cwd=ROOT, check=True
    )


def main(argv: list[str]) -> int:
    """Renew, or check with ``--check``."""
    if "--check" not in argv:
        renew()
    found = problems()
    print("\n".join(found) or "The lock files fit.")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
