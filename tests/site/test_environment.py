# SPDX-License-Identifier: EUPL-1.2
"""Settings read from the environment say loudly what is wrong and what to write."""

import pytest

from helhet.site.environment import TABLE, Environment, Rate, SettingError, conflicts, is_loopback

PRODUCTION = {
    "HELHET_MODE": "production",
    "HELHET_SECRET_KEY": "x" * 60,
    "HELHET_ALLOWED_HOSTS": "helhet.example.se",
    "HELHET_BASE_URL": "https://helhet.example.se/",
    "DATABASE_URL": "postgresql://helhet:p%40ss@db.example.se:6432/helhet?sslmode=require",
}


def test_an_empty_environment_has_no_problems():
    env = Environment({})
    assert env.problems() == []
    assert conflicts(env) == []
    assert env.read("HELHET_PORT") == 8000


@pytest.mark.parametrize("name", ["HELHET_SECRET_KEY", "HELHET_ALLOWED_HOSTS", "DATABASE_URL", "HELHET_BASE_URL"])
def test_production_demands_what_has_no_safe_default(name):
    environ = {key: value for key, value in PRODUCTION.items() if key != name}
    with pytest.raises(SettingError, match=f"{name} is not set.*Example: {name}="):
        Environment(environ).read(name)
    assert Environment(PRODUCTION).problems() == []


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("HELHET_PORT", "eighty", "a whole number"),
        ("HELHET_PORT", "-1", "zero or more"),
        ("HELHET_DEMO", "maybe", "yes or no"),
        ("HELHET_MODE", "prod", "one of development, production, test"),
        ("HELHET_RATE_LOGIN", "many", "count/period"),
        ("HELHET_SECRET_KEY", "short", "at least 50"),
        ("HELHET_BASE_URL", "helhet.example.se", "https://"),
        ("HELHET_OIDC_FILE", "/no/such/file", "a file that exists"),
        ("HELHET_INSTANCE", "../etc", "letters, digits"),
        ("DATABASE_URL", "mysql://localhost/x", "postgresql://"),
        ("HELHET_EMAIL_URL", "mail.example.se", "smtp://"),
    ],
)
def test_a_bad_value_names_the_setting_the_form_and_an_example(name, value, expected):
    with pytest.raises(SettingError) as caught:
        Environment({name: value}).read(name)
    message = str(caught.value)
    assert message.startswith(name)
    assert expected in message
    assert "Example:" in message


def test_a_secret_is_never_repeated_in_an_error():
    with pytest.raises(SettingError) as caught:
        Environment({"HELHET_SECRET_KEY": "hunter2"}).read("HELHET_SECRET_KEY")
    assert "hunter2" not in str(caught.value)


def test_database_addresses():
    database = Environment(PRODUCTION).read("DATABASE_URL")
    assert (database["PASSWORD"], database["PORT"]) == ("p@ss", "6432")
    assert database["OPTIONS"] == {"sslmode": "require"}
    assert Environment({"DATABASE_URL": "sqlite:////srv/h.sqlite3"}).read("DATABASE_URL")["NAME"] == "/srv/h.sqlite3"


def test_rates_and_lists():
    env = Environment({"HELHET_RATE_LOGIN": "5/10m", "HELHET_ALLOWED_HOSTS": " a.se, b.se ,"})
    assert env.read("HELHET_RATE_LOGIN") == Rate(5, 600)
    assert env.read("HELHET_ALLOWED_HOSTS") == ["a.se", "b.se"]


@pytest.mark.parametrize(
    "extra",
    [
        {"HELHET_DEMO": "yes", "HELHET_HOST": "0.0.0.0"},
        {"HELHET_DEMO": "yes", "HELHET_ALLOWED_HOSTS": "localhost,helhet.example.se"},
        {**PRODUCTION, "HELHET_DEMO": "yes"},
        {**PRODUCTION, "HELHET_DEBUG": "yes"},
        {**PRODUCTION, "HELHET_BASE_URL": "http://helhet.example.se"},
    ],
)
def test_unsafe_combinations_are_refused(extra):
    assert conflicts(Environment(extra))


def test_loopback():
    assert is_loopback("127.0.0.1")
    assert is_loopback("[::1]")
    assert is_loopback("127.8.9.1")
    assert not is_loopback("127.example.se")
    assert not is_loopback("0.0.0.0")
    assert not is_loopback("10.0.0.1")


def test_every_row_has_help_and_a_readable_example():
    for row in TABLE:
        assert row.help.endswith("."), row.name
        if row.kind not in {"file", "secret"}:
            assert Environment({row.name: row.example}).read(row.name) is not None
