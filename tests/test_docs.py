"""The documentation is true: every block runs, every output and table in it is current, links lead somewhere."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from build_docs import pages, rebuilt, run_command, run_python

from agency.about import DISTRIBUTION, __version__
from agency.cli.catalogue import COMMANDS
from agency.words import LANGUAGES

ROOT = Path(__file__).parent.parent

EVERY_PAGE = sorted({*pages(), *(ROOT / "docs").glob("*.md"), ROOT / "data" / "README.md"})
_BLOCKS = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)


def name(page: Path) -> str:
    return str(page.relative_to(ROOT))


@pytest.mark.parametrize("page", pages(), ids=name)
def test_a_page_is_as_the_program_makes_it(page: Path) -> None:
    assert page.read_text("utf-8") == rebuilt(page), f"{name(page)} is stale: run `make docs`"


@pytest.mark.parametrize("page", EVERY_PAGE, ids=name)
def test_links_and_pictures_lead_to_files(page: Path) -> None:
    text = _BLOCKS.sub("", page.read_text("utf-8"))
    targets = [target.split("#")[0] for target in re.findall(r"\]\(([^)\s]+)\)", text)]
    missing = [target for target in targets if "://" not in target and not (page.parent / target).exists()]
    assert missing == []


def test_the_readme_leads_to_every_page() -> None:
    text = (ROOT / "README.md").read_text("utf-8")
    lost = [page.name for page in (ROOT / "docs").glob("*.md") if f"(docs/{page.name})" not in text]
    assert lost == []
    for notebook in (ROOT / "notebooks").glob("*.ipynb"):
        assert f"(notebooks/{notebook.name})" in text


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_its_help_in_the_reference(command: str) -> None:
    assert f"### agency {command}\n" in (ROOT / "docs" / "cli.md").read_text("utf-8")


def test_install_lines_name_the_distribution_or_the_repository() -> None:
    wanted = {".", f"{DISTRIBUTION}"}
    lines = [
        line
        for page in EVERY_PAGE
        for line in re.findall(r"pip install ([^\n`]+)", page.read_text("utf-8"))
        if not line.startswith(("-e", "-c"))
    ]
    assert lines
    assert {re.sub(r'["\s]|\[.*?\]|#.*', "", line) for line in lines} <= wanted
    assert f"`{DISTRIBUTION}`" in (ROOT / "README.md").read_text("utf-8")


def test_version_citation_and_changelog_agree() -> None:
    assert f"\nversion: {__version__}\n" in (ROOT / "CITATION.cff").read_text("utf-8")
    assert f"\n## {__version__}\n" in (ROOT / "CHANGELOG.md").read_text("utf-8")


@pytest.mark.parametrize("language", LANGUAGES[1:])
@pytest.mark.parametrize("page", ["README.md", "docs/data-format.md", "docs/tutorial.md"])
def test_a_translated_page_has_the_blocks_and_headings_of_the_english_one(page: str, language: str) -> None:
    folder = ROOT / "docs" / language
    assert sorted(one.name for one in folder.glob("*.md")) == ["README.md", "data-format.md", "tutorial.md"]
    english, translated = shape(ROOT / page), shape(folder / Path(page).name)
    assert translated == english


def shape(page: Path) -> tuple[list[tuple[str, str]], list[str]]:
    """Return the blocks of a page (language and what is done with them) and the levels of its headings."""
    text = page.read_text("utf-8")
    blocks = re.findall(r"^```(\w+) ?([\w./]*)", text, flags=re.MULTILINE)
    return blocks, re.findall(r"^(#+) ", _BLOCKS.sub("", text), flags=re.MULTILINE)


@pytest.mark.parametrize("page", EVERY_PAGE, ids=name)
def test_no_page_names_a_place_on_somebody_s_machine(page: Path) -> None:
    assert not re.search(r"(?<![\w.])/(home|root|tmp|work|Users)/", page.read_text("utf-8"))


def test_a_command_that_fails_is_noticed() -> None:
    with pytest.raises(RuntimeError, match="exit code 2"):
        run_command("agency table -p Nowhere")
    with pytest.raises(RuntimeError, match="exit code 0"):
        run_command("agency --version", fails=True)


def test_only_commands_of_agency_are_run() -> None:
    with pytest.raises(ValueError, match="Only agency commands"):
        run_command("rm -rf x")


def test_the_last_expression_of_a_block_is_shown() -> None:
    assert run_python("x = 1\nprint(x)\nx + 1", {}) == "1\n2\n"
    assert run_python("x = 1", {}) == ""
