"""Packed files from strangers: one member at a time within bounds, names that lead outside refused."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from agency.findings import Place, UnreadableError, finding
from agency.table import Archive, OversizeError, damage_said
from agency.words import listed, text

_WORDS = {"workbook-huge": "import-huge", "workbook-damaged": "import-damaged"}


@contextmanager
def said_damage(name: str) -> Iterator[None]:
    """Turn every error of reading a packed file or its XML into a finding about the file.

    Raises
    ------
    UnreadableError
        In place of whatever was raised inside.
    """
    try:
        with damage_said(name):
            yield
    except UnreadableError as error:
        found = error.findings[0]
        if found.code not in _WORDS:
            raise
        raise UnreadableError(finding(_WORDS[found.code], Place(name, found.line), found.found)) from error


@contextmanager
def packed_member(data: bytes, member: str) -> Iterator[Callable[[int], bytes]]:
    """Open one member of a packed file; what is given reads on."""
    with Archive(data).open(member) as read:
        yield read


def refuse_outside(data: bytes, name: str) -> list[str]:
    """Return the names in a packed file.

    Raises
    ------
    UnreadableError
        If one leads out of the file (``../``, an absolute path), or two are the same.
    """
    with said_damage(name), zipfile.ZipFile(io.BytesIO(data)) as archive:
        names = archive.namelist()
    seen: dict[str, str] = {}
    for member in names:
        plain = member.replace("\\", "/")
        if plain.startswith("/") or ".." in plain.split("/") or plain[1:2] == ":":
            raise UnreadableError(finding("archive-outside", Place(name), member))
        if plain.casefold() in seen:
            found = text("two parts named {names}", names=listed([seen[plain.casefold()], member]))
            raise UnreadableError(finding("import-damaged", Place(name), found))
        seen[plain.casefold()] = member
    return names


def whole(read: Callable[[int], bytes]) -> bytes:
    """Return all of a member.

    Raises
    ------
    OversizeError
        If it is more than the archive's budget.
    """
    return b"".join(iter(lambda: read(1 << 16), b""))


__all__ = ["OversizeError", "packed_member", "refuse_outside", "said_damage", "whole"]
