# SPDX-License-Identifier: EUPL-1.2
"""The Kiruna instance is data: everything it refers to exists, everything it says has a source or is marked."""

import csv
import hashlib
import re
import tomllib
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parents[2] / "instances" / "kiruna"
TABLES = sorted(path.name for path in HERE.glob("*.csv"))
INSTANCE = tomllib.loads((HERE / "instance.toml").read_text("utf-8"))
SLUICES = tomllib.loads((HERE / "sluices.toml").read_text("utf-8"))

#: The people named in the documents the data come from, as digests: they must not appear, not even here.
PEOPLE = frozenset(
    {
        "eb342847b585c013",
        "8086f838e6baba5c",
        "f192e3745cc32868",
        "bfb92bb65ce19d2a",
        "4fd07544d36f19ef",
        "7494e4ad4fb803a1",
        "a0110caafafaf5c1",
        "1e73f822d66066d5",
        "1567b5a85a2b6cff",
        "aeceb374db9a6dbf",
        "ecf650a5e2608819",
        "6ac0258e3ea025ef",
        "4401d8083e862b17",
        "54012c2d932fb438",
        "242989b0ad68e05b",
        "b2b1a319d1b06aaa",
        "cc7a1c5f0ea1ecc1",
        "998925566a64432b",
        "723749733f26f8f3",
        "d428e840fc4a1be5",
        "5b2949b5c5acb89e",
        "1e8a8b3c3e2a31c1",
        "c675807e2dc6a85e",
        "17e8c8b0b3b3eb7b",
        "0b01e81795caf5c1",
        "defb28a32c2f13f0",
        "3043545a82209a3a",
        "a9a97f25a6d250f9",
        "287afe26b72a08ea",
        "77b074356777659b",
        "db572383678e17cb",
        "5cd055cd1a90e117",
        "ba7a5d312ccaf05a",
        "c1124f179180e38b",
        "d4bdbb8d790c9495",
        "7202f577c5aa5188",
        "d233c172ce100621",
        "3d4b246a6732af71",
    }
)
ORGANISATION_KINDS = {
    "unit",
    "company",
    "university",
    "association",
    "authority",
    "property_owner",
    "sami_village",
    "city",
    "region",
    "state",
    "public",
}
MATTER_KINDS = {"need", "idea", "obstacle", "example", "signal"}
STATUSES = {"new", "asked", "answered", "referred", "forward", "banked", "ownerless", "declined", "merged"}
OUTCOMES = STATUSES - {"new", "asked", "merged"}
#: Accounts named by role, what they write, and the sources themselves.
UNMARKED = {"people.csv", "comments.csv", "sources.csv", "mandates.csv"}
STANCES = {"supports", "conflicts", "unclear"}
LINKS = {"merged_into", "split_from", "part_of", "hinders", "answers", "reuses", "synergy_with"}
PARTS = {"need_owner", "question_owner", "innovator", "assessor", "researcher", "funder", "site_owner", "partner"}
LANGUAGES = {"sv", "en", "se", "fi", "fit"}


def table(name: str) -> list[dict[str, str]]:
    with (HERE / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter=";"))


def cells(row: dict[str, str], column: str) -> list[str]:
    return [cell for cell in row[column].split("|") if cell]


MATTERS, PROJECTS = table("matters.csv"), table("projects.csv")
ORGANISATIONS = {row["slug"] for row in table("organisations.csv")} | {row["slug"] for row in table("groups.csv")}
PEOPLE_ACCOUNTS = {row["username"] for row in table("people.csv")}
GOALS = {row["stable_id"] for row in table("goals.csv")}
REFERENCES = {row["reference"] for row in MATTERS} | {row["reference"] for row in PROJECTS}


def every_cell() -> Iterator[tuple[str, str]]:
    for name in TABLES:
        for row in table(name):
            yield from ((name, cell) for cell in row.values())
    for path in (*HERE.glob("*.toml"),):
        yield path.name, path.read_text("utf-8")


@pytest.mark.parametrize("name", TABLES)
def test_rows_are_whole_and_sourced(name: str) -> None:
    rows = table(name)
    assert rows
    for row in rows:
        assert None not in row and None not in row.values(), row
        if "confidence" in row:
            assert row["confidence"] in {"fact", "approx", "assumption"}, row
            assert row.get("source") or row["confidence"] == "assumption", row
        else:
            assert name in UNMARKED or row["source"], row


def test_sources_are_listed() -> None:
    known = {row["id"] for row in table("sources.csv")}
    for name in TABLES:
        for row in table(name):
            assert set(cells(row, "source") if "source" in row else []) <= known, row


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("organisations.csv", "slug"),
        ("groups.csv", "slug"),
        ("people.csv", "username"),
        ("goals.csv", "stable_id"),
        ("matters.csv", "reference"),
        ("projects.csv", "reference"),
        ("comments.csv", "reference"),
        ("answers.csv", "matter"),
        ("investments.csv", "id"),
        ("sources.csv", "id"),
    ],
)
def test_keys_are_unique(name: str, key: str) -> None:
    keys = [row[key] for row in table(name)]
    assert len(keys) == len(set(keys))


def test_organisations_form_a_tree_with_parents_first() -> None:
    seen: set[str] = set()
    for row in table("organisations.csv"):
        assert row["kind"] in ORGANISATION_KINDS
        assert not row["parent"] or row["parent"] in seen, row["slug"]
        seen.add(row["slug"])


def test_budget_holders_of_the_books_are_there() -> None:
    holders = "tekniska-verken avfallstjansten kommunen gruvbolaget staten varmekunder regionen hushallen"
    assert set(f"{holders} fastighetsagare naringsfastigheter kirunabostader".split()) <= ORGANISATIONS


def test_groups_and_people_belong_somewhere() -> None:
    for row in table("mandates.csv"):
        assert {row["group"], row["given_by"]} <= ORGANISATIONS
        assert row["purpose"]
    assert {row["group"] for row in table("mandates.csv")} == {row["slug"] for row in table("groups.csv")}
    for row in table("people.csv"):
        assert row["language"] in LANGUAGES
        assert row["demo"] == "ja"
        assert {cell.split(":")[0] for cell in cells(row, "memberships")} <= ORGANISATIONS


def test_goals_form_a_tree() -> None:
    for row in table("goals.csv"):
        assert row["kind"] in {"plan", "strategy", "global", "agreement"}
        assert not row["parent"] or row["parent"] in GOALS
    assert sum(row["parent"] == "gm" for row in table("goals.csv")) == 17


@pytest.mark.parametrize("row", MATTERS, ids=lambda row: row["reference"])
def test_matter_refers_to_what_exists(row: dict[str, str]) -> None:
    assert row["kind"] in MATTER_KINDS
    assert row["status"] in STATUSES
    assert row["language"] in LANGUAGES
    assert {row["unit"], *cells(row, "owners")} <= ORGANISATIONS
    assert {*([row["author"]] if row["author"] else []), *cells(row, "supporters")} <= PEOPLE_ACCOUNTS
    assert set(cells(row, "themes")) <= set(INSTANCE["themes"])
    assert bool(row["secrecy_paragraph"]) == (row["visibility"] == "restricted")
    assert "2026-02-01" <= row["created"] <= "2026-11-20"
    assert 10 <= len(row["title"]) <= 90
    assert 40 <= len(row["text"]) <= 500
    for goal in cells(row, "goals"):
        stance, goal_id, reason = goal.split(":", 2)
        assert stance in STANCES
        assert goal_id in GOALS
        assert reason.endswith(".")
    for part in cells(row, "participants"):
        role, organisation = part.split(":")
        assert role in PARTS
        assert organisation in ORGANISATIONS
    check_links(row)
    if row["status"] == "ownerless":
        assert not row["owners"]


def check_links(row: dict[str, str]) -> None:
    for link in cells(row, "links"):
        kind, target = link.split(":")
        assert kind in LINKS
        assert target in REFERENCES


@pytest.mark.parametrize("row", PROJECTS, ids=lambda row: row["reference"])
def test_project_refers_to_what_exists(row: dict[str, str]) -> None:
    named = {row["unit"], *cells(row, "owners"), *(part.split(":")[1] for part in cells(row, "participants"))}
    assert named | set(cells(row, "taken_over_by")) <= ORGANISATIONS
    assert {goal.split(":")[1] for goal in cells(row, "goals")} <= GOALS
    assert not row["ends"] or row["starts"] < row["ends"]
    check_links(row)


def test_answers_say_why_who_and_when() -> None:
    status = {row["reference"]: row["status"] for row in MATTERS}
    created = {row["reference"]: row["created"] for row in MATTERS}
    answered = set()
    for row in table("answers.csv"):
        assert status[row["matter"]] == row["outcome"], row
        assert row["reason"]
        assert row["contact"]
        assert row["by"] in PEOPLE_ACCOUNTS
        assert created[row["matter"]] <= row["date"] <= "2026-11-20"
        assert bool(row["return_on"] or row["return_when"]) == (
            row["outcome"] == "banked" and row["usable_now"] == "nej"
        )
        answered.add(row["matter"])
    assert answered == {ref for ref, value in status.items() if value not in {"new", "asked", "merged"}}


def test_variety_of_matters() -> None:
    assert len(MATTERS) >= 60
    assert {row["kind"] for row in MATTERS} == MATTER_KINDS
    assert {row["status"] for row in MATTERS} == STATUSES
    assert {row["visibility"] for row in MATTERS} == {"public", "internal", "restricted"}
    assert {row["author_kind"] for row in MATTERS} == {"named", "pseudonym", "anonymous"}
    assert {"sv", "en", "fi"} <= {row["language"] for row in MATTERS}
    assert len({row["matter"] for row in table("comments.csv")}) >= 10


def test_comments_answer_earlier_comments_of_the_same_matter() -> None:
    seen: dict[str, str] = {}
    for row in table("comments.csv"):
        assert row["matter"] in REFERENCES
        assert row["author"] in PEOPLE_ACCOUNTS
        assert not row["reply_to"] or seen[row["reply_to"]] == row["matter"]
        seen[row["reference"]] = row["matter"]


def test_investments_keep_contradictions_side_by_side() -> None:
    rows = table("investments.csv")
    assert len({row["investment"] for row in rows if row["value"]}) >= 20
    stages = INSTANCE["timetable"]["periods"]
    groups: dict[str, set[str]] = {}
    for row in rows:
        assert row["holder"] in ORGANISATIONS
        assert row["depends_on_timetable"] in stages
        assert not row["value"] or float(row["value"]) > 0
        if row["contradicts"]:
            groups.setdefault(row["contradicts"], set()).add(row["value"])
    assert groups
    assert all(len(values) > 1 for values in groups.values())


def test_the_one_timetable_is_a_book_and_its_stages_are_numbers_of_it() -> None:
    told = INSTANCE["timetable"]
    book = tomllib.loads((HERE / "books" / f"{told['book']}.toml").read_text("utf-8"))
    for row in told["periods"].values():
        assert row["sv"]
        assert row["en"]
        assert all(isinstance(book["quantity"][row[name]]["number"], int) for name in ("starts", "years"))
    assert not (HERE / "timetable.csv").exists(), "two timetables would tell two stories"


def test_places_lie_inside_the_municipality() -> None:
    bounds = INSTANCE["bounds"]
    for row in (*MATTERS, *PROJECTS, *table("investments.csv")):
        latitude, longitude = row["latitude"], row["longitude"]
        assert bool(latitude) == bool(longitude)
        if latitude and longitude:
            assert bounds["south"] <= float(latitude) <= bounds["north"], row
            assert bounds["west"] <= float(longitude) <= bounds["east"], row
            # Known bad copies put buildings of the town sixty kilometres north-east of it.
            assert row["place"] != "Stadshuset Kristallen" or abs(float(latitude) - 67.849) < 0.01


def test_no_person_address_or_number() -> None:
    for name, text in every_cell():
        assert "@" not in text, name
        assert not re.search(r"\b0\d{1,3}[- ]\d{5,}", text), (name, text)
        assert not re.search(r"\b(19|20)?\d{6}[-+]\d{4}\b", text), (name, text)
        words = re.findall(r"\w+", text.casefold())
        for said in (*words, *(" ".join(pair) for pair in pairwise(words))):
            assert hashlib.sha256(said.encode()).hexdigest()[:16] not in PEOPLE, (name, text)


def test_sluices_and_standard_texts() -> None:
    slugs = [sluice["organisation"] for sluice in SLUICES["sluice"]]
    assert len(slugs) == len(set(slugs)) >= 3
    for sluice in SLUICES["sluice"]:
        assert sluice["organisation"] in ORGANISATIONS
        assert set(sluice["outcomes"]) <= OUTCOMES
        assert sluice["promise_days"] > 0
        assert len(sluice.get("questions", [])) <= 1, "three fields at most, two are given"
    for key, texts in {**INSTANCE["standard_texts"], **INSTANCE["other_texts"]}.items():
        assert set(texts) == LANGUAGES, key
        assert all(texts.values()), key
    review = INSTANCE["standard_texts_review"]
    assert {*review["reviewed"], *review["unreviewed"]} == LANGUAGES
    assert {INSTANCE["municipality"], INSTANCE["default_unit"]} <= ORGANISATIONS
    assert all((HERE / name).is_file() for name in INSTANCE["files"].values())
