"""The notebooks are what their sources give when they are run now, outputs included."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import nbformat
import pytest
from build_notebooks import executed, parsed, sources

ROOT = Path(__file__).parent.parent

# jupyter_client says on every start that a kernel talks over TCP, which nbclient always does.
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")


def kept(source: Path) -> Any:
    return nbformat.read(ROOT / "notebooks" / f"{source.stem}.ipynb", as_version=4)


def shown(output: Any) -> Any:
    """Return an output; of a picture only what it shows in words, since its bytes depend on the font library."""
    if "data" in output:
        output["data"] = {kind: "picture" if kind.startswith("image/") else text for kind, text in output.data.items()}
    return output


def test_there_are_four() -> None:
    wanted = ["01_table_1", "02_compare_and_test", "03_your_own_study", "04_beside_r"]
    assert [source.stem for source in sources()] == wanted
    assert sorted(path.stem for path in (ROOT / "notebooks").glob("*.ipynb")) == [s.stem for s in sources()]


@pytest.mark.parametrize("source", sources(), ids=lambda source: source.stem)
def test_the_cells_are_those_of_the_source(source: Path) -> None:
    wanted, found = parsed(source), kept(source)
    assert [(cell.id, cell.cell_type, cell.source, cell.metadata) for cell in found.cells] == [
        (cell.id, cell.cell_type, cell.source, cell.metadata) for cell in wanted.cells
    ]


@pytest.mark.parametrize("source", sources(), ids=lambda source: source.stem)
def test_running_it_again_gives_the_outputs_that_are_kept(source: Path) -> None:
    again = [[shown(output) for output in cell.get("outputs", [])] for cell in executed(source).cells]
    before = [[shown(output) for output in cell.get("outputs", [])] for cell in kept(source).cells]
    assert again == before, "run `make notebooks`"


@pytest.mark.parametrize("source", sources(), ids=lambda source: source.stem)
def test_nothing_in_it_changes_from_run_to_run(source: Path) -> None:
    notebook = kept(source)
    assert notebook.metadata["language_info"] == {"name": "python"}
    assert all(set(cell.metadata) <= {"tags"} for cell in notebook.cells)
    text = (ROOT / "notebooks" / f"{source.stem}.ipynb").read_text("utf-8")
    assert not re.search(r"0x[0-9a-f]{8,}|/(?:tmp|home|root|work)/", text)


def test_table_1_takes_ten_cells() -> None:
    cells = [cell for cell in kept(sources()[0]).cells if cell.cell_type == "code"]
    assert len(cells) <= 10
    assert "Local firms and CEIEC" in cells[0].outputs[0].data["text/plain"]


def test_an_error_is_its_message_without_a_traceback() -> None:
    errors = [
        output
        for cell in kept(sources()[2]).cells
        for output in cell.get("outputs", [])
        if output.output_type == "error"
    ]
    assert [error.ename for error in errors] == ["DataError"]
    assert "Traceback" not in "".join(errors[0].traceback)
    assert "found 'desing', expected financing" in errors[0].traceback[0]
