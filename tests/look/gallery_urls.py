# SPDX-License-Identifier: EUPL-1.2
"""Names that the base template looks for, so that the gallery shows it whole."""

from django.http import HttpResponse
from django.urls import include, path


def nothing(request: object) -> HttpResponse:
    """Every link of the gallery leads here."""
    return HttpResponse("")


desk = (
    [
        path("", nothing, name="home"),
        path("sok/", nothing, name="search"),
        path("besked/", nothing, name="notices"),
        path("konto/", nothing, name="account"),
    ],
    "desk",
)
urlpatterns = [
    path("", include(desk)),
    path("in/", nothing, name="account_login"),
    path("ut/", nothing, name="account_logout"),
    path("sprak/", nothing, name="set_language"),
]
