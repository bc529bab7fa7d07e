# SPDX-License-Identifier: EUPL-1.2
"""Logs tell what happened and never who wrote what: no tokens, no addresses, no texts."""

import io
import json
import logging
import re

import pytest
from django.conf import settings as configured
from django.test import Client

from helhet.foundation.matters.services import capture_matter
from helhet.foundation.people.selectors import standing_of
from helhet.foundation.people.services import make_token
from helhet.foundation.policy import visitor
from helhet.site import logs
from helhet.site.environment import ROOT, Rate
from tests.people import matter, person, small_town

WORDS = "zqkanariefågeln sjunger vid hållplatsen"


@pytest.fixture
def log():
    """Everything that is logged, down to DEBUG, in the form that production writes."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.addFilter(logs.Reference())
    handler.setFormatter(logs.JsonFormatter())
    root = logging.getLogger()
    before = root.level
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    yield stream
    root.removeHandler(handler)
    root.setLevel(before)


@pytest.mark.parametrize(
    ("said", "written"),
    [
        ("Not Found: /folj/AbC-123_x/", "Not Found: /folj/…/"),
        ("GET /lamnat/hemligt/AbC/ 429", "GET /lamnat/hemligt/…/ 429"),
        ("Authorization: Bearer abc.def", "Authorization: Bearer …"),
        ("mail to anna.b@example.se failed", "mail to …@… failed"),
        ("value 19121212-1212 and 121212-1212", "value …-… and …-…"),
        ("duplicate key\nDETAIL:  Key (username)=(anna) already exists.", "duplicate key\nDETAIL: …"),
        ("plain words 2026-11-22 12:30 stay", "plain words 2026-11-22 12:30 stay"),
    ],
)
def test_what_tells_of_a_person_is_taken_out(said, written):
    assert logs.discreet(said) == written


def test_both_forms_are_discreet():
    record = logging.LogRecord("x", logging.WARNING, "", 1, "Not Found: %s", ("/folj/hemligt/",), None)
    logs.Reference().filter(record)
    form = configured.LOGGING["formatters"]["text"]
    assert form["()"] == "helhet.site.logs.TextFormatter"
    assert "hemligt" not in logs.TextFormatter(form["format"], style="{").format(record)
    assert "hemligt" not in json.loads(logs.JsonFormatter().format(record))["message"]


@pytest.mark.django_db
def test_a_day_of_use_leaves_no_personal_words_in_the_log(log, settings):
    town = small_town()
    user = person("platform_team", town.municipality, email="anna@example.se")
    user.set_password("en-lång-mening-för-prov")
    user.save()
    secret = capture_matter(by=visitor(), kind="signal", text=WORDS).secret
    token = make_token(by=standing_of(user), user=user, name="prov")
    found = matter(text=WORDS, title=WORDS)
    client = Client(raise_request_exception=False)
    client.post("/konto/login/", {"login": "anna@example.se", "password": "fel-lösenord-zq"})
    client.post("/konto/login/", {"login": "anna@example.se", "password": "en-lång-mening-för-prov"})
    client.post("/lamna/", {"kind": "need", "text": WORDS})
    client.post(f"/arende/{found.uid}/skriv/", {"text": WORDS})
    client.get("/sok/", {"q": WORDS})
    client.get(f"/folj/{secret}x/")
    settings.HELHET_RATES = {name: Rate(0, 60) for name in settings.HELHET_RATES}
    client.get("/sok/", {"q": WORDS})
    client.get("/api/v1/matters", headers={"Authorization": f"Bearer {token}"})
    client.get("/api/v1/matters", headers={"Authorization": f"Bearer {token}x"})
    written = log.getvalue()
    assert "429" in written or "Too Many" in written
    for word in ("zqkanarie", "hållplatsen", "anna", "zq", token, secret, "en-lång-mening"):
        assert word not in written, word


@pytest.mark.parametrize("unit", ["a", "1", "1.", "a@", "/folj/", "Bearer "])
def test_a_very_long_line_is_read_in_one_go(unit):
    """A stranger chooses how long an address is. If time grew with the square of it, this would not end today."""
    line = unit * (600_000 // len(unit))
    assert "anna" not in logs.discreet(f"{line} anna@example.se")


def test_code_logs_no_texts_or_requests():
    """Log calls name things by number or kind; nobody hands them a form, a body or a text."""
    loose = re.compile(
        r"\blog(?:ger)?\.\w+\([^)]*\b(?:POST|GET\[|\.text\b|\.title\b|cleaned_data|\.email\b|\.username\b|request\.body)"
    )
    for path in (ROOT / "src" / "helhet").rglob("*.py"):
        if "/cli/" not in str(path):
            assert not loose.search(path.read_text(encoding="utf-8")), path


def test_one_door_leads_out():
    """Whoever calls another machine does so through site/outbound.py."""
    calls = re.compile(
        r"^\s*(?:import|from) (?:requests|httpx|urllib\.request|http\.client|aiohttp|urllib3|ftplib|telnetlib)\b", re.M
    )
    allowed = {"site/outbound.py", "site/accounts.py", "site/errors.py", "cli/up.py", "cli/doctor.py"}
    found = {
        str(path.relative_to(ROOT / "src" / "helhet"))
        for path in (ROOT / "src" / "helhet").rglob("*.py")
        if calls.search(path.read_text(encoding="utf-8"))
    }
    assert found <= allowed
