# SPDX-License-Identifier: EUPL-1.2
"""Every address of the house: each room brings its own, and nothing here knows what they hold."""

from importlib import import_module
from importlib.util import find_spec

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path
from django.views.generic import RedirectView

from helhet.site import tokens
from helhet.site.api.v1 import api

handler400 = "helhet.site.errors.bad_request"
handler403 = "helhet.site.errors.forbidden"
handler404 = "helhet.site.errors.not_found"
handler500 = "helhet.site.errors.server_error"

# Accounts are made by administrators or the login provider, and passwords are set by administrators: the pages of
# allauth that would let a stranger begin either are led to the login page, so that nothing can be tried there.
CLOSED = ("signup/", "password/reset/", "password/reset/done/", "3rdparty/signup/", "2fa/signup/", "email/")

urlpatterns: list[URLPattern | URLResolver] = [
    path("sprak/", include("django.conf.urls.i18n")),
    *(path(f"konto/{closed}", RedirectView.as_view(pattern_name="account_login")) for closed in CLOSED),
    path("konto/", include("allauth.urls")),
    path("mitt-konto/nycklar/", tokens.tokens, name="tokens"),
    path("mitt-konto/nycklar/<int:pk>/avsluta/", tokens.revoke, name="revoke_token"),
    path("api/v1/", api.urls),
]
for _room in settings.HELHET_ROOMS:
    if find_spec(f"{_room}.urls"):
        _urls = import_module(f"{_room}.urls")
        urlpatterns.append(path(getattr(_urls, "prefix", ""), include((_urls.urlpatterns, _room.rsplit(".", 1)[1]))))
