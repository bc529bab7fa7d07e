# SPDX-License-Identifier: EUPL-1.2
"""The one place where the command line meets an instance's data: load it, and say who may log in.

The loader is ``helhet.site.instance``: ``load(name, *, demo)`` is idempotent and raises ``NotLoaded`` with what must
be mended; ``accounts(name)`` yields (user name, password, role) in the order they should be shown.
"""

from __future__ import annotations

import sys
from dataclasses import astuple, dataclass
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType

from helhet.cli.manage import setup

LOADER = "helhet.site.instance"


@dataclass(frozen=True)
class DemoAccount:
    """A demonstration account: what to write at login, and whom it stands for."""

    username: str
    password: str
    role: str


def _loader() -> ModuleType | None:
    setup()
    return import_module(LOADER) if find_spec(LOADER) else None


def load_instance(name: str, *, demo: bool) -> bool:
    """Load organisations, texts and – with ``demo`` – demonstration data. Doing it again changes nothing.

    Returns False when this installation has no loader, so that nothing could be loaded.
    """
    loader = _loader()
    if loader is None:
        return False
    try:
        loader.load(name, demo=demo)
    except (loader.NotLoaded, FileNotFoundError) as error:
        sys.exit(f"helhet: the instance {name} could not be loaded:\n{error}")
    return True


def demo_accounts(name: str) -> list[tuple[str, str, str]]:
    """Return the demonstration accounts of an instance as (user name, password, role)."""
    loader = _loader()
    return [] if loader is None else [astuple(DemoAccount(*row)) for row in loader.accounts(name)]
