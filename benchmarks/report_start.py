"""CPU seconds of `agency report` on the shipped study, as a multiple of importing what it needs.

Run with ``python benchmarks/report_start.py``. The unit is the CPU time of importing pandas, pandera, tabulate,
matplotlib.figure and Jinja2 in a fresh process; the targets are 5 units for the page alone and 10 with tables and
figures beside it. Each is the least of three runs.
"""

from __future__ import annotations

import resource
import subprocess
import sys
import tempfile

RUNS = 3
IMPORTS = "import pandas, pandera.pandas, tabulate, matplotlib.figure, jinja2"
TARGETS = (("page alone", (), 5.0), ("--files", ("--files",), 10.0))


def cpu(*arguments: str) -> float:
    """Return the CPU seconds, user and system, of a fresh Python process."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, *arguments], check=True, capture_output=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def least(*arguments: str) -> float:
    return min(cpu(*arguments) for _ in range(RUNS))


def main() -> None:
    unit = least("-c", IMPORTS)
    print(f"imports      {unit:6.2f} s   1.0")
    failed = False
    for name, options, most in TARGETS:
        with tempfile.TemporaryDirectory() as folder:
            seconds = least("-m", "agency", "report", "-o", folder, *options)
        failed |= seconds > most * unit
        print(f"{name:12} {seconds:6.2f} s   {seconds / unit:.1f} (at most {most:g})")
    if failed:
        message = "slower than it must be"
        raise SystemExit(message)


if __name__ == "__main__":
    main()
