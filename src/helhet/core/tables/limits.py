# SPDX-License-Identifier: EUPL-1.2
"""Bounds within which a foreign table is read."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of a table: sizes in bytes, lengths in characters, the rest in pieces.

    `max_ratio` is unpacked to packed size of a whole workbook; ordinary workbooks stay under 40.
    """

    max_bytes: int = 50_000_000
    max_rows: int = 200_000
    max_columns: int = 200
    max_cell: int = 32_767
    max_entries: int = 2_000
    max_unpacked: int = 400_000_000
    max_shared_strings: int = 150_000_000
    max_ratio: int = 150
