"""`agency indicators`: composition, dependence and everything else that is counted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from agency.cli.options import open_study, reading_options, rule_options, selecting_options
from agency.cli.printing import choose_format, sheet_options, write_sheets

if TYPE_CHECKING:
    from agency.matrix.matrix import Matrix
    from agency.render.sheet import Sheet
    from agency.study import Study


@click.command()
@reading_options
@selecting_options
@rule_options
@sheet_options
@click.option("--all", "everything", is_flag=True, help="Every indicator, not only the headline.")
@click.option("--explain", metavar="NAME", help="Formula, source and this data's numerator and denominator.")
@click.option(
    "--by", type=click.Choice(["country", "source"]), help="Mean, range and number of projects in each group."
)
def command(**options: Any) -> None:
    """Compute composition and dependence.

    The composition of the life cycle comes first: who holds how much of it, nobody (gap) and unknown included. All
    numbers name their rules; CSV and JSON hold every indicator, unrounded.
    """
    format, output = options.pop("format"), options.pop("output")
    everything, name, by = options.pop("everything"), options.pop("explain"), options.pop("by")
    if name and by:
        message = "--explain and --by cannot be combined; leave one out."
        raise click.UsageError(message)
    chosen = choose_format(format, output)
    if name:
        from agency.measures.registry import indicator

        indicator(name)  # an unknown name is said before anything is read
    study = open_study(options)
    if name:
        sheets, document = _explained(study, name)
    elif by:
        sheets, document = _grouped(study, by, raw=chosen == "csv")
    else:
        sheets, document = _all(study, chosen, everything=everything)
    write_sheets(sheets, format, output, document=document)


def _all(study: Study, chosen: str, *, everything: bool) -> tuple[list[Sheet], Any]:
    from agency.measures.indicators import indicators, indicators_document
    from agency.measures.method import method_block
    from agency.measures.registry import INDICATORS
    from agency.render.indicatorsheet import composition_sheet, headline_sheet, tidy_sheet

    matrix = study.matrix
    if chosen == "json":
        return [], indicators_document(matrix, study.data)
    method = method_block(matrix, study.data)
    units = {entry.key: entry.unit for entry in INDICATORS}
    if chosen == "csv":
        return [tidy_sheet(indicators(matrix, study.data), method=method, units=units, raw=True)], None
    modes: dict[str, Matrix] = {study.view.mode: matrix}
    if study.view.mode != "snapshot":
        modes = {mode: study.select(mode=mode).matrix for mode in ("static", "time")}
    compositions = {
        mode: indicators(found, study.data, keys=["composition", "coverage"]) for mode, found in modes.items()
    }
    headline = indicators(matrix, study.data, keys=[entry.key for entry in INDICATORS if entry.headline])
    sheets = [
        composition_sheet(compositions, codebook=matrix.codebook, method=method, bars=chosen == "text"),
        headline_sheet(headline, codebook=matrix.codebook, method=method),
    ]
    if everything:
        frame = indicators(matrix, study.data)
        sheets.append(tidy_sheet(frame, method=method, units=units, raw=False))
    return sheets, None


def _explained(study: Study, name: str) -> tuple[list[Sheet], Any]:
    from agency.measures.explain import explain, explain_document, phase_parts
    from agency.measures.method import method_block
    from agency.render.explainsheet import explain_sheets

    matrix = study.matrix
    entry, frame = explain(matrix, study.data, name)
    parts, method = phase_parts(matrix), method_block(matrix, study.data)
    document = {"method": method, **explain_document(entry, frame, parts)}
    return explain_sheets(entry, frame, parts, method=method), document


def _grouped(study: Study, by: str, *, raw: bool) -> tuple[list[Sheet], Any]:
    from agency.measures.groups import by_country, by_source, groups_document
    from agency.measures.method import method_block
    from agency.measures.registry import INDICATORS
    from agency.render.indicatorsheet import group_sheet

    matrix = study.matrix
    frame = by_country(matrix, study.data) if by == "country" else by_source(study.data, study.view)
    method = method_block(matrix, study.data)
    units = {entry.key: entry.unit for entry in INDICATORS}
    sheet = group_sheet(frame, by=by, method=method, units=units, raw=raw)
    return [sheet], {"method": method, "by": by, "groups": groups_document(frame)}
