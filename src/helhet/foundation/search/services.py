# SPDX-License-Identifier: EUPL-1.2
"""Keep the index."""

from django.urls import reverse

from helhet.foundation.goals.models import Goal
from helhet.foundation.matters.models import Matter
from helhet.foundation.people.models import Organisation
from helhet.foundation.search.models import Entry
from helhet.foundation.search.words import stems


def index(
    *,
    kind: str,
    object_id: str,
    title: str,
    text: str,
    url: str,
    language: str = "sv",
    matter: Matter | None = None,
    excerpt: str = "",
) -> None:
    """Put a thing into the index, or bring it up to date. Title words count double."""
    words = stems(title, language) * 2 + stems(text, language)
    Entry.objects.update_or_create(
        kind=kind,
        object_id=object_id,
        defaults={
            "matter": matter,
            "title": title[:300],
            "excerpt": (excerpt or text)[:400],
            "url": url,
            "words": " ".join(words),
        },
    )


def forget(*, kind: str, object_id: str) -> None:
    Entry.objects.filter(kind=kind, object_id=object_id).delete()


def index_matter(pk: int) -> None:
    """Index a matter with its place and themes; one that has gone or is merged leaves the index."""
    matter = Matter.objects.filter(pk=pk).first()
    if matter is None or matter.status == "merged":
        forget(kind="matter", object_id=str(pk))
        return
    index(
        kind="matter",
        object_id=str(pk),
        title=matter.title,
        text=f"{matter.text}\n{matter.place}\n{matter.themes}",
        url=reverse("desk:matter", args=[matter.uid]),
        language=matter.language,
        matter=matter,
        excerpt=matter.text,
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
