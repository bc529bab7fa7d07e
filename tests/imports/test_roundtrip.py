# SPDX-License-Identifier: EUPL-1.2
"""What goes out comes back: export, import into an empty database, export again – the same content."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from helhet.cli import exchange
from helhet.core.tables import read
from helhet.foundation.goals.services import settle
from helhet.foundation.imports.columns import Column, Part, join_items, split_items
from helhet.foundation.imports.exporting import FORMATS, TooLong, export
from helhet.foundation.imports.kinds import all_kinds
from helhet.foundation.imports.tables import MATTERS
from helhet.foundation.matters.models import Comment, Matter
from helhet.foundation.matters.services import capture_matter
from helhet.foundation.matters.thread import comment
from helhet.foundation.people.services import add_organisation
from helhet.foundation.policy import Forbidden, Standing, visitor
from helhet.site import instance

SYSTEM = Standing(system=True, label="Plattformsteamet")


def snapshot(folder: Path, form: str = "json") -> dict[str, Any]:
    export([], folder, form=form, identities=True)
    return {name: json.loads((folder / f"{name}.json").read_text("utf-8")) for name in all_kinds()}


def write_by_hand() -> None:
    """What the web leaves behind: matters without a reference, threads, an awkward text, a settled conflict."""
    loose = capture_matter(by=SYSTEM, kind="idea", title="=1+1", text="@rad ett\r\n-rad två|snett\\streck").matter
    first = comment(by=SYSTEM, matter=loose, text="+ja")
    comment(by=SYSTEM, matter=loose, text="'=nej", parent=first)
    tie = Matter.objects.get(reference="KIR-001").goal_ties.get(stance="conflicts")
    settle(by=SYSTEM, tie=tie, reason="Vägt: a|b:c")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_everything_comes_back(form: str, tmp_path: Path, settings: Any) -> None:
    settings.HELHET_DEMO = True
    instance.load("kiruna", demo=True)
    write_by_hand()
    export([], tmp_path / "out", form=form, identities=True)
    before = snapshot(tmp_path / "before")
    call_command("flush", interactive=False, verbosity=0)
    assert not Matter.objects.exists()
    instance.load("kiruna", demo=False)  # an empty house has its municipality; everything else comes from the files
    for kind in all_kinds().values():
        report = kind(tmp_path / "out" / f"{kind.name}.{form}")
        assert report.ok, str(report)
    assert snapshot(tmp_path / "after") == before
    assert Comment.objects.filter(text="'=nej", parent__text="+ja").exists()


@pytest.mark.django_db
def test_an_export_read_in_again_where_it_came_from_changes_nothing(tmp_path: Path, settings: Any) -> None:
    settings.HELHET_DEMO = True
    instance.load("kiruna", demo=True)
    write_by_hand()
    before = snapshot(tmp_path / "before")
    export([], tmp_path / "out", identities=True)
    for kind in all_kinds().values():
        report = kind(tmp_path / "out" / f"{kind.name}.csv")
        assert report.ok, str(report)
        assert report.created == 0, kind.name
    assert snapshot(tmp_path / "after") == before


TEXT = st.text(
    st.characters(exclude_categories=["Cs", "Cc"], include_characters="\n\t=+-@|\\:'\""), min_size=1, max_size=60
)


@pytest.mark.django_db
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(title=TEXT, text=TEXT, place=TEXT, form=st.sampled_from(["csv", "xlsx"]))
def test_any_text_comes_back(title: str, text: str, place: str, form: str, tmp_path: Path) -> None:
    Matter.objects.all().delete()
    unit = _unit()
    wanted = [
        MATTERS.by_name[name].parse(cell) or ""
        for name, cell in (("title", f"{title}x"), ("text", f"{text}x"), ("place", place))
    ]
    matter = Matter.objects.create(
        reference="a", kind="idea", title=wanted[0], text=wanted[1], place=wanted[2], home_unit=unit, number="KN 2026/1"
    )
    uid = matter.uid
    export(["matters"], tmp_path, form=form)
    matter.delete()
    report = MATTERS(tmp_path / f"matters.{form}")
    assert report.ok, str(report)
    back = Matter.objects.get()
    assert [back.title, back.text, back.place] == wanted
    assert back.uid == uid
    Matter.objects.all().delete()


def _unit() -> Any:
    from helhet.foundation.people.models import Organisation

    return Organisation.objects.filter(slug="kommunen").first() or add_organisation(
        by=SYSTEM, slug="kommunen", kind="unit", name="Kommunen", series="KN"
    )


@given(st.lists(TEXT.map(str.strip).filter(bool), max_size=5))
def test_list_cells_come_back(items: list[str]) -> None:
    assert split_items(join_items(items)) == items


@given(st.lists(st.tuples(st.sampled_from(["a", "b"]), TEXT.map(str.strip).filter(bool)), max_size=4))
def test_cells_of_parts_come_back(items: list[tuple[str, str]]) -> None:
    column = Column("x", "", "", many=True, parts=(Part("kind", choices=("a", "b")), Part("words")))
    assert column.parse(column.write(tuple(items))) == tuple(items)


@pytest.mark.django_db
def test_formulas_are_disarmed_in_files(tmp_path: Path) -> None:
    _unit()
    capture_matter(by=SYSTEM, kind="idea", title='=HYPERLINK("x")', text="@SUM(1)")
    for form in ("csv", "xlsx"):
        export(["matters"], tmp_path, form=form)
    raw = (tmp_path / "matters.csv").read_text("utf-8-sig")
    assert "'=HYPERLINK" in raw
    assert "'@SUM" in raw
    rows = list(read(tmp_path / "matters.xlsx", "matters.xlsx"))
    assert rows[0]["title"] == '=HYPERLINK("x")'


@pytest.mark.django_db
def test_who_supports_leaves_the_house_only_when_asked(tmp_path: Path, settings: Any) -> None:
    settings.HELHET_DEMO = True
    instance.load("kiruna", demo=True)
    for identities in (False, True):
        export(["matters"], tmp_path, form="json", identities=identities)
        rows = json.loads((tmp_path / "matters.json").read_text("utf-8"))
        assert any(row.get("supporters") for row in rows) == identities
    pseudonym = next(row for row in rows if row["author_kind"] == "pseudonym")
    assert pseudonym["author"] is None


@pytest.mark.django_db
def test_a_text_too_long_for_a_workbook_is_refused_not_cut(tmp_path: Path) -> None:
    _unit()
    capture_matter(by=SYSTEM, kind="idea", title="Lång", text="ord " * 9000)
    with pytest.raises(TooLong):
        export(["matters"], tmp_path, form="xlsx")
    assert not (tmp_path / "matters.xlsx").exists()
    export(["matters"], tmp_path, form="csv")


@pytest.mark.django_db
def test_export_asks_policy(tmp_path: Path) -> None:
    with pytest.raises(Forbidden):
        export(["matters"], tmp_path, by=visitor())


@pytest.mark.django_db
def test_the_command_writes_one_file_per_kind(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for form in FORMATS:
        assert exchange.run_export(["all", str(tmp_path), "--format", form]) == 0
    assert {path.name for path in tmp_path.iterdir()} == {f"{name}.{form}" for name in all_kinds() for form in FORMATS}
    assert "matters.csv" in capsys.readouterr().out


@pytest.mark.django_db
def test_the_import_command_reports_and_answers_with_a_code(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LANG", "en_GB.UTF-8")
    good, bad = tmp_path / "good.csv", tmp_path / "bad.csv"
    good.write_text("slug;kind;name\nny;company;Ny\n", "utf-8")
    bad.write_text("slug;kind;name\nannan;bolag;Annan\n", "utf-8")
    assert exchange.run_import(["organisations", str(good)]) == 0
    assert "good.csv: 1 rows, 1 new" in capsys.readouterr().out
    assert exchange.run_import(["organisations", str(bad)]) == 1
    assert "row 2, column kind: “bolag” is no choice." in capsys.readouterr().out
    assert exchange.run_import(["organisations", str(tmp_path / "none.csv")]) == 1
    assert exchange.run_import(["--reference"]) == 0
