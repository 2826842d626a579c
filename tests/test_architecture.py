"""The house holds its shape: imports point one way, rooms stay small, heavy imports stay inside functions."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "agency"
ROOMS = ("table", "matrix", "measures", "render", "figures", "report", "study", "cli")
"""From left to right: a module imports from its own room and from rooms to its left."""
LEVEL = {"table": 0, "matrix": 1, "measures": 2, "render": 3, "figures": 3, "report": 4, "study": 5, "cli": 6}
SHARED = {"about", "errors", "output", "sheet", "__init__"}
LIGHT = ("cli", "about", "errors", "output", "study", "__init__", "__main__")
HEAVY = {
    "pandas",
    "numpy",
    "pandera",
    "matplotlib",
    "jinja2",
    "pybtex",
    "docx",
    "openpyxl",
    "python_calamine",
    "tabulate",
}
MODULES = sorted(PACKAGE.rglob("*.py"))


def room(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imports(tree: ast.AST) -> list[str]:
    names = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            names.append(node.module or "")
    return names


def at_module_level(tree: ast.Module) -> list[str]:
    """Return what is imported when the module is, `if TYPE_CHECKING` apart."""
    plain = [node for node in tree.body if isinstance(node, ast.Import | ast.ImportFrom)]
    return imports(ast.Module(body=plain, type_ignores=[]))


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_imports_point_one_way(path: Path) -> None:
    here = room(path)
    if here in ("__init__", "__main__"):
        return
    for name in imports(ast.parse(path.read_text("utf-8"))):
        parts = name.split(".")
        if parts[0] != "agency" or len(parts) == 1 or parts[1] in SHARED:
            continue
        assert here not in SHARED or parts[1] == "table", f"{name} is imported by a shared module"
        if here in LEVEL:
            allowed = LEVEL[parts[1]] < LEVEL[here] or parts[1] == here
            assert allowed, f"{path.name} in {here} imports {name}"


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_a_module_is_one_room_of_a_size_to_read(path: Path) -> None:
    text = path.read_text("utf-8")
    assert len(text.splitlines()) <= 320
    tree = ast.parse(text)
    named = [
        node for node in tree.body if isinstance(node, ast.FunctionDef | ast.ClassDef | ast.Assign | ast.AnnAssign)
    ]
    public = [node for node in named if not _name(node).startswith("_")]
    assert len(public) <= 15, [_name(node) for node in public]
    assert ast.get_docstring(tree) or not text.strip()


def _name(node: ast.stmt) -> str:
    if isinstance(node, ast.FunctionDef | ast.ClassDef):
        return node.name
    target = node.targets[0] if isinstance(node, ast.Assign) else node.target
    return target.id if isinstance(target, ast.Name) else "_"


@pytest.mark.parametrize("path", [path for path in MODULES if room(path) in LIGHT], ids=lambda path: path.name)
def test_what_starts_with_the_command_imports_nothing_heavy(path: Path) -> None:
    loaded = {name.split(".")[0] for name in at_module_level(ast.parse(path.read_text("utf-8")))}
    assert not loaded & HEAVY


def test_nothing_below_the_study_imports_it() -> None:
    for path in MODULES:
        if room(path) not in ("study", "cli", "__init__", "report"):
            assert "agency.study" not in imports(ast.parse(path.read_text("utf-8"))), path


def test_pyplot_is_never_imported() -> None:
    for path in MODULES:
        assert "matplotlib.pyplot" not in imports(ast.parse(path.read_text("utf-8"))), path
