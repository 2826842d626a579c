"""Krippendorff's alpha with any distance, and the three distances between sets used here. Exact (fractions)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations

import numpy as np

from agency.comparison import Distance, nominal
from agency.words import marked, text

Units = Sequence[Sequence[Hashable]]
"""For each unit the values of those who coded it, in any order."""


@dataclass(frozen=True)
class Alpha:
    """A reliability coefficient and what it rests on."""

    value: Fraction | None
    """At most 1; None where it is undefined."""
    observed: Fraction | None
    """Observed disagreement."""
    expected: Fraction | None
    """Expected disagreement."""
    units: int
    """Units coded at least twice."""
    pairable_values: int
    """Values in these units."""
    undefined_because: str | None
    """Why there is no value, in words; None where there is one."""


def krippendorff_alpha(units: Iterable[Sequence[Hashable]], distance: Distance = nominal) -> Alpha:
    """Return Krippendorff's alpha = 1 - Do / De of units coded by any number of coders.

    Do = (1/n) * sum over units of the distances of all ordered pairs of values / (m - 1); De = the distances of all
    ordered pairs of the n pairable values / (n (n - 1)); units with a single value are left out
    (Krippendorff 2004, 2011).

    Worked, three units of two coders, (a, a), (b, b), (a, b), and the nominal distance. n = 6. Within the units only
    the third differs, by two ordered pairs of distance 1, each over m - 1 = 1: Do = 2 / 6 = 1/3. Over the table a and
    b are three times each: 3 x 3 + 3 x 3 = 18 ordered pairs of different values of 6 x 5 = 30: De = 3/5. alpha =
    1 - (1/3) / (3/5) = 4/9. A fourth unit that one coder alone called b has nobody to agree with and changes nothing.

    Parameters
    ----------
    units
        For each unit the values given to it; a missing value is simply not there.
    distance
        A symmetric function of two values, 0 for equal ones.

    Returns
    -------
    Alpha
        Exact fractions; ``value`` is None, with the reason, where no unit was coded twice or all values are equal.

    Examples
    --------
    >>> krippendorff_alpha([("a", "a"), ("b", "b"), ("a", "b")]).value
    Fraction(4, 9)
    >>> krippendorff_alpha([("a", "a")]).undefined_because
    'no variation: all values are the same'
    """
    pairable = [tuple(unit) for unit in units if len(unit) > 1]
    counts = Counter(value for unit in pairable for value in unit)
    n = sum(counts.values())
    if not n:
        return Alpha(None, None, None, 0, 0, marked("no unit was coded by two coders"))
    total = sum((_within(unit, distance) for unit in pairable), Fraction(0))
    # Thousands of pairs have a handful of distances: whole numbers of pairs are added up, fractions only once.
    apart: Counter[Fraction | int] = Counter()
    for (one, times), (other, again) in combinations(counts.items(), 2):
        apart[distance(one, other)] += 2 * times * again
    across = sum((pairs * Fraction(far) for far, pairs in apart.items()), Fraction(0))
    observed, expected = total / n, across / (n * (n - 1))
    if not expected:
        reason = marked("no variation: all values are the same")
        return Alpha(None, observed, expected, len(pairable), n, reason)
    return Alpha(1 - observed / expected, observed, expected, len(pairable), n, None)


def reading(alpha: float | Fraction | None, *, reliable: float = 0.8, tentative: float = 0.667) -> str:
    """Return how a value is to be read; the default lines are Krippendorff's (2004).

    Examples
    --------
    >>> reading(0.7)
    'tentative conclusions only (0.667 to 0.800)'
    """
    if alpha is None:
        return text("undefined")
    value = float(alpha)  # a fraction is not compared with a float: 4/5 is less than the float 0.8
    if value >= reliable:
        return text("reliable ({reliable:.3f} or more)", reliable=reliable)
    if value >= tentative:
        return text(
            "tentative conclusions only ({tentative:.3f} to {reliable:.3f})", tentative=tentative, reliable=reliable
        )
    return text("not reliable (below {tentative:.3f})", tentative=tentative)


def bootstrap_interval(
    units: Units, distance: Distance = nominal, *, draws: int = 2000, seed: int = 1
) -> tuple[float, float] | None:
    """Return the 2.5 and 97.5 percentiles of alpha over draws of units with replacement.

    Draws in which alpha is undefined (all values drawn are the same) are left out.

    Parameters
    ----------
    units, distance
        As in `krippendorff_alpha`.
    draws, seed
        Number of draws, and the seed of the generator: the same seed gives the same interval.

    Returns
    -------
    tuple of float, or None
        None where no draw has a value.

    Examples
    --------
    >>> low, high = bootstrap_interval([("a", "a"), ("b", "b"), ("a", "b")] * 10)
    >>> low < 4 / 9 < high
    True
    """
    pairable = [tuple(unit) for unit in units if len(unit) > 1]
    values = list(dict.fromkeys(value for unit in pairable for value in unit))
    if not pairable:
        return None
    position = {value: place for place, value in enumerate(values)}
    distances = np.array([[float(distance(one, other)) for other in values] for one in values])
    within = np.array([float(_within(unit, distance)) for unit in pairable])
    held = np.zeros((len(pairable), len(values)))
    for number, unit in enumerate(pairable):
        for value in unit:
            held[number, position[value]] += 1
    size = len(pairable)
    drawn = np.random.default_rng(seed).multinomial(size, np.full(size, 1 / size), size=draws)
    counts = drawn @ held
    across = ((counts @ distances) * counts).sum(axis=1)
    defined = across > 0
    if not defined.any():
        return None
    n = counts[defined].sum(axis=1)
    alphas = 1 - (drawn[defined] @ within) * (n - 1) / across[defined]
    low, high = np.percentile(alphas, [2.5, 97.5])
    return float(low), float(high)


def _within(unit: Sequence[Hashable], distance: Distance) -> Fraction:
    """Return the distances of all ordered pairs of a unit's values / (m - 1)."""
    total = sum((2 * Fraction(distance(one, other)) for one, other in combinations(unit, 2)), Fraction(0))
    return total / (len(unit) - 1)
