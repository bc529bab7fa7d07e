# SPDX-License-Identifier: EUPL-1.2
"""Calculation books with their history, saved scenarios, and published figures of investments."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.timezone import now
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from helhet.foundation.matters.models import Matter
from helhet.foundation.people.models import Organisation


class Book(models.Model):
    """A calculation: its whole source as TOML, and what the checks made of it.

    ``path`` is its name in the library of books, the one that other books ``use``; ``hash`` covers its own text and
    the texts it uses. A book without flows (a timetable, prices) is no case: other books rest on it.
    """

    class State(models.TextChoices):
        DRAFT = "draft", _("Utkast")
        APPROVED = "approved", _("Godkänd")

    slug = models.SlugField(max_length=80, unique=True)
    path = models.CharField(max_length=200, unique=True)
    title_sv = models.CharField(max_length=200)
    title_en = models.CharField(max_length=200, blank=True)
    lead_sv = models.TextField(blank=True)
    lead_en = models.TextField(blank=True)
    text = models.TextField()
    hash = models.CharField(max_length=64)
    version = models.PositiveIntegerField(default=1)
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    is_case = models.BooleanField(default=True)
    is_public = models.BooleanField(default=False)
    source_file = models.CharField(max_length=200, blank=True)
    uses = models.ManyToManyField("self", symmetrical=False, related_name="used_by")
    matters = models.ManyToManyField(Matter, through="BookMatter", related_name="books")
    updated_at = models.DateTimeField(default=now)

    class Meta:
        ordering = ("-is_case", "title_sv", "id")
        indexes = (models.Index(fields=["state", "is_case"], name="calculations_cases"),)

    def __str__(self) -> str:
        return self.title

    @property
    def title(self) -> str:
        """The title in the reader's language."""
        return (self.title_en or self.title_sv) if get_language() == "en" else self.title_sv

    @property
    def lead(self) -> str:
        """What the book answers, in the reader's language."""
        return (self.lead_en or self.lead_sv) if get_language() == "en" else self.lead_sv


class BookVersion(models.Model):
    """One version of a book's source, kept for good."""

    book = models.ForeignKey(Book, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    text = models.TextField()
    hash = models.CharField(max_length=64)
    note = models.CharField(max_length=300, blank=True)
    by_label = models.CharField(max_length=200)
    at = models.DateTimeField(default=now)

    class Meta:
        ordering = ("-number",)
        constraints = (models.UniqueConstraint(fields=["book", "number"], name="calculations_one_version"),)


class BookMatter(models.Model):
    """A matter that a book calculates."""

    book = models.ForeignKey(Book, on_delete=models.CASCADE, related_name="ties")
    matter = models.ForeignKey(Matter, on_delete=models.CASCADE, related_name="book_ties")
    at = models.DateTimeField(default=now)

    class Meta:
        ordering = ("id",)
        constraints = (models.UniqueConstraint(fields=["book", "matter"], name="calculations_one_tie"),)


class Scenario(models.Model):
    """Changed assumptions under a name. An overlay never changes; another one is another scenario."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    book = models.ForeignKey(Book, on_delete=models.CASCADE, related_name="saved")
    name_sv = models.CharField(max_length=80)
    name_en = models.CharField(max_length=80, blank=True)
    on = models.CharField(max_length=80, blank=True, help_text=_("Scenario i boken som det bygger på"))
    options = models.JSONField(default=dict)
    overlay = models.JSONField(default=dict)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    owner_label = models.CharField(max_length=200)
    shared = models.BooleanField(default=False)
    at = models.DateTimeField(default=now)

    class Meta:
        ordering = ("id",)

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """The name in the reader's language."""
        return (self.name_en or self.name_sv) if get_language() == "en" else self.name_sv


class Investment(models.Model):
    """Something built, moved, paid or promised; its published figures hang on it."""

    key = models.SlugField(max_length=80, unique=True)
    name = models.CharField(max_length=160)
    name_en = models.CharField(max_length=160, blank=True)
    place = models.CharField(max_length=200, blank=True)
    latitude = models.FloatField(null=True)
    longitude = models.FloatField(null=True)
    holder = models.ForeignKey(Organisation, null=True, on_delete=models.PROTECT, related_name="+")
    depends_on_timetable = models.CharField(max_length=80, blank=True)

    class Meta:
        ordering = ("name", "id")

    def __str__(self) -> str:
        return self.title

    @property
    def title(self) -> str:
        """The name in the reader's language."""
        return (self.name_en or self.name) if get_language() == "en" else self.name


class InvestmentFigure(models.Model):
    """One published figure. Those of a ``rivalry`` say different things about the same; one of them is chosen."""

    class ValueKind(models.TextChoices):
        CONTRACT = "contract", _("avtal")
        TOTAL = "total", _("totalkostnad")
        ESTIMATE = "estimate", _("beräkning")
        PAID = "paid", _("betalt")
        PROVISION = "provision", _("avsatt")
        GRANT = "grant", _("bidrag")
        COMPENSATION = "compensation", _("ersättning")
        VOLUME = "volume", _("antal")

    key = models.CharField(max_length=80, unique=True)
    investment = models.ForeignKey(Investment, on_delete=models.CASCADE, related_name="figures")
    value = models.FloatField(null=True, help_text=_("Tomt när beloppet inte är känt"))
    unit = models.CharField(max_length=60)
    value_kind = models.CharField(max_length=20, choices=ValueKind.choices)
    price_year = models.PositiveSmallIntegerField(null=True)
    as_of = models.CharField(max_length=10, blank=True)
    rivalry = models.CharField(max_length=80, blank=True, db_index=True)
    chosen = models.BooleanField(default=True)
    source = models.CharField(max_length=300, blank=True)
    confidence = models.CharField(max_length=20, blank=True)
    note = models.TextField(blank=True)

    class Meta:
        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(
                fields=["rivalry"], condition=Q(chosen=True) & ~Q(rivalry=""), name="calculations_one_chosen"
            ),
        )
