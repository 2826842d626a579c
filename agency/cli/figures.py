"""`agency figure`: matrix, timeline, composition bars and the aggregate of many projects.

`agency heatmap`: another name for `agency figure matrix`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

import click

from agency.cli.options import open_study, reading_options, rule_options, selecting_options
from agency.cli.printing import OutputPath, quiet_matplotlib, say

if TYPE_CHECKING:
    from agency.figures import Picture

KINDS = ("summary", "matrix", "timeline", "composition", "aggregate")
F = TypeVar("F", bound=Callable[..., Any])

_SETTING = (
    click.option(
        "-o",
        "--output",
        "outputs",
        multiple=True,
        type=OutputPath(),
        help="File to write; .pdf, .svg or .png decides the format. Repeat it for several formats.",
    ),
    click.option(
        "-f",
        "--format",
        "file_format",
        type=click.Choice(["pdf", "svg", "png"]),
        help="Format of a place without an extension: a pipe, or - for standard output.",
    ),
    click.option(
        "--width",
        default="single",
        show_default=True,
        help="single (90 mm), onehalf (140), double (190) or a number of mm.",
    ),
    click.option(
        "--font",
        "fonts",
        multiple=True,
        help="Installed font family, tried before DejaVu Sans; repeat it for names in several scripts.",
    ),
)


def setting_options(function: F) -> F:
    """Add -o, --width and --font."""
    for option in reversed(_SETTING):
        function = option(function)
    return function


years_option = click.option("--years", help="Matrix as of these years, side by side, e.g. 2012,2018,2021.")


def write_figure(kind: str, options: dict[str, Any]) -> None:
    """Draw one kind of figure from the options of a command and write it in every format asked for."""
    from agency.figures import (
        aggregate_picture,
        composition_picture,
        figure_format,
        figure_style,
        matrix_picture,
        summary_picture,
        timeline_picture,
    )
    from agency.output import check_places
    from agency.table import input_paths

    outputs = options.pop("outputs")
    if not outputs:
        message = f"Say where to write: -o {kind}.pdf (or .svg, .png; repeat -o for several formats)."
        raise click.UsageError(message)
    file_format = options.pop("file_format")
    for output in outputs:
        figure_format(output, file_format)
    quiet_matplotlib()
    style = figure_style(options.pop("width"), options.pop("fonts"))
    own = {name: options.pop(name, None) for name in ("years", "by", "sort")}
    _check_own(kind, own, options)
    years = _parse_years(own["years"])
    study = open_study(options)
    check_places(outputs, inputs=input_paths(study.data))
    resolved = study.resolved
    drawn: dict[str, Callable[[], Picture]] = {
        "summary": lambda: summary_picture(resolved, style=style),
        "matrix": lambda: matrix_picture(resolved, style=style, years=years),
        "timeline": lambda: timeline_picture(resolved, style=style),
        "composition": lambda: composition_picture(resolved, style=style, sort=own["sort"] or "order"),
        "aggregate": lambda: aggregate_picture(resolved, style=style, by=own["by"] or "country"),
    }
    picture = drawn[kind]()
    picture.save(*outputs, kind=file_format)
    say(*picture.drawing.notices)


def _check_own(kind: str, own: dict[str, Any], options: dict[str, Any]) -> None:
    owner = {"years": "matrix", "by": "aggregate", "sort": "composition"}
    for name, value in own.items():
        if value is not None and owner[name] != kind:
            message = f"--{name} belongs to agency figure {owner[name]}."
            raise click.UsageError(message)
    if kind == "timeline" and options.get("year") is not None:
        message = "A timeline shows all years; leave --year out."
        raise click.UsageError(message)
    if own["years"] is not None and (options.get("year") is not None or options.get("mode") is not None):
        message = "--years draws snapshots; leave --year and --mode out."
        raise click.UsageError(message)


def _parse_years(text: str | None) -> list[int]:
    if text is None:
        return []
    try:
        return [int(part) for part in text.split(",")]
    except ValueError:
        message = f"--years {text}: give years separated by commas, e.g. 2012,2018,2021."
        raise click.UsageError(message) from None


@click.command("figure")
@click.argument("kind", type=click.Choice(KINDS))
@reading_options
@selecting_options
@rule_options
@setting_options
@years_option
@click.option("--by", type=click.Choice(["country", "decade", "all"]), help="Groups of the aggregate; default country.")
@click.option("--sort", type=click.Choice(["order", "local"]), help="Composition bars as selected, or by local share.")
def figure_command(**options: Any) -> None:
    """Draw summary, matrix, timeline, composition or aggregate, ready for print.

    The width is exact, type is embedded, and the file carries alternative text, data hash and rule. Warnings name
    colours of the codebook that cannot be told apart and characters no font has.
    """
    write_figure(options.pop("kind"), options)


@click.command("heatmap")
@reading_options
@selecting_options
@rule_options
@setting_options
@years_option
def heatmap_command(**options: Any) -> None:
    """Draw who held which phase, in the style of Table 1 (the same as agency figure matrix).

    Up to 12 projects have names in their cells; up to 60 are drawn as rows, with origins only.
    """
    write_figure("matrix", options)
