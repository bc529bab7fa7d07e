# SPDX-License-Identifier: EUPL-1.2
"""The sluice: every unit or group may run its own, with its own questions, promises and outcomes, as data."""

import uuid

from django.conf import settings
from django.db import models
from django.utils.timezone import now
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from helhet.foundation.matters.models import Matter
from helhet.foundation.people.models import Organisation


class Sluice(models.Model):
    """One organisation's sluice.

    ``questions`` is a list of ``{"key", "label", "help", "label_en", "help_en"}`` asked beside the text; ``outcomes``
    names the outcomes it gives, all of them when empty.
    """

    organisation = models.OneToOneField(Organisation, on_delete=models.CASCADE, related_name="sluice")
    title = models.CharField(max_length=120)
    title_en = models.CharField(max_length=120, blank=True)
    intro = models.TextField(blank=True)
    intro_en = models.TextField(blank=True)
    promise_days = models.PositiveSmallIntegerField(default=5)
    questions = models.JSONField(default=list)
    outcomes = models.JSONField(default=list)
    is_open = models.BooleanField(default=True)
    takes_outsiders = models.BooleanField(default=True)

    class Meta:
        ordering = ("title",)

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """The name in the reader's language."""
        return (self.title_en or self.title) if get_language() == "en" else self.title

    @property
    def about(self) -> str:
        """What it takes in, in the reader's language."""
        return (self.intro_en or self.intro) if get_language() == "en" else self.intro

    @property
    def asked(self) -> list[dict[str, str]]:
        """Its own questions in the reader's language: key, label, help."""
        english = "_en" if get_language() == "en" else ""
        return [
            {"key": q["key"], **{name: q.get(name + english) or q.get(name, "") for name in ("label", "help")}}
            for q in self.questions
        ]


class WaitsFor(models.TextChoices):
    US = "us", _("Väntar på oss")
    AUTHOR = "author", _("Väntar på avsändaren")
    OTHER = "other", _("Väntar på andra")
    NOBODY = "nobody", _("Besvarat")


class Case(models.Model):
    """A matter's stay in a sluice: whom it waits for, since when, and until when an answer is promised.

    What waits for others waits for everybody who owns the matter. ``answers`` holds the sluice's own questions as they
    were put, each with what the author answered.
    """

    matter = models.OneToOneField(Matter, on_delete=models.CASCADE, related_name="case")
    sluice = models.ForeignKey(Sluice, on_delete=models.PROTECT, related_name="cases")
    answers = models.JSONField(default=dict)
    waits_for = models.CharField(max_length=8, choices=WaitsFor.choices, default=WaitsFor.US)
    since = models.DateTimeField(default=now)
    due = models.DateField()
    arrived_at = models.DateTimeField(default=now)
    first_reply_at = models.DateTimeField(null=True)

    class Meta:
        indexes = (
            models.Index(fields=["waits_for", "due", "id"], name="sluice_queue"),
            models.Index(fields=["sluice", "waits_for", "due", "id"], name="sluice_own_queue"),
            models.Index(fields=["arrived_at"], name="sluice_arrived"),
        )

    def __str__(self) -> str:
        return f"{self.matter_id}: {self.waits_for}"

    @property
    def language(self) -> str:
        """The author's language by its own name."""
        return dict(settings.LANGUAGES).get(self.matter.language, self.matter.language)


class OutcomeKind(models.TextChoices):
    ANSWERED = "answered", _("Besvaras direkt")
    REFERRED = "referred", _("Hänvisas")
    FORWARD = "forward", _("Tas vidare")
    BANKED = "banked", _("Läggs i banken")
    OWNERLESS = "ownerless", _("Ingen äger frågan")
    DECLINED = "declined", _("Tas inte vidare")


#: How each outcome is told to the author.
TOLD = {
    OutcomeKind.ANSWERED: _("Besvarat"),
    OutcomeKind.REFERRED: _("Hänvisat"),
    OutcomeKind.FORWARD: _("Tas vidare"),
    OutcomeKind.BANKED: _("I banken"),
    OutcomeKind.OWNERLESS: _("Ingen äger frågan"),
    OutcomeKind.DECLINED: _("Tas inte vidare"),
}


class Outcome(models.Model):
    """An answer: what happens, why, whom to turn to, and when the next word comes. Never changed, only followed."""

    matter = models.ForeignKey(Matter, on_delete=models.CASCADE, related_name="outcomes")
    kind = models.CharField(max_length=10, choices=OutcomeKind.choices)
    reason = models.TextField()
    contact = models.CharField(max_length=200)
    next_date = models.DateField(null=True)
    usable_now = models.BooleanField(default=False)
    return_on = models.DateField(null=True)
    return_when = models.CharField(max_length=200, blank=True)
    ask_on = models.DateField(null=True, help_text=_("Dagen då ägarna tillfrågas om villkoret är uppfyllt"))
    asked_at = models.DateTimeField(null=True)
    return_after = models.ForeignKey(Matter, null=True, on_delete=models.SET_NULL, related_name="awaited_by")
    returned_at = models.DateTimeField(null=True)
    language = models.CharField(max_length=8, default="sv")
    unit = models.ForeignKey(Organisation, null=True, on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    by_label = models.CharField(max_length=200)
    at = models.DateTimeField(default=now)

    class Meta:
        indexes = (
            models.Index(fields=["matter", "-id"], name="sluice_outcomes"),
            models.Index(
                fields=["return_on"],
                name="sluice_returns",
                condition=models.Q(returned_at=None, return_on__isnull=False),
            ),
            models.Index(
                fields=["ask_on"],
                name="sluice_conditions",
                condition=models.Q(returned_at=None, ask_on__isnull=False),
            ),
        )

    @property
    def words(self) -> str:
        """The outcome as the author reads it."""
        return str(TOLD[OutcomeKind(self.kind)])


class Translation(models.Model):
    """A translation somebody has ordered, waiting to be done."""

    outcome = models.ForeignKey(Outcome, on_delete=models.CASCADE, related_name="translations")
    language = models.CharField(max_length=8)
    text = models.TextField(blank=True)
    ordered_at = models.DateTimeField(default=now)
    done_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["outcome", "language"], name="sluice_one_translation"),)


class Staged(models.Model):
    """A file sent with a form that came back: kept a day for the one who sent it, never shown, never handed out.

    ``holder`` is the hash of a secret in the sender's session, so that it tells of nobody.
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    holder = models.CharField(max_length=64, db_index=True)
    name = models.CharField(max_length=160)
    size = models.PositiveIntegerField()
    blob = models.FileField(upload_to="staged/%Y/%m/")
    created_at = models.DateTimeField(default=now)
