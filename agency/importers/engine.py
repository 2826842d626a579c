"""The one engine of all imports: records and a mapping to statements, with everything that is left and why.

Cells are handled by column: lists are split and laid below one another, values looked up once for each distinct one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase

import pandas as pd

from agency.characters import fold
from agency.findings import Finding, Place, UnreadableError, finding, has_control
from agency.importers.mapping import (
    CELL,
    PLACE,
    PROJECT_COLUMNS,
    ROW_COLUMNS,
    WEAK,
    Extent,
    Holder,
    Imported,
    Left,
    MappingFile,
    Role,
    Value,
    crosswalk,
    left_at,
    text_columns,
)
from agency.importers.values import Stated, amounts, clean, countries, currencies, relative_origins, statements, years
from agency.table import Records
from agency.vocabulary import Codebook
from agency.words import counted, listed, marked, text

Progress = Callable[[str], None]
_SHOWN = 5
_PROSE = tuple(name for name in Stated.__dataclass_fields__ if name not in ("problem", "remark"))


@dataclass
class Rules:
    """What the user decides beside the mapping."""

    weak: bool = False
    """Take roles that fit a phase only weakly."""
    origins: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    """Folded name of an actor to its origin and seat."""
    source: str = ""
    codebook: Codebook | None = None
    """The codebook in force."""
    progress: Progress = lambda _said: None


class Frame:
    """The cells of the files that the mapping names, a row per line, and what is left of them."""

    def __init__(self, files: Sequence[Records], mapping: MappingFile, left: Sequence[Left]) -> None:
        self.mapping = mapping
        self.lines = pd.concat([_frame(records, mapping) for records in files], ignore_index=True)
        self.left: list[Left] = [one for records in files for one in _unread(records)]
        self.left += left
        self.total = len(self.lines) + sum(one.extent == "line" for one in self.left)
        self.missed: dict[str, dict[str, int]] = {}
        for name in mapping.columns:
            damaged = self.lines[name].map(has_control).astype("bool")
            self.reject("value", self.lines[damaged], name, text("characters of it were lost on the way: � for each"))
            self.lines.loc[damaged, name] = self.lines.loc[damaged, name].map(_legible)

    def reject(self, extent: Extent, which: pd.DataFrame, column: str, reason: Sequence[str] | str) -> None:
        """Note what is left, with the cell of the column in the file."""
        found = which[column] if column in which else [""] * len(which)
        self.left += left_at(which, extent, column, [str(cell)[:300] for cell in found], reason)

    def drop_lines(self, bad: pd.Series[bool], column: str, reason: Sequence[str] | str) -> None:
        """Leave whole lines."""
        self.reject("line", self.lines[bad], column, reason)
        self.lines = self.lines[~bad]

    def cells(self, value: Value, rows: pd.DataFrame) -> pd.Series[str]:
        """Return the cells that a value gives at some lines or entries."""
        if value.text:
            series = pd.Series(value.text, index=rows.index, dtype="object")
            for name in dict.fromkeys(text_columns(value.text)):
                filled = [cell.replace(f"{{{name}}}", part) for cell, part in zip(series, rows[name], strict=True)]
                series = pd.Series(filled, index=rows.index, dtype="object")
            series = series.str.rstrip(" :,;")
        elif value.column:
            series = rows[value.column]
        else:
            series = pd.Series(value.constant, index=rows.index, dtype="object")
        return self.looked_up(series, value.lookup) if value.lookup else series.astype("object")

    def looked_up(self, series: pd.Series[str], name: str) -> pd.Series[str]:
        """Return what a lookup says of each cell, "" and a count for those it does not know."""
        table = self.mapping.lookups[name]
        known = {cell: _look(cell, table) for cell in series.unique()}
        times = series.value_counts()
        for cell, found in known.items():
            if found is None and cell:
                missed = self.missed.setdefault(name, {})
                missed[cell] = missed.get(cell, 0) + int(times[cell])
        return series.map({cell: found or "" for cell, found in known.items()}).astype("object")


def convert(files: Sequence[Records], mapping: MappingFile, rules: Rules, left: Sequence[Left] = ()) -> Imported:
    """Return the statements of some files under a mapping.

    Parameters
    ----------
    files, mapping
        What is read, and how.
    rules
        What the user decides.
    left
        What a reader has left already.

    Raises
    ------
    UnreadableError
        If a column of the mapping is in none of the files' headers, or the mapping gives no statement at all.
    """
    frame = Frame(files, mapping, left)
    if frame.lines.empty:
        raise UnreadableError(_nothing(frame, files[0].file))
    rules.progress(counted("{n} line read", "{n} lines read", frame.total))
    projects = _projects(frame)
    if frame.lines.empty:
        raise UnreadableError(_nothing(frame, files[0].file))
    parts = [_entries(frame, holder, number, rules) for number, holder in enumerate(mapping.holders)]
    entries = pd.concat(parts, ignore_index=True).sort_values(["at", "number", "part"], kind="stable")
    named = entries["at"].unique()
    frame.drop_lines(
        pd.Series(~frame.lines.index.isin(named), index=frame.lines.index), "", text("the line names nobody")
    )
    total = len(entries)
    if not total:
        raise UnreadableError(_nothing(frame, files[0].file))
    rules.progress(counted("{n} holder named", "{n} holders named", total))
    rows = _rows(frame, entries.reset_index(drop=True), rules)
    # A line of which no entry is left is in the table by nothing: it is left too.
    empty = frame.lines.loc[~frame.lines.index.isin(rows["at"])]
    frame.left += left_at(empty, "line", "", [""] * len(empty), text("none of its holders is in the table"))
    if rows.empty:
        raise UnreadableError(_nothing(frame, files[0].file))
    own = [*mapping.own]
    kept = rows.rename(columns={"at": "record"}).reindex(columns=[*ROW_COLUMNS, *own, *PLACE], fill_value="")
    return Imported(
        kept.reset_index(drop=True),
        projects[projects["project"].isin(kept["project"])].reset_index(drop=True),
        tuple(sorted(frame.left, key=lambda one: (one.file, one.line))),
        frame.total,
        total,
        codebook=mapping.codebook,
        remarks=(*(remark for records in files for remark in records.remarks), *_missed(frame)),
        open_origins=mapping.open_origins,
        unsaid=_unsaid(kept),
    )


def _frame(records: Records, mapping: MappingFile) -> pd.DataFrame:
    """Return the columns that a mapping names; an optional one that is not there is empty.

    Raises
    ------
    UnreadableError
        Naming every column that is missing, with the line of the mapping.
    """
    at = {fold(name): position for position, name in enumerate(records.header)}
    missing = [name for name in mapping.columns if fold(name) not in at and name not in mapping.optional]
    if missing:
        found = listed([name for name in records.header if name], most=12)
        raise UnreadableError(
            *(
                finding("import-column", Place(records.file, records.header_line), found, expected=f"'{name}'")
                for name in missing
            )
        )
    size = len(records.lines)
    columns = {
        name: pd.Series(clean(records.columns[at[fold(name)]]) if fold(name) in at else [""] * size, dtype="object")
        for name in mapping.columns
    }
    lines = pd.Series(records.lines, dtype="int64")
    return pd.DataFrame({"file": pd.Series(records.file, index=lines.index, dtype="object"), "line": lines, **columns})


def _unread(records: Records) -> list[Left]:
    """Return the lines that are no records: those with too many or few cells, titles and notes."""
    said = {entry.row: entry for entry in records.findings}
    return [
        Left(
            records.file,
            said[row].line if row in said else row,
            "line",
            "",
            " ".join(cell for cell in cells if cell)[:300],
            said[row].message if row in said else text("it stands above the header"),
        )
        for row, cells in sorted(records.refused.items())
    ]


def _projects(frame: Frame) -> pd.DataFrame:
    """Return the projects, a row each; lines without one, refused ones and those of two names are left."""
    mapping = frame.mapping
    for column, reasons in mapping.reject.items():
        cells = frame.lines[column]
        told = {cell: _look(cell, reasons) for cell in cells.unique()}
        bad = cells.map({cell: bool(why) for cell, why in told.items()}).astype("bool")
        frame.drop_lines(bad, column, [text(str(told[cell])) for cell in cells[bad]])
    frame.lines["project"] = frame.cells(mapping.project["project"], frame.lines)
    frame.drop_lines(frame.lines["project"] == "", "project", text("the line names no project"))
    columns = {key: frame.cells(value, frame.lines) for key, value in mapping.project.items()}
    projects = pd.DataFrame(columns, index=frame.lines.index).reindex(columns=[*PROJECT_COLUMNS], fill_value="")
    _one_name_each(frame, projects)
    projects = projects.loc[frame.lines.index]
    if "country" in mapping.project:
        read, strange = countries(projects["country"])
        projects["country"] = read
        odd = frame.lines.assign(country=projects.index.map(strange.get))[projects.index.isin(strange)]
        frame.reject("value", odd, "country", text("this is no country; the project is in the table without it"))
    frame.lines["country"] = projects["country"]
    for column in ("window_start", "window_end", "launched"):
        if column in mapping.project:
            projects[column] = _years(frame, frame.lines, projects[column], column)
    return projects.drop_duplicates("project")


def _one_name_each(frame: Frame, projects: pd.DataFrame) -> None:
    """Leave every line of a project that has two names: which of them it is, only a person can say."""
    if "label" not in frame.mapping.project:
        return
    names = projects.loc[projects["label"] != "", ["project", "label"]].drop_duplicates()
    two = names[names.duplicated("project", keep=False)].groupby("project")["label"].agg(list).to_dict()
    if not two:
        return
    bad = projects["project"].isin(list(two))
    why = [
        text("the project has several names: {names}", names=listed([f"'{name}'" for name in two[key]], most=_SHOWN))
        for key in projects.loc[bad, "project"]
    ]
    frame.drop_lines(bad, "project", why)


def _entries(frame: Frame, holder: Holder, number: int, rules: Rules) -> pd.DataFrame:
    """Return a row per holder named in one column: its name, and the columns of its line."""
    cells = frame.cells(holder.actor, frame.lines)
    kept = (cells != "") | holder.always
    lines = frame.lines[kept].assign(named=cells[kept])
    lines["at"], lines["number"] = lines.index, number
    if holder.split == CELL:
        return _prose(frame, lines, rules)
    if holder.split:
        lists = [cell.split(holder.split) for cell in lines["named"]]
        lines = lines.assign(named=lists, listed=[len(names) for names in lists])
        for name in holder.parallel:
            cut = [cell.split(holder.split) for cell in lines[name]]
            fits = pd.Series(
                [len(parts) == n for parts, n in zip(cut, lines["listed"], strict=True)],
                index=lines.index,
                dtype="bool",
            )
            why = text("it has another number of parts than the names beside it")
            frame.reject("value", lines[(lines[name] != "") & ~fits], name, why)
            whole = zip(cut, fits, lines["listed"], strict=True)
            lines[name] = [parts if fit else [""] * n for parts, fit, n in whole]
        lines = lines.explode(["named", *holder.parallel])
    for name in ("named", *(holder.parallel if holder.split else ())):
        lines[name] = clean(lines[name])
    lines = lines if holder.always else lines[lines["named"] != ""]
    lines["suffix"] = ""
    if holder.suffix:
        lines["named"], lines["suffix"] = _suffixes(lines["named"], holder.suffix)
    lines["part"] = lines.groupby("at").cumcount()
    lines["together"] = lines.groupby("at")["part"].transform("size")
    return lines


def _prose(frame: Frame, lines: pd.DataFrame, rules: Rules) -> pd.DataFrame:
    """Return a row per statement of cells in prose."""
    plain = {fold(name) for cell in lines["named"].unique() for one in statements(cell) for name in [one.actor]}
    known = {*rules.origins, *plain} - {""}
    read = {cell: statements(cell, known) for cell in lines["named"].unique()}
    lines["statement"] = lines["named"].map(read)
    # A cell that gives nothing still is an entry: it is left, with what it reads.
    silent = pd.Series([not read[cell] for cell in lines["named"]], index=lines.index)
    frame.reject("value", lines[silent], "named", text("the cell says nothing that can be a statement"))
    lines = lines[~silent].explode("statement")
    for name in _PROSE:
        lines[name] = [getattr(one, name) for one in lines["statement"]]
    remarks = lines[[bool(one.remark) for one in lines["statement"]]]
    frame.missed.setdefault("", {}).update({one.remark: 1 for one in remarks["statement"]})
    same = lines["named"] == lines["actor"]
    lines["said"] = [text("cell: {cell}", cell=cell.replace("\n", " / ")) for cell in lines["named"]]
    lines.loc[same, "said"] = ""
    lines["named"] = lines["actor"]
    lines["problem"] = [one.problem for one in lines["statement"]]
    lines["part"] = lines.groupby("at").cumcount()
    lines["together"] = 1
    lines["suffix"] = ""
    return lines.drop(columns="statement")


def _suffixes(names: pd.Series[str], words: Sequence[str]) -> tuple[list[str], list[str]]:
    """Return names without a known word after a comma, and the words."""
    folded = {word.casefold(): word for word in sorted(words, key=len, reverse=True)}

    def cut(name: str) -> tuple[str, str]:
        low = name.casefold()
        for word, given in folded.items():
            if low.endswith(word) and low[: -len(word)].rstrip().endswith(","):
                return name[: -len(word)].rstrip().rstrip(",").rstrip(), given
        return name, ""

    pairs = {name: cut(name) for name in names.unique()}
    return [pairs[name][0] for name in names], [pairs[name][1] for name in names]


def _rows(frame: Frame, entries: pd.DataFrame, rules: Rules) -> pd.DataFrame:
    """Return the statements of entries; what cannot be one is left."""
    parts = []
    for number, holder in enumerate(frame.mapping.holders):
        part = entries[entries["number"] == number]
        if len(part):
            parts.append(_fields(frame, part.copy(), holder, rules))
    rows = pd.concat(parts).sort_index() if parts else entries.reindex(columns=[*entries.columns, *ROW_COLUMNS])
    rows = _same_origins(frame, rows)
    again = rows.duplicated([name for name in ROW_COLUMNS if name not in ("note", "confidence")])
    why = text("the same statement stands in the table already")
    frame.left += left_at(rows[again], "entry", "", rows.loc[again, "named"], why)
    return rows[~again]


def _fields(frame: Frame, rows: pd.DataFrame, holder: Holder, rules: Rules) -> pd.DataFrame:
    """Return the entries of one holder with the columns of the table."""
    made = {key: frame.cells(value, rows) for key, value in holder.fields.items()}
    own = {key: frame.cells(value, rows) for key, value in frame.mapping.own.items()}
    rows["code"] = frame.cells(holder.code, rows) if holder.code else ""
    defaults = {key: rows[key] for key in _PROSE if key not in made} if holder.split == CELL else {}
    rows = rows.assign(**{name: "" for name in ROW_COLUMNS if name not in ("project", "country")})
    rows = rows.assign(**{**defaults, "actor": rows["named"], **own, **made})
    if "problem" in rows:
        rows = _keep(frame, rows, rows["problem"].fillna("") == "", "actor", rows["problem"].fillna(""))
    rows = _phased(frame, rows, holder, rules)
    for column in ("start", "end"):
        rows[column] = _years(frame, rows, rows[column], column)
    rows = _in_order(frame, rows)
    rows = _paid(frame, rows)
    rows["source"] = rows["source"].where(rows["source"] != "", rules.source)
    return _origins(rows, rules)


def _phased(frame: Frame, rows: pd.DataFrame, holder: Holder, rules: Rules) -> pd.DataFrame:
    """Return the entries that have a phase, from the crosswalk where the mapping gives none."""
    if holder.code:
        roles = {code: _role(code, frame.mapping.crosswalk) for code in rows["code"].unique()}
        why = {code: _refused(code, role, rules) for code, role in roles.items()}
        rows = _keep(frame, rows, rows["code"].map(lambda code: not why[code]), "code", rows["code"].map(why))
        rows["phase"] = rows["code"].map({code: role.phase for code, role in roles.items() if role})
        scope = rows["code"].map({code: role.scope for code, role in roles.items() if role})
        rows["scope"] = rows["scope"].where(rows["scope"] != "", scope)
    assert rules.codebook is not None
    known = {phase.key for phase in rules.codebook.phases}
    names = listed(sorted(known))
    unknown = rows["phase"].map(
        lambda phase: text("'{phase}' is no phase of the codebook ({names})", phase=phase, names=names)
    )
    return _keep(frame, rows, rows["phase"].isin(known), "phase", unknown)


def _role(code: str, schemes: Sequence[str]) -> Role | None:
    return next((crosswalk()[scheme, code] for scheme in schemes if (scheme, code) in crosswalk()), None)


def _refused(code: str, role: Role | None, rules: Rules) -> str:
    """Return why a role gives no statement, "" when it does."""
    if role is None:
        return text("the role '{code}' is not in the crosswalk", code=code) if code else text("no role is given")
    if not role.phase:
        note = text(role.note) or text("who has it holds no phase")
        return text("the role '{code}' has no phase: {note}", code=code, note=note)
    if role.fit == WEAK and not rules.weak:
        sentence = marked("the role '{code}' is {phase} only weakly ({note}); --weak takes it")
        phase = rules.codebook.word(role.phase) if rules.codebook else role.phase
        return text(sentence, code=code, phase=phase, note=text(role.note))
    return ""


def _keep(
    frame: Frame, rows: pd.DataFrame, good: pd.Series[bool], column: str, reason: pd.Series[str] | str
) -> pd.DataFrame:
    """Return the good entries; the others are left."""
    bad = rows[~good]
    reasons = reason if isinstance(reason, str) else list(reason[~good])
    frame.left += left_at(bad, "entry", column, bad["named"], reasons)
    return rows[good].copy()


def _years(frame: Frame, rows: pd.DataFrame, cells: pd.Series[str], column: str) -> pd.Series[str]:
    """Return years; a cell that holds none is left, said once for each line."""
    read, bad = years(cells)
    strange = rows.assign(**{column: cells})[bad]
    once = ~strange.duplicated(["file", "line"])
    frame.reject("value", strange[once], column, text("this is no year from 1900 to 2099"))
    return read


def _in_order(frame: Frame, rows: pd.DataFrame) -> pd.DataFrame:
    """Return the entries without years that end before they start."""
    bad = (rows["start"] != "") & (rows["end"] != "") & (rows["end"] < rows["start"])
    both = rows.assign(end=rows["start"] + "–" + rows["end"])[bad]
    why = text("the end is before the start; the statement is in the table without years")
    frame.reject("value", both, "end", why)
    rows.loc[bad, ["start", "end"]] = ""
    return rows


def _paid(frame: Frame, rows: pd.DataFrame) -> pd.DataFrame:
    """Return the entries with amounts only where one holder is named, in one currency that is known."""
    amount, bad_amount = amounts(rows["amount"])
    currency, bad_currency = currencies(rows["currency"])
    given = rows["amount"] != ""
    problems = {
        text("this is no amount above 0"): given & bad_amount,
        text("its currency is no code of ISO 4217, or two"): given & ~bad_amount & bad_currency,
        text("it has no currency"): given & ~bad_amount & ~bad_currency & (currency == ""),
        text("the amount is of several holders together"): given & (rows["together"] > 1),
    }
    wrong = pd.Series(False, index=rows.index)
    shown = rows.assign(amount=rows["amount"] + " " + rows["currency"])
    for why, bad in problems.items():
        new = bad & ~wrong
        once = shown[new & (rows["part"] == 0)]
        frame.reject("value", once, "amount", why)
        wrong |= bad
    keeps = given & ~wrong
    return rows.assign(amount=amount.where(keeps, ""), currency=currency.where(keeps, ""))


def _origins(rows: pd.DataFrame, rules: Rules) -> pd.DataFrame:
    """Return the entries with origins: as said, else from the file of origins, else from the seat, else left open."""
    named = rows["actor"] != ""
    given = rows["actor"].map(lambda name: rules.origins.get(fold(name), ("", "")))
    rows["origin"] = rows["origin"].where(rows["origin"] != "", given.map(lambda pair: pair[0])).where(named, "")
    seat = rows["seat"] if "seat" in rows else pd.Series("", index=rows.index, dtype="object")
    seat = given.map(lambda pair: pair[1]).where(given.map(lambda pair: bool(pair[1])), seat)
    told = relative_origins(seat, rows["country"])
    rows["origin"] = rows["origin"].where((rows["origin"] != "") | ~named, told)
    return rows


def _same_origins(frame: Frame, rows: pd.DataFrame) -> pd.DataFrame:
    """Return the rows with the origin that their actor has elsewhere, where it has one; else unknown, or left open.

    A local actor is local to its country: it lends its origin to rows of that country only.
    """
    told = rows[(rows["origin"] != "") & (rows["actor"] != "")]
    place = told["country"].where(told["origin"] == "local", "")
    known = told.assign(place=place)[["actor", "origin", "place"]].drop_duplicates()
    known = known[~known.duplicated("actor", keep=False) & (known["origin"] != "unknown")]
    one = {name: (origin, where) for name, origin, where in known.itertuples(index=False)}
    needs = (rows["origin"] == "") & (rows["actor"] != "")
    lent = []
    for name, country in rows.loc[needs, ["actor", "country"]].itertuples(index=False):
        origin, where = one.get(name, ("", ""))
        lent.append(origin if where in ("", country) else "")
    rows.loc[needs, "origin"] = lent
    times = sum(bool(origin) for origin in lent)
    if times:
        sentence = marked("{n} statement takes the origin that its actor has elsewhere in the input.")
        several = marked("{n} statements take the origin that their actors have elsewhere in the input.")
        frame.missed.setdefault("", {})[counted(sentence, several, times)] = times
    if not frame.mapping.open_origins:
        rows.loc[(rows["origin"] == "") & (rows["actor"] != ""), "origin"] = "unknown"
    return rows


def _legible(cell: str) -> str:
    """Return a cell with the sign of a lost character for every control character."""
    return "".join("\ufffd" if has_control(character) else character for character in cell)


def _look(cell: str, table: Mapping[str, str]) -> str | None:
    """Return what a lookup says of a cell: its entry, else the first pattern that fits; ``=`` is the cell itself."""
    low = cell.casefold()
    fits = (key for key in table if key.casefold() == low or ("*" in key and cell and fnmatchcase(low, key.casefold())))
    key = cell if cell in table else next(fits, None)
    if key is None:
        return None
    return cell if table[key] == "=" else table[key]


def _missed(frame: Frame) -> tuple[str, ...]:
    """Return which cells a lookup had no entry for, counted, the first five by name."""
    remarks = list(frame.missed.get("", {}))
    for name, cells in frame.missed.items():
        if name:
            remarks.append(
                counted(
                    "[lookups.{name}] has no entry for {n} value: {values}",
                    "[lookups.{name}] has no entry for {n} values: {values}",
                    len(cells),
                    name=name,
                    values=listed([f"'{cell[:60]}'" for cell in cells], most=_SHOWN),
                )
            )
    return tuple(remarks)


def _unsaid(rows: pd.DataFrame) -> tuple[str, ...]:
    """Return the columns about which nothing was said in any line."""
    return tuple(name for name in ROW_COLUMNS if (rows[name] == "").all())


def _nothing(frame: Frame, file: str) -> Finding:
    reasons = pd.Series([one.reason for one in frame.left], dtype="object").value_counts()
    found = (
        listed([f"{n:,} × {why}" for why, n in reasons.items()], most=_SHOWN) if frame.left else text("nothing in it")
    )
    expected = counted("one of {n} line", "some of {n} lines", frame.total)
    return finding("import-nothing", Place(file), found, expected=expected)
