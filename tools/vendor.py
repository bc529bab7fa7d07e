# SPDX-License-Identifier: EUPL-1.2
"""Vendored front-end files: fetch them once, prove them always.

    python tools/vendor.py check          every file is there, has its hash, and nothing else lies beside it
    python tools/vendor.py fetch          bring all packages again and write the hashes into vendor.toml

``fetch`` uses ``npm pack`` with whatever registry npm is set up for; ``check`` needs no network.
"""

from __future__ import annotations

import hashlib
import re
import subprocess
import sys
import tarfile
import tempfile
import tomllib
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
MANIFEST = ROOT / "vendor.toml"
#: Licences that fit EUPL-1.2 for files we serve or test with, unchanged and under their own terms.
LICENCES = frozenset({"MIT", "0BSD", "OFL-1.1", "MPL-2.0", "BSD-3-Clause", "ISC", "Apache-2.0"})


def manifest() -> dict[str, Any]:
    """The parsed ``vendor.toml``."""
    return tomllib.loads(MANIFEST.read_text(encoding="utf-8"))


def sha256(path: Path) -> str:
    """Hex digest of a file's bytes."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def problems() -> list[str]:
    """What is wrong with the vendored files, one sentence each; empty when all is well."""
    found: list[str] = []
    listed: set[Path] = set()
    data = manifest()
    for package in data["package"]:
        label = f"{package['name']} {package['version']}"
        if package["licence"] not in LICENCES:
            found.append(f"{label}: licence {package['licence']} is not among those allowed")
        if not any("LICENSE" in entry["to"] for entry in package["files"]):
            found.append(f"{label}: its licence text is not vendored")
        for entry in package["files"]:
            path = ROOT / entry["to"]
            listed.add(path)
            if not path.is_file():
                found.append(f"{label}: {entry['to']} is missing")
            elif sha256(path) != entry["sha256"]:
                found.append(f"{label}: {entry['to']} does not have the listed sha256")
    for root in data["roots"]:
        beside = [path for path in sorted((ROOT / root).rglob("*")) if path.is_file() and path not in listed]
        found += [f"{path.relative_to(ROOT)} is not listed in vendor.toml" for path in beside]
    return found


def fetch() -> None:
    """Download every package, copy the listed files and rewrite the hashes."""
    text = MANIFEST.read_text(encoding="utf-8")
    for package in manifest()["package"]:
        with tempfile.TemporaryDirectory() as folder:
            archive = _pack(f"{package['name']}@{package['version']}", Path(folder))
            with tarfile.open(archive) as tar:
                for entry in package["files"]:
                    text = _place(tar, entry, text)
    MANIFEST.write_text(text, encoding="utf-8")


def _pack(spec: str, folder: Path) -> Path:
    """Run ``npm pack`` and return the archive it made."""
    subprocess.run(["npm", "pack", "--silent", spec], cwd=folder, check=True, stdout=subprocess.DEVNULL)
    return next(folder.glob("*.tgz"))


def _place(tar: tarfile.TarFile, entry: dict[str, str], text: str) -> str:
    """Copy one member to its place and return the manifest text with its hash."""
    member = tar.extractfile(f"package/{entry['from']}")
    if member is None:
        raise SystemExit(f"{entry['from']} is not a file in the package")
    target = ROOT / entry["to"]
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(member.read())
    pattern = re.compile(r'(to = "' + re.escape(entry["to"]) + r'", sha256 = ")[0-9a-f]*(")')
    return pattern.sub(lambda match: match[1] + sha256(target) + match[2], text)


def main(arguments: list[str]) -> int:
    """Entry point: ``check`` (default) or ``fetch``; exit code 1 when something is wrong."""
    command = arguments[0] if arguments else "check"
    if command not in {"check", "fetch"}:
        print(__doc__)
        return 2
    if command == "fetch":
        fetch()
    found = problems()
    print("\n".join(found) if found else "Vendored files are as listed.")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
