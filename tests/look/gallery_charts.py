# SPDX-License-Identifier: EUPL-1.2
"""Example charts for the gallery: the figures of the waste-heat example."""

from helhet.core import charts as c

HOLDERS = [
    c.Bar("Energibolaget", -41.9, -108.7, 28.9, -44.0),
    c.Bar("Avfallstjänsten", -58.7, -85.9, -33.9, -57.6),
    c.Bar("Kommunen, egna lokaler", 27.2, 19.2, 34.9, 27.5),
    c.Bar("Värmekunder", 96.5, 68.0, 123.7, 97.4),
    c.Bar("Gruvbolaget", 40.4, 22.8, 59.7, 39.5),
    c.Bar("Staten", -63.5, -72.6, -53.5, -64.3),
    c.Bar("Helheten i pengar", -0.1, -69.0, 68.6, 0.3, is_sum=True),
]
ITEMS = [
    c.Item("Lägre kostnad för egen värme", 566.8),
    c.Item("Statligt bidrag", 63.5),
    c.Item("Investering", -211.8),
    c.Item("Köp av spillvärme", -65.1),
    c.Item("Sänkt värmepris till andra kunder", -96.5),
    c.Item("Behandling av avfall på annan ort", -330.4),
]
SWINGS = [
    c.Swing("Investering", "195–240 MSEK", 14.7, -29.3),
    c.Swing("Undviken värmekostnad", "245–320 kr/MWh", -72.5, 82.8),
    c.Swing("Gruvdriftens sista år", "2037–2045", -30.3, 0),
    c.Swing("Spillvärmens andel", "60–70 %", -39.8, 39.8),
]
YEARS = list(range(2026, 2046))


def charts() -> list[c.Chart]:
    """Charts of each kind."""
    middle = [-53.0, -151.0, *(-145 + 5.6 * i for i in range(18))]
    spread = [7.0, 17.0, *(18 + 4.6 * i for i in range(18))]
    quantiles = {
        10: [m - s for m, s in zip(middle, spread, strict=True)],
        25: [m - s / 2 for m, s in zip(middle, spread, strict=True)],
        50: middle,
        75: [m + s / 2 for m, s in zip(middle, spread, strict=True)],
        90: [m + s for m, s in zip(middle, spread, strict=True)],
    }
    case = (74, 136, 0, 0, 0, 0, 0, 0, 0, 0)
    rest = (150, 178, 196, 215, 188, 205, 172, 140, 122, 96)
    journey = [c.Step("Fånga", "done", "2 mars"), c.Step("Räkna", "now", "pågår"), c.Step("Besluta", "todo")]
    return [
        c.bars(
            HOLDERS,
            title="Kunderna får mest. Avfallstjänsten och staten betalar mest.",
            note="Väntat nuvärde till 2045. Exempel.",
        ),
        c.waterfall(
            ITEMS, total="Kommunkoncernen", title="Den billiga värmen räcker inte", note="Post för post. Exempel."
        ),
        c.tornado(
            SWINGS, title="Kostnaden för den värme man slipper avgör mest", note="Ett antagande i taget. Exempel."
        ),
        c.fan(
            YEARS, quantiles, title="I mittfallet är pengarna inte tillbaka 2045", note="Samlat kassaflöde. Exempel."
        ),
        c.year_bars(
            YEARS[:10],
            [c.Series("Övriga 22", rest), c.Series("Det här ärendet", case, "gain")],
            ceiling=260,
            title="2027 spricker taket med 54 MSEK",
            note="Investeringar per år. Exempel.",
        ),
        c.steps(journey),
    ]
