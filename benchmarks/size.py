"""How large the package is: modules, and lines of code without docstrings, comments, blanks and imports.

Run with ``python benchmarks/size.py``; ``--rooms`` adds a line per room.
"""

from __future__ import annotations

import ast
import io
import sys
import tokenize
from collections import Counter
from pathlib import Path

PACKAGE = Path(__file__).parent.parent / "agency"
LAYOUT = (tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER)


def code_lines(source: str) -> int:
    """Return the number of lines that hold code.

    A docstring is any bare string that is a statement, so that those of attributes are none either. An import under
    ``if TYPE_CHECKING`` is an import; its condition is code.
    """
    lines = {
        line
        for token in tokenize.generate_tokens(io.StringIO(source).readline)
        if token.type not in LAYOUT
        for line in range(token.start[0], token.end[0] + 1)
    }
    for node in ast.walk(ast.parse(source)):
        bare = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)
        if bare or isinstance(node, ast.Import | ast.ImportFrom):
            assert isinstance(node, ast.stmt)
            lines -= set(range(node.lineno, (node.end_lineno or node.lineno) + 1))
    return len(lines)


def sizes(package: Path = PACKAGE) -> dict[Path, int]:
    """Return the lines of code of each module."""
    return {path: code_lines(path.read_text("utf-8")) for path in sorted(package.rglob("*.py"))}


def main() -> None:
    """Print the numbers."""
    found = sizes()
    print(f"{len(found)} modules ({sum(path.name == '__init__.py' for path in found)} of them fronts)")
    print(f"{sum(found.values())} lines of code")
    if "--rooms" in sys.argv:
        modules: Counter[str] = Counter()
        lines: Counter[str] = Counter()
        for path, number in found.items():
            parts = path.relative_to(PACKAGE).parts
            room = parts[0] if len(parts) > 1 else "."
            modules[room] += 1
            lines[room] += number
        for room in lines:
            print(f"  {room:12} {modules[room]:4} modules {lines[room]:6} lines")


if __name__ == "__main__":
    main()
