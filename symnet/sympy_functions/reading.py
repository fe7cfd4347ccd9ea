"""The conversion of SymPy expressions over integers to terms."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import sympy

from symnet.errors import TermError
from symnet.terms import term as t
from symnet.terms.intervals import BITS
from symnet.terms.polynomial import Polynomial, from_polynomial
from symnet.terms.reading_order import digest

__all__ = ["NoTerm", "from_sympy", "term_of"]


class NoTerm(TermError):
    """The reason why an expression has no term."""


def from_sympy(expression: Any) -> t.Term:
    """The term for a SymPy expression over integers, with sums in textbook order. Raises :class:`TermError` if there
    is none.

    SymPy's floor, ceiling, frac, Mod, Min, Max, Abs, sign and Piecewise are converted if they are integers.

    >>> W, F, P = sympy.symbols("W F P", integer=True, positive=True)
    >>> from_sympy(2 * P - F + W)
    <Sum W - F + 2*P>
    >>> from_sympy(sympy.floor((W - 1) / 2)), from_sympy(sympy.floor((W + 2) / 2))
    (<FloorDiv (W - 1)//2>, <Sum W//2 + 1>)
    >>> from_sympy(sympy.Piecewise((W, W >= F), (F, True))), from_sympy(sympy.Abs(W - F))
    (<Max max(W, F)>, <Max max(F - W, -(F - W))>)
    >>> from_sympy(W / 2)
    Traceback (most recent call last):
    symnet.errors.TermError: W/2 is not an integer expression: 1/2 is not an integer
    """
    try:
        read = sympy.sympify(expression, strict=True)
        if isinstance(read, sympy.Basic) and read.has(sympy.frac):
            read = sympy.expand(read.rewrite(sympy.floor))
        return term_of(read)
    except sympy.SympifyError:
        raise TermError(f"not a SymPy expression: {expression!r}") from None
    except NoTerm as refused:  # only here, as printers that need a term must not print while they convert
        shown = str(expression)
        shown = shown if len(shown) <= 200 else shown[:200] + "…"
        raise TermError(f"{shown} is not an integer expression: {refused}") from None


def term_of(root: Any) -> t.Term:
    """The term of an expression. Raises :class:`NoTerm` if there is none. Converts the parts of each node first,
    without recursion.
    """
    if not isinstance(root, sympy.Expr):
        raise NoTerm(f"{root if isinstance(root, sympy.Basic) else type(root).__name__} has no term")
    known: dict[Any, t.Term] = {}
    parts: dict[Any, tuple[Any, ...]] = {}
    named: dict[str, Any] = {}
    stack = [root]
    while stack:
        node = stack[-1]
        if node not in known and node not in parts:
            if node.is_Symbol and named.setdefault(node.name, node) != node:
                raise NoTerm(f"two different symbols are named {node.name}; give one of them another name")
            parts[node] = _parts(node)
            stack.extend(parts[node])
            continue
        stack.pop()
        if node not in known:
            known[node] = _convert(node, [known[part] for part in parts[node]], known)
    return known[root]


_ROUNDED: dict[Any, type[t.Term]] = {sympy.floor: t.FloorDiv, sympy.ceiling: t.CeilDiv}
_FUNCTIONS: dict[Any, type[t.Term]] = {sympy.Mod: t.Mod, sympy.Min: t.Min, sympy.Max: t.Max}
_RELATIONS = (sympy.Le, sympy.Lt, sympy.Ge, sympy.Gt, sympy.Eq, sympy.Ne)
_BUILT = (sympy.Abs, sympy.sign, sympy.Piecewise, sympy.And, sympy.Or, sympy.Not, *_RELATIONS)


def _kind(node: Any, kinds: Mapping[Any, type[t.Term]]) -> type[t.Term] | None:
    return next((kind for of, kind in kinds.items() if isinstance(node, of)), None)


def _function(node: Any) -> type[t.Term] | None:
    """The class of terms for a function with the same arguments."""
    own: type[t.Term] | None = getattr(node, "term_kind", None)
    return own or _kind(node, _FUNCTIONS)


def _parts(node: Any) -> tuple[Any, ...]:
    """The expressions that must be converted before ``node``."""
    if node.is_Add or node.is_Mul or node.is_Pow:
        return tuple(base for addend in sympy.Add.make_args(node) for base, _ in _factors(addend)[1])
    if _kind(node, _ROUNDED):
        return tuple(sympy.fraction(sympy.together(node.args[0])))
    if isinstance(node, sympy.Piecewise):
        return tuple(part for pair in node.args for part in pair.args)
    return tuple(node.args) if _function(node) or isinstance(node, _BUILT) else ()


def _factors(addend: Any) -> tuple[int, list[tuple[Any, int]]]:
    """An addend as an integer coefficient and a list of powers. Raises :class:`NoTerm` if it is not of this form."""
    coefficient, rest = addend.as_coeff_Mul()
    if not coefficient.is_Integer:
        raise NoTerm(f"{coefficient} is not an integer")
    powers: list[tuple[Any, int]] = []
    for factor in () if rest is sympy.S.One else sympy.Mul.make_args(rest):
        base, exponent = factor.as_base_exp()
        if not (exponent.is_Integer and 0 <= exponent <= BITS):
            raise NoTerm(f"the exponent of {factor} is not an integer from 0 to {BITS}")
        powers.append((base, int(exponent)))
    return int(coefficient), powers


def _convert(node: Any, parts: Sequence[t.Term], known: Mapping[Any, t.Term]) -> t.Term:
    if node.is_Integer:
        return t.integer(int(node))
    if node.is_Symbol:
        if not node.is_integer:
            raise NoTerm(f"{node} is not declared an integer: Symbol({node.name!r}, integer=True, positive=True) is")
        return t.Symbol(node.name, 1 if node.is_positive else 0 if node.is_nonnegative else None)
    if node.is_Add or node.is_Mul or node.is_Pow:
        return _polynomial(sympy.Add.make_args(node), known)
    if kind := _kind(node, _ROUNDED):
        numerator, denominator = parts
        return numerator if denominator is t.integer(1) else kind(numerator, denominator)
    if kind := _function(node):
        return kind(*parts)
    if isinstance(node, sympy.Abs):
        return t.Max(parts[0], -parts[0])
    if isinstance(node, sympy.sign):
        return t.Min(t.integer(1), t.Max(t.integer(-1), parts[0]))
    if isinstance(node, sympy.Piecewise):
        return _piecewise(node, known)
    if node in (sympy.true, sympy.false):
        return t.integer(int(node is sympy.true))
    if isinstance(node, _BUILT):
        return _indicator(node, parts)
    raise NoTerm(f"{node if node.is_Atom else node.func} has no term")


def _polynomial(addends: Sequence[Any], known: Mapping[Any, t.Term]) -> t.Term:
    """A sum in textbook order with its factors kept: sums inside products are not multiplied out."""
    polynomial: Polynomial = {}
    for addend in addends:
        coefficient, powers = _factors(addend)
        monomial = tuple(
            sorted(((known[base], exponent) for base, exponent in powers), key=lambda pair: digest(pair[0]))
        )
        polynomial[monomial] = polynomial.get(monomial, 0) + coefficient
    return from_polynomial(polynomial)


# ---- conditions as 1 if they hold and 0 if not, which is exact for integers ----


def _positive(size: t.Term) -> t.Term:
    return t.Min(t.integer(1), t.Max(t.integer(0), size))


def _indicator(condition: Any, parts: Sequence[t.Term]) -> t.Term:
    one = t.integer(1)
    if isinstance(condition, sympy.And):
        return t.Min(*parts)
    if isinstance(condition, sympy.Or):
        return t.Max(*parts)
    if isinstance(condition, sympy.Not):
        return one - parts[0]
    left, right = parts
    if isinstance(condition, sympy.Ge | sympy.Gt):
        left, right = right, left
    if isinstance(condition, sympy.Le | sympy.Ge):
        return _positive(right - left + 1)
    if isinstance(condition, sympy.Lt | sympy.Gt):
        return _positive(right - left)
    apart = _positive(t.Max(left - right, right - left))
    return apart if isinstance(condition, sympy.Ne) else one - apart


def _piecewise(node: Any, known: Mapping[Any, t.Term]) -> t.Term:
    """The term of a Piecewise: the value of the first branch whose condition holds."""
    if node.args[-1].cond != sympy.true:
        raise NoTerm(f"{node} has no value where none of its conditions holds")
    result = known[node.args[-1].expr]
    for branch in node.args[-2::-1]:
        holds, value = known[branch.cond], known[branch.expr]
        kind = _extreme(branch, node.args[-1].expr) if len(node.args) == 2 else None
        result = kind(value, result) if kind else holds * value + (t.integer(1) - holds) * result
    return result


def _extreme(branch: Any, other: Any) -> type[t.Term] | None:
    """Whether a branch with its alternative is the maximum or the minimum of two, like "x if x ≥ y, else y"."""
    condition, value = branch.cond, branch.expr
    if isinstance(condition, sympy.Le | sympy.Lt):
        condition = condition.reversed
    if isinstance(condition, sympy.Ge | sympy.Gt) and {condition.lhs, condition.rhs} == {value, other}:
        return t.Max if condition.lhs == value else t.Min
    return None
