# SPDX-License-Identifier: EUPL-1.2
"""Draw every component of the look as static pages: ``python tests/look/gallery.py OUT``.

Two pages: ``parts`` holds every component, ``home`` a page as a room would build it. All content is an example.
"""

import os
import shutil
import sys
from datetime import date, timedelta
from pathlib import Path
from types import SimpleNamespace

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parents[1] / "src")]
os.environ["DJANGO_SETTINGS_MODULE"] = "gallery_settings"

import django  # noqa: E402

django.setup()

from django import forms  # noqa: E402
from django.template.loader import render_to_string  # noqa: E402
from django.test import RequestFactory  # noqa: E402
from gallery_charts import charts  # noqa: E402

from helhet.look.forms import ChoicesField, DayField, SeveralField  # noqa: E402

TODAY = date.today()
KINDS = [("need", "Behov"), ("idea", "Idé"), ("obstacle", "Hinder"), ("example", "Gott exempel")]
OUTCOMES = [("answered", "Besvaras direkt"), ("referred", "Hänvisas"), ("bank", "Läggs i banken")]


class CaptureForm(forms.Form):
    """Three fields, as in the sluice."""

    kind = ChoicesField(label="Vad är det?", choices=KINDS, layout="kinds", initial="need")
    text = forms.CharField(
        label="Berätta kort",
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Skriv inte personnummer eller uppgifter om någons hälsa.",
        error_messages={"required": "Skriv några ord om vad det gäller."},
    )
    place = forms.CharField(label="Var eller vem gäller det?", required=False)


class AnswerForm(forms.Form):
    """One of each kind of control."""

    outcome = ChoicesField(
        label="Vad händer med ärendet?",
        choices=OUTCOMES,
        hints={"answered": "Rätt person tar över kontakten", "bank": "Kommer tillbaka på ett datum eller villkor"},
        error_messages={"required": "Välj vad som händer med ärendet."},
    )
    reason = forms.CharField(
        label="Motivering",
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Avsändaren läser den, så skriv som du skulle säga det.",
        error_messages={"required": "Skriv en motivering. Avsändaren får alltid veta varför."},
    )
    unit = forms.ChoiceField(label="Enhet", choices=[("", "Välj enhet"), ("1", "Gatuenheten")], required=False)
    when = DayField(label="Nästa besked senast", error_messages={"invalid": "Skriv dagen som 2026-11-27."})
    photo = forms.FileField(label="Bild", required=False)
    themes = SeveralField(label="Teman", choices=[("a", "Energi"), ("b", "Avfall")], required=False, layout="kinds")
    told = forms.BooleanField(label="Jag vill veta hur det går", required=False)


def steps() -> list[dict[str, str]]:
    """A journey half way."""
    words = ["Fånga", "Sluss", "Utforska", "Räkna", "Förankra", "Besluta", "Testa", "Lära"]
    remarks = ["2 mars", "6 mars", "klart 18 juni", "pågår", "väntar på kalkylen", "februari 2027", "", ""]
    states = ["done"] * 3 + ["now"] + ["todo"] * 4
    return [{"label": w, "remark": r, "state": s} for w, r, s in zip(words, remarks, states, strict=True)]


def rows() -> list[dict[str, object]]:
    """Tasks with days far and near."""
    late = {"title": "Halt vid den nya busshållplatsen", "url": "#", "why": "Avsändaren har väntat i fem arbetsdagar."}
    return [
        late | {"due": TODAY, "due_text": "Svara i dag", "end": "löftet går ut"},
        {"title": "Granska underlaget om spillvärme", "url": "#", "why": "Avsnitt 4.", "due": TODAY + timedelta(3)},
        {"title": "Gemensam sandning av gångvägar", "url": "#", "why": "Banken påminner.", "due": TODAY - timedelta(2)},
        {
            "title": "Mät hur länge gatubelysningen behövs",
            "url": "#",
            "outcome": {"what": "Tas vidare", "reason": "Frågan har en ägare nu.", "who": "Gatuenheten", "when": TODAY},
            "steps": steps(),
        },
    ]


def thread() -> list[dict[str, object]]:
    """A contribution with a reply, and an event."""
    reply = {"who": "Ekonom", "where": "energibolaget", "when": TODAY, "text": "Finns nu som **två scenarier**."}
    return [
        {
            "who": "Energiplanerare",
            "where": "kommunledningen",
            "when": TODAY - timedelta(3),
            "text": "Räkna också på en mild och en sträng vinter:\n\n- januari\n- februari",
            "replies": [reply],
            "meta": "8 personer håller med",
            "actions": [{"label": "Svara", "url": "#"}, {"label": "Håll med", "url": "#"}],
            "files": [{"label": "Mätning.pdf", "url": "#", "fine": "PDF, 84 kB"}],
        },
        {"event": "lade till målet ”Klimatneutral uppvärmning”.", "who": "Plattformsteamet", "when": TODAY},
    ]


def queue() -> list[dict[str, object]]:
    """Two matters that wait."""
    actions = [{"label": "Svara", "url": "#"}, {"label": "Utse ägare", "url": "#"}]
    base = {"url": "#", "excerpt": "När det är under 20 grader kallt går kärlen inte att tömma.", "actions": actions}
    return [
        base | {"id": "k1", "title": "Matavfall fryser fast i kärlen", "from": "Behov från hemtjänsten", "due": TODAY},
        base | {"id": "k2", "title": "Två kartor över samma ledning", "due": TODAY + timedelta(4), "since": TODAY},
    ]


def context() -> dict[str, object]:
    """All that the gallery's templates need."""
    user = SimpleNamespace(is_authenticated=True)
    wrong = AnswerForm({"reason": "", "when": "i morgon", "unit": "1"})
    slider = {"label": "Spillvärmens andel av behovet", "unit": "procent", "min": 30, "max": 90, "step": 1, "value": 65}
    band = {"x": "50%", "width": "16.67%"}
    sources = [
        {"value": "210 MSEK", "text": "energibolaget 2021. Vald."},
        {"value": "240 MSEK", "text": "egen bedömning."},
    ]
    return {
        "story": STORY,
        "instance": {"name": "Helhet", "organisation": "Kiruna kommun"},
        "nav_items": [
            {"url": "#", "label": label, "current": i == 0}
            for i, label in enumerate(["Hem", "Sluss", "Ärenden", "Kalkyler", "Beslut"])
        ],
        "user": user,
        "account_label": "Gränsgångare",
        "notices_count": 3,
        "crumbs": [("Hem", "/"), ("Sluss", "/"), ("KN 2026/114", "")],
        "messages": [SimpleNamespace(level_tag="success", __str__=lambda: "")],
        "facts": [
            {"label": "Äger värmefrågan", "value": "Energibolaget"},
            {"label": "Äger avfallsfrågan", "none": "Ingen äger frågan ännu"},
            {"label": "Besvarade i tid", "value": "94 %", "fine": "av 71"},
        ],
        "steps": steps(),
        "rows": rows(),
        "thread": thread(),
        "queue": queue(),
        "tabs": [
            {"label": "Väntar på oss", "count": 6, "url": "#", "current": True},
            {"label": "Besvarade", "count": 71, "url": "#"},
        ],
        "goals": [
            {"stance": "for", "title": "Klimatneutral uppvärmning", "reason": "Förbränningen minskar."},
            {"stance": "against", "title": "Avfall tas om hand nära"},
            {"stance": "open", "title": "Trygg försörjning vid kris", "url": "#"},
        ],
        "capture": CaptureForm(),
        "wrong": wrong,
        "inputs": [
            slider
            | {"name": "andel", "shown": "65", "foot": "Troligt 60–70. Källa: energibolaget, 2021", "band": band},
            slider
            | {
                "name": "bidrag",
                "shown": "70",
                "foot": "Troligt 50–78",
                "changed": True,
                "reset": "78",
                "reset_url": "#",
                "sources": sources,
            },
        ],
        "charts": charts(),
        "lineage": [("Intervall", "−142 till −3 (P10–P90)"), ("Källa", "Kalkyl version 4")],
        "soon": TODAY + timedelta(5),
        "today": TODAY,
    }


def write(out: Path) -> None:
    """Render the pages and lay the static files beside them."""
    request = RequestFactory().get("/")
    shared = context()
    for name in ("parts", "home", "error"):
        html = render_to_string(f"gallery_{name}.html", shared | {"messages": MESSAGES}, request)
        (out / f"{name}.html").write_text(html, encoding="utf-8")
    root = HERE.parents[1]
    shutil.copytree(root / "src/helhet/look/static", out / "static", dirs_exist_ok=True)
    shutil.copytree(root / "instances/kiruna/theme", out / "static/theme", dirs_exist_ok=True)


STORY = """Vi eldar avfall för att hålla staden **varm**. Jag tror att svaret blir ett annat:

- värmen
- avfallet

1. först
2. sedan

> Ett citat

[länk](https://example.org)"""


class Message(str):
    """A message as Django's framework gives it."""

    level_tag = "success"


MESSAGES = [Message("Svaret är skickat till avsändaren.")]

if __name__ == "__main__":
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    write(folder)
