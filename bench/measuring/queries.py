# SPDX-License-Identifier: EUPL-1.2
"""How many queries each page of the house asks, for everybody who may see it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

from bench.measuring.inside import application, get, session_of
from bench.measuring.people import matter_uid

READERS = {"visitor": "", "employee": "k0000011", "platform_team": "k0000001"}
#: Not pages of lists or things: what logs in, changes settings of an account, or hands out a file.
LEFT_OUT = ("konto/", "sprak/", "bench/", "api/")
MOST_NAMED = 400


def samples() -> dict[str, str]:
    """Values for the parts of addresses, by the name the part has."""
    from helhet.foundation.matters.models import Matter
    from helhet.rooms.sluice.models import Case

    waiting = Case.objects.filter(waits_for="us", matter__visibility="internal").order_by("matter_id").first()
    shown = waiting.matter if waiting else Matter.objects.filter(visibility="internal").order_by("pk")[0]
    return {"uid": str(shown.uid), "slug": "enhet-2", "stable_id": "mal-1", "number": quote(shown.number or "")}


def addresses() -> Iterator[tuple[str, str]]:
    """Every address of the site that samples fit: (name, address)."""
    from django.urls import URLPattern, URLResolver, get_resolver

    known = samples()

    def walk(patterns: Any, before: str) -> Iterator[tuple[str, str]]:
        for one in patterns:
            route = before + str(one.pattern)
            if isinstance(one, URLResolver):
                yield from walk(one.url_patterns, route)
            elif isinstance(one, URLPattern) and not route.startswith(LEFT_OUT):
                parts = getattr(one.pattern, "converters", {})
                if set(parts) <= set(known):
                    for name in parts:
                        kind = next(w for w in (f"<uuid:{name}>", f"<slug:{name}>", f"<str:{name}>", f"<path:{name}>",
                                                f"<int:{name}>", f"<{name}>") if w in route)  # fmt: skip
                        route = route.replace(kind, known[name])
                    yield str(one.name), "/" + route

    yield from walk(get_resolver("bench.measuring.addresses").url_patterns, "")


EXTRA = {
    "queue of answered": "/sluss/?vantar=nobody",
    "matters by kind": "/arenden/?slag=idea&status=new",
    "matters followed": "/arenden/?vems=foljer",
    "bank usable": "/banken/?lage=usable",
    "bank of a unit": "/banken/?enhet=enhet-2",
    "search": "/sok/?q=vinter+gata",
    "thread of ten thousand": f"/arende/{matter_uid(1)}/",
}


def counted() -> dict[str, dict[str, int]]:
    """{reader: {page: queries}} for every page that answers 200; each is asked twice, the second time counted."""
    from django.db import connection

    app = application()
    found: dict[str, dict[str, int]] = {}
    pages = dict(list(addresses())[:MOST_NAMED]) | EXTRA
    for reader, username in READERS.items():
        session = session_of(username) if username else ""
        found[reader] = {}
        for name, address in pages.items():
            if get(app, address, session)[0] != 200:
                continue
            asked = [0]

            def count(execute: Any, sql: str, params: Any, many: bool, context: Any, asked: list[int] = asked) -> Any:
                asked[0] += 1
                return execute(sql, params, many, context)

            with connection.execute_wrapper(count):
                get(app, address, session)
            found[reader][name] = asked[0]
    return found


def compared(small: dict[str, dict[str, int]], large: dict[str, dict[str, int]]) -> dict[str, Any]:
    """What holds: pages whose queries are no more at a thousand rows than at ten, and those that grow."""
    both = [(reader, name) for reader in small for name in small[reader] if name in large.get(reader, {})]
    grown = {
        f"{name} ({reader})": [small[reader][name], large[reader][name]]
        for reader, name in both
        if large[reader][name] > small[reader][name]
    }
    return {"constant": not grown, "pages": len(both), "grown": grown, "at_1000": large}
