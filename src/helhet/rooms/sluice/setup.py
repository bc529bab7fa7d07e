# SPDX-License-Identifier: EUPL-1.2
"""Open a sluice and change it: any unit or group may run its own, with its own questions, promise and outcomes."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from helhet.foundation import policy
from helhet.foundation.ledger.services import record
from helhet.foundation.people.models import Organisation
from helhet.foundation.people.selectors import MUNICIPALITY
from helhet.foundation.policy import Standing
from helhet.foundation.texts import clean, clean_line, fits
from helhet.rooms.sluice.models import OutcomeKind, Sluice

CHANGEABLE = frozenset(
    {"title", "title_en", "intro", "intro_en", "promise_days", "questions", "outcomes", "is_open", "takes_outsiders"}
)
MOST_QUESTIONS = 5
LONGEST_PROMISE = 60


@transaction.atomic
def open_sluice(*, by: Standing, organisation: Organisation, title: str, **words: Any) -> Sluice:
    """Give an organisation a sluice of its own. Raises ValueError in words when it has one, or when a word is wrong."""
    policy.require(by, "sluice.open", organisation)
    if Sluice.objects.filter(organisation=organisation).exists():
        raise ValueError(_("%(name)s har redan en sluss.") % {"name": organisation.label})
    sluice = Sluice(organisation=organisation)
    _change(sluice, {"title": title, **words})
    sluice.save()
    data = {"promise_days": sluice.promise_days}
    record(by=by, verb="sluice.opened", obj=sluice, unit_id=organisation.pk, data=data)
    return sluice


@transaction.atomic
def configure(*, by: Standing, sluice: Sluice, **changes: Any) -> Sluice:
    """Change a sluice's words, promise, questions, outcomes, or close it; the same again writes nothing.

    What waits in a closed sluice is still answered there. The municipality's own sluice stays open, so that there is
    always somewhere to leave something.
    """
    policy.require(by, "sluice.configure", sluice)
    changed = _change(sluice, changes)
    if changed:
        sluice.save()
        organisation = sluice.organisation_id
        record(by=by, verb="sluice.configured", obj=sluice, unit_id=organisation, data={"fields": changed})
    return sluice


def _change(sluice: Sluice, changes: Mapping[str, Any]) -> list[str]:
    """Put the words on the sluice; returns the names of what became different."""
    if unknown := set(changes) - CHANGEABLE:
        raise ValueError(f"not a sluice's to change: {sorted(unknown)}")
    given = {name: CLEANED[name](value) if name in CLEANED else value for name, value in changes.items()}
    fits(Sluice, **{name: value for name, value in given.items() if name in ("title", "title_en")})
    if not given.get("title", sluice.title):
        raise ValueError(_("Ge slussen ett namn."))
    if not 1 <= given.get("promise_days", sluice.promise_days) <= LONGEST_PROMISE:
        raise ValueError(_("Lova svar inom 1 till %(most)s arbetsdagar.") % {"most": LONGEST_PROMISE})
    if not given.get("is_open", True) and sluice.organisation.slug == MUNICIPALITY:
        raise ValueError(_("Kommunens egen sluss är alltid öppen, så att det alltid går att lämna något."))
    changed = sorted(name for name, value in given.items() if getattr(sluice, name) != value)
    for name in changed:
        setattr(sluice, name, given[name])
    return changed


def _questions(rows: Iterable[Mapping[str, str]]) -> list[dict[str, str]]:
    names = ("label", "help", "label_en", "help_en")
    kept = [{name: clean_line(row.get(name, "")) for name in names if row.get(name)} for row in rows]
    kept = [row for row in kept if row.get("label")]
    if len(kept) > MOST_QUESTIONS:
        raise ValueError(_("Högst fem frågor. Den som lämnar något ska hinna på en halv minut."))
    return [{"key": f"q{number}", **row} for number, row in enumerate(kept, 1)]


def _outcomes(kinds: Iterable[str]) -> list[str]:
    """In the order of the house; all of them are kept as none, so that new ones come along."""
    wanted = {OutcomeKind(kind).value for kind in kinds}
    return [] if len(wanted) == len(OutcomeKind) else [kind for kind in OutcomeKind.values if kind in wanted]


CLEANED: dict[str, Any] = {
    "title": clean_line,
    "title_en": clean_line,
    "intro": clean,
    "intro_en": clean,
    "questions": _questions,
    "outcomes": _outcomes,
}
