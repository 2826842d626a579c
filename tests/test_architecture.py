"""The house holds its shape: imports point one way, rooms have fronts, heavy imports stay where they belong."""

from __future__ import annotations

import ast
import re
from collections import Counter
from importlib import import_module
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "agency"
GROUND = ("about", "characters", "words", "errors", "output", "spreadsheet")
"""Serve every room and import none."""
ROOMS = (
    "findings",
    "vocabulary",
    "references",
    "table",
    "importers",
    "resolve",
    "indicators",
    "comparison",
    "agreement",
    "claims",
    "formats",
    "sheets",
    "exporters",
    "changes",
    "figures",
    "report",
)
"""From left to right: a module imports from its own room and from rooms to its left."""
ORDER = (*GROUND, *ROOMS, "study", "cli")
LAZY = ("study", "cli", "__init__", "__main__")
"""Felt at start-up: rooms are imported inside their functions."""
INSIDE_ONLY = {"pandera", "matplotlib", "jinja2", "pybtex", "docx", "openpyxl", "python_calamine", "tabulate", "babel"}
"""Third-party packages that are imported inside the function that uses them."""
MODULES = sorted(PACKAGE.rglob("*.py"))
NAMES = {".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path for path in MODULES}

FRONTS = {
    name: tuple(re.findall(r'"(\w+)"', path.read_text("utf-8").rpartition("__all__ =")[2]))
    for name, path in NAMES.items()
    if path.name == "__init__.py" and "__all__ =" in path.read_text("utf-8")
}


def room(name: str) -> str:
    """Return the room, or the single module, a dotted name belongs to."""
    parts = name.split(".")
    return parts[1] if len(parts) > 1 else "__init__"


def imports(name: str, *, inside: bool = True) -> list[str]:
    """Return the modules of the package that a module imports; `inside` counts functions and types too."""
    tree = ast.parse(NAMES[name].read_text("utf-8"))
    found = []
    for node in ast.walk(tree) if inside else tree.body:
        if isinstance(node, ast.Import):
            found += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            named = [(alias.name, f"{node.module}.{alias.name}") for alias in node.names]
            # A front may name a function like the module it lives in: it is the function that is meant.
            found += [
                full if full in NAMES and part not in FRONTS.get(node.module or "", ()) else node.module or ""
                for part, full in named
            ]
    return found


@pytest.mark.parametrize("name", NAMES)
def test_imports_point_one_way(name: str) -> None:
    here = room(name)
    for other in imports(name):
        there = room(other)
        if other.split(".")[0] != "agency" or there in ("__init__", here) or here == "__init__":
            continue
        if name == "agency.errors" and there == "findings":
            continue  # the type of what `DataError` carries; nothing is imported when the program runs
        if here in ORDER:
            assert ORDER.index(there) < ORDER.index(here), f"{name} imports {other}, to its right"


def test_there_are_no_circles() -> None:
    graph = {name: {other for other in imports(name, inside=False) if other in NAMES} for name in NAMES}
    done: set[str] = set()

    def visit(name: str, path: tuple[str, ...]) -> None:
        assert name not in path, " -> ".join([*path[path.index(name) :], name])
        if name not in done:
            for other in sorted(graph[name]):
                visit(other, (*path, name))
            done.add(name)

    for name in graph:
        visit(name, ())


@pytest.mark.parametrize("name", [name for name in NAMES if room(name) not in LAZY])
def test_a_room_asks_another_at_its_front(name: str) -> None:
    for other in imports(name):
        if other.startswith("agency.") and room(other) in ROOMS and room(other) != room(name):
            assert other == f"agency.{room(other)}", f"{name} reaches into {other}"


def test_a_room_imports_rooms_at_the_top() -> None:
    """Only the face and the command line are lazy towards rooms."""
    for name, path in NAMES.items():
        if room(name) in LAZY:
            continue
        tree = ast.parse(path.read_text("utf-8"))
        for function in ast.walk(tree):
            if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
                late = [
                    node.module
                    for node in ast.walk(function)
                    if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("agency")
                ]
                assert not late, f"{name}.{function.name} imports {late}"


@pytest.mark.parametrize("name", NAMES)
def test_third_party_packages_are_imported_where_they_are_used(name: str) -> None:
    top = {other.split(".")[0] for other in imports(name, inside=False)}
    assert not top & INSIDE_ONLY
    if room(name) in ("cli", "__init__", "__main__", *GROUND):
        assert not top & {"numpy", "pandas"}
        assert not [other for other in imports(name, inside=False) if room(other) in ROOMS]


@pytest.mark.parametrize("folder", sorted({path.parent for path in MODULES}), ids=lambda folder: folder.name)
def test_a_folder_has_at_most_fifteen_modules(folder: Path) -> None:
    assert len(list(folder.glob("*.py"))) <= 15


@pytest.mark.parametrize("name", NAMES)
def test_a_module_is_one_concept(name: str) -> None:
    text = NAMES[name].read_text("utf-8")
    documented = ast.get_docstring(ast.parse(text)) or ""
    assert documented or not text.strip()
    assert len(text.splitlines()) <= 600 or "600 lines" in documented, "over 600 lines: the docstring says why"


def test_no_name_on_a_front_stands_for_two_things() -> None:
    fronts = [import_module(f"agency.{here}") for here in ROOMS if f"agency.{here}" in NAMES]
    named = Counter(name for front in fronts for name in getattr(front, "__all__", ()))
    assert [name for name, times in named.items() if times > 1] == []
    for front in fronts:
        for name in getattr(front, "__all__", ()):
            assert hasattr(front, name), f"{front.__name__} names {name}"


@pytest.mark.parametrize("page", ["docs/architecture.md", "CONTRIBUTING.md"])
def test_every_file_a_page_names_exists(page: str) -> None:
    text = (ROOT / page).read_text("utf-8")
    named = set(re.findall(r"`((?:agency|tests|data|docs|tools|benchmarks)/[\w./]+)`", text))
    assert named
    # A recipe may name the file it has the reader make.
    assert [name for name in sorted(named) if "NAME" not in name and not (ROOT / name).exists()] == []


def test_pyplot_is_never_imported() -> None:
    for name in NAMES:
        assert "matplotlib.pyplot" not in imports(name), name


def test_what_to_read_first_is_as_short_as_it_says() -> None:
    text = (ROOT / "docs" / "architecture.md").read_text("utf-8")
    files = re.findall(r"^\d\. `(agency/[\w/]+\.py)`", text.partition("## One row on its way")[0], flags=re.MULTILINE)
    assert len(files) == 6
    assert sum(len((ROOT / file).read_text("utf-8").splitlines()) for file in files) < 1500
