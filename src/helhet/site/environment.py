# SPDX-License-Identifier: EUPL-1.2
"""Settings from the environment: one table, typed readers, errors that say what to write.

Every setting that an operator can meet is one row of ``TABLE``. The settings module reads its values from
here, ``helhet doctor`` prints them, and ``docs/operate.md`` is tested against the same rows.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

PACKAGE = Path(__file__).resolve().parents[1]
CHECKOUT = PACKAGE.parents[1]
IN_CHECKOUT = (CHECKOUT / "pyproject.toml").is_file()
#: Where ``instances`` and ``locale`` lie: beside the source, or inside the package after ``pip install``.
ROOT = CHECKOUT if IN_CHECKOUT else PACKAGE / "shipped"


class SettingError(Exception):
    """A setting is missing or has a form that cannot be read."""


@dataclass(frozen=True)
class Setting:
    """One row of the table: a name in the environment, the form of its value, and what it is for.

    ``default`` is the text that would be written in the environment; ``None`` means "not set".
    ``scope`` is ``run`` for the running product and ``tools`` for tests and the command line.
    """

    name: str
    kind: str
    default: str | None
    help: str
    example: str
    required_in_production: bool = False
    scope: str = "run"


TABLE: tuple[Setting, ...] = (
    Setting("HELHET_MODE", "mode", "development", "development, production or test. Production refuses to start with anything unsafe.", "production"),
    Setting("HELHET_DATA", "path", str(CHECKOUT / "data") if IN_CHECKOUT else "data", "Folder of the database file, uploaded files, the secret key and collected static files. Default: data beside helhet, or where one stands after pip install.", "/var/lib/helhet"),
    Setting("HELHET_INSTANCE", "name", "kiruna", "Which folder under the instances folder gives theme, texts and data.", "kiruna"),
    Setting("HELHET_INSTANCES", "path", str(ROOT / "instances"), "Folder that holds the instances.", "/srv/helhet/instances"),
    Setting("HELHET_SECRET_KEY", "secret", None, "Key that signs sessions and links; at least 50 characters. Without it the file secret-key in the data folder is used (not in production).", "openssl rand -base64 60", True),
    Setting("HELHET_ALLOWED_HOSTS", "list", "localhost,127.0.0.1,[::1]", "Host names that the service answers to, separated by commas.", "helhet.example.se", True),
    Setting("HELHET_BASE_URL", "url", "http://127.0.0.1:8000", "The address people write; used in notices, feeds and as trusted origin of forms.", "https://helhet.example.se", True),
    Setting("DATABASE_URL", "database", None, "The database. Without it: SQLite in the data folder (not in production, where it must be said).", "postgresql://helhet:password@127.0.0.1:5432/helhet", True),
    Setting("HELHET_DB_CONN_MAX_AGE", "seconds", "600", "Seconds that a database connection is kept between requests.", "600"),
    Setting("HELHET_HOST", "host", "127.0.0.1", "Address that the web server listens on. Demo accounts demand loopback.", "127.0.0.1"),
    Setting("HELHET_PORT", "number", "8000", "Port that the web server listens on.", "8000"),
    Setting("HELHET_WEB_PROCESSES", "number", "1", "Web processes. SQLite wants one; PostgreSQL about one for each core.", "4"),
    Setting("HELHET_WEB_THREADS", "number", "4", "Threads in each web process.", "8"),
    Setting("HELHET_BEHIND_PROXY", "bool", "no", "yes when a reverse proxy ends TLS and sets X-Forwarded-Proto and X-Forwarded-For itself.", "yes"),
    Setting("HELHET_HSTS_SECONDS", "seconds", "31536000", "How long browsers must remember to use HTTPS only (production).", "31536000"),
    Setting("HELHET_DEMO", "bool", "no", "yes lets the demonstration accounts log in. Refused in production and off loopback.", "no"),
    Setting("HELHET_STATIC", "static", None, "collected: static files with a hash in their name, from the data folder. source: straight from the code. Default: collected in production, otherwise source.", "collected"),
    Setting("HELHET_DEBUG", "bool", "no", "yes shows Django's error pages. Refused in production.", "no"),
    Setting("HELHET_EMAIL_URL", "email", None, "Outgoing mail server. Without it no mail leaves; messages are written to the folder mail under the data folder.", "smtp://user:password@mail.example.se:587?tls=starttls"),
    Setting("HELHET_EMAIL_FROM", "text", "Helhet <helhet@localhost>", "Sender of mail.", "Helhet <helhet@example.se>"),
    Setting("HELHET_OIDC_FILE", "file", None, "TOML file with OpenID Connect providers and how their groups become roles.", "/etc/helhet/oidc.toml"),
    Setting("HELHET_OUTBOUND_ALLOW", "list", "", "Host names that the service may call (login provider, feeds, models). Empty: none.", "login.example.se"),
    Setting("HELHET_MAX_UPLOAD_MB", "number", "20", "Largest uploaded file, in megabytes.", "20"),
    Setting("HELHET_RATE_LOGIN", "rate", "10/5m", "Login attempts for one account or address, as count/period (s, m, h, d).", "10/5m"),
    Setting("HELHET_RATE_CAPTURE", "rate", "30/1h", "Matters that one visitor or account may leave.", "30/1h"),
    Setting("HELHET_RATE_SEARCH", "rate", "120/1m", "Searches by one visitor or account.", "120/1m"),
    Setting("HELHET_RATE_API", "rate", "600/1m", "Calls of the API by one key or address.", "600/1m"),
    Setting("HELHET_SESSION_HOURS", "number", "12", "Hours until a person must log in again.", "12"),
    Setting("HELHET_LOG_LEVEL", "level", "INFO", "DEBUG, INFO, WARNING or ERROR.", "INFO"),
    Setting("HELHET_LOG_FORMAT", "logformat", "text", "text, or json with one object per line.", "json"),
    Setting("HELHET_VENV", "path", None, "Where ./helhet keeps its Python environment. Default: .venv beside it.", "/opt/helhet/venv", scope="tools"),
    Setting("HELHET_CHROMIUM", "file", None, "Chromium for browser tests and doctor. Default: looked for on PATH.", "/usr/bin/chromium", scope="tools"),
    Setting("HELHET_TEST_POSTGRES", "database", None, "PostgreSQL server that tests may create databases on.", "postgresql://postgres@127.0.0.1:5432/postgres", scope="tools"),
    Setting("HELHET_TEST_DB", "name", "sqlite", "Which database the tests run on, sqlite or postgres; ./helhet test sets it itself.", "postgres", scope="tools"),
    Setting("HELHET_REQUIRE", "list", "", "What the tests must have: browser, postgres. What is missing then fails instead of being skipped.", "browser,postgres", scope="tools"),
)  # fmt: skip

BY_NAME: dict[str, Setting] = {row.name: row for row in TABLE}


@dataclass(frozen=True)
class Rate:
    """At most ``count`` events in ``seconds``."""

    count: int
    seconds: int


def _fail(row: Setting, text: str | None, expected: str) -> SettingError:
    found = "is not set" if text is None else f"has the value {'(hidden)' if row.kind == 'secret' else repr(text)}"
    return SettingError(f"{row.name} {found}. Expected: {expected}. Example: {row.name}={row.example}\n  {row.help}")


def _read_bool(row: Setting, text: str) -> bool:
    lowered = text.strip().lower()
    if lowered in {"1", "yes", "true", "on"}:
        return True
    if lowered in {"0", "no", "false", "off"}:
        return False
    raise _fail(row, text, "yes or no")


def _read_number(row: Setting, text: str) -> int:
    try:
        value = int(text)
    except ValueError:
        raise _fail(row, text, "a whole number") from None
    if value < 0:
        raise _fail(row, text, "a whole number, zero or more")
    return value


def _read_list(_row: Setting, text: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip()]


def _choice(*allowed: str) -> Callable[[Setting, str], str]:
    def read(row: Setting, text: str) -> str:
        if text not in allowed:
            raise _fail(row, text, "one of " + ", ".join(allowed))
        return text

    return read


def _read_name(row: Setting, text: str) -> str:
    if not text or not text.replace("-", "").replace("_", "").isalnum():
        raise _fail(row, text, "letters, digits, hyphen and underscore")
    return text


def _read_url(row: Setting, text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise _fail(row, text, "an address that begins with https:// (or http://)")
    return text.rstrip("/")


def _read_file(row: Setting, text: str) -> Path:
    path = Path(text)
    if not path.is_file():
        raise _fail(row, text, "the path of a file that exists")
    return path


def _read_rate(row: Setting, text: str) -> Rate:
    expected = "count/period such as 10/5m, with s, m, h or d"
    count, slash, period = text.partition("/")
    seconds = {"s": 1, "m": 60, "h": 3600, "d": 86400}.get(period[-1:])
    number = period[:-1] or "1"
    if not slash or not count.isdigit() or seconds is None or not number.isdigit():
        raise _fail(row, text, expected)
    return Rate(int(count), int(number) * seconds)


def _read_secret(row: Setting, text: str) -> str:
    if len(text) < 50:
        raise _fail(row, text, "at least 50 random characters")
    return text


def _read_database(row: Setting, text: str) -> dict[str, Any]:
    """Return Django's database dictionary (ENGINE, NAME, …, OPTIONS) for a database address."""
    parts = urlsplit(text)
    options = dict(parse_qsl(parts.query))
    if parts.scheme in {"postgresql", "postgres"} and parts.path.strip("/"):
        try:
            port = parts.port or 5432
        except ValueError:
            raise _fail(row, text, "a port number after the colon") from None
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": unquote(parts.path.strip("/")),
            "USER": unquote(parts.username or ""),
            "PASSWORD": unquote(parts.password or ""),
            "HOST": parts.hostname or options.pop("host", ""),
            "PORT": str(port),
            "OPTIONS": options,
        }
    if parts.scheme == "sqlite" and parts.path:
        name = "/" + unquote(parts.path).lstrip("/")
        return {"ENGINE": "django.db.backends.sqlite3", "NAME": name, "OPTIONS": {}}
    raise _fail(row, text, "postgresql://user:password@host:port/name or sqlite:////absolute/path")


def _read_email(row: Setting, text: str) -> dict[str, Any]:
    parts = urlsplit(text)
    tls = dict(parse_qsl(parts.query)).get("tls", "starttls")
    if parts.scheme != "smtp" or not parts.hostname or tls not in {"starttls", "implicit", "none"}:
        raise _fail(row, text, "smtp://user:password@host:port?tls=starttls (or tls=implicit, tls=none)")
    return {
        "EMAIL_HOST": parts.hostname,
        "EMAIL_PORT": parts.port or 587,
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_TLS": tls == "starttls",
        "EMAIL_USE_SSL": tls == "implicit",
    }


READERS: dict[str, Callable[[Setting, str], Any]] = {
    "bool": _read_bool,
    "database": _read_database,
    "email": _read_email,
    "file": _read_file,
    "host": lambda _row, text: text.strip(),
    "level": _choice("DEBUG", "INFO", "WARNING", "ERROR"),
    "list": _read_list,
    "logformat": _choice("text", "json"),
    "mode": _choice("development", "production", "test"),
    "name": _read_name,
    "number": _read_number,
    "path": lambda _row, text: Path(text).expanduser().absolute(),
    "rate": _read_rate,
    "seconds": _read_number,
    "secret": _read_secret,
    "static": _choice("collected", "source"),
    "text": lambda _row, text: text,
    "url": _read_url,
}


class Environment:
    """Reads settings by name. An empty text counts as not set."""

    def __init__(self, environ: Mapping[str, str] | None = None) -> None:
        self.environ: Mapping[str, str] = os.environ if environ is None else environ

    @property
    def production(self) -> bool:
        return bool(self.read("HELHET_MODE") == "production")

    def is_set(self, name: str) -> bool:
        """Say whether the operator wrote a value, as opposed to the default standing in."""
        return bool(self.environ.get(BY_NAME[name].name, ""))

    def read(self, name: str) -> Any:
        """Return the typed value of a setting, its default, or ``None``; raise ``SettingError`` otherwise."""
        row = BY_NAME[name]
        text = self.environ.get(name, "") or None
        if text is None:
            if row.required_in_production and self.environ.get("HELHET_MODE") == "production":
                raise _fail(row, None, "a value, since HELHET_MODE=production")
            text = row.default
        return None if text is None else READERS[row.kind](row, text)

    def problems(self, *scopes: str) -> list[str]:
        """Read every setting (of these scopes) and return what is wrong, one message each."""
        found: list[str] = []
        for row in TABLE:
            if scopes and row.scope not in scopes:
                continue
            try:
                self.read(row.name)
            except SettingError as error:
                found.append(str(error))
        return found


def is_loopback(host: str) -> bool:
    """Say whether an address or host name can only mean this machine; 127.example.se is somebody else's."""
    try:
        return host == "localhost" or ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def conflicts(env: Environment) -> list[str]:
    """Return combinations of settings that must not run together."""
    found: list[str] = []
    demo, host = env.read("HELHET_DEMO"), env.read("HELHET_HOST")
    if env.production and demo:
        found.append("HELHET_DEMO=yes cannot be combined with HELHET_MODE=production: demo passwords are public.")
    if env.production and env.read("HELHET_DEBUG"):
        found.append("HELHET_DEBUG=yes cannot be combined with HELHET_MODE=production: error pages show secrets.")
    if demo and not is_loopback(host):
        found.append(f"HELHET_DEMO=yes demands that HELHET_HOST is loopback, not {host!r}.")
    if demo and not all(is_loopback(name) for name in env.read("HELHET_ALLOWED_HOSTS")):
        found.append("HELHET_DEMO=yes demands that HELHET_ALLOWED_HOSTS holds loopback names only.")
    folder: Path = env.read("HELHET_INSTANCES")
    if not (folder / env.read("HELHET_INSTANCE")).is_dir():
        known = ", ".join(sorted(path.name for path in folder.glob("*") if path.is_dir())) or "none"
        found.append(f"HELHET_INSTANCE={env.read('HELHET_INSTANCE')}: {folder} has no such folder. There: {known}.")
    if env.production and not str(env.read("HELHET_BASE_URL")).startswith("https://"):
        found.append("HELHET_BASE_URL must begin with https:// when HELHET_MODE=production.")
    return found
