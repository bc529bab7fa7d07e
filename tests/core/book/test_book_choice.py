# SPDX-License-Identifier: EUPL-1.2
"""Alone, together and the gap; portfolios that share a book; explanations; contradictions; the command line."""

import json
from pathlib import Path

import numpy as np
import pytest

from helhet.core.book import (
    choose,
    contradictions,
    explain,
    inputs,
    load,
    loads,
    portfolio,
    read_changes,
    run,
    shared_inputs,
)
from helhet.core.book.cache import Cache
from helhet.core.book.commands import main
from helhet.core.book.problems import BookError

BOOKS = Path(__file__).parent / "books"


def test_nobody_moves_alone_and_all_gain_together() -> None:
    found = choose(load(BOOKS / "val.toml"), samples=10)
    assert found.alone == ("elda", "hemma") == found.reference
    assert found.together == ("spillvarme", "annan_ort")
    assert found.equilibria == (("elda", "hemma"),)
    assert float(found.gap_total.mean) == pytest.approx(30)
    body = found.as_dict()
    assert body["bears"] == ["energi", "avfall"] and body["gains"] == ["kunder"]
    assert found.side_payment == pytest.approx(70)
    assert found.own_best["kunder"] == ("spillvarme", "annan_ort")
    json.dumps(body)


def test_the_best_together_is_never_worse_than_any_combination() -> None:
    found = choose(load(BOOKS / "val.toml"), {"byt": {"shift": 0.5}}, samples=10)
    assert all(o.total <= found.outcomes[found.together].total + 1e-9 for o in found.outcomes.values())


def test_plain_alternatives_without_a_decider() -> None:
    text = (BOOKS / "val.toml").read_text().split("[[decision]]")[0]
    text += '[[alternative]]\nname = "inget"\n[[alternative]]\nname = "allt"\nset = { byt = 1, bort = 1 }\n'
    found = choose(loads(text), samples=5)
    assert found.together == ("allt",) and found.own_best["energi"] == ("inget",)
    with pytest.raises(BookError):
        choose(load(BOOKS / "hall.toml"), samples=5)


def case(name: str) -> str:
    return f"""use = ["tidplan.toml"]
[book]
name = "{name}"
years = [2026, 2045]
discount_rate = "r"
[dimensions]
holder = ["kommun"]
[quantity.r]
number = 3
unit = "%"
source = "s"
[quantity.egen]
source = "s"
distribution = {{ kind = "normal", mean = 1, sd = 0.1 }}
[quantity.kostnad]
flow = "resource"
payer = "kommun"
formula = "10 [MSEK] * egen * window(gruvans_slut; 2046)"
"""


TIMETABLE = """[book]
name = "tidplan"
years = [2026, 2045]
[quantity.gruvans_slut]
unit = "år"
source = "s"
distribution = { kind = "triangular", low = 2033, mode = 2036, high = 2040 }
"""


def test_one_timetable_moves_every_case_and_leaves_the_rest() -> None:
    shared = {"tidplan.toml": TIMETABLE}
    books = {n: loads(case(n), shared) for n in ("ett", "två")} | {"val": load(BOOKS / "val.toml")}
    books["ett"].price_year = books["två"].price_year = books["val"].price_year
    assert shared_inputs(books) == {"gruvans_slut": ["ett", "två"]}
    cache = Cache()
    base = portfolio(books, samples=100, cache=cache)
    assert np.array_equal(base.cases["ett"].values("gruvans_slut"), base.cases["två"].values("gruvans_slut"))
    assert not np.array_equal(base.cases["ett"].values("egen"), base.cases["två"].values("egen"))
    later = portfolio(books, {"gruvans_slut": 2038}, samples=100, cache=cache)
    moved = {c: float(later.cases[c].total().mean - base.cases[c].total().mean) for c in books}
    assert moved["ett"] > 0 and moved["två"] > 0 and moved["val"] == 0
    assert later.cases["val"].sampled is base.cases["val"].sampled
    one = portfolio(books, {"ett:egen": 2}, samples=100, cache=cache)
    assert one.cases["två"].sampled is base.cases["två"].sampled
    assert float(one.cases["ett"].total().mean) < float(base.cases["ett"].total().mean)
    json.dumps(one.to_json())
    for wrong in ({"gruvans_slt": 1}, {"tre:egen": 1}):
        with pytest.raises(BookError):
            portfolio(books, wrong, samples=5)
    with pytest.raises(BookError):
        portfolio({}, samples=5)


def test_a_figure_is_explained_to_its_leaves() -> None:
    made = run(load(BOOKS / "hall.toml"), {"start": 2028}, samples=400)
    found = explain(made, "npv", {"holder": "bolag"})
    row = made.npv().at(made.holders.index("bolag"))
    assert found.value == row
    assert sum(part["value"] for part in found.contributors) == pytest.approx(row["expected"])
    leaves = {leaf.name for leaf in found.leaves()}
    assert {"byggkostnad", "elpris", "start", "kalkylränta", "index_2021"} <= leaves
    one = explain(made, "el", {"year": 2035})
    assert one.substituted == "2000 MWh/år * 500 kr/MWh * window(2028 år + 2; 2046)"
    assert one.value is not None and one.value["expected"] == pytest.approx(1.0) and one.value["error"] > 0
    start = next(leaf for leaf in one.leaves() if leaf.name == "start")
    assert start.change is not None and start.change.value == 2028
    whole = explain(made, "cash", {"holder": "kommun", "year": 2035})
    assert [part["text"] for part in whole.contributors] == ["hyra"] and whole.contributors[0]["value"] == -7.5
    assert explain(made, "total").value and explain(made, "el").by["2035"] == pytest.approx(1.0)
    json.dumps(found.as_dict())
    for name, coords in (("nej", {}), ("npv", {}), ("npv", {"holder": "x"}), ("el", {"tid": "1"})):
        with pytest.raises(BookError):
            explain(made, name, coords)


def test_contradicting_values_say_what_they_would_change() -> None:
    rows = contradictions(run(load(BOOKS / "hall.toml"), samples=5))
    assert [r["alternative"] for r in rows] == ["egen", "2019"]
    assert rows[0]["change"] is not None and rows[1]["change"] is None


def test_inputs_for_a_page() -> None:
    book = load(BOOKS / "hall.toml")
    rows = {row["name"]: row for row in inputs(book)}
    assert rows["elpris"]["value"] == 500 and rows["elpris"]["shared"] and rows["elpris"]["max"] == 900
    assert rows["start"]["min"] < 2027 < rows["start"]["max"] and rows["andelar"]["value"] is None
    overlay, wrong = read_changes(
        book, {"elpris": "520,5", "start": "2027", "byggkostnad": "mycket", "x": "1", "hyra": ""}
    )
    assert overlay.as_dict() == {"elpris": {"set": 520.5, "moves": []}}
    assert {name: p.code for name, p in wrong.items()} == {"byggkostnad": "number", "x": "overlay-name"}


def test_the_command_line(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    hall = str(BOOKS / "hall.toml")
    assert main(["check", hall]) == 0 and "Boken håller" in capsys.readouterr().out
    assert main(["run", hall, "--set", "elpris=600", "--samples", "50", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["overlay"]["elpris"]["set"] == 600
    assert main(["run", hall, "--scenario", "dyr", "--lang", "en"]) == 0
    assert "Present value" in capsys.readouterr().out
    assert main(["explain", hall, "cash", "--at", "holder=bolag", "--at", "year=2030"]) == 0
    assert "hyra" in capsys.readouterr().out
    assert main(["choose", str(BOOKS / "val.toml")]) == 0 and "Glappet: 30,0" in capsys.readouterr().out
    assert main(["run", hall, "--set", "elpris"]) == 1 and "elpris" in capsys.readouterr().err
    broken = tmp_path / "b.toml"
    broken.write_text("[quantity.q]\nformula = 'x +'\n")
    assert main(["check", str(broken), "--lang", "en"]) == 1 and "b.toml:2: error" in capsys.readouterr().out
    assert main(["check", str(tmp_path / "ingen.toml"), "--json"]) == 1
