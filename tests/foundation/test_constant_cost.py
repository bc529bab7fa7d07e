# SPDX-License-Identifier: EUPL-1.2
"""What keeps lists and search as cheap in a large city as in a small one leaves nothing out that should be found."""

from collections.abc import Callable

import pytest

from helhet.foundation.matters.models import Comment, Matter
from helhet.foundation.matters.policy import readable_q
from helhet.foundation.policy import visitor
from helhet.foundation.search import backends, selectors
from tests.people import Town, matter, standing

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db]
Settle = Callable[[], None]


@pytest.mark.parametrize("role", ["resident", "employee", "researcher", "platform_team", "auditor"])
def test_what_hangs_on_a_matter_is_read_by_those_who_read_the_matter(town: Town, role: str) -> None:
    for visibility in ("public", "internal", "restricted"):
        for hidden in (False, True):
            about = matter(title=f"{visibility} {hidden}", visibility=visibility, hidden=hidden)
            Comment.objects.create(matter=about, author_label="Någon", text="Ett inlägg")
    actor = standing(role)
    through = set(Comment.objects.filter(readable_q(actor, "matter__")).values_list("matter_id", flat=True))
    assert through == set(Matter.objects.filter(readable_q(actor)).values_list("pk", flat=True))


def test_search_looks_further_when_the_best_may_not_be_read(
    town: Town, settle: Settle, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backends, "CANDIDATES", 3)
    for number in range(6):
        matter(title="Halka halka halka", text=f"Halka {number}", visibility="internal")
    matter(title="Trottoaren vid skolan", text="Ibland är det halka där på morgonen.", visibility="public")
    settle()
    assert [hit.entry.title for hit in selectors.search(visitor(), "halka")] == ["Trottoaren vid skolan"]


def test_common_words_are_left_out_when_rarer_ones_tell_more(
    town: Town, settle: Settle, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backends, "MOST_ENTRIES", 2)
    for number in range(5):
        matter(title=f"Gata {number}", text="Gatan är hal.")
    matter(title="Elskåpet brummar", text="Skåpet vid gatan brummar.")
    settle()
    found = [hit.entry.title for hit in selectors.similar_matters(standing(), "gatan brummar elskåp")]
    assert found[0] == "Elskåpet brummar"
