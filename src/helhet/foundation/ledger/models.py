# SPDX-License-Identifier: EUPL-1.2
"""The ledger: what happened, in an order nobody can rewrite unseen."""

import uuid

from django.db import models
from django.utils.timezone import now


class Event(models.Model):
    """One change. Written in the change's own transaction; given place and hash by the sealer a moment later."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    at = models.DateTimeField(default=now)
    actor_key = models.CharField(max_length=40)
    verb = models.CharField(max_length=60)
    object_type = models.CharField(max_length=40)
    object_id = models.CharField(max_length=40)
    unit_id = models.BigIntegerField(null=True)
    data = models.JSONField(default=dict)
    private_salt = models.CharField(max_length=64, blank=True)
    private_digest = models.CharField(max_length=64, blank=True)
    position = models.BigIntegerField(null=True, unique=True)
    previous_hash = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64, blank=True)

    class Meta:
        indexes = (
            models.Index(fields=["object_type", "object_id", "id"], name="ledger_object"),
            models.Index(fields=["id"], name="ledger_unsealed", condition=models.Q(position=None)),
        )

    def __str__(self) -> str:
        return f"{self.position or '·'} {self.verb} {self.object_type}:{self.object_id}"


class Chain(models.Model):
    """The one row that says where the chain ends; the sealer holds it while it works."""

    position = models.BigIntegerField(default=0)
    hash = models.CharField(max_length=64, default="0" * 64)

    @property
    def place(self) -> int:
        return self.position

    @property
    def head(self) -> str:
        return self.hash


class Head(models.Model):
    """The head of the chain at the end of a day, to be kept outside the house."""

    day = models.DateField(unique=True)
    position = models.BigIntegerField()
    hash = models.CharField(max_length=64)


class Cursor(models.Model):
    """How far a subscriber has read."""

    name = models.CharField(max_length=80, unique=True)
    position = models.BigIntegerField(default=0)
    failures = models.PositiveIntegerField(default=0)
    #: After a failure the subscriber rests until then.
    retry_at = models.DateTimeField(null=True)


class Parked(models.Model):
    """An event a subscriber could not handle after several tries; kept for a person to look at."""

    subscriber = models.CharField(max_length=80)
    event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="+")
    error = models.TextField()
    at = models.DateTimeField(default=now)
