"""Two pictures kept: the matrix with every kind of cell, with names and without; letters are left out.

`python tests/test_figure_images.py` draws them anew; look at them before committing.
"""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from figure_cases import every_kind, table
from PIL import Image

from agency.figures.matrix import draw_matrix
from agency.figures.surface.canvas import Drawing
from agency.figures.surface.saving import Provenance, figure_bytes
from agency.figures.surface.style import FigureStyle

BASELINE = Path(__file__).parent / "baseline"
TOLERANCE = 4.0
"""Root mean square of the difference in grey levels of 255: edges may be smoothed differently, nothing may move."""
STYLE = FigureStyle(width_mm=90, dpi=100)


def drawings() -> dict[str, Drawing]:
    cells = {key: cell for n in range(13) for key, cell in every_kind(f"Project {n}").cells.items()}
    return {
        "matrix": draw_matrix(every_kind(), style=STYLE),
        "overview": draw_matrix(table(list(cells.values())), style=STYLE),
    }


def without_letters(drawing: Drawing) -> bytes:
    for label, _ in drawing.labels:
        label.set_visible(False)
    return figure_bytes(drawing, "png", Provenance("", ""))


@pytest.mark.parametrize("name", ["matrix", "overview"])
def test_picture_is_as_it_was(name: str) -> None:
    expected = np.asarray(Image.open(BASELINE / f"{name}.png").convert("RGB"), dtype=float)
    found = np.asarray(Image.open(BytesIO(without_letters(drawings()[name]))).convert("RGB"), dtype=float)
    assert found.shape == expected.shape
    assert np.sqrt(np.mean((found - expected) ** 2)) < TOLERANCE


if __name__ == "__main__":
    BASELINE.mkdir(exist_ok=True)
    for name, drawing in drawings().items():
        (BASELINE / f"{name}.png").write_bytes(without_letters(drawing))
