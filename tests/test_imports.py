"""`agency import`: the engine and AidData. Published files are counted again with plain pandas."""

from __future__ import annotations

import contextlib
import csv
import io
import os
import re
from collections import Counter
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from strategies import examples
from workbooks import xlsx

from agency.cli import main
from agency.errors import DataError, UsageError
from agency.importers import DOORS, ImportChoices, counts, import_files, study_files
from agency.importers.mapping import crosswalk, preset
from agency.vocabulary import CURRENCIES, default_codebook

PRESETS = ("aiddata1", "aiddata2", "aiddata3", "iati", "oc4ids", "qdpx", "wide")
HUAWEI = "AidDatasGlobalHuaweiFinanceDataset.xlsx"
MILITARY = "AidDatasGlobalChineseMilitaryFinanceDataset.xlsx"
OFFICIAL = "GlobalChineseOfficialFinanceDataset_v1.0.xlsx"
GEOCODED = "gcdf2_geocoded_final_df_2021-09-29.csv"
ROLES = {
    "Funding Agencies": "financing",
    "Cofinancing Agencies": "financing",
    "Accountable Agencies": "financing",
    "Implementing Agencies": "implementation",
    "Receiving Agencies": "operation",
}
ORIGINS = {"Recipient": "local", "China (People's Republic of)": "chinese", "Other": "other"}


def public(name: str) -> Path:
    """Return a published file, or skip where it is not here."""
    given = os.environ.get("AGENCY_PUBLIC")
    folder = Path(given) if given else Path(__file__).parents[2] / "shared" / "data"
    found = folder / "aiddata" / name
    if not found.is_file():
        pytest.skip("the published data are not here: set AGENCY_PUBLIC to their folder")
    return found


@cache
def published(name: str, *, weak: bool = False):
    """Return a published file as plain pandas reads it, and as imported."""
    file = public(name)
    if file.suffix == ".csv":
        raw = pd.read_csv(file, dtype=str, keep_default_na=False, na_values=[""])
    else:
        raw = pd.read_excel(file, dtype=str, engine="openpyxl", keep_default_na=False, na_values=[""])
    return raw, imported("aiddata", file, weak=weak)


def imported(what: str, *files: Path, **choices: object):
    return import_files(what, list(files), ImportChoices(**choices)).imported


def adds_up(result) -> None:
    """Hold that nothing is lost: lines and holders are in the table or in the list of what is left."""
    extents = Counter(one.extent for one in result.left)
    assert result.rows["record"].nunique() + extents["line"] == result.lines
    assert len(result.rows) + extents["entry"] == result.entries
    assert all(one.reason and one.line > 0 for one in result.left)
    assert set(result.projects["project"]) == set(result.rows["project"])


class Done(NamedTuple):
    """What a command said, and its exit code."""

    exit_code: int
    stdout: str
    output: str


def agency(*arguments: object) -> Done:
    """Run a command as it is run from a shell, in this process."""
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err), pytest.raises(SystemExit) as left:
        main([str(argument) for argument in arguments])
    return Done(int(left.value.code or 0), out.getvalue(), out.getvalue() + err.getvalue())


def run(*arguments: object) -> Done:
    return agency("import", *arguments)


# The crosswalk and the presets.


def test_a_preset_is_a_mapping_file_that_holds() -> None:
    for name in PRESETS:
        assert preset(name).holders
        assert preset(name).recognise


def test_every_role_of_the_crosswalk_has_a_phase_of_ours_or_none() -> None:
    phases = {phase.key for phase in default_codebook().phases} | {""}
    for (scheme, code), role in crosswalk().items():
        assert role.phase in phases, (scheme, code)
        assert role.fit
        assert role.phase or role.fit in ("none", "missing", "status")


# Published files, counted again.


def wanted_rows(raw: pd.DataFrame, *, weak: bool) -> pd.DataFrame:
    """Return a row per agency of the 2.0 shape, made with plain pandas."""
    raw = raw[~raw["Status"].isin(["Cancelled", "Suspended"])]
    parts = []
    for role, phase in ROLES.items():
        if role not in raw or (role == "Receiving Agencies" and not weak):
            continue
        part = raw[["AidData TUFF Project ID", "Status", "Commitment Year"]].rename(
            columns={"AidData TUFF Project ID": "project"}
        )
        part = part.assign(actor=raw[role].str.split("|"), role=role, phase=phase)
        origins = raw[f"{role} Origin"].str.split("|") if f"{role} Origin" in raw else None
        part = part.assign(origin=origins) if origins is not None else part
        part = part.explode(["actor", "origin"] if origins is not None else ["actor"])
        part["actor"] = part["actor"].str.split().str.join(" ")
        part = part[part["actor"].fillna("") != ""]
        known = part["origin"].map(ORIGINS) if origins is not None else None
        part["scope"] = "guarantee" if role == "Accountable Agencies" else ""
        part["origin"] = "chinese" if role == "Funding Agencies" else known if known is not None else "unknown"
        parts.append(part)
    return pd.concat(parts)


@pytest.mark.parametrize("weak", [False, True])
@pytest.mark.parametrize("name", [HUAWEI, MILITARY])
def test_a_published_workbook_comes_in_whole(name: str, weak: bool) -> None:
    raw, result = published(name, weak=weak)
    adds_up(result)
    assert result.lines == len(raw)
    wanted = wanted_rows(raw, weak=weak)
    rows = result.rows.assign(role=result.rows["note"].str.split(":").str[0])
    # What a record says twice is one statement; the second is left, and said.
    once = wanted.drop_duplicates(["project", "phase", "scope", "actor", "origin"])
    have = rows.groupby(["role", "origin"]).size().to_dict()
    assert have == once.groupby(["role", "origin"]).size().to_dict()
    assert len(wanted) - len(once) == sum("the same statement" in one.reason for one in result.left)
    assert set(rows["project"]) == set(wanted["project"])
    cancelled = raw["Status"].isin(["Cancelled", "Suspended"]).sum()
    assert sum("was cancelled" in one.reason or "was suspended" in one.reason for one in result.left) == cancelled
    receiving = raw[~raw["Status"].isin(["Cancelled", "Suspended"])]["Receiving Agencies"].dropna()
    weakly = sum("only weakly" in one.reason for one in result.left)
    assert weakly == (0 if weak else receiving.str.split("|").explode().str.strip().ne("").sum())


@pytest.mark.parametrize("name", [HUAWEI, MILITARY])
def test_amounts_by_year_are_those_of_the_file(name: str) -> None:
    raw, result = published(name)
    raw = raw[~raw["Status"].isin(["Cancelled", "Suspended"]) & ~raw["Funding Agencies"].str.contains("|", regex=False)]
    paid = raw.dropna(subset=["Amount (Original Currency)"])
    paid = paid[paid["Original Currency"].isin(CURRENCIES)]
    keys = ["Commitment Year", "Original Currency"]
    wanted = paid["Amount (Original Currency)"].astype(float).groupby([paid[key] for key in keys]).sum()
    rows = result.rows
    have = rows[rows["amount"] != ""]
    found = have["amount"].astype(float).groupby([have["start"], have["currency"]]).sum()
    assert found.to_dict() == pytest.approx(wanted.to_dict())
    assert len(have) == len(paid)


def test_the_geocoded_subset_comes_in_without_the_columns_it_lacks() -> None:
    raw, result = published(GEOCODED)
    adds_up(result)
    assert result.lines == len(raw) == 3325
    wanted = wanted_rows(raw, weak=False)
    left = [one for one in result.left if one.extent == "entry" and "only weakly" not in one.reason]
    assert len(wanted) == len(result.rows) + len(left)
    assert set(result.rows["project"]) <= set(wanted["project"])
    assert Counter(raw["Status"])["Cancelled"] + Counter(raw["Status"])["Suspended"] == 31
    assert sum(one.extent == "line" for one in result.left) == 31
    years = result.rows[result.rows["phase"] == "financing"].groupby("start")["project"].nunique()
    live = raw[~raw["Status"].isin(["Cancelled", "Suspended"])]
    assert years.to_dict() == live["Commitment Year"].value_counts().to_dict()


def test_the_official_finance_dataset_comes_in_with_its_types_cut_off() -> None:
    raw, result = published(OFFICIAL)
    adds_up(result)
    assert result.lines == len(raw) == 5466
    live = raw[~raw["status"].isin(["Cancelled", "Suspended"])]
    rows = result.rows.assign(role=result.rows["note"].str.split(":").str[0])
    for role in ("funding_agency", "cofinancing_agency", "implementing_agency"):
        named = live[role].fillna("").str.split(";").explode().str.strip()
        left = [one for one in result.left if one.extent == "entry" and one.column != "code"]
        have = int((rows["role"] == role).sum())
        assert have <= int((named != "").sum()) <= have + len(left)
    columns = [live[role] for role in ("funding_agency", "cofinancing_agency", "implementing_agency")]
    named = pd.concat(columns).fillna("").str.split(";").explode()
    left = [one for one in result.left if one.extent == "entry" and "only weakly" not in one.reason]
    assert int((named.str.strip() != "").sum()) == len(rows) + len(left)
    assert not rows["actor"].str.contains(", (?:Government Agency|State-Owned Company|Private Sector)$").any()
    assert (rows[rows["actor"] == "Unspecified Chinese Government Institution"]["unnamed"] == "true").all()
    assert sum("was cancelled" in one.reason for one in result.left) == 26
    assert sum("was suspended" in one.reason for one in result.left) == 18
    funded = rows[rows["role"] == "funding_agency"]
    assert set(funded["origin"]) == {"chinese", "mixed"}
    assert set(funded.loc[funded["origin"] == "mixed", "actor"]) == {"China Venezuela Joint Fund"}


def test_amounts_of_the_official_finance_dataset_are_those_of_the_file() -> None:
    raw, result = published(OFFICIAL)
    raw = raw[~raw["status"].isin(["Cancelled", "Suspended"])]
    alone = raw["funding_agency"].str.split(";").map(lambda names: sum(bool(name.strip()) for name in names)) == 1
    paid = raw[alone & raw["currency"].isin(CURRENCIES)]
    paid = paid.assign(amount=pd.to_numeric(paid["amount"], errors="coerce"))
    paid = paid[paid["amount"] > 0]
    wanted = paid.groupby(["year", "currency"])["amount"].sum()
    have = result.rows[result.rows["amount"] != ""]
    found = have["amount"].astype(float).groupby([have["start"], have["currency"]]).sum()
    assert len(have) == len(paid)
    assert found.to_dict() == pytest.approx(wanted.to_dict())


# Version 3.0, made up in the columns of its dictionary.


def dictionary_columns() -> list[str]:
    """Return the columns of 3.0, of its dictionary where it is here."""
    try:
        table = public("gcdf3_data_dictionary.csv")
    except pytest.skip.Exception:
        return list(dict.fromkeys(preset("aiddata3").columns))
    return list(pd.read_csv(table)["field_name"])


def gcdf3(*records: dict[str, str]) -> bytes:
    columns = dictionary_columns()
    assert set(preset("aiddata3").columns) <= set(columns)
    base = {"Status": "Completed", "Recipient": "Ecuador", "Recipient ISO-3": "ECU", "Commitment Year": "2011"}
    rows = [[{**base, **record}.get(name, "") for name in columns] for record in records]
    return xlsx({"GCDF_3.0": [columns, *rows]})


def test_version_3_reads_origins_before_types(tmp_path: Path) -> None:
    file = tmp_path / "AidDatasGlobalChineseDevelopmentFinanceDataset_v3.0.xlsx"
    file.write_bytes(
        gcdf3(
            {
                "AidData Record ID": "1",
                "Title": "Network",
                "Funding Agencies": "Export-Import Bank of China|Unspecified Chinese Bank",
                "Funding Agencies Type": "State-owned Policy Bank|State-owned Bank",
                "Implementing Agencies": "CEIEC|ECU 911|A-B Joint Venture|World Bank",
                "Implementing Agencies Type": "Chinese State-owned Company|Recipient Government Agency|"
                "Recipient Special Purpose Vehicle/Joint Venture|Other Intergovernmental Organization",
                "Direct Receiving Agencies": "Ecuador Ministry of Finance",
                "Direct Receiving Agencies Type": "Recipient Government Agency",
                "Indirect Receiving Agencies": "ECU 911",
                "Indirect Receiving Agencies Type": "Recipient Government Agency",
                "Guarantor": "Ecuador Ministry of Finance",
                "Guarantor Agency Type": "Recipient Government Agency",
                "Insurance Provider": "Sinosure",
                "Insurance Provider Agency Type": "Chinese State-owned Company",
                "Implementation Start Year": "2011",
                "Completion Year": "2013",
                "Amount (Original Currency)": "240000000",
                "Original Currency": "USD",
            },
            {"AidData Record ID": "2", "Title": "Gone", "Status": "Cancelled", "Funding Agencies": "X"},
            {"AidData Record ID": "3", "Title": "Pledge", "Status": "Pipeline: Pledge", "Funding Agencies": "CDB",
             "Amount (Original Currency)": "5", "Original Currency": "CNY"},
            {"AidData Record ID": "4", "Title": "Nobody"},
        )
    )  # fmt: skip
    result = imported("aiddata", file)
    adds_up(result)
    have = set(
        result.rows[["project", "phase", "actor", "origin", "scope", "status", "unnamed"]].itertuples(
            index=False, name=None
        )
    )
    assert have == {
        ("1", "financing", "Export-Import Bank of China", "chinese", "", "held", ""),
        ("1", "financing", "Unspecified Chinese Bank", "chinese", "", "held", "true"),
        ("1", "financing", "Ecuador Ministry of Finance", "local", "guarantee", "held", ""),
        ("1", "financing", "Sinosure", "chinese", "insurance", "held", ""),
        ("1", "implementation", "CEIEC", "chinese", "", "held", ""),
        ("1", "implementation", "ECU 911", "local", "", "held", ""),
        ("1", "implementation", "A-B Joint Venture", "mixed", "", "held", ""),
        ("1", "implementation", "World Bank", "other", "", "held", ""),
        ("1", "operation", "ECU 911", "local", "", "held", ""),
        ("3", "financing", "CDB", "chinese", "", "proposed", ""),
    }
    assert result.rows.loc[result.rows["project"] == "3", ["amount", "currency"]].to_numpy().tolist() == [["5", "CNY"]]
    reasons = {one.reason for one in result.left}
    assert any("several holders together" in why for why in reasons)
    assert any("'Direct Receiving Agencies' is operation only weakly" in why for why in reasons)
    assert {(one.extent, one.line) for one in result.left if one.extent == "line"} == {("line", 3), ("line", 5)}


# One shape, made up, and everything that can be wrong in it.

HEADER = (
    "AidData TUFF Project ID,Title,Status,Recipient,Commitment Year,Funding Agencies,Funding Agencies Type,"
    "Implementing Agencies,Implementing Agencies Type,Implementing Agencies Origin,Receiving Agencies,"
    "Amount (Original Currency),Original Currency,Implementation Start Year,Completion Year"
)


def aiddata(tmp_path: Path, *lines: str) -> Path:
    file = tmp_path / "data.csv"
    file.write_text("\n".join([HEADER, *lines]) + "\n", "utf-8")
    return file


def test_every_reject_has_its_line_and_its_reason(tmp_path: Path) -> None:
    file = aiddata(
        tmp_path,
        "1,A,Completion,Ecuador,2011,CDB,State-owned Policy Bank,CEIEC|Locals,State-owned Company|Private Sector,"
        "China (People's Republic of)|Recipient,Min,240,USD,2011,2013",
        '2,B,Completion,"Africa, regional",1784,CDB,State-owned Policy Bank,X|Y,State-owned Company,Recipient,,'
        "5,USD|CNY,2013,2011",
        "3,C,Completion,Ecuador,2011,CDB|Exim,A|B,,,,,7,USD,,",
        "3,D,Completion,Ecuador,2011,CDB,A,,,,,7,USD,,",
        "5,E,Suspended,Ecuador,2011,CDB,A,,,,,7,USD,,",
        ",F,Completion,Ecuador,2011,CDB,A,,,,,7,USD,,",
        "7,G,Completion,Ecuador,2011,,,,,,,,,,",
        "8,H,Completion,Ecuador,2011,CDB,A,CEIEC / ZTE,State-owned Company,Martian,,,,,",
    )
    result = imported("aiddata", file)
    adds_up(result)
    told = {(one.line, one.extent, one.found, re.sub(r"[':].*", "", one.reason)) for one in result.left}
    assert told >= {
        (2, "entry", "Min", "the role "),
        (3, "value", "Africa, regional", "this is no country; the project is in the table without it"),
        (3, "value", "1784", "this is no year from 1900 to 2099"),
        (3, "value", "2013–2011", "the end is before the start; the statement is in the table without years"),
        (3, "value", "5 USD|CNY", "its currency is no code of ISO 4217, or two"),
        (4, "line", "3", "the project has several names"),
        (5, "line", "3", "the project has several names"),
        (6, "line", "Suspended", "the project was suspended"),
        (7, "line", "", "the line names no project"),
        (8, "line", "", "the line names nobody"),
    }
    assert any(
        one.line == 9 and one.found == "CEIEC / ZTE" and "Write a row for each" in one.reason for one in result.left
    )
    assert any("[lookups.origin] has no entry for 1 value: 'Martian'" in remark for remark in result.remarks)
    row = result.rows[result.rows["actor"] == "CDB"].iloc[0]
    assert (row["amount"], row["currency"], row["start"], row["locator"]) == ("240", "USD", "2011", "record 1")


def test_the_folder_is_a_study_that_check_finds_sound(tmp_path: Path) -> None:
    file = aiddata(
        tmp_path,
        "1,Cameras,Completion,Ecuador,2011,CDB,State-owned Policy Bank,CEIEC|Police,"
        "State-owned Company|Government Agency,China (People's Republic of)|Recipient,,240,USD,2011,2013",
    )
    folder = tmp_path / "study"
    done = run("aiddata", file, "-o", folder)
    assert done.exit_code == 0, done.output
    assert (
        "1 line: 1 in the table, 0 rejected.\n3 holders in them: 3 in the table, 0 rejected.\n1 project.\n"
        in done.stdout
    )
    assert sorted(path.name for path in folder.iterdir()) == [
        "actors_by_phase.csv", "codebook.toml", "projects.csv", "rejected.csv", "sources.bib",
    ]  # fmt: skip
    check = agency("check", folder)
    assert check.exit_code == 0, check.output
    assert "no errors" in check.output
    table = agency("table", folder, "--min-phases", "0", "--phase", "implementation", "-f", "csv")
    assert list(csv.reader(io.StringIO(table.stdout)))[1] == [
        "Implemented by",
        "CEIEC (2011–2013) and Police (2011–2013)",
    ]
    again = run("aiddata", file, "-o", folder)
    assert again.exit_code == 2
    assert "is not empty" in again.output


def test_a_workbook_is_table_1_a_figure_and_a_headline_in_four_commands(tmp_path: Path) -> None:
    file, folder = public(HUAWEI), tmp_path / "huawei"
    assert run("aiddata", file, "-o", folder, "--weak").exit_code == 0
    phases = ("--phase", "financing", "--phase", "implementation", "--phase", "operation")
    table = agency("table", folder, "--country", "SRB", *phases)
    assert table.exit_code == 0
    assert "Huawei Technologies Co., Ltd." in table.stdout
    assert agency("heatmap", folder, "--country", "SRB", *phases, "-o", tmp_path / "table1.svg").exit_code == 0
    brief = agency("brief", folder)
    assert brief.exit_code == 0
    assert "165 projects" in brief.stdout


def test_a_long_file_tells_how_far_it_is(tmp_path: Path) -> None:
    line = "{n},T{n},Completion,Ecuador,2011,CDB,State-owned Policy Bank,CEIEC,State-owned Company,Recipient,,1,USD,,"
    file = aiddata(tmp_path, *(line.format(n=n) for n in range(12_000)))
    said: list[str] = []
    result = imported("aiddata", file, progress=said.append)
    assert result.lines == 12_000
    assert said == ["reading data.csv (1.3 MB)", "12,000 lines read", "24,000 holders named", "checking"]


NAMES = st.lists(st.sampled_from(["CDB", "Exim", "Unspecified Chinese Bank", "", " ", "CEIEC"]), max_size=3).map(
    "|".join
)


@settings(max_examples=examples(12), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["1", "2", "3", ""]),
            st.sampled_from(["A", "B"]),
            st.sampled_from(["Completion", "Cancelled", "Pipeline: Pledge", "?"]),
            NAMES,
            NAMES,
            NAMES,
        ),
        min_size=1,
        max_size=8,
    ),
    st.booleans(),
)
def test_whatever_a_table_holds_the_counts_add_up(
    tmp_path: Path, records: list[tuple[str, str, str, str, str, str]], weak: bool
) -> None:
    lines = [
        f"{key},{name},{status},Ecuador,2011,{funding},,{doing},,,{receiving},5,USD,,"
        for key, name, status, funding, doing, receiving in records
    ]
    result, codes = None, []
    try:
        result = imported("aiddata", aiddata(tmp_path, *lines), weak=weak)
    except DataError as error:
        codes = [entry.code for entry in error.findings]
    if result is None:
        assert codes == ["import-nothing"]
        return
    adds_up(result)
    assert result.lines == len(records)
    names = Counter(
        name.strip()
        for key, name_of, status, *cells in records
        if key
        and status not in ("Cancelled",)
        and len({r[1] for r in records if r[0] == key and r[2] != "Cancelled"}) == 1
        for cell in cells
        for name in cell.split("|")
        if name.strip()
    )
    told = Counter(result.rows["actor"]) + Counter(one.found for one in result.left if one.extent == "entry")
    assert told == names


# Bad input.


@pytest.mark.parametrize(
    "what,content,told",
    [
        ("aiddata", "project,phase\nA,design\n", "this is a text or CSV file; expected AidData's"),
        ("aiddata", HEADER.replace("Status,", "") + "\n1\n", "but without Status"),
        ("aiddata", '{"releases": []}', "'agency import oc4ids' reads it"),
        ("aiddata", "<?xml version='1.0'?>\n<iati-activities version='2.03'/>", "'agency import iati' reads it"),
        ("iati", "project,phase\nA,design\n", "expected an IATI file of activities (XML)"),
        ("iati", '{"releases": []}', "'agency import oc4ids' reads it"),
        ("oc4ids", "a,b\n1,2\n", "expected a JSON file of OC4IDS"),
        ("qdpx", "a,b\n1,2\n", "the columns id, document, tag and content of Taguette"),
        ("wide", "a,b\n1,2\n", "phases in the first row or column"),
        ("wide", HEADER + "\n1,A\n", "It looks like a table of AidData: 'agency import aiddata' reads it."),
        ("aiddata", "Phase,P\nDesigned by,A\nOperation,B\n", "'agency import wide' reads it."),
        ("wide", "id,document,tag,content\n1,D,phase/design,x\n", "'agency import qdpx' reads it."),
        ("wide", "%PDF-1.7", "this is a PDF file; expected a table"),
    ],
)  # fmt: skip
def test_a_file_of_another_kind_is_said_to_be_one(tmp_path: Path, what: str, content: str, told: str) -> None:
    file = tmp_path / "given"
    file.write_text(content, "utf-8")
    done = run(what, file, "-o", tmp_path / "out")
    assert done.exit_code == 1
    assert told in done.output
    assert "Nothing was written." in done.output
    assert not (tmp_path / "out").exists()


def test_another_encoding_is_read_and_one_of_two_readings_is_not(tmp_path: Path) -> None:
    line = "1,Cámaras,Completion,Perú,2011,Compañía,State-owned Policy Bank,,,,,,,,"
    file = tmp_path / "latin.csv"
    file.write_bytes(f"{HEADER}\n{line}\n".encode("cp1252"))
    result = imported("aiddata", file)
    assert result.rows["actor"].tolist() == ["Compañía"]
    assert result.projects["country"].tolist() == ["PER"]
    file.write_bytes(f"{HEADER}\n{line}\n".encode("cp1252") + "2,Cámaras,,,,,,,,,,,,,\n".encode())
    with pytest.raises(DataError, match="encoding"):
        imported("aiddata", file)


def test_there_is_no_other_door(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="Did you mean 'aiddata'"):
        import_files("aidata", [tmp_path])
    assert set(DOORS) == {"wide", "aiddata", "iati", "oc4ids", "qdpx"}
    missing = run("aiddata", tmp_path / "none.csv", "-o", tmp_path / "out")
    assert missing.exit_code == 2


# Mapping files.

MAPPING = """
title = "Cables"
recognise = ["cable"]
crosswalk = ["TeleGeography v3"]

[project]
project = "cable"
country = "landing"

[lookups.origin]
"HMN*" = "chinese"
SubCom = "western"

[[holder]]
actor = "owners"
split = ","
code = { constant = "owners" }
start = "rfs"

[[holder]]
actor = "suppliers"
split = ","
code = { constant = "suppliers" }
origin = { column = "named", lookup = "origin" }
note = { text = "supplier of {cable}, {rfs}" }
"""
CABLES = 'cable,landing,rfs,owners,suppliers\nA,ECU,2007,"CNT, Telconet",SubCom\nB,PER,2015,X,"HMN Tech, NEC"\n'


def mapped(tmp_path: Path, mapping: str = MAPPING, table: str = CABLES):
    (tmp_path / "mapping.toml").write_text(mapping, "utf-8")
    (tmp_path / "cables.csv").write_text(table, "utf-8")
    return import_files(str(tmp_path / "mapping.toml"), [tmp_path / "cables.csv"])


def test_a_mapping_file_reads_any_table(tmp_path: Path) -> None:
    result = mapped(tmp_path).imported
    adds_up(result)
    columns = ["project", "country", "phase", "actor", "origin", "start", "source", "note"]
    assert result.rows[columns].to_numpy().tolist() == [
        ["A", "ECU", "operation", "CNT", "unknown", "2007", "cables", ""],
        ["A", "ECU", "operation", "Telconet", "unknown", "2007", "cables", ""],
        ["A", "ECU", "implementation", "SubCom", "western", "", "cables", "supplier of A, 2007"],
        ["B", "PER", "operation", "X", "unknown", "2015", "cables", ""],
        ["B", "PER", "implementation", "HMN Tech", "chinese", "", "cables", "supplier of B, 2015"],
        ["B", "PER", "implementation", "NEC", "unknown", "", "cables", "supplier of B, 2015"],
    ]
    assert result.remarks == ("[lookups.origin] has no entry for 1 value: 'NEC'",)


def test_a_lookup_that_misses_many_values_counts_them_and_names_five(tmp_path: Path) -> None:
    lines = "".join(f"C{n},ECU,2007,O{n},Firm {n}\n" for n in range(40))
    result = mapped(tmp_path, table="cable,landing,rfs,owners,suppliers\n" + lines).imported
    said = "[lookups.origin] has no entry for 40 values: 'Firm 0', 'Firm 1', 'Firm 2', 'Firm 3', 'Firm 4' and 35 more"
    assert said in counts(result)


def test_a_mapping_that_maps_nothing_says_why(tmp_path: Path) -> None:
    mapping = (
        MAPPING.replace('code = { constant = "owners" }', 'phase = { constant = "owning" }')
        .replace('code = { constant = "suppliers" }', 'phase = { constant = "supplying" }')
        .replace('crosswalk = ["TeleGeography v3"]\n', "")
    )
    with pytest.raises(DataError, match="'owning' is no phase of the codebook") as error:
        mapped(tmp_path, mapping)
    assert [entry.code for entry in error.value.findings] == ["import-nothing"]


@pytest.mark.parametrize(
    "old,new,line,told",
    [
        ('start = "rfs"', 'strat = "rfs"', 18, "found 'strat'"),
        ('lookup = "origin"', 'lookup = "origins"', 24, "found lookup = 'origins'"),
        ('project = "cable"', 'cable = "cable"', 7, "found 'cable'"),
        ('{ text = "supplier of {cable}, {rfs}" }', "5", 25, "found 5"),
        ('crosswalk = ["TeleGeography v3"]', 'crosswalk = ["Tele"]', 4, "found 'Tele'"),
        ('actor = "owners"\n', "", 14, "found no actor"),
        ("[project]", "[project", 6, "[toml-syntax]"),
        ('origin = { column = "named", lookup = "origin" }', "", 10, "a lookup that some field names"),
    ],
)
def test_a_mistake_in_a_mapping_has_its_line(tmp_path: Path, old: str, new: str, line: int, told: str) -> None:
    with pytest.raises(DataError) as error:
        mapped(tmp_path, MAPPING.replace(old, new, 1))
    assert told in str(error.value)
    assert line in {entry.line for entry in error.value.findings}


def test_a_column_of_the_mapping_that_the_file_lacks_is_named(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="no column 'rfs'; found cable, landing, owners and suppliers"):
        mapped(tmp_path, table=CABLES.replace(",rfs,", ",").replace(",2007,", ",").replace(",2015,", ","))


def test_a_long_file_may_have_lines_without_an_actor(tmp_path: Path) -> None:
    mapping = """
recognise = ["case"]
[project]
project = "case"
[[holder]]
actor = "who"
always = "yes"
phase = "what"
status = "state"
origin = "where"
"""
    table = "case,what,who,state,where\nA,design,ZTE,held,chinese\nA,maintenance,,vacant,\nA,operation,,held,\n"
    result = mapped(tmp_path, mapping, table).imported
    adds_up(result)
    assert result.rows[["phase", "actor", "status"]].to_numpy().tolist() == [
        ["design", "ZTE", "held"],
        ["maintenance", "", "vacant"],
    ]
    assert [one.line for one in result.left] == [4, 4]


def test_what_is_rejected_runs_in_no_spreadsheet(tmp_path: Path) -> None:
    table = 'cable,landing,rfs,owners,suppliers\n,ECU,2007,=cmd(),\nA,ECU,2007,X,\n"=cmd()",Atlantis,2007,Y,\n'
    study = mapped(tmp_path, table=table)
    assert "\n=cmd" not in study_files(study.imported, sources="")["rejected.csv"]
    assert {one.line for one in study.imported.left} >= {2}
