"""The actor cell: no wrong row passes unseen, no right name is refused."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from agency.table.check import examine_data
from agency.table.names import source_keys, spelling

SOUND = {"project": "P", "phase": "design", "actor": "A", "origin": "local", "source": "s"}
ABOUT_NAMES = {"actor-status", "actor-period", "actor-separator", "actor-joined", "cell-error", "character-damage",
               "name-spelling", "source-two", "character-invisible", "cell-formula"}  # fmt: skip
REAL = [
    line for line in (Path(__file__).parent / "organisations.txt").read_text("utf-8").splitlines() if line[0] != "#"
]
WHOLE = [
    "Ernst & Young", "Bouygues Travaux Publics et Associés", "Ministry of Science and Technology", "AT&T", "Y.P.F.",
    "Research and Development Co., Ltd.", "Johnson & Sons", "N.V. Nederlandse Gasunie", "Nobody's Child Ltd",
    "Procter & Gamble", "Unknown Worlds Entertainment", "None of the Above Ltd", "Vacant Lots Trust", "3M", "7-Eleven",
    "Century 21", "Expo 2010 Bureau", "Forum 2000", "Copa 2020-2021 Committee", "C&A", "A/S Norske Shell",
    "C++ Alliance", "Negotiation Partners AG", "#1 Networks", "Ltd", "S.A.",
]  # fmt: skip


def found(*rows, codes=ABOUT_NAMES):
    seen = examine_data(pd.DataFrame([{**SOUND, **row} for row in rows]))
    return [entry for entry in seen.findings if entry.code in codes]


def test_there_are_enough_real_names():
    assert len(set(REAL)) >= 200


def test_real_names_stay_as_they_are():
    entries = found(*({"actor": name} for name in (*REAL, *WHOLE)))
    assert [(entry.code, entry.found) for entry in entries if entry.severity == "error"] == []
    assert [(entry.code, entry.found) for entry in entries if entry.code != "name-spelling"] == []


@pytest.mark.parametrize(
    "name, status",
    [("nobody", "vacant"), ("None", "vacant"), ("VACANTE", "vacant"), ("Ninguém", "vacant"), ("nadie", "vacant"),
     ("under negotiation", "negotiating"), ("en negociación", "negotiating"), ("Em negociação", "negotiating"),
     ("not coded", "unnamed"), ("n/a", "unnamed"), ("N/D", "unnamed"), ("?", "unnamed"), ("-", "unnamed"),
     ("—", "unnamed"), ("...", "unnamed"), ("unknown", "unnamed"), ("tbd", "unnamed"), ("sin datos", "unnamed"),
     ("Desconhecido", "unnamed"), ("no aplica", "not_applicable"), ("Under negotiation with Huawei", "'Huawei'")],
)  # fmt: skip
def test_a_status_typed_as_an_actor(name, status):
    (entry,) = found({"actor": name}, codes={"actor-status"})
    assert (entry.severity, entry.found, entry.column) == ("error", name, "actor")
    assert status in entry.fix


@pytest.mark.parametrize(
    "name, fix",
    [("Until 2018: CEIEC", "Write 'CEIEC' as actor and 2018 into end."),
     ("Hasta 2018: CEIEC", "Write 'CEIEC' as actor and 2018 into end."),
     ("Até 2018: CEIEC", "Write 'CEIEC' as actor and 2018 into end."),
     ("From 2018 onwards: Huawei", "Write 'Huawei' as actor and 2018 into start."),
     ("Huawei (desde 2019)", "Write 'Huawei' as actor and 2019 into start."),
     ("Huawei since 2019", "Write 'Huawei' as actor and 2019 into start."),
     ("2012–2018: ZTE", "Write 'ZTE' as actor, 2012 into start and 2018 into end."),
     ("ZTE (2012-2018)", "Write 'ZTE' as actor, 2012 into start and 2018 into end."),
     ("ZTE (2012)", "Write 'ZTE' as actor and 2012 into start."),
     ("ZTE for 3 years", "Write 'ZTE' as actor and 3 into duration_years."),
     ("ZTE por 3 años", "Write 'ZTE' as actor and 3 into duration_years.")],
)  # fmt: skip
def test_a_period_in_an_actor(name, fix):
    (entry,) = found({"actor": name}, codes={"actor-period"})
    assert (entry.severity, entry.fix) == ("error", fix)


@pytest.mark.parametrize("name", ["ZTE | Huawei", "ZTE; Huawei", "ZTE / Huawei", "ZTE + Huawei", "ZTE\nHuawei"])
def test_a_separator_in_an_actor(name):
    (entry,) = found({"actor": name}, codes={"actor-separator"})
    assert (entry.severity, entry.fix) == ("error", "Write a row for each: 'ZTE' and 'Huawei'.")


@pytest.mark.parametrize(
    "column, cell",
    [("actor", "#N/A"), ("actor", "#REF!"), ("actor", "#¡REF!"), ("actor", "#N/D"), ("source", "#N/A"),
     ("locator", "#VALUE!"), ("locator", "#¡VALOR!"), ("locator", "#DIV/0!"), ("actor", "#¿NOMBRE?"),
     ("actor", "Err:502")],
)  # fmt: skip
def test_an_error_of_a_spreadsheet(column, cell):
    (entry,) = found({column: cell}, codes={"cell-error"})
    assert (entry.severity, entry.column, entry.found) == ("error", column, cell)


@pytest.mark.parametrize(
    "name, others, joined",
    [("ZTE and Huawei", ["ZTE", "Huawei"], True), ("ZTE y Huawei", ["ZTE", "Huawei"], True),
     ("ZTE e Huawei", ["ZTE", "Huawei"], True), ("ZTE & Huawei", ["ZTE", "Huawei"], True),
     ("ZTE, Huawei", ["ZTE", "Huawei"], True), ("ZTE, Huawei and CEIEC", ["ZTE", "Huawei", "CEIEC"], True),
     ("zte and HUAWEI", ["ZTE", "Huawei"], True), ("ZTE and others", ["ZTE"], True),
     ("ZTE and Huawei", [], False), ("ZTE and Sons", ["ZTE"], False), ("ZTE and Huawei Co., Ltd.", ["ZTE"], False),
     ("Ministry of Science and Technology", ["Ministry of Science"], False),
     ("Ministry of Science and Ministry of Health", ["Ministry of Science", "Ministry of Health"], True)],
)  # fmt: skip
def test_a_name_made_of_names(name, others, joined):
    entries = found({"actor": name}, *({"actor": other} for other in others), codes={"actor-joined"})
    assert [(entry.severity, entry.found) for entry in entries] == [("warning", name)] * joined


def test_a_name_that_is_listed_is_not_questioned(tmp_path):
    (tmp_path / "actors.csv").write_text("actor\nZTE and Huawei\nZTE\nHuawei\nHuawei Co Ltd\n")
    rows = "".join(f"P,design,{name},local,s\n" for name in ("ZTE and Huawei", "ZTE", "Huawei", "Huawei Co Ltd"))
    (tmp_path / "actors_by_phase.csv").write_text(f"project,phase,actor,origin,source\n{rows}")
    assert {entry.code for entry in examine_data(tmp_path).findings} & ABOUT_NAMES == set()


@pytest.mark.parametrize(
    "one, other",
    [("Huawei Co., Ltd.", "Huawei Co Ltd"), ("Telefónica S.A.", "Telefonica"), ("ZTE", "zte"), ("Y.P.F.", "YPF"),
     ("Hikvision", "Hikvision Inc."), ("CEIEC", "СEIEC"), ("ZTE", "ＺＴＥ"), ("Jujuy's Ministry", "Jujuy’s Ministry")],
)  # fmt: skip
def test_two_spellings_of_one_name(one, other):
    assert spelling(one) == spelling(other)
    (entry,) = found({"actor": one}, {"actor": other}, codes={"name-spelling"})
    assert (entry.severity, entry.line, entry.found) == ("warning", 3, other)


def test_different_names_are_different():
    assert spelling("Huawei Marine") != spelling("Huawei")
    assert spelling("Ltd") != spelling("S.A.")


@pytest.mark.parametrize("cell", ["Compa\ufffdía", "CompaÃ±ía", "Johnson &amp; Co", "ItÃ¡lia", "Donâ€™s"])
def test_damaged_characters(cell):
    (entry,) = found({"actor": cell}, codes={"character-damage"})
    assert (entry.severity, entry.found) == ("warning", cell)


@pytest.mark.parametrize("cell", ["São Paulo", "Ñandú", "Âncora", "R&D; more", "AT&T", "Ã", "中国"])
def test_sound_characters(cell):
    assert found({"note": cell}, codes={"character-damage"}) == []


@pytest.mark.parametrize(
    "cell, known, keys",
    [("s1, s2", [], ["s1", "s2"]), ("s1; s2", [], ["s1", "s2"]), ("Smith, 2020", [], []),
     ("Vila Seoane, 2024", [], []), ("Smith; Jones", ["Smith", "Jones"], ["Smith", "Jones"]),
     ("s1,s2", ["s1,s2"], []), ("coupland2026", [], [])],
)  # fmt: skip
def test_two_keys_in_a_source(cell, known, keys):
    assert source_keys(cell, known) == keys


def test_two_keys_are_said_once(tmp_path):
    (tmp_path / "sources.bib").write_text("@misc{s1, title = {T}}\n@misc{s2, title = {T}}\n")
    (tmp_path / "actors_by_phase.csv").write_text('project,phase,actor,origin,source\nP,design,A,local,"s1, s2"\n')
    (entry,) = [entry for entry in examine_data(tmp_path).findings if entry.severity == "error"]
    assert (entry.code, entry.fix) == ("source-two", "Write a row for each: s1 and s2.")
