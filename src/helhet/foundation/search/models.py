# SPDX-License-Identifier: EUPL-1.2
"""What can be searched: one row a thing, with its words brought to their stems."""

from django.db import models

from helhet.foundation.matters.models import Matter


class Entry(models.Model):
    """A searchable thing. Things that hang on a matter carry it, and are found by those who may read the matter."""

    kind = models.CharField(max_length=20)
    object_id = models.CharField(max_length=40)
    matter = models.ForeignKey(Matter, null=True, on_delete=models.CASCADE, related_name="search_entries")
    title = models.CharField(max_length=300)
    excerpt = models.CharField(max_length=400, blank=True)
    url = models.CharField(max_length=300)
    words = models.TextField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["kind", "object_id"], name="search_one_entry"),)
