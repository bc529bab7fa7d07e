# SPDX-License-Identifier: EUPL-1.2
"""How people get in: no open registration, and demonstration accounts only where they belong."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseForbidden
from django.utils.translation import gettext as _


def demo_refused(user: Any) -> bool:
    """Say whether this is a demonstration account on a service that does not allow them."""
    return bool(getattr(user, "is_demo", False)) and not settings.HELHET_DEMO


class Backend(AuthenticationBackend):
    """User name or e-mail with password. Demonstration accounts are nobody where they are not allowed.

    Django asks this at login and again for every request of a session, so a database that is carried from a
    demonstration to a real service brings no way in.
    """

    def user_can_authenticate(self, user: Any) -> bool:
        return not demo_refused(user) and bool(super().user_can_authenticate(user))


class AccountAdapter(DefaultAccountAdapter):
    """Accounts are made by administrators or by the login provider, never by a stranger."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def pre_login(self, request: HttpRequest, user: Any, **kwargs: Any) -> HttpResponse | None:
        if demo_refused(user):
            return HttpResponseForbidden(_("Demonstrationskonton får inte användas här."))
        return super().pre_login(request, user, **kwargs)  # type: ignore[no-any-return]


class SocialAccountAdapter(DefaultSocialAccountAdapter):
    """Whoever the municipality's own login provider vouches for gets an account at the first login."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        return bool(settings.HELHET_OIDC.get("create_accounts", True))

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        if demo_refused(sociallogin.user):
            raise ImmediateHttpResponse(HttpResponseForbidden(_("Demonstrationskonton får inte användas här.")))
