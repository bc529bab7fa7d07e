# SPDX-License-Identifier: EUPL-1.2
"""The settings as a whole: the database's promises, languages, and what production demands."""

import datetime
import os
import subprocess
import sys

import pytest
from django.conf import settings
from django.core.checks import run_checks
from django.db import connection
from django.utils import formats, translation

from helhet.site.environment import ROOT

PRODUCTION = {
    "HELHET_MODE": "production",
    "HELHET_SECRET_KEY": "a1b2c3d4e5" * 6,
    "HELHET_ALLOWED_HOSTS": "helhet.example.se",
    "HELHET_BASE_URL": "https://helhet.example.se",
    "DATABASE_URL": "sqlite:////nonexistent/helhet.sqlite3",
}


def run(code: str, environ: dict[str, str]) -> subprocess.CompletedProcess[str]:
    base = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(ROOT / "src"),
        "DJANGO_SETTINGS_MODULE": "helhet.site.settings",
    }
    command = [sys.executable, "-c", code]
    return subprocess.run(command, env={**base, **environ}, capture_output=True, text=True, check=False)


@pytest.mark.django_db
def test_the_system_check_has_nothing_to_remark_on():
    assert run_checks() == []


@pytest.mark.django_db
@pytest.mark.skipif(os.environ.get("HELHET_TEST_DB") == "postgres", reason="about SQLite")
def test_sqlite_is_set_up_for_several_at_once():
    with connection.cursor() as cursor:
        assert cursor.execute("PRAGMA journal_mode").fetchone()[0] == "wal"
        assert cursor.execute("PRAGMA foreign_keys").fetchone()[0] == 1
    assert settings.DATABASES["default"]["OPTIONS"]["transaction_mode"] == "IMMEDIATE"
    assert "synchronous=FULL" in settings.SQLITE_PRAGMAS


@pytest.mark.parametrize("code", ["se", "fit"])
def test_languages_that_django_does_not_know_have_names_and_dates(code):
    assert translation.get_language_info(code)["name_local"]
    with translation.override(code):
        assert formats.date_format(datetime.date(2026, 2, 1), "DATE_FORMAT") == "2026-02-01"
        assert formats.number_format(1.5) == "1,5"


PRINT = """
from django.conf import settings as s
print(s.DEBUG, s.SECURE_SSL_REDIRECT, s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE, s.HELHET_DEMO, s.STATIC_COLLECTED)
"""


def test_production_is_safe_by_itself():
    done = run(PRINT, PRODUCTION)
    assert done.stdout.split() == ["False", "True", "True", "True", "False", "True"], done.stderr


def test_production_passes_djangos_own_checks_for_deployment():
    code = "import django; django.setup(); from django.core import checks; print([m for m in checks.run_checks(include_deployment_checks=True) if m.is_serious() or m.id.startswith('security')])"
    done = run(code, {**PRODUCTION, "HELHET_INSTANCES": str(ROOT / "instances")})
    assert done.stdout.strip() in {"[]", ""} or "W021" in done.stdout, done.stdout + done.stderr
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"HELHET_SECRET_KEY": ""}, "HELHET_SECRET_KEY is not set"),
        ({"DATABASE_URL": ""}, "DATABASE_URL is not set"),
        ({"HELHET_DEMO": "yes"}, "demo passwords are public"),
        ({"HELHET_PORT": "x"}, "HELHET_PORT has the value 'x'"),
    ],
)
def test_what_is_wrong_is_said_when_it_starts(change, said):
    done = run("import django; django.setup()", {**PRODUCTION, **change})
    assert done.returncode != 0
    assert said in done.stderr


def test_everything_wrong_is_said_at_once():
    done = run("import django; django.setup()", {**PRODUCTION, "HELHET_PORT": "x", "HELHET_RATE_LOGIN": "y"})
    assert "HELHET_PORT" in done.stderr
    assert "HELHET_RATE_LOGIN" in done.stderr
