"""The commands that draw: `figure` with the kind that is wanted, and `heatmap`, its matrix under another name."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

import click

from agency.cli.helping import Argument, Command
from agency.cli.options import open_study, reading_options, rule_options, selecting_options
from agency.cli.printing import OutputPath, quiet_matplotlib, say
from agency.errors import did_you_mean
from agency.words import listed, marked, text

if TYPE_CHECKING:
    from agency.figures import FigureStyle, Picture
    from agency.resolve import Resolved

KINDS = ("summary", "matrix", "timeline", "composition", "aggregate")
_OWN: dict[str, dict[str, tuple[str, ...]]] = {
    "years": {"matrix": ()},
    "by": {"matrix": ("type", "country"), "aggregate": ("country", "type", "decade", "all")},
    "sort": {"matrix": ("order", "pattern", "local", "type"), "composition": ("order", "local")},
    "track": {"matrix": ("country", "type", "none")},
    "events": {"timeline": ("none", "key", "all")},
}
"""Options of a figure: the figures they belong to, and the values they take there."""
_IDLE: dict[str, tuple[str, ...]] = {
    "summary": ("rank", "min_phases", "mode", "counting", "actors"),
    "matrix": ("mode", "counting"),
    "timeline": ("year", "mode", "boundary", "counting"),
    "composition": (),
    "aggregate": ("min_phases",),
}
"""Options of selection and of rules that change nothing in a figure."""
F = TypeVar("F", bound=Callable[..., Any])

_SETTING: tuple[Callable[[Any], Any], ...] = (
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
    click.option(
        "--title", default="", help="Title above the figure; none by default, since journals set the caption."
    ),
    click.option("--note", default="", help="Words below the figure, after what it says of itself."),
)


def setting_options(function: F) -> F:
    """Add -o, --format, --width, --font, --title and --note."""
    for option in reversed(_SETTING):
        function = option(function)
    return function


years_option = click.option("--years", help="Matrix as of these years, side by side, e.g. 2012,2018,2021.")


by_option = click.option(
    "--by", metavar="GROUPS", help="Groups: type or country (matrix); country, type, decade or all."
)
sort_option = click.option("--sort", metavar="ORDER", help="Rows in order, by pattern, local or type; bars also local.")
track_option = click.option("--track", metavar="WHAT", help="Beside the rows of a matrix: country, type or none.")


def write_figure(kind: str, options: dict[str, Any]) -> None:
    """Draw one kind of figure from the options of a command and write it in every format asked for."""
    from agency.figures import figure_format, figure_style
    from agency.output import check_places
    from agency.table import input_paths

    outputs = options.pop("outputs")
    if not outputs:
        message = text("Say where to write: -o {kind}.pdf (or .svg, .png; repeat -o for several formats).", kind=kind)
        raise click.UsageError(message)
    file_format = options.pop("file_format")
    for output in outputs:
        figure_format(output, file_format)
    quiet_matplotlib()
    words = {name: options.pop(name) for name in ("title", "note")}
    style = figure_style(options.pop("width"), options.pop("fonts"), **words)
    own = {name: options.pop(name, None) for name in _OWN}
    _check_own(kind, own)
    _check_idle(kind, own, options)
    years = _parse_years(own["years"])
    study = open_study(options)
    check_places(outputs, inputs=input_paths(study.data))
    picture = _draw(kind, study.resolved, style, {**own, "years": years})
    say(*picture.save(*outputs, kind=file_format))


def _draw(kind: str, resolved: Resolved, style: FigureStyle, own: dict[str, Any]) -> Picture:
    from agency.figures import (
        Arrangement,
        aggregate_picture,
        composition_picture,
        matrix_picture,
        summary_picture,
        timeline_picture,
    )

    sort: Any = own["sort"] or "order"
    by = own["by"]
    if kind == "summary":
        return summary_picture(resolved, style=style)
    if kind == "timeline":
        return timeline_picture(resolved, style=style, show=own["events"] or "key")
    if kind == "composition":
        return composition_picture(resolved, style=style, sort=sort)
    if kind == "aggregate":
        return aggregate_picture(resolved, style=style, by=by or "country")
    arrangement = Arrangement(sort, by or "", own["track"] or "")
    return matrix_picture(resolved, style=style, years=own["years"], arrangement=arrangement)


def _check_own(kind: str, own: dict[str, Any]) -> None:
    """Refuse an option of another figure, and a value that this one does not take."""
    for name, value in own.items():
        if value is None:
            continue
        if kind not in _OWN[name]:
            figures = listed([text("agency figure {kind}", kind=other) for other in _OWN[name]])
            message = text("--{name} belongs to {figures}.", name=name, figures=figures)
            raise click.UsageError(message)
        values = _OWN[name][kind]
        if values and value not in values:
            message = text(
                "--{name} {value}: agency figure {kind} takes {values}.{hint}",
                name=name,
                value=value,
                kind=kind,
                values=", ".join(values),
                hint=did_you_mean(value, list(values)),
            )
            raise click.UsageError(message)
    if own["years"] is not None and any(own[name] is not None for name in ("by", "sort", "track")):
        message = text("--years draws a column for each project and year; leave --by, --sort and --track out.")
        raise click.UsageError(message)


def _check_idle(kind: str, own: dict[str, Any], options: dict[str, Any]) -> None:
    """Refuse options that would change nothing, so that nobody believes they did."""
    source = click.get_current_context().get_parameter_source
    given = [name for name in options if source(name) == click.core.ParameterSource.COMMANDLINE]
    dated = own["years"] is not None or options.get("year") is not None or options.get("mode") == "time"
    for name in given:
        option = name.replace("_", "-")
        if kind == "timeline" and name == "year":
            message = text("A timeline shows all years; leave --year out.")
        elif name in _IDLE[kind] or (name == "boundary" and not dated):
            message = text("--{option} changes nothing in this figure; leave it out.", option=option)
        elif name == "year" and own["years"] is not None:
            message = text("--years draws snapshots; leave --year and --mode out.")
        else:
            continue
        raise click.UsageError(message)


def _parse_years(given: str | None) -> list[int]:
    if given is None:
        return []
    try:
        return [int(part) for part in given.split(",")]
    except ValueError:
        message = text("--years {given}: give years separated by commas, e.g. 2012,2018,2021.", given=given)
        raise click.UsageError(message) from None


# Before click 8.3 it names no type of its values.
class _Kind(click.ParamType):  # type: ignore[type-arg]
    """The name of a figure; a near miss is answered with the name that was meant."""

    name = "kind"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return the name, or refuse it."""
        if value in KINDS:
            return str(value)
        hint = did_you_mean(str(value), list(KINDS))
        sentence = marked("{value} is no figure; the figures are {kinds}.{hint}")
        return self.fail(text(sentence, value=repr(value), kinds=", ".join(KINDS), hint=hint), param, ctx)

    def get_metavar(self, param: click.Parameter, ctx: click.Context) -> str:  # noqa: ARG002
        """Return the names, for the help."""
        return f"{{{'|'.join(KINDS)}}}"


@click.command("figure", cls=Command)
@click.argument("kind", type=_Kind(), cls=Argument)
@reading_options
@selecting_options
@rule_options
@setting_options
@years_option
@by_option
@sort_option
@track_option
@click.option("--events", metavar="WHICH", help="Events of a timeline: none, key (best rank of each project) or all.")
def figure_command(**options: Any) -> None:
    """Draw summary, matrix, timeline, composition or aggregate, ready for print.

    The width is exact, type is embedded, and the file carries alternative text, data hash and rule. Warnings name
    colours of the codebook that cannot be told apart and characters no font has. A PDF is cut into pages.
    """
    write_figure(options.pop("kind"), options)


@click.command("heatmap", cls=Command)
@reading_options
@selecting_options
@rule_options
@setting_options
@years_option
@by_option
@sort_option
@track_option
def heatmap_command(**options: Any) -> None:
    """Draw who held which phase, in the style of Table 1 (the same as agency figure matrix).

    Up to 12 projects have names in their cells; more are drawn as rows, with origins only.
    """
    write_figure("matrix", options)
