"""Whatever prints a count over projects says out of how many, in the same sentence; what is not listed is said once.

Every command is run on a study with thin projects (a single phase known), in every format, and the words are read back
out of what was printed: sentences outside tables, and every cell of a table as a sentence of its own.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from agency.characters import json_text
from agency.cli import group, printing
from agency.formats import render_sheets

ROWS = """project,phase,actor,origin,source,start,end,status,scope,coder,quote
Big,initiation,Ministry,local,s,,,,,A,
Big,requirements,Ministry,local,s,,,,,A,
Big,design,CEIEC,chinese,s,,,,,A,
Big,design,HP,western,t,,,,,B,
Big,operation,Ministry,local,s,2012,,,,A,
Big,maintenance,CEIEC,chinese,s,2012,2018,,,A,
Big,maintenance,,,s,2019,,vacant,,A,
Mid,requirements,Ministry,local,s,,,,,A,
Mid,design,ZTE,chinese,s,,,,,A,
Mid,operation,ZTE,chinese,t,2015,,,,B,
Rich A,design,ZTE,chinese,s,,,,,A,
Rich A,operation,ZTE,chinese,s,2015,,,,A,
Rich B,design,HP,western,t,,,,,B,
Rich B,operation,Ministry,local,t,2015,,,,B,
Thin A,design,ZTE,chinese,s,,,,,A,
Thin A,design,ZTE,chinese,t,,,,,B,
Thin B,implementation,Huawei,chinese,t,,,,,B,
Thin C,operation,Ministry,local,t,,,,,B,
Thin D,maintenance,,,t,,,vacant,technical,B,
Thin E,design,Somebody,unknown,s,,,,,A,
"""
PROJECTS = """project,country,type,window_start,window_end
Big,ECU,public security,2012,2021
Mid,ECU;ARG,cable,2014,2020
Rich A,ARG,cable,2014,2020
Rich B,CHL,cable,2014,2020
Thin A,ECU,cable,2014,2020
Thin B,VEN,cable,2014,2020
Thin C,VEN,,2010,2020
Thin D,BRA,platform,2010,2020
Thin E,BRA,platform,2010,2020
"""
CLAIMS = """[[claim]]
id = "designed"
text = "Chinese firms designed them."
source = "s"
scope = { projects = ["Big", "Mid", "Thin A", "Thin B"], phases = ["design"] }
condition = { holders = "include", origin = ["chinese"] }
"""
LISTED, SELECTED = 4, 9

# A command, and whether it lists projects by the rule (the others list all, or none).
COMMANDS = {
    "brief": (("brief",), False),
    "table": (("table",), True),
    "states": (("check", "--states"), False),
    "indicators": (("indicators",), True),
    "all": (("indicators", "--all"), True),
    "explain": (("indicators", "--explain", "share"), True),
    "country": (("indicators", "--by", "country"), True),
    "type": (("indicators", "--by", "type"), True),
    "source": (("indicators", "--by", "source"), True),
    "regularities": (("regularities",), True),
    "truth": (("regularities", "--conditions", "design:chinese", "--outcome", "operation:local"), True),
    "robustness": (("robustness",), True),
    "whatif": (("whatif", "--withdraw", "chinese", "--from", "2016"), True),
    "sources": (("sources",), False),
    "agreement": (("agreement",), False),
    "claims": (("claims",), False),
}
FORMATS = ("text", "markdown", "html", "docx")
RULE = "fewer than 2 of the 6 core phases are known"

COUNT = re.compile(r"\b(\d[\d,]*) (?:more |other |thin |selected |listed )*(?:projects?|cases?|countries|pairs)\b")
"""A number of projects, or of cases: what needs its denominator."""
OUT_OF = re.compile(r"\b(?:[Oo]f|in all|all|both|every|none|out of)\b")
WHOLE = re.compile(rf"\b{SELECTED} projects\b")
"""The number of all that are selected is its own denominator."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("thin")
    for name, content in (("actors_by_phase.csv", ROWS), ("projects.csv", PROJECTS), ("claims.toml", CLAIMS)):
        (place / name).write_text(content, "utf-8")
    return place


@pytest.fixture(scope="module")
def printed(folder: Path) -> Callable[[str], dict[str, Any]]:
    """Return what a command prints, by format: as text from the command itself, else from the tables it made."""

    @cache
    def of_command(name: str) -> dict[str, Any]:
        words, _ = COMMANDS[name]
        command = [words[0], str(folder), *words[1:]]
        made: dict[str, Any] = {}

        def keep(sheets: Any, *_: Any, document: Any, **__: Any) -> None:
            made.update(sheets=list(sheets), document=document)

        text = CliRunner().invoke(group, command)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(printing, "write_sheets", keep)
            # The formats differ from text and CSV in nothing but how they are written.
            result = CliRunner().invoke(group, [*command, "-f", "json"])
        for run in (text, result):
            assert run.exit_code == 0, (run.output, run.exception)
        found = {format: render_sheets(made["sheets"], format) for format in FORMATS if format != "text"}
        return {"text": text.stdout, "json": json_text(made["document"]), **found}

    return of_command


class _Texts(HTMLParser):
    """The texts of a page, one for each block: paragraph, cell, item, caption."""

    BLOCKS = (
        "p",
        "td",
        "th",
        "li",
        "caption",
        "h1",
        "h2",
        "h3",
        "h4",
        "summary",
        "div",
        "dd",
        "dt",
        "figcaption",
        "tr",
    )
    UNREAD = ("script", "style", "title")

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = [""]
        self.unread = 0

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        if tag in self.BLOCKS:
            self.found.append("")
        self.unread += tag in self.UNREAD

    def handle_endtag(self, tag: str) -> None:
        if tag in self.BLOCKS:
            self.found.append("")
        self.unread -= tag in self.UNREAD

    def handle_data(self, data: str) -> None:
        if not self.unread:
            self.found[-1] += data


def texts(content: str | bytes, format: str) -> list[str]:
    """Return what a reader reads, a text per cell, note, caption or paragraph."""
    if format == "docx":
        import io

        import docx

        document = docx.Document(io.BytesIO(content if isinstance(content, bytes) else b""))
        # Not row by row: python-docx 1.1.0 would read the whole table for each.
        cells = [cell.text for table in document.tables for cell in table._cells]
        return [*(paragraph.text for paragraph in document.paragraphs), *cells]
    assert isinstance(content, str)
    if format == "html":
        page = _Texts()
        page.feed(content)
        return [" ".join(text.split()) for text in page.found if text.strip()]
    if format == "json":
        return list(strings(json.loads(content)))
    if format == "markdown":
        return [cell.replace("\\", "") for line in content.splitlines() for cell in re.split(r"(?<!\\)\|", line)]
    return text_blocks(content)


def text_blocks(content: str) -> list[str]:
    """Return the cells of text tables, by the widths of their rule, and the paragraphs around them, unwrapped."""
    found: list[str] = []
    for block in content.split("\n\n"):
        lines = block.splitlines()
        rule = next((at for at, line in enumerate(lines) if re.fullmatch(r"-{2,}( +-{2,})*", line.strip())), None)
        if rule is None:
            found += [re.sub(r"\n +", " ", note) for note in re.split(r"\n(?! )", block)]
            # A caption is wrapped without indentation.
            found.append(" ".join(lines))
            continue
        spans = [match.span() for match in re.finditer(r"-+", lines[rule])]
        cells = [""] * len(spans)
        for line in lines[rule + 1 :]:
            parts = [line[start:end].strip() for start, end in spans]
            if parts[0] and any(cells) and not cells[0].endswith("-"):
                found += cells
                cells = parts
            else:
                cells = [" ".join(filter(None, pair)) for pair in zip(cells, parts, strict=True)]
        found += cells
    return found


def strings(value: Any) -> Iterator[str]:
    """Yield every text of a document."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from strings(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from strings(inner)


def sentences(text: str) -> list[str]:
    """Return the sentences of a text; a semicolon ends none."""
    return [part for part in re.split(r"(?<=[.!?])\s+(?=[A-Z0-9])", " ".join(text.split())) if part]


def without_denominator(found: list[str]) -> list[str]:
    said = [sentence for text in found for sentence in sentences(text) if COUNT.search(sentence)]
    return [one for one in said if not OUT_OF.search(one) and not WHOLE.search(one)]


def test_the_reader_of_this_test_finds_a_count_without_its_denominator() -> None:
    bad = ["Left out are 5 projects.", "In 3 cases it is so."]
    good = [
        "In 3 of 7 projects it is so.",
        "9 projects, 16 statements.",
        "It is so in all 2 projects of which a source says who.",
    ]
    assert without_denominator([*bad, *good]) == bad
    assert "5 projects with few phases are left out" in text_blocks(
        "A caption\n\n5 projects with few phases are\n    left out\n"
    )


@pytest.mark.parametrize("name", COMMANDS)
def test_every_count_has_its_denominator_and_the_rule_is_said_once(
    name: str, printed: Callable[[str], dict[str, Any]]
) -> None:
    lists = COMMANDS[name][1]
    contents = printed(name)
    for format, content in contents.items():
        found = texts(content, format)
        assert any(text.strip() for text in found), format
        assert without_denominator(found) == [], format
        if format == "json":
            continue
        read = " ".join((content if format == "text" else " ".join(found)).split())
        assert read.count(RULE) == (1 if lists else 0), format
        assert read.count(f"{SELECTED - LISTED} of {SELECTED} projects, of which {RULE}") == (1 if lists else 0), format
    document = json.loads(contents["json"])
    listing = document.get("method", {}).get("listing") or document.get("listing")
    if lists:
        assert listing == {"least_phases": 2, "listed": LISTED, "selected": SELECTED}


def test_the_report_says_it_too(folder: Path, tmp_path: Path) -> None:
    result = CliRunner().invoke(group, ["report", str(folder), "-o", str(tmp_path / "report")])
    assert result.exit_code == 0, result.output
    page = (tmp_path / "report" / "report.html").read_text("utf-8")
    found = texts(page, "html")
    assert without_denominator(found) == []
    assert any(f"{SELECTED - LISTED} of {SELECTED} projects" in text for text in found)
