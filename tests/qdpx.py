"""Projects of REFI-QDA as QualCoder writes them, made up: two coders, two documents, a case."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence
from xml.sax.saxutils import escape, quoteattr

TEXTS = {
    "Interview 1.txt": "The ministry asked for cameras. Huawei designed the network with local firms. "
    "Nobody maintains it since 2019.\nHuawei runs the centre.",
    "Report.txt": "Huawei designed it. The bank paid. The ministry runs it.",
}
USERS = {"u1": "Ana", "u2": "Ben"}
CODES = {
    "phase": ["requirements", "design", "operation", "maintenance", "financing"],
    "actor": ["Huawei", "Local firms", "Ministry", "Bank"],
    "origin": ["chinese", "local"],
    "project": ["Safe City"],
    "status": ["vacant"],
    "memo": ["interesting"],
}


def passage(document: str, words: str, *codes: str, user: str = "u1") -> tuple[str, int, int, tuple[str, ...], str]:
    """Return a selection of the words in a document, with the ways to its codes."""
    start = TEXTS[document].index(words)
    return document, start, start + len(words), codes, user


PASSAGES = (
    passage(
        "Interview 1.txt", "The ministry asked for cameras.", "phase/requirements", "actor/Ministry", "origin/local"
    ),
    passage(
        "Interview 1.txt",
        "Huawei designed the network with local firms.",
        "phase/design",
        "actor/Huawei",
        "actor/Local firms",
    ),
    passage("Interview 1.txt", "Nobody maintains it since 2019.", "phase/maintenance", "status/vacant"),
    passage(
        "Interview 1.txt",
        "Huawei runs the centre.",
        "phase/operation",
        "actor/Huawei",
        "origin/chinese",
        "project/Safe City",
    ),
    passage(
        "Interview 1.txt", "Huawei designed the network with local firms.", "phase/design", "actor/Huawei", user="u2"
    ),
    passage("Report.txt", "Huawei designed it. The bank paid.", "phase/design", "phase/financing", "actor/Huawei"),
    passage("Report.txt", "The bank paid.", "phase/financing", "actor/Bank", "project/Safe City"),
    passage("Report.txt", "The ministry runs it.", "phase/operation", "actor/Ministry"),
    passage("Report.txt", "Huawei designed it.", "memo/interesting"),
)
"""Ten selections: the last but two names two phases, the last but one has no project, the last no code of ours."""


def qde(
    passages: Sequence[tuple[str, int, int, tuple[str, ...], str]] = PASSAGES,
    *,
    space: str = "urn:QDA-XML:project:1.0",
    more: str = "",
    doctype: str = "",
    names: Mapping[str, str] | None = None,
) -> str:
    """Return `project.qde`."""
    ids = {f"{parent}/{name}": f"c-{parent}-{at}" for parent, inner in CODES.items() for at, name in enumerate(inner)}
    ids |= {parent: f"c-{parent}" for parent in CODES}
    books = "".join(
        f'<Code guid="{ids[parent]}" name="{parent}" isCodable="false">'
        + "".join(f'<Code guid="{ids[f"{parent}/{name}"]}" name={quoteattr(name)} isCodable="true"/>' for name in inner)
        + "</Code>\n"
        for parent, inner in CODES.items()
    )
    documents = ""
    for number, document in enumerate(TEXTS):
        selections = "".join(
            f'<PlainTextSelection guid="s{at}" startPosition="{start}" endPosition="{end}" creatingUser="{user}">'
            + "".join(
                f'<Coding guid="k{at}-{code}" creatingUser="{user}"><CodeRef targetGUID="{ids[way]}"/></Coding>'
                for code, way in enumerate(codes)
            )
            + "</PlainTextSelection>\n"
            for at, (where, start, end, codes, user) in enumerate(passages)
            if where == document
        )
        called = (names or {}).get(document, document)
        documents += (
            f'<TextSource guid="d{number}" name={quoteattr(called)} plainTextPath="internal://d{number}.txt" '
            f'creatingUser="u1">{selections}</TextSource>\n'
        )
    users = "".join(f'<User guid="{guid}" name={quoteattr(name)}/>' for guid, name in USERS.items())
    return (
        f'<?xml version="1.0" encoding="utf-8"?>\n{doctype}'
        f'<Project xmlns="{space}" name="Cameras" origin="QualCoder 3.5">\n<Users>{users}</Users>\n'
        f"<CodeBook><Codes>\n{books}</Codes></CodeBook>\n"
        f'<Cases><Case guid="case1" name="Safe City"><SourceRef targetGUID="d0"/></Case></Cases>\n'
        f"<Sources>\n{documents}{more}</Sources>\n</Project>\n"
    )


def qdpx(
    project: str | None = None,
    *,
    texts: Mapping[str, str] = TEXTS,
    more: Mapping[str, bytes] | None = None,
    name: str = "project.qde",
) -> bytes:
    """Return a packed project."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, qde() if project is None else project)
        for number, content in enumerate(texts.values()):
            archive.writestr(f"sources/d{number}.txt", content.encode())
        for member, data in (more or {}).items():
            archive.writestr(member, data)
    return stream.getvalue()


def cell(words: str) -> str:
    """Return words as XML."""
    return escape(words)
