# SPDX-License-Identifier: EUPL-1.2
"""A matter is tied, merged, split, owned by several or by nobody, shown to more or to fewer."""

import pytest
from django.db import IntegrityError, transaction

from helhet.foundation.ledger.models import Event
from helhet.foundation.matters.links import describe_project, link, merge, split
from helhet.foundation.matters.models import Link, Matter
from helhet.foundation.matters.selectors import history, links_of
from helhet.foundation.matters.services import Sensitive, add_participant, end_participant, set_owners, set_visibility
from helhet.foundation.matters.thread import follow, support
from helhet.foundation.policy import Forbidden, Standing
from tests.foundation.conftest import in_threads
from tests.people import Town, matter, small_town, standing

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db]


@pytest.fixture
def team(town: Town) -> Standing:
    return standing("platform_team")


def test_merging_brings_people_along_and_leaves_a_trace_both_ways(town: Town, team: Standing) -> None:
    one, two, both = standing("employee", town.streets), standing("employee", town.social), standing()
    left, into = matter(by=one, title="Halka"), matter(by=two, title="Ishalka")
    for who in (one, both):
        support(by=who, matter=left)
    support(by=both, matter=into)
    merge(by=team, source=left, into=into)
    left.refresh_from_db()
    into.refresh_from_db()
    assert left.status == "merged"
    assert (into.support_count, into.support_unit_count, into.follower_count) == (2, 2, 2)
    assert links_of(team, left) == [("sammanfört med", into)]
    assert links_of(team, into) == [("hit är sammanfört", left)]
    assert Event.objects.get(verb="matter.merged").data == {"into": into.pk}


def test_merging_asks_for_both_matters(town: Town, team: Standing) -> None:
    leader = standing("process_leader", town.technical)
    mine, theirs = matter(owners=(town.technical,)), matter(owners=(town.social,))
    for source, into in ((mine, theirs), (theirs, mine)):
        with pytest.raises(Forbidden):
            merge(by=leader, source=source, into=into)
    merge(by=leader, source=mine, into=matter(owners=(town.technical,)))


def test_merging_goes_one_way_only(town: Town, team: Standing) -> None:
    one, two, three = matter(), matter(), matter()
    with pytest.raises(ValueError, match="ett annat ärende"):
        merge(by=team, source=one, into=one)
    merge(by=team, source=one, into=two)
    stale = Matter.objects.get(pk=one.pk)
    stale.status = "new"  # somebody else's page, opened before
    with pytest.raises(ValueError, match="redan sammanfört"):
        merge(by=team, source=stale, into=three)
    with pytest.raises(ValueError, match="självt sammanfört"):
        merge(by=team, source=two, into=one)
    merge(by=team, source=two, into=three)


@pytest.mark.django_db(transaction=True)
def test_two_who_merge_crosswise_at_the_same_moment_make_no_circle() -> None:
    small_town()
    team = standing("platform_team")
    one, two = matter().pk, matter().pk

    def joins(source: int, into: int) -> object:
        return lambda: merge(by=team, source=Matter.objects.get(pk=source), into=Matter.objects.get(pk=into))

    answers = in_threads(joins(one, two), joins(two, one))
    assert [type(a) for a in answers if isinstance(a, Exception)] == [ValueError]
    assert Link.objects.filter(type="merged_into").count() == 1


def test_what_one_may_not_read_shows_no_tie(town: Town, team: Standing) -> None:
    seen, secret = matter(), matter(visibility="restricted")
    link(by=team, source=seen, target=secret, type="hinders")
    assert links_of(standing(), seen) == []
    assert links_of(team, seen) == [("hindrar", secret)]
    assert links_of(team, secret) == [("hindras av", seen)]
    with pytest.raises(Forbidden):
        link(by=standing("process_leader", town.municipality), source=seen, target=secret, type="hinders")
    with pytest.raises(ValueError, match="sig självt"):
        link(by=team, source=seen, target=seen, type="hinders")
    link(by=team, source=seen, target=secret, type="hinders")
    assert Event.objects.filter(verb="matter.linked").count() == 1


def test_parts_still_belong_to_their_author(town: Town, team: Standing) -> None:
    author = standing("employee", town.streets)
    whole = matter(
        by=author,
        owners=(town.technical,),
        place="Skolgatan",
        visibility="restricted",
        author_kind="pseudonym",
        author_label="Norrsken",
    )
    parts = split(by=team, matter=whole, parts=[("Ljuset", "Lampan är trasig."), ("Halkan", "Det är halt.")])
    for part in parts:
        assert (part.author_id, part.author_label, part.author_kind) == (author.user_id, "Norrsken", "pseudonym")
        assert (part.visibility, part.secrecy_paragraph) == ("restricted", "21 kap. 7 § OSL")
        assert (part.place, part.nobody_owns, part.follower_count) == ("Skolgatan", False, 1)
        assert list(part.follows.values_list("user_id", flat=True)) == [author.user_id]
        assert part.number not in {None, whole.number}
        assert links_of(author, part) == [("utbrutet ur", whole)]
    assert {words for words, _other in links_of(author, whole)} == {"härifrån är utbrutet"}
    assert Event.objects.get(verb="matter.split").data == {"parts": [part.pk for part in parts]}
    with pytest.raises(ValueError, match="minst en del"):
        split(by=team, matter=whole, parts=[])
    with pytest.raises(Forbidden):
        split(by=author, matter=whole, parts=[("A", "B")])


def test_parts_of_an_anonymous_matter_are_anonymous(town: Town, team: Standing) -> None:
    whole = matter(by=standing(), author_kind="anonymous")
    (part,) = split(by=team, matter=whole, parts=[("En del", "Text.")])
    assert (part.author_id, part.author_kind, part.follower_count) == (None, "anonymous", 0)


def test_several_own_a_matter_each_a_part_or_nobody_does(town: Town, team: Standing) -> None:
    about = matter()
    assert about.nobody_owns
    set_owners(by=team, matter=about, owners=[(town.technical, ""), (town.social, "tillgången")])
    first = about.owners.get(organisation=town.technical)
    set_owners(by=team, matter=about, owners=[(town.technical, ""), (town.technical, ""), (town.group, "")])
    assert set(about.owners.values_list("organisation__slug", flat=True)) == {"tekniska", "innovationsgruppen"}
    assert about.owners.get(organisation=town.technical).since == first.since
    assert not about.nobody_owns
    set_owners(by=team, matter=about, owners=[])
    about.refresh_from_db()
    assert about.nobody_owns
    assert Event.objects.filter(verb="matter.owners_set").count() == 3
    with pytest.raises(Forbidden):
        set_owners(by=standing(), matter=about, owners=[])


def test_a_restricted_matter_names_its_paragraph(town: Town, team: Standing) -> None:
    about, employee = matter(), standing()
    with pytest.raises(ValueError, match="paragraf"):
        set_visibility(by=team, matter=about, visibility="restricted")
    set_visibility(by=team, matter=about, visibility="restricted", secrecy_paragraph="19 kap. 1 § OSL")
    with pytest.raises(Forbidden, match=r"19 kap\. 1 §"):
        follow(by=employee, matter=about)
    set_visibility(by=team, matter=about, visibility="public", released=True)
    about.refresh_from_db()
    assert (about.secrecy_paragraph, about.released) == ("", True)
    with pytest.raises(Forbidden):
        set_visibility(by=standing("boundary_spanner"), matter=about, visibility="internal")
    with pytest.raises(IntegrityError), transaction.atomic():
        Matter.objects.filter(pk=about.pk).update(visibility="restricted", secrecy_paragraph="")


def test_those_who_take_part_have_a_part_to_play(town: Town, team: Standing) -> None:
    about = matter()
    add_participant(by=team, matter=about, organisation=town.company, role="funder", share_percent=40)
    add_participant(by=team, matter=about, organisation=town.company, role="funder", share_percent=35.5)
    assert [(p.role, float(p.share_percent or 0)) for p in about.participants.all()] == [("funder", 35.5)]
    for wrong in ({"role": "owner"}, {"role": "funder", "share_percent": 101}):
        with pytest.raises(ValueError):
            add_participant(by=team, matter=about, organisation=town.company, **wrong)


def test_funders_share_the_whole_and_a_part_can_end(town: Town, team: Standing) -> None:
    about = matter()
    add_participant(by=team, matter=about, organisation=town.company, role="funder", share_percent=60)
    with pytest.raises(ValueError, match="40"):
        add_participant(by=team, matter=about, organisation=town.university, role="funder", share_percent=41)
    part = add_participant(by=team, matter=about, organisation=town.university, role="funder", share_percent=40)
    with pytest.raises(Forbidden):
        end_participant(by=standing(), participant=part)
    end_participant(by=team, participant=part)
    assert [p.organisation for p in about.participants.all()] == [town.company]
    assert Event.objects.filter(verb="matter.participant_ended").count() == 1


def test_personal_data_in_a_part_or_a_project_is_asked_about(town: Town, team: Standing) -> None:
    about, words = matter(), "Han är sjukskriven sedan maj."
    with pytest.raises(Sensitive):
        split(by=team, matter=about, parts=[("En del", words)])
    with pytest.raises(Sensitive):
        describe_project(by=team, matter=about, results=words)
    assert split(by=team, matter=about, parts=[("En del", words)], confirmed=True)
    assert describe_project(by=team, matter=about, results=words, confirmed=True).results == words


def test_a_matter_becomes_a_project_and_keeps_its_identity(town: Town, team: Standing) -> None:
    about = matter()
    project = describe_project(by=team, matter=about, taken_over_by=town.technical, aim="Färre fall")
    describe_project(by=team, matter=about, taken_over_by=town.technical, results="Hälften så många")
    about.refresh_from_db()
    project.refresh_from_db()
    assert (about.kind, project.aim, project.results) == ("project", "Färre fall", "Hälften så många")
    with pytest.raises(Forbidden):
        describe_project(by=standing("unit_manager", town.social), matter=about)


def test_every_step_is_in_the_history(town: Town, team: Standing) -> None:
    about = matter()
    set_owners(by=team, matter=about, owners=[(town.technical, "")])
    support(by=team, matter=about)
    assert [event.verb for event in history(about)] == ["matter.supported", "matter.owners_set", "matter.captured"]
