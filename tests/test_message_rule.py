"""What a reader sees is one whole string with named places that goes through `agency.words`.

A sentence glued from parts ("a" + "b", an f-string, a join with " and ") cannot be translated: Spanish orders and
inflects it otherwise. The program text is read as a tree, so that what is glued is found wherever it stands.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "agency"
NOT_HELD = ("words.py",)
"""The module that makes lists and sentences for all."""
WORDS = re.compile(
    r"[A-Za-z]{3,}.* |[A-Za-z]{2,} [a-z]{2,}|(?:^| )[a-z]{3,} $|^ [a-z]{3,}(?: |$)|\b[a-z]{2,} $|^ [a-z]{2,}\b"
)
"""English around a place; markup is taken away before."""
MARKUP = re.compile(r"<[^<>]*(?:>|$)|^[^<>]*(?<=[\"/])>|\\[a-zA-Z]+(?:\{[^{}]*\})*|\[\d+pt\]|^\W*&#10;")
ALLOWED = {
    "__init__.py": {"module 'agency' has no attribute": "what Python itself says of a module, in Python's words"},
    "about.py": {"pip install": "a command"},
    "agreement/codings.py": {"decision: ": "the head of a column that is read again"},
    "claims/evidence.py": {"only conditions on statements are put": "told to the programmer, never to a user"},
    "claims/file.py": {' = "': "a line of claims.toml to type"},
    "cli/__init__.py": {"agency: ": "the name of the program"},
    "cli/exchange.py": {"agency: ": "the name of the program"},
    "cli/tables.py": {"agency: ": "the name of the program"},
    "exporters/network.py": {"<": "GraphML"},
    "figures/surface/saving.py": {"": "what the file says of itself to programs: the same bytes in every language"},
    "figures/surface/style.py": {" mm)": "a unit", "Glyph .* missing": "a warning of matplotlib"},
    "findings/finding.py": {
        "agency: ": "the name of the program",
    },
    "formats/latex.py": {"\\": "LaTeX"},
    "formats/markdown.py": {"Table: ": "the mark by which pandoc knows a caption"},
    "formats/rst.py": {".. ": "a directive of reStructuredText"},
    "indicators/dependence.py": {"lapsed ": "a value in the data; sheets put it in words"},
    "indicators/results.py": {", actors ": "a key in the data"},
    "indicators/robustness.py": {
        "without ": "the key of a choice in the data; sheets put it in words",
        "rank ": "the key of a choice in the data; sheets put it in words",
        "counted by ": "the key of a choice in the data; sheets put it in words",
        "actors ": "the key of a choice in the data; sheets put it in words",
        "boundary ": "the key of a choice in the data; sheets put it in words",
    },
    "references/bibtex.py": {" and ": "BibTeX joins names so"},
    "references/model.py": {"References(": "what Python shows of an object"},
    "report/appendix.py": {"actors ": "the key of a constant that is marked"},
    "report/page.py": {"": "rules of CSS, and what the page may load"},
    "resolve/select.py": {
        " in ": "a condition of `--where`",
        "project not in ": "a condition",
        ") and (": "a condition",
    },
    "table/names.py": {"": "patterns of what a table may say, in three languages"},
    "sheets/agreement.py": {" to ": "the unrounded ends of an interval, for CSV"},
    "vocabulary/codebook.py": {"lead = ": "a line of codebook.toml"},
    "table/starter.py": {"[study]": "lines of codebook.toml"},
    "table/clean.py": {"": "patterns of what a table may say, in three languages"},
}
"""By file: what stands in a string that is no sentence, and what it is instead."""
SAYS = ("Note", "UsageError", "DataError", "echo", "tell", "fail")
NAMES = ("message", "sentence", "found", "expected", "fix", "caption", "notice", "remark", "why")
"""What is called with a sentence, and what a sentence is called."""


def modules() -> list[Path]:
    return [path for path in sorted(PACKAGE.rglob("*.py")) if path.relative_to(PACKAGE).parts[0] not in NOT_HELD]


def texts_of(node: ast.expr) -> list[str]:
    """Return the literal pieces of a string."""
    if isinstance(node, ast.JoinedStr):
        return [str(piece.value) for piece in node.values if isinstance(piece, ast.Constant)]
    return [node.value] if isinstance(node, ast.Constant) and isinstance(node.value, str) else []


def has_words(pieces: list[str]) -> bool:
    return any(WORDS.search(MARKUP.sub("", piece)) for piece in pieces)


def called(node: ast.Call) -> str:
    function = node.func
    return function.id if isinstance(function, ast.Name) else getattr(function, "attr", "")


def glued(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Yield line and text of what is put together out of pieces with English in them."""
    for node in ast.walk(tree):
        pieces: list[str] = []
        line = getattr(node, "lineno", 0)
        if isinstance(node, ast.JoinedStr):
            pieces = texts_of(node)
        elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add | ast.Mod):
            pieces = [piece for side in (node.left, node.right) for piece in texts_of(side)]
        elif isinstance(node, ast.Call) and called(node) in ("join", "format") and isinstance(node.func, ast.Attribute):
            pieces = texts_of(node.func.value)
            pieces = [re.sub(r"\{\w*\}", "", piece) or "" for piece in pieces]
            pieces = [piece for piece in pieces if re.search(r"[a-z]{2,}", MARKUP.sub("", piece))]
            yield from ((line, piece) for piece in pieces)
            continue
        elif isinstance(node, ast.IfExp) and "s" in [*texts_of(node.body), *texts_of(node.orelse)]:
            yield line, "a plural by hand: 's'"
        if has_words(pieces):
            yield line, "…".join(pieces)


def bare(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Yield what is said, or called as a sentence is, without going through `agency.words`."""
    for node in ast.walk(tree):
        said: list[ast.expr] = []
        if isinstance(node, ast.Call):
            said = [argument for argument in node.args if called(node) in SAYS]
            said += [keyword.value for keyword in node.keywords if keyword.arg in NAMES and called(node) != "option"]
            # Which sentence is chosen before it is looked up: each must be marked for the catalogue.
            said += node.args[:1] if called(node) in ("text", "counted") and isinstance(node.args[0], ast.IfExp) else []
        elif isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name) and node.targets[0].id in NAMES:
            said = [node.value]
        chosen = [side for one in said if isinstance(one, ast.IfExp) for side in (one.body, one.orelse)]
        for one in (*said, *chosen):
            yield from ((one.lineno, piece) for piece in texts_of(one) if re.search(r"[A-Za-z]{2,}\W+[a-z]{2,}", piece))


def broken(path: Path) -> list[str]:
    name = path.relative_to(PACKAGE).as_posix()
    tree = ast.parse(path.read_text("utf-8"))
    return [
        f"{name}:{line}: {text}"
        for line, text in (*glued(tree), *bare(tree))
        if not any(part in text for part in ALLOWED.get(name, {}))
    ]


@pytest.mark.parametrize("path", modules(), ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_what_is_said_is_one_whole_string(path: Path) -> None:
    assert broken(path) == []


def test_every_exception_is_needed() -> None:
    for name, parts in ALLOWED.items():
        tree = ast.parse((PACKAGE / name).read_text("utf-8"))
        found = [text for _, text in (*glued(tree), *bare(tree))]
        for part in parts:
            assert any(part in text for text in found), f"{name}: nothing has {part!r} any more"


@pytest.mark.parametrize(
    "source",
    [
        'message = f"{path}: cannot be read."',
        'said = "no actor where status is " + status',
        'said = "%s rows were left out" % n',
        'said = "one of {}, or none".format(known)',
        'said = " and ".join(names)',
        "said = f\"{n} row{'s' if n != 1 else ''}\"",
        'raise UsageError("The year is missing.")',
        'sheet = Sheet(caption="Who held what", rows=())',
        'click.echo("nothing was written")',
        'found = "no actor" if actor else "no origin"',
        'said = text("{who} did" if more else "{who} did not", who=who)',
    ],
)
def test_the_rule_sees_what_is_glued_or_bare(source: str) -> None:
    tree = ast.parse(source)
    assert [*glued(tree), *bare(tree)]


@pytest.mark.parametrize(
    "source",
    [
        'said = text("{path}: cannot be read.", path=path)',
        'said = counted("{n} row", "{n} rows", n)',
        'said = f"{name}: {value}"',
        'said = ", ".join(names)',
        "said = f'<td style=\"{style}\">{said}</td>'",
        'sentence = marked("{name} is no year.")',
    ],
)
def test_the_rule_lets_whole_sentences_pass(source: str) -> None:
    tree = ast.parse(source)
    assert not [*glued(tree), *bare(tree)]
