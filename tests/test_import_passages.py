"""`agency import qdpx`: coded passages of a project as QualCoder writes it, and Taguette's highlights."""

from __future__ import annotations

import io
import time
import zipfile
from collections import Counter
from pathlib import Path

import pytest
from qdpx import PASSAGES, TEXTS, passage, qde, qdpx
from test_imports import adds_up, agency, run

from agency.errors import DataError
from agency.importers import ImportChoices, counts, import_files


def coded(tmp_path: Path, data: bytes, **choices: object):
    file = tmp_path / "p.qdpx"
    file.write_bytes(data)
    return import_files("qdpx", [file], ImportChoices(**choices)).imported


def test_a_passage_gives_its_phase_to_every_actor(tmp_path: Path) -> None:
    result = coded(tmp_path, qdpx())
    adds_up(result)
    assert result.lines == len(PASSAGES)
    columns = ["project", "phase", "actor", "origin", "status", "unnamed", "source", "locator", "quote", "coder"]
    first, last = "Huawei designed the network with local firms.", "Huawei runs the centre."
    assert result.rows[columns].to_numpy().tolist() == [
        ["Safe City", "requirements", "Ministry", "local", "held", "", "interview-1", "Interview 1.txt, 0–31",
         "The ministry asked for cameras.", "Ana"],
        ["Safe City", "design", "Huawei", "chinese", "held", "", "interview-1", "Interview 1.txt, 32–77", first, "Ana"],
        ["Safe City", "design", "Local firms", "", "held", "true", "interview-1", "Interview 1.txt, 32–77", first,
         "Ana"],
        ["Safe City", "maintenance", "", "", "vacant", "", "interview-1", "Interview 1.txt, 78–109",
         "Nobody maintains it since 2019.", "Ana"],
        ["Safe City", "operation", "Huawei", "chinese", "held", "", "interview-1", "Interview 1.txt, 110–133", last,
         "Ana"],
        ["Safe City", "financing", "Bank", "", "held", "", "report", "Report.txt, 20–34", "The bank paid.", "Ana"],
    ]  # fmt: skip
    # The quotes are cut out of the texts anew.
    for row in result.rows.itertuples():
        document, _, span = row.locator.rpartition(", ")
        start, end = map(int, span.split("–"))
        assert row.quote == TEXTS[document][start:end]
    reasons = {one.reason for one in result.left if one.extent == "line"}
    assert reasons == {
        "several phases are coded on it (design and financing): code them apart",
        "no project is coded on it, and it is in no case: --project names one for all",
        "none of its codes is a phase, an actor, an origin, a project or a status",
        "coded by another than Ana: in double_coding.csv",
    }
    assert "The table is coded by Ana, of Ana (5 passages) and Ben (1 passage); --coder takes another." in counts(
        result
    )


def test_every_coder_is_in_the_double_coding(tmp_path: Path) -> None:
    result = coded(tmp_path, qdpx())
    assert Counter(result.codings["coder"]) == {"Ana": 6, "Ben": 1}
    ben = coded(tmp_path, qdpx(), coder="Ben")
    assert ben.rows[["phase", "actor", "coder"]].to_numpy().tolist() == [["design", "Huawei", "Ben"]]
    adds_up(ben)
    with pytest.raises(DataError, match="no passage of 'Eve'"):
        coded(tmp_path, qdpx(), coder="Eve")


def test_codes_within_a_phase_belong_to_it_where_that_is_asked_for(tmp_path: Path) -> None:
    passages = (
        passage("Interview 1.txt", "Huawei designed the network with local firms.", "phase/design"),
        passage("Interview 1.txt", "Huawei", "actor/Huawei"),
        passage("Interview 1.txt", "local firms", "actor/Local firms"),
        passage("Interview 1.txt", "cameras", "actor/Bank"),
        passage("Interview 1.txt", "network", "actor/Ministry", user="u2"),
    )
    data = qdpx(qde(passages))
    with pytest.raises(DataError, match="no actor is coded on it"):
        coded(tmp_path, data)
    result = coded(tmp_path, data, overlap=True)
    assert result.rows[["phase", "actor"]].to_numpy().tolist() == [["design", "Huawei"], ["design", "Local firms"]]
    assert "2 passages give their codes to those around them." in counts(result)


def test_a_project_for_all_and_a_long_quote(tmp_path: Path) -> None:
    words = " ".join(f"w{n}" for n in range(30))
    texts = {**TEXTS, "Report.txt": words}
    passages = (("Report.txt", 0, len(words), ("phase/design", "actor/Huawei"), "u1"),)
    result = coded(tmp_path, qdpx(qde(passages), texts=texts), project="City")
    assert result.rows["quote"].tolist() == [" ".join(f"w{n}" for n in range(25)) + "…"]
    assert result.rows["project"].tolist() == ["City"]


def test_line_ends_that_shift_positions_are_named(tmp_path: Path) -> None:
    texts = {**TEXTS, "Interview 1.txt": TEXTS["Interview 1.txt"].replace("\n", "\r\n")}
    start = TEXTS["Interview 1.txt"].index("Huawei runs")
    passages = (("Interview 1.txt", start, start + 23, ("phase/operation", "actor/Huawei"), "u1"),)
    data = qdpx(qde(passages), texts=texts)
    with pytest.raises(DataError, match="--line-endings one"):
        coded(tmp_path, data)
    assert coded(tmp_path, data, line_endings="one").rows["quote"].tolist() == ["Huawei runs the centre."]
    assert coded(tmp_path, data, line_endings="two").rows["quote"].tolist() == ["Huawei runs the centre"]


def test_what_is_no_text_is_counted(tmp_path: Path) -> None:
    coding = '<Coding guid="x" creatingUser="u1"><CodeRef targetGUID="c-phase-0"/></Coding>'
    more = (
        f'<PDFSource guid="f" name="a.pdf"><PDFSelection guid="g" page="0">{coding}</PDFSelection></PDFSource>'
        f'<PictureSource guid="h" name="a.png"><PictureSelection guid="i" firstX="1">{coding}</PictureSelection>'
        f'</PictureSource><AudioSource guid="j" name="a.mp3"><AudioSelection>{coding}</AudioSelection></AudioSource>'
        f'<VideoSource guid="l" name="a.mp4"><VideoSelection guid="m">{coding}</VideoSelection></VideoSource>'
        f'<TextSource guid="n" name="far.txt" plainTextPath="relative:///etc/passwd">'
        f'<PlainTextSelection guid="o" startPosition="0" endPosition="4">{coding}</PlainTextSelection></TextSource>'
        f'<TextSource guid="p" name="whole.txt" plainTextPath="internal://d0.txt">{coding}</TextSource>'
    )
    result = coded(tmp_path, qdpx(qde(more=more)))
    adds_up(result)
    assert result.lines == len(PASSAGES) + 6
    reasons = Counter(one.reason for one in result.left if one.extent == "line")
    for why in (
        "a rectangle of a PDF is no text",
        "a part of a picture is no text",
        "a part of a recording is no text",
        "a part of a video is no text",
        "its text is not in the project",
        "the whole document is coded, and no passage of it",
    ):
        assert reasons[why] == 1


def test_codes_of_your_own_are_a_small_file(tmp_path: Path) -> None:
    words = tmp_path / "codes.toml"
    words.write_text('[lookups.codes]\n"memo/interesting" = "phase/maintenance"\n', "utf-8")
    passages = (passage("Interview 1.txt", "Huawei runs the centre.", "memo/interesting", "actor/Huawei"),)
    result = coded(tmp_path, qdpx(qde(passages)), mapping=words)
    assert result.rows[["phase", "actor"]].to_numpy().tolist() == [["maintenance", "Huawei"]]


@pytest.mark.parametrize(
    "make,told",
    [
        (lambda: qdpx(name="other.qde"), "a packed file without project.qde"),
        (
            lambda: qdpx(qde(space="urn:QDA-XML:project:1.5")),
            "of 'urn:QDA-XML:project:1.5', expected REFI-QDA project 1.0",
        ),
        (lambda: qdpx(qde(names={"Report.txt": "Interview 1.txt"})), "two documents named 'Interview 1.txt'"),
        (lambda: qdpx(more={"../evil.txt": b"x"}), "'../evil.txt'"),
        (lambda: qdpx(more={"/etc/x": b"x"}), "'/etc/x'"),
        (lambda: qdpx(more={"sources/D0.TXT": b"x"}), "two parts named"),
        (lambda: qdpx(qde()[:-30]), "the file cannot be read"),
        (lambda: qdpx(qde(doctype='<!DOCTYPE x [<!ENTITY a "b">]>')), "a document type"),
        (lambda: qdpx(qde(doctype='<!DOCTYPE x SYSTEM "file:///etc/passwd">')), "a document type"),
        (lambda: qdpx()[:200], "cannot be read"),
        (lambda: qdpx(qde(()).replace("phase", "")), "no statement came of it"),
    ],
)
def test_a_bad_project_is_refused_with_its_reason(tmp_path: Path, make, told: str) -> None:
    file = tmp_path / "p.qdpx"
    file.write_bytes(make())
    done = run("qdpx", file, "-o", tmp_path / "out")
    assert done.exit_code == 1, done.output
    assert told in done.output
    assert not (tmp_path / "out").exists()


def test_a_bomb_is_refused_in_a_second(tmp_path: Path) -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive, archive.open("project.qde", "w") as member:
        for _ in range(200):
            member.write(b" " * 1_000_000)
    file = tmp_path / "bomb.qdpx"
    file.write_bytes(stream.getvalue())
    began = time.process_time()
    done = run("qdpx", file, "-o", tmp_path / "out")
    assert time.process_time() - began < 1
    assert done.exit_code == 1
    assert "too large" in done.output


def test_empty_codes_say_nothing(tmp_path: Path) -> None:
    passages = (
        passage("Interview 1.txt", "Huawei runs the centre.", "phase/operation", "actor/Huawei"),
        passage("Interview 1.txt", "The ministry asked for cameras.", "phase", "actor/Ministry"),
    )
    result = coded(tmp_path, qdpx(qde(passages)))
    assert [one.reason for one in result.left] == ["the code 'phase' says nothing by itself: code with one below it"]
    result = coded(tmp_path, qdpx(qde(passages).replace('name="Ministry"', 'name=""')))
    assert any("'phase' says nothing" in one.reason for one in result.left)


def test_taguette_s_highlights_are_passages(tmp_path: Path) -> None:
    file = tmp_path / "highlights.csv"
    file.write_text(
        "id,document,tag,content\n"
        '1,Interview,phase.design,"Huawei, of course,\ndesigned it"\n'
        '1,Interview,actor.Huawei,"Huawei, of course,\ndesigned it"\n'
        "2,Interview,phase.design,They\n3,Interview,theme.other,Well\n",
        "utf-8",
    )
    result = import_files("qdpx", [file], ImportChoices(project="City")).imported
    adds_up(result)
    assert result.rows[["project", "phase", "actor", "locator", "quote"]].to_numpy().tolist() == [
        ["City", "design", "Huawei", "highlight 1", "Huawei, of course, designed it"]
    ]
    assert [(one.line, one.reason) for one in result.left] == [
        (6, "no actor is coded on it"),
        (7, "none of its codes is a phase, an actor, an origin, a project or a status"),
    ]


def test_a_coded_project_is_table_1_a_figure_and_a_headline_in_four_commands(tmp_path: Path) -> None:
    file, study = tmp_path / "p.qdpx", tmp_path / "study"
    file.write_bytes(qdpx())
    (tmp_path / "origins.csv").write_text("actor,origin\nLocal firms,local\nBank,unknown\n", "utf-8")
    assert run("qdpx", file, "-o", study, "--origins", tmp_path / "origins.csv").exit_code == 0
    table = agency("table", study)
    assert table.exit_code == 0
    assert "Huawei and Local firms" in table.stdout
    assert agency("heatmap", study, "-o", tmp_path / "table1.svg").exit_code == 0
    brief = agency("brief", study)
    assert brief.exit_code == 0
    assert "1 project" in brief.stdout
