# SPDX-License-Identifier: EUPL-1.2
"""The whole role × action × object matrix of the foundation, as rows of text."""

from collections.abc import Callable, Iterator
from typing import Any

from helhet.foundation.matters.models import Matter
from helhet.foundation.people.models import Membership, Organisation
from helhet.foundation.people.selectors import standing_of
from helhet.foundation.policy import Standing, can, visitor
from helhet.foundation.policy.roles import Role
from tests.people import Town, matter, person, standing, user_of

#: Where the one who asks belongs. Everybody else in the matrix is found in another administration.
HOMES: dict[str, Callable[[Town], Organisation]] = {
    Role.RESIDENT: lambda town: town.public,
    Role.PARTNER: lambda town: town.company,
    Role.RESEARCHER: lambda town: town.university,
    Role.ASSESSOR: lambda town: town.university,
}
MATTER_ACTIONS = (
    "matter.read",
    "matter.comment",
    "matter.follow",
    "matter.support",
    "matter.edit",
    "matter.attach",
    "matter.steer",
    "matter.classify",
    "matter.tie_goal",
    "goal.settle",
    "project.edit",
    "figure.keep_run",
)
KEEPING = ("organisation.edit", "person.edit")
OF_ONESELF = ("person.choose", "token.make")
OTHER_ACTIONS = (
    "matter.capture",
    "goal.edit",
    "administration.enter",
    "import.run",
    "export.run",
    *KEEPING,
    "figure.keep_run",
    *OF_ONESELF,
)


def home_of(role: str, town: Town) -> Organisation:
    return HOMES.get(role, lambda t: t.technical)(town)


def _matters(town: Town, actor: Standing, home: Organisation, below: Organisation) -> dict[str, Matter]:
    """The standard matters, seen from one actor. They wait in another administration than the actor's."""
    elsewhere: dict[str, Any] = {"home_unit": town.social}
    made = {
        "public": matter(visibility="public", **elsewhere),
        "internal": matter(visibility="internal", **elsewhere),
        "internal – released to research": matter(visibility="internal", released=True, **elsewhere),
        "internal – author hidden": matter(visibility="internal", author_kind="pseudonym", **elsewhere),
        "internal – waiting in my unit": matter(visibility="internal", home_unit=home),
        "internal – owned by my organisation": matter(visibility="internal", owners=(home,), **elsewhere),
        "internal – my organisation takes part": matter(visibility="internal", participants=(home,), **elsewhere),
        "internal – owned by another": matter(visibility="internal", owners=(town.sami_village,), **elsewhere),
        "restricted": matter(visibility="restricted", **elsewhere),
        "restricted – released to research": matter(visibility="restricted", released=True, **elsewhere),
        "restricted – waiting in my unit": matter(visibility="restricted", home_unit=home),
        "restricted – owned by my organisation": matter(visibility="restricted", owners=(home,), **elsewhere),
        "restricted – owned below my organisation": matter(visibility="restricted", owners=(below,), **elsewhere),
        "restricted – my organisation takes part": matter(visibility="restricted", participants=(home,), **elsewhere),
        "restricted – owned by another": matter(visibility="restricted", owners=(town.sami_village,), **elsewhere),
        "restricted – owned by a group I am in": matter(visibility="restricted", owners=(town.group,), **elsewhere),
        "restricted – a group I am in takes part": matter(
            visibility="restricted", participants=(town.group,), **elsewhere
        ),
        "being imported": matter(visibility="public", hidden=True, **elsewhere),
    }
    if actor.user_id is not None:
        for visibility in ("internal", "restricted"):
            mine = matter(visibility=visibility, **elsewhere)
            Matter.objects.filter(pk=mine.pk).update(author_id=actor.user_id)
            made[f"{visibility} – left by me"] = mine
    return {name: Matter.objects.get(pk=m.pk) for name, m in made.items()}


def _answers(role: str, town: Town) -> Iterator[tuple[str, str, bool]]:
    home = home_of(role, town)
    below = Organisation.objects.filter(parent=home).first() or Organisation.objects.create(
        slug=f"under-{home.slug}", kind=home.kind, name="Under", parent=home
    )
    user = person(role, home)
    if role != Role.VISITOR:
        Membership.objects.create(user=user, organisation=town.group, role=role)
    actor = visitor() if role == Role.VISITOR else standing_of(user)
    matters = _matters(town, actor, home, below)
    for action in MATTER_ACTIONS:
        for name, thing in matters.items():
            yield action, name, bool(can(actor, action, thing))
    for action in OTHER_ACTIONS[: -len(OF_ONESELF)]:
        yield action, "–", bool(can(actor, action))
    for action in KEEPING:
        for name, thing in {
            "my organisation": home,
            "below it": below,
            "above it": home.parent,
            "another": town.sami_village,
        }.items():
            if thing is not None:
                yield action, name, bool(can(actor, action, thing))
    other = Membership.objects.exclude(user_id=actor.user_id).first()
    for action in OF_ONESELF:
        if actor.user_id is not None:
            yield action, "for myself", bool(can(actor, action, user_of(actor)))
        yield action, "for another", bool(can(actor, action, other.user if other else None))


def matrix(town: Town) -> list[list[str]]:
    """Header and rows: action, object, then yes, no or – (cannot be) for each role."""
    standing("employee", town.social)
    cells = {role: {(a, o): yes for a, o, yes in _answers(role, town)} for role in Role.values}
    order = list(dict.fromkeys(key for role in Role.values for key in cells[role]))
    order.sort(key=lambda key: [*MATTER_ACTIONS, *OTHER_ACTIONS].index(key[0]))
    words = {True: "yes", False: "no", None: "–"}
    return [
        ["action", "object", *Role.values],
        *[[*key, *(words[cells[role].get(key)] for role in Role.values)] for key in order],
    ]
