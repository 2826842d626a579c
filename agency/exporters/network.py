"""Who is said to hold what as a network: actors and projects are nodes, every statement that names an actor is an edge.

A node is an identity, never a printed name. A named actor is one node in the whole table; an unnamed group ("Local
firms") is another one in each project; a project and an actor of one name (ECU 911 is both) are two.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from xml.sax.saxutils import escape, quoteattr

import pandas as pd

from agency.characters import xml

if TYPE_CHECKING:
    from collections.abc import Iterator

    from agency.resolve import Resolved

_GIVEN: Final = (
    "origin",
    "actor_kind",
    "unnamed",
    "role",
    "scope",
    "status",
    "only",
    "use",
    "counts",
    "undated",
    "start",
    "end",
    "duration_years",
    "confidence",
    "rank",
    "source",
    "locator",
    "line",
)
_TYPES: Final = {"boolean": "boolean", "bool": "boolean", "Int64": "int", "int64": "int"}


def edge_frame(resolved: Resolved) -> pd.DataFrame:
    """Return the selected statements that name an actor as edges between actor and project, in file order.

    A denied, proposed, alleged or outranked statement is an edge, too: ``status`` and ``use`` say which it is
    (`agency.resolve.rows`). Statements that name nobody (vacant, under negotiation with nobody named) are none.

    Returns
    -------
    DataFrame
        actor_node, project_node (identities); phase, actor, project; origin, actor_kind, unnamed, role, scope, status,
        only; use, counts (it decides what the view shows, in a snapshot as of its year); undated (neither a year nor a
        duration), start, end, duration_years; confidence, rank, source, locator, line.

    Examples
    --------
    >>> import agency
    >>> edges = edge_frame(agency.load().select(project=["ECU 911", "JSeI"], phase="implementation").resolved)
    >>> edges.loc[edges["actor"] == "Local firms", "actor_node"].unique().tolist()
    ['unnamed/ECU 911/Local firms', 'unnamed/JSeI/Local firms']
    """
    rows = resolved.rows
    rows = rows[rows["actor_id"] >= 0]
    name, project = _quoted(rows["holder"]), _quoted(rows["project"])
    named = "actor/" + name
    if resolved.view.actors == "whole":  # parts of one whole with different origins stay apart
        named = "whole/" + name + "/" + _quoted(rows["origin"])
    undated = rows[["start", "end", "duration_years"]].isna().all(axis=1)
    edges = rows.assign(
        actor_node=named.mask(rows["unnamed"], "unnamed/" + project + "/" + name),
        project_node="project/" + project,
        actor=rows["holder"],
        undated=undated,
    )
    return edges[["actor_node", "project_node", "phase", "actor", "project", *_GIVEN]].reset_index(drop=True)


def node_frame(resolved: Resolved, edges: pd.DataFrame) -> pd.DataFrame:
    """Return the ends of edges: node, node_type (actor or project) and what is known of each.

    Returns
    -------
    DataFrame
        node, node_type, label; of actors actor_kind, unnamed and origins (all it has, joined by ``; ``: an origin is
        relative to the country of a project); of projects country, type, window_start, window_end and launched.
    """
    grouped = edges.groupby("actor_node", sort=False)
    actors = pd.DataFrame(
        {
            "node_type": "actor",
            "label": grouped["actor"].first(),
            "actor_kind": grouped["actor_kind"].agg(lambda kinds: next((kind for kind in kinds if kind), "")),
            "unnamed": grouped["unnamed"].first().astype("boolean"),
            "origins": grouped["origin"].agg(lambda origins: "; ".join(dict.fromkeys(one for one in origins if one))),
        }
    )
    known = resolved.table.projects.loc[edges["project"].drop_duplicates()]
    projects = known[["label", "country", "type", "window_start", "window_end", "launched"]]
    projects = projects.assign(node_type="project").set_axis("project/" + _quoted(projects.index.to_series()))
    return pd.concat([actors, projects]).rename_axis("node").reset_index()


def graphml(resolved: Resolved) -> str:
    """Return the network as GraphML, which networkx, igraph, Gephi, Cytoscape and yEd read.

    Two statements about one actor and one project are two edges beside each other (a multigraph). What is empty in
    the table is left out: a year that nobody gave is no year 0.

    Examples
    --------
    >>> import agency
    >>> graphml(agency.load()["JSeI"].resolved).count("<edge ") == len(agency.load()["JSeI"].edges())
    True
    """
    edges = edge_frame(resolved)
    parts = {"node": node_frame(resolved, edges), "edge": edges}
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', '<graphml xmlns="http://graphml.graphdrawing.org/xmlns">']
    for of, frame in parts.items():
        lines += [
            f'  <key id="{of}_{name}" for="{of}" attr.name="{name}" attr.type="{_TYPES.get(str(kind), "string")}"/>'
            for name, kind in frame.drop(columns=_ends(of)).dtypes.items()
        ]
    lines.append('  <graph edgedefault="undirected">')
    for of, frame in parts.items():
        lines += _elements(of, frame)
    return xml("\n".join([*lines, "  </graph>", "</graphml>", ""]))


def _ends(of: str) -> list[str]:
    return ["node"] if of == "node" else ["actor_node", "project_node"]


def _elements(of: str, frame: pd.DataFrame) -> Iterator[str]:
    ends = frame[_ends(of)].to_numpy().tolist()
    said = frame.drop(columns=_ends(of))
    texts = {name: said[name].astype(object).where(said[name].notna(), "").tolist() for name in said}
    for at, names in enumerate(ends):
        if of == "node":
            yield f"    <node id={quoteattr(names[0])}>"
        else:
            yield f'    <edge id="e{at + 1}" source={quoteattr(names[0])} target={quoteattr(names[1])}>'
        for name, values in texts.items():
            value = str(values[at]).lower() if isinstance(values[at], bool) else str(values[at])
            if value:
                yield f'      <data key="{of}_{name}">{escape(value)}</data>'
        yield f"    </{of}>"


def _quoted(names: pd.Series[str]) -> pd.Series[str]:
    """Return names in which no slash is left, so that none can look like the path of another.

    >>> _quoted(pd.Series(["a/b", "50%"])).tolist()
    ['a%2Fb', '50%25']
    """
    return names.str.replace("%", "%25", regex=False).str.replace("/", "%2F", regex=False)
