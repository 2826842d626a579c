"""What all tests of a run share: the same study is examined once, and resolved once under a view.

A third of the time of many tests went into the same numbers of the same bytes. What is kept are frozen records, by
everything they are made from; a study that differs in anything (an option, a file, the language) is examined anew.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

import pytest

import agency.table.check as checking
from agency import words
from agency.resolve import Resolved
from agency.table.read.bundle import Bundle

_STUDIES, _VIEWS = 8, 64
"""How many are kept."""


def _made_from(bundle: Bundle) -> tuple[Any, ...]:
    """Return what an examination is made from: the sources are those of the files, the lines those of the cells."""
    records = [bundle.table, *bundle.companions.values()]
    cells = [one and (one.file, one.header, [list(column) for column in one.columns]) for one in records]
    said = (bundle.codebook, bundle.faults, bundle.findings, bundle.notices, bundle.files, bundle.elsewhere)
    return words.language(), words.CATALOGUES, bundle.name, bundle.folder, cells, *said


@pytest.fixture(scope="session", autouse=True)
def _the_same_study_once() -> Iterator[None]:
    examine, resolve = checking.examine, Resolved._resolve
    seen: deque[tuple[Any, checking.Examination]] = deque(maxlen=_STUDIES)

    def examined(bundle: Bundle) -> checking.Examination:
        if not bundle.folder:
            return examine(bundle)
        made_from = _made_from(bundle)
        known = next((found for of, found in seen if of == made_from), None)
        if known is None:
            known = examine(bundle)
            seen.append((made_from, known))
        return known

    resolved = lru_cache(maxsize=_VIEWS)(lambda table, view: resolve(Resolved(table, view)))

    def shared(self: Resolved) -> Any:
        is_seen = any(found.table is self.table for _, found in seen)
        return resolved(self.table, self.view) if is_seen else resolve(self)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(checking, "examine", examined)
        patch.setattr(Resolved, "_resolve", shared)
        yield
