"""The method block: by which rules, on which data, the numbers of a view were made."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from agency.about import METHOD_VERSION, __version__
from agency.resolve import Resolved, role_weights

if TYPE_CHECKING:
    pass


def method_block(resolved: Resolved) -> dict[str, Any]:
    """Return everything one needs to know to compute the numbers again.

    Returns
    -------
    dict
        ``version`` of the method; ``mode`` (static, time, snapshot) and, in snapshots, ``year``; ``counting``,
        ``rank``, ``confidence`` (levels that count), ``sources`` (keys that decide a cell), ``boundary``; ``roles`` and
        ``weights`` as given, before scaling; ``windows`` ([first, last] or null by project); ``phases`` (keys);
        ``actors`` (named or whole); ``origins`` (key, foreign); ``thresholds`` with citation; ``listing``: the least
        number of known phases of a listed project, how many are listed, and of how many; ``statements_used`` and
        ``statements_total``, also by project: how many of the selected statements decide or lend their years;
        ``data_sha256`` over all input files, and ``package_version``.

    Examples
    --------
    >>> import agency
    >>> study = agency.load().select(project="JSeI")
    >>> block = method_block(study.resolved)
    >>> block["mode"], block["windows"]
    ('static', {'JSeI': [2016, 2022]})
    """
    view, codebook = resolved.view, resolved.codebook
    rows = resolved.rows
    rows = rows[
        rows["counts"] & rows["project"].isin(resolved.listed) & rows["phase"].isin(resolved.matrix.phases["phase"])
    ]
    phases = resolved.matrix.phases.drop_duplicates("phase")
    levels = ["documented", "reported", *(["alleged"] if view.include_alleged else [])]
    return {
        "version": METHOD_VERSION,
        "mode": view.mode,
        **({"year": view.year} if view.mode == "snapshot" else {}),
        "counting": view.counting,
        "rank": view.rank,
        "confidence": levels,
        "sources": sorted(rows["source"].unique()),
        "boundary": view.boundary,
        "actors": view.actors,
        "roles": dict(role_weights(codebook, view)),
        "weights": dict(zip(phases["phase"], phases["weight"].astype(float), strict=True)),
        "windows": {
            str(name): None if pd.isna(start) else [int(start), int(end)]
            for name, start, end in resolved.matrix.windows[["start", "end"]].astype(object).itertuples()
        },
        "phases": phases["phase"].tolist(),
        "thresholds": {
            key: {"value": line.value, "citation": line.citation} for key, line in codebook.thresholds.items()
        },
        "origins": [{"key": origin.key, "foreign": origin.foreign} for origin in codebook.origins],
        "listing": resolved.listing,
        **_statements(resolved),
        "data_sha256": resolved.table.sha256,
        "package_version": __version__,
    }


def _statements(resolved: Resolved) -> dict[str, Any]:
    """Return how many of the selected statements the numbers rest on: those that decide or lend their years."""
    rows = resolved.rows[resolved.rows["project"].isin(resolved.listed)]
    used = rows["use"].isin(["decides", "dates"])
    by_project = used.groupby(rows["project"]).agg(["sum", "size"]).reindex(list(resolved.listed), fill_value=0)
    return {
        "statements_used": int(used.sum()),
        "statements_total": len(rows),
        "statements": {
            name: {"used": used, "total": total}
            for name, used, total in zip(
                resolved.listed, by_project["sum"].tolist(), by_project["size"].tolist(), strict=True
            )
        },
    }
