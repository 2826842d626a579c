"""`agency import`: every kind of finding that only importers make is found, and named by its code."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest
from qdpx import TEXTS, passage, qde, qdpx
from test_imports import CABLES, MAPPING
from workbooks import xlsx

from agency.errors import DataError
from agency.findings.finding import kinds
from agency.importers import ImportChoices, import_files

PHASES = [["Phase", "P"], ["Designed by", "A"], ["Operation", "B"]]
SHIFTED = {name: content.replace("\n", "\r\n") for name, content in TEXTS.items()}
LAST = qde((passage("Interview 1.txt", "Huawei runs the centre.", "phase/operation", "actor/Huawei"),))


def _bomb() -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive, archive.open("project.qde", "w") as member:
        for _ in range(200):
            member.write(b" " * 1_000_000)
    return stream.getvalue()


FOUND = {
    "import-other": ("wide", b"%PDF-1.7", ""),
    "import-column": ("mapping", CABLES.replace(",rfs,", ",year,").encode(), MAPPING),
    "import-nothing": ("oc4ids", b'{"projects": []}', ""),
    "import-damaged": ("oc4ids", b'{"projects": [', ""),
    "import-version": ("iati", b'<?xml version="1.0"?>\n<iati-activities version="1.05"/>', ""),
    "import-two": ("wide", xlsx({"One": PHASES, "Two": PHASES}), ""),
    "import-huge": ("qdpx", _bomb(), ""),
    "archive-outside": ("qdpx", qdpx(more={"../evil.txt": b"x"}), ""),
    "wide-shape": ("wide", b"a,b\n1,2\n", ""),
    "qdpx-lines": ("qdpx", qdpx(LAST, texts=SHIFTED), ""),
    "mapping-field": ("mapping", CABLES.encode(), MAPPING.replace("start = ", "strat = ", 1)),
}


@pytest.mark.parametrize("code", FOUND)
def test_every_kind_of_the_importers_is_found(code: str, tmp_path: Path) -> None:
    what, content, mapping = FOUND[code]
    file = tmp_path / "given"
    file.write_bytes(content)
    if mapping:
        (tmp_path / "mapping.toml").write_text(mapping, "utf-8")
        what = str(tmp_path / "mapping.toml")
    with pytest.raises(DataError) as error:
        import_files(what, [file], ImportChoices())
    assert code in [entry.code for entry in error.value.findings]
    for entry in error.value.findings:
        assert entry.severity == kinds()[entry.code].severity
        assert entry.fix
        assert "{" not in entry.message
