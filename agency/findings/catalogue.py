"""Every kind of problem, from `findings.toml`: its code, how serious it is, how it is worded and what to do."""

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
    text = (resources.files("agency.findings") / "findings.toml").read_text("utf-8")
    return MappingProxyType({entry["code"]: Kind(**entry) for entry in tomllib.loads(text)["kind"]})


def problems_markdown() -> str:
    """Return `docs/problems.md`: one section per kind of problem.

    Examples
    --------
    >>> problems_markdown().splitlines()[0]
    '# Problems that `agency check` names'
    """
    lines = [
        "# Problems that `agency check` names",
        "",
        "Generated from `agency/findings/findings.toml` by `tools/build_docs.py`; not edited by hand.",
        "An error leaves a number undefined: nothing is computed. Warnings and information do not stop anything.",
    ]
    group = ""
    for kind in kinds().values():
        if kind.group != group:
            group = kind.group
            lines += ["", f"## {group}"]
        lines += ["", f"### {kind.code}", "", f"*{kind.severity}*. {kind.title}", ""]
        lines += [f"- Expected: {kind.expected}.", f"- What to do: {kind.fix}"]
    return "\n".join(lines) + "\n"
