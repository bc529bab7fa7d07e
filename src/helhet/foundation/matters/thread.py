# SPDX-License-Identifier: EUPL-1.2
"""Talk about a matter, follow it, say that it concerns oneself too."""

from django.db import transaction
from django.db.models import F
from django.utils.timezone import now
from django.utils.translation import gettext as _

from helhet.core.text import sensitive
from helhet.foundation import policy
from helhet.foundation.ledger.services import record
from helhet.foundation.matters.models import Comment, Follow, Matter, Support
from helhet.foundation.matters.services import Sensitive
from helhet.foundation.policy import Standing
from helhet.foundation.texts import clean, clean_line, fits


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
    added = write_comment(
        by=by,
        matter=matter,
        text=text,
        parent=parent,
        is_question=is_question,
        author_label=author_label,
        confirmed=confirmed,
    )
    record(
        by=by,
        verb="matter.asked" if is_question else "matter.commented",
        obj=matter,
        unit_id=matter.home_unit_id,
        data={"comment": added.pk, "reply": added.parent_id is not None},
        private={"text": added.text},
    )
    return added


def write_comment(
    *,
    by: Standing,
    matter: Matter,
    text: str,
    parent: Comment | None = None,
    is_question: bool = False,
    author_label: str = "",
    confirmed: bool = False,
) -> Comment:
    """The words in the thread, for verbs that ask policy and say so in an event of their own."""
    text = clean(text)
    if not text:
        raise ValueError(_("Skriv något först."))
    if not confirmed and (findings := sensitive.find(text)):
        raise Sensitive(findings)
    if parent is not None and parent.matter_id != matter.pk:
        raise ValueError(_("Svaret hör till ett annat ärende."))
    top = parent.parent if parent is not None and parent.parent_id else parent
    if top is not None:  # first, since it makes those who answer at the same moment take turns for their ordinal
        Comment.objects.filter(pk=top.pk).update(reply_count=F("reply_count") + 1)
        top.refresh_from_db(fields=["reply_count"])
    added = Comment.objects.create(
        matter=matter,
        parent=top,
        ordinal=top.reply_count if top is not None else 0,
        author_id=by.user_id,
        author_label=(clean_line(author_label) or _label(by, matter))[:200],
        text=text,
        is_question=is_question,
    )
    Matter.objects.filter(pk=matter.pk).update(comment_count=F("comment_count") + 1, active_at=now())
    return added


@transaction.atomic
def hide_comment(*, by: Standing, comment: Comment, reason: str) -> Comment:
    """Take a contribution out of sight with a reason that its author and readers see."""
    policy.require(by, "matter.steer", comment.matter)
    reason = clean_line(reason)
    if not reason:
        raise ValueError(_("Skriv varför inlägget döljs."))
    fits(Comment, hidden_because=reason)
    comment.hidden_because = reason
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
    user = _account(by)
    if on:
        _follow, changed = Follow.objects.get_or_create(matter=matter, user_id=user)
    else:
        changed = bool(Follow.objects.filter(matter=matter, user_id=user).delete()[0])
    if changed:
        Matter.objects.filter(pk=matter.pk).update(follower_count=F("follower_count") + (1 if on else -1))
        record(by=by, verb="matter.followed" if on else "matter.unfollowed", obj=matter, unit_id=matter.home_unit_id)
    return on


@transaction.atomic
def support(*, by: Standing, matter: Matter, on: bool = True) -> int:
    """«This concerns me too.» Counters are stored: people, and how many units they come from. Returns the count."""
    policy.require(by, "matter.support", matter)
    user = _account(by)
    # Those who support at the same moment take turns, or two from one unit would count as two units.
    Matter.objects.select_for_update().get(pk=matter.pk)
    mine = Support.objects.filter(matter=matter, user_id=user).first()
    changed = on is (mine is None)
    if changed:
        unit = mine.unit_id if mine else by.home_unit_id  # the unit at the time, should the person have moved since
        others = Support.objects.filter(matter=matter, unit_id=unit).exclude(user_id=user)
        only_one = unit is not None and not others.exists()
        if mine:
            mine.delete()
        else:
            Support.objects.create(matter=matter, user_id=user, unit_id=unit)
        step = 1 if on else -1
        Matter.objects.filter(pk=matter.pk).update(
            support_count=F("support_count") + step,
            support_unit_count=F("support_unit_count") + (step if only_one else 0),
        )
        record(
            by=by,
            verb="matter.supported" if on else "matter.support_withdrawn",
            obj=matter,
            unit_id=matter.home_unit_id,
        )
    matter.refresh_from_db(fields=["support_count", "support_unit_count"])
    return matter.support_count


def _account(by: Standing) -> int:
    """The account that acts; following and supporting is done by people only."""
    if by.user_id is None:
        raise ValueError(_("Logga in för att göra det här."))
    return by.user_id


def _label(by: Standing, matter: Matter) -> str:
    if by.user_id is not None and by.user_id == matter.author_id:
        return matter.author_label
    return by.label
