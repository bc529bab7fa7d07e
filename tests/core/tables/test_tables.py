# SPDX-License-Identifier: EUPL-1.2
"""Tables in and out: bounded reading, exact round trips, no formula gets through."""

from __future__ import annotations

import datetime as dt
import io
import time
import tracemalloc
import zipfile
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helhet.core import tables
from helhet.core.tables import Column, Limits, TableError

HOSTILE = ["=1+1", "+46 70", "-tak", "@SUM(A1)", "\t=1", "\r=1", "'=1", "''@x", "'n Sync", "＝1", "a;b", 'c"d', "e\nf"]


def read_all(data: bytes, name: str, **options: object) -> list[tables.Row]:
    return list(tables.read(data, name, **options))  # type: ignore[arg-type]


@pytest.mark.parametrize("separator", [";", ",", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_separator_and_encoding_are_found_out(separator: str, encoding: str) -> None:
    text = separator.join([" Namn ", "FRÅGA  nu"]) + "\r\n" + separator.join(["Åsa", '"hö\nö"']) + "\r\n"
    rows = read_all(text.encode(encoding), "x.CSV")
    assert [(row.number, row.values) for row in rows] == [(2, {"namn": "Åsa", "fråga nu": "hö\nö"})]


def test_a_separator_inside_quotes_does_not_count() -> None:
    rows = read_all(b'"a,b,c";d\r\n1;2', "x.csv")
    assert rows[0].values == {"a,b,c": "1", "d": "2"}


def test_blank_rows_are_counted_but_not_given() -> None:
    rows = read_all(b"\r\na;b\r\n;\r\n1;2\r\n\r\n3\r\n", "x.csv")
    assert [(row.number, row["a"], row["b"]) for row in rows] == [(4, "1", "2"), (6, "3", "")]
    assert rows[0].get("missing", "x") == "x"


@pytest.mark.parametrize(
    ("data", "name", "code", "row", "column"),
    [
        (b"", "x.csv", "empty", None, None),
        (b"a;a\n1;2", "x.csv", "header_twice", 1, "a"),
        (b"a;b\n1;2;3", "x.csv", "header_missing", 2, "C"),
        (b'a;b\n"1;2', "x.csv", "quotes", 2, None),
        (b"PK\x03\x04aaaa", "x.csv", "content", None, None),
        (b"a\x00b", "x.csv", "content", None, None),
        (b"a;b\n\x81;1", "x.csv", "encoding", None, None),
        (b"a;b", "x.xlsx", "content", None, None),
        (b"\xd0\xcf\x11\xe0aaaa", "x.xlsx", "encrypted", None, None),
        (b"PK\x03\x04aaaa", "x.xlsx", "damaged", None, None),
        (b"a", "x.exe", "kind", None, None),
    ],
)
def test_faults_name_row_and_column(data: bytes, name: str, code: str, row: int | None, column: str | None) -> None:
    with pytest.raises(TableError) as caught:
        read_all(data, name)
    error = caught.value
    assert (error.code, error.row, error.column) == (code, row, column)
    assert error.message("sv")
    assert error.message("en")
    assert error.message("sv") != error.message("en")


def test_bounds_hold_for_both_formats() -> None:
    columns, rows = ["a", "b"], [["1", "x" * 50], ["2", "y"], ["3", "z"]]
    for data, name in (
        (tables.write_csv(columns, rows), "x.csv"),
        (tables.write_xlsx({"Blad": (columns, rows)}), "x.xlsx"),
    ):
        for limits, code in (
            (Limits(max_rows=2), "rows"),
            (Limits(max_columns=1), "columns"),
            (Limits(max_cell=20), "cell"),
            (Limits(max_bytes=10), "size"),
        ):
            with pytest.raises(TableError) as caught:
                read_all(data, name, limits=limits)
            assert caught.value.code == code


@pytest.mark.parametrize("text", HOSTILE)
def test_formulas_are_disarmed_in_the_file_and_restored_on_reading(text: str) -> None:
    csv_bytes = tables.write_csv(["a", "b"], [[text, 1]])
    xlsx_bytes = tables.write_xlsx({"s": (["a", "b"], [[text, 1]])})
    assert read_all(csv_bytes, "x.csv")[0]["a"] == text
    assert read_all(xlsx_bytes, "x.xlsx")[0]["a"] == text
    cell = openpyxl.load_workbook(io.BytesIO(xlsx_bytes)).active["A2"]  # type: ignore[index]
    assert cell.data_type != "f"
    assert str(cell.value)[0] not in "=+-@\t\r"


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\x00￾￿"), max_size=30),
        min_size=1,
        max_size=4,
    )
)
def test_every_text_comes_back_from_csv(texts: list[str]) -> None:
    if not any(text and not text.isspace() for text in texts):
        return
    data = tables.write_csv([f"k{i}" for i in range(len(texts))], [texts])
    assert list(read_all(data, "x.csv")[0].values.values()) == texts


@settings(max_examples=40, deadline=None)
@given(st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\x00￾￿\r"), min_size=1, max_size=30))
def test_every_text_comes_back_from_a_workbook(text: str) -> None:
    if text.isspace():
        return
    assert read_all(tables.write_xlsx({"s": (["a"], [[text]])}), "x.xlsx")[0]["a"] == text


def test_numbers_stay_numbers() -> None:
    row = [1, -2.5, Decimal("1234.50"), True, dt.date(2026, 3, 1), None, float("nan")]
    columns = ["i", "f", Column("d", "#,##0.00"), "b", "t", "n", "x"]
    assert tables.write_csv(columns, [row]).decode("utf-8-sig").splitlines()[1] == "1;-2,5;1234,50;true;2026-03-01;;"
    english = tables.write_csv(columns, [row], language="en-GB").decode("utf-8-sig").splitlines()
    assert english[1] == "1,-2.5,1234.50,true,2026-03-01,,"
    sheet = openpyxl.load_workbook(io.BytesIO(tables.write_xlsx({"s": (columns, [row])}))).active
    assert sheet is not None
    assert sheet.freeze_panes == "A2"
    assert [sheet.cell(2, c).data_type for c in (1, 2, 3, 4, 5)] == ["n", "n", "n", "b", "d"]
    assert sheet["C2"].number_format == "#,##0.00"
    assert sheet["A1"].font.bold
    read = read_all(tables.write_xlsx({"s": (columns, [row])}), "x.xlsx")[0]
    assert read.values == {"i": "1", "f": "-2.5", "d": "1234.5", "b": "true", "t": "2026-03-01", "n": "", "x": ""}


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1 234,5", "1234.5"),
        ("1.234,5", "1234.5"),
        ("1,234.5", "1234.5"),
        ("−73", "-73"),
        ("40\u202f000", "40000"),
        ("1,234", "1.234"),
        ("1e3", "1000"),
        (".5", "0.5"),
        ("5.", "5"),
    ],
)
def test_numbers_as_people_write_them(text: str, number: str) -> None:
    assert tables.parse_number(text) == Decimal(number)


@pytest.mark.parametrize("text", ["", "a", "1,2,3", "=1", "nan", "1..2", "12 kr", "1e9999"])
def test_what_is_no_number(text: str) -> None:
    assert tables.parse_number(text) is None


def test_same_content_same_bytes_and_sheet_names_are_mended() -> None:
    sheets = {"a/b:c": (["x"], [["1"]]), "A b c": (["x"], [["2"]]), "": (["x"], []), "n" * 40: (["x"], [])}
    first = tables.write_xlsx(sheets)
    assert first == tables.write_xlsx(sheets)
    assert openpyxl.load_workbook(io.BytesIO(first)).sheetnames == ["a b c", "A b c (2)", "Tabell", "n" * 31]
    assert read_all(first, "x.xlsx", sheet="A b c (2)")[0]["x"] == "2"
    with pytest.raises(TableError, match="no sheet named"):
        read_all(first, "x.xlsx", sheet="q")


def rebuild(data: bytes, name: str, content: bytes) -> bytes:
    """Return the workbook `data` with the entry `name` replaced."""
    result = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(result, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.namelist():
            new.writestr(entry, content if entry == name else old.read(entry))
    return result.getvalue()


def test_archives_and_xml_made_to_exhaust_are_refused_quickly() -> None:
    good = tables.write_xlsx({"s": (["a"], [["x"]])})
    sheet = "xl/worksheets/sheet1.xml"
    bomb = rebuild(good, sheet, b"<worksheet>" + b" " * 60_000_000)
    laughs = b'<?xml version="1.0"?><!DOCTYPE w [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><worksheet>&b;</worksheet>'
    start = time.perf_counter()
    for data, code in ((bomb, "archive"), (rebuild(good, sheet, laughs), "damaged"), (good[:300], "damaged")):
        with pytest.raises(TableError) as caught:
            read_all(data, "x.xlsx")
        assert caught.value.code == code
    with pytest.raises(TableError) as caught:
        read_all(good, "x.xlsx", limits=Limits(max_entries=3))
    assert caught.value.code == "archive"
    assert time.perf_counter() - start < 3


def test_a_row_or_column_far_out_does_not_exhaust() -> None:
    good = tables.write_xlsx({"s": (["a"], [["x"]])})
    far = (
        b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
        b'<row r="1"><c r="A1" t="inlineStr"><is><t>a</t></is></c></row>'
        b'<row r="99999999999"><c r="XFD99999999999"><v>1</v></c></row></sheetData></worksheet>'
    )
    start = time.perf_counter()
    with pytest.raises(TableError) as caught:
        read_all(rebuild(good, "xl/worksheets/sheet1.xml", far), "x.xlsx")
    assert caught.value.code == "rows"
    wide = far.replace(b"99999999999", b"2")
    with pytest.raises(TableError) as caught:
        read_all(rebuild(good, "xl/worksheets/sheet1.xml", wide), "x.xlsx")
    assert caught.value.code == "columns"
    assert time.perf_counter() - start < 5


def test_formula_errors_are_named() -> None:
    book = openpyxl.Workbook()
    assert book.active is not None
    book.active.append(["a", "b"])
    book.active.append(["1", "#REF!"])
    stream = io.BytesIO()
    book.save(stream)
    with pytest.raises(TableError) as caught:
        read_all(stream.getvalue(), "x.xlsx")
    assert (caught.value.code, caught.value.row, caught.value.column) == ("formula_error", 2, "B")


def test_a_hundred_thousand_rows_stream(tmp_path: Path) -> None:
    path = tmp_path / "stor.csv"
    path.write_bytes(tables.write_csv(["id", "titel"], ([i, f"Ärende {i}"] for i in range(100_000))))
    tracemalloc.start()
    count = sum(1 for _ in tables.read(path, path.name))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert count == 100_000
    assert peak < 3_000_000
