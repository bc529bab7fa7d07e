# SPDX-License-Identifier: EUPL-1.2
"""``helhet ledger verify`` walks the chain of events; ``head`` prints its latest link; ``parked`` what went unheard."""

from __future__ import annotations

import argparse
from collections.abc import Sequence

from helhet.cli.manage import setup


def run(argv: Sequence[str]) -> int:
    """Exit code 0 when the chain is whole (``parked``: when nothing is), 1 when it is not."""
    parser = argparse.ArgumentParser(prog="helhet ledger", description="The chain of events.")
    parser.add_argument("action", choices=["verify", "head", "parked"])
    parser.add_argument(
        "--expect", default="", metavar="HEAD", help="a head that was printed earlier and must be in the chain"
    )
    parser.add_argument("--retry", action="store_true", help="parked: hand the events over once more")
    options = parser.parse_args(argv)
    setup()
    if options.action == "parked":
        return _parked(retry=options.retry)
    return _verify(options.expect) if options.action == "verify" else _head()


def _verify(expected: str) -> int:
    from helhet.foundation.ledger import services

    verdict = services.verify(expected_head=expected)
    print(f"{verdict.events} events, head {verdict.head}")
    print(f"NOT WHOLE: {verdict.fault}" if verdict.fault else "The chain is whole.")
    return 1 if verdict.fault else 0


def _head() -> int:
    from helhet.foundation.ledger.models import Chain

    chain = Chain.objects.first() or Chain()
    print(f"{chain.position} {chain.hash}")
    return 0


def _parked(*, retry: bool) -> int:
    from helhet.foundation.contracts import subscribers
    from helhet.foundation.ledger import services
    from helhet.foundation.ledger.models import Parked

    if retry:
        print(f"{services.retry_parked(subscribers())} went well.")
    rows = list(Parked.objects.select_related("event").order_by("id"))
    for row in rows:
        event = row.event
        place = f"{event.position} {event.verb} {event.object_type}:{event.object_id}"
        print(f"{row.at:%Y-%m-%d %H:%M} {row.subscriber}: {place}: {row.error}")
    print(f"{len(rows)} parked." if rows else "Nothing is parked.")
    return 1 if rows else 0
