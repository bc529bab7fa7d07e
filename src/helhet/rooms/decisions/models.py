# SPDX-License-Identifier: EUPL-1.2
"""A decision basis while it is written, what was frozen when it was presented, and what was decided on it.

Texts that people write once for the whole basis stand in Swedish and in English (``_en``, falling back to Swedish).
"""

import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from helhet.foundation.figures.models import Run
from helhet.foundation.matters.models import File, Matter
from helhet.foundation.people.models import Organisation


class Unchangeable(ValueError):
    """Somebody tried to change or remove what must stand as it was written."""


class State(models.TextChoices):
    DRAFT = "draft", _("Utkast")
    REVIEW = "review", _("I granskning")
    PRESENTED = "presented", _("Framlagt")


class Basis(models.Model):
    """A decision basis. ``revision`` counts every change, so that presenting freezes exactly what was read."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    reference = models.CharField(max_length=80, null=True, unique=True)
    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="bases")
    title = models.CharField(max_length=160)
    title_en = models.CharField(max_length=160, blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    current_version = models.PositiveIntegerField(default=0)
    revision = models.PositiveIntegerField(default=0)
    body = models.ForeignKey(Organisation, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    planned_on = models.DateField(null=True, blank=True)
    written_by = models.CharField(max_length=200, blank=True)
    nothing_unvalued = models.CharField(max_length=300, blank=True)
    files = models.ManyToManyField(File, blank=True, related_name="+")
    started_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(default=now)
    changed_at = models.DateTimeField(default=now)

    class Meta:
        indexes = (models.Index(fields=["-changed_at", "-id"], name="decisions_basis_recent"),)

    def __str__(self) -> str:
        return self.title


class SectionKey(models.TextChoices):
    """The parts that people write, in the order they are read."""

    QUESTION = "question", _("Frågan")
    PROPOSAL = "proposal", _("Förslaget")
    BACKGROUND = "background", _("Bakgrund")
    ALTERNATIVES = "alternatives", _("Om alternativen")
    EFFECTS = "effects", _("Om effekterna")
    HOLDERS = "holders", _("Om vem som betalar och vem som vinner")
    CERTAINTY = "certainty", _("Om osäkerheten")
    GOALS = "goals", _("Om målen")
    HEARD = "heard", _("Om dem som är hörda")


class BasisText(models.Model):
    """One section in one language, as Markdown with figures as ``{{figure:RUN#key}}``."""

    basis = models.ForeignKey(Basis, on_delete=models.CASCADE, related_name="texts")
    section = models.CharField(max_length=12, choices=SectionKey.choices)
    language = models.CharField(max_length=8)
    text = models.TextField(blank=True)
    revision = models.PositiveIntegerField(default=1)
    by_label = models.CharField(max_length=200)
    changed_at = models.DateTimeField(default=now)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["basis", "section", "language"], name="decisions_one_text"),)


class Alternative(models.Model):
    """One way to choose. Doing nothing is always among them, first, and cannot be removed."""

    basis = models.ForeignKey(Basis, on_delete=models.CASCADE, related_name="alternatives")
    order = models.PositiveSmallIntegerField(default=0)
    name = models.CharField(max_length=160)
    name_en = models.CharField(max_length=160, blank=True)
    text = models.CharField(max_length=600, blank=True)
    text_en = models.CharField(max_length=600, blank=True)
    reversible = models.CharField(max_length=300, blank=True)
    reversible_en = models.CharField(max_length=300, blank=True)
    is_reference = models.BooleanField(default=False)
    is_recommended = models.BooleanField(default=False)
    run = models.ForeignKey(Run, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ("-is_reference", "order", "id")
        constraints = (
            models.UniqueConstraint(fields=["basis"], condition=Q(is_reference=True), name="decisions_one_reference"),
            models.UniqueConstraint(fields=["basis"], condition=Q(is_recommended=True), name="decisions_one_proposal"),
        )

    def __str__(self) -> str:
        return self.name

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        if self.is_reference:
            raise Unchangeable(_("Att inte göra någonting är alltid ett av alternativen."))
        return super().delete(*args, **kwargs)


class Part(models.TextChoices):
    """Where in the document a chosen figure is shown."""

    COMPARE = "compare", _("Kolumn i tabellen över alternativ")
    MONEY = "money", _("Effekt i pengar")
    UNITS = "units", _("Effekt i egen enhet")
    HOLDERS = "holders", _("Budgethållare, hela tiden")
    TOTAL = "total", _("Summa för helheten")
    YEARS = "years", _("Budgethållare, år för år")


class ChosenFigure(models.Model):
    """A figure, or a family of figures (``*`` for a coordinate), that the document shows in one of its tables."""

    basis = models.ForeignKey(Basis, on_delete=models.CASCADE, related_name="chosen")
    part = models.CharField(max_length=10, choices=Part.choices)
    run = models.ForeignKey(Run, null=True, on_delete=models.PROTECT, related_name="+")
    key = models.CharField(max_length=200)
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ("part", "order", "id")


class Unvalued(models.Model):
    """An effect that nobody has been able to value. It is listed, never counted as zero."""

    basis = models.ForeignKey(Basis, on_delete=models.CASCADE, related_name="unvalued")
    text = models.CharField(max_length=400)
    text_en = models.CharField(max_length=400, blank=True)
    who = models.CharField(max_length=200, blank=True)
    who_en = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ("id",)


class Affected(models.Model):
    """Who is affected, whether they were heard, how, when and what they say."""

    basis = models.ForeignKey(Basis, on_delete=models.CASCADE, related_name="affected")
    group = models.CharField(max_length=200)
    group_en = models.CharField(max_length=200, blank=True)
    how = models.CharField(max_length=400, blank=True)
    how_en = models.CharField(max_length=400, blank=True)
    heard_on = models.DateField(null=True, blank=True)
    heard_how = models.CharField(max_length=200, blank=True)
    heard_how_en = models.CharField(max_length=200, blank=True)
    says = models.CharField(max_length=600, blank=True)
    says_en = models.CharField(max_length=600, blank=True)

    class Meta:
        ordering = ("id",)


class NormRemark(models.Model):
    """What a norm-critical reading found: who is not seen in the basis."""

    basis = models.ForeignKey(Basis, on_delete=models.CASCADE, related_name="remarks")
    text = models.TextField()
    text_en = models.TextField(blank=True)
    by_label = models.CharField(max_length=200)
    made_on = models.DateField()

    class Meta:
        ordering = ("id",)


class ReviewComment(models.Model):
    """A remark at one paragraph. ``text_hash`` tells whether the paragraph still says what it said then."""

    basis = models.ForeignKey(Basis, on_delete=models.CASCADE, related_name="comments")
    language = models.CharField(max_length=8, default="sv")
    section = models.CharField(max_length=40)
    paragraph = models.PositiveSmallIntegerField()
    text_hash = models.CharField(max_length=64)
    quote = models.CharField(max_length=200, blank=True)
    text = models.TextField()
    author = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    author_label = models.CharField(max_length=200)
    created_at = models.DateTimeField(default=now)
    resolved_at = models.DateTimeField(null=True)
    resolved_by_label = models.CharField(max_length=200, blank=True)
    resolution = models.CharField(max_length=600, blank=True)

    class Meta:
        ordering = ("id",)


class Written(models.Model):
    """What is written once: saving again or removing is refused, so that a mistake in code cannot rewrite it."""

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.pk is not None:
            raise Unchangeable(_("Det här är fastställt och kan inte ändras."))
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        raise Unchangeable(_("Det här är fastställt och kan inte tas bort."))


class Version(Written):
    """A basis as it was presented: the document as data in each language, what it rests on, and the checksum of all.

    ``documents`` maps language → canonical JSON text; ``runs`` and ``files`` list what was frozen with it.
    """

    basis = models.ForeignKey(Basis, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    presented_at = models.DateTimeField(default=now)
    presented_by_label = models.CharField(max_length=200)
    documents = models.JSONField()
    alternatives = models.JSONField()
    runs = models.JSONField()
    files = models.JSONField()
    what_changed = models.TextField(blank=True)
    ledger_position = models.BigIntegerField(default=0)
    ledger_head = models.CharField(max_length=64, blank=True)
    checksum = models.CharField(max_length=64)
    #: When it was last proved to be what was presented, and what then was not: [kind, name] for each.
    checked_at = models.DateTimeField(null=True)
    broken = models.JSONField(default=list)

    class Meta:
        ordering = ("-number",)
        constraints = (models.UniqueConstraint(fields=["basis", "number"], name="decisions_one_version"),)


class Presenting(models.Model):
    """That somebody has asked for a basis to be presented as it stood: one open at a time, carried out by a job.

    It ends with a ``version``, or with the reason why there is none in ``refused``.
    """

    basis = models.ForeignKey(Basis, on_delete=models.CASCADE, related_name="presentings")
    revision = models.PositiveIntegerField()
    what_changed = models.TextField(blank=True)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    asked_at = models.DateTimeField(default=now)
    version = models.OneToOneField(Version, null=True, on_delete=models.PROTECT, related_name="+")
    refused = models.TextField(blank=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["basis"], condition=Q(ended_at=None), name="decisions_one_presenting"),
        )

    @property
    def effect_key(self) -> str:
        """What the job that carries this out is known by."""
        return f"decisions.present:{self.pk}"


class Rendering(Written):
    """A version as a file, made when it was presented."""

    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="renderings")
    language = models.CharField(max_length=8)
    form = models.CharField(max_length=5)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    blob = models.FileField(upload_to="decisions/%Y/%m/")

    class Meta:
        constraints = (models.UniqueConstraint(fields=["version", "language", "form"], name="decisions_one_rendering"),)


class Decision(Written):
    """What was decided. Never changed: a mistake is corrected by a new decision that ``corrects`` this one."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="decisions")
    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="decisions")
    title = models.CharField(max_length=160)
    body = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    decided_on = models.DateField()
    number = models.CharField(max_length=60)
    chosen_mark = models.CharField(max_length=4, blank=True)
    chosen = models.CharField(max_length=160, blank=True)
    chosen_en = models.CharField(max_length=160, blank=True)
    proposed = models.CharField(max_length=160, blank=True)
    reason = models.TextField()
    deviation = models.TextField(blank=True)
    promise = models.TextField(blank=True)
    follow_up_on = models.DateField(null=True)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    recorded_by_label = models.CharField(max_length=200)
    recorded_at = models.DateTimeField(default=now)
    corrects = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="corrected_by")
    correction_reason = models.TextField(blank=True)
    checksum = models.CharField(max_length=64)

    class Meta:
        indexes = (
            models.Index(fields=["-decided_on", "-id"], name="decisions_register"),
            models.Index(fields=["body", "-decided_on", "-id"], name="decisions_by_body"),
        )

    def __str__(self) -> str:
        return self.title


class FollowUp(models.Model):
    """A promise to look again: on the day it comes back as a task, and is answered with what became of it."""

    class Kept(models.TextChoices):
        YES = "yes", _("Ja")
        PARTLY = "partly", _("Delvis")
        NO = "no", _("Nej")
        UNKNOWN = "unknown", _("Går inte att säga ännu")

    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="follow_ups")
    due = models.DateField()
    promise = models.TextField(blank=True)
    responsible = models.ForeignKey(Organisation, null=True, on_delete=models.PROTECT, related_name="+")
    told_at = models.DateTimeField(null=True)
    done_on = models.DateField(null=True)
    kept = models.CharField(max_length=8, choices=Kept.choices, blank=True)
    outcome = models.TextField(blank=True)
    done_by_label = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ("due", "id")
        indexes = (models.Index(fields=["due"], name="decisions_to_follow", condition=Q(done_on=None)),)
