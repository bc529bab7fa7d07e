# SPDX-License-Identifier: EUPL-1.2
"""Tables on their way in or out of the house."""

import uuid

from django.conf import settings
from django.db import models
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _


class Transfer(models.Model):
    """One file that somebody reads in or has written out, how far it has come, and what was found in it.

    The file is kept only as long as it is needed: tables are full of personal data.
    """

    class State(models.TextChoices):
        CHECKING = "checking", _("kontrolleras")
        REFUSED = "refused", _("behöver rättas")
        CHECKED = "checked", _("kontrollerad, inte inläst")
        WRITING = "writing", _("pågår")
        DONE = "done", _("klar")
        FAILED = "failed", _("gick inte")

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    direction = models.CharField(max_length=3, choices=[("in", "in"), ("out", "out")])
    kind = models.CharField(max_length=40)
    filename = models.CharField(max_length=200)
    state = models.CharField(max_length=10, choices=State.choices, default=State.CHECKING)
    blob = models.FileField(upload_to="transfers/", blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    #: What was found: counts, and [row, column, what is wrong and how to mend it] for problems and warnings.
    report = models.JSONField(default=dict)
    failed_because = models.CharField(max_length=300, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    created_at = models.DateTimeField(default=now)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-id",)

    @property
    def under_way(self) -> bool:
        return self.state in {self.State.CHECKING, self.State.WRITING}
