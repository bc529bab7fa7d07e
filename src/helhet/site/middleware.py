# SPDX-License-Identifier: EUPL-1.2
"""Middleware of the whole site."""

from __future__ import annotations

import secrets
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from helhet.site.logs import current_reference

Handler = Callable[[HttpRequest], HttpResponse]
# Without letters and digits that are mistaken for each other when read aloud on the telephone.
ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
PERMISSIONS = "camera=(self), geolocation=(self), microphone=(), payment=(), usb=(), interest-cohort=()"


def new_reference() -> str:
    """Return a fresh reference number such as ``7KQ4-M2XD``."""
    letters = "".join(secrets.choice(ALPHABET) for _ in range(8))
    return f"{letters[:4]}-{letters[4:]}"


def reference_number(get_response: Handler) -> Handler:
    """Give every request a reference number: ``request.reference``, in its logs and in ``X-Request-ID``."""

    def handle(request: HttpRequest) -> HttpResponse:
        reference = new_reference()
        request.reference = reference  # type: ignore[attr-defined]
        token = current_reference.set(reference)
        try:
            response = get_response(request)
        finally:
            current_reference.reset(token)
        response["X-Request-ID"] = reference
        return response

    return handle


def permissions_policy(get_response: Handler) -> Handler:
    """Let pages of our own use camera and position, and nobody anything else."""

    def handle(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.setdefault("Permissions-Policy", PERMISSIONS)
        return response

    return handle


def real_address(get_response: Handler) -> Handler:
    """Behind a proxy of ours: the visitor's address is the last one that the proxy itself wrote down.

    What a visitor writes in the header stands before it, so nobody can choose an address to be counted under.
    """

    def handle(request: HttpRequest) -> HttpResponse:
        written = request.META.get("HTTP_X_FORWARDED_FOR", "")
        if settings.HELHET_BEHIND_PROXY and written:
            request.META["REMOTE_ADDR"] = written.rsplit(",", 1)[-1].strip()[:64]
        return get_response(request)

    return handle
