# SPDX-License-Identifier: EUPL-1.2
"""Django's settings, for development, tests and production alike; values come from ``environment.TABLE``."""

from __future__ import annotations

import secrets
import tomllib
from pathlib import Path
from typing import Any

import django.conf.locale
from csp.constants import NONCE, NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from helhet.site.environment import ROOT, Environment, SettingError, conflicts
from helhet.site.logs import logging_config

ENV = Environment()
try:
    _problems = ENV.problems("run") or conflicts(ENV)
except SettingError as _error:
    _problems = [str(_error)]
if _problems:
    raise ImproperlyConfigured("\n".join(["Helhet cannot start with these settings:", *_problems]))

# --- who and where -----------------------------------------------------------------------------------------
HELHET_MODE: str = ENV.read("HELHET_MODE")
PRODUCTION = HELHET_MODE == "production"
TESTING = HELHET_MODE == "test"
DEBUG: bool = ENV.read("HELHET_DEBUG")
HELHET_DATA: Path = ENV.read("HELHET_DATA")
HELHET_INSTANCE: str = ENV.read("HELHET_INSTANCE")
HELHET_INSTANCE_DIR: Path = ENV.read("HELHET_INSTANCES") / HELHET_INSTANCE
HELHET_DEMO: bool = ENV.read("HELHET_DEMO")
HELHET_BASE_URL: str = ENV.read("HELHET_BASE_URL")
HELHET_OUTBOUND_ALLOW: list[str] = ENV.read("HELHET_OUTBOUND_ALLOW")
HELHET_MAX_UPLOAD_BYTES: int = ENV.read("HELHET_MAX_UPLOAD_MB") * 1024 * 1024
HELHET_RATES = {name: ENV.read(f"HELHET_RATE_{name.upper()}") for name in ("login", "capture", "search", "api")}
ALLOWED_HOSTS: list[str] = ENV.read("HELHET_ALLOWED_HOSTS")
CSRF_TRUSTED_ORIGINS = [HELHET_BASE_URL]
if TESTING:
    ALLOWED_HOSTS = [*ALLOWED_HOSTS, "testserver"]


def _secret_key() -> str:
    """Return the key of the environment, of the data folder, or one that lasts as long as this process."""
    written: str | None = ENV.read("HELHET_SECRET_KEY")
    file = HELHET_DATA / "secret-key"
    if written:
        return written
    return file.read_text().strip() if file.is_file() else secrets.token_urlsafe(50)


SECRET_KEY = _secret_key()

# --- applications ------------------------------------------------------------------------------------------
FOUNDATION = ["jobs", "ledger", "policy", "people", "matters", "goals", "figures", "search", "notices", "imports"]
HELHET_ROOMS = [f"helhet.rooms.{name}" for name in ("desk", "sluice", "calculations", "decisions", "administration")]
INSTALLED_APPS = [
    "helhet.site",
    *HELHET_ROOMS,
    "helhet.look",
    *(f"helhet.foundation.{name}" for name in FOUNDATION),
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",  # the templates of allauth.mfa load it
    "django.forms",
    "django_htmx",
    "csp",
    "allauth",
    "allauth.account",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.mfa",
]
MIDDLEWARE = [
    "helhet.site.middleware.reference_number",
    "helhet.site.middleware.real_address",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "helhet.site.middleware.permissions_policy",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "helhet.site.errors.Explained",
]
ROOT_URLCONF = "helhet.site.urls"
WSGI_APPLICATION = "helhet.site.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
FORM_RENDERER = "helhet.look.forms.LookRenderer"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [HELHET_INSTANCE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
                "helhet.look.context.page",
            ]
        },
    }
]

# --- database ----------------------------------------------------------------------------------------------
SQLITE = "django.db.backends.sqlite3"
# synchronous=FULL: in WAL mode NORMAL survives a killed process but may lose the last changes when the power
# fails. A change that was acknowledged must last, and the cost is one fsync for each writing request.
SQLITE_PRAGMAS = (
    "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; "
    "PRAGMA cache_size=-32768; PRAGMA temp_store=MEMORY; PRAGMA journal_size_limit=67108864;"
)


def _database() -> dict[str, Any]:
    """Return the one database: SQLite made safe for several threads and processes, or PostgreSQL."""
    database: dict[str, Any] = ENV.read("DATABASE_URL") or {
        "ENGINE": SQLITE,
        "NAME": HELHET_DATA / "helhet.sqlite3",
        "OPTIONS": {},
    }
    database["CONN_MAX_AGE"] = 0 if TESTING else ENV.read("HELHET_DB_CONN_MAX_AGE")
    if database["ENGINE"] == SQLITE:
        pragmas = SQLITE_PRAGMAS.replace("FULL", "OFF") if TESTING else SQLITE_PRAGMAS
        # IMMEDIATE: a transaction takes its write lock at the start and waits for it, so none fails midway.
        database["OPTIONS"] = {"timeout": 20, "transaction_mode": "IMMEDIATE", "init_command": pragmas}
    else:
        database["CONN_HEALTH_CHECKS"] = True
    return database


DATABASES = {"default": _database()}
# In the database, since limits on logins must hold across all web processes.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "helhet_cache",
        "OPTIONS": {"MAX_ENTRIES": 20000},
    }
}

# --- languages, time ---------------------------------------------------------------------------------------
LANGUAGE_CODE = "sv"
LANGUAGES = [
    ("sv", "Svenska"),
    ("en", "English"),
    ("se", "Davvisámegiella"),
    ("fi", "Suomi"),
    ("fit", "Meänkieli"),
]
# Django knows neither language; without these rows they could not be chosen.
django.conf.locale.LANG_INFO.update(
    {
        "se": {"bidi": False, "code": "se", "name": "Northern Sámi", "name_local": "davvisámegiella"},
        "fit": {"bidi": False, "code": "fit", "name": "Meänkieli", "name_local": "meänkieli"},
    }
)
LOCALE_PATHS = [ROOT / "locale"]
FORMAT_MODULE_PATH = ["helhet.site.formats"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Europe/Stockholm"
LANGUAGE_COOKIE_NAME = "helhet_language"
LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_SECURE = PRODUCTION

# --- files -------------------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = HELHET_DATA / "static"
STATICFILES_DIRS = [("theme", folder)] if (folder := HELHET_INSTANCE_DIR / "theme").is_dir() else []
STATIC_COLLECTED = (ENV.read("HELHET_STATIC") or ("collected" if PRODUCTION else "source")) == "collected"
WHITENOISE_USE_FINDERS = not STATIC_COLLECTED
WHITENOISE_AUTOREFRESH = DEBUG
MEDIA_ROOT = HELHET_DATA / "media"
MEDIA_URL = "/media/"  # never routed: files are served by a view that asks policy first
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if STATIC_COLLECTED
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
FILE_UPLOAD_PERMISSIONS = 0o640
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000
DATA_UPLOAD_MAX_NUMBER_FILES = 20

# --- security ----------------------------------------------------------------------------------------------
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],  # the nonce is for the import map, the only inline script
        "style-src": [SELF],
        "img-src": [SELF, "data:", "blob:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "worker-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "object-src": [NONE],
        "frame-ancestors": [NONE],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_SSL_REDIRECT = PRODUCTION
SECURE_HSTS_SECONDS = ENV.read("HELHET_HSTS_SECONDS") if PRODUCTION else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = PRODUCTION
HELHET_BEHIND_PROXY: bool = ENV.read("HELHET_BEHIND_PROXY")
if HELHET_BEHIND_PROXY:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SESSION_COOKIE_NAME = "helhet_session"
SESSION_COOKIE_AGE = ENV.read("HELHET_SESSION_HOURS") * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = PRODUCTION
CSRF_COOKIE_SECURE = PRODUCTION
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "helhet.site.errors.csrf_failure"
MESSAGE_STORAGE = "django.contrib.messages.storage.fallback.FallbackStorage"

# --- people who log in -------------------------------------------------------------------------------------
AUTH_USER_MODEL = "people.User"
AUTHENTICATION_BACKENDS = ["helhet.site.accounts.Backend"]
# scrypt is memory-hard and in the standard library; older hashes still verify and are renewed at login.
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.ScryptPasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
if TESTING:
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
_VALIDATION = "django.contrib.auth.password_validation"
AUTH_PASSWORD_VALIDATORS: list[dict[str, Any]] = [
    {"NAME": f"{_VALIDATION}.UserAttributeSimilarityValidator"},
    {"NAME": f"{_VALIDATION}.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": f"{_VALIDATION}.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "helhet.site.accounts.AccountAdapter"
SOCIALACCOUNT_ADAPTER = "helhet.site.accounts.SocialAccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_RATE_LIMITS = {
    "login_failed": f"{HELHET_RATES['login'].count}/{HELHET_RATES['login'].seconds}s/key,60/m/ip",
    "login": "60/m/ip",
}
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if PRODUCTION else "http"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_PASSKEY_SIGNUP_ENABLED = False
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not PRODUCTION
MFA_TOTP_ISSUER = "Helhet"
SOCIALACCOUNT_ONLY = False
SOCIALACCOUNT_STORE_TOKENS = False
SOCIALACCOUNT_LOGIN_ON_GET = False
SOCIALACCOUNT_EMAIL_REQUIRED = False
HELHET_OIDC: dict[str, Any] = tomllib.loads(file.read_text()) if (file := ENV.read("HELHET_OIDC_FILE")) else {}
SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": HELHET_OIDC.get("providers", [])}}

# --- mail, logs --------------------------------------------------------------------------------------------
if _mail := ENV.read("HELHET_EMAIL_URL"):
    EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    globals().update(_mail)
else:
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = HELHET_DATA / "mail"
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = SERVER_EMAIL = ENV.read("HELHET_EMAIL_FROM")
LOGGING = logging_config(level=ENV.read("HELHET_LOG_LEVEL"), form=ENV.read("HELHET_LOG_FORMAT"))
