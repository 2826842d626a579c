"""Print the lower bounds of pyproject.toml as pins, for a run of the tests on the oldest versions allowed.

``make oldest`` installs them beside the tests; CONTRIBUTING.md says what it runs.
"""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

PROJECT = tomllib.loads((Path(__file__).parent.parent / "pyproject.toml").read_text("utf-8"))["project"]
_BOUND = re.compile(r"(?P<name>[\w.-]+)(\[[^]]*\])?>=(?P<version>[\d.]+)")


def pins() -> list[str]:
    """Return ``name==version`` for every dependency, of every extra too.

    An entry without a lower bound is another extra of this package; one that cannot be read so is an error, so that
    none is left out unseen.
    """
    entries = {
        *PROJECT["dependencies"],
        *(entry for extra in PROJECT["optional-dependencies"].values() for entry in extra),
    }
    bounds = {entry: _BOUND.fullmatch(entry) for entry in entries if not entry.startswith(f"{PROJECT['name']}[")}
    unread = sorted(entry for entry, bound in bounds.items() if bound is None)
    if unread:
        message = f"pyproject.toml: no lower bound in {', '.join(unread)}"
        raise ValueError(message)
    return sorted(f"{bound['name']}=={bound['version']}" for bound in bounds.values() if bound)


if __name__ == "__main__":
    print("\n".join(pins()))
