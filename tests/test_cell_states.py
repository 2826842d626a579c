"""Coverage: each state once, contested over coded, and thin projects always shown."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner
from strategies import table_of

from agency.cli import group
from agency.indicators.evidence import cell_states
from agency.resolve import Resolved, View
from agency.sheets.indicators import states_sheet

CASES = {
    "coded": [{}],
    "contested": [{}, {"status": "denied", "source": "t"}],
    "vacant": [{"status": "negotiating"}],
    "unknown": [{"status": "proposed"}],
    "not_applicable": [{"status": "not_applicable"}],
}


@pytest.mark.parametrize("state, rows", CASES.items())
def test_states(state: str, rows: list[dict[str, str]]) -> None:
    frame = cell_states(Resolved(table_of(*rows), View())).set_index("phase")["state"]
    assert frame["maintenance"] == state
    assert set(frame.drop("maintenance")) == {"unknown"}


def test_the_sheet_counts_every_state_of_every_phase() -> None:
    table = table_of({}, {"project": "Q", "phase": "design"}, {"project": "Q", "status": "vacant"})
    frame = cell_states(Resolved(table, View()))
    sheet = states_sheet(frame, table.codebook)
    lines = [[entry.text for entry in row] for row in sheet.rows]
    assert lines[0][0] == "P"
    assert lines[0][-1] == "1 of 6"
    assert lines[1][-1] == "2 of 6"
    totals = {line[0]: line[-1] for line in lines[2:]}
    assert totals == {"all: coded": "2 of 12", "all: vacant": "1 of 12", "all: unknown": "9 of 12"}


def test_the_command_shows_thin_projects_too_in_every_format() -> None:
    shown = CliRunner().invoke(group, ["check", "--states"])
    assert shown.exit_code == 0
    assert "Tigre" in shown.output
    as_json = CliRunner().invoke(group, ["check", "--states", "-f", "json"])
    assert json.loads(as_json.stdout)["projects"]["JSeI"]["design"] == "coded"
    as_csv = CliRunner().invoke(group, ["check", "--states", "-f", "csv"])
    assert as_csv.stdout.splitlines()[0].startswith("project,")
