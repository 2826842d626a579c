"""Renew tests/vendor/axe.min.js: the accessibility checks that the report is held to.

Run with ``python tools/renew_axe.py 4.14``. npm fetches the package; script, licences and the hash are written, and
nothing else is run from it.
"""

from __future__ import annotations

import argparse
import hashlib
import subprocess
import tarfile
import tempfile
from pathlib import Path

VENDOR = Path(__file__).resolve().parent.parent / "tests" / "vendor"
FILES = {
    "package/axe.min.js": "axe.min.js",
    "package/LICENSE": "axe.LICENSE.txt",
    "package/LICENSE-3RD-PARTY.txt": "axe.LICENSE-3RD-PARTY.txt",
}


def main() -> None:
    """Fetch a version and write its script, licences and hash."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("version", help="version of axe-core, such as 4.14")
    version = parser.parse_args().version
    with tempfile.TemporaryDirectory() as folder:
        packed = subprocess.run(
            ["npm", "pack", "--silent", f"axe-core@{version}"], cwd=folder, capture_output=True, text=True, check=True
        )
        with tarfile.open(Path(folder) / packed.stdout.strip().splitlines()[-1]) as archive:
            found = {name: archive.extractfile(name) for name in FILES}
            contents = {FILES[name]: file.read() for name, file in found.items() if file is not None}
    if set(contents) != set(FILES.values()):
        message = f"axe-core {version} lacks one of {', '.join(FILES)}; nothing is written."
        raise SystemExit(message)
    digest = hashlib.sha256(contents["axe.min.js"]).hexdigest()
    VENDOR.mkdir(exist_ok=True)
    for name, content in contents.items():
        (VENDOR / name).write_bytes(content)
    (VENDOR / "axe.sha256").write_text(f"{digest}  axe.min.js\n", "utf-8")


if __name__ == "__main__":
    main()
