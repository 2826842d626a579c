"""Commands that the world stops half way: run by test_world.py as ``python world.py FOLDER NUMBER``, told in JSON.

A warm process forks for every run, so that fifty kills take seconds. What a report consists of is computed once and
handed to the forks: what is killed, filled up or stopped is the command and its writing, not the layout of a page.
"""

from __future__ import annotations

import io
import json
import os
import resource
import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout, suppress
from pathlib import Path
from random import Random
from typing import Any

from agency.cli import main
from agency.report import files as report_module

STUDY = Path(__file__).parent / "corpus" / "study"
COMMANDS = {
    "report": ("report", str(STUDY), "-o", "out", "--bundle"),
    "figure": ("figure", "matrix", str(STUDY), "-o", "out/matrix.pdf"),
    "word": ("table", str(STUDY), "-o", "out/table.docx"),
}
ALL = (*COMMANDS.values(), ("check", str(STUDY), "--mark", "m.xlsx"), ("export", str(STUDY), "--to", "tidy", "-o", "o"))
MANY = 10
"""From so many runs on every command is tried in every way."""
PARTS = ("tables/a.csv", "tables/b.csv", "figures/matrix.svg", "datapackage.json", "report.html")


def content(word: str) -> dict[str, str | bytes]:
    return {name: f"{word} {name} " * 5_000 for name in PARTS}


@contextmanager
def computed(word: str) -> Iterator[None]:
    before = report_module.report_files
    report_module.report_files = lambda *_, **__: content(word)
    try:
        yield
    finally:
        report_module.report_files = before


def forked(command: tuple[str, ...], folder: Path, prepare: Callable[[], Any] = lambda: None) -> int:
    """Start a command in a fork, in a folder, its two streams going to files there; return the id of the process."""
    # An interrupt waits until the command begins: before, it would meet what the child has of this program.
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    child = os.fork()
    if child:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
        return child
    os.chdir(folder)
    for descriptor, name in ((1, "stdout"), (2, "stderr")):
        os.dup2(os.open(f"../{name}", os.O_WRONLY | os.O_CREAT | os.O_TRUNC), descriptor)
    prepare()
    # Also where the tests themselves are deaf to it, as behind an "&".
    signal.signal(signal.SIGINT, signal.default_int_handler)
    code = 70
    try:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
    except KeyboardInterrupt:
        os._exit(130)
    try:
        main(list(command))
    except SystemExit as left:
        code = int(left.code or 0)
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def waited(child: int) -> int:
    """Return the exit code of a process; less than 0 is the signal that ended it."""
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def files(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def said(folder: Path) -> str:
    return "".join((folder.parent / name).read_text("utf-8") for name in ("stdout", "stderr"))


def whole(folder: Path, name: str, word: str) -> dict[str, bytes]:
    """Run a command to its end; return what it has written."""
    with computed(word):
        code = waited(forked(COMMANDS[name], folder))
    assert code == 0, said(folder)
    return files(folder)


def stopped(folder: Path, name: str, number: int, how: int) -> dict[str, Any]:
    """Stop a command over its own older output at random moments; tell what was left, and after one more run."""
    rng = Random(f"{name}/{how}")
    old = whole(folder, name, "old")
    # A figure and a Word file come out the same each time: the old one is marked, so that it is known again.
    if name != "report":
        old = dict.fromkeys(old, b"old")
    began = time.monotonic()
    new = whole(folder, name, "new")
    lasted = time.monotonic() - began
    told: dict[str, Any] = {"runs": number, "old": 0, "new": 0, "said so": 0, "wrong": [], "codes": []}
    for _ in range(number):
        for path, data in old.items():
            (folder / path).write_bytes(data)
        with computed("new"):
            child = forked(COMMANDS[name], folder)
        time.sleep(rng.uniform(0, 1.1) * lasted)
        with suppress(ProcessLookupError):
            os.kill(child, how)
        told["codes"].append(waited(child))
        left = {path: data for path, data in files(folder).items() if ".agency-" not in path}
        mark = left.pop("out/unfinished.txt", None)
        if how != signal.SIGKILL and "Traceback" in said(folder):
            told["wrong"].append(said(folder))
        if left in (old, new):
            told["old" if left == old else "new"] += 1
        elif mark is not None and all(data in (old.get(path), new[path]) for path, data in left.items()):
            told["said so"] += 1
        else:
            told["wrong"].append(sorted(path for path in left if left[path] not in (old.get(path), new.get(path))))
    told["whole at last"] = whole(folder, name, "new") == new
    told["litter"] = [str(path.name) for path in folder.rglob(".agency-*")]
    return told


def at_once(folder: Path, name: str, number: int) -> dict[str, Any]:
    """Run a command twice at the same time into one place; one of the two is there whole."""
    wholes = [whole(folder, name, word) for word in ("one", "two")]
    told: dict[str, Any] = {"codes": [], "mixed": 0}
    for _ in range(number):
        children = []
        for word in ("one", "two"):
            with computed(word):
                children.append(forked(COMMANDS[name], folder))
        told["codes"] += [waited(child) for child in children]
        told["mixed"] += files(folder) not in wholes
    return told


def full(folder: Path) -> list[dict[str, Any]]:
    """Run commands where no file can grow beyond a few hundred bytes, over older output."""
    for path in ("out/matrix.pdf", "out/table.docx", *(f"out/{part}" for part in PARTS)):
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(b"old")
    before, told = files(folder), []
    for command in ALL:
        with computed("new"):
            code = waited(forked(command, folder, _limit))
        kept = files(folder) == before and not any((folder / name).exists() for name in ("o", "m.xlsx"))
        told.append({"command": command[0], "code": code, "said": said(folder), "kept": kept})
    return told


def warm(folder: Path) -> None:
    """Run the commands once in this process: the forks need not import anything again."""
    os.chdir(folder)
    for command in COMMANDS.values():
        said = io.StringIO()
        with computed("x"), redirect_stdout(said), redirect_stderr(said), suppress(SystemExit):
            main(list(command))


def _limit() -> None:
    """Let no file grow beyond a few hundred bytes."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (400, 400))


def tell(place: Path, number: int) -> dict[str, Any]:
    """Tell of every command, or with few runs of one of each."""

    def new(name: str) -> Path:
        (place / name / "in" / "out").mkdir(parents=True)
        return place / name / "in"

    warm(new("warm"))
    told: dict[str, Any] = {"full": full(new("full"))}
    many = number >= MANY
    for name in COMMANDS if many else ("report",):
        told[f"killed {name}"] = stopped(new(f"k-{name}"), name, number, signal.SIGKILL)
    for name in COMMANDS if many else ("word",):
        told[f"interrupted {name}"] = stopped(new(f"i-{name}"), name, number, signal.SIGINT)
    for name in COMMANDS if many else ("figure",):
        told[f"at once {name}"] = at_once(new(f"a-{name}"), name, max(1, number // 4))
    return told


if __name__ == "__main__":
    sys.stdout.write(json.dumps(tell(Path(sys.argv[1]), int(sys.argv[2]))))
