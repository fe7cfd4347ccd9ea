"""The border to SymPy: terms as SymPy expressions and back. No other file imports SymPy.

SymPy's own ``floor`` rewrites ``floor((W + 3)/2)`` to ``floor(W/2 + 1/2) + 1`` and does not merge nested floors, so
``⌊x/y⌋`` crosses as :class:`FloorDiv`, which keeps numerator and denominator. ``.rewrite(floor)`` gives plain SymPy.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import sympy
from sympy.printing.precedence import PRECEDENCE

from symnet.errors import TermError
from symnet.terms import term as t
from symnet.terms.node import Node, children_first
from symnet.terms.polynomial import Polynomial, from_polynomial

__all__ = ["CeilDiv", "FloorDiv", "from_sympy", "to_sympy"]


class _Division(sympy.Function):  # type: ignore[misc]  # SymPy has no types
    """What rounding down and rounding up share."""

    nargs = (2,)
    is_integer = True
    precedence = PRECEDENCE["Mul"]  # printed as (W - 8)//4, so 2*((W - 8)//4) needs its parentheses

    @classmethod
    def eval(cls, numerator: Any, denominator: Any) -> Any:
        """Folds two integers and nothing else: an expression stays as written."""
        if denominator is sympy.S.Zero:
            raise TermError(f"division by zero: {cls.__name__}({numerator}, {denominator})")
        if numerator.is_Integer and denominator.is_Integer:
            return sympy.Integer(cls._quotient(int(numerator), int(denominator)))
        return None

    @staticmethod
    def _quotient(numerator: int, denominator: int) -> int:
        raise NotImplementedError

    def _latex(self, printer: Any, exp: str | None = None) -> str:
        from symnet.printing.latex import latex  # printing stands above terms; only SymPy's printers come this way

        try:
            written = latex(_term(self))
        except TermError:  # over other numbers, such as FloorDiv(pi, 2)
            written = rf"\operatorname{{{type(self).__name__}}}({', '.join(map(printer.doprint, self.args))})"
        return written if exp is None else f"{written}^{{{exp}}}"

    def _sympystr(self, printer: Any) -> str:
        from symnet.printing.text import text  # as above

        try:
            return text(_term(self))
        except TermError:
            return f"{type(self).__name__}({', '.join(map(printer.doprint, self.args))})"


class FloorDiv(_Division):
    """``⌊numerator/denominator⌋`` with both kept as they are.

    >>> W = sympy.Symbol("W", integer=True, positive=True)
    >>> FloorDiv(W + 3, 2), FloorDiv(W + 3, 2).subs(W, 28), FloorDiv(W + 3, 2).rewrite(sympy.floor)
    ((W + 3)//2, 15, floor(W/2 + 3/2))
    """

    @staticmethod
    def _quotient(numerator: int, denominator: int) -> int:
        return numerator // denominator

    def _eval_is_nonnegative(self) -> bool | None:
        numerator, denominator = self.args
        return True if denominator.is_positive and numerator.is_nonnegative else None

    def _eval_is_negative(self) -> bool | None:
        numerator, denominator = self.args
        return True if denominator.is_positive and numerator.is_negative else None

    def _eval_rewrite_as_floor(self, numerator: Any, denominator: Any, **hints: Any) -> Any:
        return sympy.floor(numerator / denominator)

    def _eval_rewrite_as_ceiling(self, numerator: Any, denominator: Any, **hints: Any) -> Any:
        return -sympy.ceiling(-numerator / denominator)


class CeilDiv(_Division):
    """``⌈numerator/denominator⌉`` with both kept as they are.

    >>> W = sympy.Symbol("W", integer=True, positive=True)
    >>> CeilDiv(W, 2), CeilDiv(W, 2).subs(W, 7), CeilDiv(W, 2).is_positive
    (ceildiv(W, 2), 4, True)
    """

    @staticmethod
    def _quotient(numerator: int, denominator: int) -> int:
        return -(-numerator // denominator)

    def _eval_is_positive(self) -> bool | None:
        numerator, denominator = self.args
        return True if denominator.is_positive and numerator.is_positive else None

    def _eval_is_nonnegative(self) -> bool | None:
        numerator, denominator = self.args
        return True if denominator.is_positive and numerator.is_nonnegative else None

    def _eval_rewrite_as_ceiling(self, numerator: Any, denominator: Any, **hints: Any) -> Any:
        return sympy.ceiling(numerator / denominator)

    def _eval_rewrite_as_floor(self, numerator: Any, denominator: Any, **hints: Any) -> Any:
        return -sympy.floor(-numerator / denominator)


_COUNTS: dict[type[t.Term], Any] = {
    t.Windows: sympy.Function("Windows", integer=True, nonnegative=True),
    t.Entries: sympy.Function("Entries", integer=True, nonnegative=True),
}


def _symbol(name: str, least: int | None) -> Any:
    if least is not None and least >= 0:
        return sympy.Symbol(name, integer=True, **{"positive" if least else "nonnegative": True})
    return sympy.Symbol(name, integer=True)


def _plain(function: Any) -> Callable[..., Any]:
    """Numbers are worked out; anything else stays as written, since SymPy's checks of Mod and Min are slow."""

    def build(*args: Any) -> Any:
        if len(args) == 1:
            return args[0]
        return function(*args, evaluate=all(arg.is_Integer for arg in args))

    return build


_BUILD: dict[type[t.Term], Callable[..., Any]] = {
    t.Sum: sympy.Add,
    t.Product: sympy.Mul,
    t.FloorDiv: FloorDiv,
    t.CeilDiv: CeilDiv,
    t.Mod: _plain(sympy.Mod),
    t.Min: _plain(sympy.Min),
    t.Max: _plain(sympy.Max),
    **_COUNTS,
}


def to_sympy(term: t.Term, letters: Mapping[str, Any] | None = None) -> Any:
    """The SymPy expression for a term: each sum in one go, nothing simplified; a shared part is built once. ``letters`` are
    the SymPy symbols that stand for letters of these names.

    >>> W, F, P = t.Symbol("W"), t.Symbol("F"), t.Symbol("P", 0)
    >>> to_sympy((W - F + 2 * P) // 2 + 1)
    (W - F + 2*P)//2 + 1
    """
    known: dict[Node, Any] = {}
    inner = _inner(term)
    for node in children_first(term):
        if isinstance(node, t.Int):
            known[node] = sympy.Integer(node.value)
        elif isinstance(node, t.Symbol):
            own = letters.get(node.name) if letters else None
            known[node] = _symbol(*node.args) if own is None else own
        elif isinstance(node, t.Power):
            known[node] = sympy.Pow(known[node.args[0]], node.args[1])
        elif node not in inner:
            known[node] = _BUILD[type(node)](*(known[child] for child in _flat(node, inner)))  # type: ignore[index]
    return known[term]


def _inner(term: t.Term) -> set[Node]:
    """Sums that stand once, in a sum, and products that stand once, in a product: SymPy would copy them into the outer one,
    and a long nested sum would be copied at each of its levels. What stands in several places is built once, on its own."""
    outside: set[Node] = {term}
    inside: set[Node] = set()
    kinds = (t.Sum, t.Product)
    nodes = children_first(term)
    for node in nodes:
        for child in node.children:
            (outside if child in inside or type(child) is not type(node) else inside).add(child)
    return {node for node in nodes if type(node) in kinds and node not in outside}


def _flat(node: Node, inner: set[Node]) -> list[Node]:
    """The parts of a node, with those of its ``inner`` parts in their place."""
    if not isinstance(node, t.Sum | t.Product):
        return list(node.children)
    parts: list[Node] = []
    stack = list(reversed(node.children))
    while stack:
        part = stack.pop()
        if part in inner:
            stack.extend(reversed(part.children))
        else:
            parts.append(part)
    return parts


def from_sympy(expression: Any) -> t.Term:
    """The term for a SymPy expression over integers, sums in textbook order.

    >>> W, F, P = sympy.symbols("W F P", integer=True, positive=True)
    >>> from_sympy(2 * P - F + W)
    <Sum W - F + 2*P>
    >>> from_sympy(sympy.floor((W - 1) / 2)), from_sympy(sympy.floor((W + 2) / 2))
    (<FloorDiv (W - 1)//2>, <Sum W//2 + 1>)
    >>> from_sympy(W / 2)
    Traceback (most recent call last):
    symnet.errors.TermError: W/2 is not an integer expression: 1/2 is not an integer
    """
    try:
        return _term(sympy.sympify(expression, strict=True))
    except sympy.SympifyError:
        raise TermError(f"not a SymPy expression: {expression!r}") from None
    except _NoTerm as refused:  # said here and not there: the printers above must not print while they convert
        shown = str(expression)
        shown = shown if len(shown) <= 200 else shown[:200] + "…"
        raise TermError(f"{shown} is not an integer expression: {refused}") from None


class _NoTerm(TermError):
    """Why an expression has no term."""


def _term(root: Any) -> t.Term:
    """Conversion without recursion: the parts of a node first, then the node."""
    known: dict[Any, t.Term] = {}
    parts: dict[Any, tuple[Any, ...]] = {}
    stack = [root]
    while stack:
        node = stack[-1]
        if node not in known and node not in parts:
            parts[node] = _parts(node)
            stack.extend(parts[node])
            continue
        stack.pop()
        if node not in known:
            known[node] = _convert(node, [known[part] for part in parts[node]], known)
    return known[root]


_FUNCTIONS: dict[Any, type[t.Term]] = {
    FloorDiv: t.FloorDiv,
    CeilDiv: t.CeilDiv,
    sympy.Mod: t.Mod,
    sympy.Min: t.Min,
    sympy.Max: t.Max,
    **{function: kind for kind, function in _COUNTS.items()},
}
_ROUNDED: dict[Any, type[t.Term]] = {sympy.floor: t.FloorDiv, sympy.ceiling: t.CeilDiv}


def _parts(node: Any) -> tuple[Any, ...]:
    """What must be converted before ``node``."""
    if node.is_Add or node.is_Mul or node.is_Pow:
        return tuple(base for addend in sympy.Add.make_args(node) for base, _ in _factors(addend)[1])
    if node.func in _ROUNDED:
        return tuple(sympy.fraction(sympy.together(node.args[0])))
    return tuple(node.args) if node.func in _FUNCTIONS else ()


def _factors(addend: Any) -> tuple[int, list[tuple[Any, int]]]:
    """An addend as an integer coefficient and powers."""
    coefficient, rest = addend.as_coeff_Mul()
    if not coefficient.is_Integer:
        raise _NoTerm(f"{coefficient} is not an integer")
    powers: list[tuple[Any, int]] = []
    for factor in () if rest is sympy.S.One else sympy.Mul.make_args(rest):
        base, exponent = factor.as_base_exp()
        if not (exponent.is_Integer and 0 <= exponent <= t.BITS):
            raise _NoTerm(f"the exponent of {factor} is not an integer from 0 to {t.BITS}")
        powers.append((base, int(exponent)))
    return int(coefficient), powers


def _convert(node: Any, parts: Sequence[t.Term], known: Mapping[Any, t.Term]) -> t.Term:
    if node.is_Integer:
        return t.integer(int(node))
    if node.is_Symbol:
        if not node.is_integer:
            raise _NoTerm(f"{node} is not declared an integer: Symbol({node.name!r}, integer=True, positive=True) is")
        return t.Symbol(node.name, 1 if node.is_positive else 0 if node.is_nonnegative else None)
    if node.is_Add or node.is_Mul or node.is_Pow:
        return _written(sympy.Add.make_args(node), known)
    if node.func in _ROUNDED:
        numerator, denominator = parts
        return numerator if denominator is t.integer(1) else _ROUNDED[node.func](numerator, denominator)
    if node.func in _FUNCTIONS:
        return _FUNCTIONS[node.func](*parts)
    raise _NoTerm(f"{node if node.is_Atom else node.func} has no term")


def _written(addends: Sequence[Any], known: Mapping[Any, t.Term]) -> t.Term:
    """A sum in textbook order, its factors kept: sums inside products count as atoms and are not multiplied out."""
    polynomial: Polynomial = {}
    for addend in addends:
        coefficient, powers = _factors(addend)
        monomial = tuple(
            sorted(((known[base], exponent) for base, exponent in powers), key=lambda pair: pair[0].digest)
        )
        polynomial[monomial] = polynomial.get(monomial, 0) + coefficient
    return from_polynomial(polynomial)
