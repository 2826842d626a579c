"""References in the style of a journal: a CSL file, printed by the program pandoc where it is installed.

No style travels with the package. An entry to which a style gives no form (an interview in many of them, a work whose
title it leaves out) is printed in our own style, and said.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from agency import words
from agency.errors import UsageError
from agency.references.csljson import csl_items
from agency.references.model import Piece, Reference, first_keys, link
from agency.references.style import Entry, keyed_bibliography, reference_text, short_forms

OLDEST = (2, 17)
"""The oldest pandoc this was tried with."""
_SECONDS = 120
_LARGEST_STYLE = 1 << 22
_SPECIAL = ("interview", "personal_communication")
"""Types to which many styles give no form: they print what they happen to print for anything."""
_GET = words.marked(
    "Install it from https://pandoc.org/installing.html (Debian: apt install pandoc), or leave --style out."
)


@dataclass(frozen=True)
class Styled:
    """A bibliography in a style."""

    entries: tuple[tuple[str, Entry], ...]
    """Key and entry in the order of the style."""
    short: Mapping[str, str]
    """How each key is cited in running text."""
    ours: tuple[str, ...]
    """Keys printed in our own style, because the style has no form for them."""


def styled_bibliography(
    references: Mapping[str, Reference], keys: Iterable[str], style: Path | str, language: str = ""
) -> Styled:
    """Return the references of `keys` in the style of a CSL file.

    Raises
    ------
    UsageError
        If the style cannot be read or is none, or pandoc is not installed, too old, or refuses it.
    """
    language = language or words.language()
    path = Path(style)
    forms = _types_of(path)
    program = _pandoc()
    known = first_keys(keys, references)
    firsts = list(dict.fromkeys(known.values()))
    ids = {f"r{number}": key for number, key in enumerate(firsts)}
    document = _run(program, path, [(name, references[key]) for name, key in ids.items()], language)
    printed = {ids[name]: entry for name, entry in _entries(document) if name in ids}
    own = dict(keyed_bibliography(references, firsts, language))
    ours = _without_form(references, printed, own, forms)
    order = [key for key in printed if key not in ours]
    entries = [(key, printed[key]) for key in order] + [(key, entry) for key, entry in own.items() if key in ours]
    entries.sort(key=lambda entry: _place(entry[0], list(printed), list(own)))
    plain = short_forms(references, keys, language)
    cited = {ids[name]: text for name, text in _citations(document) if name in ids}
    short = {
        key: cited.get(known.get(key, ""), "") if known.get(key, "") in cited and known[key] not in ours else text
        for key, text in plain.items()
    }
    return Styled(tuple(entries), short, tuple(key for key in own if key in ours))


def _place(key: str, printed: Sequence[str], own: Sequence[str]) -> int:
    """Return where an entry stands: in the style's order where it has one, else in ours."""
    return printed.index(key) if key in printed else own.index(key)


def _pandoc() -> str:
    program = shutil.which("pandoc")
    if program is None:
        message = words.text("--style needs the program pandoc, which is not installed. {get}", get=words.text(_GET))
        raise UsageError(message)
    said = subprocess.run([program, "--version"], capture_output=True, check=False, timeout=_SECONDS).stdout
    found = re.search(rb"pandoc(?:\.exe)? (\d+)\.(\d+)", said)
    if not found or (int(found[1]), int(found[2])) < OLDEST:
        version = f"{found[1].decode()}.{found[2].decode()}" if found else words.text("of unknown version")
        message = words.text(
            "--style needs pandoc {oldest} or later; {program} is {version}. {get}",
            oldest=f"{OLDEST[0]}.{OLDEST[1]}",
            program=program,
            version=version,
            get=words.text(_GET),
        )
        raise UsageError(message)
    return program


def _types_of(path: Path) -> frozenset[str]:
    """Return the types of works a style has forms for.

    A style that only points to another is refused: pandoc would look for the other on the net.
    """
    from xml.etree import ElementTree as ET

    try:
        data = path.read_bytes() if path.stat().st_size <= _LARGEST_STYLE else b""
    except OSError as error:
        message = words.text("--style {path}: cannot be read ({reason}).", path=path, reason=error.strerror)
        raise UsageError(message) from error
    try:
        root = None if not data or b"<!ENTITY" in data else ET.fromstring(data)
    except ET.ParseError as error:
        message = words.text(
            "--style {path}: line {line} is no XML. Download the style again.", path=path, line=error.position[0]
        )
        raise UsageError(message) from error
    if root is None or not root.tag.endswith("}style"):
        message = words.text(
            "--style {path}: this is no CSL style. Styles are at https://www.zotero.org/styles.", path=path
        )
        raise UsageError(message)
    for parent in root.iter("{http://purl.org/net/xbiblio/csl}link"):
        if parent.get("rel") == "independent-parent":
            message = words.text(
                "--style {path}: this style only points to {link}. Download that one and name it.",
                path=path,
                link=parent.get("href"),
            )
            raise UsageError(message)
    return frozenset(kind for element in root.iter() for kind in element.get("type", "").split())


def _run(program: str, style: Path, entries: Sequence[tuple[str, Reference]], language: str) -> dict[str, Any]:
    """Return the document pandoc makes of a text that cites every entry."""
    text = "\n\n".join(f"[@{name}]" for name, _ in entries)
    with tempfile.TemporaryDirectory(prefix="agency-") as folder:
        library = Path(folder) / "references.json"
        library.write_text(json.dumps(csl_items(entries), ensure_ascii=False), encoding="utf-8")
        call = [program, "--from=markdown", "--to=json", "--citeproc", f"--csl={style.resolve()}"]
        call += [f"--bibliography={library}", f"--metadata=lang:{_locale(language)}"]
        try:
            done = subprocess.run(
                call, input=text.encode(), capture_output=True, check=False, timeout=_SECONDS, cwd=folder
            )
        except subprocess.TimeoutExpired as error:
            message = words.text(
                "--style {style}: pandoc did not finish in {seconds} seconds.", style=style, seconds=_SECONDS
            )
            raise UsageError(message) from error
    if done.returncode:
        why = " ".join(done.stderr.decode("utf-8", "replace").split())[:300]
        message = words.text("--style {style}: pandoc refuses it: {why}", style=style, why=why)
        raise UsageError(message)
    document: dict[str, Any] = json.loads(done.stdout)
    return document


def _locale(language: str) -> str:
    return {"en": "en-US", "es": "es-ES", "pt": "pt-BR"}.get(language, language)


def _entries(document: Mapping[str, Any]) -> Iterator[tuple[str, Entry]]:
    """Yield id and runs of each printed entry, in the order of the style."""
    for block in document["blocks"]:
        if block["t"] == "Div" and block["c"][0][0] == "refs":
            for entry in block["c"][1]:
                runs = [run for inner in entry["c"][1] for run in _runs(inner.get("c", []))]
                yield entry["c"][0][0].removeprefix("ref-"), _joined(runs)


def _citations(document: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield id and citation without brackets; one that is a footnote, or a mere number, is left out."""
    for block in document["blocks"]:
        for inline in block["c"] if block["t"] == "Para" else []:
            if inline["t"] == "Cite" and not any(part["t"] == "Note" for part in inline["c"][1]):
                text = reference_text(_joined(list(_runs(inline["c"][1])))).strip("()[] ")
                if any(character.isalpha() for character in text):
                    yield inline["c"][0][0]["citationId"], text


def _runs(
    inlines: Iterable[Mapping[str, Any]], style: Literal["plain", "italic", "link"] = "plain", target: str = ""
) -> Iterator[Piece]:
    """Yield the runs of pandoc's inlines: emphasis is italic, links keep their address, all else is text."""
    for inline in inlines:
        kind, content = inline["t"], inline.get("c")
        if kind == "Str":
            yield Piece(str(content), style, target)
        elif kind in ("Space", "SoftBreak", "LineBreak"):
            yield Piece(" ", style, target)
        elif kind == "Emph":
            yield from _runs(content or [], "plain" if style == "italic" else "italic" if not target else style, target)
        elif kind == "Link" and content:
            to = link("", content[2][0])
            yield from _runs(content[1], to.style, to.target)
        elif kind == "Quoted" and content:
            marks = "“”" if content[0]["t"] == "DoubleQuote" else "‘’"
            yield Piece(marks[0], style, target)
            yield from _runs(content[1], style, target)
            yield Piece(marks[1], style, target)
        elif kind in ("Span", "Cite") and content:
            yield from _runs(content[1], style, target)
        elif isinstance(content, list):
            yield from _runs((part for part in content if isinstance(part, dict) and "t" in part), style, target)
        elif kind in ("Code", "RawInline") and content:
            yield Piece(str(content), style, target)


def _joined(runs: Sequence[Piece]) -> Entry:
    joined: list[Piece] = []
    for run in runs:
        if joined and (joined[-1].style, joined[-1].target) == (run.style, run.target):
            joined[-1] = Piece(joined[-1].text + run.text, run.style, run.target)
        else:
            joined.append(run)
    return tuple(joined)


def _without_form(
    references: Mapping[str, Reference], printed: Mapping[str, Entry], own: Mapping[str, Entry], forms: frozenset[str]
) -> frozenset[str]:
    """Return the keys whose printed entry is not one: of a type the style never names, empty, or without its title.

    A style that prints no titles at all (some of the sciences) leaves none out on purpose.
    """
    titled = {key: _letters(references[key].title) for key in own}
    lacking = {key for key, title in titled.items() if title not in _letters(reference_text(printed.get(key, ())))}
    no_titles = len(lacking) == len(own) > 1
    special = [references[key] for key in own if references[key].kind in _SPECIAL]
    unnamed = {one.key for one in special if one.kind not in forms or not one.title}
    empty = {key for key in own if not reference_text(printed.get(key, ())).strip()}
    return frozenset(unnamed | empty | (set() if no_titles else lacking))


def _letters(text: str) -> str:
    return "".join(character for character in text.casefold() if character.isalnum())
