# SPDX-License-Identifier: EUPL-1.2
"""What may be wrong with a row, said in the owner's language together with how to mend it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import get_language

MESSAGES: dict[str, tuple[str, str]] = {
    "required": ("Cellen är tom. Fyll i den.", "The cell is empty. Fill it in."),
    "column_missing": (
        "Kolumnen finns inte i filen. Lägg till den på första raden.",
        "The column is not in the file. Add it in the first row.",
    ),
    "column_unknown": (
        "Kolumnen är okänd.{near_sv} Ta bort den eller rätta namnet.",
        "The column is unknown.{near_en} Remove it or mend its name.",
    ),
    "control": (
        "Cellen har osynliga styrtecken. Skriv texten på nytt.",
        "The cell holds invisible control characters. Write the text again.",
    ),
    "long": (
        "Texten är {length} tecken. Korta den till högst {limit}.",
        "The text has {length} characters. Shorten it to {limit} at most.",
    ),
    "choice": (
        "”{value}” går inte att välja. Skriv något av: {choices}.",
        "“{value}” is no choice. Write one of: {choices}.",
    ),
    "key": (
        "”{value}” duger inte som beteckning. Använd bokstäver, siffror och - _ : . #, högst 80 tecken.",
        "“{value}” is no key. Use letters, digits and - _ : . #, 80 characters at most.",
    ),
    "number": ("”{value}” är inget tal. Skriv till exempel 12,5.", "“{value}” is no number. Write for example 12.5."),
    "range": (
        "{value} ligger utanför {low} till {high}. Rätta talet.",
        "{value} lies outside {low} to {high}. Mend the number.",
    ),
    "date": ("”{value}” är inget datum. Skriv ÅÅÅÅ-MM-DD.", "“{value}” is no date. Write YYYY-MM-DD."),
    "flag": (
        "”{value}” är varken ja eller nej. Skriv ja eller nej.",
        "“{value}” is neither yes nor no. Write yes or no.",
    ),
    "parts": ("”{value}” har fel form. Skriv {form}.", "“{value}” has the wrong form. Write {form}."),
    "twice": (
        "”{value}” finns redan på rad {first}. Ge raderna olika beteckning eller ta bort en.",
        "“{value}” is already in row {first}. Give the rows different keys or remove one.",
    ),
    "unknown_reference": (
        "”{value}” finns inte. Lägg till det först eller rätta stavningen.",
        "“{value}” does not exist. Add it first or mend the spelling.",
    ),
    "loop": (
        "”{value}” ligger under sig självt i trädet. Ändra vad det hör till.",
        "“{value}” lies below itself in the tree. Change what it belongs to.",
    ),
    "place_kept": (
        "Organisationen finns redan under {value} och behåller sin plats. Ändra tillbaka.",
        "The organisation already stands under {value} and keeps its place. Change it back.",
    ),
    "group_place": (
        "En grupp står utanför trädet. Töm cellen, eller ändra slaget.",
        "A group stands outside the tree. Empty the cell, or change the kind.",
    ),
    "no_group": (
        "”{value}” är ingen grupp. Uppdrag ges till grupper.",
        "“{value}” is no group. Mandates are given to groups.",
    ),
    "place_half": (
        "Latitud och longitud hör ihop. Fyll i båda eller ingen.",
        "Latitude and longitude belong together. Fill in both or none.",
    ),
    "place_outside": (
        "Platsen ({value}) ligger utanför kommunen. Kontrollera att latitud och longitud inte är omkastade.",
        "The place ({value}) lies outside the municipality. Check that latitude and longitude are not swapped.",
    ),
    "paragraph": (
        "Begränsade ärenden behöver en paragraf, till exempel OSL 19:3. Fyll i den eller ändra synligheten.",
        "Restricted matters need a paragraph such as OSL 19:3. Fill it in or change the visibility.",
    ),
    "own_link": ("Raden pekar på sig själv. Ta bort länken.", "The row points at itself. Remove the link."),
    "period": ("Slutet ligger före början. Rätta datumen.", "The end lies before the beginning. Mend the dates."),
    "thread": (
        "Svaret hör till ett annat ärende än inlägget det svarar på. Rätta ärendet.",
        "The reply belongs to another matter than what it replies to. Mend the matter.",
    ),
    "demo": (
        "Demonstrationskonton får bara finnas på den egna maskinen (HELHET_DEMO=yes). Ta bort raden eller skriv nej.",
        "Demonstration accounts may only exist on one's own machine (HELHET_DEMO=yes). Remove the row or write no.",
    ),
    "number_taken": (
        "Diarienumret {value} används redan. Ta bort det, så får raden ett nytt.",
        "The registration number {value} is taken. Remove it, and the row gets a new one.",
    ),
    "sensitive": (
        "Texten kan innehålla personuppgifter ({value}). Läs igenom den.",
        "The text may hold personal data ({value}). Read it through.",
    ),
    "table": ("{sv}", "{en}"),
}


class Bad(ValueError):
    """A cell that cannot be understood: a code of MESSAGES and what fills it."""

    def __init__(self, code: str, **params: Any):
        super().__init__(code)
        self.code, self.params = code, params


@dataclass(frozen=True)
class Problem:
    """Something wrong: in which row (the header is 1, None is the whole file) and column, and what."""

    row: int | None
    column: str
    code: str
    params: dict[str, Any] = field(default_factory=dict)

    def message(self, language: str = "sv") -> str:
        """What is wrong and how to mend it: English for "en", Swedish for every other language."""
        swedish, english = MESSAGES[self.code]
        return (english if language.startswith("en") else swedish).format(**self.params)

    def line(self, language: str = "sv") -> str:
        """The problem as one line of a report."""
        english = language.startswith("en")
        where = [("row {}" if english else "rad {}").format(self.row)] if self.row else []
        where += [("column {}" if english else "kolumn {}").format(self.column)] if self.column else []
        return f"{', '.join(where) or ('the file' if english else 'filen')}: {self.message(language)}"


LISTED = 200


@dataclass
class Report:
    """What an import found and did. ``problems`` holds the first ones; ``problem_count`` them all."""

    kind: str
    filename: str
    rows: int = 0
    created: int = 0
    changed: int = 0
    unchanged: int = 0
    problems: list[Problem] = field(default_factory=list)
    problem_count: int = 0
    warnings: list[Problem] = field(default_factory=list)
    #: Of rows that hang below another row of the file: how many stand above.
    depths: dict[str, int] = field(default_factory=dict, repr=False)

    @property
    def ok(self) -> bool:
        return not self.problem_count

    def add(self, problem: Problem) -> None:
        self.problem_count += 1
        if len(self.problems) < LISTED:
            self.problems.append(problem)

    def warn(self, problem: Problem) -> None:
        if len(self.warnings) < LISTED:
            self.warnings.append(problem)

    def text(self, language: str = "sv") -> str:
        """The whole report, one thing per line."""
        english = language.startswith("en")
        counts = (self.rows, self.created, self.changed, self.unchanged)
        if not self.ok:
            head = "{}: {} problems, nothing was read in." if english else "{}: {} fel, inget har lästs in."
            head = head.format(self.filename, self.problem_count)
        elif english:
            head = "{}: {} rows, {} new, {} changed, {} unchanged.".format(self.filename, *counts)
        else:
            head = "{}: {} rader, {} nya, {} ändrade, {} oförändrade.".format(self.filename, *counts)
        left = self.problem_count - len(self.problems)
        more = [(f"… and {left} more" if english else f"… och {left} till")] if left else []
        notes = [("Note, " if english else "Obs, ") + warning.line(language) for warning in self.warnings]
        return "\n".join([head, *(problem.line(language) for problem in self.problems), *more, *notes])

    def __str__(self) -> str:
        return self.text(get_language() or "sv")
