# SPDX-License-Identifier: EUPL-1.2
"""Two pages to try the middleware on, without any room."""

from django.http import HttpRequest, HttpResponse
from django.urls import include, path


def plain(request: HttpRequest) -> HttpResponse:
    return HttpResponse(f"<!doctype html><title>Prov</title><p id=who>{request.user}</p>")


def with_nonce(request: HttpRequest) -> HttpResponse:
    return HttpResponse(f"<!doctype html><script nonce={request.csp_nonce}>document.title = 'ran'</script>")


def inline(request: HttpRequest) -> HttpResponse:
    return HttpResponse("<!doctype html><title>still</title><script>document.title = 'ran'</script>")


urlpatterns = [
    path("", plain),
    path("nonce/", with_nonce),
    path("inline/", inline),
    path("konto/", include("allauth.urls")),
]
