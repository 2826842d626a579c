"""Plant small faults in the modules that count, and see whether the tests of each module notice.

``make mutants`` runs it; ``python tools/mutants.py [MODULE ...] [--sample 15] [--seed 1]`` for some of the table below.
A fault is one changed comparison, boundary, sign, constant, truth value, negation, extreme or return value. It is
planted in memory: an importer compiles the changed tree, no file is written. Each runs in a process of its own with the
module's tests, up to the first failure; one that takes four times as long as the tests do without it counts as killed.

What no test can notice stands in ``tools/equivalent.toml`` with the reason, and is not planted. Which faults are in a
sample hangs on the words of their line, not on its number, so that an edit elsewhere leaves the sample alone. The exit
code is 1 where under nine in ten are killed.
"""

from __future__ import annotations

import argparse
import ast
import copy
import hashlib
import importlib.abc
import importlib.util
import os
import signal
import sys
import time
import tomllib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import CodeType
from typing import Any

# What takes long to import and is given no fault: once, before the forks.
import hypothesis  # noqa: F401
import pandas  # noqa: F401, ICN001
import pytest

ROOT = Path(__file__).parent.parent
NUMBERS = "tests/test_indicators.py"
TABLE_1 = (
    "tests/test_numbers_by_hand.py",
    *(f"{NUMBERS}::test_{name}_by_hand" for name in ("value_computed", "words_and_lists", "bounds")),
)
OVERLAPS = tuple(
    f"{NUMBERS}::test_{name}"
    for name in ("state_of_the_overlap", "a_side_that_does_not_apply_makes_the_overlap_undefined")
)
DECIDED = tuple(
    f"tests/test_agreement.py::test_{name}"
    for name in (
        "what_is_decided_is_read_back",
        "one_unit_twice_is_one_decision_only_if_both_are_the_same",
        "a_place_without_a_file_or_with_an_empty_one_has_no_decision",
        "no_more_is_needed_than_what_is_decided",
        "a_file_of_another_kind_is_refused",
        "a_decision_nobody_needs_any_more_is_not_lost_unseen",
    )
)
MODULES: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "years": (("resolve/years.py", "resolve/years.py"), ("tests/test_states.py",)),
    "use": (("resolve/rows.py",), ("tests/test_cells.py", "tests/test_select.py")),
    "cells": (("resolve/cells.py", "resolve/rows.py"), ("tests/test_cells.py",)),
    "arrays": (("resolve/arrays.py",), (*TABLE_1, *OVERLAPS)),
    "shares": (("resolve/matrix.py",), ("tests/test_states.py", "tests/test_whatif.py")),
    "conflicts": (("resolve/conflicts.py", "resolve/sides.py"), ("tests/test_contested.py",)),
    "verdicts": (("claims/verdicts.py", "claims/evidence.py"), ("tests/test_claims.py",)),
    "composition": (("indicators/composition.py", "indicators/timeline.py"), TABLE_1),
    "concentration": (("indicators/concentration.py", "indicators/dependence.py"), TABLE_1),
    "dependence": (("indicators/dependence.py",), (*TABLE_1, *OVERLAPS)),
    "alpha": (("agreement/alpha.py",), ("tests/test_alpha.py",)),
    "agreement": (("agreement/codings.py", "agreement/disagreements.py"), ("tests/test_agreement.py",)),
    "decisions": (("agreement/codings.py",), DECIDED),
    "distances": (("comparison/compare.py",), ("tests/test_compare.py", "tests/test_alpha.py")),
    "regularities": (("comparison/regularities.py", "comparison/regularities.py"), ("tests/test_regularities.py",)),
    "robustness": (("indicators/robustness.py",), ("tests/test_robustness.py",)),
    "whatif": (("indicators/whatif.py",), ("tests/test_whatif.py",)),
}
"""By name: files under ``agency/``, and the tests that are run, the quickest first."""
LEFT_OUT = "format shipped command quadratic sheet workbook text json print explain report writes bytes docum"
"""Words of tests that are left out: of what is printed, and of the whole study. They take long and count nothing."""
LEAST = 0.9
SLOWER = 4.0
"""How many times as long as the sound module a fault may take."""

_COMPARED: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Lt: (ast.LtE, ast.GtE),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
}
_COMPUTED: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Mult,
    ast.Mod: ast.Mult,
    ast.BitAnd: ast.BitOr,
    ast.BitOr: ast.BitAnd,
}
_PAIRS = (("min", "max"), ("any", "all"), ("first", "last"), ("minimum", "maximum"), ("idxmin", "idxmax"))
_OTHER = {a: b for pair in _PAIRS for a, b in (pair, pair[::-1])}


@dataclass(frozen=True)
class Mutant:
    """One fault: the node (its number in the order of the tree), what becomes of it, and where that is."""

    file: str
    node: int
    variant: int
    line: int
    code: str
    change: str
    nth: int
    """How many faults of the same change the same line (as text) has had before, in this file."""

    @property
    def name(self) -> str:
        """What stays the same when other lines change."""
        return f"{self.file}|{self.code}|{self.change}|{self.nth}"


def variants(node: ast.AST) -> list[tuple[str, ast.AST]]:
    """Return what can become of a node: the change in words, and a new node."""
    if isinstance(node, ast.Compare):
        found = []
        for at, operator in enumerate(node.ops):
            for other in _COMPARED.get(type(operator), ()):
                new = copy.copy(node)
                new.ops = [*node.ops[:at], other(), *node.ops[at + 1 :]]
                found.append((f"{type(operator).__name__} to {other.__name__}", new))
        return found
    if isinstance(node, ast.Constant):
        return _constants(node)
    if isinstance(node, ast.BinOp | ast.AugAssign) and type(node.op) in _COMPUTED:
        new = copy.copy(node)
        new.op = _COMPUTED[type(node.op)]()
        return [(f"{type(node.op).__name__} to {type(new.op).__name__}", new)]
    if isinstance(node, ast.BoolOp):
        new = copy.copy(node)
        new.op = ast.And() if isinstance(node.op, ast.Or) else ast.Or()
        return [(f"{type(node.op).__name__} to {type(new.op).__name__}", new)]
    return _others(node)


def _constants(node: ast.Constant) -> list[tuple[str, ast.AST]]:
    if isinstance(node.value, bool):
        return [(f"{node.value} to {not node.value}", ast.Constant(not node.value))]
    if isinstance(node.value, int | float):
        return [(f"{node.value} to {node.value + 1}", ast.Constant(node.value + 1))]
    return []


def _others(node: ast.AST) -> list[tuple[str, ast.AST]]:
    if isinstance(node, ast.UnaryOp):
        return [(f"{type(node.op).__name__} dropped", node.operand)]
    if isinstance(node, ast.Return) and node.value is not None and not _nothing(node.value):
        return [("return None", ast.Return(ast.Constant(None)))]
    name = node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""
    if name in _OTHER:
        new = copy.copy(node)
        setattr(new, "attr" if isinstance(node, ast.Attribute) else "id", _OTHER[name])
        return [(f"{name} to {_OTHER[name]}", new)]
    return []


def _nothing(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is None


def _code(tree: ast.AST) -> Iterator[ast.AST]:
    """Yield the nodes that are run for a result: no docstrings, annotations, type-checking imports or messages."""
    yield tree
    for name, value in ast.iter_fields(tree):
        if name in ("annotation", "returns", "decorator_list", "type_params"):
            continue
        if isinstance(tree, ast.keyword) and tree.arg == "strict":
            continue  # a guard of the writer's: the arrays are made of one length
        for child in value if isinstance(value, list) else [value]:
            if isinstance(child, ast.AST) and not isinstance(child, ast.Raise | ast.Assert) and not _typing(child):
                yield from _code(child)


def _typing(node: ast.AST) -> bool:
    return isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"


def mutants_of(file: str) -> list[Mutant]:
    """Return every fault that can be planted in a file, in the order of its lines."""
    text = (ROOT / "agency" / file).read_text("utf-8")
    lines = text.splitlines()
    found: list[Mutant] = []
    seen: Counter[tuple[str, str]] = Counter()
    for number, node in enumerate(_code(ast.parse(text))):
        for variant, (change, _) in enumerate(variants(node)):
            line: int = node.lineno  # type: ignore[attr-defined]
            code = lines[line - 1].strip()
            found.append(Mutant(file, number, variant, line, code, change, seen[code, change]))
            seen[code, change] += 1
    return found


def planted(mutant: Mutant) -> CodeType:
    """Return the compiled module with the fault."""
    path = ROOT / "agency" / mutant.file
    tree = ast.parse(path.read_text("utf-8"))
    node = list(_code(tree))[mutant.node]
    new = variants(node)[mutant.variant][1]

    class Planter(ast.NodeTransformer):
        def visit(self, at: ast.AST) -> Any:
            return ast.copy_location(new, at) if at is node else self.generic_visit(at)

    return compile(ast.fix_missing_locations(Planter().visit(tree)), str(path), "exec")


class _Importer(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Gives one module the code with the fault; a plugin of pytest's, which imports what it tests by itself."""

    def __init__(self, file: str, code: CodeType) -> None:
        self.name, self.code = "agency." + file.removesuffix(".py").replace("/", "."), code

    def pytest_sessionstart(self) -> None:
        sys.meta_path.insert(0, self)

    def find_spec(self, name: str, path: Any, target: Any = None) -> Any:  # noqa: ARG002 - the protocol
        if name != self.name:
            return None
        return importlib.util.spec_from_file_location(name, self.code.co_filename, loader=self)

    def exec_module(self, module: Any) -> None:
        exec(self.code, module.__dict__)


def sample(files: tuple[str, ...], size: int, seed: int) -> list[Mutant]:
    """Return some faults of a module, those known to be equivalent left out."""
    known = {f"{entry['file']}|{entry['code']}|{entry['change']}|{entry.get('nth', 0)}" for entry in equivalents()}
    every = [mutant for file in files for mutant in mutants_of(file) if mutant.name not in known]
    every.sort(key=lambda mutant: hashlib.sha256(f"{seed}|{mutant.name}".encode()).digest())
    return sorted(every[:size], key=lambda mutant: (mutant.file, mutant.line, mutant.change))


def equivalents() -> list[dict[str, Any]]:
    """Return the faults that change nothing anybody can see, with the reason."""
    entries: list[dict[str, Any]] = tomllib.loads((ROOT / "tools" / "equivalent.toml").read_text("utf-8"))["mutant"]
    return entries


def stale() -> list[str]:
    """Return the entries of ``equivalent.toml`` whose line is no longer there."""
    there = {mutant.name for files, _ in MODULES.values() for file in files for mutant in mutants_of(file)}
    names = [f"{entry['file']}|{entry['code']}|{entry['change']}|{entry.get('nth', 0)}" for entry in equivalents()]
    return [name for name in names if name not in there]


def survives(tests: tuple[str, ...], mutant: Mutant | None, limit: float) -> tuple[bool, float]:
    """Return whether the tests pass with a fault, and how many CPU seconds they took."""
    begin = time.monotonic()
    child = os.fork()
    if child == 0:
        _run(tests, mutant)
    used = 0.0
    while True:
        done, status, usage = os.wait4(child, os.WNOHANG)
        if done:
            used = usage.ru_utime + usage.ru_stime
            code = os.waitstatus_to_exitcode(status)
            if code == 5:
                message = f"no tests: {' '.join(tests)}"
                raise SystemExit(message)
            return code == 0, used
        # The limit is of CPU time; a process that waits for ever is ended too.
        if _cpu(child) > limit or time.monotonic() - begin > 40 * limit:
            os.kill(child, signal.SIGKILL)
        time.sleep(0.02)


def _cpu(process: int) -> float:
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _run(tests: tuple[str, ...], mutant: Mutant | None) -> None:
    """Run the tests in this process, a fork, and end it with pytest's code."""
    null = os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, 1)
    os.dup2(null, 2)
    code = 3
    try:
        plugins = [] if mutant is None else [_Importer(mutant.file, planted(mutant))]
        # hypothesis is there before pytest could rewrite its assertions, which would be an error.
        quiet = ["-n", "0", "-p", "no:cacheprovider", "--tb=no", "-W", "ignore::pytest.PytestAssertRewriteWarning"]
        code = int(pytest.main(["-x", *quiet, *tests], plugins=plugins))
    finally:
        os._exit(code)


def main() -> int:
    """Plant the sample of each module, print what survives, and return the exit code."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("modules", nargs="*", metavar="MODULE", help=", ".join(MODULES))
    parser.add_argument("--sample", type=int, default=15, help="faults of each module (default 15)")
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()
    unknown = [name for name in chosen.modules if name not in MODULES]
    if unknown:
        parser.error(f"no module {', '.join(unknown)}; there are {', '.join(MODULES)}")
    if gone := stale():
        print("tools/equivalent.toml names lines that are not there:", *gone, sep="\n  ")
        return 1
    os.chdir(ROOT)
    os.environ["CI"] = "true"  # hypothesis draws the same examples each time
    total = Counter[str]()
    for name in chosen.modules or MODULES:
        files, tests = MODULES[name]
        # Random examples take longer than a fault is worth; those of the module itself read the whole shipped study.
        words = " and ".join(f"not {word}" for word in LEFT_OUT.split())
        tests = (*tests, *(f"agency/{file}" for file in files), "-m", "not hypothesis", "-k", words)
        passes, seconds = survives(tests, None, 600)
        if not passes:
            print(f"{name}: the tests fail without a fault: {' '.join(tests)}")
            return 1
        faults = sample(files, chosen.sample, chosen.seed)
        killed = 0
        for mutant in faults:
            if survives(tests, mutant, SLOWER * seconds + 5)[0]:
                where = f"agency/{mutant.file}:{mutant.line}"
                print(f"    survives: {where}: {mutant.change} [{mutant.nth}]: {mutant.code}", flush=True)
            else:
                killed += 1
        total.update(planted=len(faults), killed=killed)
        print(f"{name:14} {killed:3} of {len(faults):3} killed; its tests take {seconds:.1f} s of CPU", flush=True)
    share = total["killed"] / max(total["planted"], 1)
    print(f"{'all':14} {total['killed']:3} of {total['planted']:3} killed: {share:.0%}")
    return int(share < LEAST)


if __name__ == "__main__":
    sys.exit(main())
