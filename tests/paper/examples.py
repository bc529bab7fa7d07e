# SPDX-License-Identifier: EUPL-1.2
"""A decision basis in Swedish, its twin in English, and a document of hostile texts."""

from __future__ import annotations

from dataclasses import replace

from helhet.paper import document as d
from helhet.paper.document import cell, row
from helhet.paper.markdown import blocks, inline

HOLDERS = (
    ("Energibolaget", -41.9, -108.7, 28.9),
    ("Avfallstjänsten", -58.7, -85.9, -33.9),
    ("Kommunen, egna lokaler", 27.2, 19.2, 34.9),
    ("Värmekunder", 96.5, 68.0, 123.7),
    ("Gruvbolaget", 40.4, 22.8, 59.7),
    ("Staten", -63.5, -72.6, -53.5),
    ("Helheten i pengar", -0.1, -69.0, 68.6),
)
RUN = "Kalkyl version 4, körning 2026-11-20"
ORIGINS = (
    d.Origin(
        "koncern",
        "Kommunkoncernen, nuvärde till 2045",
        "−73\u00a0MSEK",
        "energibolaget −41,9 + avfallstjänsten −58,7 + egna lokaler +27,2 = −73,4 MSEK",
        RUN,
        (d.Fact("Intervall", "−142 till −3 (P10–P90)"),),
        "/kalkyler/4",
    ),
    d.Origin(
        "helhet",
        "Helheten i pengar, nuvärde till 2045",
        "0\u00a0MSEK",
        "summan av sex budgethållare, överföringar tar ut varandra",
        RUN,
    ),
    d.Origin(
        "koldioxid",
        "Koldioxid per år",
        "−40\u202f000\u00a0ton",
        "publicerat värde, inte beräknat här",
        "Branschpress 2021",
    ),
    d.Origin(
        "investering", "Investering", "210\u00a0MSEK", "publicerat värde, index inte tillagt", "Branschpress 2021"
    ),
    d.Origin("sido", "Minsta sidobetalning", "101\u00a0MSEK", "41,9 + 58,7 = 100,6 MSEK", RUN),
)
BY_KEY = {origin.key: origin for origin in ORIGINS}
MSEK = d.Column("Kommunkoncernen", "num", "MSEK"), d.Column("Helheten", "num", "MSEK")


def _text(value: float) -> str:
    return f"{value:+.1f}".replace("-", "−").replace(".", ",")


def _chart() -> d.Chart:
    bars = tuple(
        d.Bar(name, value, _text(value), low, high, f"{low:+.0f} till {high:+.0f}".replace("-", "−"), index == 6)
        for index, (name, value, low, high) in enumerate(HOLDERS)
    )
    columns = (d.Column("Budgethållare"), *(d.Column(label, "num") for label in ("Väntat", "P10", "P90")))
    rows = tuple(row(name, *(_text(number) for number in numbers)) for name, *numbers in HOLDERS)
    table = d.Table("Nuvärde per budgethållare, MSEK", columns, rows[:-1], rows[-1:])
    return d.Chart(
        "Två kommunala verksamheter förlorar, trots att helheten går jämnt upp",
        "Liggande staplar per budgethållare. Värmekunderna vinner mest, staten och avfallstjänsten förlorar.",
        "Alternativ C. Förväntat nuvärde till 2045.",
        "MSEK",
        bars,
        table=table,
    )


def _alternatives() -> d.Alternatives:
    def both(value: str, interval: str) -> d.Cell:
        return cell(value, d.Break(), d.Fine(cell(interval)))

    columns = (*MSEK, d.Column("Koldioxid", "num", "ton per år"), d.Column("Går att ångra?"))
    return d.Alternatives(
        "Nuvärde till 2045, mot att inte göra någonting",
        columns,
        (
            d.Alternative(
                "A", "Gör ingenting. Pannan körs vidare.", row("0", "0", "0", "Ja, men pannan måste bytas (år oklart)")
            ),
            d.Alternative(
                "B",
                "Spillvärme bara på sommaren",
                row(both("−21", "−48 till +6"), both("+8", "−20 till +35"), "−9\u202f000", "Ja"),
            ),
            d.Alternative(
                "C",
                "Spillvärme åtta månader, pannan kvar som reserv",
                row(
                    both("−73", "−142 till −3"),
                    both("0", "−69 till +69"),
                    "−40\u202f000",
                    "Delvis. Ledningen är en bunden kostnad.",
                ),
                recommended=True,
            ),
        ),
        "Belopp i 2026 års prisnivå.",
    )


def _years() -> d.Table:
    columns = (d.Column("Budgethållare"), *(d.Column(str(year), "num") for year in range(2027, 2046)))
    rows = tuple(row(name, *(_text(value / 19 * (1 + n / 40)) for n in range(19))) for name, value, *_ in HOLDERS[:-1])
    return d.Table("Vem betalar och vem vinner varje år, MSEK", columns, rows)


def swedish() -> d.Document:
    sections = (
        d.Section(
            "fraga",
            "Frågan",
            (
                d.Ask(
                    cell(
                        "Ska kommunen ersätta större delen av avfallsförbränningen med spillvärme från gruvan från 2028, "
                        "och vem ska i så fall bära kostnaden för avfallet?"
                    )
                ),
                *blocks(
                    "**Förslag:** alternativ C, med en överenskommelse mellan bolagen innan någon investering görs. "
                    "I pengar blir helheten {{helhet}}, men kommunkoncernen får {{koncern}} om ingen delar på vinsten. "
                    "Utsläppen av koldioxid väntas minska med {{koldioxid}} per år.",
                    BY_KEY,
                ),
                d.Note(cell("Siffrorna är exempel, utom dem som har en publicerad källa.")),
            ),
        ),
        d.Section(
            "bakgrund",
            "Bakgrund",
            blocks(
                "Fjärrvärmens reservkraftförsörjning och avfallsförbränningsanläggningens investeringsbehov har utretts. "
                "Överlåtelseförhandlingarna om ledningsrättsförrättningen fortsätter, och samhällsomvandlingens "
                "bostadsförsörjningsprogram väntar på besked.\n\n## Det som redan är bestämt\n\n1. Pannan går till 2031.\n"
                "2. Ledningens väg utreds:\n   - öster om sjön\n   - väster om sjön\n\n> Behåll pannan som reserv.\n"
            ),
        ),
        d.Section(
            "alternativ",
            "Alternativen",
            (
                _alternatives(),
                *blocks(
                    "Alternativ C kräver en investering på {{investering}}. Staten kan betala en del. Utan bidraget blir "
                    "koncernens resultat omkring 64 MSEK sämre.",
                    BY_KEY,
                ),
            ),
        ),
        d.Section(
            "betalar",
            "Vem betalar, vem vinner",
            (
                *blocks("Det krävs {{sido}} för att ingen av dem ska förlora.", BY_KEY),
                _chart(),
                _years(),
            ),
        ),
        d.Section(
            "osakert",
            "Hur säkert är det?",
            (
                *blocks(
                    "- **Avgör mest:** vad den värme som man slipper skulle ha kostat.\n- **Kan vända beslutet:** att "
                    "gruvan slutar före 2037.\n- **Vet vi inte:** priset på spillvärme."
                ),
                d.Panel(
                    "Det ingen har kunnat värdera",
                    blocks(
                        "- Trygghet en kall januarivecka om gruvan står still.\n- Rennäringens behov där ledningen kan gå."
                    ),
                ),
            ),
        ),
        d.Section(
            "mal",
            "Mål som berörs",
            (
                d.Goals(
                    (
                        d.Goal("supports", "Klimatneutral uppvärmning"),
                        d.Goal("conflicts", "Avfall tas om hand nära", "Avfallet körs till en annan kommun."),
                        d.Goal("unclear", "Trygg försörjning vid kris", "Beror på reservpannan."),
                    )
                ),
            ),
        ),
        d.Section(
            "horda",
            "Vilka som är hörda",
            (
                d.Table(
                    "Hörda till och med 20 november",
                    (d.Column("Grupp"), d.Column("När"), d.Column("Vad de säger")),
                    (
                        row("Driftpersonal", "14 okt", "Behåll pannan som reserv. Sex tjänster påverkas."),
                        row("Avfallstjänsten", "14 nov", "Saknar budget för transporter."),
                        row("Samebyn", "Inte hörd", "Möte föreslaget i januari. Ledningens väg är inte bestämd."),
                    ),
                ),
                d.Paragraph(cell("Normkritisk granskning av plattformsteamet, 17 november."), "meta"),
            ),
        ),
        d.Section(
            "beslut",
            "Beslut",
            (
                d.Decision(
                    (
                        d.Fact("Beslutas av", "Kommunstyrelsen"),
                        d.Fact("Dag", "9 februari 2027"),
                        d.Fact("Diarienummer", "KN 2026/114"),
                        d.Fact("Följs upp", "1 mars 2028"),
                    ),
                    inline("Kommunstyrelsen väljer **alternativ C**."),
                    ("ordförande", "justerare"),
                ),
                d.Sources("Underlaget fryses när det läggs fram."),
                d.Checksums((d.Fact("Liggarens huvud", "9f" * 32), d.Fact("Körning", "a3" * 32))),
            ),
        ),
    )
    return d.Document(
        "Spillvärme i stället för förbränning",
        sections,
        "Underlag för beslut om fjärrvärmens energikälla",
        "sv",
        (
            d.Fact("Beslutas av", "Kommunstyrelsen"),
            d.Fact("Planerad dag", "9 februari 2027"),
            d.Fact("Skrivet av", "Processledare och ekonom"),
            d.Fact("Diarienummer", "KN 2026/114"),
        ),
        ORIGINS,
        "Beslutsunderlag",
        "Kiruna kommun",
        "KN 2026/114",
        "Utkast, version 2",
    )


def english() -> d.Document:
    sections = (
        d.Section(
            "question",
            "The question",
            (
                d.Ask(cell("Should the municipality replace most of the incineration with waste heat from 2028?")),
                *blocks(
                    "**Proposal:** alternative C. The whole comes to {{helhet}}; see [the report](https://example.org/r).",
                    BY_KEY,
                ),
            ),
        ),
        d.Section("details", "Details", (d.Paragraph(cell("A part of a part.")),), level=2),
        d.Section("who", "Who pays, who gains", (_chart(),)),
    )
    return replace(
        swedish(),
        title="Waste heat instead of incineration",
        subtitle="",
        language="en",
        sections=sections,
        kind="Decision basis",
        publisher="Kiruna Municipality",
        status="Draft, version 2",
    )


HOSTILE = (
    '#import "@preview/cetz:0.3.4"',
    '#eval("1") $x^2$ *stjärna* _streck_ `kod` <etikett> @ref \\ bakstreck \\u{1F600}',
    "<script>alert(1)</script> & <b onclick='x'>",
    "]]> <w:p/> &amp; \x00\x01\x0b\x1f\ud800\ufffe slut",
    "= Rubrik",
    "=1+1",
    "// kommentar /* och */ --- ~ [länk](javascript:alert(1)) {{okänd}}",
    "{% if %}{{ x }}{% endif %}",
)


def hostile() -> d.Document:
    origin = d.Origin(
        "x", HOSTILE[1], HOSTILE[2], HOSTILE[3], HOSTILE[4], (d.Fact(HOSTILE[5], HOSTILE[6]),), "javascript:alert(1)"
    )
    evil = tuple(cell(text) for text in HOSTILE)
    sections = (
        d.Section(
            "a",
            HOSTILE[0],
            (
                *(d.Paragraph(content) for content in evil),
                d.Ask(cell(d.Link("javascript:alert(1)", evil[1]), d.Strong(evil[2]), d.Emphasis(evil[3]))),
                d.Note(evil[0]),
                d.Subheading(HOSTILE[1]),
                d.Bullets((tuple(d.Paragraph(c) for c in evil[:2]),), True, 3),
                d.Quote((d.Paragraph(evil[2]),)),
                d.Panel(HOSTILE[2], (d.Paragraph(evil[6]),)),
                d.Goals((d.Goal("unclear", HOSTILE[0], HOSTILE[2]),)),
                d.Table(
                    HOSTILE[1],
                    (d.Column(HOSTILE[2], "num", HOSTILE[0]), d.Column("b")),
                    (evil[:2], evil[4:6]),
                    (evil[2:4],),
                    HOSTILE[6],
                ),
                d.Chart(
                    HOSTILE[2],
                    HOSTILE[1],
                    HOSTILE[0],
                    HOSTILE[2],
                    (d.Bar(HOSTILE[2], 1.0, HOSTILE[0], 0.0, 2.0, HOSTILE[5]),),
                ),
                d.Decision(
                    (d.Fact(HOSTILE[0], HOSTILE[2]),), cell(d.Figure("x", HOSTILE[0], HOSTILE[2])), (HOSTILE[1],)
                ),
                d.Checksums((d.Fact(HOSTILE[0], "å" * 300),)),
            ),
        ),
    )
    return d.Document(
        HOSTILE[2],
        sections,
        HOSTILE[0],
        "sv",
        (d.Fact(HOSTILE[1], HOSTILE[2]),),
        (origin,),
        HOSTILE[0],
        HOSTILE[1],
        HOSTILE[2],
        HOSTILE[6],
    )
