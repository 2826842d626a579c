"""Start-up is felt by every user: what a command imports, not how long it takes, is tested here."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

HEAVY = {"pandas", "numpy", "pandera", "matplotlib", "jinja2", "tabulate", "pybtex", "docx", "openpyxl"}

PROBE = """
import json, sys
sys.argv = ["agency", *json.loads(sys.argv[1])]
try:
    from agency.__main__ import main
    main()
except SystemExit:
    pass
print("\\n" + json.dumps(sorted(name for name in sys.modules if "." not in name)))
"""


def modules_after(*arguments: str) -> set[str]:
    """Return the top-level modules loaded by a command in a fresh interpreter."""
    command = [sys.executable, "-c", PROBE, json.dumps(arguments)]
    result = subprocess.run(command, check=True, capture_output=True, text=True)
    return set(json.loads(result.stdout.splitlines()[-1]))


@pytest.mark.parametrize(
    "arguments", [("--help",), ("--version",), ("table", "--help"), ("figure", "--help")], ids=" ".join
)
def test_help_imports_nothing_heavy(arguments: tuple[str, ...]) -> None:
    assert not modules_after(*arguments) & HEAVY


def test_importing_the_package_imports_nothing_heavy() -> None:
    code = "import sys, agency; dir(agency); print(*[name for name in sys.modules if '.' not in name])"
    result = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert not set(result.stdout.split()) & (HEAVY | {"click"})


def test_a_table_needs_no_figure_and_no_page() -> None:
    assert not modules_after("table", "-f", "csv") & {"matplotlib", "jinja2", "docx", "openpyxl"}


def test_checking_needs_no_figure_and_no_page() -> None:
    assert not modules_after("check") & {"matplotlib", "jinja2", "docx", "openpyxl"}
