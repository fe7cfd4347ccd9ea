"""The class of exact sizes, W = 16t + 12: on it every floor of a network divides without remainder, and what was a formula with
floors is a polynomial in t."""

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
    """The sizes ``symbol = modulus·t + residue`` with t ≥ ``least``, and no others."""

    symbol: Symbol
    t: Symbol
    modulus: int
    residue: int
    least: int

    @property
    def size(self) -> Term:
        """``16t + 12``."""
        return from_polynomial(normal_form(integer(self.modulus) * self.t + self.residue))

    def on(self, theorem: Theorem) -> Theorem | None:
        """From ⊢ x = formula in the size: x = polynomial in t, for sizes of this class; ``None`` where the formula is none there.

        >>> from symnet.network.network import Network
        >>> from symnet.solving.exactness import exact_sizes
        >>> net = Network.parse("(1*W*W) -> Conv|32|5 -> Maxpool|2 -> Conv|32|3 -> Maxpool|2")
        >>> found = exact_class(exact_sizes(net), net.input[1])
        >>> right(found.on(net.proof.layers[4].axes[0].form.closed))
        <Sum t - 2>
        """
        if symbols_of(right(theorem)) != [self.symbol]:
            return None
        placed = instantiate(theorem, (self.symbol,), (self.size,))
        equations: dict[Node, Theorem] = {}
        try:
            for node in children_first(right(placed)):
                if isinstance(node, FloorDiv) and node.constant is None:
                    equation = _quotient(node, equations)
                    if equation is None:
                        return None
                    equations[node] = equation
            for node in outermost([right(placed)], equations.__contains__):
                equation = equations[node]
                left, term = placed.conclusion.args
                floor = equation.conclusion.args[0]
                placed = replace(flip(equation), placed, Eq(left, substitute(term, {floor: HOLE})), HOLE)
            return rewritten(placed, from_polynomial(normal_form(right(placed))))
        except SymnetError:  # a part of the formula is no polynomial
            return None


def _quotient(floor: FloorDiv, equations: Mapping[Node, Theorem]) -> Theorem | None:
    """⊢ ⌊x/m⌋ = polynomial, where m divides all of x but its constant; floors in x by what is proven of them."""
    numerator, divisor = floor.args
    if divisor.constant is None:
        return None
    same = polynomial_identity(floor, floor)
    for node in outermost([numerator], equations.__contains__):
        inner, term = equations[node].conclusion.args[0], right(same)
        same = replace(flip(equations[node]), same, Eq(floor, substitute(term, {inner: HOLE})), HOLE)
    numerator = right(same).args[0]
    form = normal_form(numerator)
    rest = integer(form.pop((), 0))
    if any(coefficient % divisor.constant for coefficient in form.values()):
        return None
    shift = from_polynomial({monomial: coefficient // divisor.constant for monomial, coefficient in form.items()})
    shifted = floor_shift(rest, divisor, shift)
    moved = right(shifted).args[0]
    same = replace(polynomial_identity(moved, numerator), same, Eq(floor, FloorDiv(HOLE, divisor)), HOLE)
    divided = chain(same, flip(shifted))
    quotient = FloorDiv(rest, divisor)
    if quotient in children_first(right(divided)):
        divided = replace(flip(value(quotient)), divided, Eq(floor, substitute(right(divided), {quotient: HOLE})), HOLE)
    return rewritten(divided, from_polynomial(normal_form(right(divided))))


def exact_class(found: Solutions, symbol: Symbol) -> ExactClass | None:
    """The class that the exact sizes of ``symbol`` make up; ``None`` where they are all sizes, a few, or several classes."""
    if len(found.members.parts) != 1:
        return None
    (part,) = found.members.parts
    if part.modulus < 2 or part.minimum is None or part.maximum is not None:
        return None
    t = Symbol("k" if symbol.name == "t" else "t", 0)
    least = (part.minimum - part.residue) // part.modulus
    return ExactClass(symbol, t, part.modulus, part.residue, least)
