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
    options = parser.parse_args(argv)
    setup()
    from helhet.foundation.ledger import commands

    return int(getattr(commands, options.action)() or 0)
