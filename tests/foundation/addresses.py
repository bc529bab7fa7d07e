# SPDX-License-Identifier: EUPL-1.2
"""The three addresses that the foundation's index leads to, so that its tests need no room."""

from django.http import HttpRequest, HttpResponse
from django.urls import include, path


def _empty(_request: HttpRequest, **_parts: str) -> HttpResponse:
    return HttpResponse()


_desk = [
    path("arende/<uuid:uid>/", _empty, name="matter"),
    path("mal/<slug:goal>/", _empty, name="goal"),
    path("organisation/<slug:slug>/", _empty, name="organisation"),
]
urlpatterns = [path("", include((_desk, "desk")))]
