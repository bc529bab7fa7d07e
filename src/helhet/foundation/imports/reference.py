# SPDX-License-Identifier: EUPL-1.2
"""The reference of all tables, made from their declarations (``docs/reference/import.md`` is this text)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from helhet.foundation.imports.columns import TYPES, Column
from helhet.foundation.imports.kinds import Kind

INTRODUCTION = """\
<!-- SPDX-License-Identifier: EUPL-1.2 -->
<!-- Made by `helhet import --reference` from the declarations of the tables; a test keeps it so. -->

# Tables that Helhet reads and writes

    helhet import KIND FILE.csv      (or FILE.xlsx)
    helhet import instance NAME
    helhet export KIND|all FOLDER --format csv|xlsx|json

- The first row names the columns. The order is free, and columns that are not required may be left out.
- CSV is UTF-8 (Windows-1252 and UTF-16 are understood) with `;`, `,` or tab between the cells.
- A cell that holds several items has `|` between them. Write `\\|` for the sign itself and `\\\\` for a backslash.
- Items of several parts have `:` between the parts; the last part may hold `:`.
- The whole file is checked before anything is written. The report names row, column, what is wrong and how to mend it.
- New matters and accounts are seen when everything is in place. A run that is stopped goes on when the same file is read
  in again. Of the other tables, and of rows that change something, up to 200 are put in at once; more are put in a few at
  a time after that, and whatever happens to the run, what it has begun is ended (ADR 0012).
- The same file again changes nothing. A row that reads differently changes its object; a column that is left out, and a
  row that is left out, leave what is there.
- Everything is written in short transactions with pauses, so the web stays quick.
- Exports disarm text that a spreadsheet would run as a formula with an apostrophe, and the import restores it.
- Columns marked *private* say who did something. They are exported with `--identities` only.
"""


def reference(kinds: Iterable[Kind]) -> str:
    """Return the reference as Markdown."""
    return INTRODUCTION + "".join("".join(_section(kind)) for kind in kinds)


def _section(kind: Kind) -> Iterator[str]:
    yield f"\n## {kind.name}\n\n{kind.title_en} (*{kind.title_sv}*). Key: `{kind.key}`.\n\n"
    yield "| column | what | Swedish | may hold |\n| --- | --- | --- | --- |\n"
    for column in kind.columns:
        marks = "".join([" **required**" if column.required else "", " *private*" if column.private else ""])
        yield f"| `{column.name}`{marks} | {column.help_en} | {column.help_sv} | {_holds(column)} |\n"


def _holds(column: Column) -> str:
    if column.parts:
        form = ":".join(f"[{part.name}]" if part.optional else part.name for part in column.parts)
        choices = [f"{part.name}: {', '.join(part.choices)}" for part in column.parts if part.choices]
        said = "; ".join([f"`{form}`", *choices])
    elif column.choices:
        said = ", ".join(f"`{choice}`" for choice in column.choices)
    else:
        said = f"{column.refers}’s key" if column.refers else TYPES[column.type][1]
    limit = f", {column.max_length} characters at most" if column.max_length else ""
    return f"{said}{', several' if column.many else ''}{limit}"
