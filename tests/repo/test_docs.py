# SPDX-License-Identifier: EUPL-1.2
"""What must be documented is, and no link in the documents leads nowhere."""

import re

import pytest

from tests.repo.sources import ROOT, relative, written
from tools import reference

LINK = re.compile(r"(?<!!)\[[^\]]+\]\((?P<target>[^)\s]+)\)")
DOCUMENTS = [path for path in written() if path.suffix == ".md"]


@pytest.mark.parametrize("path", DOCUMENTS, ids=relative)
def test_links_lead_somewhere(path):
    text = re.sub(r"```.*?```", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
    lost = []
    for found in LINK.finditer(text):
        target, _, anchor = found["target"].partition("#")
        if re.match(r"[a-z]+:", target):
            continue
        file = path.parent / target if target else path
        if not file.exists() or (anchor and anchor not in _anchors(file)):
            lost.append(found["target"])
    assert lost == []


def _anchors(file) -> set[str]:
    headings = re.findall(r"^#+ (.+)$", file.read_text(encoding="utf-8"), flags=re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("name", sorted(reference.BLOCKS))
def test_the_tables_of_operate_are_those_of_the_code(name):
    text = (ROOT / "docs" / "operate.md").read_text(encoding="utf-8")
    assert reference.block(name) in text, "python tools/reference.py writes the tables anew"


def test_decisions_are_numbered_without_gaps():
    names = sorted(path.name for path in (ROOT / "docs" / "adr").glob("[0-9]*.md"))
    assert [int(name[:4]) for name in names] == list(range(len(names)))
    for name in names:
        text = (ROOT / "docs" / "adr" / name).read_text(encoding="utf-8")
        assert all(f"## {part}" in text for part in ("Context", "Decision", "Consequences")), name
