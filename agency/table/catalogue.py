"""Every kind of problem, from `problems.toml`: its code, how serious it is, how it is worded and what to do."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import Literal

Severity = Literal["error", "warning", "information"]
SEVERITIES: tuple[Severity, ...] = ("error", "warning", "information")


@dataclass(frozen=True)
class Kind:
    """One kind of problem.

    ``template`` may use ``{found}`` (as it stands), ``{value}`` (quoted, odd characters named) and ``{expected}``.
    ``expected`` and ``fix`` are used where a finding does not bring its own.
    """

    group: str
    code: str
    severity: Severity
    title: str
    template: str
    expected: str
    fix: str


@cache
def kinds() -> Mapping[str, Kind]:
    """Return every kind of problem by its code, in the order of `docs/problems.md`.

    Examples
    --------
    >>> kinds()["end-before-start"].severity
    'error'
    """
    text = (resources.files("agency.table") / "problems.toml").read_text("utf-8")
    return MappingProxyType({entry["code"]: Kind(**entry) for entry in tomllib.loads(text)["kind"]})


def problems_markdown() -> str:
    """Return `docs/problems.md`: one section per kind of problem.

    Examples
    --------
    >>> problems_markdown().splitlines()[0]
    '# Problems that `agency check` names'
    """
    from agency.table.rules_across import ALL_RULES

    numbers = {rule.__name__.replace("_", "-"): number for number, rule in enumerate(ALL_RULES, 1)}
    lines = [
        "# Problems that `agency check` names",
        "",
        "Generated from `agency/table/problems.toml` by `tools/build_docs.py`; not edited by hand.",
        "An error leaves a number undefined: nothing is computed. Warnings and information do not stop anything.",
        "Numbered rules are functions of `agency/table/rules.py` and `rules_across.py`; the rest is the schema's and",
        "the reader's.",
    ]
    group = ""
    for kind in kinds().values():
        if kind.group != group:
            group = kind.group
            lines += ["", f"## {group}"]
        rule = f" Rule {numbers[kind.code]}." if kind.code in numbers else ""
        lines += ["", f"### {kind.code}", "", f"*{kind.severity}*. {kind.title}{rule}", ""]
        lines += [f"- Expected: {kind.expected}.", f"- What to do: {kind.fix}"]
    return "\n".join(lines) + "\n"
