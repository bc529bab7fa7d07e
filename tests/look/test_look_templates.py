# SPDX-License-Identifier: EUPL-1.2
"""Rules for every template of the house: no inline style, no inline script, nothing from outside."""

import re
from pathlib import Path

import pytest

SOURCE = Path(__file__).resolve().parents[2] / "src/helhet"
TEMPLATES = sorted(SOURCE.rglob("templates/**/*.html"))


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda p: str(p.relative_to(SOURCE)))
def test_templates_keep_the_content_security_policy(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"\sstyle\s*=", text), "no style attributes"
    assert not re.search(r"\son[a-z]+\s*=\s*[\"']", text), "no event attributes"
    assert not re.search(r"hx-on|hx-vals\s*=\s*[\"']js:", text), "no script in htmx attributes"
    assert "<style" not in text
    for tag in re.findall(r"<script[^>]*>", text):
        assert "src=" in tag or 'type="importmap"' in tag or 'type="application/json"' in tag
    assert not re.search(r"(?:src|href|action)=\"https?://", text), "nothing from other hosts"


def test_every_component_is_in_the_readme() -> None:
    readme = (SOURCE / "look/README.md").read_text(encoding="utf-8")
    for path in (SOURCE / "look/templates/look/components").glob("*.html"):
        assert f"`{path.stem}`" in readme, path.stem


def test_own_styles_take_colours_from_tokens_only() -> None:
    css = (SOURCE / "look/static/look/look.css").read_text(encoding="utf-8")
    body = re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)
    assert not re.findall(r"#[0-9a-fA-F]{3,8}\b(?=[;\s,)])", body)
    assert "!important" not in body.split("@layer components")[1].split("@layer adapt")[0].replace(
        "padding-block: 0 !important", ""
    )
