"""Colour as it is seen: tone, contrast and distance, and whether the origins of a codebook are told apart by it.

CIELAB L* (CIE 15), relative luminance and contrast (WCAG 2.2), simulation of colour-vision deficiency at full
severity (Machado, Oliveira and Fernandes 2009, table 1) and distance in CAM02-UCS (Luo, Cui and Li 2006) under the
viewing conditions of sRGB (IEC 61966-2-1: 64 lux, grey surround of 20 %).

Colours tell origins apart by tone *and* hue, greys by tone *or* hatch; so a colour is held to more than a grey.
"""

from __future__ import annotations

import math
from dataclasses import replace
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from agency.vocabulary import SERIES
from agency.words import digits, listed, marked, text

if TYPE_CHECKING:
    from agency.vocabulary import Codebook, Origin


Vector = npt.NDArray[np.float64]

_TO_XYZ = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
_WHITE = _TO_XYZ @ np.ones(3)

_DEFICIENCIES = {
    marked("protanopia"): np.array(
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
    ),
    marked("deuteranopia"): np.array(
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]
    ),
    marked("tritanopia"): np.array(
        [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]]
    ),
}
DEFICIENCIES = tuple(_DEFICIENCIES)
"""The simulated deficiencies, by name."""

_CAT02 = np.array([[0.7328, 0.4296, -0.1624], [-0.7036, 1.6975, 0.0061], [0.0030, 0.0136, 0.9834]])
_HPE = np.array([[0.38971, 0.68898, -0.07868], [-0.22981, 1.18340, 0.04641], [0.0, 0.0, 1.0]])
_SURROUND_C, _SURROUND_NC, _SURROUND_F = 0.69, 1.0, 1.0  # average surround
_ADAPTING = 64 / math.pi / 5
_BACKGROUND = 20 / 100
_K = 1 / (5 * _ADAPTING + 1)
_F_L = 0.2 * _K**4 * (5 * _ADAPTING) + 0.1 * (1 - _K**4) ** 2 * (5 * _ADAPTING) ** (1 / 3)
_N_BB = 0.725 * (1 / _BACKGROUND) ** 0.2
_Z = 1.48 + math.sqrt(_BACKGROUND)
_DEGREE = _SURROUND_F * (1 - math.exp((-_ADAPTING - 42) / 92) / 3.6)


def lightness(colour: str) -> float:
    """Return CIELAB L* of an sRGB colour: 0 (black) to 100 (white), the tone in greyscale print.

    Examples
    --------
    >>> round(lightness("#6699CC"), 1)
    61.6
    """
    relative = float((_TO_XYZ @ _linear(colour))[1])
    return 116 * relative ** (1 / 3) - 16 if relative > (6 / 29) ** 3 else relative * (29 / 3) ** 3


def contrast(first: str, second: str) -> float:
    """Return the contrast ratio of two sRGB colours: 1 (none) to 21 (black on white), WCAG 2.2.

    Examples
    --------
    >>> round(contrast("#000000", "#ffffff"), 1)
    21.0
    """
    lighter, darker = sorted((float((_TO_XYZ @ _linear(colour))[1]) for colour in (first, second)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def distance(first: str, second: str, deficiency: str | None = None) -> float:
    """Return the CAM02-UCS distance of two sRGB colours, as seen with a deficiency or without.

    About 1 is a just noticeable difference side by side; labels on separate patches need 10 and more.

    Examples
    --------
    >>> round(distance("#6699CC", "#EE99AA", "tritanopia"), 1)
    48.5
    """
    seen = (_cam02_ucs(_simulated(_linear(colour), deficiency)) for colour in (first, second))
    one, other = seen
    return float(np.linalg.norm(one - other))


def text_colour(fill: str) -> str:
    """Return black or white, whichever has a contrast of 4.5 (WCAG 2.2, level AA) with a fill; black if both have.

    One of them always has: their contrasts multiply to 21, so the greater is at least 4.58.

    Examples
    --------
    >>> text_colour("#004488"), text_colour("#DDAA33")
    ('#ffffff', '#000000')
    """
    return "#000000" if contrast(fill, "#000000") >= min(4.5, contrast(fill, "#ffffff")) else "#ffffff"


def chroma(colour: str) -> float:
    """Return the spread of the sRGB channels, 0 (grey) to 1 (pure): tells greys from colours.

    Examples
    --------
    >>> chroma("#DDDDDD")
    0.0
    """
    channels = _channels(colour)
    return float(channels.max() - channels.min())


def _channels(colour: str) -> Vector:
    return np.array([int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)])


def _linear(colour: str) -> Vector:
    channels = _channels(colour)
    return np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)


def _simulated(linear: Vector, deficiency: str | None) -> Vector:
    return linear if deficiency is None else np.clip(_DEFICIENCIES[deficiency] @ linear, 0.0, 1.0)


def _adapted(xyz: Vector) -> Vector:
    """Return the post-adaptation cone responses of CIECAM02."""
    white = _CAT02 @ (_WHITE * 100)
    gain = _DEGREE * 100 / white + 1 - _DEGREE
    cones = _HPE @ np.linalg.solve(_CAT02, gain * (_CAT02 @ (xyz * 100)))
    power = (_F_L * np.abs(cones) / 100) ** 0.42
    return np.asarray(np.sign(cones) * 400 * power / (power + 27.13) + 0.1)


def _achromatic(adapted: Vector) -> float:
    return float((2 * adapted[0] + adapted[1] + adapted[2] / 20 - 0.305) * _N_BB)


def _cam02_ucs(linear: Vector) -> Vector:
    adapted = _adapted(_TO_XYZ @ linear)
    red_green = adapted[0] - 12 * adapted[1] / 11 + adapted[2] / 11
    yellow_blue = (adapted[0] + adapted[1] - 2 * adapted[2]) / 9
    hue = math.atan2(yellow_blue, red_green)
    eccentricity = (math.cos(hue + 2) + 3.8) / 4
    chromatic = 50000 / 13 * _SURROUND_NC * _N_BB * eccentricity * math.hypot(red_green, yellow_blue)
    chromatic /= adapted[0] + adapted[1] + 21 / 20 * adapted[2]
    ratio = max(_achromatic(adapted) / _achromatic(_adapted(_WHITE)), 0.0)
    light = 100 * ratio ** (_SURROUND_C * _Z)
    colourful = chromatic**0.9 * math.sqrt(light / 100) * (1.64 - 0.29**_BACKGROUND) ** 0.73 * _F_L**0.25
    spread = math.log(1 + 0.0228 * colourful) / 0.0228
    return np.array([1.7 * light / (1 + 0.007 * light), spread * math.cos(hue), spread * math.sin(hue)])


MIN_TONE = 10.0
"""Least difference of L* between two fills in greyscale."""
MIN_DISTANCE = 10.0
"""Least CAM02-UCS distance of two fills under each simulated deficiency."""
_GREY = 0.05
_READABLE = 55.0
"""L* from which black type is easily read."""

_SETS = {"colour": marked("cells"), "strong": marked("bars")}


def check_palette(codebook: Codebook) -> tuple[str, ...]:
    """Return a sentence for every pair of origins that cannot be told apart.

    Two coloured origins (local, Chinese and Western by default) need a difference in tone (L*) of 10 and a distance
    of 10 (CAM02-UCS) under each simulated colour-vision deficiency; a pair with a grey in it, or with a colour that
    the codebook did not give, needs a difference in tone or another hatch. Both sets of fills are checked. Labels need
    no check: text is black or white, whichever has a contrast of 4.5 with the fill
    (`agency.figures.surface.palette.text_colour`), and one of them always has.

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
    >>> from agency.vocabulary.codebook import default_codebook
    >>> check_palette(default_codebook())
    ()
    """
    return tuple(
        sentence + _would_do(codebook, other, fill)
        for fill in _SETS
        for one, other in combinations(codebook.origins, 2)
        for sentence in _check_pair(one, other, fill)
    )


def palette_notices(codebook: Codebook) -> tuple[str, ...]:
    """Return what to know of the colours: which origins got one by themselves, and which cannot be told apart."""
    automatic = [origin.label for origin in codebook.origins if _is_automatic(origin)]
    said = text("palette: colours and hatches were chosen for {origins}.", origins=listed(automatic))
    return (*([said] if automatic else []), *check_palette(codebook))


def _is_automatic(origin: Origin) -> bool:
    return any((origin.colour, origin.strong) == (one["colour"], one["strong"]) for one in SERIES)


def _would_do(codebook: Codebook, bad: Origin, fill: str) -> str:
    """Return a colour with which an origin would keep apart from all others, as the end of a sentence."""
    others = [origin for origin in codebook.origins if origin.key != bad.key]
    steps = range(0x22, 0x100, 0x33)
    tried = [str(one[fill]) for one in SERIES]  # type: ignore[literal-required]
    tried += [f"#{red:02X}{green:02X}{blue:02X}" for red in steps for green in steps for blue in steps]
    for colour in tried:
        # A colour, since greys are held to less, and one on which black names can be read.
        if chroma(colour) < 2 * _GREY or (fill == "colour" and lightness(colour) < _READABLE):
            continue
        changed = replace(bad, colour=colour) if fill == "colour" else replace(bad, strong=colour)
        if not any(_check_pair(other, changed, fill) for other in others):
            return text("; {colour} would do for {origin}", colour=colour, origin=bad.label)
    return ""


def _check_pair(one: Origin, other: Origin, fill: str) -> list[str]:
    first, second = getattr(one, fill), getattr(other, fill)
    tone = abs(lightness(first) - lightness(second))
    pair = listed([f"{one.label} ({first})", f"{other.label} ({second})"])
    places = {"pair": pair, "set": text(_SETS[fill])}
    places |= {"tone": digits(f"{tone:.1f}"), "least": f"{MIN_TONE:g}"}
    if min(chroma(first), chroma(second)) < _GREY or _is_automatic(one) or _is_automatic(other):
        if tone >= MIN_TONE or one.hatch != other.hatch:
            return []
        return [
            text(
                "palette: {pair} in {set} look alike: tone differs by {tone} of L* (at least {least}) and "
                "the hatch is the same",
                **places,
            )
        ]
    found = []
    if tone < MIN_TONE:
        grey = "palette: {pair} in {set} look alike in greyscale: tone differs by {tone} of L* (at least {least})"
        found.append(text(grey, **places))
    for deficiency in DEFICIENCIES:
        apart = distance(first, second, deficiency)
        if apart < MIN_DISTANCE:
            sentence = marked("palette: {pair} in {set} look alike with {kind}: distance {apart} (at least {most})")
            near = {"kind": text(deficiency), "apart": digits(f"{apart:.1f}"), "most": f"{MIN_DISTANCE:g}"}
            found.append(text(sentence, **places, **near))
    return found
