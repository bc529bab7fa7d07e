# SPDX-License-Identifier: EUPL-1.2
"""The fixed words of a decision basis, in Swedish and English.

A presented document must read the same for ever, so its words stand here and not in a catalogue that may be reworded.
"""

from collections.abc import Sequence
from datetime import date, datetime

from django.utils import timezone

LANGUAGES = ("sv", "en")

_WORDS: dict[str, tuple[str, str]] = {
    "kind": ("Beslutsunderlag", "Decision basis"),
    "draft": ("Utkast", "Draft"),
    "version": ("Version {number}, framlagd {day}", "Version {number}, presented {day}"),
    "body": ("Beslutas av", "Decided by"),
    "planned": ("Planerad dag", "Planned day"),
    "written_by": ("Skrivet av", "Written by"),
    "number": ("Diarienummer", "Registration number"),
    "fraga": ("Det viktigaste", "In brief"),
    "bakgrund": ("Bakgrund", "Background"),
    "alternativ": ("Alternativen", "The alternatives"),
    "effekter": ("Effekter i pengar och i egna enheter", "Effects in money and in their own units"),
    "betalar": ("Vem betalar, vem vinner", "Who pays, who gains"),
    "osakert": ("Hur säkert är det?", "How sure is it?"),
    "mal": ("Mål som berörs", "Goals touched"),
    "horda": ("Vilka som berörs och är hörda", "Who is affected and who was heard"),
    "norm": ("Vem syns inte?", "Who is not seen?"),
    "kallor": ("Källor och härkomst", "Sources and origins"),
    "proposal": ("Förslag:", "Proposal:"),
    "proposed": ("alternativ {mark}. {name}.", "alternative {mark}. {name}."),
    "no_question": ("Frågan är inte formulerad ännu.", "The question has not been worded yet."),
    "no_background": ("Ingen bakgrund är skriven.", "No background has been written."),
    "untranslated": ("Den här delen finns bara på ett annat språk.", "This part has only been written in Swedish."),
    "note": (
        "Varje siffra kan följas till formel, antaganden och källa.",
        "Every figure can be followed to its formula, assumptions and source.",
    ),
    "note_assumptions": (
        "Siffror märkta som antagande vilar inte på någon publicerad källa.",
        "Figures marked as assumptions rest on no published source.",
    ),
    "brief_who": ("Vem betalar, vem vinner:", "Who pays, who gains:"),
    "brief_loses": ("förlorar", "loses|lose"),
    "brief_gains": ("vinner", "gains|gain"),
    "brief_sure": ("Hur säkert:", "How sure:"),
    "brief_whole": ("helheten", "the whole comes to"),
    "brief_spread": (
        " i medeltal, och {spread} i åtta fall av tio. {says}.",
        " on average, and {spread} in eight cases out of ten. {says}.",
    ),
    "brief_whole_only": (". Något spann är inte beräknat.", ". No spread has been calculated."),
    "brief_unvalued": ("Det ingen har kunnat värdera:", "What nobody has been able to value:"),
    "brief_more": ("och {count} till", "and {count} more"),
    "alternative": ("Alternativ", "Alternative"),
    "reversible": ("Går att ångra?", "Can it be undone?"),
    "baseline": ("utgångsläge", "baseline"),
    "not_calculated": ("inte beräknat", "not calculated"),
    "unknown": ("inte angett", "not stated"),
    "alternatives_caption": (
        "Alternativen mot att inte göra någonting. Förslaget är det som står i fetstil.",
        "The alternatives against doing nothing. The proposal is the one in bold.",
    ),
    "can_be_undone": ("Går att ångra: {text}.", "Can it be undone: {text}."),
    "interval_note": (
        "Siffran är medelvärdet. Under den: i åtta fall av tio hamnar utfallet mellan de två talen (P10–P90).",
        "The figure is the mean. Below it: in eight cases out of ten the outcome falls between the two (P10–P90).",
    ),
    "money_caption": ("Effekter i pengar", "Effects in money"),
    "units_caption": ("Effekter i egna enheter", "Effects in their own units"),
    "effect": ("Effekt", "Effect"),
    "expected": ("Väntat (medel)", "Expected (mean)"),
    "low": ("Lågt (P10)", "Low (P10)"),
    "high": ("Högt (P90)", "High (P90)"),
    "confidence": ("Säkerhet", "Confidence"),
    "no_effects": (
        "Inga beräknade effekter har valts ut till underlaget.",
        "No calculated effects have been chosen for this basis.",
    ),
    "unvalued": ("Det ingen har kunnat värdera", "What nobody has been able to value"),
    "unvalued_none": (
        "Ingen har angett någon effekt som inte gått att värdera. Det betyder inte att det saknas sådana.",
        "Nobody has named an effect that could not be valued. That does not mean that there are none.",
    ),
    "concerns": ("Gäller {who}.", "Concerns {who}."),
    "holder": ("Budgethållare", "Budget-holder"),
    "holders_caption": ("{name}, per budgethållare", "{name}, by budget-holder"),
    "years_caption": ("År för år, {unit}", "Year by year, {unit}"),
    "years_summed": (
        "År för år de första tio åren, därefter summan av flera år, {unit}",
        "Year by year for the first ten years, then the sum of several, {unit}",
    ),
    "year": ("År", "Year"),
    "unit": ("Enhet", "Unit"),
    "whom": ("Vem det gäller", "Whom it concerns"),
    "no_holders": (
        "Vem som betalar och vem som vinner är inte beräknat.",
        "Who pays and who gains has not been calculated.",
    ),
    "loses": ("{names} förlorar pengar", "{names} loses money|{names} lose money"),
    "gains": ("{names} vinner", "{names} gains|{names} gain"),
    "nobody_moves": ("Ingen budgethållare vinner eller förlorar pengar", "No budget-holder gains or loses money"),
    "and": ("och", "and"),
    "but": ("{first}, {last}", "{first}, {last}"),
    "chart_alt": (
        "Liggande staplar, en för varje budgethållare: {bars}.",
        "Horizontal bars, one for each budget-holder: {bars}.",
    ),
    "whole": ("Helheten i pengar", "The whole in money"),
    "certainty_caption": ("Siffrornas spann", "The spread of the figures"),
    "says": ("Vad det säger", "What it says"),
    "sure_plus": ("Plus i minst nio fall av tio", "Above zero in at least nine cases out of ten"),
    "sure_minus": ("Minus i minst nio fall av tio", "Below zero in at least nine cases out of ten"),
    "unsure": ("Kan bli både plus och minus", "May turn out above or below zero"),
    "no_intervals": (
        "Ingen av siffrorna har något beräknat spann. Hur säkra de är går inte att säga.",
        "None of the figures has a calculated spread. How sure they are cannot be said.",
    ),
    "without_interval": ("Utan beräknat spann: {names}.", "Without a calculated spread: {names}."),
    "no_goals": ("Ingen har knutit ärendet till något mål.", "Nobody has tied the matter to a goal."),
    "settled": ("Avvägt: {reason}", "Weighed: {reason}"),
    "heard_caption": ("Vilka som berörs, när de hördes och vad de säger", "Who is affected, when heard, what they say"),
    "group": ("Grupp", "Group"),
    "how_affected": ("Hur de berörs", "How they are affected"),
    "when": ("Hörda", "Heard"),
    "they_say": ("Vad de säger", "What they say"),
    "not_heard": ("Inte hörda", "Not heard"),
    "nobody_heard": ("Ingen är angiven som berörd eller hörd.", "Nobody is named as affected or heard."),
    "no_remarks": (
        "Ingen normkritisk granskning är gjord av underlaget.",
        "No norm-critical reading has been made of this basis.",
    ),
    "remark_by": ("Normkritisk granskning av {who}, {day}.", "Norm-critical reading by {who}, {day}."),
    "no_figures": ("Underlaget innehåller inga beräknade siffror.", "This basis holds no calculated figures."),
    "frozen_note": (
        "Texter, antaganden, körningar och filer är sparade med kontrollsumma från den dag underlaget lades fram.",
        "Texts, assumptions, runs and files are kept with checksums from the day the basis was presented.",
    ),
    "draft_note": (
        "Underlaget fryses när det läggs fram. Då sparas texter, antaganden, körningar och filer med kontrollsumma.",
        "The basis is frozen when it is presented: texts, assumptions, runs and files are then kept with checksums.",
    ),
    "ledger_head": ("Huvudboken {day}, händelse {position}", "The ledger on {day}, event {position}"),
    "run": ("Körning: {title}", "Run: {title}"),
    "run_source": ("{title}, körning {day}", "{title}, run {day}"),
    "run_facts": ("frö {seed}, {samples} dragningar, {engine}", "seed {seed}, {samples} draws, {engine}"),
    "file": ("Fil: {name}", "File: {name}"),
    "interval": ("Spann", "Spread"),
    "and_more": ("med mera", "and more"),
    "price_basis": ("Prisnivå", "Price basis"),
    "constant_prices": ("fasta priser, {year}", "constant prices, {year}"),
    "inputs": ("Ingår", "Consists of"),
    "written_as": ("I kalkylen", "In the book"),
    "published": ("Uppgifter ur", "Data from"),
    "between": ("{low} till {high}", "{low} to {high}"),
    "assumption": ("antagande", "assumption"),
    "fact": ("publicerad uppgift", "published"),
    "published_confidence": ("publicerad uppgift", "published"),
    "high_confidence": ("hög", "high"),
    "medium_confidence": ("medel", "medium"),
    "low_confidence": ("låg", "low"),
    "missing_figure": ("[siffra saknas]", "[figure missing]"),
}
_MONTHS = {
    "sv": "januari februari mars april maj juni juli augusti september oktober november december".split(),
    "en": "January February March April May June July August September October November December".split(),
}


def word(key: str, language: str, **values: object) -> str:
    """A word or sentence; English for ``en``, Swedish for every other language."""
    return _WORDS[key][1 if language == "en" else 0].format(**values)


def counted(key: str, language: str, count: int, **values: object) -> str:
    """As :func:`word`, where English differs between one and several (``one|several``)."""
    forms = _WORDS[key][1 if language == "en" else 0].split("|")
    return forms[0 if count == 1 else -1].format(**values)


def day(value: date | datetime, language: str) -> str:
    """“9 februari 2027”, always with the year: a document is read long afterwards."""
    if isinstance(value, datetime):
        value = timezone.localtime(value).date()
    return f"{value.day} {_MONTHS['en' if language == 'en' else 'sv'][value.month - 1]} {value.year}"


def listed(names: Sequence[str], language: str) -> str:
    """“A, B och C”."""
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} {word('and', language)} {names[-1]}"


def inside(name: str) -> str:
    """A name as it stands inside an English sentence: “the energy company”."""
    return f"the {name[4:]}" if name.startswith("The ") else name


def in_language(sv: str, en: str, language: str) -> str:
    """The English words where they exist and are asked for, otherwise the Swedish."""
    return en if language == "en" and en else sv
