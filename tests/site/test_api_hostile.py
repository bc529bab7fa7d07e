# SPDX-License-Identifier: EUPL-1.2
"""Anything at all is sent to the API: nothing breaks, and every answer has the form that the description promises."""

import json
from typing import get_args

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, settings
from schemathesis.checks import not_a_server_error
from schemathesis.config import SchemathesisConfig
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from helhet.foundation.goals.models import Goal
from helhet.foundation.goals.services import write_goal
from helhet.foundation.matters.models import Kind
from helhet.foundation.people.selectors import standing_of
from helhet.foundation.people.services import make_token
from helhet.rooms.sluice.services import leave
from helhet.site.api import shapes
from helhet.site.api.v1 import api
from helhet.site.environment import ROOT, Rate
from tests.people import SYSTEM, main_sluice, person, small_town
from tools import openapi

SNAPSHOT = ROOT / "docs" / "reference" / "openapi.json"
DESCRIBED = json.loads(SNAPSHOT.read_text(encoding="utf-8"))
CHECKS = (
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
)
schema = schemathesis.openapi.from_dict(DESCRIBED, config=SchemathesisConfig())
schema.app = get_wsgi_application()


def test_the_snapshot_is_current():
    assert SNAPSHOT.read_text(encoding="utf-8") == openapi.described(), "run tools/openapi.py"


def test_the_kinds_written_out_are_the_kinds_there_are():
    assert list(get_args(shapes.MatterKind)) == Kind.values
    assert list(get_args(shapes.GoalKind)) == Goal.Kind.values


def test_it_is_openapi_3_1_and_every_verb_is_described():
    assert DESCRIBED["openapi"].startswith("3.1")
    for path, verbs in DESCRIBED["paths"].items():
        for verb, operation in verbs.items():
            assert operation["summary"], (path, verb)
            assert operation["tags"], (path, verb)
            assert {"403", "422", "429"} <= set(operation["responses"]), (path, verb)
            assert ({} in operation["security"]) == (verb == "get"), (path, verb)


@pytest.mark.django_db
def test_the_description_is_served(client):
    served = client.get("/api/v1/openapi.json").json()
    assert set(served["paths"]) == set(DESCRIBED["paths"])
    assert api.docs_url is None


@pytest.fixture
def key(db, settings):
    """The key of somebody who may do much, in a town where there is something to find."""
    settings.HELHET_RATES = {name: Rate(10**6, 60) for name in settings.HELHET_RATES}
    town = small_town()
    main_sluice()
    user = person("platform_team", town.municipality)
    actor = standing_of(user)
    write_goal(by=SYSTEM, stable_id="mal-1", kind="plan", title="Mål", source="Källa")
    found = leave(by=actor, kind="need", text="En bänk vid hållplatsen behövs snart.").matter
    token = make_token(by=actor, user=user, name="prov", may_write=True)
    for signal in (request_started, request_finished):  # as Django's own client does: the test holds the connection
        signal.disconnect(close_old_connections)
    yield token, str(found.uid)
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.mark.slow
@schema.parametrize()
@settings(
    max_examples=8,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
def test_nothing_that_is_sent_breaks_it(case, key):
    token, uid = key
    if "uid" in (case.path_parameters or {}):
        case.path_parameters["uid"] = uid
    if case.path.startswith("/api/v1/runs/"):
        case.path_parameters["uid"] = "00000000-0000-4000-8000-000000000000"
    case.headers = {**(case.headers or {}), "Authorization": f"Bearer {token}"}
    case.call_and_validate(checks=CHECKS)
