# SPDX-License-Identifier: EUPL-1.2
"""Goals: versioned statements with stable ids in a tree, and how matters stand towards them."""

from django.db import models
from django.utils.timezone import now
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from helhet.foundation.matters.models import Matter


class Goal(models.Model):
    """One version of a goal. ``stable_id`` is the same for all versions; the current one has no ``replaced_at``."""

    class Kind(models.TextChoices):
        PLAN = "plan", _("plan")
        STRATEGY = "strategy", _("strategi")
        GLOBAL = "global", _("globalt mål")
        AGREEMENT = "agreement", _("överenskommelse")

    stable_id = models.SlugField(max_length=80)
    version = models.PositiveIntegerField(default=1)
    kind = models.CharField(max_length=12, choices=Kind.choices)
    parent_id_stable = models.SlugField(max_length=80, blank=True)
    title = models.CharField(max_length=300)
    title_en = models.CharField(max_length=300, blank=True)
    text = models.TextField(blank=True)
    source = models.CharField(max_length=300)
    valid_from = models.DateField(null=True)
    replaced_at = models.DateTimeField(null=True)
    order = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["stable_id", "version"], name="goals_one_version"),
            models.UniqueConstraint(
                fields=["stable_id"], condition=models.Q(replaced_at=None), name="goals_one_current"
            ),
        )
        ordering = ("order", "stable_id")

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """The title in the reader's language."""
        return (self.title_en or self.title) if get_language() == "en" else self.title


class Tie(models.Model):
    """How a matter stands towards a goal, with the reason; a conflict may be settled, with a reason too."""

    class Stance(models.TextChoices):
        SUPPORTS = "supports", _("Stödjer")
        CONFLICTS = "conflicts", _("Krockar med")
        UNCLEAR = "unclear", _("Oklart")

    matter = models.ForeignKey(Matter, on_delete=models.CASCADE, related_name="goal_ties")
    goal_stable_id = models.SlugField(max_length=80, db_index=True)
    goal = models.ForeignKey(Goal, on_delete=models.PROTECT, related_name="ties")
    stance = models.CharField(max_length=10, choices=Stance.choices)
    reason = models.TextField()
    by_label = models.CharField(max_length=200)
    created_at = models.DateTimeField(default=now)
    settled_reason = models.TextField(blank=True)
    settled_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["matter", "goal_stable_id"], name="goals_one_tie"),)
