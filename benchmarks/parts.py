"""Indicators of a whole table beside the same in parts: CPU time, peak memory, and that the numbers are equal.

Run with ``python benchmarks/parts.py [ROWS ...]``; the tables are those of ``benchmarks/scale.py``. Each way runs in a
process of its own. In parts means eight parts by project, one after the other, so that its peak is that of one worker.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import tempfile
import time
import zlib
from pathlib import Path

import pandas as pd
from scale import generated

import agency

SIZES, PARTS = (100_000, 400_000), 8


def computed(way: str, path: str) -> pd.DataFrame:
    """Return the indicators of every project, of the whole table or part by part."""
    if way == "whole":
        return agency.load(path).select(min_phases=0).indicators()
    found = []
    for part in range(PARTS):
        # A worker reads its own rows: a file of them, as in a folder of parquet files.
        rows = pd.read_pickle(f"{path}.{part}")
        found.append(agency.indicators_of(rows))
    return pd.concat(found, ignore_index=True)


def measured(way: str, path: str) -> dict[str, float]:
    begin = time.process_time()
    frame = computed(way, path)
    seconds = time.process_time() - begin
    # Before the numbers are written out to be compared, which takes more than they do.
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3
    ordered = frame.sort_values(["project", "key"], ignore_index=True)
    digest = zlib.crc32(ordered.to_csv(index=False).encode())
    return {
        "seconds": seconds,
        "peak": peak,
        "numbers": len(frame),
        "digest": digest,
    }


def main(sizes: list[int]) -> None:
    print(f"{'rows':>9} {'projects':>9}  {'':5} {'CPU s':>7} {'peak MB':>8}  numbers")
    for rows in sizes:
        table = generated(rows)
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "table.csv"
            table.to_csv(path, index=False)
            number = table["project"].factorize()[0] % PARTS
            for part in range(PARTS):
                table[number == part].to_pickle(f"{path}.{part}")
            digests = set()
            for way in ("whole", "parts"):
                run = subprocess.run([sys.executable, __file__, way, path], capture_output=True, text=True, check=True)
                found = json.loads(run.stdout)
                digests.add(found["digest"])
                shown = f"{found['seconds']:7.1f} {found['peak']:8.0f}  {found['numbers']:,}"
                print(f"{rows:9,} {table['project'].nunique():9,}  {way:5} {shown}", flush=True)
            assert len(digests) == 1, "the numbers differ"


if __name__ == "__main__":
    if sys.argv[1:2] in (["whole"], ["parts"]):
        print(json.dumps(measured(sys.argv[1], sys.argv[2])))
    else:
        main([int(rows) for rows in sys.argv[1:]] or list(SIZES))
