"""A session in a notebook, cell by cell as a person types it: in a kernel, with completion, and without a cast."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import nbformat
import pandas as pd
import pytest
from jupyter_client.manager import start_new_kernel
from nbclient import NotebookClient

import agency

# jupyter_client says on every start that a kernel talks over TCP, which nbclient always does.
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")

CELLS = (
    # Load, look.
    "import agency",
    "study = agency.load()",
    "study",
    "study.findings",
    "study.indicators('composition').describe()",
    # Filter by three conditions.
    "study.select(country=['ECU', 'ARG'], origin='chinese', confidence='documented', min_phases=0).projects",
    'study.where(\'country in ["ECU", "ARG"] and confidence == "documented" and start >= 2010\').evidence()',
    "two = study[['ECU 911', 'JSeI']]",
    # Add two rows.
    """\
import pandas as pd
rows = pd.DataFrame(
    {
        "project": ["ECU 911", "JSeI"],
        "phase": ["maintenance", "design"],
        "actor": ["ECU 911 service", "Province of Jujuy"],
        "origin": "local",
        "start": [2019, 2016],
        "end": [2021, None],
        "rank": "preferred",
        "source": ["oewatch2018", "malena2021"],
    }
)
more = two.with_rows(rows)
more""",
    # Compare before and after.
    "more.wide('composition') - two.wide('composition')",
    "pd.concat({'before': two.wide('lock_in'), 'after': more.wide('lock_in')})",
    "two.diff(more)",
    "two.diff(more).frame.groupby('about').size()",
    # A panel of years.
    "panel = more.select(mode='time').panel(['composition', 'coverage'], range(2012, 2023))\npanel.head()",
    "local = panel[panel['key'] == 'composition.local'].pivot(index='year', columns='project', values='value')\nlocal",
    # Two axes of one figure, and a figure of one's own.
    """\
import matplotlib.pyplot as plt
figure, (left, right) = plt.subplots(1, 2, figsize=(12, 5))
two.heatmap(ax=left, title="Before")
more.heatmap(ax=right, title="After")
figure.savefig("both.png")""",
    "local.plot()",
    # Save parquet, and open it again.
    "more.evidence().to_parquet('rows.parquet')\npanel.to_parquet('panel.parquet')",
    "again = agency.load(pd.read_parquet('rows.parquet'), beside=study)\nagain",
    "again.wide().equals(more.wide()), pd.read_parquet('panel.parquet').equals(panel)",
    # Pickle, and open it again.
    "import pickle\nwith open('more.pickle', 'wb') as file:\n    pickle.dump(more, file)",
    "with open('more.pickle', 'rb') as file:\n    print(pickle.load(file) == more)",
    # A folder that anyone can read, and open it again.
    "more.export('tidy', 'more')",
    "agency.load('more').table().frame.equals(more.table().frame)",
)


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory, pytestconfig: pytest.Config) -> tuple[Path, list[Any]]:
    """Return the folder of the session and its cells, run in a kernel with the suite's rules for warnings."""
    folder = tmp_path_factory.mktemp("session")
    rules = [(*rule.split(":"), "", "", "")[:4] for rule in pytestconfig.getini("filterwarnings")]
    strict = "\n".join(
        ["import warnings"]
        + [
            f"warnings.filterwarnings({action!r}, {words!r}, {category or 'Warning'}, {module!r})"
            for action, words, category, module in rules
        ]
    )
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in (strict, *CELLS)])
    NotebookClient(
        notebook, timeout=300, kernel_name="python3", resources={"metadata": {"path": str(folder)}}
    ).execute()
    return folder, notebook.cells[1:]


def shown(session: tuple[Path, list[Any]], beginning: str) -> str:
    """Return what the cell that begins like this shows as text."""
    cell = next(cell for cell in session[1] if cell.source.startswith(beginning))
    texts = (output.get("text", "") or output["data"]["text/plain"] for output in cell.outputs)
    return "\n".join(text.strip("\n") for text in texts)


def test_it_is_typed_without_a_cast() -> None:
    assert len(CELLS) >= 20
    assert not re.search(r"astype|to_numeric|float\(|str\(|\.copy\(|fillna|reset_index", "\n".join(CELLS))


def test_nothing_is_said_on_the_side(session: tuple[Path, list[Any]]) -> None:
    outputs = [output for cell in session[1] for output in cell.outputs]
    assert {output.output_type for output in outputs} == {"execute_result", "display_data", "stream"}
    assert {output.name for output in outputs if output.output_type == "stream"} == {"stdout"}


def test_three_conditions_leave_what_meets_them(session: tuple[Path, list[Any]]) -> None:
    rows = agency.load().evidence()
    places = agency.load().data.projects["country"]
    wanted = rows["project"].map(places).isin(["ECU", "ARG"])
    wanted &= (rows["origin"] == "chinese") & (rows["confidence"] == "documented")
    assert shown(session, "study.select(") == str(tuple(rows.loc[wanted, "project"].unique()))


def test_the_rows_change_the_numbers_they_are_about(session: tuple[Path, list[Any]]) -> None:
    # In JSeI one of six phases is held by a local and a Chinese actor now, not by the Chinese one alone.
    jsei = shown(session, "more.wide('composition') -")
    assert re.search(rf"JSeI +{1 / 12:.6f}", jsei)
    told = shown(session, "two.diff(more)")
    assert re.search(r"Statements +130 +132 +0 +2 +0\n", told)
    assert re.search(r"Agreement of coders +63 +63 +0 +0 +0\n", told)


def test_all_that_was_saved_is_opened_again(session: tuple[Path, list[Any]]) -> None:
    assert shown(session, "again.wide()") == "(True, True)"
    assert shown(session, "with open('more.pickle', 'rb')") == "True"
    assert shown(session, "agency.load('more')") == "True"
    assert shown(session, "again =") == shown(session, "import pandas as pd\nrows =")
    panel = pd.read_parquet(session[0] / "panel.parquet")
    assert panel["year"].between(2012, 2022).all()
    assert pd.api.types.is_float_dtype(panel["value"])
    assert (session[0] / "both.png").read_bytes().startswith(b"\x89PNG")


def test_a_kernel_completes_choices_projects_and_methods() -> None:
    manager, client = start_new_kernel()
    try:
        client.execute("import agency; study = agency.load(); panel = study.indicators()", reply=True, timeout=120)

        def completed(written: str) -> list[str]:
            reply = client.complete(written, reply=True, timeout=120)
            return list(reply["content"]["matches"])

        assert {"select", "where", "with_rows", "panel", "diff", "states"} <= {
            name.removeprefix("study.").removeprefix(".") for name in completed("study.")
        }
        assert "confidence=" in completed("study.select(conf")
        assert any("ECU 911" in name for name in completed("study['EC"))
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)
