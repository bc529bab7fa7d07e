# SPDX-License-Identifier: EUPL-1.2
"""The columns of the table of matters; a project is a matter with a few more."""

from helhet.foundation.goals.models import Tie
from helhet.foundation.imports.columns import Column, Part
from helhet.foundation.matters.models import AuthorKind, Kind, Link, Participant, Status, Visibility

_ORGANISATION = Part("organisation", refers="organisation")

MATTER_COLUMNS = (
    Column("reference", "Radens beteckning. Samma beteckning är samma ärende.", "The row's key. The same key is the same matter.", "key", required=True),
    Column("uid", "Ärendets eget id, när det kommer från en annan Helhet.", "The matter's own id, when it comes from another Helhet.", "key"),
    Column("number", "Diarienummer. Utan det får ärendet ett nytt.", "Registration number. Without it the matter gets a new one.", max_length=40),
    Column("kind", "Vad det är.", "What it is.", required=True, choices=tuple(Kind.values)),
    Column("title", "Rubrik.", "Title.", required=True, max_length=160),
    Column("text", "Vad det handlar om.", "What it is about.", required=True),
    Column("language", "Språket det är skrivet på.", "The language it is written in.", choices=("sv", "en", "se", "fi", "fit")),
    Column("status", "Hur långt det har kommit.", "How far it has come.", choices=tuple(Status.values)),
    Column("unit", "Enheten som registrerar det.", "The unit that registers it.", "key", required=True, refers="organisation"),
    Column("owners", "Vilka som äger frågan, hela eller en del. Tomt: ingen.", "Who owns it, whole or a part. Empty: nobody.", many=True, parts=(_ORGANISATION, Part("part", optional=True))),
    Column("author", "Den som har lämnat det.", "Who left it.", "key", refers="person"),
    Column("author_kind", "Med roll, pseudonym eller anonymt.", "With role, pseudonym or anonymous.", choices=tuple(AuthorKind.values)),
    Column("author_label", "Vad andra ser i stället för ett namn.", "What others see instead of a name.", max_length=200),
    Column("on_behalf_of", "För vems räkning.", "On whose behalf.", max_length=200),
    Column("visibility", "Vem som får läsa.", "Who may read.", choices=tuple(Visibility.values)),
    Column("secrecy_paragraph", "Paragraf när läsningen är begränsad.", "Paragraph when reading is restricted.", max_length=80),
    Column("released", "Forskare får läsa.", "Researchers may read.", "flag"),
    Column("place", "Plats med ord.", "Place in words.", max_length=200),
    Column("latitude", "Platsens latitud.", "Latitude of the place.", "latitude"),
    Column("longitude", "Platsens longitud.", "Longitude of the place.", "longitude"),
    Column("themes", "Teman.", "Themes.", "key", many=True, max_length=250),
    Column("participants", "Vilka som deltar, som vad, och en finansiärs andel i procent.", "Who takes part, as what, and a funder's share in per cent.", many=True, parts=(Part("role", choices=tuple(Participant.Role.values)), _ORGANISATION, Part("share", optional=True, type="percent"))),
    Column("supporters", "Konton som har sagt att det gäller dem också.", "Accounts that said it concerns them too.", "key", many=True, refers="person", private=True),
    Column("followers", "Konton som följer ärendet.", "Accounts that follow the matter.", "key", many=True, refers="person", private=True),
    Column("goals", "Hur ärendet står till mål, med skäl.", "How the matter stands towards goals, with reason.", many=True, parts=(Part("stance", choices=tuple(Tie.Stance.values)), Part("goal", refers="goal"), Part("reason"))),
    Column("settled", "Avgjorda målkrockar, med skäl.", "Settled conflicts of goals, with reason.", many=True, parts=(Part("goal", refers="goal"), Part("reason"))),
    Column("links", "Band till andra ärenden.", "Ties to other matters.", many=True, parts=(Part("type", choices=tuple(Link.Type.values)), Part("matter", refers="matter"))),
    Column("created", "När det lämnades.", "When it was left.", "moment"),
    Column("active", "När något senast hände.", "When something last happened.", "moment"),
    Column("source", "Var uppgiften är hämtad.", "Where it was found.", max_length=300),
    Column("confidence", "fact, approx eller assumption.", "fact, approx or assumption.", choices=("fact", "approx", "assumption")),
    Column("starts", "Projekt: början.", "Project: start.", "date"),
    Column("ends", "Projekt: slut.", "Project: end.", "date"),
    Column("period_note", "Projekt: anmärkning om tiden.", "Project: note on the period.", max_length=120),
    Column("aim", "Projekt: syfte.", "Project: aim."),
    Column("results", "Projekt: resultat.", "Project: results."),
    Column("lives_on", "Projekt: vad som lever vidare.", "Project: what lives on."),
    Column("taken_over_by", "Projekt: vem som tar över.", "Project: who takes over.", "key", refers="organisation"),
)  # fmt: skip

#: Columns that are stored on the matter under the same name.
PLAIN = ("title", "text", "on_behalf_of", "secrecy_paragraph", "place", "source", "confidence")
PROJECT_DATES = ("starts", "ends")
PROJECT_WORDS = ("period_note", "aim", "results", "lives_on")
