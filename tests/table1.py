"""Table 1 by hand, as cells, and a table of hard names: what every renderer is held to."""

from __future__ import annotations

from agency.references import Name, Reference
from agency.resolve.cells import Cell, CellTable, Holder, Part, ProjectHead
from agency.vocabulary.codebook import Codebook, Phase
from agency.words import listed

LABELS = {
    "initiation": "Initiated by",
    "requirements": "Requirements defined by",
    "design": "Designed by",
    "implementation": "Implemented by",
    "operation": "Managed and operated by",
    "maintenance": "Maintained and upgraded by",
}
PHASES = tuple(
    Phase(key, label, label, "continuing" if key in {"operation", "maintenance"} else "event", "build", 1.0, True)
    for key, label in LABELS.items()
)
CODEBOOK = Codebook(PHASES, (), {"lead": 1.0, "support": 0.0}, {})

TABLE_1 = {
    "ECU 911": (
        ("Coordinating Ministry of Security",),
        ("Coordinating Ministry of Security",),
        ("CEIEC (technical)",),
        ("Local firms and CEIEC",),
        ("ECU 911",),
        ("Until 2018: CEIEC", "From 2018 onwards: still under negotiation"),
    ),
    "JSeI": (
        ("Jujuy's Ministry of Security",),
        ("Jujuy's Ministry of Security",),
        ("ZTE (technical)",),
        ("Local firms and ZTE",),
        ("Jujuy's Ministry of Security",),
        ("ZTE for 3 years",),
    ),
}
"""The paper's table (Vila Seoane and Álvarez Velasco 2024), lines of each cell in process order."""

SOURCES = {
    "vilaseoane2024": Reference(
        "vilaseoane2024",
        "article-journal",
        (Name("Vila Seoane", "Maximiliano Facundo"), Name("Álvarez Velasco", "Carla Morena")),
        year="2024",
        title="The Chinese surveillance state",
        container="The Information Society",
        doi="10.1080/01972243.2024.2317057",
    ),
    "plain2020": Reference("plain2020"),
    "nasty_2021": Reference("nasty_2021", "book", (Name("R&D_Group #1"),), year="2021", title="100 % <b> *x* ~"),
}

HARD_NAMES = (
    r"R&D_Group #1 $5 {x} ~ \ %",
    "<script>alert(1)</script>",
    "a|b",
    "=cmd()",
    "*bold* _it_ **x**",
    "[x](y) ![z](w) [1]: u",
    "`code` ``c``",
    "😀👩‍👩‍👧 team",
    "中国电子进出口总公司",
    "وزارة الأمن",
    "no\u00a0break\u2011here\u202fnow",
    "1. Ltd",
    "- x -- y --- z",
    "Vodafone + Co; ''q'' \"r\" ?` !`",
    "Łódź, Ñandú & Çelik §†‡ 5 €",
    r"\input{/etc/passwd}",
    "http://example.org/_a_",
    "# head",
    "[*]",
    "https://x.y/<z>",
    "@someone :smile: ^up^ ~~no~~",
    "back\\",
    "+ plus = equals : colon",
    "Å combining e\u0301",
)


def holder(actor: str | None, row_id: int = 0, text: str | None = None, **fields: object) -> Holder:
    """Return a row behind a cell with the defaults of the data model."""
    values = {
        "line": row_id + 2,
        "origin": "local" if actor else None,
        "actor_kind": "",
        "unnamed": False,
        "role": "lead",
        "scope": "",
        "start": None,
        "end": None,
        "duration_years": None,
        "status": "held",
        "source": "vilaseoane2024",
        "locator": "Table 1",
        "quote": "",
        "use": "decides",
        "confidence": "documented",
        "rank": "normal",
        "coder": "",
        "note": "",
        **fields,
    }
    return Holder(row_id=row_id, actor=actor, text=(actor or "") if text is None else text, **values)


def held(*rows: Holder, prefix: str = "") -> Part:
    """Return joint holders as one period."""
    distinct = list({row.text: row for row in reversed(rows)}.values())[::-1]
    return Part(
        prefix,
        listed([row.text for row in distinct]),
        rows[0].start,
        rows[0].end,
        "held",
        tuple(distinct),
        tuple(rows),
    )


def gap(row: Holder, text: str, prefix: str = "") -> Part:
    """Return a status without a holder as one period."""
    return Part(prefix, text, row.start, row.end, row.status, (row,), (row,))


def cell(project: str, phase: str, *parts: Part, listed: tuple[Holder, ...] = (), agreement: str = "") -> Cell:
    """Return a cell; its blank follows from its parts."""
    statuses = [part.status for part in parts]
    blank = None if "held" in statuses else statuses[0] if statuses else "not_coded"
    evidence = tuple(row for part in parts for row in part.rows) + listed
    return Cell(project, phase, parts, listed, evidence, blank, agreement)


def cell_table(cells: list[Cell]) -> CellTable:
    """Return a table of these cells; what is missing is not coded."""
    projects = list(dict.fromkeys(item.project for item in cells))
    found = {(item.project, item.phase): item for item in cells}
    every = {(name, key): found.get((name, key)) or cell(name, key) for name in projects for key in LABELS}
    return CellTable(tuple(ProjectHead(name, name, "", None) for name in projects), PHASES, every, CODEBOOK)


def table_1() -> CellTable:
    """Return the cells of Table 1."""
    cells = []
    for project, firm, ministry, operator in (
        ("ECU 911", "CEIEC", "Coordinating Ministry of Security", "ECU 911"),
        ("JSeI", "ZTE", "Jujuy's Ministry of Security", "Jujuy's Ministry of Security"),
    ):
        technical = holder(firm, text=f"{firm} (technical)", origin="chinese", scope="technical")
        cells += [
            cell(project, "initiation", held(holder(ministry))),
            cell(project, "requirements", held(holder(ministry))),
            cell(project, "design", held(technical)),
            cell(project, "implementation", held(holder("Local firms"), holder(firm, 1, origin="chinese"))),
            cell(project, "operation", held(holder(operator))),
        ]
    until = held(holder("CEIEC", origin="chinese", end=2018), prefix="Until 2018: ")
    since = gap(holder(None, status="negotiating", start=2018), "still under negotiation", "From 2018 onwards: ")
    years = holder("ZTE", text="ZTE for 3 years", origin="chinese", duration_years=3)
    cells += [cell("ECU 911", "maintenance", until, since), cell("JSeI", "maintenance", held(years))]
    return cell_table(cells)


def nasty_table() -> CellTable:
    """Return a table with a hard name in every place, all statuses, listed rows, sources and doubts."""
    cells = []
    names = iter(HARD_NAMES)
    for project in ("A|B & Co_1", "<Proyecto> 中"):
        for at, phase in enumerate(LABELS):
            first = holder(next(names), source="plain2020", locator="p. 5 | §2", confidence="reported")
            again = holder(first.actor, 1, source="nasty_2021", locator="\\ref{x} & *y*", confidence="alleged")
            second = holder(next(names), 2, confidence="documented", start=2015, end=2016)
            parts = [held(first, again), held(second, prefix="2015–2016: ")]
            if at % 3 == 0:
                parts.append(gap(holder(None, 3, status="vacant", start=2017), "nobody", "From 2017 onwards: "))
            listed = (
                holder("=HYPERLINK(1)", 4, status="proposed"),
                holder("**alleged** [firm]", 5, confidence="alleged", source="nasty_2021"),
                holder("helper|s", 6, role="support"),
                holder("helper|s", 7, role="support", source="plain2020", confidence="reported"),
            )
            agreement = "contested" if at == 1 else ""
            cells.append(cell(project, phase, *parts, listed=listed if at % 2 == 0 else (), agreement=agreement))
    not_applicable = gap(holder(None, status="not_applicable"), "not applicable")
    negotiating = gap(
        holder("x_y", status="negotiating", end=2019, source="plain2020"), "under negotiation with x_y", "Until 2019: "
    )
    cells += [cell("C", "operation", not_applicable), cell("C", "maintenance", negotiating)]
    return cell_table(cells)
