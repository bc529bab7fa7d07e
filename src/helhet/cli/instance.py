# SPDX-License-Identifier: EUPL-1.2
"""The one place where the command line meets an instance's data: load it, and say who may log in."""

from __future__ import annotations

from dataclasses import dataclass

from helhet.cli.manage import setup


@dataclass(frozen=True)
class DemoAccount:
    """A demonstration account: what to write at login, and whom it stands for."""

    username: str
    password: str
    role: str


def load_instance(name: str, *, demo: bool) -> None:
    """Load organisations, texts and – with ``demo`` – demonstration data. Doing it again changes nothing."""
    setup()
    from helhet.site.instance import load

    load(name, demo=demo)


def demo_accounts(name: str) -> list[DemoAccount]:
    """Return the demonstration accounts of an instance, in the order they should be shown."""
    setup()
    from helhet.site.instance import accounts

    return [DemoAccount(*row) for row in accounts(name)]
