# SPDX-License-Identifier: EUPL-1.2
"""What is vendored is what vendor.toml says, and it holds the letters we promise."""

import importlib.util
from pathlib import Path
from types import ModuleType

ROOT = Path(__file__).resolve().parents[2]
SAMI = "áčđŋšŧžÁČĐŊŠŦŽ"


def tool() -> ModuleType:
    """tools/vendor.py as a module."""
    spec = importlib.util.spec_from_file_location("vendor", ROOT / "tools/vendor.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_vendored_files_are_as_listed() -> None:
    assert tool().problems() == []


def test_a_changed_or_unlisted_file_is_found(tmp_path: Path, monkeypatch) -> None:
    vendor = tool()
    manifest = vendor.manifest()
    first = manifest["package"][0]["files"][0]
    manifest["roots"] = ["front"]
    manifest["package"] = [
        {"name": "x", "version": "1", "licence": "Proprietary", "files": [first | {"to": "front/a.css"}]}
    ]
    (tmp_path / "front").mkdir()
    (tmp_path / "front/a.css").write_text("changed", encoding="utf-8")
    (tmp_path / "front/b.js").write_text("stray", encoding="utf-8")
    monkeypatch.setattr(vendor, "ROOT", tmp_path)
    monkeypatch.setattr(vendor, "manifest", lambda: manifest)
    found = "\n".join(vendor.problems())
    for words in ("Proprietary", "licence text", "does not have", "front/b.js is not listed"):
        assert words in found


def test_the_fonts_cover_northern_sami_and_a_true_minus() -> None:
    css = (ROOT / "src/helhet/look/static/look/look.css").read_text(encoding="utf-8")
    ranges: list[tuple[int, int]] = []
    for line in css.splitlines():
        if line.startswith("@font-face"):
            listed = line.split("unicode-range:")[1].split(";")[0]
            for part in listed.replace("U+", "").split(","):
                low, _, high = part.strip().partition("-")
                ranges.append((int(low, 16), int(high or low, 16)))
    for letter in SAMI + "åäöÅÄÖéü\u2212\u202f–”":
        assert any(low <= ord(letter) <= high for low, high in ranges), letter
