"""`agency figure`: matrix, timeline, composition bars and the aggregate of many projects."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from agency.cli.options import open_study, reading_options, rule_options, selecting_options

if TYPE_CHECKING:
    from agency.figures.canvas import Drawing
    from agency.figures.style import FigureStyle
    from agency.study import Study

F = TypeVar("F", bound=Callable[..., Any])

_SETTING = (
    click.option(
        "-o",
        "--output",
        "outputs",
        multiple=True,
        type=click.Path(),
        help="File to write; .pdf, .svg or .png decides the format. Repeat it for several formats.",
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
    from agency.figures.saving import figure_format, provenance, save_figure
    from agency.figures.style import FigureStyle, width_mm

    outputs = options.pop("outputs")
    if not outputs:
        message = f"Say where to write: -o {kind}.pdf (or .svg, .png; repeat -o for several formats)."
        raise click.UsageError(message)
    for output in outputs:
        figure_format(output)
    style = FigureStyle(width_mm=width_mm(options.pop("width")), fonts=options.pop("fonts"))
    own = {name: options.pop(name, None) for name in ("years", "by", "sort")}
    _check_own(kind, own, options)
    study = open_study(options)
    drawing = _DRAWN[kind](study, style, own)
    save_figure(drawing, [Path(output) for output in outputs], made_from=provenance(study.data, study.view))
    for notice in drawing.notices:
        click.echo(f"agency: {notice}", err=True)


def _check_own(kind: str, own: dict[str, Any], options: dict[str, Any]) -> None:
    owner = {"years": "matrix", "by": "aggregate", "sort": "composition"}
    for name, value in own.items():
        if value is not None and owner[name] != kind:
            message = f"--{name} belongs to agency figure {owner[name]}."
            raise click.UsageError(message)
    if own["years"] is not None and (options.get("year") is not None or options.get("mode") is not None):
        message = "--years draws snapshots; leave --year and --mode out."
        raise click.UsageError(message)


def _draw_matrix(study: Study, style: FigureStyle, own: dict[str, Any]) -> Drawing:
    from agency.figures.matrix import draw_matrix
    from agency.figures.panels import draw_panels

    if own["years"] is None:
        return draw_matrix(study.cells, style=style)
    cells = study.cells
    # Projects are named, so that no year leaves one out as thin.
    named = study.select(project=[project.key for project in cells.projects])
    by_year = {year: named.select(year=year).cells for year in _parse_years(own["years"])}
    return draw_panels(cells, by_year, style=style)


def _draw_timeline(study: Study, style: FigureStyle, own: dict[str, Any]) -> Drawing:  # noqa: ARG001
    from agency.figures.timeline import draw_timeline

    if study.view.mode == "snapshot":
        message = "A timeline shows all years; leave --year out."
        raise click.UsageError(message)
    return draw_timeline(study.cells, study.matrix, study.data.events, style=style)


def _draw_composition(study: Study, style: FigureStyle, own: dict[str, Any]) -> Drawing:
    from agency.figures.composition import draw_composition

    return draw_composition(study.matrix, sort=own["sort"] or "order", style=style)


def _draw_aggregate(study: Study, style: FigureStyle, own: dict[str, Any]) -> Drawing:
    from agency.figures.aggregate import draw_aggregate

    return draw_aggregate(study.matrix, study.data, by=own["by"] or "country", style=style)


def _parse_years(text: str) -> list[int]:
    try:
        years = [int(part) for part in text.split(",")]
    except ValueError:
        message = f"--years {text}: give years separated by commas, e.g. 2012,2018,2021."
        raise click.UsageError(message) from None
    return sorted(dict.fromkeys(years))


_DRAWN: dict[str, Callable[[Study, FigureStyle, dict[str, Any]], Drawing]] = {
    "matrix": _draw_matrix,
    "timeline": _draw_timeline,
    "composition": _draw_composition,
    "aggregate": _draw_aggregate,
}


@click.command()
@click.argument("kind", type=click.Choice(list(_DRAWN)))
@reading_options
@selecting_options
@rule_options
@setting_options
@years_option
@click.option("--by", type=click.Choice(["country", "decade", "all"]), help="Groups of the aggregate; default country.")
@click.option("--sort", type=click.Choice(["order", "local"]), help="Composition bars as selected, or by local share.")
def command(**options: Any) -> None:
    """Draw matrix, timeline, composition or aggregate, ready for print.

    The width is exact, type is embedded, and the file carries alternative text, data hash and rule. Warnings name
    colours of the codebook that cannot be told apart and characters no font has.
    """
    write_figure(options.pop("kind"), options)
