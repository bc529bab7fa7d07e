# SPDX-License-Identifier: EUPL-1.2
"""Tie matters together, merge them and split them – always with a trace both ways."""

from typing import Any

from django.db import transaction
from django.utils.timezone import now
from django.utils.translation import gettext as _

from helhet.foundation import policy
from helhet.foundation.ledger.services import record
from helhet.foundation.matters.models import Follow, Kind, Link, Matter, Owner, Project, Status, Support
from helhet.foundation.matters.services import ask_about, capture_matter
from helhet.foundation.people.models import Organisation
from helhet.foundation.policy import Standing
from helhet.foundation.texts import clean, fits


@transaction.atomic
def link(*, by: Standing, source: Matter, target: Matter, type: str) -> Link:
    """Tie two matters. Both must be readable by the one who ties; the source must be theirs to steer."""
    policy.require(by, "matter.steer", source)
    policy.require(by, "matter.read", target)
    if source.pk == target.pk:
        raise ValueError(_("Ett ärende kan inte knytas till sig självt."))
    tie, created = Link.objects.get_or_create(source=source, target=target, type=Link.Type(type))
    if created:
        record(
            by=by,
            verb="matter.linked",
            obj=source,
            unit_id=source.home_unit_id,
            data={"target": target.pk, "type": tie.type},
        )
    return tie


@transaction.atomic
def merge(*, by: Standing, source: Matter, into: Matter) -> Matter:
    """Merge ``source`` into another matter: followers and supporters come along, the source points onwards."""
    policy.require(by, "matter.steer", source)
    policy.require(by, "matter.steer", into)
    if source.pk == into.pk:
        raise ValueError(_("Välj ett annat ärende att slå ihop med."))
    # In one order, so that A into B and B into A at the same moment can neither lock each other nor both succeed.
    fresh = {m.pk: m for m in Matter.objects.select_for_update().filter(pk__in=[source.pk, into.pk]).order_by("pk")}
    source.status, into.status = fresh[source.pk].status, fresh[into.pk].status
    if into.status == Status.MERGED:
        raise ValueError(_("Det ärendet är självt sammanfört. Välj det som det är sammanfört med."))
    if source.status == Status.MERGED:
        raise ValueError(_("Ärendet är redan sammanfört."))
    Follow.objects.bulk_create(
        [Follow(matter=into, user_id=user) for user in source.follows.values_list("user_id", flat=True)],
        ignore_conflicts=True,
    )
    Support.objects.bulk_create(
        [
            Support(matter=into, user_id=u, unit_id=unit)
            for u, unit in source.supports.values_list("user_id", "unit_id")
        ],
        ignore_conflicts=True,
    )
    _recount(into)
    Link.objects.get_or_create(source=source, target=into, type=Link.Type.MERGED_INTO)
    source.status, source.active_at = Status.MERGED, now()
    source.save(update_fields=["status", "active_at"])
    record(by=by, verb="matter.merged", obj=source, unit_id=source.home_unit_id, data={"into": into.pk})
    return into


@transaction.atomic
def split(*, by: Standing, matter: Matter, parts: list[tuple[str, str]], confirmed: bool = False) -> list[Matter]:
    """Split off new matters, each with title and text, that keep visibility, place and unit.

    Raises ``Sensitive`` and ValueError as capture does.
    """
    policy.require(by, "matter.steer", matter)
    ask_about(*(words for part in parts for words in part), confirmed=confirmed)
    if len(parts) < 1:
        raise ValueError(_("Ange minst en del."))
    made = []
    for title, text in parts:
        part = capture_matter(
            by=by,
            kind=matter.kind if matter.kind != Kind.PROJECT else Kind.NEED,
            title=title,
            text=text,
            place=matter.place,
            latitude=matter.latitude,
            longitude=matter.longitude,
            language=matter.language,
            visibility=matter.visibility,
            secrecy_paragraph=matter.secrecy_paragraph,
            author_label=matter.author_label,
            on_behalf_of=matter.on_behalf_of,
            home_unit=matter.home_unit,
            themes=matter.themes,
            confirmed=True,
        ).matter
        _keep_author(part, matter)
        Owner.objects.bulk_create(
            Owner(matter=part, organisation_id=o.organisation_id, part=o.part) for o in matter.owners.all()
        )
        Link.objects.create(source=part, target=matter, type=Link.Type.SPLIT_FROM)
        _recount(part)
        made.append(part)
    Matter.objects.filter(pk=matter.pk).update(active_at=now())
    record(
        by=by, verb="matter.split", obj=matter, unit_id=matter.home_unit_id, data={"parts": [part.pk for part in made]}
    )
    return made


def _keep_author(part: Matter, whole: Matter) -> None:
    """A part is still the author's, who follows it, and not the one's who split."""
    part.author_id, part.author_kind, part.released = whole.author_id, whole.author_kind, whole.released
    part.save(update_fields=["author", "author_kind", "released"])
    part.follows.all().delete()
    if whole.author_id:
        Follow.objects.create(matter=part, user_id=whole.author_id)


@transaction.atomic
def describe_project(
    *,
    by: Standing,
    matter: Matter,
    taken_over_by: Organisation | None = None,
    confirmed: bool = False,
    **fields: Any,
) -> Project:
    """Make a matter a project, or change what its project says: period, aim, results, what lives on, who takes over.

    Raises ``Sensitive`` for what looks like personal data unless ``confirmed``.
    """
    policy.require(by, "project.edit", matter)
    fields = {name: clean(value) if isinstance(value, str) else value for name, value in fields.items()}
    fits(Project, **fields)
    ask_about(*(value for value in fields.values() if isinstance(value, str)), confirmed=confirmed)
    project, _created = Project.objects.update_or_create(
        matter=matter, defaults={**fields, "taken_over_by": taken_over_by}
    )
    if matter.kind != Kind.PROJECT:
        matter.kind = Kind.PROJECT
        matter.save(update_fields=["kind"])
    record(by=by, verb="project.described", obj=matter, unit_id=matter.home_unit_id, data={"fields": sorted(fields)})
    matter.project = project
    return project


def _recount(matter: Matter) -> None:
    supports = matter.supports
    Matter.objects.filter(pk=matter.pk).update(
        follower_count=matter.follows.count(),
        support_count=supports.count(),
        support_unit_count=supports.exclude(unit_id=None).values("unit_id").distinct().count(),
        nobody_owns=not matter.owners.exists(),
    )
    matter.refresh_from_db(fields=["follower_count", "support_count", "support_unit_count", "nobody_owns"])
