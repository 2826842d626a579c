"""A sheet as people have it becomes a sound table, by typing what `agency check` says and nothing else."""

from __future__ import annotations

import json
import re

import pytest
from click.testing import CliRunner
from readers import csv_rows
from spanish import HEADER, KNOWN, MEANT, MEANT_COLUMNS, NOTE, ROWS, spanish_csv, spanish_xlsx

import agency
from agency.cli import group

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
