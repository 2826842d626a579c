"""Proof of the palette in use: its origins are told apart in grey and with colour-vision deficiency.

Colours tell origins apart by tone *and* hue, greys by tone *or* hatch; so a colour is held to more than a grey.
"""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

from agency.figures.colour import DEFICIENCIES, chroma, distance, lightness

if TYPE_CHECKING:
    from agency.table.codebook import Codebook, Origin

MIN_TONE = 10.0
"""Least difference of L* between two fills in greyscale."""
MIN_DISTANCE = 10.0
"""Least CAM02-UCS distance of two fills under each simulated deficiency."""
_GREY = 0.05

_SETS = {"colour": "cells", "strong": "bars"}


def check_palette(codebook: Codebook) -> tuple[str, ...]:
    """Return a sentence for every pair of origins that cannot be told apart.

    Two coloured origins (local, Chinese and Western by default) need a difference in tone (L*) of 10 and a distance
    of 10 (CAM02-UCS) under each simulated colour-vision deficiency; a pair with a grey in it needs a difference in
    tone or another hatch. Both sets of fills are checked. Labels need no check: text is black or white, whichever
    has a contrast of 4.5 with the fill (`agency.figures.colour.text_colour`), and one of them always has.

    Parameters
    ----------
    codebook
        Its origins carry the colours: ``colour`` of cells, ``strong`` of bars.

    Returns
    -------
    tuple of str
        Empty when the palette holds.

    Notes
    -----
    Lightness after CIE 15, distance after Luo, Cui and Li (2006), simulation after Machado, Oliveira and Fernandes
    (2009).

    Examples
    --------
    >>> from agency.table.codebookfile import default_codebook
    >>> check_palette(default_codebook())
    ()
    """
    return tuple(
        sentence
        for fill in _SETS
        for one, other in combinations(codebook.origins, 2)
        for sentence in _check_pair(one, other, fill)
    )


def _check_pair(one: Origin, other: Origin, fill: str) -> list[str]:
    first, second = getattr(one, fill), getattr(other, fill)
    tone = abs(lightness(first) - lightness(second))
    pair = f"palette: {one.label} ({first}) and {other.label} ({second}) in {_SETS[fill]}"
    if min(chroma(first), chroma(second)) < _GREY:
        if tone >= MIN_TONE or one.hatch != other.hatch:
            return []
        return [
            f"{pair} look alike: tone differs by {tone:.1f} of L* (at least {MIN_TONE:g}) and the hatch is the same"
        ]
    found = []
    if tone < MIN_TONE:
        found.append(f"{pair} look alike in greyscale: tone differs by {tone:.1f} of L* (at least {MIN_TONE:g})")
    for deficiency in DEFICIENCIES:
        apart = distance(first, second, deficiency)
        if apart < MIN_DISTANCE:
            found.append(f"{pair} look alike with {deficiency}: distance {apart:.1f} (at least {MIN_DISTANCE:g})")
    return found
