# SPDX-License-Identifier: EUPL-1.2
"""Who may do what, and why: ``can(actor, action, object) → Decision(allowed, reason)``."""

from helhet.foundation.policy.core import (
    ACTIONS,
    Action,
    Decision,
    Forbidden,
    Standing,
    allow,
    can,
    deny,
    register,
    require,
    system,
    visitor,
)

__all__ = [
    "ACTIONS",
    "Action",
    "Decision",
    "Forbidden",
    "Standing",
    "allow",
    "can",
    "deny",
    "register",
    "require",
    "system",
    "visitor",
]
