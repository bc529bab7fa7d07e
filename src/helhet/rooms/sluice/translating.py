# SPDX-License-Identifier: EUPL-1.2
"""Order and do translations of answers."""

from django.db import transaction
from django.utils.timezone import now
from django.utils.translation import gettext as _

from helhet.foundation import policy
from helhet.foundation.ledger.services import record
from helhet.foundation.policy import Standing
from helhet.foundation.texts import clean
from helhet.rooms.sluice.models import Outcome, Translation


@transaction.atomic
def order_translation(*, by: Standing, outcome: Outcome, language: str) -> Translation:
    """Order a translation of an answer; it becomes a task for whoever translates."""
    policy.require(by, "matter.read", outcome.matter)
    ordered, created = Translation.objects.get_or_create(outcome=outcome, language=language)
    if created:
        record(by=by, verb="sluice.translation_ordered", obj=outcome.matter, data={"language": language})
    return ordered


@transaction.atomic
def translate(*, by: Standing, translation: Translation, text: str) -> Translation:
    """Hand in a translation; the author is told."""
    policy.require(by, "sluice.translate")
    policy.require(by, "matter.read", translation.outcome.matter)
    text = clean(text)
    if not text:
        raise ValueError(_("Skriv översättningen först."))
    translation.text, translation.done_at = text, now()
    translation.save()
    record(by=by, verb="sluice.translated", obj=translation.outcome.matter, data={"language": translation.language})
    return translation
