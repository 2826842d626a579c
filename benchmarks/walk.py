"""How many files one has to open to follow a call: those in which a function runs.

Run with ``python benchmarks/walk.py``; ``--files`` names them. Counted by ``sys.settrace``; what only runs when a
module is imported is none: the bodies of modules and classes, and what the interpreter calls in them.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any

import agency

PACKAGE = Path(agency.__file__).parent
CALLS: dict[str, tuple[Callable[[], object], int]] = {
    'agency.load().select(project="ECU 911").table()': (
        lambda: str(agency.load().select(project="ECU 911").table()),
        30,
    ),
    'agency.load().select(project="ECU 911").indicators("composition")': (
        lambda: agency.load().select(project="ECU 911").indicators("composition"),
        24,
    ),
}
"""The call, and at most how many files it should take."""


def files_of(call: Callable[[], object]) -> list[str]:
    """Return the files of the package in which a function runs during a call, in alphabetical order.

    The call is made once before, so that nothing is imported while it is watched.
    """
    call()
    seen: set[str] = set()

    def watch(frame: FrameType, event: str, _argument: Any) -> None:
        if event == "call" and frame.f_code.co_name != "<module>":
            seen.add(frame.f_code.co_filename)

    sys.settrace(watch)
    try:
        call()
    finally:
        sys.settrace(None)
    return sorted(str(Path(name).relative_to(PACKAGE)) for name in seen if Path(name).is_relative_to(PACKAGE))


def main() -> None:
    """Print the number of files of each call."""
    for name, (call, most) in CALLS.items():
        found = files_of(call)
        print(f"{len(found)} files (at most {most} wanted): {name}")
        if "--files" in sys.argv:
            print("".join(f"  {file}\n" for file in found), end="")


if __name__ == "__main__":
    main()
