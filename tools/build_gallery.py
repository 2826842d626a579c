"""Rebuild docs/gallery.md and its pictures in docs/images from the shipped data.

`python tools/build_gallery.py` runs every command of the gallery; the picture is what the command draws.
"""

from __future__ import annotations

import contextlib
import io
import shlex
from dataclasses import dataclass
from pathlib import Path

from agency.cli import group

ROOT = Path(__file__).parent.parent
PICTURES = ROOT / "docs" / "images"
PAGE = ROOT / "docs" / "gallery.md"

RICH = (
    "ECU 911", "JSeI", "Carnet de la Patria", "Jujuy 2013", "Quito 2002", "Salta", "VEN 911", "BOL-110",
    "SAIL cable", "Chile trans-Pacific cable", "Venesat-1", "CBERS",
)  # fmt: skip


@dataclass(frozen=True)
class Entry:
    """One figure of the gallery: the command without `-o`, and what to see in it."""

    name: str
    heading: str
    words: str
    command: str

    @property
    def line(self) -> str:
        """The command as a user types it."""
        return f"{self.command} -o {self.name}.svg"


def _chosen(*projects: str) -> str:
    return " ".join(f"-p {shlex.quote(project)}" for project in projects)


ENTRIES = (
    Entry(
        "summary",
        "Who holds what, in six bars",
        "One bar per phase. Each project of which a source says who is a segment; joint holders split it; what no "
        "source says stays blank. All selected projects count.",
        "agency figure summary --width double",
    ),
    Entry(
        "table1",
        "Table 1 at 90 mm",
        "The paper's table as a figure. Fill and hatch are the origin, names stand in the cells. Joint holders are "
        "stacked; periods stand side by side, earlier left. A bare duration (ZTE for 3 years) has no place in time, "
        "and says so.",
        f"agency heatmap {_chosen('ECU 911', 'JSeI')}",
    ),
    Entry(
        "years",
        "As of a year",
        "The same matrix in several years. A black corner marks a cell that differs from the year before it; grey "
        "columns are years outside the window of the case.",
        f"agency heatmap {_chosen('ECU 911', 'JSeI')} --years 2014,2018,2020 --width double",
    ),
    Entry(
        "twelve",
        "Twelve projects with names",
        "As many columns stand side by side as keep words whole; the rest follows below.",
        f"agency heatmap {_chosen(*RICH)} --width double",
    ),
    Entry(
        "overview",
        "More than twelve projects",
        "Projects become rows of one height and names give way to origins. Above each phase stands in how many of all "
        "selected projects it is known; beside each row how many of its phases. More than 60 projects go to pages.",
        "agency heatmap --by type --width double",
    ),
    Entry(
        "timeline",
        "Timeline",
        "Whole years to scale, and only years that statements give: what no source dates is hollow, a length without "
        "dates is a bracket, lighter bars take their years from another passage. Numbered pins are the events of "
        "`events.csv`.",
        f"agency figure timeline {_chosen('ECU 911', 'JSeI')} --width onehalf",
    ),
    Entry(
        "composition",
        "Composition of the life cycle",
        "Nobody, under negotiation and unknown are segments of their own; what no source dates is lighter. In brackets "
        "the least and the most that may be local.",
        "agency figure composition --mode time --sort local --width onehalf",
    ),
    Entry(
        "aggregate",
        "Many projects",
        "The mean composition of each phase by country, over all selected projects; below each bar of how many it is "
        "known. The same figure takes thousands of projects.",
        "agency figure aggregate --by country --width double",
    ),
)

OPENING = """\
# Gallery

Every picture here is drawn from the shipped study by the command above it (`python tools/build_gallery.py`).
Widths are exact: `--width single` (90 mm), `onehalf` (140 mm), `double` (190 mm) or a number of mm; the extension
of `-o` decides between PDF, SVG and PNG, and `-o` may be repeated. In Python: `study.heatmap()`, `study.timeline()`
and so on. Text is 7 points and never under 6; type is embedded as TrueType in PDF and stays text in SVG; each file
carries alternative text, the data hash and the rule. The legend shows only what occurs.

The default colours keep their distance in greyscale and under simulated colour-vision deficiency, and every origin
has a hatch as a second code. Colours come from `codebook.toml`; a pair of yours that cannot be told apart is named
in a warning. Names in other scripts need a font that has them: `--font "Noto Sans CJK SC"`.
"""


def page() -> str:
    """Return the gallery as Markdown."""
    parts = [OPENING]
    for entry in ENTRIES:
        picture = f"![{_alternative(entry)}](images/{entry.name}.svg)"
        parts.append(f"## {entry.heading}\n\n{entry.words}\n\n```sh\n{entry.line}\n```\n\n{picture}\n")
    return "\n".join(parts)


def draw(entry: Entry) -> None:
    """Run the command of an entry; its picture lands in docs/images."""
    arguments = shlex.split(entry.command)[1:]
    with contextlib.redirect_stderr(io.StringIO()):
        group.main([*arguments, "-o", str(PICTURES / f"{entry.name}.svg")], prog_name="agency", standalone_mode=False)


def _alternative(entry: Entry) -> str:
    """Return the short alternative text the picture carries."""
    text = (PICTURES / f"{entry.name}.svg").read_text("utf-8")
    return text.split("<desc", 1)[1].split(">", 1)[1].splitlines()[0].removesuffix("</desc>")


def main() -> None:
    """Draw every picture, then write the page."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    for entry in ENTRIES:
        draw(entry)
        print(f"docs/images/{entry.name}.svg")
    PAGE.write_text(page(), "utf-8")
    print("docs/gallery.md")


if __name__ == "__main__":
    main()
