"""Rebuild and execute the notebooks from their sources, `notebooks/sources/*.md`.

`python tools/build_notebooks.py` writes all; a name (`01_table_1`) only that one. In a source, text is a Markdown
cell, a line ``---`` begins a new one, and

- a ```python block is a code cell,
- ``python raises`` expects an error, which is part of the story.

Outputs are kept without times, versions and numbers that change from run to run, so that the same data give the same
notebook.
"""

from __future__ import annotations

import re
import sys
import tempfile
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbformat import NotebookNode

ROOT = Path(__file__).parent.parent
FOLDER = ROOT / "notebooks"
_CODE = re.compile(r"^```python([^\n]*)\n(.*?)\n```$", re.MULTILINE | re.DOTALL)


def sources() -> list[Path]:
    """Return the sources in order."""
    return sorted((FOLDER / "sources").glob("*.md"))


def parsed(source: Path) -> NotebookNode:
    """Return a source as a notebook that has not been run."""
    cells: list[NotebookNode] = []
    text, at = source.read_text("utf-8"), 0
    for match in _CODE.finditer(text):
        cells += _words(text[at : match.start()])
        cell = nbformat.v4.new_code_cell(match.group(2))
        if match.group(1).split() == ["raises"]:
            cell.metadata["tags"] = ["raises-exception"]
        cells.append(cell)
        at = match.end()
    cells += _words(text[at:])
    for number, cell in enumerate(cells, 1):
        cell["id"] = f"cell-{number:02}"
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    return nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": kernel})


def executed(source: Path) -> NotebookNode:
    """Return a source as a notebook with its outputs, run in an empty folder."""
    notebook = parsed(source)
    with tempfile.TemporaryDirectory() as folder:
        client = NotebookClient(
            notebook, timeout=900, kernel_name="python3", record_timing=False, resources={"metadata": {"path": folder}}
        )
        client.execute()
    notebook.metadata["language_info"] = {"name": "python"}
    return notebook


def written(notebook: NotebookNode) -> str:
    """Return a notebook as the text of its file."""
    return str(nbformat.writes(notebook)).rstrip("\n") + "\n"


def _words(text: str) -> list[NotebookNode]:
    parts = [part.strip() for part in re.split(r"^---$", text, flags=re.MULTILINE)]
    return [nbformat.v4.new_markdown_cell(part) for part in parts if part]


def build(names: list[str]) -> None:
    """Execute and write the notebooks named, or all."""
    for source in sources():
        if not names or source.stem in names:
            target = FOLDER / f"{source.stem}.ipynb"
            target.write_text(written(executed(source)), "utf-8")
            print(f"{target.relative_to(ROOT)} executed")


if __name__ == "__main__":
    build(sys.argv[1:])
