"""Feed the command line with damaged files of every kind: whatever the bytes, it says what is wrong and harms nothing.

``make fuzz`` runs it (``make fuzz NUMBER=1000 SEED=7 KINDS="table bib"``). The seeds lie in ``tests/corpus``; an input
is made from its kind, the seed and its number alone, so that ``python tools/fuzz.py table --seed 7 --at 123`` makes the
same again and shows what was said. What fails is kept in a folder (``.fuzz``), with the files and what was seen.

No input may give a traceback or a warning of Python, an exit code that is not 0, 1 or 2, an error without a word, a
control character or change of direction in what is printed, more than 10 s of CPU per megabyte, more than 1 GB of
memory, a changed input, a changed output of a run that failed, or a temporary file left behind.
"""

from __future__ import annotations

import argparse
import contextlib
import faulthandler
import gc
import io
import json
import os
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import traceback
import unicodedata
import warnings
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

from mutations import mutated

from agency.cli import _run

ROOT = Path(__file__).resolve().parents[1]
CORPUS = ROOT / "tests" / "corpus"
MEGABYTE = 1_000_000
SECONDS = 10
"""CPU seconds a megabyte may take; a smaller input may take as long."""
LONG = {"report": 5, "robustness": 3, "diff": 3}
"""Times that for commands that compute everything once, or several times over: small inputs take seconds there."""
FURTHER = 0.4
"""The share of sound inputs that go on to a second command."""
MEMORY = 1_000_000_000
BATCH = 250
"""Inputs of one process."""

Command = tuple[str, ...]


class Kind(NamedTuple):
    """A kind of input: the files that are damaged, one at a time, and what is run on them."""

    seeds: tuple[str, ...]
    lay: Callable[[str], dict[str, bytes]]
    """Gives all files of an input by name, from the name of the damaged one."""
    first: Callable[[str, Random], Command]
    then: Callable[[Random], Command]
    """What is run when the first command finds the input sound."""


@cache
def corpus() -> dict[str, bytes]:
    """Return the seeds by name."""
    return {str(path.relative_to(CORPUS)): path.read_bytes() for path in sorted(CORPUS.rglob("*")) if path.is_file()}


# --- What is run -----------------------------------------------------------------------------------------------------

_FORMATS = ("text", "markdown", "grid", "rst", "latex", "html", "csv", "json")
_STUDY = "study"
_FOLLOWING: tuple[tuple[int, Command], ...] = (
    (8, ("brief", _STUDY)),
    (8, ("table", _STUDY, "-f", "FORMAT")),
    (2, ("table", _STUDY, "--transpose", "--mode", "time", "-f", "FORMAT")),
    (2, ("table", _STUDY, "-o", "out.docx")),
    (2, ("table", _STUDY, "-o", "out.xlsx")),
    (4, ("indicators", _STUDY, "-f", "FORMAT")),
    (2, ("indicators", _STUDY, "--year", "end", "--actors", "whole", "-f", "json")),
    (5, ("claims", _STUDY, "-f", "FORMAT")),
    (3, ("agreement", _STUDY, "--sheet", "out.csv", "-f", "FORMAT")),
    (3, ("regularities", _STUDY, "-f", "FORMAT")),
    (2, ("sources", _STUDY, "-f", "FORMAT")),
    (2, ("compare", "ECU 911", "JSeI", "--data", _STUDY, "-f", "FORMAT")),
    (2, ("whatif", "--data", _STUDY, "--withdraw", "CEIEC", "--from", "2014", "-f", "FORMAT")),
    (2, ("whatif", "--data", _STUDY, "--withdraw", "chinese", "-f", "FORMAT")),
    (2, ("verify", _STUDY, "--texts", "texts")),
    (1, ("robustness", _STUDY, "-f", "FORMAT")),
    (1, ("diff", "whole", _STUDY, "-f", "FORMAT")),
    (1, ("report", _STUDY, "-o", "rep")),
    (2, ("figure", "matrix", _STUDY, "-o", "out.svg")),
    (2, ("figure", "timeline", _STUDY, "-o", "out.svg")),
    (1, ("figure", "composition", _STUDY, "-o", "out.pdf")),
    (1, ("figure", "aggregate", _STUDY, "-o", "out.png")),
    (1, ("figure", "summary", _STUDY, "-o", "out.svg")),
    (1, ("heatmap", _STUDY, "-o", "out.svg")),
    (2, ("export", _STUDY, "--to", "graphml", "-o", "out.graphml")),
    (2, ("export", _STUDY, "--to", "edges", "-o", "out.csv")),
    (2, ("export", _STUDY, "--to", "wide", "-o", "out.csv")),
    (2, ("export", _STUDY, "--to", "xlsx", "-o", "out.xlsx")),
    (1, ("export", _STUDY, "--to", "qca", "-o", "made")),
    (1, ("export", _STUDY, "--to", "tidy", "-o", "made")),
    (1, ("export", _STUDY, "--to", "datapackage", "-o", "made")),
)
_OLD = dict.fromkeys(("out.csv", "out.docx", "out.xlsx", "out.svg", "out.pdf", "out.png", "out.graphml"), b"old\n")
_OLD |= {"rep/report.html": b"old\n"}
_WRITTEN = (*_OLD, "rep/", "made/")
_SPEAKS_AND_WRITES = ("rep/marked.xlsx",)
"""What a command writes though it finds errors: the table with its errors coloured."""


def _any_of(rng: Random, command: Command) -> Command:
    return tuple(rng.choice(_FORMATS) if word == "FORMAT" else word for word in command)


def _following(place: str) -> Callable[[Random], Command]:
    def chosen(rng: Random) -> Command:
        (command,) = rng.choices([command for _, command in _FOLLOWING], [weight for weight, _ in _FOLLOWING])
        return tuple(place if word == _STUDY else word for word in _any_of(rng, command))

    return chosen


def _checked(place: str) -> Callable[[str, Random], Command]:
    def chosen(seed: str, rng: Random) -> Command:
        if seed.endswith("claims.toml"):
            return _any_of(rng, ("claims", place, "-f", "FORMAT"))
        if seed.endswith("double_coding.csv"):
            return _any_of(rng, ("agreement", place, "-f", "FORMAT"))
        if seed.startswith("texts/"):
            return ("verify", place, "--texts", "texts")
        more = rng.choice(
            ((), (), ("--all",), ("-f", "json"), ("-f", "csv"), ("--states",), ("--mark", "rep/marked.xlsx"))
        )
        return ("check", place, *more)

    return chosen


def _study(seed: str) -> dict[str, bytes]:
    """Return a folder with the damaged file among the others; other references take the place of the BibTeX."""
    files = {name: data for name, data in corpus().items() if name.startswith(("study/", "texts/"))}
    whole = {name.replace("study/", "whole/"): data for name, data in files.items() if name.startswith("study/")}
    if seed.startswith("given/sources"):
        del files["study/sources.bib"]
    return files | whole


def _placed(seed: str) -> str:
    """Return where a seed lies in an input."""
    return seed.replace("given/sources", "study/sources")


def _alone(seed: str) -> dict[str, bytes]:
    return {name: data for name, data in corpus().items() if name.startswith("given/") or name == seed}


def _imported(*command: str) -> Callable[[str, Random], Command]:
    def chosen(seed: str, rng: Random) -> Command:
        more = rng.choice(((), ("--weak",), ("--source", "x")))
        origins = () if rng.random() < 0.3 else ("--origins", "given/origins.csv")
        words = tuple(seed if word == "SEED" else word for word in command)
        return ("import", *words, "-o", "made", *origins, *more)

    return chosen


def _folder(prefix: str) -> tuple[str, ...]:
    return tuple(name for name in corpus() if name.startswith(prefix))


def kinds() -> dict[str, Kind]:
    """Return the kinds of input by name."""
    study, made = (_study, _checked(_STUDY), _following(_STUDY)), _following("made")
    return {
        "table": Kind(("study/actors_by_phase.csv",), *study),
        "companions": Kind(tuple(f"study/{name}.csv" for name in ("projects", "actors", "events")), *study),
        "coding": Kind(("study/double_coding.csv",), *study),
        "codebook": Kind(("study/codebook.toml",), *study),
        "claims": Kind(("study/claims.toml",), *study),
        "bib": Kind(("study/sources.bib",), *study),
        "csljson": Kind(("given/sources.json",), *study),
        "sources": Kind(("given/sources.csv",), *study),
        "texts": Kind(_folder("texts/"), *study),
        "xlsx": Kind(("packed/table.xlsx",), _alone, _checked("packed/table.xlsx"), _following("packed/table.xlsx")),
        "ods": Kind(("packed/table.ods",), _alone, _checked("packed/table.ods"), _following("packed/table.ods")),
        "wide": Kind(_folder("given/wide."), _alone, _imported("wide", "SEED"), made),
        "words": Kind(("given/words.toml",), _alone, _imported("wide", "given/wide.csv", "--mapping", "SEED"), made),
        "mapping": Kind(("given/mapping.toml",), _alone, _imported("SEED", "given/records.csv"), made),
        "records": Kind(("given/records.csv",), _alone, _imported("given/mapping.toml", "SEED"), made),
        "origins": Kind(("given/origins.csv",), _alone, _imported("wide", "given/wide.csv"), made),
        "aiddata": Kind(("given/aiddata.csv",), _alone, _imported("aiddata", "SEED"), made),
        "iati": Kind(("given/iati.xml",), _alone, _imported("iati", "SEED"), made),
        "oc4ids": Kind(("given/oc4ids.json", "given/ocds.json"), _alone, _imported("oc4ids", "SEED"), made),
        "qdpx": Kind(("packed/project.qdpx",), _alone, _imported("qdpx", "SEED", "--project", "City"), made),
        "codes": Kind(
            ("given/codes.toml",), _alone, _imported("qdpx", "given/taguette.csv", "--mapping", "SEED"), made
        ),
        "taguette": Kind(("given/taguette.csv",), _alone, _imported("qdpx", "SEED", "--project", "City"), made),
    }


# --- One input -------------------------------------------------------------------------------------------------------


class _HangError(BaseException):
    """More time than an input may take; no handler of errors takes it for one."""


@dataclass
class Done:
    """What a command did."""

    command: Command
    code: int | None = None
    out: str = ""
    err: str = ""
    failures: list[str] = field(default_factory=list)


def run(command: Command, *, seconds: float) -> Done:
    """Run a command in this process, as from a shell."""
    done = Done(command)
    out, err = (io.TextIOWrapper(io.BytesIO(), "utf-8", "backslashreplace", newline="") for _ in range(2))

    def stop(*_: object) -> None:
        raise _HangError

    signal.signal(signal.SIGPROF, stop)
    with (
        warnings.catch_warnings(record=True) as warned,
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(err),
    ):
        warnings.simplefilter("always")
        try:
            signal.setitimer(signal.ITIMER_PROF, seconds)
            done.code = _run(list(command))
        except _HangError:
            done.failures.append(f"more than {seconds:.0f} s\n{traceback.format_exc()}")
        except BaseException:
            done.failures.append(traceback.format_exc())
        finally:
            signal.setitimer(signal.ITIMER_PROF, 0)
    done.out, done.err = (_written(stream) for stream in (out, err))
    silent = (DeprecationWarning, PendingDeprecationWarning, ImportWarning, ResourceWarning)
    done.failures += [f"warning: {one.message}" for one in warned if not issubclass(one.category, silent)]
    return done


def _written(stream: io.TextIOWrapper) -> str:
    stream.flush()
    assert isinstance(stream.buffer, io.BytesIO)
    return stream.buffer.getvalue().decode("utf-8")


_DIRECTION = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}


def moving(text: str, allowed: str = "\n") -> str:
    """Return the first character that moves a screen or turns what follows, else ""."""
    if text.replace("\n", "").isprintable():
        return ""
    for char in text:
        turns = unicodedata.bidirectional(char) in _DIRECTION or char == "\u061c"
        if (turns or unicodedata.category(char) in ("Cc", "Cs", "Zl", "Zp")) and char not in allowed:
            return repr(char)
    return ""


def _snapshot(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def _judged(done: Done, before: dict[str, bytes], after: dict[str, bytes]) -> None:
    """Add what a command did that it must not."""
    if done.code not in (0, 1, 2) and not done.failures:
        done.failures.append(f"exit code {done.code}")
    if done.code and not (done.err.strip() or done.out.strip()):
        done.failures.append(f"exit code {done.code} without a word")
    for name, text in (("standard output", done.out), ("standard error", done.err)):
        if moves := moving(text):
            done.failures.append(f"{moves} on {name}")
        if "Traceback (most recent call last)" in text:
            done.failures.append(f"a traceback on {name}")
    done.failures += [
        said for name in sorted(before.keys() | after.keys()) if (said := _harmed(done, name, before, after))
    ]


def _harmed(done: Done, name: str, before: dict[str, bytes], after: dict[str, bytes]) -> str:
    """Return what a command did to a file that it must not, else ""."""
    if ".agency-" in name:
        return f"{name} was left behind"
    allowed = _WRITTEN if done.code == 0 else _SPEAKS_AND_WRITES
    if before.get(name) != after.get(name) and not name.startswith(allowed):
        return f"{name} was {'changed' if name in after else 'removed'}"
    printed = name in after and name in ("out.csv", "out.svg", "out.graphml")
    moves = moving(after[name].decode("utf-8"), "\t\n\r") if printed else ""
    return f"{moves} in {name}" if moves else ""


@contextlib.contextmanager
def _inside(folder: Path) -> Iterator[None]:
    before = Path.cwd()
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(before)


def make(kind: str, seed: str, number: int) -> tuple[dict[str, bytes], str, Random]:
    """Return the files of an input, the damaged one, and the generator that chooses what is run on them."""
    rng = Random(f"{seed}/{kind}/{number}")
    entry = kinds()[kind]
    name = rng.choice(entry.seeds)
    files = entry.lay(name)
    data = corpus()[name]
    if rng.random() < 0.01:
        data = corpus()[rng.choice(list(corpus()))]
    if number:  # the first is whole
        data = mutated(name, data, rng)
    return {**files, _placed(name): data}, name, rng


def one(kind: str, seed: str, number: int, place: Path) -> list[Done]:
    """Make an input in an empty folder, run what its kind says, and judge it."""
    files, name, rng = make(kind, seed, number)
    entry = kinds()[kind]
    for path, data in {**files, **_OLD}.items():
        (place / path).parent.mkdir(parents=True, exist_ok=True)
        (place / path).write_bytes(data)
    seconds = SECONDS * max(1.0, len(files[_placed(name)]) / MEGABYTE)
    dones = []
    with _inside(place):
        for command in (entry.first(name, rng), entry.then(rng)):
            before = _snapshot(place)
            dones.append(run(command, seconds=seconds * LONG.get(command[0], 1)))
            _judged(dones[-1], before, _snapshot(place))
            if dones[-1].code != 0 or rng.random() > FURTHER:
                break
    return dones


@dataclass
class Tally:
    """What came of many inputs."""

    inputs: int = 0
    sound: int = 0
    """Inputs that the first command found nothing wrong with: they went further."""
    slowest: float = 0.0
    slowest_at: int = -1
    failed: dict[int, str] = field(default_factory=dict)


def run_many(kind: str, seed: str, numbers: Sequence[int], *, begun: Callable[[int], None] = lambda _: None) -> Tally:
    """Run inputs of a kind in this process."""
    tally = Tally()
    least = _peak()
    for number in numbers:
        begun(number)
        place = Path(tempfile.mkdtemp(prefix="fuzz-"))
        started = time.process_time()
        try:
            dones = one(kind, seed, number, place)
        finally:
            shutil.rmtree(place)
        took = time.process_time() - started
        tally.inputs += 1
        tally.sound += dones[0].code == 0
        if took > tally.slowest:
            tally.slowest, tally.slowest_at = took, number
        failures = [f"$ agency {' '.join(done.command)}\n{said}" for done in dones for said in done.failures]
        if _peak() - least > MEMORY:
            failures.append("more than 1 GB of memory")
            least = _peak()
        if failures:
            tally.failed[number] = "\n".join(failures)
    gc.collect()
    return tally


def _peak() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


# --- Many inputs, in processes of their own --------------------------------------------------------------------------


def _work(kind: str, seed: str, first: int, last: int) -> None:
    """Run a batch and tell the parent of every input before it is run: what kills the process is known then."""
    resource.setrlimit(resource.RLIMIT_AS, (6 * MEMORY, 6 * MEMORY))
    parent = os.fdopen(os.dup(1), "w")

    def begun(number: int) -> None:
        faulthandler.cancel_dump_traceback_later()
        faulthandler.dump_traceback_later(60 * SECONDS, exit=True)  # a loop in C, where no signal is heard
        print(json.dumps({"begun": number}), file=parent, flush=True)

    tally = run_many(kind, seed, range(first, last), begun=begun)
    faulthandler.cancel_dump_traceback_later()
    print(json.dumps({"tally": vars(tally)}), file=parent, flush=True)


def _batch(kind: str, seed: str, first: int, last: int) -> Tally:
    """Run a batch in a process of its own; what kills it is a failure, and the rest is run in another."""
    words = [sys.executable, str(Path(__file__)), kind, "--seed", seed, "--batch", f"{first}:{last}"]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    if lines and "tally" in lines[-1]:
        found: dict[str, Any] = lines[-1]["tally"]
        return Tally(**{**found, "failed": {int(number): said for number, said in found["failed"].items()}})
    if not lines:
        raise RuntimeError(done.stderr)
    at = int(lines[-1]["begun"])
    told = Tally(1, failed={at: f"the process ended with {done.returncode}\n{done.stderr[-3000:]}"})
    parts = [_batch(kind, seed, *ends) for ends in ((first, at), (at + 1, last)) if ends[0] < ends[1]]
    return _added([told, *parts])


def _added(tallies: Sequence[Tally]) -> Tally:
    slow = max(tallies, key=lambda tally: tally.slowest)
    failed = {number: said for tally in tallies for number, said in tally.failed.items()}
    inputs, sound = (sum(getattr(tally, name) for tally in tallies) for name in ("inputs", "sound"))
    return Tally(inputs, sound, slow.slowest, slow.slowest_at, failed)


def _keep(folder: Path, kind: str, seed: str, failed: dict[int, str]) -> None:
    """Write the inputs that failed, with what was seen."""
    for number, said in failed.items():
        place = folder / f"{kind}-{seed}-{number}"
        for path, data in {**make(kind, seed, number)[0], "failure.txt": said.encode("utf-8", "replace")}.items():
            (place / path).parent.mkdir(parents=True, exist_ok=True)
            (place / path).write_bytes(data)


def _show(kind: str, seed: str, number: int) -> int:
    """Make one input again and show what is said of it."""
    place = Path(tempfile.mkdtemp(prefix=f"fuzz-{kind}-{number}-"))
    dones = one(kind, seed, number, place)
    for done in dones:
        print(f"$ agency {' '.join(done.command)}", done.out, done.err, f"exit code {done.code}", sep="\n")
        print(*done.failures, sep="\n")
    print(f"The files lie in {place}")
    return int(any(done.failures for done in dones))


def _whole(chosen: Sequence[str], seed: str, number: int, jobs: int, folder: Path) -> int:
    each = -(-number // len(chosen))
    width = min(BATCH, -(-each // jobs))
    began = time.monotonic()
    print(f"{each:,} inputs of each of {len(chosen)} kinds, seed {seed}.")
    print(f"{'kind':<12}{'inputs':>8}{'sound':>8}{'failures':>10}{'slowest':>10}")
    total = Counter[str]()
    with ThreadPoolExecutor(jobs) as pool:
        for kind in chosen:
            ends = [(at, min(at + width, each)) for at in range(0, each, width)]
            tally = _added(list(pool.map(lambda pair, kind=kind: _batch(kind, seed, *pair), ends)))  # type: ignore[misc]
            slow = f"{tally.slowest:.1f} s"
            print(f"{kind:<12}{tally.inputs:>8,}{tally.sound:>8,}{len(tally.failed):>10,}{slow:>10}", flush=True)
            _keep(folder, kind, seed, tally.failed)
            total.update(inputs=tally.inputs, failures=len(tally.failed))
    print(f"{total['inputs']:,} inputs, {total['failures']:,} failures, {(time.monotonic() - began) / 60:.0f} minutes.")
    if total["failures"]:
        print(f"They lie in {folder}; 'python tools/fuzz.py KIND --seed {seed} --at NUMBER' runs one again.")
    return int(total["failures"] > 0)


def main() -> int:
    """Run what is asked for; 1 when anything failed."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("kinds", nargs="*", metavar="KIND", help=f"default: all, {', '.join(kinds())}")
    parser.add_argument("--number", type=int, default=100_000, help="inputs in all")
    parser.add_argument("--seed", default="0")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--folder", type=Path, default=ROOT / ".fuzz", help="where inputs that fail are kept")
    parser.add_argument("--at", type=int, help="only this input of one kind, with all that is said")
    parser.add_argument("--batch", help=argparse.SUPPRESS)
    given = parser.parse_args()
    chosen = given.kinds or list(kinds())
    if unknown := set(chosen) - kinds().keys():
        parser.error(f"there is no kind {', '.join(sorted(unknown))}; the kinds are {', '.join(kinds())}")
    if given.batch:
        _work(chosen[0], given.seed, *map(int, given.batch.split(":")))
        return 0
    if given.at is not None:
        return _show(chosen[0], given.seed, given.at)
    return _whole(chosen, given.seed, given.number, given.jobs, given.folder)


if __name__ == "__main__":
    sys.exit(main())
