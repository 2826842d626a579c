"""From cells to the printed table: Table 1, note marks, bibliography, orientation and JSON."""

from __future__ import annotations

from dataclasses import replace

import pytest
from table1 import LABELS, SOURCES, TABLE_1, cell, cell_table, gap, held, holder, nasty_table, table_1

import agency
from agency.figures.surface.palette import contrast
from agency.formats.sheet import Entry, Sheet
from agency.formats.text import reference
from agency.resolve.cells import CellTable
from agency.sheets.cells import cell_document, cell_sheet, light_tones


def marks(entry: Entry) -> list[tuple[str, tuple[str, ...]]]:
    return [(run.text, run.marks) for line in entry.lines for run in line if run.marks]


def notes(sheet: Sheet) -> list[tuple[str, str]]:
    return [(note.mark, note.text) for note in sheet.notes]


def one_column(*parts_of_phases: tuple, **fields: object) -> CellTable:
    keys = list(LABELS)
    return cell_table([cell("P", keys[at], *parts, **fields) for at, parts in enumerate(parts_of_phases)])


def entry(sheet: Sheet, phase: int = 0) -> Entry:
    return sheet.rows[phase][1]


@pytest.mark.parametrize("cells", [table_1, lambda: agency.load().select(project=["ECU 911", "JSeI"]).cells])
def test_table_1_cell_by_cell(cells):
    sheet = cell_sheet(cells(), sources=SOURCES)
    assert sheet.columns == ("Phase", "ECU 911", "JSeI")
    assert [row[0].text for row in sheet.rows] == list(LABELS.values())
    for at, project in enumerate(TABLE_1, 1):
        printed = [tuple("".join(run.text for run in line) for line in row[at].lines) for row in sheet.rows]
        assert tuple(printed) == TABLE_1[project]


@pytest.mark.parametrize("rank", ["best", "all"])
@pytest.mark.parametrize("include_alleged", [False, True])
@pytest.mark.parametrize("printed", [True, False])
def test_runs_spell_the_cell(rank, include_alleged, printed):
    cells = agency.load().select(rank=rank, include_alleged=include_alleged, min_phases=0).cells
    sheet = cell_sheet(cells, sources={}, notes=printed, transpose=False)
    for row, phase in zip(sheet.rows, cells.phases, strict=True):
        for shown, project in zip(row[1:], cells.projects, strict=True):
            assert (
                tuple("".join(run.text for run in line) for line in shown.lines)
                == cells.cell(project.key, phase.key).lines
            )


def test_one_source_is_named_without_marks():
    sheet = cell_sheet(table_1(), sources=SOURCES)
    assert notes(sheet) == [
        ("", "Source: Vila Seoane and Álvarez Velasco 2024, Table 1."),
        ("", "All statements are documented."),
    ]
    assert [reference(line) for line in sheet.references] == [
        "Vila Seoane, Maximiliano Facundo, and Carla Morena Álvarez Velasco. 2024. “The Chinese surveillance state.” "
        "The Information Society. https://doi.org/10.1080/01972243.2024.2317057"
    ]
    assert not any(marks(shown) for row in sheet.rows for shown in row)


def test_marks_are_numbered_in_reading_order_also_when_transposed():
    cells = cell_table(
        [
            cell("A", "initiation", held(holder("a", source="one"))),
            cell("A", "requirements", held(holder("b", source="two"))),
            cell("B", "initiation", held(holder("c", source="three"), holder("d", source="one"))),
        ]
    )
    upright = cell_sheet(cells, sources={})
    assert [marks(shown) for shown in upright.rows[0]] == [[], [("a", ("1",))], [("c", ("2",)), ("d", ("1",))]]
    assert marks(upright.rows[1][1]) == [("b", ("3",))]
    assert notes(upright)[:3] == [("1", "one, Table 1."), ("2", "three, Table 1."), ("3", "two, Table 1.")]
    turned = cell_sheet(cells, sources={}, transpose=True)
    assert turned.columns[:2] == ("Project", "Initiated by")
    assert [marks(shown) for shown in turned.rows[0][1:3]] == [[("a", ("1",))], [("b", ("2",))]]
    assert marks(turned.rows[1][1]) == [("c", ("3",)), ("d", ("1",))]


def test_a_passage_has_one_mark_and_pages_are_not_pooled():
    rows = [
        holder("a", locator="p. 3", source="one"),
        holder("a", locator="p. 9", source="one"),
        holder("a", source="two"),
    ]
    sheet = cell_sheet(one_column((held(*rows),), (held(holder("b", locator="p. 3", source="one")),)), sources={})
    assert marks(entry(sheet)) == [("a", ("1", "2", "3"))]
    assert notes(sheet)[:3] == [("1", "one, p. 3."), ("2", "one, p. 9."), ("3", "two, Table 1.")]


def test_joint_holders_share_a_mark_when_it_is_the_same():
    other = (held(holder("z", source="two")),)
    sheet = cell_sheet(one_column((held(holder("a"), holder("b"), holder("c")),), other), sources={})
    assert marks(entry(sheet)) == [("c", ("1",))]
    sheet = cell_sheet(one_column((held(holder("a"), holder("b", source="two")),), other), sources={})
    assert marks(entry(sheet)) == [("a", ("1",)), ("b", ("2",))]


def test_doubt_is_marked_and_explained():
    documented, reported = holder("a"), holder("b", confidence="reported")
    counted, listed = holder("c", confidence="alleged"), holder("d", 1, confidence="alleged")
    sheet = cell_sheet(one_column((held(documented, reported, counted),), listed=(listed,)), sources={})
    assert marks(entry(sheet)) == [("a", ("†",)), ("c", ("‡",))]
    assert entry(sheet).text == "a, b and c (alleged: d)"
    assert notes(sheet)[1:] == [
        ("†", "Documented."),
        ("‡", "Alleged."),
        ("", "Statements without † or ‡ that are not called alleged are reported."),
    ]


def test_doubt_said_in_words_needs_no_mark():
    listed = holder("d", 1, confidence="alleged")
    sheet = cell_sheet(one_column((held(holder("a")),), listed=(listed,)), sources={})
    assert marks(entry(sheet)) == []
    assert notes(sheet)[1:] == [("", "All statements but the alleged ones are documented.")]
    only = cell_sheet(one_column((), listed=(listed,)), sources={})
    assert entry(only).text == "(alleged: d)"
    assert notes(only) == [("", "Source: vilaseoane2024, Table 1.")]


def test_surest_of_several_rows_counts():
    rows = (holder("a", confidence="alleged"), holder("a", 1, confidence="documented"))
    sheet = cell_sheet(one_column((held(*rows),), (held(holder("b", confidence="reported")),)), sources={})
    assert marks(entry(sheet)) == [("a", ("†",))]


@pytest.mark.parametrize(
    "few, many", [("alleged", "documented"), ("reported", "documented"), ("documented", "reported")]
)
def test_the_fewer_statements_carry_the_mark(few, many):
    phases = [(held(holder(f"a{at}", confidence=few if at == 1 else many)),) for at in range(4)]
    sheet = cell_sheet(one_column(*phases), sources={})
    assert [entry(sheet, at).lines[0][0].marks for at in range(4)] == [(), ("†",), (), ()]
    assert notes(sheet)[1:] == [("†", f"{few.capitalize()}."), ("", f"Statements without † are {many}.")]


def test_cells_are_shaded_by_the_origin_of_who_held_the_phase():
    codebook = agency.load().data.codebook
    local, chinese = "#B2CCE5", "#F6CCD4"
    cells = one_column(
        (held(holder("a")),),
        (held(holder("a"), holder("b", 1, origin="chinese")),),
        (held(holder("c", origin="unknown")),),
        (gap(holder(None, status="vacant"), "nobody"),),
    )
    listed = cell("P", "operation", held(holder("a")), listed=(holder("d", 2, origin="western", confidence="alleged"),))
    cells = replace(cells, codebook=codebook, cells={**cells.cells, ("P", "operation"): listed})
    sheet = cell_sheet(cells, sources={}, colour=True)
    shown = [row[1] for row in sheet.rows]
    assert [one.shade for one in shown] == [local, "", "", "", local, ""]
    shades = [[(run.text, run.shade) for line in one.lines for run in line if run.shade] for one in shown]
    assert shades == [[], [("a", local), ("b", chinese)], [], [], [], []]
    legend = [(note.text, note.shade) for note in sheet.notes[:3]]
    assert legend[1:] == [("Local", local), ("Chinese", chinese)]
    assert "each name is shaded by its own" in legend[0][0]
    assert not any(one.shade for row in cell_sheet(cells, sources={}).rows for one in row)


@pytest.mark.parametrize("colour", ["#000000", "#ffffff", "#004488", "#ff0000", "#0000ff"])
def test_black_letters_can_be_read_on_every_shade(colour):
    book = agency.load().data.codebook
    book = replace(book, origins=tuple(replace(origin, colour=colour) for origin in book.origins))
    assert min(contrast("#000000", tone) for tone in light_tones(book).values()) > 5.2


def test_rules_that_show_are_said_below_the_table():
    def said(**rules):
        study = agency.load().select(**rules)
        return " ".join(note.text for note in cell_sheet(study.cells, sources=study.data.sources).notes)

    plain = said(project=["ECU 911", "JSeI"], source="vilaseoane2024")
    assert "Only statements of vilaseoane2024." in plain
    assert "In a cell with preferred statements only those are printed." in plain
    assert "Preferred and normal statements are printed together." in said(rank="all")
    assert "Alleged statements are printed like the others." in said(include_alleged=True)
    assert "Only statements that meet: start >= 2012." in said(where="start >= 2012")


def test_contested_cells_are_marked_and_explained():
    sheet = cell_sheet(one_column((held(holder("a"), holder("b")),), agreement="contested"), sources={})
    assert marks(entry(sheet)) == [("b", ("§",))]
    assert notes(sheet)[-1][0] == "§"
    assert notes(sheet)[-1][1].startswith("Contested: ")
    assert "§" not in dict(notes(cell_sheet(table_1(), sources={})))


def test_blanks_are_worded_and_kept_apart():
    row = {status: holder(None, status=status) for status in ("vacant", "negotiating", "not_applicable")}
    cells = one_column(
        (gap(row["vacant"], "nobody"),),
        (gap(row["negotiating"], "still under negotiation"),),
        (gap(row["not_applicable"], "not applicable"),),
    )
    sheet = cell_sheet(cells, sources={})
    assert [(entry(sheet, at).text, entry(sheet, at).blank) for at in range(4)] == [
        ("nobody", "vacant"),
        ("still under negotiation", "negotiating"),
        ("not applicable", "not_applicable"),
        ("not coded", "not_coded"),
    ]


def test_without_notes_nothing_is_marked():
    sheet = cell_sheet(nasty_table(), sources=SOURCES, notes=False)
    assert (sheet.notes, sheet.references) == ((), ())
    assert not any(marks(shown) for row in sheet.rows for shown in row)
    marked = cell_sheet(nasty_table(), sources=SOURCES)
    assert marked.bare().rows == sheet.rows


def test_bibliography_is_sorted_and_leaves_out_bare_keys():
    printed = [reference(line) for line in cell_sheet(nasty_table(), sources=SOURCES).references]
    assert [text.split(".")[0] for text in printed] == [
        "R&D_Group #1",
        "Vila Seoane, Maximiliano Facundo, and Carla Morena Álvarez Velasco",
    ]
    assert cell_sheet(cell_table([cell("P", "design")]), sources=SOURCES).references == ()


def test_many_projects_become_rows_unless_told_otherwise():
    def columns(number: int, transpose: bool | None) -> str:
        cells = cell_table([cell(f"P{at}", "design") for at in range(number)])
        return cell_sheet(cells, sources={}, transpose=transpose).columns[0]

    assert [columns(6, None), columns(7, None), columns(7, False), columns(1, True)] == [
        "Phase",
        "Project",
        "Phase",
        "Project",
    ]


@pytest.mark.parametrize(
    "number, year, caption",
    [
        (1, None, "Actors by phase: P0"),
        (3, 2019, "Actors by phase: P0, P1 and P2, as of 2019"),
        (4, "end", "Actors by phase in 4 projects, at the end of each window"),
    ],
)
def test_captions(number, year, caption):
    cells = cell_table([cell(f"P{at}", "design") for at in range(number)])
    assert cell_sheet(cells, sources={}, year=year).caption == caption


def test_projects_left_out_are_counted_in_a_note():
    cells = replace(table_1(), remarks=("Not listed: 2 of 4 projects.",))
    assert notes(cell_sheet(cells, sources={}))[-1] == ("", "Not listed: 2 of 4 projects.")


def test_no_project_is_an_empty_table():
    empty = CellTable((), table_1().phases, {}, table_1().codebook)
    sheet = cell_sheet(empty, sources={})
    assert (sheet.columns, len(sheet.rows), sheet.notes) == (("Phase",), 6, ())


def test_document_has_the_agreed_shape():
    document = cell_document(table_1())
    assert list(document) == ["listing", "projects", "phases"]
    assert document["projects"] == ["ECU 911", "JSeI"]
    assert [list(phase) for phase in document["phases"]] == [["key", "label", "cells"]] * 6
    maintenance = document["phases"][5]["cells"]["ECU 911"]
    assert maintenance["text"] == "Until 2018: CEIEC / From 2018 onwards: still under negotiation"
    assert maintenance["blank"] is None
    assert maintenance["holders"] == [
        {
            "actor": actor,
            "origin": origin,
            "scope": "",
            "start": start,
            "end": end,
            "duration_years": None,
            "status": status,
            "source": "vilaseoane2024",
            "locator": "Table 1",
            "confidence": "documented",
            "years_from": (),
        }
        for actor, origin, start, end, status in (
            ("CEIEC", "chinese", None, 2018, "held"),
            (None, None, 2018, None, "negotiating"),
        )
    ]


def test_document_lists_every_row_behind_a_cell_in_print_order():
    listed = (holder("s", 5, role="support"), holder("p", 6, status="proposed"))
    cells = one_column((held(holder("a"), holder("a", 1, source="two"), holder("b", 2)),), listed=listed)
    found = cell_document(cells)["phases"][0]["cells"]["P"]["holders"]
    assert [(row["actor"], row["source"][:3]) for row in found] == [
        ("a", "vil"),
        ("a", "two"),
        ("b", "vil"),
        ("p", "vil"),
        ("s", "vil"),
    ]
    empty = cell_document(cells)["phases"][1]["cells"]["P"]
    assert empty == {"text": "not coded", "blank": "not_coded", "holders": []}


def test_listed_names_go_without_scope_and_rows_without_actor_only_into_the_document():
    listed = (
        holder("d", 1, text="d (cameras)", scope="cameras", confidence="alleged"),
        holder(None, 2, status="vacant", confidence="alleged"),
        holder("d", 3, confidence="alleged", source="two"),
    )
    cells = one_column((), listed=listed)
    shown = entry(cell_sheet(cells, sources={}))
    assert (shown.text, shown.blank, shown.text) == ("(alleged: d)", "not_coded", cells.cell("P", "initiation").text)
    assert marks(shown) == [("d", ("1", "2"))]
    found = cell_document(cells)["phases"][0]["cells"]["P"]["holders"]
    assert [(row["actor"], row["source"][:3]) for row in found] == [("d", "vil"), ("d", "two"), (None, "vil")]
