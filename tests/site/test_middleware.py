# SPDX-License-Identifier: EUPL-1.2
"""What every answer carries: a reference number, a strict content security policy, and the other headers."""

import io
import json
import logging
import logging.config
import re

import pytest
from django.conf import settings as configured
from django.http import HttpResponse

from helhet.site import logs, middleware

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.site.pages")]


def policy(response) -> dict[str, list[str]]:
    rules = [rule.split() for rule in response["Content-Security-Policy"].split(";")]
    return {rule[0]: rule[1:] for rule in rules if rule}


def test_every_answer_has_a_reference_number_of_its_own(client):
    first, second = client.get("/"), client.get("/")
    assert re.fullmatch(r"[2-9A-HJ-NP-Z]{4}-[2-9A-HJ-NP-Z]{4}", first["X-Request-ID"])
    assert first["X-Request-ID"] != second["X-Request-ID"]


def test_nothing_may_run_but_our_own_scripts(client):
    rules = policy(client.get("/"))
    assert rules["default-src"] == ["'none'"]
    assert rules["script-src"] == ["'self'"]
    assert rules["style-src"] == ["'self'"]
    assert rules["frame-ancestors"] == rules["base-uri"] == rules["object-src"] == ["'none'"]
    assert "unsafe" not in str(rules)


def test_a_nonce_is_there_only_for_the_page_that_asks(client):
    response = client.get("/nonce/")
    nonce = re.search(r"nonce=(\S+)>", response.content.decode())[1]
    assert policy(response)["script-src"] == ["'self'", f"'nonce-{nonce}'"]
    assert client.get("/nonce/")["Content-Security-Policy"] != response["Content-Security-Policy"]


def test_the_other_headers(client):
    response = client.get("/")
    assert response["X-Frame-Options"] == "DENY"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Referrer-Policy"] == "same-origin"
    assert "microphone=()" in response["Permissions-Policy"]


def test_a_view_may_keep_a_stricter_referrer_policy(rf):
    def view(_request):
        return HttpResponse(headers={"Referrer-Policy": "no-referrer", "Permissions-Policy": "camera=()"})

    assert middleware.permissions_policy(view)(rf.get("/"))["Permissions-Policy"] == "camera=()"


def test_log_lines_carry_the_reference_number_of_their_request(rf):
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.addFilter(logs.Reference())
    handler.setFormatter(logs.JsonFormatter())
    logger = logging.getLogger("helhet.test")
    logger.addHandler(handler)

    def view(_request):
        try:
            raise ValueError("å")
        except ValueError:
            logger.exception("went wrong")
        return HttpResponse()

    response = middleware.reference_number(view)(rf.get("/"))
    logger.removeHandler(handler)
    entry = json.loads(stream.getvalue())
    assert entry["reference"] == response["X-Request-ID"]
    assert "ValueError: å" in entry["exception"]
    assert logs.current_reference.get() == "-"


@pytest.mark.parametrize("form", ["text", "json"])
def test_both_forms_of_logs_can_be_set_up(form):
    logging.config.dictConfig(logs.logging_config(level="WARNING", form=form))
    logging.config.dictConfig(configured.LOGGING)


@pytest.mark.urls("helhet.site.urls")
def test_session_cookies_are_kept_from_scripts(client, django_user_model):
    django_user_model.objects.create_user("anna", "en-lång-mening-för-prov")
    response = client.post("/konto/login/", {"login": "anna", "password": "en-lång-mening-för-prov"})
    assert response.status_code == 302
    cookie = response.cookies[configured.SESSION_COOKIE_NAME]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
