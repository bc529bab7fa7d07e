# SPDX-License-Identifier: EUPL-1.2
"""Every message of the checks in Swedish and English: one table, so that none lacks a language."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Message:
    severity: Literal["error", "warning"]
    sv: str
    en: str

    def text(self, lang: str) -> str:
        return self.en if lang == "en" else self.sv


def _error(sv: str, en: str) -> Message:
    return Message("error", sv, en)


def _warning(sv: str, en: str) -> Message:
    return Message("warning", sv, en)


MESSAGES: dict[str, Message] = {
    "toml": _error("Filen går inte att läsa som TOML: {detail}.", "The file cannot be read as TOML: {detail}."),
    "file-missing": _error("Boken {path} finns inte.", "There is no book {path}."),
    "file-large": _error("Filen är för stor.", "The file is too large."),
    "file-text": _error("Filen är inte text i UTF-8.", "The file is not text in UTF-8."),
    "path-outside": _error(
        "Sökvägen {path} leder ut ur bokens mapp.", "The path {path} leads out of the book's folder."
    ),
    "use-many": _error("Boken använder för många andra böcker.", "The book uses too many other books."),
    "use-cycle": _error(
        "Böckerna använder varandra i en ring: {path}.", "The books use one another in a ring: {path}."
    ),
    "too-many": _error("För många {what}: högst {limit}.", "Too many {what}: at most {limit}."),
    "too-large": _error(
        "Beräkningen blir för stor för minnet: {what}.", "The calculation is too large for the memory: {what}."
    ),
    "unknown-key": _warning("Nyckeln {key} är okänd och används inte.", "The key {key} is unknown and is not used."),
    "wrong-kind": _error("{key} ska vara {expected}.", "{key} should be {expected}."),
    "required": _error("{key} saknas.", "{key} is missing."),
    "name": _error(
        "{name} kan inte vara ett namn: bokstäver, siffror och _ , och först en bokstav.",
        "{name} cannot be a name: letters, digits and _ , beginning with a letter.",
    ),
    "name-taken": _error("Namnet {name} är redan använt i {file}.", "The name {name} is already used in {file}."),
    "name-reserved": _error(
        "{name} är ett ord i språket och kan inte vara ett namn.", "{name} is a word of the language, not a name."
    ),
    "one-content": _error(
        "En storhet ska ha precis ett av number, table, distribution och formula.",
        "A quantity has exactly one of number, table, distribution and formula.",
    ),
    "number": _error("{text} är inte ett tal.", "{text} is not a number."),
    "years": _error(
        "years ska vara första och sista år, till exempel [2026, 2045].",
        "years should be the first and the last year, for example [2026, 2045].",
    ),
    "dimension-unknown": _error("Dimensionen {name} finns inte.", "There is no dimension {name}."),
    "dimension-differs": _error(
        "Dimensionen {name} är olika i {file} och här.", "The dimension {name} differs between {file} and here."
    ),
    "category-missing": _error("Tabellen saknar värde för {category}.", "The table has no value for {category}."),
    "category-unknown": _error(
        "{category} finns inte i dimensionen {dimension}.", "{category} is not in the dimension {dimension}."
    ),
    "table-shape": _error(
        "Tabellen passar inte dimensionerna {dims}.", "The table does not fit the dimensions {dims}."
    ),
    "parent": _error("{name} har en överordnad som inte finns: {parent}.", "{name} has an unknown parent: {parent}."),
    "parent-cycle": _error("Hållarträdet går runt vid {name}.", "The tree of holders goes round at {name}."),
    "distribution": _error("Fördelningen går inte ihop: {detail}.", "The distribution does not hold: {detail}."),
    "distribution-kind": _error("Fördelningen {kind} finns inte.", "There is no distribution {kind}."),
    "syntax": _error("Här väntades {expected}, inte {found}.", "Expected {expected} here, not {found}."),
    "character": _error("Tecknet {found} kan inte stå i en formel.", "The character {found} cannot be in a formula."),
    "formula-long": _error("Formeln är för lång.", "The formula is too long."),
    "formula-deep": _error("Formeln har för många nivåer.", "The formula is nested too deeply."),
    "name-unknown": _error("Namnet {name} finns inte.", "There is no quantity {name}."),
    "function-unknown": _error("Funktionen {name} finns inte.", "There is no function {name}."),
    "arguments": _error(
        "{name} tar {expected} argument, här är det {found}.", "{name} takes {expected} arguments, here are {found}."
    ),
    "argument-dimension": _error("Här ska namnet på en dimension stå.", "The name of a dimension should stand here."),
    "cycle": _error("Formlerna går runt: {path}.", "The formulas go round: {path}."),
    "dimensions-differ": _error(
        "Det går inte att addera eller jämka ihop {left} med {right}: dimensionerna är olika.",
        "{left} and {right} cannot be added or matched: their dimensions differ.",
    ),
    "dimension-absent": _error("Uttrycket har ingen dimension {name}.", "The expression has no dimension {name}."),
    "dimension-present": _error(
        "Uttrycket har redan dimensionen {name}.", "The expression already has the dimension {name}."
    ),
    "dimensions-declared": _error(
        "Formeln ger dimensionerna {found} men storheten säger {declared}.",
        "The formula gives the dimensions {found} but the quantity says {declared}.",
    ),
    "unit-unknown": _error("Enheten {unit} är okänd.", "The unit {unit} is unknown."),
    "units-differ": _error(
        "Enheterna går inte ihop: {left} och {right}.", "The units do not match: {left} and {right}."
    ),
    "unit-declared": _error(
        "Formeln ger {found} men storheten säger {declared}.",
        "The formula gives {found} but the quantity says {declared}.",
    ),
    "unit-power": _error(
        "Ett tal med enhet kan bara upphöjas till ett helt tal skrivet i formeln.",
        "A value with a unit can only be raised to a whole number written in the formula.",
    ),
    "unit-not-plain": _error(
        "{what} ska vara ett tal utan enhet, inte {unit}.", "{what} should be a plain number, not {unit}."
    ),
    "unit-not-year": _error("{what} ska vara i år, inte {unit}.", "{what} should be in years, not {unit}."),
    "basis-differs": _error(
        "Olika prisnivåer går inte att räkna ihop: {left} och {right}.",
        "Different price bases cannot be combined: {left} and {right}.",
    ),
    "basis-declared": _error(
        "Formeln är i {found} men storheten säger {declared}.",
        "The formula is in {found} but the quantity says {declared}.",
    ),
    "basis": _error("Prisnivån {text} är okänd.", "The price basis {text} is unknown."),
    "flow-kind": _error("Flödet {kind} finns inte.", "There is no flow {kind}."),
    "flow-holder": _error("Hållaren {name} ({role}) finns inte.", "There is no holder {name} ({role})."),
    "flow-required": _error("Ett flöde av slaget {kind} kräver {key}.", "A flow of the kind {kind} needs {key}."),
    "flow-same": _error("Betalare och mottagare är samma: {name}.", "Payer and receiver are the same: {name}."),
    "flow-money": _error("Flödet ska vara i pengar, inte {unit}.", "The flow should be money, not {unit}."),
    "flow-year": _error("Flödet behöver dimensionen year.", "The flow needs the dimension year."),
    "flow-basis": _error(
        "Flödet är i {found} men bokens prisnivå är {declared}.",
        "The flow is in {found} but the book is in {declared}.",
    ),
    "unit-value": _error(
        "Enhetsvärdet {name} ska vara pengar per {unit}.", "The unit value {name} should be money per {unit}."
    ),
    "unsourced": _warning("Värdet saknar källa.", "The value has no source."),
    "unit-value-unsourced": _warning("Enhetsvärdet saknar källa.", "The unit value has no source."),
    "confidence": _error("Säkerheten {text} är okänd.", "The confidence {text} is unknown."),
    "discount-rate": _error(
        "Kalkylräntan {name} ska vara en storhet i procent, utan andra dimensioner än year.",
        "The discount rate {name} should be a quantity in per cent, with no dimension but year.",
    ),
    "discount-missing": _error("Boken har flöden men ingen kalkylränta.", "The book has flows but no discount rate."),
    "scenario-unknown": _error("Scenariot {name} finns inte.", "There is no scenario {name}."),
    "scenario-cycle": _error(
        "Scenarierna bygger på varandra i en ring: {name}.", "The scenarios build on one another: {name}."
    ),
    "overlay-name": _error(
        "{name} kan inte ändras: storheten finns inte.", "{name} cannot be changed: there is no such quantity."
    ),
    "overlay-value": _error("{name} kan inte få värdet {text}.", "{name} cannot have the value {text}."),
    "overlay-table": _error("{name} är inte en tabell.", "{name} is not a table."),
    "overlay-alternative": _error("{name} har inget annat värde {text}.", "{name} has no alternative value {text}."),
    "overlay-basis": _error(
        "Det andra värdet för {name} är i en annan prisnivå och måste räknas om först.",
        "The alternative value for {name} has another price basis and must be converted first.",
    ),
    "range": _error("Intervallet ska ha min mindre än max.", "The range should have min below max."),
    "decision": _error("Beslutet {name} behöver minst två val.", "The decision {name} needs at least two options."),
    "combinations": _error(
        "Valen ger fler än {limit} kombinationer.", "The options give more than {limit} combinations."
    ),
    "nothing-to-choose": _error("Boken har inget att välja mellan.", "The book has nothing to choose between."),
    "no-flows": _warning("Boken har inga flöden att summera.", "The book has no flows to sum."),
    "not-finite": _error(
        "{name} blir inte ett tal (delning med noll eller för stora tal).",
        "{name} does not come out as a number (division by zero or too large numbers).",
    ),
    "rate-low": _error("Kalkylräntan måste vara större än −100 %.", "The discount rate must be above −100 %."),
    "samples": _error(
        "Antalet dragningar ska vara mellan 1 och {limit}.", "The number of samples should be 1 to {limit}."
    ),
    "seed": _error("Fröet ska vara ett heltal från 0 till 2^63.", "The seed should be a whole number from 0 to 2^63."),
    "coordinate": _error("Ange {name} för att förklara en siffra.", "Give {name} to explain one figure."),
    "portfolio-price": _error(
        "Böckerna har olika prisnivå: {left} och {right}.", "The books have different price bases: {left} and {right}."
    ),
    "portfolio-shared": _error("Böckerna ger {name} olika innehåll.", "The books give {name} different content."),
    "portfolio-empty": _error("Portföljen har inga böcker.", "The portfolio has no books."),
}

SUGGESTIONS: dict[str, Message] = {
    "did-you-mean": _warning("Menade du {near}?", "Did you mean {near}?"),
    "quote-or-field": _warning(
        "Kontrollera citattecken, hakparenteser och att varje namn står en gång.",
        "Check quotation marks, brackets and that each name stands once.",
    ),
    "use-over": _warning(
        "Skriv over(uttryck; {missing}) om samma värde ska gälla för alla.",
        "Write over(expression; {missing}) if the same value holds for all.",
    ),
    "use-sum": _warning("Summera först: sum(uttryck; {missing}).", "Sum first: sum(expression; {missing})."),
    "convert-unit": _warning(
        "Räkna om med ett pris eller en mängd per enhet.", "Convert by a price or an amount per unit."
    ),
    "literal-unit": _warning(
        "Skriv enheten vid talet, till exempel 1 år eller 5 [kr/MWh].",
        "Write the unit at the number, for example 1 år or 5 [kr/MWh].",
    ),
    "use-index": _warning(
        "Räkna om med en indexstorhet som har rebase = {from, to}.",
        "Convert with an index quantity that has rebase = {from, to}.",
    ),
    "give-source": _warning(
        'Skriv source, eller confidence = "assumption" om det är ett antagande.',
        'Write source, or confidence = "assumption" if it is an assumption.',
    ),
    "all-years": _warning(
        'Ge ett värde för varje år, gärna med intervall som "2026-2045" = 1.',
        'Give a value for each year, perhaps with a range such as "2026-2045" = 1.',
    ),
    "units-own": _warning(
        'Egna enheter skrivs i [book] units = ["{unit}"].',
        'Units of your own are written in [book] units = ["{unit}"].',
    ),
}

#: Words that stand inside messages: Swedish and English. A parameter equal to either is shown in the reader's language.
WORDS: tuple[tuple[str, str], ...] = (
    ("inga", "none"),
    ("ett enda värde", "a single value"),
    ("ett tal utan enhet", "a plain number"),
    ("slutet", "the end"),
    ("ett tal, ett namn eller (", "a number, a name or ("),
    (") eller ;", ") or ;"),
    ("olika dimensioner", "different dimensions"),
    ("dimensioner", "dimensions"),
    ("kategorier", "categories"),
    ("storheter", "quantities"),
    ("scenarier", "scenarios"),
    ("en text", "a text"),
    ("betalaren", "payer"),
    ("mottagaren", "receiver"),
    ("den som beslutar", "the decider"),
    ("nominella priser", "nominal"),
    ("ingen prisnivå", "none"),
    ("en tidpunkt i år", "a year"),
    ("en nyckel har för många delar", "a dotted key is too long"),
    ("för många nivåer", "too many levels"),
    ("ogiltigt värde", "Invalid value"),
    ("ogiltigt namn", "Invalid key"),
    ("likhetstecken saknas efter ett namn", "Expected '=' after a key in a key/value pair"),
    ("radslut väntades efter uttrycket", "Expected newline or end of document after a statement"),
    ("ett värde kan inte skrivas över", "Cannot overwrite a value"),
    ("samma tabell två gånger", "Cannot declare ('table') twice"),
    ("texten saknar avslutande citattecken", "Unterminated string"),
    ("otillåtet tecken", "Illegal character"),
    ("hakparentes saknas", "Expected ']' at the end of a table declaration"),
    ("listan är inte avslutad", "Unclosed array"),
    ("tabellen är inte avslutad", "Unclosed inline table"),
    ("ogiltig början på rad", "Invalid statement"),
)

_BY_SV = dict(WORDS)
_BY_EN = {**{en: sv for sv, en in WORDS}, "none": "ingen prisnivå"}


def worded(value: str, lang: str) -> str:
    """A parameter of a message in the reader's language, unchanged when it is not one of the words."""
    table = _BY_SV if lang == "en" else _BY_EN
    return table.get(value, value)
