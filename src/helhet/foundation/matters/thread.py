# SPDX-License-Identifier: EUPL-1.2
"""Talk about a matter, follow it, say that it concerns oneself too."""

from django.db import transaction
from django.db.models import F
from django.utils.timezone import now
from django.utils.translation import gettext as _

from helhet.core.text import sensitive
from helhet.foundation import policy
from helhet.foundation.ledger.services import record
from helhet.foundation.matters.models import Comment, Follow, Matter, Status, Support
from helhet.foundation.matters.services import Sensitive
from helhet.foundation.policy import Standing


@transaction.atomic
def comment(
    *,
    by: Standing,
    matter: Matter,
    text: str,
    parent: Comment | None = None,
    is_question: bool = False,
    author_label: str = "",
    confirmed: bool = False,
) -> Comment:
    """Add to the thread. A reply to a reply lands beside it, so that threads stay two levels deep."""
    policy.require(by, "matter.comment", matter)
    if not text.strip():
        raise ValueError(_("Skriv något först."))
    if not confirmed and (findings := sensitive.find(text)):
        raise Sensitive(findings)
    if parent is not None and parent.matter_id != matter.pk:
        raise ValueError(_("Svaret hör till ett annat ärende."))
    top = parent.parent if parent is not None and parent.parent_id else parent
    added = Comment.objects.create(
        matter=matter,
        parent=top,
        author_id=by.user_id,
        author_label=author_label or _label(by, matter),
        text=text.strip(),
        is_question=is_question,
    )
    if top is not None:
        Comment.objects.filter(pk=top.pk).update(reply_count=F("reply_count") + 1)
    Matter.objects.filter(pk=matter.pk).update(comment_count=F("comment_count") + 1, active_at=now())
    record(
        by=by,
        verb="matter.asked" if is_question else "matter.commented",
        obj=matter,
        unit_id=matter.home_unit_id,
        data={"comment": added.pk, "reply": bool(top)},
        private={"text": added.text},
    )
    return added


@transaction.atomic
def hide_comment(*, by: Standing, comment: Comment, reason: str) -> Comment:
    """Take a contribution out of sight with a reason that its author and readers see."""
    policy.require(by, "matter.steer", comment.matter)
    if not reason.strip():
        raise ValueError(_("Skriv varför inlägget döljs."))
    comment.hidden_because = reason.strip()
    comment.save(update_fields=["hidden_because"])
    record(
        by=by,
        verb="matter.comment_hidden",
        obj=comment.matter,
        unit_id=comment.matter.home_unit_id,
        data={"comment": comment.pk},
        private={"reason": reason},
    )
    return comment


@transaction.atomic
def follow(*, by: Standing, matter: Matter, on: bool = True) -> bool:
    """Follow or stop following; the same again changes nothing. Returns whether one follows now."""
    policy.require(by, "matter.follow", matter)
    if on:
        _follow, changed = Follow.objects.get_or_create(matter=matter, user_id=by.user_id)
    else:
        changed = bool(Follow.objects.filter(matter=matter, user_id=by.user_id).delete()[0])
    if changed:
        Matter.objects.filter(pk=matter.pk).update(follower_count=F("follower_count") + (1 if on else -1))
        record(by=by, verb="matter.followed" if on else "matter.unfollowed", obj=matter, unit_id=matter.home_unit_id)
    return on


@transaction.atomic
def support(*, by: Standing, matter: Matter, on: bool = True) -> int:
    """«This concerns me too.» Counters are stored: people, and how many units they come from. Returns the count."""
    policy.require(by, "matter.support", matter)
    mine = {"matter": matter, "user_id": by.user_id}
    unit_others = Support.objects.filter(matter=matter, unit_id=by.home_unit_id).exclude(user_id=by.user_id)
    new_unit = by.home_unit_id is not None and not unit_others.exists()
    if on:
        _support, changed = Support.objects.get_or_create(**mine, defaults={"unit_id": by.home_unit_id})
    else:
        changed = bool(Support.objects.filter(**mine).delete()[0])
    if changed:
        step = 1 if on else -1
        Matter.objects.filter(pk=matter.pk).update(
            support_count=F("support_count") + step,
            support_unit_count=F("support_unit_count") + (step if new_unit else 0),
        )
        record(
            by=by, verb="matter.supported" if on else "matter.support_withdrawn", obj=matter, unit_id=matter.home_unit_id
        )
    matter.refresh_from_db(fields=["support_count", "support_unit_count"])
    return matter.support_count


def answered_by_author(matter: Matter, by: Standing) -> bool:
    """Whether a contribution by ``by`` answers a question the sluice put to the author."""
    return matter.status == Status.ASKED and by.user_id is not None and matter.author_id == by.user_id


def _label(by: Standing, matter: Matter) -> str:
    if by.user_id is not None and by.user_id == matter.author_id:
        return matter.author_label
    return by.label
