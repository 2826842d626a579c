"""CPU seconds of `agency report` on the shipped study, as a multiple of importing what it needs.

Run with ``python benchmarks/report_start.py``. The unit is the CPU time of importing pandas, pandera, tabulate,
matplotlib.figure and Jinja2 in a fresh process; the targets are 5 units for the page alone and 10 with tables and
figures beside it. Each is the least of several runs in turn, so that other work on the machine meets all alike, with
compiled modules kept, as on a user's machine.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile

RUNS = 5
IMPORTS = "import pandas, pandera.pandas, tabulate, matplotlib.figure, jinja2"
TARGETS = (("page alone", (), 5.0), ("--files", ("--files",), 10.0))


def cpu(*arguments: str) -> float:
    """Return the CPU seconds, user and system, of a fresh Python process."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    subprocess.run([sys.executable, *arguments], check=True, capture_output=True, env=kept)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main() -> None:
    least = {"imports": float("inf"), **{name: float("inf") for name, _, _ in TARGETS}}
    for run in range(RUNS + 1):
        seconds = {"imports": cpu("-c", IMPORTS)}
        for name, options, _ in TARGETS:
            with tempfile.TemporaryDirectory() as folder:
                seconds[name] = cpu("-m", "agency", "report", "-o", folder, *options)
        if run:  # the first compiles
            least = {name: min(least[name], seconds[name]) for name in least}
    unit = least["imports"]
    print(f"imports      {unit:6.2f} s   1.0")
    for name, _, most in TARGETS:
        print(f"{name:12} {least[name]:6.2f} s   {least[name] / unit:.1f} (at most {most:g})")
    if any(least[name] > most * unit for name, _, most in TARGETS):
        message = "slower than it must be"
        raise SystemExit(message)


if __name__ == "__main__":
    main()
