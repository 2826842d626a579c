"""Files damaged at random, in their own terms: cells of a table, lines of TOML, nodes of XML and JSON, parts of a zip.

Every function takes the bytes of a file and a `random.Random`, and returns other bytes; the same seed gives the same.
"""

from __future__ import annotations

import csv
import io
import json
import re
import warnings
import zipfile
import zlib
from collections.abc import Callable
from random import Random
from typing import Any
from xml.etree import ElementTree as ET

ODD = (
    *(
        "",
        " ",
        "\t",
        "\n",
        "\r",
        "\x00",
        "\x1b[31mred",
        "\x1b]0;title\x07",
        "\x9b2J",
        "\x08",
        "\x7f",
        "\u2028",
        "\ufeff",
    ),
    *("a\u202eb", "\u2066x", "\u200b", "e" + "\u0301" * 60, "\U0001f468\u200d\U0001f469", "\ufffe", "İ", "ß", "ﬁ"),
    *(
        "=1+1",
        "+cmd|' /C x'!A0",
        "-2+3",
        "@SUM(A1)",
        "'=1",
        "<script>alert(1)</script>",
        "&amp;",
        "]]>",
        "<!--",
        "</td>",
    ),
    *(
        "\\input{x}",
        "$^$",
        "%s %d",
        "{0}",
        "{name}",
        "{",
        "}}",
        "../../x",
        "/etc/passwd",
        "C:\\x",
        "con",
        ".",
        "~",
        "-",
    ),
    *(
        "9" * 400,
        "1e999",
        "-1",
        "0",
        "00",
        "1.5",
        "1,5",
        "1.234",
        "nan",
        "inf",
        "-inf",
        "0x10",
        "1_0",
        "٢٠١٢",
        "²",
        "½",
    ),
    *("2012", "1899", "2100", "2012-2016", "2012–", "-2012", "2012-02-30", "2016-13", "c. 2016", "9999", "10000"),
    *("true", "false", "TRUE", "yes", "null", "None", "held", "vacant", "negotiating", "denied", "proposed"),
    *("not_applicable", "design", "maintenance", "operation", "chinese", "local", "unknown", "mixed", "preferred"),
    *(
        "deprecated",
        "alleged",
        "support",
        "USD",
        "ECU",
        "ECU;ARG",
        "Ecuador",
        "coupland2026",
        "vilaseoane2024",
        "A",
        "B",
    ),
    *("a;b", "a|b", "a / b", '"', '""', "'", "`", "[", "]", "[[", "[1]", "(", ")", "#", "//", "--", "…", "a" * 300),
)
"""Values with a meaning to something: screens, formats, spreadsheets, numbers, years, and words of the field."""
TOML_ODD = (
    *('""', '"x"', "''", '"""a\nb"""', "0", "-1", "1.5", "1e400", "nan", "inf", "true", "[]", "{}", "[[]]", "[1, 'a']"),
    *("{ a = 1 }", "1979-05-27", "07:32:00", "0xff", "99999999999999999999", '"\\u0000"', '"\\u001b[31m"', '"{name}"'),
    *('["design"]', '"design"', '["local", "chinese"]', "[2012, 2016]", "[2016, 2012]", "2012", '"\\u202e"', "x", ""),
)
JSON_ODD: tuple[Any, ...] = ("", "x", 0, -1, 1.5, 1e308, True, None, [], {}, [[]], {"a": []}, [2024, 13, 40], 10**30)
_HUGE = 400_000
"""Bytes that a piece repeated without end stops at."""
Mutator = Callable[[bytes, Random], bytes]


def mutated(name: str, data: bytes, rng: Random) -> bytes:
    """Return a file damaged in its own terms, byte by byte, or both."""
    way = rng.random()
    if way < 0.8:
        structured = of_suffix(name)
        for _ in range(_few(rng)):
            data = structured(data, rng)
    if way > 0.7:
        for _ in range(_few(rng)):
            data = raw(data, rng)
    return data


def of_suffix(name: str) -> Mutator:
    """Return what damages a file of this name in its own terms."""
    return _BY_SUFFIX.get(name.rpartition(".")[2], tokens)


def _few(rng: Random) -> int:
    return min(1 + int(rng.expovariate(1.2)), 8)


def _odd(rng: Random) -> str:
    """Return an odd value; at times a long one, or two together."""
    value = rng.choice(ODD)
    if rng.random() < 0.03:
        return value * rng.choice((10, 1_000, 100_000 // max(1, len(value))))
    return value + rng.choice(ODD) if rng.random() < 0.1 else value


def _again(rng: Random, size: int) -> int:
    """Return how often a piece is repeated: mostly once, seldom until the file is large."""
    return max(1, _HUGE // max(size, 1)) if rng.random() < 0.03 else rng.choice((1, 1, 1, 2, 40))


def raw(data: bytes, rng: Random) -> bytes:
    """Damage bytes, whatever they mean."""
    at = rng.randrange(len(data) + 1)
    end = min(len(data), at + rng.choice((1, 1, 2, 4, 16, 200)))
    piece = data[at:end]
    chosen = rng.randrange(7)
    if chosen == 0 and piece:
        return data[:at] + bytes([piece[0] ^ (1 << rng.randrange(8))]) + data[at + 1 :]
    if chosen == 1:
        return data[:at] + rng.randbytes(rng.choice((1, 2, 8))) + data[end:]
    if chosen == 2:
        return data[:at] + data[end:]
    if chosen == 3:
        return data[:at] + piece * _again(rng, len(piece)) + data[at:]
    if chosen == 4:
        return data[:at]
    if chosen == 5:
        marks = (
            b"\xef\xbb\xbf",
            b"\xff\xfe",
            b"\x00",
            b"\xed\xb2\x80",
            b"\xc0\x80",
            b"\r",
            b"\r\n",
            b"\x1b[2J",
            b'"',
            b",",
        )
        return data[:at] + rng.choice(marks) + data[at:]
    codings = ("utf-16", "utf-16-be", "utf-8-sig", "latin-1", "cp1251", "shift_jis", "utf-7", "utf-32")
    return data.decode("utf-8", "replace").encode(rng.choice(codings), "replace")


def cells(data: bytes, rng: Random) -> bytes:
    """Damage a table: a cell, a row, a column, a name, or how it is written."""
    try:
        rows = list(csv.reader(io.StringIO(data.decode("utf-8", "replace"), newline="")))
    except csv.Error:
        return raw(data, rng)
    rows = [row for row in rows if row]
    if not rows:
        return _odd(rng).encode("utf-8", "replace")
    number = rng.randrange(len(rows))
    row = rows[number]
    column = rng.randrange(len(row))
    chosen = rng.randrange(12)
    if chosen <= 4:
        row[column] = _odd(rng) if rng.random() < 0.7 else row[column] + _odd(rng)
    elif chosen <= 6:
        row[column] = rng.choice([other[column] for other in rows if column < len(other)])
    elif chosen == 7:
        rows[number:number] = [list(row) for _ in range(_again(rng, sum(map(len, row)) + len(row)))]
    elif chosen == 8:
        del rows[number]
    elif chosen == 9:
        _columns(rows, column, rng)
    elif chosen == 10:
        rows[0][column % len(rows[0])] = _odd(rng)
    else:
        rng.shuffle(rows if rng.random() < 0.3 else row)
    written = io.StringIO(newline="")
    comma, plain = rng.random() < 0.9, rng.random() < 0.9
    csv.writer(
        written,
        delimiter="," if comma else rng.choice(";\t|"),
        lineterminator="\n" if plain else rng.choice(("\r\n", "\r", "\n\n")),
        quoting=csv.QUOTE_MINIMAL if plain else csv.QUOTE_ALL,
    ).writerows(rows)
    return written.getvalue().encode("utf-8", "replace")


def _columns(rows: list[list[str]], column: int, rng: Random) -> None:
    """Take a column out, double it, or shift what stands behind it."""
    for row in rows:
        if column < len(row):
            row[column : column + 1] = rng.choice(([], [row[column]] * 2, [row[column], ""]))


def tokens(data: bytes, rng: Random) -> bytes:
    """Damage words and marks of a text."""
    parts = re.findall(r"\w+|\s+|.", data.decode("utf-8", "replace"), re.DOTALL) or [""]
    at = rng.randrange(len(parts))
    other = rng.randrange(len(parts))
    chosen = rng.randrange(5)
    if chosen == 0:
        parts[at] = _odd(rng)
    elif chosen == 1:
        parts[at], parts[other] = parts[other], parts[at]
    elif chosen == 2:
        del parts[at : at + rng.choice((1, 1, 5, 30))]
    elif chosen == 3:
        piece = parts[at : at + rng.choice((1, 1, 5, 30))]
        parts[other:other] = piece * _again(rng, sum(map(len, piece)))
    else:
        parts.insert(at, _odd(rng))
    return "".join(parts).encode("utf-8", "replace")


def toml(data: bytes, rng: Random) -> bytes:
    """Damage lines of TOML: values, keys, headers, tables."""
    lines = data.decode("utf-8", "replace").split("\n")
    at = rng.randrange(len(lines))
    key, equals, value = lines[at].partition("=")
    chosen = rng.randrange(8)
    if chosen <= 2 and equals:
        inner = list(re.finditer(r'"[^"]*"|[\w.]+', value))
        new = rng.choice(TOML_ODD) if rng.random() < 0.7 else json.dumps(_odd(rng))
        if inner and rng.random() < 0.6:
            found = rng.choice(inner)
            new = value[: found.start()].strip() + " " + new + value[found.end() :]
        lines[at] = f"{key}= {new}"
    elif chosen == 3:
        lines[at:at] = [lines[at]] * _again(rng, len(lines[at]) + 1)
    elif chosen == 4:
        del lines[at]
    elif chosen == 5:
        other = rng.randrange(len(lines))
        lines[at], lines[other] = lines[other], lines[at]
    elif chosen == 6 and equals:
        lines[at] = f"{rng.choice(('x', key + '.x', json.dumps(_odd(rng)), 'key', 'label', 'scope'))} ={value}"
    else:
        return tokens(data, rng)
    return "\n".join(lines).encode("utf-8", "replace")


def jsons(data: bytes, rng: Random) -> bytes:
    """Damage a node of JSON."""
    try:
        document = json.loads(data)
    except (ValueError, RecursionError):
        return tokens(data, rng)
    holders: list[tuple[Any, Any]] = []
    _nodes(document, holders)
    if not holders or rng.random() < 0.1:
        return tokens(data, rng)
    parent, key = rng.choice(holders)
    chosen = rng.randrange(6)
    if chosen <= 1:
        parent[key] = rng.choice(JSON_ODD)
    elif chosen == 2:
        parent[key] = _odd(rng)
    elif chosen == 3:
        del parent[key]
    elif chosen == 4:
        parent[key] = [parent[key]] * _again(rng, len(str(parent[key])))
    else:
        parent[key] = rng.choice(holders)[0] if rng.random() < 0.2 else {"x": parent[key]}
    try:
        return json.dumps(document, ensure_ascii=rng.random() < 0.5).encode("utf-8", "replace")
    except (ValueError, RecursionError):  # it was put into itself
        return tokens(data, rng)


def _nodes(node: Any, found: list[tuple[Any, Any]]) -> None:
    keys = list(node) if isinstance(node, dict) else range(len(node)) if isinstance(node, list) else ()
    for key in keys:
        found.append((node, key))
        _nodes(node[key], found)


def xml(data: bytes, rng: Random) -> bytes:
    """Damage a node of XML."""
    try:
        root = ET.fromstring(data)
    except (ET.ParseError, ValueError, LookupError):
        return tokens(data, rng)
    nodes = list(root.iter())
    node = rng.choice(nodes)
    chosen = rng.randrange(8)
    if chosen == 0:
        node.text = _legal(_odd(rng))
    elif chosen <= 2:
        _attribute(node, rng)
    elif chosen == 3 and len(node):
        child = rng.choice(list(node))
        size = len(ET.tostring(child))
        for _ in range(_again(rng, size)):
            node.append(child)
    elif chosen == 4 and len(node):
        node.remove(rng.choice(list(node)))
    elif chosen == 5:
        node.tag = rng.choice(nodes).tag
    elif chosen == 6 and len(node):
        children = list(node)
        rng.shuffle(children)
        node[:] = children
    else:
        return _declared(data, rng)
    return ET.tostring(root)


def _attribute(node: ET.Element, rng: Random) -> None:
    """Change an attribute, take it away, or say that a cell stands elsewhere."""
    name = rng.choice([*node.attrib, "r"])
    if rng.random() < 0.3:
        node.attrib.pop(name, None)
    elif name == "r":
        node.set("r", rng.choice(("A1", "XFD1048576", "A0", "ZZZZ9", "-1", "B2", "")))
    else:
        node.set(name, _legal(_odd(rng)))


def _legal(text: str) -> str:
    return re.sub("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]", "?", text)


def _declared(data: bytes, rng: Random) -> bytes:
    heads = (
        b"<!DOCTYPE x [<!ENTITY a 'b'>]>",
        b"<?xml version='1.1'?>",
        b"<?xml version='1.0' encoding='utf-7'?>",
        b"\n",
    )
    return rng.choice(heads) + data if rng.random() < 0.3 else tokens(data, rng)


def packed(data: bytes, rng: Random) -> bytes:
    """Damage a part of a zip: its content, name, packing, or that it is there."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = [(name, archive.read(name)) for name in archive.namelist()]
    except (zipfile.BadZipFile, zlib.error, EOFError, ValueError, NotImplementedError, RuntimeError, OSError):
        return raw(data, rng)
    if not parts:
        return raw(data, rng)
    at = rng.randrange(len(parts))
    name, content = parts[at]
    chosen = rng.randrange(10)
    if chosen <= 5:
        parts[at] = (name, mutated(name, content, rng))
    elif chosen == 6:
        del parts[at]
    elif chosen == 7:
        parts[at] = (
            rng.choice(("../x", "/x", name.upper(), name + "x", name.replace("/", "\\"), "", "\x1bx", "x/")),
            content,
        )
    elif chosen == 8:
        parts.append((rng.choice(parts)[0], content))
    else:
        parts[at] = (name, b" " * 30_000_000 if rng.random() < 0.1 else content * rng.choice((0, 2)))
    stream = io.BytesIO()
    ways = (zipfile.ZIP_DEFLATED,) * 8 + (zipfile.ZIP_STORED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA)
    with warnings.catch_warnings(), zipfile.ZipFile(stream, "w") as archive:
        warnings.simplefilter("ignore")  # of two parts of one name
        for name, content in parts:
            entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            entry.compress_type = rng.choice(ways)
            archive.writestr(entry, content)
    return stream.getvalue()


_BY_SUFFIX: dict[str, Mutator] = {
    "csv": cells,
    "toml": toml,
    "json": jsons,
    "xml": xml,
    "rels": xml,
    "qde": xml,
    "xlsx": packed,
    "ods": packed,
    "qdpx": packed,
}
