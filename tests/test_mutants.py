"""The faults that `make mutants` plants are those it names, and its list of what nobody can notice is current."""

from __future__ import annotations

import ast
import sys
from fractions import Fraction
from types import ModuleType

import mutants
import pytest


@pytest.mark.parametrize(
    "code, changes",
    [
        ("a < b", {"Lt to LtE": "a <= b", "Lt to GtE": "a >= b"}),
        ("a == b", {"Eq to NotEq": "a != b"}),
        ("a + b", {"Add to Sub": "a - b"}),
        ("a and b", {"And to Or": "a or b"}),
        ("not a", {"Not dropped": "a"}),
        ("~a", {"Invert dropped": "a"}),
        ("True", {"True to False": "False"}),
        ("1.5", {"1.5 to 2.5": "2.5"}),
        ("frame.min()", {"min to max": "frame.max()"}),
        ("'words'", {}),
    ],
)
def test_what_becomes_of_a_node(code: str, changes: dict[str, str]) -> None:
    # The node that is changed is the expression, or the name that a call has.
    node = ast.parse(code, mode="eval").body
    found = mutants.variants(node.func if isinstance(node, ast.Call) else node)
    shown = {change: ast.unparse(new) for change, new in found}
    assert shown == {change: text.removesuffix("()") for change, text in changes.items()}


def test_a_fault_is_planted_where_it_is_said_to_be(monkeypatch: pytest.MonkeyPatch) -> None:
    # alpha = 1 - Do / De; with a plus it is above 1 where coders disagree.
    [fault] = [
        mutant
        for mutant in mutants.mutants_of("agreement/alpha.py")
        if mutant.change == "Sub to Add" and "1 - observed / expected" in mutant.code
    ]
    module = ModuleType("planted")
    monkeypatch.setitem(sys.modules, "planted", module)
    exec(mutants.planted(fault), module.__dict__)
    # Do = 1/3 and De = 3/5 as worked in the module: 1 + 5/9 instead of 4/9.
    assert module.krippendorff_alpha([("a", "a"), ("b", "b"), ("a", "b")]).value == Fraction(14, 9)


def test_a_sample_hangs_on_its_seed_and_a_larger_one_has_the_smaller() -> None:
    files = mutants.MODULES["alpha"][0]
    assert mutants.sample(files, 15, 1) == mutants.sample(files, 15, 1)
    assert {one.name for one in mutants.sample(files, 5, 1)} < {one.name for one in mutants.sample(files, 15, 1)}
    assert mutants.sample(files, 15, 1) != mutants.sample(files, 15, 2)


def test_every_equivalent_fault_can_still_be_planted_and_has_a_reason() -> None:
    assert mutants.stale() == []
    assert all(len(entry["reason"]) > 20 for entry in mutants.equivalents())
