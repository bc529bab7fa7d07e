# SPDX-License-Identifier: EUPL-1.2
"""Texts of a made-up city: compounds of everyday words, drawn so that few are common and most are rare."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate
from random import Random

FIRST = (
    "gatu skol park vatten vinter snö cykel buss väg lek torg sim bad vård hem kök skogs sjö renings energi fjärr bygg mark plan "
    "ung äldre barn natur kultur musik idrott bibliotek hamn brand trygghets miljö avfalls moln data telefon kontors lager fordons "
    "verkstads tak fönster dörr trapp hiss källar grus sand salt asfalt bro tunnel gruv järnvägs flyg kollektiv gång trafik "
    "bostads hyres tomt ljus värme kyl el gas sol vind"
).split()
LAST = (
    "belysning skjuts plats ledning röjning bana linje skylt gård yta hall hus rum tjänst plan karta rutin nät station central mätare "
    "larm lås nyckel bok lista tavla skåp vagn bil båt bänk räcke kant brunn rör ventil pump filter tank panel lampa stolpe kabel "
    "dosa dator skärm kamera sensor app blankett avtal beslut avgift budget möte grupp råd nämnd fråga svar behov idé hinder"
).split()
COMMON = (
    "kommunen behöver bättre många varje dag går inte när vintern kommer barnen skolan vägen tid pengar hjälp vi kan pröva nytt sätt "
    "personal boende väntar svårt enkelt saknas finns borde skulle tillsammans ansvar enhet"
).split()


class Words:
    """Draws words by Zipf's law: the n-th most common comes about 1/n as often as the first."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)
        compounds = [first + last for first in FIRST for last in LAST]
        Random(1).shuffle(compounds)
        self.words: Sequence[str] = COMMON + compounds
        self.weights = list(accumulate(1 / (rank + 3) for rank in range(len(self.words))))

    def some(self, count: int) -> list[str]:
        """``count`` words; common ones may come twice."""
        return self.random.choices(self.words, cum_weights=self.weights, k=count)

    def title(self) -> str:
        """Four to seven words."""
        return " ".join(self.some(self.random.randint(4, 7))).capitalize()

    def text(self, least: int = 25, most: int = 90) -> str:
        """Sentences of eight words."""
        words = self.some(self.random.randint(least, most))
        return " ".join(" ".join(words[at : at + 8]).capitalize() + "." for at in range(0, len(words), 8))
