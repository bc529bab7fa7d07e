# SPDX-License-Identifier: EUPL-1.2
"""Policy in one place: actions are registered with one rule each, and every rule answers with a reason.

A rule is a function of the actor's :class:`Standing` and the object. It reads nothing from the database that
the standing or the object does not already carry, so asking is cheap and lists stay constant in queries.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import PermissionDenied
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from helhet.foundation.policy.roles import INTERNAL, Role


@dataclass(frozen=True)
class Decision:
    """An answer with its reason; truthy when allowed."""

    allowed: bool
    reason: str | Promise = ""

    def __bool__(self) -> bool:
        return self.allowed


@dataclass(frozen=True)
class Standing:
    """Where a person stands: who they are and which roles they hold where.

    ``held`` maps organisation id → roles held there by membership; ``paths`` the tree path (``/1/7/``) of each, so
    that a role reaches everything below, ``kinds`` the kind of each (``unit``, ``group``). ``system`` marks Helhet itself, acting for nobody (import, timers).
    """

    user_id: int | None = None
    actor_key: str = ""
    label: str = ""
    language: str = "sv"
    roles: frozenset[str] = frozenset({Role.VISITOR})
    held: dict[int, frozenset[str]] = field(default_factory=dict)
    paths: dict[int, str] = field(default_factory=dict)
    kinds: dict[int, str] = field(default_factory=dict)
    home_unit_id: int | None = None
    system: bool = False

    @property
    def is_authenticated(self) -> bool:
        return self.user_id is not None

    @property
    def is_internal(self) -> bool:
        """Belongs to the municipality's own organisation."""
        return self.system or bool(self.roles & INTERNAL)

    @property
    def organisation_ids(self) -> frozenset[int]:
        """Organisations and groups the person is a member of."""
        return frozenset(self.held)

    @property
    def groups(self) -> frozenset[int]:
        """The groups among them."""
        return frozenset(org for org, kind in self.kinds.items() if kind == "group")

    @property
    def tops(self) -> frozenset[int]:
        """Those of them that stand at the top of the tree of units: a role there holds for the whole municipality."""
        return frozenset(org for org, kind in self.kinds.items() if kind == "unit" and self.paths[org].count("/") == 2)

    def has(self, *roles: str) -> bool:
        """Holds any of the roles anywhere."""
        return self.system or not self.roles.isdisjoint(roles)

    def has_in(self, path: str, *roles: str) -> bool:
        """Holds any of the roles in the organisation at tree path ``path`` or in one above it."""
        if self.system:
            return True
        wanted = frozenset(roles)
        # An empty path is a programming error elsewhere; it must never mean "everywhere".
        reach = [self.paths.get(org, "") for org, held in self.held.items() if held & wanted]
        return any(above and path.startswith(above) for above in reach)


Rule = Callable[[Standing, Any], Decision]


@dataclass(frozen=True)
class Action:
    """A thing one may ask to do: its name, its words for people, its rule."""

    name: str
    label: str | Promise
    rule: Rule


class Forbidden(PermissionDenied):
    """Policy said no. ``decision.reason`` is shown to the person."""

    def __init__(self, decision: Decision):
        super().__init__(str(decision.reason))
        self.decision = decision


ACTIONS: dict[str, Action] = {}


def register(name: str, label: str | Promise, rule: Rule) -> None:
    """Make an action known. Registering a name twice is a programming error."""
    if name in ACTIONS:
        raise ValueError(f"policy action registered twice: {name}")
    ACTIONS[name] = Action(name, label, rule)


def can(actor: Standing, action: str, obj: Any = None) -> Decision:
    """Ask whether ``actor`` may do ``action`` to ``obj``. Unknown actions raise KeyError: a typo is never a yes."""
    rule = ACTIONS[action].rule
    return allow() if actor.system else rule(actor, obj)


def require(actor: Standing, action: str, obj: Any = None) -> None:
    """Raise :class:`Forbidden` with the reason unless allowed."""
    decision = can(actor, action, obj)
    if not decision:
        raise Forbidden(decision)


def allow(reason: str | Promise = "") -> Decision:
    return Decision(True, reason)


def deny(reason: str | Promise) -> Decision:
    return Decision(False, reason)


def visitor() -> Standing:
    """Somebody who has not logged in."""
    return Standing(label=str(_("Besökare")))


def system() -> Standing:
    """Helhet itself, acting for nobody: imports, timers, checks of files."""
    return Standing(system=True, label="Helhet")


def by_roles(roles: Iterable[str], reason: str | Promise) -> Rule:
    """A rule that needs one of ``roles`` held anywhere."""
    wanted = frozenset(roles)

    def rule(actor: Standing, obj: Any) -> Decision:
        return allow() if actor.roles & wanted else deny(reason)

    return rule
