"""The residue class of exact sizes, such as W = 16t + 12: on it every floor of a network divides without remainder,
and a formula with floors becomes a polynomial in t.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from symnet.errors import SymnetError
from symnet.kernel.rules import chain, flip, floor_shift, instantiate, polynomial_identity, replace, value
from symnet.kernel.theorem import Theorem
from symnet.layers.laws.counting import HOLE, rewritten, right
from symnet.solving.solutions import Solutions
from symnet.terms.node import Node, children_first
from symnet.terms.polynomial import from_polynomial, normal_form
from symnet.terms.propositions import Eq
from symnet.terms.term import FloorDiv, Symbol, Term, integer, substitute, symbols_of
from symnet.terms.walks import outermost

__all__ = ["ExactClass", "exact_class"]


@dataclass(frozen=True)
class ExactClass:
    """The sizes ``symbol = modulus·t + residue`` with t ≥ ``least``."""

    symbol: Symbol
    t: Symbol
    modulus: int
    residue: int
    least: int

    @property
    def size(self) -> Term:
        """The size in terms of t: ``16t + 12``."""
        return from_polynomial(normal_form(integer(self.modulus) * self.t + self.residue))

    def on(self, theorem: Theorem) -> Theorem | None:
        """From ⊢ x = formula in the size: ⊢ x = polynomial in t, for sizes of this class; ``None`` if the formula is
        no polynomial there.

        >>> from symnet.network.network import Network
        >>> from symnet.solving.exactness import exact_sizes
        >>> net = Network.parse("(1*W*W) -> Conv|32|5 -> Maxpool|2 -> Conv|32|3 -> Maxpool|2")
        >>> found = exact_class(exact_sizes(net), net.graph.input.dims[1])
        >>> right(found.on(net.proof.layers[4].axes[0].form.closed))
        <Sum t - 2>
        """
        if symbols_of(right(theorem)) != [self.symbol]:
            return None
        theorem_on_class = instantiate(theorem, (self.symbol,), (self.size,))
        equations: dict[Node, Theorem] = {}
        try:
            for node in children_first(right(theorem_on_class)):
                if isinstance(node, FloorDiv) and node.constant is None:
                    equation = _quotient(node, equations)
                    if equation is None:
                        return None
                    equations[node] = equation
            for node in outermost([right(theorem_on_class)], equations.__contains__):
                equation = equations[node]
                left, term = theorem_on_class.conclusion.args
                floor = equation.conclusion.args[0]
                theorem_on_class = replace(
                    flip(equation), theorem_on_class, Eq(left, substitute(term, {floor: HOLE})), HOLE
                )
            return rewritten(theorem_on_class, from_polynomial(normal_form(right(theorem_on_class))))
        except SymnetError:  # a part of the formula is no polynomial
            return None


def _quotient(floor: FloorDiv, equations: Mapping[Node, Theorem]) -> Theorem | None:
    """⊢ ⌊x/m⌋ = polynomial, if m divides every coefficient of x but the constant; ``equations`` has the polynomials of
    floors inside x. ``None`` otherwise.
    """
    numerator, divisor = floor.args
    if divisor.constant is None:
        return None
    equation = polynomial_identity(floor, floor)
    for node in outermost([numerator], equations.__contains__):
        inner, term = equations[node].conclusion.args[0], right(equation)
        equation = replace(flip(equations[node]), equation, Eq(floor, substitute(term, {inner: HOLE})), HOLE)
    numerator = right(equation).args[0]
    form = normal_form(numerator)
    rest = integer(form.pop((), 0))
    if any(coefficient % divisor.constant for coefficient in form.values()):
        return None
    shift = from_polynomial({monomial: coefficient // divisor.constant for monomial, coefficient in form.items()})
    shifted = floor_shift(rest, divisor, shift)
    shifted_numerator = right(shifted).args[0]
    equation = replace(
        polynomial_identity(shifted_numerator, numerator), equation, Eq(floor, FloorDiv(HOLE, divisor)), HOLE
    )
    divided = chain(equation, flip(shifted))
    quotient = FloorDiv(rest, divisor)
    if quotient in children_first(right(divided)):
        divided = replace(flip(value(quotient)), divided, Eq(floor, substitute(right(divided), {quotient: HOLE})), HOLE)
    return rewritten(divided, from_polynomial(normal_form(right(divided))))


def exact_class(found: Solutions, symbol: Symbol) -> ExactClass | None:
    """The class that the exact sizes of ``symbol`` make up; ``None`` if they are all sizes, finitely many, or several
    classes.
    """
    if len(found.members.parts) != 1:
        return None
    (part,) = found.members.parts
    if part.modulus < 2 or part.minimum is None or part.maximum is not None:
        return None
    t = Symbol("k" if symbol.name == "t" else "t", 0)
    least = (part.minimum - part.residue) // part.modulus
    return ExactClass(symbol, t, part.modulus, part.residue, least)
