# SPDX-License-Identifier: EUPL-1.2
"""Ask the index. What the asker may not read is left out before anything is ranked."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from helhet.foundation.matters.models import Matter, Owner
from helhet.foundation.matters.policy import readable_q
from helhet.foundation.people.models import Organisation
from helhet.foundation.policy import Standing
from helhet.foundation.search.backends import ranked
from helhet.foundation.search.models import Entry
from helhet.foundation.search.words import query_stems, said_as

SAID_OF_A_MATTER = ("uid", "title", "kind", "status")


@dataclass(frozen=True)
class Hit:
    """Something found, with the shared words that made it a hit."""

    entry: Entry
    because: tuple[str, ...]


def search(actor: Standing, text: str, *, kind: str = "", limit: int = 50) -> list[Hit]:
    """What fits ``text`` among what the actor may read, best first; the last word may be half-typed."""
    wanted = query_stems(text, actor.language)
    if actor.language != "sv":  # the reader's language is not always the language of what they look for
        tail = wanted[-1:]  # stays last, since it may be half-typed
        wanted = [*(s for s in dict.fromkeys([*query_stems(text), *wanted]) if s not in tail), *tail]
    entries = _with_matter(Entry.objects.filter(Q(matter=None) | readable_q(actor, "matter__")))
    said = said_as(text) | said_as(text, actor.language)
    return [_hit(entry, wanted, said) for entry in ranked(entries, wanted, prefix_last=True, limit=limit, kind=kind)]


def similar_matters(actor: Standing, text: str, *, without: Matter | None = None, limit: int = 5) -> list[Hit]:
    """Matters that share at least two words with ``text`` (one, when it holds fewer than three that count)."""
    wanted = query_stems(text, actor.language)
    entries = _with_matter(Entry.objects.filter(readable_q(actor, "matter__")))
    if without is not None:
        entries = entries.exclude(matter=without)
    least = 2 if len(wanted) > 2 else 1
    said = said_as(text, actor.language)
    found = ranked(entries, wanted, prefix_last=True, limit=max(20, limit * 2), kind="matter")
    hits = (_hit(entry, wanted, said) for entry in found)
    return [hit for hit in hits if len(hit.because) >= least][:limit]


def likely_owners(actor: Standing, text: str, *, limit: int = 3) -> list[tuple[Organisation, str]]:
    """Who may own the question: those who own the most similar matters, with the matter as the reason."""
    hits = similar_matters(actor, text, limit=20)
    by_matter = {hit.entry.matter_id: hit for hit in hits}
    found: dict[int, tuple[Organisation, str]] = {}
    owners = Owner.objects.filter(matter__in=list(by_matter)).select_related("organisation", "matter")
    for owner in sorted(owners, key=lambda o: list(by_matter).index(o.matter_id)):
        found.setdefault(owner.organisation_id, (owner.organisation, owner.matter.title))
    return list(found.values())[:limit]


def _with_matter(entries: QuerySet[Entry]) -> QuerySet[Entry]:
    """The entries with what a list says of their matters, and no more."""
    fields = [field.name for field in Entry._meta.concrete_fields]
    return entries.select_related("matter").only(*fields, *(f"matter__{name}" for name in SAID_OF_A_MATTER))


def _hit(entry: Entry, wanted: list[str], said: Mapping[str, str]) -> Hit:
    words = set(entry.words.split())
    shared = [stem for stem in wanted if stem in words]
    if wanted and wanted[-1] not in words and any(word.startswith(wanted[-1]) for word in words):
        shared.append(wanted[-1])
    return Hit(entry, tuple(said.get(stem, stem) for stem in shared))
