# SPDX-License-Identifier: EUPL-1.2
"""A matter with a run, and a basis written on it: what the stories of the decision room begin with."""

from dataclasses import dataclass
from typing import Any

from helhet.foundation.figures.models import Run
from helhet.foundation.figures.services import Figure, keep_run
from helhet.foundation.jobs import services as jobs
from helhet.foundation.matters.models import Matter
from helhet.foundation.policy import Standing
from helhet.rooms.decisions import services
from helhet.rooms.decisions.models import Alternative, Basis
from helhet.rooms.decisions.references import token
from tests.people import Town, matter, small_town, standing

HOLDERS = {"tekniska": -41.9e6, "socialforvaltningen": 27.2e6, "bolaget": 40.4e6}


def figures(scale: float = 1.0) -> dict[str, Figure]:
    """Present values by holder and in all, by year, a price, emissions in their own unit, and one without interval."""
    found = [
        Figure(
            key=f"npv[holder={holder}]",
            label=f"Nuvärde, {holder}",
            label_en=f"Present value, {holder}",
            value=value * scale,
            unit="SEK",
            low=value * scale - 20e6,
            high=value * scale + 20e6,
            price_basis="2026 års priser",
            explanation={"formula": f"summan av kassaflödet för {holder}", "values": {"kalkylränta": 3.5}},
            sources=("Egen kalkyl",),
        )
        for holder, value in HOLDERS.items()
    ]
    whole = sum(HOLDERS.values()) * scale
    found.append(
        Figure(
            "npv_total",
            "Helheten, nuvärde",
            whole,
            "SEK",
            whole - 30e6,
            whole + 30e6,
            label_en="The whole, present value",
        )
    )
    found.append(
        Figure(
            "co2",
            "Koldioxid per år",
            -40000.0 * scale,
            "ton",
            confidence="assumption",
            sources=("Branschpress 2021",),
            explanation={"formula": {"sv": "publicerat värde", "en": "published value"}},
            label_en="Carbon dioxide per year",
        )
    )
    found += [
        Figure(f"cash[holder={holder},year={year}]", f"Kassaflöde, {holder}, {year}", value / 10, "SEK")
        for holder, value in HOLDERS.items()
        for year in (2028, 2029)
    ]
    return {one.key: one for one in found}


def run_for(by: Standing, thing: Matter | None, *, title: str = "Spillvärme, alla byter", scale: float = 1.0) -> Run:
    return keep_run(
        by=by,
        matter=thing,
        book="spillvarme",
        book_hash="ab" * 32,
        title=title,
        overlay={},
        seed=2026,
        samples=2000,
        engine="numpy",
        recipe={},
        figures=figures(scale),
    )


@dataclass(frozen=True)
class Scene:
    """The town, its people, a matter, its run and the basis on it."""

    town: Town
    leader: Standing
    economist: Standing
    matter: Matter
    run: Run
    basis: Basis
    proposal: Alternative


def scene(*, visibility: str = "public", **details: Any) -> Scene:
    """A basis that is written to the end, ready to be presented; the process leader started it."""
    town = small_town()
    leader = standing("process_leader", town.municipality)
    economist = standing("economist", town.technical)
    if visibility == "restricted":
        details.setdefault("secrecy_paragraph", "OSL 19:3")
    thing = matter(by=leader, title="Spillvärme i stället för förbränning", visibility=visibility, **details)
    run = run_for(leader, thing)
    basis = services.start_basis(
        by=leader, matter=thing, title_en="Waste heat instead of incineration", body=town.technical
    )
    return Scene(town, leader, economist, thing, run, basis, write_all(leader, basis, run))


def write_all(by: Standing, basis: Basis, run: Run) -> Alternative:
    """Write every part of a basis in both languages; returns the proposed alternative."""
    co2, whole = token(run, "co2"), token(run, "npv_total")
    for section, sv, en in (
        ("question", "Ska kommunen ta emot spillvärme?", "Should the city take waste heat?"),
        (
            "proposal",
            f"Helheten blir {whole} och utsläppen {co2} per år.",
            f"The whole comes to {whole}, emissions {co2}.",
        ),
        ("background", "Vi **eldar** avfall.\n\n- värme\n- avfall", "We **burn** waste."),
    ):
        services.write_section(by=by, basis=basis, section=section, text=sv)
        services.write_section(by=by, basis=basis, section=section, text=en, language="en")
    proposal = services.set_alternative(
        by=by,
        basis=basis,
        name="Spillvärme åtta månader",
        name_en="Waste heat for eight months",
        run=run,
        is_recommended=True,
        reversible="Delvis",
        reversible_en="Partly",
    )
    for part, key in (
        ("compare", "npv_total"),
        ("compare", "co2"),
        ("money", "npv_total"),
        ("units", "co2"),
        ("holders", "npv[holder=*]"),
        ("total", "npv_total"),
        ("years", "cash[holder=*,year=*]"),
    ):
        services.choose_figure(by=by, basis=basis, part=part, key=key)
    services.set_row(
        by=by, basis=basis, kind="unvalued", text="Trygghet en kall vecka", text_en="Safety in a cold week", who="alla"
    )
    services.set_row(
        by=by, basis=basis, kind="affected", group="Hyresgäster", how="Lägre pris", says="Visa det på hyran"
    )
    services.set_row(by=by, basis=basis, kind="remarks", text="Byarna syns inte.", text_en="The villages are not seen.")
    basis.refresh_from_db()
    return proposal


def work() -> int:
    """Do what a worker does: run the jobs that wait, until none is left. Returns how many there were."""
    done = 0
    while job := jobs.claim("test"):
        jobs.run(job)
        done += 1
    return done
