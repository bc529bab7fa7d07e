# SPDX-License-Identifier: EUPL-1.2
"""``helhet person erase`` and ``helhet matter erase-author``: what the law lets a person ask for."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from helhet.cli.manage import setup


def run_person(argv: Sequence[str]) -> int:
    """``helhet person erase USERNAME``: exit code 1 when there is no such account or the answer is no."""
    asked = _asked(argv, "person", "erase", "username", "Erase an account for good.")
    from helhet.foundation.matters.models import Matter
    from helhet.foundation.people.models import User
    from helhet.foundation.people.services import erase_person
    from helhet.foundation.policy import system

    user = User.objects.filter(username=asked.whom).first()
    if user is None:
        return _no(f"there is no account {asked.whom}")
    if not _sure(asked, f"Erase the account {asked.whom} for good?"):
        return _no("nothing was erased")
    erase_person(by=system(), user=user)
    print("The account is erased.")
    left = sorted(filter(None, Matter.objects.filter(author=user).values_list("number", flat=True)))
    if left:
        print(f"What it has left names its author still; helhet matter erase-author NUMBER, of {', '.join(left)}")
    return 0


def run_matter(argv: Sequence[str]) -> int:
    """``helhet matter erase-author NUMBER``: exit code 1 when there is no such matter or the answer is no."""
    asked = _asked(argv, "matter", "erase-author", "number", "Erase who wrote a matter, for good.")
    from helhet.foundation.matters.models import Matter
    from helhet.foundation.matters.services import erase_author
    from helhet.foundation.policy import system

    matter = Matter.objects.filter(number=asked.whom).first()
    if matter is None:
        return _no(f"there is no matter {asked.whom}")
    if not _sure(asked, f"Erase who wrote {asked.whom} for good?"):
        return _no("nothing was erased")
    erase_author(by=system(), matter=matter)
    print("The author is erased.")
    return 0


def _asked(argv: Sequence[str], command: str, action: str, whom: str, description: str) -> argparse.Namespace:
    """What the line asks for; ``whom`` holds the one it is about. Django is ready afterwards."""
    parser = argparse.ArgumentParser(prog=f"helhet {command}", description=description)
    parser.add_argument("action", choices=[action])
    parser.add_argument("whom", metavar=whom)
    parser.add_argument("--yes", action="store_true", help="do not ask first")
    options = parser.parse_args(argv)
    setup()
    return options


def _sure(asked: argparse.Namespace, question: str) -> bool:
    try:
        return asked.yes or input(f"{question} [y/N] ").strip().lower() in {"y", "yes", "j", "ja"}
    except EOFError:
        return False


def _no(reason: str) -> int:
    print(f"helhet: {reason}", file=sys.stderr)
    return 1
