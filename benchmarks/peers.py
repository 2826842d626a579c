"""``agency check`` beside other validators of the same file: CPU time and peak memory, each in a process of its own.

Run with ``python benchmarks/peers.py [ROWS]``. Frictionless looks at types alone, then at our exported schema with its
lists of values; pandera runs ``agency.schema()``; csvkit's ``csvstat`` runs where it is installed. None of the others
compares rows with one another, as ``agency check`` does.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from scale import generated

from agency.exporters import fields_of
from agency.table import load_table
from agency.vocabulary import COLUMNS

ROWS = 100_000
PANDERA = "import agency, pandas, sys; agency.schema().validate(pandas.read_csv(sys.argv[1], dtype='str'))"


def schema_files(folder: Path, header: list[str]) -> dict[str, Path]:
    """Write our schema for Frictionless, whole and with types only, and return where."""
    whole = {field["name"]: field for field in fields_of(COLUMNS, load_table().codebook)}
    fields = [whole[name] for name in header]
    kinds = [{"name": field["name"], "type": field["type"]} for field in fields]
    places = {"types": folder / "types.json", "full": folder / "full.json"}
    for name, content in (("types", kinds), ("full", fields)):
        places[name].write_text(json.dumps({"fields": content}), "utf-8")
    return places


def spent(command: list[str]) -> tuple[float, float]:
    """Return CPU seconds and peak MB of a command; what it finds does not matter here."""
    code = (
        "import resource, subprocess, sys; done = subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, "
        "stderr=subprocess.PIPE); used = resource.getrusage(resource.RUSAGE_CHILDREN); "
        "print(done.returncode, used.ru_utime + used.ru_stime, used.ru_maxrss / 1e3)"
    )
    run = subprocess.run([sys.executable, "-c", code, *command], capture_output=True, text=True, check=True)
    status, seconds, memory = run.stdout.split()
    assert int(status) in (0, 1), command
    return float(seconds), float(memory)


def main() -> None:
    """Print the table."""
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else ROWS
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        path = folder / "actors_by_phase.csv"
        frame = generated(rows)
        frame.to_csv(path, index=False)
        schemas = schema_files(folder, list(frame.columns))
        python, data = sys.executable, str(path)
        frictionless = shutil.which("frictionless", path=Path(python).parent) or shutil.which("frictionless")
        commands = {"agency check": [python, "-m", "agency", "check", data]}
        if frictionless:
            for name, schema in schemas.items():
                validate = [frictionless, "validate", data, "--schema", str(schema), "--trusted"]
                commands[f"frictionless, {name}"] = validate
        commands["pandera, agency.schema()"] = [python, "-c", PANDERA, data]
        if csvstat := shutil.which("csvstat"):
            commands["csvstat"] = [csvstat, data]
        print(f"{rows:,} rows, {path.stat().st_size / 1e6:.0f} MB")
        first = None
        for name, command in commands.items():
            seconds, memory = spent(command)
            first = first or seconds
            print(f"{name:26} {seconds:8.1f} s = {seconds / first:5.1f} x   {memory:6.0f} MB", flush=True)


if __name__ == "__main__":
    main()
