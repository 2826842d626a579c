"""Krippendorff's alpha against every published value, and its laws."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import examples

from agency.agreement.alpha import bootstrap_interval, krippendorff_alpha, reading
from agency.comparison.compare import jaccard, masi, nominal


def sets(text: str) -> list[tuple[frozenset[str], ...]]:
    """Read ``12|1 3|3`` as units of two coders, each character one code, ``-`` the empty set."""
    return [tuple(frozenset(side.replace("-", "")) for side in unit.split("|")) for unit in text.split()]


def rows(*coders: str) -> list[tuple[str, ...]]:
    """Read one line per coder, one character per unit, ``*`` for missing."""
    return [tuple(value for value in unit if value != "*") for unit in zip(*coders, strict=True)]


def interval(one: str, other: str) -> int:
    return (int(one) - int(other)) ** 2


def ratio(one: str, other: str) -> Fraction:
    return Fraction(int(one) - int(other), int(one) + int(other)) ** 2


def ordinal(one: str, other: str) -> Fraction:
    """Krippendorff's ordinal distance for the four coders' data: its values 1 to 5 occur 9, 13, 10, 5 and 3 times."""
    counts = dict(zip("12345", (9, 13, 10, 5, 3), strict=True))
    low, high = sorted((one, other))
    between = sum(count for value, count in counts.items() if low <= value <= high)
    return (between - Fraction(counts[low] + counts[high], 2)) ** 2


def passonneau_2004(one: frozenset[str], other: frozenset[str]) -> Fraction:
    if one == other:
        return Fraction(0)
    if one <= other or other <= one:
        return Fraction(1, 3)
    return Fraction(2, 3) if one & other else Fraction(1)


def masi_dkpro(one: frozenset[str], other: frozenset[str]) -> Fraction:
    """DKPro's variant, Jaccard times Passonneau 2004: here only to show which of the two is ours."""
    return passonneau_2004(one, other) * jaccard(one, other)


# Krippendorff 2011, "Computing Krippendorff's Alpha-Reliability", sections A, B and C (D: C's data as numbers).
BINARY = rows("0100000000", "1110010010")
TWO_CODERS = rows("aabbdcccedda", "babbbccceddd")
FOUR_CODERS = rows("123321412***", "1233224125*3", "*3332342251*", "12332441251*")
WIKIPEDIA = rows("*****34121133*3", "1*213343*******", "**21344*21133*4")
# NLTK's test of agreement: one rater saw a dress nobody else saw.
DRESS = [("y", "n", "n"), ("y", "n"), ("n",)]
MEDKIT = rows("yynny*", "*ynyyn", "ynnyy*")
# DKPro Statistics (SetAnnotationStudyTest) and stats.stackexchange.com, question 407453.
DKPRO = sets("-|- A|- A|A A|B AB|A AB|AC ABC|ABC C|AC C|AC")
STATS_SE = sets("12|1 12|12 1|1 3|3 3|13 4|4 2|4 12|1 12|123 1|1 1|1")

PUBLISHED = [
    ("Krippendorff A", BINARY, nominal, Fraction(2, 21)),
    ("Krippendorff B", TWO_CODERS, nominal, Fraction(155, 224)),
    ("Krippendorff C", FOUR_CODERS, nominal, Fraction(113, 152)),
    ("Krippendorff D", FOUR_CODERS, interval, Fraction(951, 1120)),
    ("Wikipedia nominal", WIKIPEDIA, nominal, Fraction(56, 81)),
    ("NLTK dress", DRESS, nominal, Fraction(-1, 3)),
    ("NLTK dress without the lone rating", DRESS[:2], nominal, Fraction(-1, 3)),
    ("medkit", MEDKIT, nominal, Fraction(19, 45)),
    ("DKPro, Passonneau 2004", DKPRO, passonneau_2004, Fraction(35, 188)),
    ("DKPro, its MASI", DKPRO, masi_dkpro, Fraction(236, 933)),
    ("DKPro, MASI", DKPRO, masi, Fraction(281, 1029)),
    ("DKPro, Jaccard", DKPRO, jaccard, Fraction(196, 621)),
    ("DKPro, nominal", DKPRO, nominal, Fraction(16, 67)),
    ("stats.SE, MASI", STATS_SE, masi, Fraction(395, 731)),
    ("stats.SE, Jaccard", STATS_SE, jaccard, Fraction(77, 128)),
    ("stats.SE, nominal", STATS_SE, nominal, Fraction(82, 187)),
    ("stats.SE, DKPro's MASI", STATS_SE, masi_dkpro, Fraction(229, 316)),
    ("stats.SE, three items, MASI", STATS_SE[:3], masi, Fraction(4, 9)),
    ("stats.SE, three items, Jaccard", STATS_SE[:3], jaccard, Fraction(4, 9)),
    ("stats.SE, three items, nominal", STATS_SE[:3], nominal, Fraction(4, 9)),
    ("one item", sets("1|12"), masi, Fraction(0)),
]

CODES = st.frozensets(st.sampled_from("abc"), max_size=3)
UNITS = st.lists(st.lists(CODES, min_size=1, max_size=4).map(tuple), min_size=1, max_size=8)
ALL_SETS = [frozenset(text.replace("-", "")) for text in ("-", "a", "b", "c", "ab", "ac", "bc", "abc")]


@pytest.mark.parametrize("units, distance, expected", [case[1:] for case in PUBLISHED], ids=[c[0] for c in PUBLISHED])
def test_published_value(units: list[tuple[object, ...]], distance: object, expected: Fraction) -> None:
    assert krippendorff_alpha(units, distance).value == expected


@pytest.mark.parametrize(
    "units, distance, printed, digits",
    [
        (WIKIPEDIA, nominal, 0.691358, 6),
        (WIKIPEDIA, interval, 0.810845, 6),
        (FOUR_CODERS, interval, 0.849, 3),
        (FOUR_CODERS, ordinal, 0.815, 3),
        (FOUR_CODERS, ratio, 0.797, 3),
        (MEDKIT, nominal, 0.42222222222222217, 15),
    ],
)
def test_value_as_printed(units: list[tuple[str, ...]], distance: object, printed: float, digits: int) -> None:
    assert round(float(krippendorff_alpha(units, distance).value), digits) == round(printed, digits)


@pytest.mark.parametrize(
    "distance, observed, expected",
    [
        (passonneau_2004, Fraction(1, 3), Fraction(188, 459)),
        (masi_dkpro, Fraction(41, 162), Fraction(311, 918)),
        (masi, Fraction(44, 81), Fraction(343, 459)),
        (jaccard, Fraction(25, 54), Fraction(23, 34)),
        (nominal, Fraction(2, 3), Fraction(134, 153)),
    ],
)
def test_dkpro_disagreements(distance: object, observed: Fraction, expected: Fraction) -> None:
    found = krippendorff_alpha(DKPRO, distance)
    assert (found.observed, found.expected) == (observed, expected)
    assert (found.units, found.pairable_values) == (9, 18)


@pytest.mark.parametrize(
    "one, other, expected",
    [
        ("12", "1234", Fraction(2, 3)),
        ("ab", "bc", Fraction(8, 9)),
        ("a", "ab", Fraction(2, 3)),
        ("", "", Fraction(0)),
        ("a", "", Fraction(1)),
        ("a", "b", Fraction(1)),
    ],
)
def test_masi_distance(one: str, other: str, expected: Fraction) -> None:
    assert masi(frozenset(one), frozenset(other)) == expected == masi(frozenset(other), frozenset(one))


@pytest.mark.parametrize("distance", [masi, jaccard, nominal])
def test_distances_are_metrics(distance: object) -> None:
    for one in ALL_SETS:
        assert distance(one, one) == 0
        for other in ALL_SETS:
            assert 0 <= distance(one, other) == distance(other, one) <= 1
            assert all(distance(one, third) <= distance(one, other) + distance(other, third) for third in ALL_SETS)


def test_dkpros_masi_is_no_metric() -> None:
    a, ab, b = frozenset("a"), frozenset("ab"), frozenset("b")
    assert masi_dkpro(a, b) > masi_dkpro(a, ab) + masi_dkpro(ab, b)


@pytest.mark.parametrize(
    "units, why",
    [
        ([], "no unit was coded by two coders"),
        ([("a",), ("b",)], "no unit was coded by two coders"),
        ([("a", "a"), ("a", "a")], "no variation: all values are the same"),
        ([(frozenset(), frozenset())], "no variation: all values are the same"),
    ],
)
def test_undefined_says_why(units: list[tuple[object, ...]], why: str) -> None:
    found = krippendorff_alpha(units)
    assert found.value is None
    assert found.undefined_because == why
    twice = [unit for unit in units if len(unit) > 1]
    assert (found.units, found.pairable_values) == (len(twice), 2 * len(twice))


@given(UNITS, st.sampled_from([masi, jaccard, nominal]))
@settings(max_examples=examples(36))
def test_laws(units: list[tuple[frozenset[str], ...]], distance: object) -> None:
    found = krippendorff_alpha(units, distance)
    turned = [tuple(reversed(unit)) for unit in reversed(units)]
    assert krippendorff_alpha(turned, distance) == found
    names = {"a": "z", "b": "x", "c": "y"}
    renamed = [tuple(frozenset(names[code] for code in value) for value in unit) for unit in units]
    assert krippendorff_alpha(renamed, distance) == found
    perfect = found.observed == 0 and bool(found.expected)
    assert (found.value == 1) == perfect
    assert (found.value is None) == (not found.expected)
    assert found.value is None or found.value <= 1


@given(UNITS)
@settings(max_examples=examples(18))
def test_nobody_may_be_the_empty_set_or_a_code_of_its_own(units: list[tuple[frozenset[str], ...]]) -> None:
    coded = [tuple(value or frozenset({"nobody"}) for value in unit) for unit in units]
    for distance in (masi, jaccard, nominal):
        assert krippendorff_alpha(units, distance) == krippendorff_alpha(coded, distance)


def test_bootstrap_is_seeded_and_brackets_the_value() -> None:
    units = STATS_SE * 3
    low, high = bootstrap_interval(units, masi, seed=7)
    assert (low, high) == bootstrap_interval(units, masi, seed=7)
    assert (low, high) != bootstrap_interval(units, masi, seed=8)
    assert low < float(krippendorff_alpha(units, masi).value) < high <= 1


def test_bootstrap_is_the_alpha_of_each_draw_of_units() -> None:
    # Each draw again as a list of units, its alpha in fractions, and the quantiles of those that have one.
    units = [("a", "a")] * 10 + [("b", "b")] * 8 + [("a", "b")] * 6
    draws = np.random.default_rng(1).multinomial(24, [1 / 24] * 24, size=200)
    alphas = [krippendorff_alpha(unit for unit, n in zip(units, draw, strict=True) for _ in range(n)) for draw in draws]
    values = sorted(float(found.value) for found in alphas if found.value is not None)
    assert bootstrap_interval(units, draws=200) == pytest.approx(np.quantile(values, [0.025, 0.975]), abs=1e-12)


def test_bootstrap_leaves_out_draws_without_variation() -> None:
    # Of two units, aa and ab, a draw has aa twice (undefined), each once (Do 1/2, De 6/12: 0) or ab twice (Do 1, De
    # 8/12: -1/2). So -1/2 and 0 are the ends.
    assert bootstrap_interval([("a", "a"), ("a", "b")], draws=400) == pytest.approx((-0.5, 0.0), abs=1e-12)


def test_bootstrap_narrows_with_more_units() -> None:
    few, many = bootstrap_interval(STATS_SE * 2, masi), bootstrap_interval(STATS_SE * 20, masi)
    assert many[1] - many[0] < few[1] - few[0]


@pytest.mark.parametrize("units", [[], [("a", "a")] * 3, [("a",)]])
def test_bootstrap_undefined(units: list[tuple[str, ...]]) -> None:
    assert bootstrap_interval(units) is None


@pytest.mark.parametrize(
    "value, words",
    [
        (Fraction(4, 5), "reliable (0.800"),
        (Fraction(667, 1000), "tentative"),
        (Fraction(666, 1000), "not reliable (below 0.667)"),
        (None, "undefined"),
    ],
)
def test_reading(value: Fraction | None, words: str) -> None:
    assert reading(value).startswith(words)


def test_reading_with_other_lines() -> None:
    assert reading(0.8, reliable=0.9, tentative=0.75) == "tentative conclusions only (0.750 to 0.900)"
