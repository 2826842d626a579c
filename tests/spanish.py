"""A sheet as people have it: in Spanish, from Excel, with what `agency check` has to read, say or ask about.

Twenty-five rows. As a workbook the project and country cells are merged, a title stands above the header, a row number
before each row, a line on the source below, and years are dates; as CSV it is what Excel saves in Ecuador.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

from workbooks import Blank, Cell, Date, xlsx

HEADER = (
    *("Proyecto", "País", "Fase", "Actor", "Origen", "Tipo de actor", "Año de inicio", "Fecha fin", "Estado"),
    *("Fuente", "Página", "Nivel de confianza", "Sin nombre", "Comentarios", "Región"),
)
TITLE = "Tabla 1. Actores por fase"
NOTE = "Fuente: elaboración propia"
BLOCKS: Sequence[tuple[str, str, Sequence[Sequence[str]]]] = (
    (
        "ECU 911",
        "Ecuador",
        (
            (
                "Iniciación",
                "Gobierno de Ecuador",
                "Local",
                "Gobierno",
                "2011",
                "",
                "",
                "s1",
                "3",
                "Documentado",
                "",
                "",
                "A",
            ),
            (
                "Requisitos",
                "Gobierno de Ecuador",
                "local",
                "gobierno",
                "2011",
                "2012",
                "",
                "s1",
                "3",
                "reportado",
                "no",
                "",
                "A",
            ),
            ("DISEÑO", "CEIEC", "Chino", "Empresa estatal", "2011", "2012", "", "s1", "4", "documentado", "", "", "A"),
            ("Implementación", "CEIEC y Huawei", "chino", "", "2012", "", "", "s1", "4", "", "", "", "A"),
            (
                "Operación y gestión",
                "Gobierno de Ecuador",
                "local",
                "gobierno",
                "desde 2012",
                "",
                "",
                "s1",
                "5",
                "",
                "",
                "",
                "A",
            ),
            ("Mantenimiento", "Hasta 2018: CEIEC", "chino", "empresa estatal", "", "", "", "s1", "5", "", "", "", "A"),
            ("Mantenimiento", "en negociación", "", "", "2018", "", "", "s1", "5", "", "", "", "A"),
        ),
    ),
    (
        "JSeI",
        "Argentina",
        (
            (
                "Iniciación",
                "Provincia de Jujuy",
                "local",
                "Gobierno",
                "2016",
                "",
                "Sostenida",
                "s2",
                "7",
                "",
                "",
                "",
                "B",
            ),
            ("Requisitos", "Provincia de Jujuy", "local", "Gobierno", "2016", "", "", "s2", "7", "", "", "", "B"),
            ("Diseño", "ZTE", "china", "Empresa estatal", "2017", "", "", "s2", "7", "", "", "", "B"),
            ("Implementación", "ZTE", "china", "Empresa estatal", "2018", "2019", "", "s2; s3", "8", "", "", "", "B"),
            (
                "Implementación",
                "Empresas locales",
                "local",
                "empresa privada",
                "2018",
                "2019",
                "",
                "s2",
                "8",
                "",
                "sí",
                "",
                "B",
            ),
            (
                "Operación",
                "Provincia de Jujuy",
                "local",
                "gobierno",
                "2019",
                "",
                "",
                "s2",
                "8",
                "",
                "",
                "sin | barra",
                "B",
            ),
            ("Mantenimiento", "ZTE por 3 años", "china", "", "2019", "", "", "s2", "9", "", "", "", "B"),
        ),
    ),
    (
        "C5 CDMX",
        "México",
        (
            (
                "Iniciación",
                "Gobierno de la Ciudad de México",
                "Local",
                "gobierno",
                "2009",
                "",
                "",
                "s3",
                "1",
                "",
                "",
                "",
                "C",
            ),
            ("Diseño", "Thales", "Occidental", "Empresa privada", "2009", "", "", "s3", "1", "", "", "", "C"),
            ("Diseño", "Telmex", "local", "empresa privada", "2009", "", "", "s3", "1", "", "", "", "C"),
            (
                "Implementación",
                "Thales",
                "occidental",
                "empresa privada",
                "2009",
                "2011",
                "",
                "s3",
                "2",
                "",
                "",
                "",
                "C",
            ),
            ("Operación y gestión", "C5", "local", "gobierno", "2011", "", "", "s3", "2", "Presunto", "", "", "C"),
            ("Mantenimiento", "n/d", "", "", "", "", "", "s3", "2", "", "", "", "C"),
        ),
    ),
    (
        "BOL-110",
        "Bolivia",
        (
            ("Iniciación", "Gobierno de Bolivia", "local", "gobierno", "2016", "", "", "s4", "1", "", "", "", "A"),
            ("Diseño", "CEIEC", "chino", "empresa estatal", "2017", "", "", "s4", "1", "", "", "", "A"),
            ("Implementación", "Ceiec", "chino", "empresa estatal", "2017", "2019", "", "s4", "1", "", "", "", "A"),
            (
                "Operación y gestión",
                "Gobierno de Bolivia",
                "local",
                "gobierno",
                "2019",
                "",
                "",
                "s4",
                "2",
                "",
                "",
                "",
                "A",
            ),
            ("Mantenimiento", "", "", "", "2019", "", "Vacante", "s4", "2", "", "", "", "A"),
        ),
    ),
)
ROWS = tuple((project, country, *row) for project, country, rows in BLOCKS for row in rows)
"""The rows, whichever file they come from."""


def spanish_csv() -> bytes:
    """Return the sheet as Excel saves it in Ecuador: semicolons, Windows-1252, an empty tail."""
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, delimiter=";", lineterminator="\r\n")
    writer.writerows([HEADER, *ROWS, [""] * len(HEADER), [NOTE, *[""] * (len(HEADER) - 1)]])
    return stream.getvalue().encode("cp1252")


def spanish_xlsx() -> bytes:
    """Return the sheet as a workbook: merged cells, a title, a row index, years as dates, rows of spaces, a note."""
    rows: list[list[Cell]] = [[TITLE], [], [None, *HEADER]]
    merged = []
    for project, country, block in BLOCKS:
        first = len(rows) + 1
        for number, row in enumerate(block):
            names = (project, country) if number == 0 else (None, None)
            rows.append([len([row for row in rows[3:] if isinstance(row[0], int)]), *names, *map(_cell, row)])
        merged += [f"{letter}{first}:{letter}{len(rows)}" for letter in "BC"]
    rows += [[Blank(), None, Blank()], [None, NOTE]]
    return xlsx({"Datos": rows, "Instrucciones": [["Llenar la hoja Datos"]]}, merged=merged)


def _cell(value: str) -> Cell:
    """Return a cell as Excel keeps it: years as dates, numbers as numbers."""
    if len(value) == 4 and value.isdecimal():
        return Date(f"{value}-01-01", (int(value) - 1900) * 365 + (int(value) - 1901) // 4 + 2)
    if value.isdecimal():
        return int(value)
    return value or None
