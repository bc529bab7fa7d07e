# SPDX-License-Identifier: EUPL-1.2
"""Password, second step, passkey, and how often one may try."""

import os
import subprocess
import sys
import threading

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.core.cache import cache
from django.db import connection
from django.test import Client

from helhet.foundation.people.models import Throttle, User
from helhet.foundation.people.services import TooMany, throttle
from helhet.site.environment import ROOT

PASSWORD = "en-lång-mening-för-prov"


@pytest.fixture
def anna(db):
    return User.objects.create_user("anna", PASSWORD, email="anna@example.se")


def who(client):
    return client.session.get("_auth_user_id")


def now_code(secret):
    return format_hotp_value(hotp_value(secret, next(yield_hotp_counters_from_time())))


def test_a_second_step_is_asked_for_and_a_code_serves_once(client, anna):
    secret = generate_totp_secret()
    TOTP.activate(anna, secret)
    first = client.post("/konto/login/", {"login": "anna", "password": PASSWORD})
    assert first["Location"].startswith("/konto/2fa/authenticate/")
    assert who(client) is None
    wrong = client.post("/konto/2fa/authenticate/", {"code": "000000"})
    assert wrong.status_code == 200 and who(client) is None
    code = now_code(secret)
    assert client.post("/konto/2fa/authenticate/", {"code": code}).status_code == 302
    assert who(client) == str(anna.pk)
    again = Client()
    again.post("/konto/login/", {"login": "anna", "password": PASSWORD})
    again.post("/konto/2fa/authenticate/", {"code": code})
    assert who(again) is None


def test_a_person_turns_on_the_second_step_alone(client, anna):
    client.post("/konto/login/", {"login": "anna", "password": PASSWORD})
    asked = client.get("/konto/2fa/totp/activate/")
    assert asked["Location"].startswith("/konto/reauthenticate/")  # an unlocked browser is not enough
    client.post(asked["Location"], {"password": PASSWORD})
    assert client.get("/konto/2fa/totp/activate/").status_code == 200
    secret = client.session["mfa.totp.secret"]
    assert client.post("/konto/2fa/totp/activate/", {"code": now_code(secret)}).status_code == 302
    assert set(Authenticator.objects.filter(user=anna).values_list("type", flat=True)) == {"totp", "recovery_codes"}


def test_a_passkey_may_open_and_must_be_for_this_house(client, anna):
    options = client.get("/konto/2fa/webauthn/login/", headers={"Accept": "application/json"}).json()
    asked = options["request_options"]["publicKey"]
    assert asked["userVerification"] in {"required", "preferred"}
    assert len(asked["challenge"]) >= 20
    assert client.post("/konto/2fa/webauthn/login/", {"credential": "{}"}).status_code < 500
    assert who(client) is None


@pytest.mark.django_db
def test_the_login_page_says_the_same_for_a_wrong_name_and_a_wrong_password(client, anna):
    pages = [
        client.post("/konto/login/", {"login": name, "password": "fel-lösenord-här"}).content.decode()
        for name in ("anna", "ingen")
    ]
    said = [page.replace('value="anna"', "").replace('value="ingen"', "") for page in pages]
    import re

    strip = [re.sub(r'(?:csrfmiddlewaretoken" value|nonce)="[^"]*"', "", page) for page in said]
    assert strip[0] == strip[1]


def test_trying_many_passwords_is_slowed_down(client, anna, settings):
    cache.clear()
    for _n in range(10):
        client.post("/konto/login/", {"login": "anna", "password": "fel"})
    right = client.post("/konto/login/", {"login": "anna", "password": PASSWORD})
    assert who(client) is None
    assert right.status_code in {200, 429}


def test_strangers_cannot_begin_anything(client, anna):
    for address in ("/konto/signup/", "/konto/password/reset/", "/konto/3rdparty/signup/", "/konto/email/"):
        assert client.get(address)["Location"] == "/konto/login/", address
        assert client.post(address, {"email": "anna@example.se"})["Location"] == "/konto/login/", address
    assert User.objects.count() == 1


def test_one_is_only_sent_on_within_the_house(client, anna):
    sent = client.post("/konto/login/?next=https://evil.example/", {"login": "anna", "password": PASSWORD})
    assert sent["Location"] == "/"


def test_a_new_session_begins_with_the_login(client, anna):
    client.get("/konto/login/")
    client.session["before"] = "1"
    client.session.save()
    before = client.session.session_key
    client.post("/konto/login/", {"login": "anna", "password": PASSWORD})
    assert client.session.session_key != before


def test_a_changed_password_ends_other_sessions(client, anna):
    other = Client()
    for browser in (client, other):
        browser.post("/konto/login/", {"login": "anna", "password": PASSWORD})
    new = "en-annan-lång-mening-34"
    changed = {"oldpassword": PASSWORD, "password1": new, "password2": new}
    assert client.post("/konto/password/change/", changed).status_code == 302
    assert other.get("/besked/").status_code == 302


@pytest.mark.both_databases
@pytest.mark.django_db(transaction=True)
def test_a_limit_holds_when_many_come_at_once():
    """Twelve at the same moment, five allowed: five get through, in whatever order."""
    Throttle.objects.all().delete()
    passed, stopped, gate = [], [], threading.Barrier(12)

    def one():
        try:
            gate.wait(20)
            throttle("prov", limit=5, per_s=10**9)
            passed.append(1)
        except TooMany:
            stopped.append(1)
        finally:
            connection.close()

    threads = [threading.Thread(target=one) for _n in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert (len(passed), len(stopped)) == (5, 7)


OTHER_PROCESS = """
import django; django.setup()
from django.conf import settings
settings.DATABASES["default"]["NAME"] = {name!r}
from django.core.cache import cache
from helhet.foundation.people.services import TooMany, throttle
passed = 0
for _n in range(4):
    try:
        throttle("två processer", limit=6, per_s=10**9); passed += 1
    except TooMany:
        pass
print(passed, cache.get("allauth-prov"))
"""


@pytest.mark.both_databases
@pytest.mark.django_db(transaction=True)
def test_a_limit_holds_across_processes():
    Throttle.objects.all().delete()
    for _n in range(4):
        throttle("två processer", limit=6, per_s=10**9)
    cache.set("allauth-prov", "seen", 60)
    name = str(connection.settings_dict["NAME"])
    connection.close()
    environ = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}",
        "DJANGO_SETTINGS_MODULE": "tests.settings",
        **{key: value for key, value in os.environ.items() if key.startswith("HELHET_TEST")},
    }
    done = subprocess.run(
        [sys.executable, "-c", OTHER_PROCESS.format(name=name)],
        env=environ,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout.split() == ["2", "seen"], done.stderr
