"""What the tool once said and the statements did not: each fault with the smallest table that shows it."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest
from strategies import table_of

import agency
from agency.claims import Claim, Condition, judge
from agency.comparison import compare, compare_sources, regularities
from agency.figures.aggregate import draw_aggregate, phase_groups
from agency.indicators import cell_states, method_block, whatif
from agency.indicators.groups import grouped
from agency.indicators.robustness import robustness
from agency.resolve import Resolved, View

THIN = [{"project": f"T{n}", "phase": "design", "actor": "HP", "origin": "western"} for n in range(3)]
RICH = [{"project": "Rich", "phase": phase} for phase in ("design", "implementation", "operation")]


def resolved(*rows: dict[str, Any], **view: Any) -> Resolved:
    return Resolved(table_of(*rows), View(**view))


def test_a_vacancy_outside_the_window_supports_no_claim() -> None:
    claim = Claim("c", "t", "s", Condition("status", among=("vacant",)), projects=("P",), phases=("operation",))
    outside = {"phase": "operation", "status": "vacant", "start": 2001, "end": 2002}
    (result,) = judge(resolved(outside, {"phase": "operation", "start": 2012}), [claim])
    assert result.verdict != "supported"
    (result,) = judge(resolved({**outside, "start": 2014, "end": 2015}), [claim])
    assert result.verdict == "supported"


def test_a_length_is_not_given_to_the_other_length_when_its_holder_withdraws() -> None:
    """A and B each held 3 of 6 years, no one knows which: without A, B still held 3."""
    one, other = ({"actor": name, "origin": "chinese", "duration_years": 3} for name in "AB")
    table = table_of(one, other, window=(2012, 2017))
    found = whatif(Resolved(table, View(phases=("maintenance",))), "A", year=2012)
    assert found["before"]["P"]["chinese"] == pytest.approx(1)
    assert found["undetermined"] == [{"project": "P", "phase": "maintenance", "why": "a duration without dates"}]
    assert found["after"]["P"]["chinese"] == pytest.approx(found["before"]["P"]["chinese"])


def test_nobody_against_a_holder_of_unknown_origin_is_no_agreement() -> None:
    rows = [{"actor": "Somebody", "origin": "unknown", "start": 2012, "end": 2014}]
    rows += [{"status": "vacant", "start": 2012, "end": 2014, "source": "t"}]
    assert resolved(*rows).agreement == {("P", "maintenance"): "contested"}


def test_a_source_lists_only_the_projects_it_speaks_of() -> None:
    rows = [*RICH, *({"project": "Q", "phase": phase, "source": "x"} for phase in ("design", "operation"))]
    alone = resolved(*rows, sources=("x",))
    assert alone.listed == ("Q",)
    assert alone.left_out == ("Rich",)


def test_a_source_whose_rows_are_all_set_aside_has_no_composition() -> None:
    rows = [{"phase": "design"}, {"phase": "design", "source": "x", "rank": "deprecated", "note": "retracted"}]
    assert set(compare_sources(resolved(*rows)).by_source["source"]) == {"s"}


def test_a_silent_source_moves_nothing() -> None:
    rows = [*RICH, *({"project": "Q", "phase": phase, "source": "x"} for phase in ("design", "operation"))]
    moved = robustness(resolved(*rows)).query("project == 'Rich'")["moved_by"]
    assert "without source x" not in set(moved)


def test_the_selection_holds_in_coverage() -> None:
    rows = [{"phase": "design"}, {"phase": "operation", "source": "t"}, {"project": "Q"}]
    assert cell_states(resolved(*rows, projects=("P",)))["project"].unique().tolist() == ["P"]
    alone = cell_states(resolved(*rows, projects=("P",), sources=("s",))).set_index("phase")["state"]
    assert (alone["design"], alone["operation"]) == ("coded", "unknown")


def test_no_distance_on_one_common_phase() -> None:
    rows = [{"project": name, "phase": "design"} for name in "AB"]
    found = compare(resolved(*rows, projects=("A", "B")))
    assert found["distance"]["origins_jaccard"] == {"value": None, "compared_phases": 1, "bounds": [0.0, 5 / 6]}
    assert "fewer phases" in found["why"]["distance.origins_jaccard"]


def test_every_statement_is_counted_as_used_or_not() -> None:
    """ "Not counted are 64 statements" left the outranked ones out."""
    rows = [{"phase": "design", "rank": "preferred", "note": "n"}, {"phase": "design", "actor": "ZTE"}]
    rows += [{"phase": "design", "status": "denied", "actor": "HP", "origin": "western"}]
    block = method_block(resolved(*rows))
    assert (block["statements_used"], block["statements_total"]) == (1, 3)
    assert block["statements"] == {"P": {"used": 1, "total": 3}}


def test_thin_projects_turn_a_headline_that_they_were_left_out_of() -> None:
    """One project of many phases is Chinese, three of one known phase are Western: 3 of 4, not 0 of 1."""
    view = resolved(*RICH, *THIN)
    assert view.listed == ("Rich",)
    found = regularities(view)["design"]
    assert (found["pattern"], found["holds_in"], found["known_in"], found["of"]) == (["western"], 3, 4, 4)
    groups = phase_groups(view, by="all")
    assert (groups.sizes, groups.n.tolist()) == ((4,), [[0, 0, 4, 1, 1, 0]])
    assert groups.mean[0, 2, groups.parts.index("western")] == pytest.approx(3 / 4)
    drawing = draw_aggregate(view, by="all")
    assert "in 4 projects" in drawing.alt_short
    assert "(known 4 of 4)" in drawing.alt_long
    assert "(known 1 of 4)" in drawing.alt_long
    for by in ("country", "source"):
        composed = grouped(view, by).query("key == 'composition.western'")
        assert composed[["n", "of"]].to_numpy().tolist() == [[4, 4]]


# Frames and CSV.


def numbers(frame: pd.DataFrame) -> list[float]:
    columns = [frame[name] for name in frame.select_dtypes("number").columns]
    return [value for column in columns for value in column.dropna().astype(float)]


def test_every_printed_result_has_a_frame_and_its_csv_has_the_same_numbers(tmp_path: Any) -> None:
    study = agency.load().select(project=["ECU 911", "JSeI", "CBERS"])
    pair = agency.load().select(project=["ECU 911", "JSeI"])
    results = {
        "compare": study.compare(),
        "pair": pair.compare(),
        "regularities": study.regularities(),
        "robustness": pair.robustness(),
        "whatif": study.whatif(withdraw="CEIEC", year=2016),
        "sources": study.sources(),
        "claims": study.claims(),
        "brief": study.brief(),
        "agreement": study.agreement(),
        "table": study.table(),
    }
    for name, printed in results.items():
        assert isinstance(printed.frame, pd.DataFrame), name
        assert len(printed.frame), name
        if name in ("agreement", "table"):  # a sheet to decide in, and the form of Table 1
            continue
        place = tmp_path / f"{name}.csv"
        printed.save(place)
        written = pd.read_csv(place)
        assert list(written.columns) == list(printed.frame.columns), name
        assert numbers(written) == pytest.approx(numbers(printed.frame), rel=1e-14), name
    assert {"compared_phases", "low", "high"} <= set(results["pair"].frame.columns)
    assert results["robustness"].frame["statements"].str.fullmatch(r"[\d ]*").all()
    assert results["robustness"].frame["statements"].str.len().max() > 0


def test_one_of_several_tables_is_unrounded_as_csv_too() -> None:
    printed = agency.load()["JSeI"].sources()
    (composition,) = [at for at, sheet in enumerate(printed.sheets) if sheet.label == "composition-by-source"]
    assert "0.5833333333333334" in str(printed[composition].text("csv"))
    assert "58.3 %" in str(printed[composition].text("text"))


# Who is one actor.


def test_numbers_that_hang_on_names_are_printed_by_both_readings() -> None:
    """Two offices of one government: two owners by name, one as a whole."""
    rows = [
        {"phase": "initiation", "actor": "Ministry", "origin": "local"},
        {"phase": "requirements", "actor": "Office", "origin": "local"},
        {"phase": "operation", "actor": "Office", "origin": "local"},
        {"phase": "design", "actor": "Office", "origin": "local"},
        {"phase": "design", "actor": "Ministry", "origin": "local"},
        {"phase": "design", "actor": "ZTE", "origin": "chinese"},
    ]
    actors = [{"actor": name, "part_of": "Government"} for name in ("Ministry", "Office")] + [{"actor": "Government"}]
    study = agency.Study(table_of(*rows, actors=actors))
    frame = study.indicators().set_index("key")
    # The Office operates, and held one of the two upstream phases.
    # Design: two thirds local by name, half as wholes; of six phases three are held by locals alone.
    assert frame.loc["composition.local", ["named", "whole"]].tolist() == pytest.approx([(3 + 2 / 3) / 6, 3.5 / 6])
    assert frame.loc["composition.local", "value"] == pytest.approx((3 + 2 / 3) / 6)
    assert frame.loc["owner_continuity.value", ["named", "whole"]].tolist() == [0.5, 1.0]
    assert frame.loc["coverage", ["named", "whole"]].isna().all()
    whole = study.select(actors="whole").indicators().set_index("key")
    assert whole.loc["composition.local", ["value", "named", "whole"]].tolist() == pytest.approx(
        [3.5 / 6, (3 + 2 / 3) / 6, 3.5 / 6]
    )
    from agency.sheets import indicator_tables

    printed = indicator_tables(study.resolved)
    assert printed.document["projects"]["P"]["actors"]["owner_continuity.value"] == {"named": 0.5, "whole": 1.0}
    for format in ("text", "markdown", "html"):
        read = str(printed.text(format)).replace("\\", "")
        assert "actors whole" in read
        assert "{1.00}" in read
        assert "In curly brackets" in " ".join(read.split())
