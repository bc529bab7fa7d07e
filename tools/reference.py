# SPDX-License-Identifier: EUPL-1.2
"""Write the tables of settings and commands into docs/operate.md, from the code that reads them."""

import re
import sys
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "src"))

from helhet.cli.main import COMMANDS  # noqa: E402
from helhet.site.environment import TABLE, Setting  # noqa: E402

DOCUMENT = ROOT / "docs" / "operate.md"


def _default(row: Setting) -> str:
    if row.required_in_production:
        return "must be set in production"
    return f"`{row.default.replace(str(ROOT) + '/', '')}`" if row.default else "–"


def _settings(scope: str) -> str:
    rows = [f"| `{row.name}` | {_default(row)} | {row.help} | `{row.example}` |" for row in TABLE if row.scope == scope]
    return "\n".join(["| name | default | what it is | example |", "|---|---|---|---|", *rows])


def _commands() -> str:
    rows = [f"| `helhet {command.name}` | {command.help} |" for command in COMMANDS]
    return "\n".join(["| command | what it does |", "|---|---|", *rows])


BLOCKS: dict[str, Callable[[], str]] = {
    "settings": lambda: _settings("run"),
    "settings-tools": lambda: _settings("tools"),
    "commands": _commands,
}


def block(name: str) -> str:
    """Return one table between its two marks."""
    return f"<!-- {name}: written by tools/reference.py -->\n{BLOCKS[name]()}\n<!-- end of {name} -->"


def main() -> int:
    """Replace every block in the document."""
    text = DOCUMENT.read_text(encoding="utf-8")
    for name in BLOCKS:
        pattern = rf"<!-- {name}: .*?<!-- end of {name} -->"
        text = re.sub(pattern, lambda _found, name=name: block(name), text, flags=re.DOTALL)
    DOCUMENT.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
