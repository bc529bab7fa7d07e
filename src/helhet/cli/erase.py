# SPDX-License-Identifier: EUPL-1.2
"""``helhet person erase`` and ``helhet matter erase-author``: what the law lets a person ask for."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from helhet.cli.manage import setup


def run_person(argv: Sequence[str]) -> int:
    """``helhet person erase USERNAME``: exit code 1 when there is no such account or the answer is no."""
    parser = argparse.ArgumentParser(prog="helhet person", description="Erase an account for good.")
    parser.add_argument("action", choices=["erase"])
    parser.add_argument("username")
    parser.add_argument("--yes", action="store_true", help="do not ask first")
    options = parser.parse_args(argv)
    setup()
    from helhet.foundation.matters.models import Matter
    from helhet.foundation.people.models import User
    from helhet.foundation.people.services import erase_person
    from helhet.foundation.policy import system

    user = User.objects.filter(username=options.username).first()
    if user is None:
        return _no(f"there is no account {options.username}")
    if not options.yes and not _sure(f"Erase the account {options.username} for good?"):
        return _no("nothing was erased")
    erase_person(by=system(), user=user)
    print("The account is erased.")
    left = sorted(filter(None, Matter.objects.filter(author=user).values_list("number", flat=True)))
    if left:
        print(f"What it has left names its author still; helhet matter erase-author NUMBER, of {', '.join(left)}")
    return 0


def run_matter(argv: Sequence[str]) -> int:
    """``helhet matter erase-author NUMBER``: exit code 1 when there is no such matter or the answer is no."""
    parser = argparse.ArgumentParser(prog="helhet matter", description="Erase who wrote a matter, for good.")
    parser.add_argument("action", choices=["erase-author"])
    parser.add_argument("number")
    parser.add_argument("--yes", action="store_true", help="do not ask first")
    options = parser.parse_args(argv)
    setup()
    from helhet.foundation.matters.models import Matter
    from helhet.foundation.matters.services import erase_author
    from helhet.foundation.policy import system

    matter = Matter.objects.filter(number=options.number).first()
    if matter is None:
        return _no(f"there is no matter {options.number}")
    if not options.yes and not _sure(f"Erase who wrote {options.number} for good?"):
        return _no("nothing was erased")
    erase_author(by=system(), matter=matter)
    print("The author is erased.")
    return 0


def _sure(question: str) -> bool:
    try:
        return input(f"{question} [y/N] ").strip().lower() in {"y", "yes", "j", "ja"}
    except EOFError:
        return False


def _no(reason: str) -> int:
    print(f"helhet: {reason}", file=sys.stderr)
    return 1
