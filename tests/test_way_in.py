"""A sheet as people have it becomes a sound table, by typing what `agency check` says and nothing else."""

from __future__ import annotations

import csv
import io
import json
import re
import tempfile
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from readers import csv_rows
from spanish import HEADER, KNOWN, MEANT, MEANT_COLUMNS, NOTE, ROWS, spanish_csv, spanish_xlsx
from strategies import examples, records

import agency
from agency.cli import group
from agency.vocabulary.codebook import default_codebook
from agency.vocabulary.columns import COLUMNS, allowed_values, meanings

_NAMES = (
    *("project", "country", "phase", "actor", "origin", "actor_kind", "role", "start", "end", "status", "source"),
    *("locator", "confidence", "unnamed", "note"),
)
COLUMN = dict(zip(_NAMES, HEADER, strict=False))
"""Column of the data format to its heading in the sheet."""


class Typist:
    """Somebody who does what a message says, and knows nothing of the data format."""

    def __init__(self) -> None:
        self.header = list(HEADER)
        self.rows = [dict(zip(HEADER, row, strict=True)) for row in ROWS]
        self.note = NOTE

    def heading(self, column: str) -> str:
        """Return the heading of a column; one that is asked for and absent is added."""
        name = COLUMN.get(column, column)
        if name not in self.header:
            self.header.append(name)
            for row in self.rows:
                row[name] = ""
        return name

    def do(self, findings: list[dict[str, object]], first: int) -> None:
        """Do what the errors and warnings say; `first` is the row of the first statement as a spreadsheet counts."""
        split: dict[int, dict[str, list[str]]] = {}
        gone: set[int] = set()
        for entry in findings:
            at, column, found, fix = entry["row"] - first, entry["column"], entry["found"], entry["fix"]
            if entry["code"] == "row-note":
                assert fix.startswith("Delete the line")
                self.note = ""
                continue
            before = self.rows[at]
            each = re.match(r"Write a row for each: (.+?)\.(?: Else|$)", fix)
            if each:
                parts = re.findall(r"'([^']*)'", each[1]) or re.split(r", | and ", each[1])
                split.setdefault(at, {})[self.heading(column)] = parts
            elif fix.startswith("Delete the row"):
                gone.add(at)
            elif fix.startswith("Use one spelling"):
                before[self.heading(column)] = re.match("'(.*)' as on line", entry["expected"])[1]
            elif known := KNOWN.get(found.split(" (cell")[0], KNOWN.get(before[self.heading(column)])):
                before[self.heading(column)] = known
            else:
                self.type_in(before, column, found, fix)
        self.rows = [
            new for at, row in enumerate(self.rows) if at not in gone for new in parted(row, split.get(at, {}))
        ]

    def type_in(self, row: dict[str, str], column: str, found: str, fix: str) -> None:
        """Type what stands in the sentence: value and place, as often as it names them."""
        done = False
        for value, place in re.findall(r"('[^']*'|[\w.]+) (?:as|into) (\w+)", fix):
            row[self.heading(place)], done = value.strip("'"), True
        if here := re.match(r"Write (\d+) here, and '(.+)' into note", fix):
            row[self.heading(column)], row[self.heading("note")], done = here[1], here[2], True
        for names in re.findall(r"leave ([\w ]+) empty", fix):
            for name in names.split(" and "):
                row[self.heading(name)] = ""
        assert done, f"nothing to type for {found!r} in {column}: {fix}"


def parted(row: dict[str, str], split: dict[str, list[str]]) -> list[dict[str, str]]:
    """Return the rows to write instead of one."""
    numbers = {len(parts) for parts in split.values()}
    assert len(numbers) <= 1, "two cells of a row that fall into unlike numbers of rows"
    return [row | {name: parts[at] for name, parts in split.items()} for at in range(max(numbers, default=1))]


@pytest.mark.parametrize("kind, first", [("csv", 2), ("xlsx", 4)])
def test_from_the_sheet_to_table_1_in_two_rounds(kind, first, tmp_path):
    write = {"csv": spanish_csv, "xlsx": spanish_xlsx}[kind]
    place = tmp_path / f"cases.{kind}"
    typist = Typist()
    assert len(typist.rows) == 25
    rounds = 0
    while True:
        rows = [[row[name] for name in typist.header] for row in typist.rows]
        place.write_bytes(write(typist.header, rows, note=typist.note))
        result = CliRunner().invoke(group, ["check", str(place), "-f", "json"])
        seen = json.loads(result.stdout)["findings"]
        asked = [entry for entry in seen if entry["severity"] != "information"]
        if not asked:
            break
        rounds += 1
        assert rounds <= 2, asked
        typist.do(asked, first)
    assert result.exit_code == 0
    clean = tmp_path / "clean.csv"
    assert CliRunner().invoke(group, ["check", str(place), "--write", str(clean)]).exit_code == 0
    header, *lines = csv_rows(clean.read_text("utf-8-sig"))
    read = [dict(zip(header, line, strict=True)) for line in lines]
    assert tuple(tuple(row[name] for name in MEANT_COLUMNS) for row in read) == MEANT
    assert read[0]["Región"] == "Andes"
    assert agency.load(place).where('region == "Plata"').projects == ("JSeI",)

    printed = CliRunner().invoke(group, ["table", str(place), "--min-phases", "0", "-f", "csv"])
    assert printed.exit_code == 0, printed.output
    header, *lines = csv_rows(printed.stdout)
    cells = {line[0]: dict(zip(header, line, strict=True)) for line in lines}
    assert cells["Implemented by"]["ECU 911"] == "CEIEC (2012) and Huawei (2012)"
    assert cells["Designed by"]["Red K"] == "(proposed: ZTE and Huawei)"
    assert cells["Maintained and upgraded by"] == {
        "Phase": "Maintained and upgraded by",
        "ECU 911": "Until 2018: CEIEC / From 2018 onwards: still under negotiation",
        "JSeI": "From 2019 onwards: Provincia de Jujuy / 2019–2021: ZTE for 3 years",
        "C5 CDMX": "not coded",
        "BOL-110": "From 2019 onwards: nobody",
        "Red K": "not coded",
    }
    assert printed.stderr.count("\n") == 1, "all there is to say is one line"


BOOK = default_codebook()
WORDS = {column.name: meanings(column, BOOK) for column in COLUMNS if allowed_values(column, BOOK)}
HEADINGS = {column.name: (column.name, *column.aliases) for column in COLUMNS}
CASES = (str, str.upper, str.title, str.capitalize)


def in_other_words(draw: st.DrawFn, column: str, value: str) -> str:
    """Draw a word, in any case, that means a value and nothing else in its column."""
    words = [word for word, values in WORDS[column].words.items() if values == (value,)] if column in WORDS else []
    word = draw(st.sampled_from([value, *(word.replace("_", " ") for word in words)])) if words else value
    return draw(st.sampled_from(CASES))(word) if words else word


@settings(max_examples=examples(10), deadline=None, suppress_health_check=list(HealthCheck))
@given(st.data(), st.lists(records(), min_size=1, max_size=8))
def test_any_language_and_case_gives_the_bytes_of_the_canonical_form(data, rows):
    names = list(dict.fromkeys(name for row in rows for name in row))
    plain = [[str(row.get(name, "")) for name in names] for row in rows]
    order = data.draw(st.permutations(range(len(names))))
    headings = [data.draw(st.sampled_from(CASES))(data.draw(st.sampled_from(HEADINGS[name]))) for name in names]
    other = [
        [cell and in_other_words(data.draw, name, cell) for name, cell in zip(names, line, strict=True)]
        for line in plain
    ]
    delimiter = data.draw(st.sampled_from(",;\t|"))
    outputs = []
    for header, lines, columns in ((names, plain, range(len(names))), (headings, other, order)):
        stream = io.StringIO(newline="")
        writer = csv.writer(stream, delimiter=delimiter)
        writer.writerows([line[at] for at in columns] for line in (header, *lines))
        with tempfile.TemporaryDirectory() as folder:
            place = Path(folder) / "t.csv"
            place.write_text(stream.getvalue(), "utf-8", newline="")
            study = agency.load(place).select(min_phases=0)
            frames = (study.indicators(), study.states(), study.evidence())
            outputs.append([str(study.table()), *(frame.to_csv() for frame in frames)])
    assert outputs[0] == outputs[1]
