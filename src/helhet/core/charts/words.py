# SPDX-License-Identifier: EUPL-1.2
"""The charts' own words, in Swedish and English; other languages fall back to Swedish."""

from typing import Final

WORDS: Final[dict[str, tuple[str, str]]] = {
    "gains": ("Vinner", "Gains"),
    "pays": ("Betalar eller förlorar", "Pays or loses"),
    "eight": ("Åtta fall av tio (P10–P90)", "Eight cases in ten (P10–P90)"),
    "low": ("Lågt värde", "Low value"),
    "high": ("Högt värde", "High value"),
    "low_high": ("lågt · högt", "low · high"),
    "median": ("Mitten (P50)", "Median (P50)"),
    "ceiling": ("Tak", "Ceiling"),
    "ceiling_at": ("Tak {value}", "Ceiling {value}"),
    "against": ("Mot tak {value}", "Against ceiling {value}"),
    "year": ("År", "Year"),
    "sum": ("Summa", "Sum"),
    "sum_so_far": ("Summa hittills", "Sum so far"),
    "expected": ("Väntat", "Expected"),
    "holder": ("Budgethållare", "Budget-holder"),
    "item": ("Post", "Item"),
    "assumption": ("Antagande", "Assumption"),
    "range": ("Spann", "Range"),
    "step": ("Steg", "Step"),
    "state": ("Läge", "State"),
    "remark": ("Anmärkning", "Remark"),
    "done": ("klart", "done"),
    "now": ("pågår", "under way"),
    "todo": ("återstår", "to come"),
    "lowest": ("Lägst {year}: {value}", "Lowest {year}: {value}"),
    "fan_desc": (
        "Solfjäderdiagram {first}–{last}. Mitten går från {start} till {end}; åtta fall av tio ligger då mellan {low} och {high}.",
        "Fan chart {first}–{last}. The median goes from {start} to {end}; eight cases in ten then lie between {low} and {high}.",
    ),
    "years_desc": (
        "Staplar per år {first}–{last}. Högst är {year} med {value}.",
        "Bars by year {first}–{last}. The highest is {year} with {value}.",
    ),
    "over_desc": (" {count} år ligger över taket på {value}.", " {count} years are above the ceiling of {value}."),
    "nothing": ("Det finns inga värden att visa.", "There are no values to show."),
}


def word(key: str, language: str, **values: object) -> str:
    """One of the charts' words with its values filled in. Raises KeyError for an unknown key."""
    return WORDS[key][1 if language.startswith("en") else 0].format(**values)
