# SPDX-License-Identifier: EUPL-1.2
"""Who calls: a person's key, a person's own session (reading only), or anybody (reading what is open)."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.timezone import now
from django.utils.translation import gettext as _
from ninja.errors import AuthenticationError
from ninja.security import APIKeyCookie, HttpBearer

from helhet.foundation.people.models import ApiToken
from helhet.foundation.people.selectors import standing_of
from helhet.foundation.people.services import hash_token, throttle
from helhet.foundation.policy import Forbidden, Standing, deny, visitor
from helhet.site.accounts import demo_refused

READING = frozenset({"GET", "HEAD", "OPTIONS"})


def address_of(request: HttpRequest) -> str:
    return f"ip:{request.META.get('REMOTE_ADDR', '')}"


def bounded(name: str, who: str) -> None:
    """Count one use under the rate called ``name`` in the settings; raises ``TooMany`` past it."""
    rate = settings.HELHET_RATES[name]
    throttle(f"{name}:{who}", limit=rate.count, per_s=rate.seconds)


class Key(HttpBearer):
    """``Authorization: Bearer …`` with a key that a person has made; it acts as that person, with their roles now."""

    def __call__(self, request: HttpRequest) -> Any:
        """Read the header strictly: somebody who sends one wants to be known, never to be taken for a visitor."""
        written = request.headers.get("Authorization")
        if written is None:
            return None
        scheme, _sep, token = written.partition(" ")
        standing = self.authenticate(request, token.strip()) if scheme.lower() == "bearer" else None
        if standing is None:
            bounded("api", address_of(request))  # so that keys cannot be guessed at leisure
            raise AuthenticationError
        return standing

    def authenticate(self, request: HttpRequest, token: str) -> Standing | None:
        kept = (
            ApiToken.objects.filter(token_hash=hash_token(token), expires_at__gt=now()).select_related("user").first()
        )
        if kept is None or not kept.user.is_active or demo_refused(kept.user):
            return None
        standing = standing_of(kept.user)
        bounded("api", standing.actor_key)
        if request.method not in READING and not kept.may_write:
            raise Forbidden(deny(_("Nyckeln får bara läsa. Gör en nyckel som får skriva.")))
        return standing


class Session(APIKeyCookie):
    """The session of somebody logged in, for reading from our own pages. Writing needs a key, so no form can forge it."""

    param_name = "helhet_session"

    def __init__(self) -> None:
        super().__init__(csrf=False)  # reads only: there is nothing to forge

    def authenticate(self, request: HttpRequest, key: str | None) -> Standing | None:
        if request.method not in READING or request.headers.get("Sec-Fetch-Site", "same-origin") != "same-origin":
            return None
        if not request.user.is_authenticated:
            return None
        standing = standing_of(request.user)
        bounded("api", standing.actor_key)
        return standing


def anybody(request: HttpRequest) -> Standing | None:
    """Whoever does not say who they are reads what is open to all."""
    if request.method not in READING:
        return None
    bounded("api", address_of(request))
    return visitor()


def actor_of(request: HttpRequest) -> Standing:
    """Where the caller stands."""
    standing: Standing = request.auth  # type: ignore[attr-defined]  # set by whichever of the above let the call in
    return standing
