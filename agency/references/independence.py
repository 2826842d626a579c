"""How many sources are independent: those connected by derivation, or one work under two keys, count as one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from agency.references.model import Reference


def independent(keys: Iterable[str], references: Mapping[str, Reference]) -> int:
    """Return the number of independent sources among `keys`.

    Two that retell a third are connected by it, whether the third is among the keys or not. A key without an entry is
    a source of its own.

    Examples
    --------
    >>> retold = {"a": (), "b": ("a",), "c": ("a",), "d": ()}
    >>> known = {key: Reference(key, derives_from=others) for key, others in retold.items()}
    >>> independent(["b", "c", "d"], known)
    2
    """
    return len(set(independent_groups(keys, references).values()))


def independent_groups(keys: Iterable[str], references: Mapping[str, Reference]) -> dict[str, str]:
    """Return for each key the group of connected sources it belongs to, named by one of its keys."""
    parent: dict[str, str] = {}

    def top(key: str) -> str:
        parent.setdefault(key, key)
        while parent[key] != key:
            parent[key] = parent[parent[key]]
            key = parent[key]
        return key

    works: dict[tuple[str, ...], str] = {}
    for key, reference in references.items():
        for other in reference.derives_from:
            parent[top(key)] = top(other)
        same = works.setdefault(work_of(reference), key)
        parent[top(key)] = top(same)
    return {key: top(key) for key in keys}


def first_keys(keys: Iterable[str], references: Mapping[str, Reference]) -> dict[str, str]:
    """Return for each key that has an entry the first key of the same work.

    Examples
    --------
    >>> known = {key: Reference(key, doi="10.1/a") for key in ("a", "b")}
    >>> first_keys(["b", "a", "c"], known)
    {'b': 'b', 'a': 'b'}
    """
    works: dict[tuple[str, ...], str] = {}
    return {
        key: works.setdefault(work_of(references[key]), key)
        for key in dict.fromkeys(keys)
        if key in references and not references[key].is_bare
    }


def work_of(reference: Reference) -> tuple[str, ...]:
    """Return what two keys of one work share: DOI, else title, date and who signs; the key where that is too little."""
    title, container = (re.sub(r"\W+", " ", text.casefold()).strip() for text in (reference.title, reference.container))
    if reference.doi:
        # Chapters may carry the identifier of their book.
        return ("doi", reference.doi.casefold(), title if reference.kind == "chapter" else "")
    says_which = reference.authors or container or reference.url
    if not title or not says_which or reference.kind in ("interview", "personal_communication"):
        return ("key", reference.key)
    names = [name.surname.casefold() for name in reference.authors]
    return (
        title,
        container,
        reference.year,
        str(reference.issued),
        reference.url,
        reference.how,
        *names,
    )
