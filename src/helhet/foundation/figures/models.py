# SPDX-License-Identifier: EUPL-1.2
"""Runs of calculations, kept so that a figure in a document can always be found again."""

import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.utils.timezone import now
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from helhet.foundation.matters.models import Matter


class Run(models.Model):
    """One run: its recipe (book, overlay, seed, engine) and its results. A frozen run never changes again."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    matter = models.ForeignKey(Matter, null=True, on_delete=models.PROTECT, related_name="runs")
    book = models.CharField(max_length=120)
    book_hash = models.CharField(max_length=64)
    title = models.CharField(max_length=200)
    title_en = models.CharField(max_length=200, blank=True)
    overlay = models.JSONField(default=dict)
    seed = models.BigIntegerField(default=1)
    samples = models.PositiveIntegerField(default=0)
    engine = models.CharField(max_length=40)
    recipe = models.JSONField(default=dict)
    figures = models.JSONField(default=dict)
    checksum = models.CharField(max_length=64)
    made_by_label = models.CharField(max_length=200)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(default=now)
    frozen_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-id",)

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keep; what is frozen in the database is refused, whoever asks."""
        if self.pk and Run.objects.filter(pk=self.pk, frozen_at__isnull=False).exists():
            raise ValueError(_("Körningen är fryst med ett framlagt underlag. Gör en ny körning."))
        super().save(*args, **kwargs)

    @property
    def name(self) -> str:
        """The title in the reader's language."""
        return (self.title_en or self.title) if get_language() == "en" else self.title
