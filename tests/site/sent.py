# SPDX-License-Identifier: EUPL-1.2
"""What each address that takes a form is sent: what succeeds when the right person sends it.

A new address that takes a form gets a row here, in ``FORMS`` or, for the API, in ``CALLS``; a test fails until it has.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.timezone import localdate

from helhet.foundation.goals.models import Goal
from helhet.rooms.decisions.services import write_section
from helhet.rooms.sluice.models import Outcome, Sluice
from tests.people import SYSTEM
from tests.rooms.decisions.making import run_for
from tests.site.world import BOOK, Things, World

#: The world, and the thing that the address is about (the public one when it is about none) → what is sent. What a
#: form does to prepare the ground is undone after the request.
Form = Callable[[World, Things], dict[str, Any]]
NOTHING: Form = lambda w, t: {}  # noqa: E731 – the button is the whole form


def _soon(days: int = 14) -> str:
    return (localdate() + timedelta(days=days)).isoformat()


def _other(world: World, thing: Things) -> str:
    """Another matter than the thing's own, as a person would give it."""
    name = "internal" if thing is world.things["public"] else "public"
    return str(world.things[name].matter.uid)


def _decision(world: World) -> dict[str, Any]:
    return {
        "body": world.town.technical.pk, "decided_on": localdate().isoformat(), "number": "TN 2026/9 § 4",
        "chosen": "B", "reason": "Det är bäst för helheten.", "promise": "Bättre luft.", "follow_up_on": _soon(200),
    }  # fmt: skip


def _waits_in_the_bank(thing: Things) -> dict[str, Any]:
    """Yes, once there is a condition to wait for."""
    Outcome.objects.filter(pk=thing.outcome.pk).update(return_when="När bron är byggd")
    return {"fulfilled": "yes"}


def _rewritten(thing: Things) -> dict[str, Any]:
    """Nothing to send, once the draft says something else than what was presented."""
    write_section(by=SYSTEM, basis=thing.basis, section="background", text="Vi eldar för mycket.")
    return {}


FORMS: dict[str, Form] = {
    "desk:comment": lambda w, t: {"text": "Så är det hos oss också."},
    "desk:hide_comment": lambda w, t: {"reason": "Det handlar om en annan fråga."},
    "desk:follow": lambda w, t: {"on": "1"},
    "desk:support": lambda w, t: {"on": "1"},
    "desk:edit": lambda w, t: {"kind": "need", "title": "Ny rubrik", "text": "Ny text om hållplatsen."},
    "desk:owners": lambda w, t: {"owner_1": w.town.streets.pk},
    "desk:visibility": lambda w, t: {"visibility": "internal"},
    "desk:merge": lambda w, t: {"into": _other(w, t)},
    "desk:split": lambda w, t: {"title": "En del", "text": "Delen om bänken."},
    "desk:link": lambda w, t: {"type": "reuses", "target": _other(w, t)},
    "desk:participant": lambda w, t: {"organisation": w.town.company.pk, "role": "funder"},
    "desk:end_participant": NOTHING,
    "desk:project": lambda w, t: {"aim": "Pröva i liten skala."},
    "desk:attach": lambda w, t: {"file": SimpleUploadedFile("minne.txt", b"Ett minne.")},
    "desk:tie_goal": lambda w, t: {
        "goal": Goal.objects.get(stable_id="mal-1").pk, "stance": "supports", "reason": "Det ger liv åt centrum.",
    },
    "desk:settle": lambda w, t: {"reason": "Målet väger tyngst."},
    "desk:new_goal": lambda w, t: {
        "stable_id": "nytt", "kind": "plan", "title": "Rent vatten", "source": "Planen s. 4", "order": "1",
    },
    "desk:write_goal": lambda w, t: {
        "kind": "plan", "title": "Levande centrum året om", "source": "Planen s. 4", "order": "1",
    },
    "desk:notices": NOTHING,
    "desk:account": lambda w, t: {"language": "sv", "digest_days": "7"},
    "administration:add_account": lambda w, t: {"username": "ny", "language": "sv"},
    "administration:account": lambda w, t: {"role_title": "Vägmästare", "language": "sv"},
    "administration:give_role": lambda w, t: {"organisation": w.town.social.pk, "role": "planner"},
    "administration:invite": NOTHING,
    "administration:shut": NOTHING,
    "administration:reopen": NOTHING,
    "administration:end_role": NOTHING,
    "administration:add_organisation": lambda w, t: {"slug": "ny", "name": "Ny", "kind": "unit", "parent": w.town.social.pk},
    "administration:organisation": lambda w, t: {"name": "Tekniska", "kind": "unit"},
    "administration:move": lambda w, t: {"parent": w.town.social.pk},
    "administration:close": lambda w, t: {"closed_at": _soon()},
    "administration:add_role": lambda w, t: {"username": "oppet", "role": "planner"},
    "administration:mandate": lambda w, t: {"purpose": "Hålla ihop ljuset"},
    "administration:end_mandate": NOTHING,
    "administration:claims": lambda w, t: {"claim": "kk-ekonomer", "organisation": w.town.social.pk, "role": "economist"},
    "administration:remove_claim": NOTHING,
    "administration:upload": lambda w, t: {"kind": "goals", "file": SimpleUploadedFile("mal.csv", b"stable_id;title\n")},
    "administration:approve": NOTHING,
    "administration:forget": NOTHING,
    "administration:export": lambda w, t: {"kinds": ["goals"], "form": "csv"},
    "tokens": lambda w, t: {"name": "Kalkylark", "days": "30"},
    "revoke_token": NOTHING,
    "sluice:capture": lambda w, t: {"kind": "need", "text": "Vi behöver en bänk vid hållplatsen."},
    "sluice:similar": lambda w, t: {"text": "kanariefågel sjunger vid hållplatsen"},
    "sluice:follow_secret": lambda w, t: {"text": "Det gäller den norra hållplatsen."},
    "sluice:join": NOTHING,
    "sluice:answer": lambda w, t: {
        "kind": "answered", "reason": "Bänken är beställd.", "contact": "Gatukontoret", "next_date": _soon(),
    },
    "sluice:ask": lambda w, t: {"question": "Vilken hållplats gäller det?"},
    "sluice:reopen": lambda w, t: {"reason": "Bänken är borta."},
    "sluice:hand_over": lambda w, t: {
        "to": Sluice.objects.get(organisation=w.town.technical).pk, "reason": "Det är en gata.",
    },
    "sluice:translate": lambda w, t: {"text": "Penkki on tilattu."},
    "sluice:order_translation": lambda w, t: {"language": "se"},
    "sluice:condition": lambda w, t: _waits_in_the_bank(t),
    "sluice:open": lambda w, t: {
        "organisation": w.town.social.pk, "title": "Socialslussen", "promise_days": "5", "outcomes": ["answered"],
    },
    "sluice:configure": lambda w, t: {
        "title": "Kommunens sluss", "promise_days": "12", "outcomes": ["answered"], "is_open": "on",
    },
    "calculations:add": lambda w, t: {"name": "ny-kalkyl", "text": BOOK.format(name="nykalkyl", title="Ny kalkyl")},
    "calculations:edit": lambda w, t: {"text": t.book.text.replace("number = 3.5", "number = 3.0"), "note": "Ny ränta"},
    "calculations:state": lambda w, t: {"state": "draft"},
    "calculations:save": lambda w, t: {"name": "Billigare"},
    "calculations:keep": lambda w, t: {"matter": t.matter.uid, "title": "Billigare"},
    "calculations:remove_scenario": NOTHING,
    "calculations:choose_figure": NOTHING,
    "decisions:change_run": lambda w, t: {
        "old": t.run.uid, "new": run_for(SYSTEM, t.matter, title="En nyare körning").uid,
    },
    "decisions:start": lambda w, t: {"title": "Ett underlag till"},
    "decisions:head": lambda w, t: {"title": "Ny rubrik"},
    "decisions:alternatives": lambda w, t: {"name": "Spillvärme hela året"},
    "decisions:figures": lambda w, t: {"part": "total", "figure": "#co2"},
    "decisions:rows": lambda w, t: {"group": "Skolbarn"},
    "decisions:remove": NOTHING,
    "decisions:section": lambda w, t: {
        "text": "Ska kommunen ta emot värmen?",
        "revision": t.basis.texts.get(section="question", language="sv").revision,
    },
    "decisions:review": lambda w, t: {"place": "fraga-1", "text": "Säg vilken värme."},
    "decisions:resolve": lambda w, t: {"resolution": "Ändrat."},
    "decisions:send_to_review": lambda w, t: _rewritten(t),
    "decisions:present": lambda w, t: _rewritten(t) | {"what_changed": "Mer om värmen."},
    "decisions:record": lambda w, t: _decision(w),
    "decisions:correct": lambda w, t: {**_decision(w), "correction_reason": "Fel paragraf i protokollet."},
    "decisions:follow_up": lambda w, t: {"kept": "yes", "outcome": "Luften blev bättre."},
}  # fmt: skip

#: The same for calls of the API: operation → method and what its body holds.
CALLS: dict[str, tuple[str, Form]] = {
    "api:leave_matter": ("POST", lambda w, t: {"kind": "need", "text": "Vi behöver en bänk vid hållplatsen."}),
    "api:write_comment": ("POST", lambda w, t: {"text": "Så är det hos oss också."}),
    "api:follow": ("PUT", NOTHING),
    "api:stop_following": ("DELETE", NOTHING),
    "api:support": ("PUT", NOTHING),
    "api:withdraw_support": ("DELETE", NOTHING),
    "api:write_goal": ("PUT", lambda w, t: {"kind": "plan", "title": "Levande centrum", "source": "Ny översiktsplan"}),
    "api:tie_to_goal": ("PUT", lambda w, t: {"stance": "supports", "reason": "Det ger liv åt centrum."}),
    "api:answer": (
        "POST",
        lambda w, t: {"kind": "answered", "reason": "Bänken är beställd.", "contact": "Gatukontoret"},
    ),
    "api:record_decision": (
        "POST",
        lambda w, t: {
            "body": w.town.technical.slug, "decided_on": localdate().isoformat(), "number": "TN 2026/9 § 4",
            "reason": "Det är bäst för helheten.", "chosen_mark": "B",
        },
    ),
}  # fmt: skip

#: Forms that anybody may send, whoever they are.
FOR_ALL = {"sluice:similar": "what is alike among what one may read"}
#: Forms whose effect is no event in the ledger: what one reads is one's own affair.
WITHOUT_EVENT = ("desk:notices", "sluice:similar")
