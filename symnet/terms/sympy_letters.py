"""The caller's own SymPy symbols, each standing for the letter of a network with its name.

A plain ``Symbol("k")`` stands for a positive integer, as the name of a padding for a nonnegative one. Terms know
letters by name; results are shown with the caller's symbols.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from symnet.errors import TermError
from symnet.terms.parse import FUNCTIONS, default_symbol
from symnet.terms.term import Symbol, Term, substitute

if TYPE_CHECKING:
    import sympy

__all__ = ["Letters", "against_declared", "letters_of", "merged", "read_expression"]

#: The SymPy symbol of each letter, by name.
Letters = Mapping[str, "sympy.Symbol"]

#: Words with a meaning of their own in notation, which no letter can have as its name.
_RESERVED = ("input", "_", *FUNCTIONS)


def letters_of(*values: Any) -> dict[str, Any]:
    """The SymPy symbols in values, by name; text and numbers have none. Raises :class:`TermError` if two different
    symbols have the same name.

    >>> import sympy
    >>> letters_of(3, "W", (2 * sympy.Symbol("k") + 1, 5))
    {'k': k}
    """
    if "sympy" not in sys.modules:  # without SymPy loaded there is no symbol
        return {}
    letters: dict[str, Any] = {}
    for value in values:
        if isinstance(value, str | int | Term) or value is None:
            continue
        if isinstance(value, Mapping):
            letters = merged((letters, letters_of(*value.values())))
        elif isinstance(value, tuple | list):
            letters = merged((letters, letters_of(*value)))
        elif hasattr(value, "_sympy_") or hasattr(value, "free_symbols"):
            letters = merged((letters, _by_name(_sympified(value).free_symbols)))
    return letters


def merged(several: Iterable[Letters]) -> dict[str, Any]:
    """The union of several mappings. Raises :class:`TermError` if two different symbols have the same name."""
    by_name: dict[str, Any] = {}
    for letters in several:
        for name, symbol in letters.items():
            if by_name.setdefault(name, symbol) != symbol:
                raise TermError(
                    f"two different symbols are named {name}: {_declared(by_name[name])} and {_declared(symbol)}; "
                    "give one of them another name"
                )
    return by_name


def read_expression(value: Any) -> Term:
    """The term of a SymPy expression of sizes. Raises :class:`TermError` for an expression that is not an integer, and
    for symbols declared to be something else than sizes.

    >>> import sympy
    >>> k = sympy.Symbol("k")
    >>> read_expression(2 * k + 1), read_expression(k // 2)
    (<Sum 2*k + 1>, <FloorDiv k//2>)
    >>> read_expression(sympy.Symbol("k", negative=True))
    Traceback (most recent call last):
    symnet.errors.TermError: k stands for a positive integer, and it is declared negative
    """
    import sympy

    from symnet.sympy_functions.reading import from_sympy

    expression = _sympified(value)
    letters = _by_name(getattr(expression, "free_symbols", ()))
    for symbol in letters.values():
        _check(symbol)
    # a symbol that may be 0 in one occurrence and not in another is read with the weaker bound
    stands = {
        symbol: sympy.Symbol(name, integer=True, nonnegative=True)
        for name, symbol in letters.items()
        if symbol.is_positive is None or symbol.is_integer is None or isinstance(symbol, sympy.Dummy)
    }
    term = from_sympy(expression.xreplace(stands))
    return substitute(term, {Symbol(symbol.name, 0): default_symbol(symbol.name) for symbol in stands.values()})


def _sympified(value: Any) -> Any:
    import sympy

    try:
        return sympy.sympify(value, strict=True)
    except sympy.SympifyError:
        raise TermError(f"not a SymPy expression: {value!r:.60}") from None


def _by_name(symbols: Iterable[Any]) -> dict[str, Any]:
    return merged({symbol.name: symbol} for symbol in sorted(symbols, key=str))


def _declared(symbol: Any) -> str:
    """A symbol with its declared assumptions: ``Symbol('x', positive=True)``."""
    import sympy

    facts = [f"{name}={value}" for name, value in sorted(_asserted(symbol).items())]
    return f"{'Dummy' if isinstance(symbol, sympy.Dummy) else 'Symbol'}({', '.join([repr(symbol.name), *facts])})"


def _asserted(symbol: Any) -> dict[str, bool]:
    """The declared assumptions of a symbol, without those that SymPy derived if it recorded the difference."""
    original = getattr(symbol, "_assumptions_orig", None)
    assumptions: dict[str, bool] = dict(symbol.assumptions0 if original is None else original)
    return {name: value for name, value in assumptions.items() if (name, value) != ("commutative", True)}


def against_declared(symbol: Any, value: Any) -> str:
    """Why a value contradicts the declared assumptions of a symbol, in words; "" if it does not, or if ``symbol`` is
    ``None``.

    >>> import sympy
    >>> against_declared(sympy.Symbol("e", even=True), 7), against_declared(sympy.Symbol("e", even=True), 8)
    ('e is declared even, and 7 is not even', '')
    """
    if symbol is None:
        return ""
    expression = _sympified(value)
    for fact, wanted in sorted(_asserted(symbol).items()):
        actual = getattr(expression, f"is_{fact}", None)
        if actual is not None and actual is not wanted:
            negation = "" if wanted else "not "
            return f"{symbol.name} is declared {negation}{fact}, and {expression} is {'not ' if wanted else ''}{fact}"
    return ""


def _check(symbol: Any) -> None:
    """Raises :class:`TermError` for a symbol that cannot be a size."""
    name = symbol.name
    if not name.isidentifier() or name in _RESERVED:
        raise TermError(f"{name!r} is no name of a letter: letters, digits and _, and none of {', '.join(_RESERVED)}")
    wrong = (
        "not commutative" if symbol.is_commutative is False
        else "no integer" if symbol.is_integer is False
        else "negative" if symbol.is_negative
        else "zero" if symbol.is_zero
        else "not positive" if symbol.is_positive is False
        else ""
    )  # fmt: skip
    if wrong:
        raise TermError(f"{name} stands for a positive integer, and it is declared {wrong}")
