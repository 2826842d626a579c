"""Cells with a ground by the origin of who held the phase, and what each ground means."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from agency.formats import Note
from agency.words import text

if TYPE_CHECKING:
    from agency.resolve import Cell
    from agency.vocabulary import Codebook

NO_TONES: Final[Mapping[str, str]] = MappingProxyType({})
_WHITE: Final = 255


def light_tones(codebook: Codebook) -> dict[str, str]:
    """Return the ground of each origin: its colour of the codebook, half white.

    Half white, whatever a codebook says, black letters have a contrast of at least 5.3 (WCAG asks for 4.5).

    Examples
    --------
    >>> import agency
    >>> light_tones(agency.load().data.codebook)["local"]
    '#B2CCE5'
    """
    return {origin.key: _light(origin.colour) for origin in codebook.origins}


def _light(colour: str) -> str:
    return "#" + "".join(f"{(int(colour[at : at + 2], 16) + _WHITE) // 2:02X}" for at in (1, 3, 5))


def origins_held(cell: Cell) -> list[str]:
    """Return the origins of those who held the phase, in print order; what is only listed has no say."""
    rows = (row for part in cell.parts if part.status == "held" for row in part.rows)
    return list(dict.fromkeys(row.origin or "unknown" for row in rows))


def shade_notes(cells: Iterable[Cell], codebook: Codebook) -> tuple[Note, ...]:
    """Return what the grounds of these cells mean: a sentence, and a note on the ground of each origin that occurs."""
    found = [origins_held(cell) for cell in cells]
    used = {origin for origins in found for origin in origins}
    tones = light_tones(codebook)
    known = [origin for origin in codebook.origins if origin.key in used]
    if not known:
        return ()
    said = text("Cells are shaded by the origin of who held the phase.")
    if any(len(origins) > 1 for origins in found):
        said = text(
            "Cells are shaded by the origin of who held the phase; where holders of several origins held it, each "
            "name is shaded by its own."
        )
    return (Note("", said), *(Note("", origin.label, shade=tones[origin.key]) for origin in known))
