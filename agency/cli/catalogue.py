"""The commands by task: where each lives, what it does in a line, and an example that the tests run."""

from __future__ import annotations

from typing import NamedTuple


class Entry(NamedTuple):
    """One command, without importing it."""

    module: str
    section: str
    help: str
    example: str


SECTIONS = ("Start and check", "Table 1 and report", "Numbers", "Evidence and claims", "Figures")

COMMANDS = {
    "new": Entry("agency.cli.new", SECTIONS[0], "Write a starter folder to fill in.", "agency new my-study"),
    "check": Entry("agency.cli.check", SECTIONS[0], "Name every problem of a table, with a fix.", "agency check"),
    "verify": Entry(
        "agency.cli.verify", SECTIONS[0], "Find every quote in the source texts.", "agency verify --texts texts"
    ),
    "table": Entry("agency.cli.table", SECTIONS[1], "Print who held which phase.", 'agency table -p "ECU 911" -p JSeI'),
    "report": Entry("agency.cli.report", SECTIONS[1], "Write the one-file HTML report.", "agency report -o report"),
    "indicators": Entry(
        "agency.cli.indicators", SECTIONS[2], "Compute composition and dependence.", "agency indicators -p JSeI"
    ),
    "compare": Entry("agency.cli.compare", SECTIONS[2], "Set projects side by side.", 'agency compare "ECU 911" JSeI'),
    "regularities": Entry(
        "agency.cli.regularities", SECTIONS[2], "Find what holds in every case.", "agency regularities"
    ),
    "robustness": Entry(
        "agency.cli.robustness", SECTIONS[2], "Say which choice moves which number.", "agency robustness -p JSeI"
    ),
    "whatif": Entry(
        "agency.cli.whatif",
        SECTIONS[2],
        "Withdraw an actor or an origin.",
        "agency whatif --withdraw CEIEC --from 2019",
    ),
    "sources": Entry("agency.cli.sources", SECTIONS[3], "Set the sources side by side.", 'agency sources -p "ECU 911"'),
    "agreement": Entry("agency.cli.agreement", SECTIONS[3], "Compare two coders.", "agency agreement"),
    "claims": Entry("agency.cli.claims", SECTIONS[3], "Test published sentences.", "agency claims"),
    "heatmap": Entry(
        "agency.cli.heatmap", SECTIONS[4], "Draw Table 1.", 'agency heatmap -p "ECU 911" -p JSeI -o table1.pdf'
    ),
    "figure": Entry(
        "agency.cli.figure",
        SECTIONS[4],
        "Draw matrix, timeline, composition or aggregate.",
        "agency figure timeline -p JSeI -o timeline.svg",
    ),
}
