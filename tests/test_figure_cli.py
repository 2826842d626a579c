"""agency figure and agency heatmap: one implementation, every option, and errors that say what to do."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from agency.cli import group
from agency.errors import UsageError

PAIR = ("-p", "ECU 911", "-p", "JSeI")


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(group, [str(argument) for argument in arguments])


def refused(*arguments: str | Path) -> str:
    """Return what a refused call says, whichever way it is refused; both leave with exit code 2."""
    result = run(*arguments)
    assert result.exit_code != 0
    if isinstance(result.exception, UsageError):
        return str(result.exception)
    assert result.exit_code == 2
    return result.output


@pytest.mark.parametrize("kind", ["summary", "matrix", "timeline", "composition", "aggregate"])
def test_every_kind_is_written(kind: str, tmp_path: Path) -> None:
    target = tmp_path / "figure.svg"
    result = run("figure", kind, *PAIR, "-o", target)
    assert result.exit_code == 0, result.output
    assert 'role="img"' in target.read_text("utf-8")


def test_heatmap_is_figure_matrix(tmp_path: Path) -> None:
    one, other = tmp_path / "one.pdf", tmp_path / "other.pdf"
    assert run("heatmap", *PAIR, "-o", one).exit_code == 0
    assert run("figure", "matrix", *PAIR, "-o", other).exit_code == 0
    assert one.read_bytes() == other.read_bytes()


def test_several_formats_and_a_width(tmp_path: Path) -> None:
    targets = [tmp_path / name for name in ("a.pdf", "b.svg")]
    assert run("heatmap", *PAIR, "--width", "140", "-o", targets[0], "-o", targets[1]).exit_code == 0
    assert 'width="396.850394pt"' in targets[1].read_text("utf-8")
    assert targets[0].read_bytes().startswith(b"%PDF")


def test_years_draw_panels(tmp_path: Path) -> None:
    target = tmp_path / "panels.svg"
    assert run("heatmap", *PAIR, "--years", "2020,2014", "-o", target).exit_code == 0
    text = target.read_text("utf-8")
    assert "as of 2014 and 2020" in text


def test_by_and_sort_reach_their_figures(tmp_path: Path) -> None:
    assert run("figure", "aggregate", "--by", "decade", "-o", tmp_path / "a.svg").exit_code == 0
    assert "2010s" in (tmp_path / "a.svg").read_text("utf-8")
    assert run("figure", "composition", "--sort", "local", "-o", tmp_path / "c.svg").exit_code == 0


REFUSED = [
    (("heatmap",), "Say where to write: -o matrix.pdf"),
    (("figure", "timeline"), "Say where to write: -o timeline.pdf"),
    (("heatmap", "-o", "x.jpg"), "a figure is written as .pdf, .svg, .png"),
    (("heatmap", "-o", "x.pdf", "--width", "wide"), "--width wide: give single (90 mm)"),
    (("heatmap", "-o", "x.pdf", "--font", "No Such Font"), "no such font is installed"),
    (("heatmap", "-o", "x.pdf", "--years", "2012;2018"), "give years separated by commas"),
    (("heatmap", "-o", "x.pdf", "--years", "1900"), "1900"),
    (("heatmap", "-o", "x.pdf", "--years", "2018", "--year", "2018"), "leave --year and --mode out"),
    (("figure", "timeline", "-o", "x.pdf", "--years", "2018"), "--years belongs to agency figure matrix"),
    (("figure", "matrix", "-o", "x.pdf", "--by", "all"), "--by all: agency figure matrix takes type, country."),
    (("figure", "matrix", "-o", "x.pdf", "--by", "contry"), "Did you mean 'country'?"),
    (("figure", "timeline", "-o", "x.pdf", "--sort", "local"), "--sort belongs to agency figure matrix and agency"),
    (("figure", "matrix", "-o", "x.pdf", "--events", "all"), "--events belongs to agency figure timeline"),
    (("figure", "matrix", "-p", "JSeI", "-o", "x.pdf", "--track", "type"), "--track stands beside the rows of more"),
    (("figure", "matrix", "-o", "x.pdf", "--counting", "origin"), "--counting changes nothing in this figure"),
    (("figure", "matrix", "-o", "x.pdf", "--boundary", "gap"), "--boundary changes nothing in this figure"),
    (("figure", "summary", "-o", "x.pdf", "--rank", "best"), "--rank changes nothing in this figure"),
    (("figure", "summary", "-o", "x.pdf", "--min-phases", "0"), "--min-phases changes nothing in this figure"),
    (("figure", "matrix", "-o", "x.pdf", "--years", "2018", "--sort", "local"), "leave --by, --sort and --track out"),
    (("figure", "timline", "-o", "x.pdf"), "Did you mean 'timeline'?"),
    (("figure", "timeline", "-o", "x.pdf", "--year", "2018"), "A timeline shows all years"),
    (("figure", "pie", "-o", "x.pdf"), "'pie' is no figure; the figures are summary, matrix"),
    (("heatmap", "-o", "missing/x.pdf"), "cannot be written"),
    (("heatmap", "-p", "JSeI", "-o", "x.svg", "-o", "missing/x.svg"), "missing/x.svg: cannot be written (No such file"),
    (("heatmap", "-p", "JSeI", "-o", "x.svg", "-o", "."), "a figure is written as"),
    (("figure", "aggregate", "--phase", "financing", "-o", "x.png"), "not counted (weight 0): financing"),
    (("figure", "composition", "--phase", "financing", "-o", "x.png"), "not counted (weight 0): financing"),
]


@pytest.mark.parametrize("arguments, words", REFUSED)
def test_a_wrong_call_says_what_to_do_and_writes_nothing(
    arguments: tuple[str, ...], words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert words in refused(*arguments)
    assert list(tmp_path.iterdir()) == []


def test_every_place_is_checked_before_the_first_file_is_written(tmp_path: Path) -> None:
    (tmp_path / "afile").touch()
    (tmp_path / "folder.svg").mkdir()
    for bad, why in (("afile/c.svg", "Not a directory"), ("folder.svg", "Is a directory")):
        assert why in refused("heatmap", "-p", "JSeI", "-o", tmp_path / "b.svg", "-o", tmp_path / bad)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["afile", "folder.svg"]


def test_warnings_go_to_stderr(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text(
        "project,phase,actor,origin,source\nP,design,中国,chinese,s\nP,operation,A,local,s\n", "utf-8"
    )
    result = run("heatmap", tmp_path / "t.csv", "-o", tmp_path / "x.svg")
    assert result.exit_code == 0
    assert "agency: no installed font has 中 国: install fonts-noto-cjk" in result.stderr


def test_a_bad_palette_is_named_on_stderr(tmp_path: Path) -> None:
    from agency.vocabulary.codebook import default_text

    (tmp_path / "actors_by_phase.csv").write_text(
        "project,phase,actor,origin,source\nP,design,B,chinese,s\nP,operation,A,local,s\n", "utf-8"
    )
    (tmp_path / "codebook.toml").write_text(default_text().replace("#EE99AA", "#6699CC"), "utf-8")
    result = run("heatmap", tmp_path, "-o", tmp_path / "x.svg")
    assert result.exit_code == 0, result.output
    assert "agency: palette: Local (#6699CC) and Chinese (#6699CC) in cells look alike in greyscale" in result.stderr


def test_title_and_note_are_printed_as_they_are(tmp_path: Path) -> None:
    target = tmp_path / "x.svg"
    words = ("--title", "<b>Who & what</b>", "--note", "Draft <i>2</i>.")
    for kind in ("summary", "matrix", "timeline", "composition", "aggregate"):
        assert run("figure", kind, *PAIR, *words, "-o", target).exit_code == 0
        text = target.read_text("utf-8")
        assert "&lt;b&gt;Who &amp; what&lt;/b&gt;" in text
        assert "&lt;i&gt;2&lt;/i&gt;" in text
        assert "<b>" not in text


def test_a_boundary_counts_where_years_do(tmp_path: Path) -> None:
    assert (
        run("figure", "composition", *PAIR, "--mode", "time", "--boundary", "gap", "-o", tmp_path / "x.svg").exit_code
        == 0
    )


def test_all_projects_are_a_tall_picture_and_pages_of_a_pdf(tmp_path: Path) -> None:
    targets = [tmp_path / "all.pdf", tmp_path / "all.svg"]
    result = run("figure", "matrix", "--min-phases", "0", "--by", "type", "-o", targets[0], "-o", targets[1])
    assert result.exit_code == 0, result.output
    assert targets[0].read_bytes().count(b"/Type /Page\n") == 2 or b"/Count 2" in targets[0].read_bytes()
    assert "Public security: " in targets[1].read_text("utf-8")
