"""A small language to choose rows: ``region == "Andes" and start >= 2012``.

Comparisons (``== != < <= > >=``), ``in`` and ``not in`` with a list or within a text, ``and``, ``or``, ``not``,
brackets, numbers, quoted words and names of columns. The text is parsed by `ast` and walked node by node; nothing in it
is ever run. A cell without a value meets no comparison but one with ``""``.
"""

from __future__ import annotations

import ast
import operator
import warnings
from collections.abc import Callable, Mapping
from typing import Any

import pandas as pd

from agency import words
from agency.characters import fold
from agency.errors import UsageError, did_you_mean

MOST = 20_000
"""Characters of a condition."""
_REPEATED = 80
"""Characters of it, or of a cell, which a message repeats."""
_OPERATORS: Mapping[type[ast.cmpop], Callable[[Any, Any], Any]] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
}


def where(frame: pd.DataFrame, text: str) -> pd.Series[bool]:
    """Return which rows of a frame meet a condition.

    Parameters
    ----------
    frame
        Rows; its columns are the names of the condition, as they are or without case, accents and spaces
        (``start_year`` for "Start year").
    text
        The condition.

    Raises
    ------
    UsageError
        If it is no condition, names an unknown column, or compares what cannot be compared.

    Examples
    --------
    >>> rows = pd.DataFrame({"region": ["Andes", "Andes", "Plata"], "start": [2010, 2015, 2016]})
    >>> where(rows, 'region == "Andes" and start >= 2012').tolist()
    [False, True, False]
    >>> where(rows, 'region in ["Andes", "Plata"] and not "And" in region').tolist()
    [False, False, True]
    """
    return _Condition(frame, text).mask()


def column_named(frame: pd.DataFrame, name: str) -> str:
    """Return the column a name means, as it is or without case, accents and spaces.

    Raises
    ------
    UsageError
        If there is none, with the nearest, or several.

    Examples
    --------
    >>> column_named(pd.DataFrame({"Año de obra": []}), "ano_de_obra")
    'Año de obra'
    """
    if name in frame.columns:
        return name
    found = [str(column) for column in frame.columns if fold(str(column)) == fold(name)]
    if len(found) == 1:
        return found[0]
    if found:
        raise UsageError(words.text("{name} is {names}", name=name, names=words.listed(found)))
    known = sorted(fold(str(column)) or str(column) for column in frame.columns)
    nearest = did_you_mean(name, known)
    sentence = words.marked("there is no column {name}.{nearest} Known: {known}")
    raise UsageError(
        words.text(sentence, name=repr(name[:_REPEATED]), nearest=nearest, known=words.listed(known, most=40))
    )


def nothing_meets(frame: pd.DataFrame, text: str) -> str:
    r"""Return what is to be said of a condition that no row meets: what the columns it names hold.

    Examples
    --------
    >>> nothing_meets(pd.DataFrame({"start": [2010, 2015]}), "start > 2020")
    "--where 'start > 2020': no row meets it. start: 2010 to 2015."
    """
    condition = _Condition(frame, text)
    condition.mask()
    held = [words.text("{name}: {values}.", name=name, values=_held(frame[name])) for name in condition.named]
    return words.text("--where {text}: no row meets it. {held}", text=repr(text[:_REPEATED]), held=" ".join(held))


def _held(column: pd.Series[Any]) -> str:
    """Return what a column holds: its words, or from where to where its numbers go."""
    if pd.api.types.is_numeric_dtype(column.dtype) and not pd.api.types.is_bool_dtype(column.dtype):
        numbers = column.dropna()
        if numbers.empty:
            return words.text("nothing")
        return words.text("{least} to {most}", least=f"{numbers.min():g}", most=f"{numbers.max():g}")
    found = sorted({str(value)[:_REPEATED] for value in column} - {""})
    return words.listed(found, most=8) if found else words.text("nothing")


class _Condition:
    def __init__(self, frame: pd.DataFrame, text: str) -> None:
        self.frame = frame
        self.text = text
        self.named: dict[str, None] = {}
        """The columns it names."""

    def mask(self) -> pd.Series[bool]:
        if len(self.text) > MOST:
            raise self._error(words.text("it has {n} characters, more than {most}", n=len(self.text), most=MOST))
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # of a backslash in a quoted word
                tree = ast.parse(self.text.strip(), mode="eval")
            return self._truth(tree.body)
        except SyntaxError as error:
            problem = words.text("it cannot be read from character {n} on", n=error.offset or 1)
            raise self._error(problem) from None
        except (RecursionError, MemoryError, ValueError, OverflowError):
            raise self._error(
                words.text("it is nested too deep, or holds a number or character out of range")
            ) from None

    def _truth(self, node: ast.expr) -> pd.Series[bool]:
        if isinstance(node, ast.BoolOp):
            parts = [self._truth(value) for value in node.values]
            both = isinstance(node.op, ast.And)
            whole = parts[0]
            for part in parts[1:]:
                whole = (whole & part) if both else (whole | part)
            return whole
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
            return ~self._truth(node.operand)
        if isinstance(node, ast.Compare):
            sides = [node.left, *node.comparators]
            whole = pd.Series(data=True, index=self.frame.index)
            for left, sign, right in zip(sides, node.ops, sides[1:], strict=False):
                whole &= self._compared(left, sign, right)
            return whole
        if isinstance(node, ast.Name):
            column = self._column(node.id)
            if pd.api.types.is_bool_dtype(column.dtype):
                return column.astype(bool)
        raise self._error(words.text("{part} is no condition", part=self._shown(node)))

    def _compared(self, left: ast.expr, sign: ast.cmpop, right: ast.expr) -> pd.Series[bool]:
        if isinstance(sign, ast.In | ast.NotIn):
            found = self._within(left, right)
            return ~found if isinstance(sign, ast.NotIn) else found
        if type(sign) not in _OPERATORS:
            raise self._error(words.text("{part} is no comparison", part=self._shown(right)))
        one, other = self._alike(self._value(left), self._value(right))
        result = _OPERATORS[type(sign)](one, other)
        if not isinstance(result, pd.Series):
            return pd.Series(data=bool(result), index=self.frame.index)
        missing = pd.Series(data=False, index=self.frame.index)
        for side in (one, other):
            missing |= side.isna() if isinstance(side, pd.Series) else False
        return result.fillna(value=False).astype(bool) & ~missing

    def _within(self, left: ast.expr, right: ast.expr) -> pd.Series[bool]:
        """Judge ``column in [..]`` and ``"part" in column``."""
        if isinstance(right, ast.List | ast.Tuple | ast.Set):
            found = pd.Series(data=False, index=self.frame.index)
            for entry in right.elts:
                found |= self._compared(left, ast.Eq(), entry)
            return found
        part, column = self._value(left), self._value(right)
        if isinstance(part, str) and isinstance(column, pd.Series) and not pd.api.types.is_numeric_dtype(column.dtype):
            return column.astype("str").str.contains(part, regex=False).astype(bool)
        raise self._error(
            words.text('in goes with a list, or as "part" in column, not {part}', part=self._shown(right))
        )

    def _value(self, node: ast.expr) -> Any:
        if isinstance(node, ast.Name):
            return self._column(node.id)
        if isinstance(node, ast.Constant) and isinstance(node.value, str | int | float | bool):
            return node.value
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
            number = self._value(node.operand)
            if isinstance(number, int | float):
                return -number
        raise self._error(
            words.text("{part} is neither a column nor a number nor a quoted word", part=self._shown(node))
        )

    def _alike(self, one: Any, other: Any) -> tuple[Any, Any]:
        """Return two sides as numbers where one is a number, else as texts."""
        numbers = [_is_number(side) for side in (one, other)]
        if not any(numbers):
            return one, other
        for side in (one, other):
            if isinstance(side, str) and not _is_numeral(side):
                raise self._error(words.text("{word} is compared with a number", word=repr(side)))
        return _as_number(one), _as_number(other)

    def _column(self, name: str) -> pd.Series[Any]:
        try:
            column = column_named(self.frame, name)
        except UsageError as problem:
            raise self._error(str(problem)) from None
        self.named[column] = None
        return self.frame[column]

    def _shown(self, node: ast.expr) -> str:
        return repr(ast.get_source_segment(self.text.strip(), node) or self.text)

    def _error(self, problem: str) -> UsageError:
        message = words.text(
            '--where {text}: {problem}. Write for instance region == "Andes" and start >= 2012.',
            text=repr(self.text[:_REPEATED]),
            problem=problem,
        )
        return UsageError(message)


def _is_number(side: Any) -> bool:
    if isinstance(side, pd.Series):
        return pd.api.types.is_numeric_dtype(side.dtype)
    return isinstance(side, int | float)


def _is_numeral(word: str) -> bool:
    try:
        float(word)
    except ValueError:
        return False
    return True


def _as_number(side: Any) -> Any:
    """Return a side as a number; a word of a column that is none equals no number."""
    if isinstance(side, pd.Series):
        return side if _is_number(side) else pd.to_numeric(side, errors="coerce")
    return float(side)
