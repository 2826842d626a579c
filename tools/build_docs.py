"""Rebuild what is generated in the documentation: command help, tables of the catalogues, output of examples.

`python tools/build_docs.py` writes; the tests call `rebuilt` and fail when a page is stale. In a page,

- a ```bash block holds `agency` commands, which are run (``bash fails`` when the point is the error message),
- a ```python block is run too; its last expression is shown,
- a ```csv, ```toml or ```bibtex block with a file name writes that file first,
- a ```text output block behind one of them holds what came out (``text output 8``: the first 8 lines),
- what stands between ``<!-- NAME -->`` and ``<!-- end -->`` is made by the entry NAME of `GENERATED`.

What is generated in docs/es/ and docs/pt/ is generated in that language; their commands say `--language`,
and what follows the environment (messages of `check`) finds that language there.
Every page runs in a temporary folder of its own, its blocks in order. Any other block is only text.
"""

from __future__ import annotations

import ast
import contextlib
import inspect
import io
import os
import re
import shlex
import sys
import tempfile
from collections.abc import Callable, Iterator
from functools import cached_property
from pathlib import Path
from typing import Any

import click

import agency
from agency.cli import group, main
from agency.cli.catalogue import COMMANDS, SECTIONS
from agency.cli.helping import Command
from agency.findings.finding import kinds
from agency.indicators.registry import INDICATORS
from agency.vocabulary.codebook import default_codebook
from agency.vocabulary.columns import FILES, columns_markdown
from agency.words import LANGUAGES, speaking

ROOT = Path(__file__).parent.parent
_BLOCK = re.compile(r"^```(\w*)([^\n]*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_MARKED = re.compile(r"^<!-- ([a-z]+)(?:: ([^\n]+?))? -->\n.*?^<!-- end -->$", re.MULTILINE | re.DOTALL)
_WRITTEN = ("csv", "toml", "bibtex")


def pages() -> list[Path]:
    """Return every page of the documentation but the gallery, which `build_gallery.py` makes."""
    folder = [page for page in sorted((ROOT / "docs").glob("*.md")) if page.name != "gallery.md"]
    translated = sorted(page for language in LANGUAGES for page in (ROOT / "docs" / language).glob("*.md"))
    return [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *folder, *translated]


def rebuilt(page: Path) -> str:
    """Return a page as it should be."""
    if page.name == "problems.md":
        return problems_markdown()
    language = page.parent.name if page.parent.name in LANGUAGES else "en"
    with speaking(language):
        text = _MARKED.sub(_generate, page.read_text("utf-8"))
    with _environment(language), _empty_folder():
        return _with_output(text)


def _generate(match: re.Match[str]) -> str:
    name, argument = match.groups()
    if name not in GENERATED:
        return match.group(0)
    start = match.group(0).split("\n", 1)[0]
    return f"{start}\n{GENERATED[name](argument or '').rstrip()}\n<!-- end -->"


# Generated parts.


def problems_markdown() -> str:
    """Return `docs/problems.md`: one section per kind of problem."""
    lines = [
        "# Problems that `agency check` names",
        "",
        "Generated from `agency/findings/findings.toml` by `tools/build_docs.py`; not edited by hand.",
        "An error leaves a number undefined: nothing is computed. Warnings and information do not stop anything.",
    ]
    group = ""
    for kind in kinds().values():
        if kind.group != group:
            group = kind.group
            lines += ["", f"## {group}"]
        lines += ["", f"### {kind.code}", "", f"*{kind.severity}*. {kind.title}", ""]
        lines += [f"- Expected: {kind.expected}.", f"- What to do: {kind.fix}"]
    return "\n".join(lines) + "\n"


def indicators_markdown(_argument: str = "") -> str:
    """Return the catalogue as a Markdown table."""
    lines = [
        "| id | key | indicator | formula | range | reading | limits | gap and unknown | source |",
        "| --- " * 9 + "|",
    ]
    for entry in INDICATORS:
        words = (entry.formula, entry.range, entry.reading, entry.limits, entry.blanks, entry.source)
        cells = (entry.id, f"`{entry.key}`", entry.title, *words)
        lines.append("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |")
    return "\n".join(lines) + "\n"


def help_markdown(_argument: str = "") -> str:
    """Return the help of every command, by task."""
    parts = ["## agency\n", _help(group, "agency")]
    for section in SECTIONS:
        parts.append(f"## {section}\n")
        for name, entry in COMMANDS.items():
            if entry.section == section:
                command = group.get_command(click.Context(group), name)
                assert command is not None
                parts += [f"### agency {name}\n", _help(command, f"agency {name}")]
    return "\n".join(parts)


def _help(command: click.Command, name: str) -> str:
    context = click.Context(command, info_name=name, terminal_width=100, max_content_width=100)
    context.help_option_names = ["-h", "--help"]
    shown = command.whole_help(context) if isinstance(command, Command) else command.get_help(context)
    return f"```text\n{shown.rstrip()}\n```\n"


def study_markdown(_argument: str = "") -> str:
    """Return what a `Study` has, a line each."""
    lines = ["| | |", "| --- | --- |"]
    for name, member in vars(agency.Study).items():
        if name.startswith("_"):
            continue
        call = "" if isinstance(member, property | cached_property) else _parameters(member)
        words = inspect.getdoc(member)
        if words:
            lines.append(f"| `study.{name}{call}` | {words.splitlines()[0].replace('|', chr(92) + '|')} |")
    return "\n".join(lines)


def _parameters(function: Callable[..., Any]) -> str:
    shown = [
        {inspect.Parameter.VAR_POSITIONAL: "*", inspect.Parameter.VAR_KEYWORD: "**"}.get(parameter.kind, "") + name
        for name, parameter in inspect.signature(function).parameters.items()
        if name != "self"
    ]
    return f"({', '.join(shown)})"


def public_markdown(_argument: str = "") -> str:
    """Return the public names of the package, a line each."""
    lines = ["| | |", "| --- | --- |"]
    for name in agency.__all__:
        thing = getattr(agency, name)
        words = (
            f"The version, now {thing}." if isinstance(thing, str) else (inspect.getdoc(thing) or "").splitlines()[0]
        )
        lines.append(f"| `agency.{name}` | {words} |")
    return "\n".join(lines)


def phases_markdown(_argument: str = "") -> str:
    """Return the phases of the packaged codebook."""
    lines = ["| key | as printed | kind | block | counted by default |", "| --- | --- | --- | --- | --- |"]
    for phase in default_codebook().phases:
        counted = "yes" if phase.core else f"no: shown on request (`--phase {phase.key}`), weight {phase.weight:g}"
        lines.append(f"| `{phase.key}` | {phase.label} | {phase.kind} | {phase.block} | {counted} |")
    return "\n".join(lines)


def origins_markdown(_argument: str = "") -> str:
    """Return the origins of the packaged codebook and how they are drawn."""
    lines = [
        "| key | label | foreign | fill | strong fill | edge | hatch |",
        "| --- | --- | --- | --- | --- | --- | --- |",
    ]
    for origin in default_codebook().origins:
        cells = (f"`{origin.key}`", origin.label, "yes" if origin.foreign else "no")
        drawn = [f"`{value}`" if value else "" for value in (origin.colour, origin.strong, origin.edge, origin.hatch)]
        lines.append(f"| {' | '.join([*cells, *drawn])} |")
    return "\n".join(lines)


GENERATED: dict[str, Callable[[str], str]] = {
    "columns": lambda name: columns_markdown(FILES[name]),
    "help": help_markdown,
    "indicators": indicators_markdown,
    "origins": origins_markdown,
    "phases": phases_markdown,
    "public": public_markdown,
    "study": study_markdown,
}


# Examples and their output.


def _with_output(text: str) -> str:
    namespace: dict[str, Any] = {}
    said = ""

    def replace(match: re.Match[str]) -> str:
        nonlocal said
        language, details, content = match.groups()
        words = details.split()
        if language == "text" and words[:1] == ["output"]:
            return f"```text{details}\n{_first(said, int(words[1]) if words[1:] else None)}```"
        if language == "bash":
            said = "".join(run_command(line, fails=words == ["fails"]) for line in content.splitlines() if line)
        elif language == "python":
            said = run_python(content, namespace)
        elif language in _WRITTEN and words:
            Path(words[0]).write_text(content, "utf-8")
        return match.group(0)

    return _BLOCK.sub(replace, text)


def run_command(line: str, *, fails: bool = False) -> str:
    """Run a command in this process and return what it printed; with `fails`, the error messages too."""
    words = shlex.split(line, comments=True)
    if words[0] != "agency":
        message = f"Only agency commands can be run in a bash block, not {line!r}; make it a text block."
        raise ValueError(message)
    output, errors, code = io.StringIO(), io.StringIO(), 0
    with contextlib.redirect_stdout(output), contextlib.redirect_stderr(errors):
        try:
            main(words[1:])
        except SystemExit as stop:
            code = int(stop.code or 0)
    if bool(code) != fails:
        message = f"{line}: exit code {code}\n{output.getvalue()}{errors.getvalue()}"
        raise RuntimeError(message)
    return output.getvalue() + (errors.getvalue() if fails else "")


def run_python(source: str, namespace: dict[str, Any]) -> str:
    """Run statements; return what they printed and the last expression as it shows itself."""
    tree = ast.parse(source)
    last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
    output = io.StringIO()
    with contextlib.redirect_stdout(output):
        exec(compile(tree, "<page>", "exec"), namespace)
        value = eval(compile(ast.Expression(last.value), "<page>", "eval"), namespace) if last else None
    return output.getvalue() + ("" if value is None else f"{value!r}\n")


def _first(text: str, limit: int | None) -> str:
    lines = text.rstrip("\n").split("\n")
    shown = lines if limit is None or len(lines) <= limit else [*lines[:limit], "…"]
    return "".join(f"{line.rstrip()}\n" for line in shown)


@contextlib.contextmanager
def _environment(language: str) -> Iterator[None]:
    """Let messages, which follow the environment, come in the language of the page, whoever builds it."""
    before = os.environ.get("LC_ALL")
    os.environ["LC_ALL"] = language
    try:
        with speaking("en"):
            yield
    finally:
        del os.environ["LC_ALL"]
        if before is not None:
            os.environ["LC_ALL"] = before


@contextlib.contextmanager
def _empty_folder() -> Iterator[None]:
    before = Path.cwd()
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        try:
            yield
        finally:
            os.chdir(before)


def build() -> None:
    """Write every page that is stale."""
    for page in pages():
        text = rebuilt(page)
        if not page.exists() or page.read_text("utf-8") != text:
            page.write_text(text, "utf-8")
            print(f"{page.relative_to(ROOT)} rebuilt")


if __name__ == "__main__":
    sys.exit(build())
