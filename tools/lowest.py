"""Print the lower bounds of pyproject.toml as pins, for a run of the tests on the oldest versions allowed.

CONTRIBUTING.md says how.
"""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

PROJECT = tomllib.loads((Path(__file__).parent.parent / "pyproject.toml").read_text("utf-8"))["project"]


def pins() -> list[str]:
    """Return ``name==version`` for every dependency that is used at run time, the extras for workbooks and Word too."""
    extras = PROJECT["optional-dependencies"]
    wanted = [*PROJECT["dependencies"], *extras["excel"], *extras["word"]]
    return [re.sub(r"\[.*?\]", "", entry).replace(">=", "==") for entry in wanted]


if __name__ == "__main__":
    print("\n".join(pins()))
