# SPDX-License-Identifier: EUPL-1.2
"""What the sluice shows on others' pages: a panel on the matter, parts of the home page, tasks."""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.timezone import localdate
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from helhet.foundation.contracts import Task, Word
from helhet.foundation.journey import journeys
from helhet.foundation.matters.models import Matter
from helhet.foundation.matters.policy import readable_q
from helhet.foundation.people.selectors import MUNICIPALITY
from helhet.foundation.policy import Standing, can
from helhet.foundation.policy.roles import TRIAGE
from helhet.look.dates import day
from helhet.rooms.sluice import selectors
from helhet.rooms.sluice.forms import CaptureForm
from helhet.rooms.sluice.models import Case, Outcome, Sluice, Translation, WaitsFor
from helhet.rooms.sluice.standard_texts import named

SHOWN = 5


def panel(actor: Standing, matter: Matter) -> Mapping[str, Any] | None:
    """The latest answer and what may be done now."""
    case = selectors.case_of(matter)
    if case is None:
        return None
    outcomes = selectors.outcomes_of(matter)
    latest, may_answer = outcomes[0] if outcomes else None, can(actor, "sluice.answer", case)
    return {
        "case": case,
        "outcome": latest,
        "earlier": outcomes[1:],
        "may_answer": may_answer,
        **_translation_of(latest),
        "asks": may_answer and latest and latest.return_when and not latest.returned_at,
        "may_reopen": bool(outcomes) and case.waits_for != WaitsFor.US and can(actor, "sluice.reopen", case),
    }


def _translation_of(outcome: Outcome | None) -> Mapping[str, bool]:
    """Whether the reader may order the answer in the language of the page, or somebody has."""
    language = get_language()
    if outcome is None or outcome.language == language:
        return {}
    mine = [translation for translation in outcome.translations.all() if translation.language == language]
    return {"may_order": not mine, "ordered": any(not translation.done_at for translation in mine)}


def waits(actor: Standing, matter: Matter) -> Sequence[Task]:
    """What the matter waits for in the sluice."""
    case = selectors.case_of(matter)
    if case is None or case.waits_for == WaitsFor.NOBODY:
        return ()
    may = bool(can(actor, "sluice.answer", case))
    if case.waits_for == WaitsFor.AUTHOR:
        return (Task(_("Svara på frågan i tråden"), _("Avsändaren"), "#skriv"),)
    if case.waits_for == WaitsFor.OTHER:
        owners = [owner.label for owner in selectors.waits_on(case)] or [_("Den som äger frågan")]
        return [Task(_("Ge nästa besked"), who, answer_url(matter) if may else "", case.due) for who in owners]
    return (Task(_("Ge ett första svar"), case.sluice.label, answer_url(matter) if may else "", case.due),)


def words(matters: Sequence[Matter]) -> list[Word]:
    """The sluice's answers, each with its translations, as the author of one of these matters is told."""
    told = []
    answers = Outcome.objects.filter(matter__in=matters).prefetch_related("translations").order_by("-id")
    for one in answers[:20]:
        note = _("Kontakt: %(who)s") % {"who": one.contact}
        if one.next_date:
            note += ". " + _("Nästa besked senast %(day)s") % {"day": day(one.next_date)}
        texts = [(one.language, one.reason), *((t.language, t.text) for t in one.translations.all() if t.text)]
        told += [Word(one.words, text, one.by_label, one.at, note, language) for language, text in reversed(texts)]
    return told


def answer_url(matter: Matter) -> str:
    return reverse("sluice:answer", args=[matter.uid])


def tasks(actor: Standing) -> Sequence[Task]:
    """Cases that wait for the actor: in own sluices, or everywhere for the platform; questions put to the actor."""
    if not actor.is_authenticated:
        return ()
    found = [
        Task(case.matter.title, _("Avsändaren behöver svara på en fråga."), matter_url(case.matter))
        for case in _asked(actor)
    ]
    if actor.has(*TRIAGE):
        waiting = selectors.first_waiting(actor, limit=SHOWN)
    elif actor.held:
        waiting = selectors.own_queue(actor, limit=SHOWN)
    else:
        return found
    found += [_answer_task(case) for case in waiting]
    found += [_condition_task(outcome) for outcome in selectors.conditions_due(actor, limit=SHOWN)]
    if can(actor, "sluice.translate"):
        found += [_translation_task(ordered) for ordered in _ordered_translations(actor)]
    return found


def _answer_task(case: Case) -> Task:
    waited = (localdate() - localdate(case.arrived_at)).days
    why = ngettext("Första svaret. Väntat %(n)s dag.", "Första svaret. Väntat %(n)s dagar.", waited) % {"n": waited}
    if case.waits_for == WaitsFor.OTHER:
        why = _("Ni äger frågan. Avsändaren väntar på nästa besked.")
    elif case.first_reply_at:
        why = _("Ärendet har kommit tillbaka till slussen.")
    return Task(case.matter.title, why, answer_url(case.matter), case.due)


def _condition_task(outcome: Outcome) -> Task:
    why = _("Är det uppfyllt? ”%(condition)s”") % {"condition": outcome.return_when}
    return Task(outcome.matter.title, why, reverse("sluice:condition", args=[outcome.pk]), outcome.ask_on)


def _translation_task(ordered: Translation) -> Task:
    why = _("Svaret behöver översättas till %(language)s.") % {"language": named(ordered.language)}
    return Task(ordered.outcome.matter.title, why, reverse("sluice:translate", args=[ordered.pk]))


def _ordered_translations(actor: Standing) -> Sequence[Translation]:
    """Those that the platform must see done, and for others those into their own language."""
    waiting = Translation.objects.filter(readable_q(actor, "outcome__matter__"), done_at=None)
    if not actor.has(*TRIAGE):
        waiting = waiting.filter(language=actor.language).exclude(language=settings.LANGUAGE_CODE)
    return list(waiting.select_related("outcome__matter").order_by("id")[:3])


def _asked(actor: Standing) -> Sequence[Case]:
    waiting = Case.objects.filter(selectors.checked(waits_for=WaitsFor.AUTHOR), matter__author_id=actor.user_id)
    return list(waiting.select_related("matter").order_by("since")[:SHOWN])


def matter_url(matter: Matter) -> str:
    return reverse("desk:matter", args=[matter.uid])


def home_capture(actor: Standing) -> Mapping[str, Any] | None:
    """The form for leaving something, on the home page itself."""
    if not can(actor, "matter.capture"):
        return None
    promise = Sluice.objects.filter(is_open=True, organisation__slug=MUNICIPALITY).values_list(
        "promise_days", flat=True
    )
    fields = _blank_fields(get_language(), not actor.is_authenticated)
    return {"fields": fields, "promise": promise.first() or 5}


@cache
def _blank_fields(language: str | None, outsider: bool) -> SafeString:
    """The fields before anybody has written in them: the same for everybody, and a sixth of the home page's work."""
    form = CaptureForm(sluices=Sluice.objects.none(), outsider=outsider)
    return render_to_string("sluice/capture_fields.html", {"form": form})


def home_mine(actor: Standing) -> Mapping[str, Any] | None:
    """What the actor has left, with the latest answer and how far it has come."""
    if actor.user_id is None:
        return None
    mine = list(Matter.objects.filter(author_id=actor.user_id).order_by("-id")[:SHOWN])
    outcomes, steps = selectors.latest_outcomes(mine), journeys(mine)
    return {
        "rows": [(matter, outcomes.get(matter.pk), steps[matter.pk]) for matter in mine],
        "url": reverse("desk:matters") + "?vems=mina",
        "count": Matter.objects.filter(author_id=actor.user_id).count(),
    }
