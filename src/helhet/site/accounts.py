# SPDX-License-Identifier: EUPL-1.2
"""How people get in: no open registration, and demonstration accounts only where they belong."""

from __future__ import annotations

import secrets
from typing import Any

import requests
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseForbidden
from django.utils.translation import gettext as _

from helhet.site import outbound
from helhet.site.claims import follow_claims, groups_in

NONCE = "helhet_oidc_nonce"


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
        """Refuse demonstration accounts; after a login at the provider, let roles follow its groups."""
        if demo_refused(user):
            return HttpResponseForbidden(_("Demonstrationskonton får inte användas här."))
        sociallogin = (kwargs.get("signal_kwargs") or {}).get("sociallogin")
        if sociallogin is not None:
            claim = sociallogin.provider.app.settings.get("groups_claim", "groups")
            follow_claims(user, groups_in(sociallogin.account.extra_data, claim))
        return super().pre_login(request, user, **kwargs)  # type: ignore[no-any-return]


class Provider(OpenIDConnectProvider):
    """OpenID Connect as the standard has it: a nonce ties the answer to this browser, and both answers name one person.

    State and PKCE are allauth's own.
    """

    def get_auth_params_from_request(self, request: HttpRequest, action: str) -> dict[str, str]:
        # What the address asks for besides is left out: it could turn the login to somebody else's ends.
        nonce = request.session.setdefault(NONCE, secrets.token_urlsafe(24))
        return {**self.get_auth_params(), "nonce": nonce}

    def sociallogin_from_response(self, request: HttpRequest, response: dict[str, Any]) -> Any:
        told, info = response.get("id_token") or {}, response.get("userinfo") or {}
        nonce = request.session.pop(NONCE, "")
        if not nonce or not secrets.compare_digest(str(told.get("nonce", "")), nonce):
            raise OAuth2Error("the nonce of the answer is not the one that was sent")
        if info and info.get("sub") != told.get("sub"):
            raise OAuth2Error("the two answers are about different people")
        return super().sociallogin_from_response(request, response)


class SocialAccountAdapter(DefaultSocialAccountAdapter):
    """Whoever the municipality's own login provider vouches for gets an account at the first login.

    An account is found again by the provider's own lasting name for the person (``sub``), never by e-mail: an address
    can be given to somebody else, or be claimed by one who does not hold it.
    """

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        return bool(settings.HELHET_OIDC.get("create_accounts", True))

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        sociallogin.email_addresses = []  # kept on the account for notices, never used to find one
        if demo_refused(sociallogin.user):
            raise ImmediateHttpResponse(HttpResponseForbidden(_("Demonstrationskonton får inte användas här.")))

    def populate_user(self, request: HttpRequest, sociallogin: Any, data: dict[str, Any]) -> Any:
        user = sociallogin.user
        user.username = str(data.get("username") or "")[:150]
        user.email = str(data.get("email") or "")[:254]
        user.name = str(data.get("name") or "")[:150]
        return user

    def can_authenticate_by_email(self, login: Any, email: str) -> bool:
        return False

    def get_provider(self, request: HttpRequest, provider: str, client_id: str | None = None) -> Any:
        found = super().get_provider(request, provider, client_id=client_id)
        return Provider(request, app=found.app) if isinstance(found, OpenIDConnectProvider) else found

    def list_apps(self, request: HttpRequest, provider: str | None = None, client_id: str | None = None) -> list[Any]:
        """Providers of the settings only: a row in the database opens no door."""
        return [app for app in super().list_apps(request, provider=provider, client_id=client_id) if app.pk is None]

    def get_requests_session(self) -> requests.Session:
        return outbound.session()
