# SPDX-License-Identifier: EUPL-1.2
"""``helhet ledger verify`` walks the chain of events; ``helhet ledger head`` prints its latest link."""

from __future__ import annotations

import argparse
from collections.abc import Sequence

from helhet.cli.manage import setup


def run(argv: Sequence[str]) -> int:
    """Exit code 0 when the chain is whole, 1 when it is not."""
    parser = argparse.ArgumentParser(prog="helhet ledger", description="The chain of events.")
    parser.add_argument("action", choices=["verify", "head"])
    parser.add_argument(
        "--expect", default="", metavar="HEAD", help="a head that was printed earlier and must be in the chain"
    )
    options = parser.parse_args(argv)
    setup()
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
