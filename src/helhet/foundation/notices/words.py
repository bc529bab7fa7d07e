# SPDX-License-Identifier: EUPL-1.2
"""How the foundation's own events are told."""

from django.utils.translation import gettext_lazy as _

WORDS = {
    "matter.commented": _("Nytt inlägg i tråden"),
    "matter.asked": _("En fråga till dig om ärendet"),
    "matter.edited": _("Ärendet har ändrats"),
    "matter.owners_set": _("Ärendet har fått ny ägare"),
    "matter.merged": _("Ärendet har slagits ihop med ett annat"),
    "matter.split": _("Ärendet har delats"),
    "matter.comment_hidden": _("Ett inlägg har dolts, med en motivering"),
    "matter.visibility_set": _("Vem som får läsa ärendet har ändrats"),
    "goal.tied": _("Ett mål har knutits till ärendet"),
    "goal.settled": _("En målkonflikt har avgjorts"),
}

#: Told to the author whatever they have switched off.
OUTCOMES = {"matter.asked", "matter.merged", "matter.split"}

#: Told to the one whom it is about, and to nobody who only follows.
TOLD_TO_ONE = {"matter.comment_hidden"}
