"""Collect every sentence a reader sees into the catalogues of `agency/locale/`, and compile them: `make messages`.

    python tools/messages.py            write agency.pot, bring es and pt up to date, compile them
    python tools/messages.py --unread   the same, and name the calls whose sentence stands elsewhere (in `marked`)
    python tools/messages.py --check    say what is missing or wrong, change nothing; exit code 1 if anything is

A translator opens `agency/locale/es/LC_MESSAGES/agency.po`, fills `msgstr` (both forms where there are two), keeps the
places in braces, and runs the first command. Sentences come from the Python sources (`text`, `counted`, `marked`, help
of the commands), the templates, and the TOML catalogues. They stand in the order of the files, without line numbers
and dates, so that two runs write the same bytes.
"""

from __future__ import annotations

import ast
import inspect
import io
import re
import string
import struct
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple, get_args

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po
from jinja2 import Environment
from jinja2.ext import extract_from_ast

from agency.agreement import BY_COLUMN
from agency.importers.mapping import WEAK, crosswalk
from agency.indicators import By
from agency.vocabulary import ACTORS, COLUMNS, FILES, default_codebook, default_text
from agency.words import WHOLE

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "agency"
LOCALE = PACKAGE / "locale"
LANGUAGES = ("es", "pt")
# In both one is singular and none is plural, as printed numbers are read: 0 filas, 1 fila, 2 filas.
PLURALS = "nplurals=2; plural=(n != 1);"

FIELDS = {
    "findings/findings.toml": ("group", "title", "template", "expected", "fix"),
    "indicators/catalogue.toml": ("title", "formula", "range", "reading", "source", "blanks", "limits"),
    "vocabulary/default_codebook.toml": ("label", "short", "citation"),
}
"""What a reader sees of each TOML catalogue."""
FIRST = (
    "vocabulary/default_codebook.toml",
    "words.py",
    "resolve/",
    "sheets/",
    "formats/",
    "figures/",
    "comparison/",
    "report/",
    "indicators/",
    "agreement/",
    "claims/",
    "changes/",
    "references/",
    "exporters/",
)
"""What is printed of every study stands first in the catalogues; messages of `check` and help come after it."""
FUNCTIONS = ("text", "counted", "marked")
OF_CLICK = (
    "Usage:",
    "Options",
    "Commands",
    "Show the version and exit.",
    "Show this message and exit.",
    "default: {default}",
    "Error: {message}",
    "Try '{command} {option}' for help.",
    "Missing command.",
    "Missing argument",
    "Missing option",
    "Missing parameter",
    "Invalid value: {message}",
    "Invalid value for {param_hint}: {message}",
    "Choose from:\n\t{choices}",
    "No such option {name!r}.",
    ("Did you mean {possibility}?", "(Did you mean one of: {possibilities}?)"),
    ("Got unexpected extra argument ({args})", "Got unexpected extra arguments ({args})"),
    ("Option {name!r} requires an argument.", "Option {name!r} requires {nargs} arguments."),
    "Option {name!r} does not take a value.",
    ("{value!r} is not {choice}.", "{value!r} is not one of {choices}."),
    "{value!r} is not a valid {number_type}.",
    "{value} is not in the range {range}.",
    "{name} {filename!r} does not exist.",
    "{name} {filename!r} is a directory.",
    "file",
    "directory",
    "path",
)
"""What the library of the command line says itself and a user may meet: it asks our catalogue (`agency.cli`)."""


class Message(NamedTuple):
    """A sentence, with the form for several where it is counted, and the file it stands in."""

    one: str
    several: str
    file: str


class Unread(NamedTuple):
    """A call whose sentence does not stand there nor in a constant of its module."""

    file: str
    line: int
    call: str


# Python


def of_python(path: Path) -> Iterator[Message | Unread]:
    """Find the sentences of a module: arguments of our functions, followed to the constants they name."""
    tree = ast.parse(path.read_text("utf-8"))
    file = path.relative_to(ROOT).as_posix()
    module = _Module(tree)
    module.own |= set(FUNCTIONS) if file == "agency/words.py" else set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and (name := _called(node, module)):
            yield from _of_call(node, name, module, file)
        if isinstance(node, ast.keyword) and node.arg in ("help", "metavar_help") and "cli" in path.parts:
            yield from (Message(one, "", file) for one in module.sentences(node.value))
        if isinstance(node, ast.FunctionDef) and "cli" in path.parts and _is_command(node):
            yield from (Message(one, "", file) for one in paragraphs(ast.get_docstring(node) or ""))


def paragraphs(help: str) -> list[str]:
    """Return the paragraphs of a help, each on one line, as `agency.cli.helping` asks for them."""
    whole = inspect.cleandoc(help).split("\f")[0]
    return [" ".join(one.split()) for one in whole.split("\n\n") if one.strip() and not one.startswith("\b")]


def _is_command(node: ast.FunctionDef) -> bool:
    called = [one.func for one in node.decorator_list if isinstance(one, ast.Call)]
    return any(isinstance(one, ast.Attribute) and one.attr in ("command", "group") for one in called)


class _Module:
    """What the names of a module stand for."""

    def __init__(self, tree: ast.Module) -> None:
        self.own: set[str] = set()
        """Names under which our functions were imported."""
        self.values: dict[str, list[ast.expr]] = {}
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom) and node.module == "agency.words":
                self.own |= {one.asname or one.name for one in node.names} & set(FUNCTIONS)
            if isinstance(node, ast.Assign):
                for target in node.targets:
                    self._assign(target, node.value)
            if isinstance(node, (ast.AnnAssign, ast.NamedExpr)) and node.value is not None:
                self._assign(node.target, node.value)
            if isinstance(node, (ast.For, ast.comprehension)):
                self._unpack(node.target, node.iter)

    def _assign(self, target: ast.expr, value: ast.expr) -> None:
        if isinstance(target, ast.Name):
            self.values.setdefault(target.id, []).append(value)
        elif isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple) and len(target.elts) == len(value.elts):
            for one, given in zip(target.elts, value.elts, strict=True):
                self._assign(one, given)
        elif isinstance(target, ast.Tuple):
            for at, one in enumerate(target.elts):
                for entry in self._entries(value):
                    if isinstance(entry, ast.Tuple) and at < len(entry.elts):
                        self._assign(one, entry.elts[at])

    def _unpack(self, target: ast.expr, source: ast.expr) -> None:
        if isinstance(source, ast.Call) and isinstance(source.func, ast.Attribute) and source.func.attr == "items":
            if isinstance(target, ast.Tuple) and len(target.elts) == 2:
                for entry in self._entries(source.func.value):
                    self._assign(target.elts[1], entry)
            return
        if isinstance(source, (ast.Tuple, ast.List, ast.Name)):
            for entry in self._entries(source):
                self._assign(target, entry)

    def _entries(self, node: ast.expr, depth: int = 4) -> list[ast.expr]:
        """Return what a table of constants holds: the entries of a tuple or list, the values of a dict."""
        if not depth:
            return []
        if isinstance(node, ast.Call) and node.args:  # MappingProxyType({...}), marked("...", "...")
            return self._entries(node.args[0], depth - 1)
        if isinstance(node, ast.Subscript):
            return self._entries(node.value, depth - 1)
        if isinstance(node, ast.Dict):
            return list(node.values)
        if isinstance(node, (ast.Tuple, ast.List)):
            return list(node.elts)
        if isinstance(node, ast.Name):
            return [entry for value in self.values.get(node.id, []) for entry in self._entries(value, depth - 1)]
        return []

    def sentences(self, node: ast.expr, depth: int = 5) -> list[str]:
        """Return the sentences an expression may stand for; none if it cannot be told."""
        if isinstance(node, ast.Constant):
            return [node.value] if isinstance(node.value, str) and node.value else []
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
            left, right = self.sentences(node.left, depth), self.sentences(node.right, depth)
            return [one + other for one in left for other in right]
        return [one for other in self._others(node) for one in self.sentences(other, depth - 1)] if depth else []

    def _others(self, node: ast.expr) -> list[ast.expr]:
        """Return the expressions one of which stands for this one."""
        if isinstance(node, ast.IfExp):
            return [node.body, node.orelse]
        if isinstance(node, ast.BoolOp):
            return node.values
        if isinstance(node, ast.Name):
            return self.values.get(node.id, [])
        if isinstance(node, ast.Subscript):
            return self._entries(node.value)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "get":
            return [*self._entries(node.func.value), *node.args[1:]]
        if isinstance(node, ast.Call) and node.args and _called(node, self) == "marked":
            return [node.args[0]]
        return []

    def pairs(self, node: ast.expr, depth: int = 5) -> list[tuple[str, str]]:
        """Return the pairs of forms a starred argument may stand for."""
        if not depth:
            return []
        if isinstance(node, ast.Tuple) and len(node.elts) == 2:
            one, several = (self.sentences(entry) for entry in node.elts)
            return [(one[0], several[0])] if len(one) == len(several) == 1 else []
        if isinstance(node, ast.IfExp):
            return [*self.pairs(node.body, depth - 1), *self.pairs(node.orelse, depth - 1)]
        if isinstance(node, ast.Name):
            return [pair for value in self.values.get(node.id, []) for pair in self.pairs(value, depth - 1)]
        return [pair for entry in self._entries(node) for pair in self.pairs(entry, depth - 1)]


def _called(node: ast.Call, module: _Module) -> str:
    """Return which of our functions a call is one of, else ""."""
    called = node.func
    if isinstance(called, ast.Name):
        return called.id if called.id in module.own or called.id == "marked" else ""
    if isinstance(called, ast.Attribute) and isinstance(called.value, ast.Name) and called.value.id == "words":
        return called.attr if called.attr in FUNCTIONS else ""
    return ""


def _of_call(node: ast.Call, name: str, module: _Module, file: str) -> Iterator[Message | Unread]:
    args = node.args
    if not args:
        return
    if name == "text":
        found = [Message(one, "", file) for one in module.sentences(args[0])]
    elif name == "marked":
        said = [one for given in args for one in module.sentences(given)]
        found = [Message(*said, file)] if _is_pair(said) else [Message(one, "", file) for one in said]
    elif isinstance(args[0], ast.Starred):
        found = [Message(*pair, file) for pair in module.pairs(args[0].value)]
    else:
        found = [
            Message(one, several, file)
            for one, several in zip(module.sentences(args[0]), module.sentences(args[1]), strict=False)
        ]
    yield from found
    if not found and not (isinstance(args[0], ast.Constant) and not args[0].value):
        yield Unread(file, node.lineno, ast.unparse(node)[:100])


def _is_pair(said: list[str]) -> bool:
    return len(said) == 2 and any("{n}" in one for one in said)


# Templates and TOML


def of_template(path: Path) -> Iterator[Message]:
    """Find the sentences of a template: ``{{ text("…") }}`` and ``{{ counted("…", "…", n) }}``."""
    file = path.relative_to(ROOT).as_posix()
    tree = Environment(autoescape=True).parse(path.read_text("utf-8"))
    for _, function, found in extract_from_ast(tree, gettext_functions=("text", "counted")):
        said = [one for one in (found if isinstance(found, tuple) else (found,)) if one]
        if said:
            yield Message(said[0], said[1] if function == "counted" else "", file)


def of_toml(path: Path, fields: tuple[str, ...]) -> Iterator[Message]:
    """Find the values of some fields anywhere in a TOML file."""
    file = path.relative_to(ROOT).as_posix()

    def walk(node: Any) -> Iterator[Message]:
        for name, value in node.items() if isinstance(node, dict) else enumerate(node):
            if isinstance(value, (dict, list)):
                yield from walk(value)
            elif name in fields and isinstance(value, str) and value:
                yield Message(value, "", file)

    yield from walk(tomllib.loads(path.read_text("utf-8")))


def of_vocabulary() -> Iterator[Message]:
    """Find the values of columns as printed (``state_firm`` as "state firm"), what groups are by, what columns mean.

    And why imports leave something out.
    """
    values = [value for column in (*COLUMNS, *ACTORS) if column.kind == "key" for value in column.values]
    for value in dict.fromkeys((*values, *default_codebook().roles, *get_args(By), *BY_COLUMN)):
        yield Message(value.replace("_", " "), "", "agency/vocabulary/columns.py")
    for path in sorted((PACKAGE / "importers" / "presets").glob("*.toml")):
        for why in tomllib.loads(path.read_text("utf-8")).get("reject", {}).values():
            yield from (Message(one, "", "agency/importers/presets/" + path.name) for one in why.values())
    for role in crosswalk().values():
        if role.note and (not role.phase or role.fit == WEAK):
            yield Message(role.note, "", "agency/importers/role_crosswalk.csv")
    for column in (column for columns in FILES.values() for column in columns):
        yield Message(column.title, "", "agency/vocabulary/columns.py")
        yield Message(column.description, "", "agency/vocabulary/columns.py")
    # Comments of the codebook, which `agency new` writes out: a paragraph is a sentence.
    for lines in re.findall(r"(?:^#.*\n)+", default_text(), flags=re.MULTILINE):
        said = " ".join(line.removeprefix("# ") for line in lines.splitlines())
        yield Message(said, "", "agency/vocabulary/default_codebook.toml")


def collect() -> tuple[dict[str, tuple[str, list[str]]], list[Unread], list[str]]:
    """Return all sentences (with form for several and files), the calls that could not be read, and what clashes."""
    found: list[Message | Unread] = [*of_vocabulary()]
    for path in sorted([*PACKAGE.rglob("*.toml"), *PACKAGE.rglob("*.j2"), *PACKAGE.rglob("*.py")], key=_rank):
        if path.suffix == ".py":
            found += of_python(path)
        elif path.suffix == ".j2":
            found += of_template(path)
        elif name := FIELDS.get(path.relative_to(PACKAGE).as_posix()):
            found += of_toml(path, name)
    pairs = (one if isinstance(one, tuple) else (one, "") for one in OF_CLICK)
    found += [Message(one, several, "agency/cli/__init__.py") for one, several in pairs]
    messages: dict[str, tuple[str, list[str]]] = {}
    clashes = []
    for one in found:
        if isinstance(one, Unread):
            continue
        several, files = messages.get(one.one, ("", []))
        if several and one.several and several != one.several:
            clashes.append(f"{one.file}: {one.one!r} has two forms for several: {several!r}, {one.several!r}")
        messages[one.one] = (several or one.several, files if one.file in files else [*files, one.file])
    return messages, [one for one in found if isinstance(one, Unread)], clashes


def _rank(path: Path) -> tuple[int, str]:
    name = path.relative_to(PACKAGE).as_posix()
    return next((at for at, start in enumerate(FIRST) if name.startswith(start)), len(FIRST)), name


# Catalogues


def write_catalogue(messages: dict[str, tuple[str, list[str]]], language: str = "", known: Any = None) -> str:
    """Return the .pot, or the .po of a language with the translations that are known."""
    catalogue = Catalog(charset="utf-8")
    for one, (several, files) in messages.items():
        old = known.get(one) if known is not None else None
        said: Any = ("", "") if several else ""
        if old is not None and isinstance(old.string, tuple) == bool(several):
            said = old.string
        message = catalogue.add(
            (one, several) if several else one,
            said,
            locations=[(file, None) for file in files],
            user_comments=old.user_comments if old is not None else (),
            flags={"fuzzy"} if old is not None and old.fuzzy else set(),
        )
        message.flags.discard("python-format")
        message.flags.discard("python-brace-format")
    written = io.BytesIO()
    write_po(written, catalogue, width=0, omit_header=True, include_lineno=False)
    return header(language) + written.getvalue().decode("utf-8")


def header(language: str) -> str:
    """Return the head of a catalogue, without dates."""
    return 'msgid ""\nmsgstr ""\n' + "".join(f'"{line}\\n"\n' for line in _head(language)) + "\n"


def _head(language: str) -> list[str]:
    lines = ["Content-Type: text/plain; charset=utf-8", "Content-Transfer-Encoding: 8bit"]
    return [*lines, f"Language: {language}", f"Plural-Forms: {PLURALS}"] if language else lines


def read_catalogue(path: Path) -> Any:
    """Return a .po as Babel reads it."""
    with path.open("rb") as stream:
        return read_po(stream, abort_invalid=True)


def compile_catalogue(path: Path, language: str) -> bytes:
    """Return the .mo of a .po; one that lacks nothing says so (`agency.words.WHOLE`).

    Written here: Babel puts its version and a date into the header, and two runs are to write the same bytes.
    """
    read = [message for message in read_catalogue(path) if message.id]
    entries = {"": "".join(f"{line}\n" for line in _head(language))}
    for message in read:
        ids, said = (one if isinstance(one, (tuple, list)) else (one,) for one in (message.id, message.string))
        if not lacks(message):
            entries["\0".join(ids)] = "\0".join(said)
    if not any(lacks(message) for message in read):
        entries[WHOLE] = "✓"
    # The format of GNU gettext: numbers, the places of the keys in order, those of the translations, all texts.
    pairs = sorted((key.encode("utf-8"), said.encode("utf-8")) for key, said in entries.items())
    start = 7 * 4 + 16 * len(pairs)
    places, texts = [], b""
    for column in (0, 1):
        for pair in pairs:
            places += [len(pair[column]), start + len(texts)]
            texts += pair[column] + b"\0"
    head = (0x950412DE, 0, len(pairs), 7 * 4, 7 * 4 + 8 * len(pairs), 0, 0)
    return struct.pack(f"<{7 + len(places)}I", *head, *places) + texts


def lacks(message: Any) -> bool:
    """Say whether a translation is missing or in doubt."""
    said = message.string if isinstance(message.string, tuple) else (message.string,)
    return message.fuzzy or not all(said)


def places(sentence: str) -> set[str]:
    """Return the named places of a sentence."""
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name is not None}


def differing(message: Any) -> list[str]:
    """Return what is wrong with the places of a translation: those of that form in English, in any order."""
    ids = message.id if isinstance(message.id, tuple) else (message.id,)
    said = message.string if isinstance(message.string, tuple) else (message.string,)
    found = []
    for english, one in zip(ids, said, strict=True):
        if not one:
            continue
        try:
            wanted = places(english)
        except ValueError:  # no places: braces of an example
            continue
        try:
            given = places(one)
        except ValueError:
            found.append(f"{ids[0]!r}: braces do not match in {one!r}")
            continue
        # "Un proyecto" may stand for "{n} project", and "{n} proyecto" for "one project".
        if (given ^ wanted) - ({"n"} if len(ids) == 2 else set()):
            found.append(f"{ids[0]!r}: places {sorted(given)} in {one!r}, expected {sorted(wanted)}")
    return found


def faults(language: str, messages: dict[str, tuple[str, list[str]]], *, empty: bool = True) -> list[str]:
    """Return what is wrong with the catalogue of a language."""
    path = LOCALE / language / "LC_MESSAGES" / "agency.po"
    catalogue = read_catalogue(path)
    name = path.relative_to(ROOT).as_posix()
    found = [f"{name}: {one!r} is not in it: run make messages" for one in messages if one not in catalogue]
    for message in catalogue:
        if not message.id:
            continue
        one = message.id[0] if isinstance(message.id, tuple) else message.id
        if one not in messages:
            found.append(f"{name}: {one!r} is in no source: run make messages")
        if empty and lacks(message):
            found.append(f"{name}: {one!r} {'is in doubt (fuzzy)' if message.fuzzy else 'has no translation'}")
        found += [f"{name}: {said}" for said in differing(message)]
    return found


def write_all() -> None:
    """Write the .pot, and .po and .mo of each language."""
    messages, unread, clashes = collect()
    LOCALE.mkdir(exist_ok=True)
    (LOCALE / "agency.pot").write_text(write_catalogue(messages), "utf-8")
    for language in LANGUAGES:
        path = LOCALE / language / "LC_MESSAGES" / "agency.po"
        path.parent.mkdir(parents=True, exist_ok=True)
        known = read_catalogue(path) if path.exists() else None
        path.write_text(write_catalogue(messages, language, known), "utf-8")
        path.with_suffix(".mo").write_bytes(compile_catalogue(path, language))
        left = sum(lacks(message) for message in read_catalogue(path) if message.id)
        print(f"{language}: {len(messages) - left} of {len(messages)} sentences")
        print("\n".join(faults(language, messages, empty=False)), end="")
    for one in unread if "--unread" in sys.argv else ():
        print(f"{one.file}:{one.line}: the sentence of {one.call} is not found: put it in marked(...)")
    print("\n".join(clashes), end="")


def main() -> int:
    """Run the command."""
    if "--check" not in sys.argv:
        write_all()
        return 0
    messages, _, clashes = collect()
    found = [*clashes, *(fault for language in LANGUAGES for fault in faults(language, messages))]
    print("\n".join(found) or "nothing is missing")
    return bool(found)


if __name__ == "__main__":
    sys.exit(main())
