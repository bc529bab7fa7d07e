# SPDX-License-Identifier: EUPL-1.2
"""Work that is done outside a request: kept in the same database, so that it is enqueued with the change that asks."""

import uuid

from django.db import models
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _


class Job(models.Model):
    """One piece of work. A lease with heartbeat tells a job at work from one whose worker was killed."""

    class State(models.TextChoices):
        WAITING = "waiting", _("väntar")
        RUNNING = "running", _("pågår")
        DONE = "done", _("klart")
        FAILED = "failed", _("misslyckades")

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    task = models.CharField(max_length=80)
    payload = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    effect_key = models.CharField(max_length=120, null=True, unique=True)
    run_after = models.DateTimeField(default=now)
    attempts = models.PositiveIntegerField(default=0)
    lease_until = models.DateTimeField(null=True)
    worker = models.CharField(max_length=60, blank=True)
    done_parts = models.PositiveIntegerField(default=0)
    all_parts = models.PositiveIntegerField(default=0)
    error = models.TextField(blank=True)
    created_at = models.DateTimeField(default=now)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        indexes = (
            models.Index(
                fields=["run_after", "id"], name="jobs_open", condition=models.Q(state__in=["waiting", "running"])
            ),
        )

    def __str__(self) -> str:
        return f"{self.task} ({self.state})"


class Timer(models.Model):
    """When a repeated task is due next."""

    task = models.CharField(max_length=80, unique=True)
    next_at = models.DateTimeField()
