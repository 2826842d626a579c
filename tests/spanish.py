"""A sheet as people have it: in Spanish, from Excel, with what `agency check` has to read, say or ask about.

Twenty-five rows. As a workbook the project and country cells are merged, a title stands above the header, a row number
before each row, a line on the source below, years are dates, and two stray spaces stand far out; as CSV it is what
Excel saves in Ecuador.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence

from workbooks import Blank, Cell, Date, Fault, Rows, xlsx

_HEAD = (
    "Proyecto~País~Fase~Actor~Origen~Tipo de actor~Papel~Año de inicio~Fecha fin~Estado~Fuente~Página~"
    "Nivel de confianza~Sin nombre~Comentarios~Región"
)
_ROWS = """
ECU 911~Ecuador~Iniciación~Gobierno de Ecuador~Local~Gobierno~~2011~~~s1~3~Documentado~~~Andes
ECU 911~Ecuador~Requisitos~Gobierno de Ecuador~local~gobierno~principal~2011~2012~~s1~3~reportado~no~~Andes
ECU 911~Ecuador~DISEÑO~CEIEC~Chino~Empresa estatal~~2011~2012~~s1~4~documentado~~~Andes
ECU 911~Ecuador~Implementación~CEIEC y Huawei~chino~~~2012~~~s1~4~~~~Andes
ECU 911~Ecuador~Operación y gestión~Gobierno de Ecuador~local~gobierno~~desde 2012~~~s1~5~~~~Andes
ECU 911~Ecuador~Mantenimiento~Hasta 2018: CEIEC~chino~empresa estatal~~~~~s1~5~~~~Andes
ECU 911~Ecuador~Mantenimiento~en negociación~~~~2018~~~s1~5~~~~Andes
JSeI~Argentina~Iniciación~Provincia de Jujuy~local~Gobierno~~2016~~Sostenida~s2~7~~~~Plata
JSeI~Argentina~Diseño~ZTE~china~Empresa estatal~~2017~~~s2; s3~7~~~~Plata
JSeI~Argentina~Implementación~Provincia de Jujuy / ZTE~local, chino~~~2018~2019~~s2~8~~~~Plata
JSeI~Argentina~Implementación~Empresas locales~local~empresa privada~~2018~hasta 2019~~s2~8~~sí~~Plata
JSeI~Argentina~Operación y mantenimiento~Provincia de Jujuy~local~gobierno~~2019~~~s2~8~~~con | barra~Plata
JSeI~Argentina~Mantenimiento~ZTE por 3 años~china~~~2019~~~s2~9~~~~Plata
JSeI~Argentina~Operación~Huawei (desde 2019)~china~~apoyo~~~~s2~9~~~~Plata
C5 CDMX~México~Iniciación~Gobierno de la Ciudad de México~Local~gobierno~~c. 2009~~~s3~1~~~~Norte
C5 CDMX~México~Diseño~Thales + Telmex~Occidental; local~~~2009~~~s3~1~~~~Norte
C5 CDMX~México~Implementación~Thales~occidental~empresa privada~~2009–2011~~~s3~#N/D~~~~Norte
C5 CDMX~México~Operación y gestión~C5~local~gobierno~~2011~3 años~~s3~2~Presunto~~~Norte
C5 CDMX~México~Mantenimiento~n/d~~~~~~~s3~2~~~~Norte
BOL-110~Bolivia~Iniciación~Gobierno de Bolivia~local~gobierno~~hasta 2016~~~s4~1~~~~Andes
BOL-110~Bolivia~Diseño~Ceiec~chino~empresa estatal~~2017~~~s4~1~~~~Andes
BOL-110~Bolivia~Operación y gestión~Fundación Ni├▒os &amp; Paz~local~~~2019~~~s4~2~~~~Andes
BOL-110~Bolivia~Mantenimiento~~~~~2019~~Vacante~s4~2~~~~Andes
Red K~Corea~Diseño~ZTE¶Huawei~chino~~~2020~~Propuesto~s4~3~~~~Asia
Red K~Corea~Iniciación~#¡REF!~local~~~2020~~~s4~3~~~~Asia
"""
HEADER = tuple(_HEAD.split("~"))
ROWS = tuple(
    # ¶ is a line break in a cell, ├▒ an ñ that was UTF-8 and is read as Windows-1252.
    tuple(line.replace("¶", "\n").replace("├▒", "Ã±").split("~"))
    for line in _ROWS.strip().splitlines()
)
"""The rows, whichever file they come from."""
TITLE = "Tabla 1. Actores por fase"
NOTE = "Fuente: elaboración propia"
_YEARS = ("Año de inicio", "Fecha fin")

_MEANT = """
ECU 911~ECU~initiation~Gobierno de Ecuador~local~government~~2011~~~~s1~3~documented~
ECU 911~ECU~requirements~Gobierno de Ecuador~local~government~lead~2011~2012~~~s1~3~reported~false
ECU 911~ECU~design~CEIEC~chinese~state_firm~~2011~2012~~~s1~4~documented~
ECU 911~ECU~implementation~CEIEC~chinese~~~2012~~~~s1~4~~
ECU 911~ECU~implementation~Huawei~chinese~~~2012~~~~s1~4~~
ECU 911~ECU~operation~Gobierno de Ecuador~local~government~~2012~~~~s1~5~~
ECU 911~ECU~maintenance~CEIEC~chinese~state_firm~~~2018~~~s1~5~~
ECU 911~ECU~maintenance~~~~~2018~~~negotiating~s1~5~~
JSeI~ARG~initiation~Provincia de Jujuy~local~government~~2016~~~held~s2~7~~
JSeI~ARG~design~ZTE~chinese~state_firm~~2017~~~~s2~7~~
JSeI~ARG~design~ZTE~chinese~state_firm~~2017~~~~s3~7~~
JSeI~ARG~implementation~Provincia de Jujuy~local~~~2018~2019~~~s2~8~~
JSeI~ARG~implementation~ZTE~chinese~~~2018~2019~~~s2~8~~
JSeI~ARG~implementation~Empresas locales~local~private_firm~~2018~2019~~~s2~8~~true
JSeI~ARG~operation~Provincia de Jujuy~local~government~~2019~~~~s2~8~~
JSeI~ARG~maintenance~Provincia de Jujuy~local~government~~2019~~~~s2~8~~
JSeI~ARG~maintenance~ZTE~chinese~~~2019~~3~~s2~9~~
JSeI~ARG~operation~Huawei~chinese~~support~2019~~~~s2~9~~
C5 CDMX~MEX~initiation~Gobierno de la Ciudad de México~local~government~~2009~~~~s3~1~~
C5 CDMX~MEX~design~Thales~western~~~2009~~~~s3~1~~
C5 CDMX~MEX~design~Telmex~local~~~2009~~~~s3~1~~
C5 CDMX~MEX~implementation~Thales~western~private_firm~~2009~2011~~~s3~2~~
C5 CDMX~MEX~operation~C5~local~government~~2011~~3~~s3~2~alleged~
BOL-110~BOL~initiation~Gobierno de Bolivia~local~government~~~2016~~~s4~1~~
BOL-110~BOL~design~CEIEC~chinese~state_firm~~2017~~~~s4~1~~
BOL-110~BOL~operation~Fundación Niños & Paz~local~~~2019~~~~s4~2~~
BOL-110~BOL~maintenance~~~~~2019~~~vacant~s4~2~~
Red K~KOR~design~ZTE~chinese~~~2020~~~proposed~s4~3~~
Red K~KOR~design~Huawei~chinese~~~2020~~~proposed~s4~3~~
Red K~KOR~initiation~Samsung~local~~~2020~~~~s4~3~~
"""
MEANT_COLUMNS = (
    *("project", "country", "phase", "actor", "origin", "actor_kind", "role", "start", "end", "duration_years"),
    *("status", "source", "locator", "confidence", "unnamed"),
)
MEANT = tuple(tuple(line.split("~")) for line in _MEANT.strip().splitlines())
"""What the sheet means, row by row, in the words of the data format, as its author would write it."""
KNOWN: Mapping[str, str] = {
    "Sostenida": "held",
    "Corea": "KOR",
    "#N/D": "2",
    "#¡REF!": "Samsung",
    "Fundación NiÃ±os &amp; Paz": "Fundación Niños & Paz",
}
"""What only the author knows: by what stands there, what it is to be."""


def spanish_csv(header: Sequence[str] = HEADER, rows: Sequence[Sequence[str]] = ROWS, *, note: str = NOTE) -> bytes:
    """Return the sheet as Excel saves it in Ecuador: semicolons, Windows-1252, an empty tail."""
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, delimiter=";", lineterminator="\r\n")
    writer.writerows([header, *rows, [""] * len(header)])
    writer.writerows([[note, *[""] * (len(header) - 1)]] * bool(note))
    return stream.getvalue().encode("cp1252")


def spanish_xlsx(header: Sequence[str] = HEADER, rows: Sequence[Sequence[str]] = ROWS, *, note: str = NOTE) -> bytes:
    """Return the sheet as a workbook: merged cells, a title, a row index, years as dates, rows of spaces, a note."""
    page: list[list[Cell]] = [[TITLE], [], [None, *header]]
    merged, first = [], 4
    for number, row in enumerate(rows):
        begins = number == 0 or row[:2] != rows[number - 1][:2]
        if begins and number and len(page) > first:
            merged += [f"{letter}{first}:{letter}{len(page)}" for letter in "BC"]
        first = len(page) + 1 if begins else first
        names: list[Cell] = [row[0], row[1]] if begins else [None, None]
        page.append([number, *names, *map(_cell, header[2:], row[2:])])
    merged += [f"{letter}{first}:{letter}{len(page)}" for letter in "BC"] if len(page) > first else []
    page += [[Blank(), None, Blank()]]
    page += [[None, note]] if note else []
    cells = {(row, column): cell for row, line in enumerate(page, 1) for column, cell in enumerate(line, 1)}
    cells[(1_048_576, 16_384)] = Blank()
    help_page: Rows = [["Llenar la hoja Datos"]]
    return xlsx({"Datos": cells, "Instrucciones": help_page}, merged=merged)


def _cell(name: str, value: str) -> Cell:
    """Return a cell as Excel keeps it: years as dates, numbers as numbers, error values."""
    if value.startswith("#"):
        return Fault({"#N/D": "#N/A", "#¡REF!": "#REF!"}[value])
    if name in _YEARS and value.isdecimal():
        return Date(f"{value}-01-01", (int(value) - 1900) * 365 + (int(value) - 1901) // 4 + 2)
    if value.isdecimal():
        return int(value)
    return value or None
