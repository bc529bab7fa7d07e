# SPDX-License-Identifier: EUPL-1.2
"""The one door out: whoever calls another machine does so through here, and only those on the list are called.

The list is ``HELHET_OUTBOUND_ALLOW``: host names, each with a port if only that port is meant. It is empty at first,
and then nothing leaves. A redirect is a call of its own and is asked about again.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

import requests
from django.conf import settings
from requests.adapters import HTTPAdapter

from helhet.site.environment import is_loopback

TIMEOUT_S = 10
MOST_REDIRECTS = 3


class NotAllowed(requests.RequestException):
    """The address is not on the list, or is not encrypted."""


def check(address: str) -> None:
    """Raise :class:`NotAllowed` unless the operator has listed the host, and the call is encrypted or stays here."""
    parts = urlsplit(address)
    host = (parts.hostname or "").lower()
    try:
        port = parts.port
    except ValueError:
        raise NotAllowed("the address has no readable port") from None
    listed = {entry.lower() for entry in settings.HELHET_OUTBOUND_ALLOW}
    if not host or not {host, f"{host}:{port}"} & listed:
        raise NotAllowed(f"{host or 'an address without host'} is not in HELHET_OUTBOUND_ALLOW")
    if parts.scheme != "https" and not (parts.scheme == "http" and is_loopback(host)):
        raise NotAllowed(f"{host} must be called with https")


class Guarded(HTTPAdapter):
    """Asks about every request that is about to leave, redirects among them."""

    def send(self, request: requests.PreparedRequest, *args: Any, **kwargs: Any) -> requests.Response:
        check(request.url or "")
        kwargs["timeout"] = kwargs.get("timeout") or TIMEOUT_S
        return super().send(request, *args, **kwargs)


def session() -> requests.Session:
    """A session that can reach the listed machines only."""
    made = requests.Session()
    made.max_redirects = MOST_REDIRECTS
    made.mount("https://", Guarded())
    made.mount("http://", Guarded())
    return made
