# SPDX-License-Identifier: EUPL-1.2
"""Formulas, units, dimensions, price bases: what holds and what is refused, in plain words."""

from pathlib import Path

import pytest

from helhet.core.book import load, loads
from helhet.core.book.messages import MESSAGES, SUGGESTIONS
from helhet.core.book.parser import parse
from helhet.core.book.problems import BookError
from helhet.core.book.syntax import canonical
from helhet.core.book.units import TABLE
from helhet.core.book.units import parse as unit

BOOKS = Path(__file__).parent / "books"
HEAD = """
[book]
name = "prov"
price_year = 2026
years = [2026, 2030]
discount_rate = "r"
[dimensions]
holder = ["a", "b"]
plats = ["x", "y"]
[quantity.r]
number = 3.5
unit = "%"
source = "s"
[quantity.pengar]
number = 5
unit = "MSEK"
source = "s"
[quantity.yta]
number = 5
unit = "m2"
source = "s"
[quantity.per_plats]
dims = ["plats"]
table = { x = 1, y = 2 }
unit = "MSEK"
source = "s"
[quantity.nominell]
number = 5
unit = "MSEK"
price = "nominal"
source = "s"
[quantity.f]
"""


def codes(formula: str, more: str = "") -> list[str]:
    book = loads(f"{HEAD}formula = '{formula}'\n{more}")
    return [p.code for p in book.problems if p.code != "no-flows"]


@pytest.mark.parametrize(
    ("text", "means"),
    [
        ("a + 2,5*b", "(a+(2.5{}*b))"),
        ("min(a;3,5)", "min(a;3.5{})"),
        ("min(3,5)", "min(3.0{};5.0{})"),
        ("min((3,5);1)", "min(3.5{};1.0{})"),
        ("-2^2", "(-(2.0{}^2.0{}))"),
        ("2^-1", "(2.0{}^(-1.0{}))"),
        ("2^3^2", "(2.0{}^(3.0{}^2.0{}))"),
        ("1 år + 25 %", "(1.0{år}+25.0{%})"),
        ("5 [kr/MWh]", "5.0{kr/MWh}"),
        ("1\u202f000 × 3", "(1000.0{}*3.0{})"),
        ("om(a ≥ 1; b; c)", "if((a>=1.0{});b;c)"),
        ("åäö − x", "(åäö-x)"),
    ],
)
def test_formulas_are_read_as_written(text: str, means: str) -> None:
    assert canonical(parse(text)) == means


@pytest.mark.parametrize("text", ["", "1 +", "(1", "1)", "f(1", "a b", "1 = ;", "#", "1..2", "a.b", "__import__('os')"])
def test_broken_formulas_tell_where(text: str) -> None:
    with pytest.raises(BookError) as caught:
        parse(text)
    assert caught.value.problems[0].place.column >= 1


def test_depth_and_length_are_bounded() -> None:
    for text in ("(" * 500 + "1" + ")" * 500, "-" * 500 + "1", "+".join(["a"] * 1000), "1^" * 500 + "1", "9" * 5000):
        with pytest.raises(BookError):
            parse(text)


def test_units() -> None:
    for row in TABLE:
        for name in row.names:
            assert unit(name) is not None, name
    msek, kr = unit("MSEK"), unit("kr")
    assert msek and kr and msek.same_kind(kr) and msek.factor == 1e6
    assert unit("MW") and unit("MW").dims == unit("MWh/h").dims  # type: ignore[union-attr]
    assert unit("kr per MWh") and unit("badbesök") is None
    assert unit("badbesök", frozenset({"badbesök"}))
    assert unit("m^99999") is None and unit("9**9**9") is None


@pytest.mark.parametrize(
    ("formula", "code"),
    [
        ("pengar + yta", "units-differ"),
        ("pengar + 1", "units-differ"),
        ("pengar + nominell", "basis-differs"),
        ("pengar + per_plats", "dimensions-differ"),
        ("pengr * 2", "name-unknown"),
        ("summa(per_plats; plas)", "dimension-unknown"),
        ("sum(pengar; plats)", "dimension-absent"),
        ("over(per_plats; plats)", "dimension-present"),
        ("sum(pengar; 3)", "argument-dimension"),
        ("maxx(1; 2)", "function-unknown"),
        ("if(1; 2)", "arguments"),
        ("window(pengar; 2030)", "unit-not-year"),
        ("npv(pengar; r)", "dimension-absent"),
        ("pengar ^ r", "unit-power"),
        ("2 ^ pengar", "unit-not-plain"),
        ("f + 1", "cycle"),
        ("3 [kr/xyz]", "unit-unknown"),
    ],
)
def test_faults_have_codes(formula: str, code: str) -> None:
    assert codes(formula) == [code]


@pytest.mark.parametrize(
    "formula",
    [
        "pengar + 0", "over(pengar; plats) + per_plats", "max(per_plats; 0)", "pengar * per_plats / pengar",
        "if(year > 2027; pengar; 0)", "sum(pengar * window(2026; 2028); year)", "pengar * (1 + r) ^ (year - 2026)",
        "npv(pengar * window(2026; 2031); r)", "pengar / yta * 3 [m2]", "1 - r",
    ],
)  # fmt: skip
def test_what_holds(formula: str) -> None:
    assert codes(formula) == []


def test_every_problem_has_both_languages_and_position() -> None:
    book = loads(HEAD + "formula = 'pengar + pengr'\n", path="bok.toml")
    (found,) = [p for p in book.problems if p.code == "name-unknown"]
    assert (found.place.file, found.place.quantity, found.place.column) == ("bok.toml", "f", 10)
    assert book.files["bok.toml"].splitlines()[found.place.line - 1].startswith("formula")
    assert "pengar" in found.suggestion("sv") and "Did you mean" in found.suggestion("en")
    for table in (MESSAGES, SUGGESTIONS):
        assert all(row.sv and row.en and row.sv != row.en for row in table.values())


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("[quantity.q]\nunit = 'kr'", "one-content"),
        ("[quantity.q]\nnumber = 1\nformula = '1'", "one-content"),
        ("[quantity.q]\ntable = { x = 1 }\ndims = ['plats']", "category-missing"),
        ("[quantity.q]\ntable = { x = 1, y = 2, z = 3 }\ndims = ['plats']", "category-unknown"),
        ("[quantity.q]\ntable = [1, 2, 3]\ndims = ['plats']", "table-shape"),
        ("[quantity.q]\nnumber = 'hej'", "number"),
        ("[quantity.q]\nnumber = inf", "number"),
        ("[quantity.q]\ndistribution = { kind = 'normal', mean = 1 }", "distribution"),
        ("[quantity.q]\ndistribution = { kind = 'triangular', low = 3, mode = 2, high = 4 }", "distribution"),
        ("[quantity.q]\ndistribution = { kind = 'lognormal', mean = -1, sd = 2 }", "distribution"),
        ("[quantity.q]\ndistribution = { kind = 'norml', mean = 1, sd = 1 }", "distribution-kind"),
        ("[quantity.year]\nnumber = 1", "name-reserved"),
        ("[quantity.q]\nformula = 'pengar'\nflow = 'resource'\npayer = 'a'", "flow-year"),
        ("[quantity.q]\nformula = 'pengar*window(2026;2027)'\nflow = 'resource'\npayer = 'c'", "flow-holder"),
        ("[quantity.q]\nformula = 'pengar*window(2026;2027)'\nflow = 'transfer'\npayer = 'a'", "flow-required"),
        ("[quantity.q]\nformula = 'pengar*window(2026;2027)'\nflow = 'transfer'\npayer='a'\nreceiver='a'", "flow-same"),
        ("[quantity.q]\nformula = 'yta*window(2026;2027)'\nflow = 'resource'\npayer = 'a'", "flow-money"),
        ("[quantity.q]\nformula = 'nominell*window(2026;2027)'\nflow = 'resource'\npayer = 'a'", "flow-basis"),
        ("[quantity.q]\nformula = 'yta'\nflow = 'effect'", "flow-required"),
        ("[quantity.q]\nformula = 'yta'\nflow = 'effect'\naffects = 'x'\nunit_value = 'pengar'", "unit-value"),
        ("[scenario.s]\nset = { fel = 1 }", "overlay-name"),
        ("[scenario.s]\nset = { pengar = 'x' }", "number"),
        ("[scenario.s]\non = 's'", "scenario-cycle"),
        ("[scenario.s]\nchoose = { pengar = 'x' }", "overlay-alternative"),
    ],
)
def test_faults_of_quantities(text: str, code: str) -> None:
    book = loads(HEAD + "formula = '1'\n" + text)
    assert code in [p.code for p in book.problems if p.severity == "error"]


def test_unsourced_inputs_are_warned_about() -> None:
    book = loads(HEAD + "formula = '1'\n[quantity.q]\nnumber = 1\n")
    assert [(p.code, p.place.quantity) for p in book.problems if p.severity == "warning"] == [
        ("no-flows", ""), ("unsourced", "q"),
    ]  # fmt: skip


def test_used_books_stay_in_their_folder() -> None:
    for path in ("../hemligt.toml", "/etc/passwd", "a/../../b", "..\\b", "c:/x"):
        book = loads(f'use = ["{path.replace(chr(92), chr(92) * 2)}"]')
        assert [p.code for p in book.problems] == ["path-outside"], path
    ring = loads('use = ["b.toml"]', {"b.toml": 'use = ["book.toml"]'})
    assert [p.code for p in ring.problems] == ["use-cycle"]
    assert [p.code for p in loads('use = ["c.toml"]').problems] == ["file-missing"]


def test_a_link_out_of_the_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "ute.toml").write_text("x = 1")
    (tmp_path / "inne").mkdir()
    (tmp_path / "inne" / "b.toml").symlink_to(tmp_path / "ute.toml")
    (tmp_path / "inne" / "a.toml").write_text('use = ["b.toml"]')
    assert [p.code for p in load(tmp_path / "inne" / "a.toml").problems] == ["path-outside"]


@pytest.mark.parametrize("name", ["priser", "hall", "val"])
def test_example_books_hold(name: str) -> None:
    book = load(BOOKS / f"{name}.toml")
    assert [p.line_of_text() for p in book.problems if p.code != "no-flows"] == []


@pytest.mark.parametrize("formula", ["1 +", "(1", "f(1", "pengar + per_plats", "window(pengar; 2030)", "sum(r)"])
def test_no_swedish_word_in_english_messages(formula: str) -> None:
    found = loads(HEAD + f"formula = '{formula}'\n").problems[0].message("en")
    assert not any(word in found for word in ("ett", "eller", "slutet", "utan")), found


def test_toml_faults_are_told_in_swedish_with_their_line() -> None:
    (found,) = loads("[book]\nname = \n").problems
    assert found.place.line == 2 and "ogiltigt värde" in found.message("sv") and "Invalid value" in found.message("en")
