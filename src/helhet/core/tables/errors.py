# SPDX-License-Identifier: EUPL-1.2
"""What may be wrong with a table, said so that its owner can mend it."""

from __future__ import annotations

MESSAGES: dict[str, tuple[str, str]] = {
    "kind": (
        "Filen {name} går inte att läsa. Spara den som .csv eller .xlsx och försök igen.",
        "The file {name} cannot be read. Save it as .csv or .xlsx and try again.",
    ),
    "content": (
        "Filen är inte en {kind}-fil, trots namnet. Öppna den i kalkylprogrammet och spara om den.",
        "The file is not a {kind} file in spite of its name. Open it in a spreadsheet and save it again.",
    ),
    "size": (
        "Filen är större än {limit} MB. Dela den i flera.",
        "The file is larger than {limit} MB. Split it into several.",
    ),
    "encoding": (
        "Filens tecken går inte att tyda. Spara den som UTF-8.",
        "The characters of the file cannot be decoded. Save it as UTF-8.",
    ),
    "empty": (
        "Filen är tom. Första raden ska vara kolumnernas namn.",
        "The file is empty. The first row must hold the names of the columns.",
    ),
    "header_twice": (
        "Kolumnen {column} finns två gånger. Varje kolumn ska ha sitt eget namn.",
        "The column {column} occurs twice. Every column needs a name of its own.",
    ),
    "header_missing": (
        "Här finns ett värde i en kolumn utan namn. Ge kolumnen ett namn på första raden.",
        "There is a value in a column without a name. Name the column in the first row.",
    ),
    "rows": (
        "Tabellen har fler än {limit} rader. Dela den i flera filer.",
        "The table has more than {limit} rows. Split it into several files.",
    ),
    "columns": (
        "Tabellen har fler än {limit} kolumner. Ta bort dem som inte behövs.",
        "The table has more than {limit} columns. Remove those that are not needed.",
    ),
    "cell": (
        "Cellen har fler än {limit} tecken. Korta texten.",
        "The cell has more than {limit} characters. Shorten the text.",
    ),
    "formula_error": (
        "Cellen innehåller felet {value}. Rätta formeln eller skriv värdet.",
        "The cell holds the error {value}. Mend the formula or write the value.",
    ),
    "quotes": (
        'Citattecken är inte avslutade på raden. Kontrollera tecknet " i raden och raderna före.',
        'A quotation is not closed in this row. Check the character " here and in the rows before.',
    ),
    "archive": (
        "Arbetsboken är packad på ett sätt som inte godtas. Spara om den i kalkylprogrammet.",
        "The workbook is packed in a way that is not accepted. Save it again in a spreadsheet.",
    ),
    "encrypted": (
        "Arbetsboken är skyddad med lösenord. Spara den utan lösenord.",
        "The workbook is protected by a password. Save it without one.",
    ),
    "damaged": (
        "Arbetsboken är skadad och går inte att läsa. Öppna den i kalkylprogrammet och spara om den.",
        "The workbook is damaged and cannot be read. Open it in a spreadsheet and save it again.",
    ),
    "sheet": (
        "Arbetsboken har inget blad som heter {sheet}.",
        "The workbook has no sheet named {sheet}.",
    ),
}


class TableError(ValueError):
    """A table that cannot be used as it is.

    `row` is the number that a spreadsheet shows (the header is row 1) or None when the whole file is meant;
    `column` the name of the column (its letter where it has no name) or None.
    """

    def __init__(
        self,
        row: int | None,
        column: str | None,
        message_sv: str,
        message_en: str,
        code: str = "",
    ) -> None:
        self.row = row
        self.column = column
        self.message_sv = message_sv
        self.message_en = message_en
        self.code = code
        super().__init__(f"row {row}, column {column}: {message_en}")

    def message(self, language: str) -> str:
        """Return the text for `language`: English for "en", Swedish for every other."""
        return self.message_en if language.lower().startswith("en") else self.message_sv


def table_error(code: str, row: int | None = None, column: str | None = None, **params: object) -> TableError:
    """Make the error `code` of MESSAGES, its texts filled with `params`."""
    swedish, english = MESSAGES[code]
    filled = {"column": column or "", **params}
    return TableError(row, column, swedish.format(**filled), english.format(**filled), code)
