"""The method block: by which rules, on which data, the numbers of a view were made."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from agency.about import METHOD_VERSION, __version__
from agency.resolve import deciding_rows, role_weights, selection

if TYPE_CHECKING:
    from agency.resolve import Matrix
    from agency.table import Table


def method_block(matrix: Matrix, table: Table) -> dict[str, Any]:
    """Return everything one needs to know to compute the numbers again.

    Returns
    -------
    dict
        ``version`` of the method; ``mode`` (static, time, snapshot) and, in snapshots, ``year``; ``counting``,
        ``rank``, ``confidence`` (levels that count), ``sources`` (keys that decide a cell), ``boundary``; ``roles`` and
        ``weights`` as given, before scaling; ``windows`` ([first, last] or null by project); ``phases`` (keys);
        ``thresholds`` with citation; ``data_sha256`` and ``package_version``.

    Examples
    --------
    >>> import agency
    >>> study = agency.load().select(project="JSeI")
    >>> block = method_block(study.matrix, study.data)
    >>> block["mode"], block["windows"]
    ('static', {'JSeI': [2016, 2022]})
    """
    view, codebook = matrix.view, matrix.codebook
    rows = deciding_rows(selection(table, view).rows, codebook, view)
    rows = rows[rows["phase"].isin(matrix.phases["phase"])]
    phases = matrix.phases.drop_duplicates("phase")
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
        "roles": dict(role_weights(codebook, view)),
        "weights": dict(zip(phases["phase"], phases["weight"].astype(float), strict=True)),
        "windows": {
            str(name): None if pd.isna(start) else [int(start), int(end)]
            for name, start, end in matrix.windows[["start", "end"]].itertuples()
        },
        "phases": phases["phase"].tolist(),
        "thresholds": {
            key: {"value": line.value, "citation": line.citation} for key, line in codebook.thresholds.items()
        },
        "data_sha256": table.sha256,
        "package_version": __version__,
    }
