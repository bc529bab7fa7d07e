# SPDX-License-Identifier: EUPL-1.2
"""What has been read in: which file, how far, and which row became what."""

from django.db import models
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from helhet.foundation.matters.models import Batch


class Import(models.Model):
    """One file on its way in. Nothing of it is seen by anybody while ``state`` is *writing*.

    From *applying* there is no way back: what lies in parcels is put in by this run or by whoever goes on after it.
    """

    class State(models.TextChoices):
        WRITING = "writing", _("läses in")
        APPLYING = "applying", _("förs in")
        DONE = "done", _("inläst")
        DISCARDED = "discarded", _("avbruten")

    kind = models.CharField(max_length=40)
    filename = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WRITING)
    batch = models.ForeignKey(Batch, on_delete=models.PROTECT, related_name="+")
    started_by = models.CharField(max_length=40)
    #: Whoever runs the import now; a run that finds another name here has been overtaken and stops.
    runner = models.CharField(max_length=40)
    rows = models.PositiveIntegerField(default=0)
    created = models.PositiveIntegerField(default=0)
    changed = models.PositiveIntegerField(default=0)
    unchanged = models.PositiveIntegerField(default=0)
    started_at = models.DateTimeField(default=now)
    beat_at = models.DateTimeField(default=now)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        indexes = (models.Index(fields=["kind", "state"], name="imports_open"),)

    def __str__(self) -> str:
        return f"{self.kind}: {self.filename}"


class ImportedRow(models.Model):
    """Which object a row became, and what the row said then: the same row again changes nothing."""

    kind = models.CharField(max_length=40)
    reference = models.CharField(max_length=160)
    row_hash = models.CharField(max_length=64)
    object_id = models.BigIntegerField()
    batch = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="imported")

    class Meta:
        constraints = (models.UniqueConstraint(fields=["kind", "reference"], name="imports_one_row"),)
        indexes = (models.Index(fields=["kind", "object_id"], name="imports_object"),)


class Parcel(models.Model):
    """Some rows of a file that wait, checked, to be put in; deleted by the transaction that has put them in."""

    batch = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="parcels")
    #: How far down a tree the rows stand: what is above is put in first.
    depth = models.PositiveIntegerField()
    packed = models.BinaryField()

    class Meta:
        indexes = (models.Index(fields=["batch", "depth", "id"], name="imports_parcels"),)
