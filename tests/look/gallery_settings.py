# SPDX-License-Identifier: EUPL-1.2
"""The smallest Django that can draw the look: no database, no rooms."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SECRET_KEY = "gallery"
DEBUG = True
ALLOWED_HOSTS = ["*"]
USE_TZ = True
TIME_ZONE = "Europe/Stockholm"
LANGUAGE_CODE = "sv"
LANGUAGES = [("sv", "Svenska"), ("se", "Davvisámegiella"), ("fi", "Suomi"), ("fit", "Meänkieli"), ("en", "English")]
INSTALLED_APPS = ["django.contrib.staticfiles", "helhet.look"]
MIDDLEWARE: list[str] = []
DATABASES: dict[str, dict[str, str]] = {}
ROOT_URLCONF = "gallery_urls"
STATIC_URL = "/static/"
STATICFILES_DIRS = [("theme", ROOT / "instances/kiruna/theme")]
FORM_RENDERER = "helhet.look.forms.LookRenderer"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [Path(__file__).parent / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {"context_processors": ["django.template.context_processors.request"]},
    }
]
