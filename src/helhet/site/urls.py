# SPDX-License-Identifier: EUPL-1.2
"""Every address of the house: each room brings its own, and nothing here knows what they hold."""

from importlib import import_module
from importlib.util import find_spec

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("sprak/", include("django.conf.urls.i18n")),
    path("konto/", include("allauth.urls")),
]
for _room in settings.HELHET_ROOMS:
    if find_spec(f"{_room}.urls"):
        _urls = import_module(f"{_room}.urls")
        urlpatterns.append(path(getattr(_urls, "prefix", ""), include((_urls.urlpatterns, _room.rsplit(".", 1)[1]))))
