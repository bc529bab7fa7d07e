# SPDX-License-Identifier: EUPL-1.2
"""Keep the index."""

from collections.abc import Sequence

from django.urls import reverse

from helhet.foundation.goals.models import Goal
from helhet.foundation.matters.models import Matter
from helhet.foundation.people.models import Organisation
from helhet.foundation.search.models import Entry
from helhet.foundation.search.words import stems


def index(
    *, kind: str, object_id: str, title: str, text: str, url: str, language: str = "sv", matter: Matter | None = None
) -> None:
    """Put a thing into the index, or bring it up to date. Title words count double."""
    words = _words(title, text, language)
    Entry.objects.update_or_create(
        kind=kind,
        object_id=object_id,
        defaults={"matter": matter, "title": title[:300], "excerpt": text[:400], "url": url, "words": words},
    )


def _words(title: str, text: str, language: str) -> str:
    return " ".join(stems(title, language) * 2 + stems(text, language))


def forget(*, kind: str, object_id: str) -> None:
    Entry.objects.filter(kind=kind, object_id=object_id).delete()


def index_matter(pk: int) -> None:
    """Index a matter with its place and themes; one that has gone or is merged leaves the index."""
    index_matters([pk])


def index_matters(pks: Sequence[int]) -> None:
    """Index many matters with as few questions as one."""
    found = Matter.objects.filter(pk__in=pks).exclude(status="merged")
    entries = [_matter_entry(matter) for matter in found]
    gone = {str(pk) for pk in pks} - {entry.object_id for entry in entries}
    if gone:
        Entry.objects.filter(kind="matter", object_id__in=gone).delete()
    Entry.objects.bulk_create(
        entries,
        batch_size=200,
        update_conflicts=True,
        unique_fields=["kind", "object_id"],
        update_fields=["matter", "title", "excerpt", "url", "words"],
    )


def _matter_entry(matter: Matter) -> Entry:
    return Entry(
        kind="matter",
        object_id=str(matter.pk),
        matter=matter,
        title=matter.title[:300],
        excerpt=matter.text[:400],
        url=reverse("desk:matter", args=[matter.uid]),
        words=_words(matter.title, f"{matter.text}\n{matter.place}\n{matter.themes}", matter.language),
    )


def index_goal(pk: int) -> None:
    goal = Goal.objects.filter(pk=pk).first()
    if goal is not None:
        index(
            kind="goal",
            object_id=goal.stable_id,
            title=goal.title,
            text=f"{goal.text} {goal.title_en}",
            url=reverse("desk:goal", args=[goal.stable_id]),
        )


def index_organisation(pk: int) -> None:
    organisation = Organisation.objects.filter(pk=pk).first()
    if organisation is not None:
        index(
            kind="organisation",
            object_id=str(pk),
            title=organisation.name,
            text=" ".join([organisation.name_en, organisation.short, *_purposes(organisation)]),
            url=reverse("desk:organisation", args=[organisation.slug]),
        )


def _purposes(organisation: Organisation) -> list[str]:
    return list(organisation.mandates.values_list("purpose", flat=True))
