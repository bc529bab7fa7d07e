# SPDX-License-Identifier: EUPL-1.2
"""Tables as people keep them: CSV and Excel workbooks, read with bounds and written without traps.

Pure Python; knows nothing of Django. Reading streams, so a file of 100,000 rows costs little memory.
"""

from helhet.core.tables.errors import TableError
from helhet.core.tables.limits import Limits
from helhet.core.tables.numbers import parse_number
from helhet.core.tables.reading import Row, read
from helhet.core.tables.safety import neutralise, restore
from helhet.core.tables.writing import Cell, Column, write_csv, write_xlsx

__all__ = [
    "Cell",
    "Column",
    "Limits",
    "Row",
    "TableError",
    "neutralise",
    "parse_number",
    "read",
    "restore",
    "write_csv",
    "write_xlsx",
]
