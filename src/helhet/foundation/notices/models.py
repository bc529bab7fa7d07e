# SPDX-License-Identifier: EUPL-1.2
"""What people are told, derived from the ledger."""

from django.conf import settings
from django.db import models
from django.utils.timezone import now

from helhet.foundation.matters.models import Matter


class Notice(models.Model):
    """One thing told to one person. ``must`` marks outcomes of one's own matter, which nobody can switch off."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notices")
    event_uid = models.UUIDField()
    verb = models.CharField(max_length=60)
    matter = models.ForeignKey(Matter, null=True, on_delete=models.CASCADE, related_name="+")
    must = models.BooleanField(default=False)
    read_at = models.DateTimeField(null=True)
    digested_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(default=now)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["user", "event_uid"], name="notices_once"),)
        indexes = (
            models.Index(fields=["user", "-id"], name="notices_latest"),
            models.Index(fields=["user"], name="notices_unread", condition=models.Q(read_at=None)),
        )


class Muted(models.Model):
    """A kind of news somebody has switched off."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="muted")
    verb = models.CharField(max_length=60)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["user", "verb"], name="notices_one_mute"),)
