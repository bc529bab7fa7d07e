# SPDX-License-Identifier: EUPL-1.2
"""Which arguments each address of the site is visited with. An address that is not here is not visited – and fails."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver, reverse

from helhet.foundation.people.models import ApiToken
from tests.site.world import OPENNESS, SECRET, Things, World

#: Addresses without arguments, and with what to ask them when anything is to be asked.
ASKED = {
    "desk:search": "?q=kanariefågel",
    "sluice:similar": "?text=kanariefågel+sjunger+vid+hållplatsen",
    "api:search": "?q=kanariefågel",
    "decisions:register": "?q=kanarie",
    "calculations:books": "?q=kanarie",
}
#: What each address about a thing takes from it.
Take = Callable[[Things], dict[str, Any]]
MATTER: Take = lambda t: {"uid": t.matter.uid}  # noqa: E731
BASIS: Take = lambda t: {"uid": t.basis.uid}  # noqa: E731
DECISION: Take = lambda t: {"uid": t.decision.uid}  # noqa: E731
BOOK: Take = lambda t: {"slug": t.book.slug}  # noqa: E731
RUN: Take = lambda t: {"uid": t.run.uid}  # noqa: E731
OF_A_THING: dict[str, Take] = {
    **{
        f"desk:{name}": MATTER
        for name in (
            "matter", "comment", "follow", "support", "edit", "owners", "visibility", "merge", "split", "link",
            "participant", "project", "attach", "tie_goal",
        )
    },
    "desk:hide_comment": lambda t: {"uid": t.matter.uid, "pk": t.comment.pk},
    "desk:end_participant": lambda t: {"uid": t.matter.uid, "pk": t.matter.participants.all()[0].pk},
    "desk:settle": lambda t: {"pk": t.tie.pk},
    "desk:by_number": lambda t: {"number": t.matter.number},
    "desk:download": lambda t: {"uid": t.file.uid},
    **{f"sluice:{name}": MATTER for name in ("thanks", "join", "answer", "ask", "reopen", "hand_over")},
    "sluice:translate": lambda t: {"pk": t.translation.pk},
    "sluice:order_translation": lambda t: {"pk": t.outcome.pk},
    "sluice:condition": lambda t: {"pk": t.outcome.pk},
    **{
        f"api:{name}": MATTER
        for name in (
            "read_matter", "read_thread", "write_comment", "follow", "stop_following", "support", "withdraw_support",
            "ties_of_matter", "runs_of_matter", "read_case", "outcomes_of", "answer",
        )
    },
    "api:tie_to_goal": lambda t: {"uid": t.matter.uid, "stable_id": "mal-1"},
    "api:read_run": RUN,
    "api:read_figure": RUN,
    "api:read_basis": BASIS,
    "api:record_decision": BASIS,
    "api:read_decision": DECISION,
    **{f"calculations:{name}": BOOK for name in ("book", "figures", "explain", "save", "keep", "edit", "state", "source")},
    "calculations:run": RUN,
    "calculations:remove_scenario": lambda t: {"slug": t.book.slug, "uid": t.scenario.uid},
    "decisions:start": lambda t: {"matter": t.matter.uid},
    **{
        f"decisions:{name}": BASIS
        for name in (
            "basis", "draft", "versions", "edit", "head", "alternatives", "figures", "review", "send_to_review",
            "present", "record", "change_run",
        )
    },
    "decisions:presenting": lambda t: {"uid": t.basis.uid, "pk": t.presenting.pk},
    "decisions:version": lambda t: {"uid": t.basis.uid, "number": 1},
    "decisions:compare": lambda t: {"uid": t.basis.uid, "number": 1},
    "decisions:download": lambda t: {"uid": t.basis.uid, "form": "pdf"},
    "decisions:rows": lambda t: {"uid": t.basis.uid, "kind": "affected"},
    "decisions:remove": lambda t: {"uid": t.basis.uid, "kind": "affected", "pk": t.basis.affected.all()[0].pk},
    "decisions:section": lambda t: {"uid": t.basis.uid, "key": "question"},
    "decisions:resolve": lambda t: {"uid": t.basis.uid, "pk": t.remark.pk},
    "decisions:decision": DECISION,
    "decisions:correct": DECISION,
    "decisions:follow_up": lambda t: {"pk": t.follow_up.pk},
}  # fmt: skip
#: Addresses with arguments that belong to no thing.
OTHER: dict[str, list[dict[str, Any]] | Callable[[World], list[dict[str, Any]]]] = {
    "desk:goal": [{"stable_id": "mal-1"}, {"stable_id": "finns-inte"}],
    "desk:write_goal": [{"stable_id": "mal-1"}, {"stable_id": "finns-inte"}],
    "desk:organisation": [{"slug": "tekniska"}, {"slug": "samebyn"}, {"slug": "finns-inte"}],
    "sluice:thanks_secret": [{"token": SECRET}, {"token": "fel"}],
    "sluice:follow_secret": [{"token": SECRET}, {"token": "fel"}],
    "calculations:investments_table": [{"kind": "csv"}, {"kind": "xlsx"}, {"kind": "exe"}],
    "sluice:configure": [{"slug": "kommunen"}, {"slug": "finns-inte"}],
    "revoke_token": lambda w: [{"pk": ApiToken.objects.filter(user=w.people["platform_team"]).earliest("id").pk}],
    "api:read_goal": [{"stable_id": "mal-1"}],
    "api:write_goal": [{"stable_id": "mal-1"}],
    "account_confirm_email": [{"key": "fel"}],
    "account_reset_password_from_key": [{"uidb36": "1", "key": "fel-nyckel"}],
    "mfa_remove_webauthn": [{"pk": 1}],
    "mfa_edit_webauthn": [{"pk": 1}],
    "openid_connect_login": [{"provider_id": "okand"}],
    "openid_connect_callback": [{"provider_id": "okand"}],
    "calculations:choose_figure": lambda w: [{"pk": w.figure.pk}],
    **{
        f"administration:{name}": [
            {"slug": "innovationsgruppen" if name == "mandate" else "tekniska"},
            {"slug": "finns-inte"},
        ]
        for name in ("organisation", "move", "close", "add_role", "mandate")
    },
    **{
        f"administration:{name}": lambda w: [{"pk": w.kept.account.pk}, {"pk": 2**40}]
        for name in ("account", "give_role", "invite", "shut")
    },
    "administration:reopen": lambda w: [{"pk": w.kept.shut.pk}],
    "administration:end_role": lambda w: [{"pk": w.kept.role.pk}],
    "administration:end_mandate": lambda w: [{"pk": w.kept.mandate.pk}],
    "administration:remove_claim": lambda w: [{"pk": w.kept.claim.pk}],
    **{
        f"administration:{name}": lambda w: [{"uid": w.kept.table_in.uid}, {"uid": w.kept.table_out.uid}]
        for name in ("transfer", "approve", "forget")
    },
    "administration:fetch": lambda w: [{"uid": w.kept.table_out.uid}, {"uid": w.kept.table_in.uid}],
}


@dataclass(frozen=True)
class Visit:
    """One address with its arguments; ``about`` names the degree of openness of what it shows, or nothing."""

    name: str
    about: str
    address: str
    key: str


def names() -> Iterator[tuple[str, bool]]:
    """The name of every address of the site, and whether it takes arguments."""

    def walk(resolver: URLResolver, namespace: str, taken: int) -> Iterator[tuple[str, bool]]:
        for pattern in resolver.url_patterns:
            takes = taken + pattern.pattern.regex.groups
            if isinstance(pattern, URLResolver):
                inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
                yield from walk(pattern, inner, takes)
            elif isinstance(pattern, URLPattern) and pattern.name:
                yield f"{namespace}{pattern.name}", bool(takes)

    seen = dict(walk(get_resolver(), "", 0))
    yield from sorted(seen.items())


def unknown() -> list[str]:
    """Addresses with arguments that nobody has said how to visit."""
    return [name for name, takes in names() if takes and name not in OF_A_THING and name not in OTHER]


def visits(world: World) -> Iterator[Visit]:
    """Every address, with everything it can be about."""
    for name, takes in names():
        if not takes:
            yield Visit(name, "", reverse(name) + ASKED.get(name, ""), name)
        elif name in OTHER:
            given = OTHER[name]
            for number, arguments in enumerate(given(world) if callable(given) else given):
                yield Visit(name, "", reverse(name, kwargs=arguments), f"{name} {number}")
        elif name in OF_A_THING:
            for openness in OPENNESS:
                tail = "?key=npv_total" if name == "api:read_figure" else ""
                arguments = OF_A_THING[name](world.things[openness])
                yield Visit(name, openness, reverse(name, kwargs=arguments) + tail, f"{name} {openness}")
