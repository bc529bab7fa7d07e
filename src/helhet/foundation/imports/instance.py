# SPDX-License-Identifier: EUPL-1.2
"""What a municipality's folder says of itself: ``instance.toml``, and the sources its tables refer to."""

from __future__ import annotations

import csv
import io
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings


def instance_file(folder: Path | None = None) -> dict[str, Any]:
    """The content of ``instance.toml`` of the folder, or of this installation's; empty when there is none."""
    return _read(folder or settings.HELHET_INSTANCE_DIR)


@cache
def _read(folder: Path) -> dict[str, Any]:
    path = folder / "instance.toml"
    return tomllib.loads(path.read_text("utf-8")) if path.is_file() else {}


def sources_of(folder: Path) -> dict[str, str]:
    """Short id of a source → how it is shown: publisher, title, date."""
    path = folder / str(instance_file(folder).get("files", {}).get("sources", "sources.csv"))
    if not path.is_file():
        return {}
    with path.open(encoding="utf-8", newline="") as file:
        return {row["id"]: _shown(row) for row in csv.DictReader(file, delimiter=";")}


def _shown(row: dict[str, str]) -> str:
    return ", ".join(filter(None, (f"{row['publisher']}: {row['title']}", row["date"])))


def with_sources(path: Path, sources: dict[str, str]) -> bytes:
    """A table of the folder with the ids in its column ``source`` written out."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter=";"))
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, list(rows[0]) if rows else [], delimiter=";", lineterminator="\n")
    writer.writeheader()
    for row in rows:
        if row.get("source"):
            row["source"] = "; ".join(sources.get(part, part) for part in row["source"].split("|"))
        writer.writerow(row)
    return text.getvalue().encode()
