"""Two networks side by side: proven equal, or where and for which sizes they differ."""

from __future__ import annotations

from dataclasses import dataclass

from symnet.kernel.propositions import Eq, holds
from symnet.kernel.rules import calculate
from symnet.kernel.theorem import Theorem
from symnet.network.joins import members, settle
from symnet.network.network import Network
from symnet.terms.integer_sets import IntegerSet
from symnet.terms.term import Symbol, Term, substitute, symbols_of

__all__ = ["Comparison", "compare"]


@dataclass(frozen=True)
class Comparison:
    """One thing that both networks have. ``theorem`` proves the sides equal, for all sizes or under its hypotheses; ``where`` is
    the set of sizes for which they are equal, if that is not all of them and could be decided."""

    what: str
    left: Term
    right: Term
    theorem: Theorem | None
    where: IntegerSet | None = None

    @property
    def equal(self) -> bool:
        """Whether the sides are equal for all sizes."""
        return self.theorem is not None and not self.theorem.hypotheses


def compare(left: Network, right: Network) -> tuple[Comparison, ...]:
    """Shapes, closed forms, parameters and multiply-adds of two networks, in the symbols of the first one's input.

    >>> one, two = (Network.parse(f"(3*W*W) -> Conv|8|{how}") for how in ("3|2|1", "1|2"))
    >>> [(row.what, row.equal) for row in compare(one, two)]
    [('channels', True), ('H', True), ('W', True), ('parameters', False), ('multiply-adds', False)]
    """
    renamed = _renamed(left, right)
    pairs: list[tuple[str, Term, Term]] = []
    one, two = left.placed[-1], right.placed[-1]
    if len(one.output.dims) == len(two.output.dims):
        pairs.append(("channels", one.output.channels, substitute(two.output.channels, renamed)))
        for name, mine, other in zip(one.output.axis_names, one.axes, two.axes, strict=False):
            pairs.append((name, mine.form.term, substitute(other.form.term, renamed)))
    pairs.append(("parameters", left.parameters.term, substitute(right.parameters.term, renamed)))
    if _numbers(left) == _numbers(right):  # work on a given input and work on any input are not comparable
        pairs.append(("multiply-adds", left.multiply_adds.term, substitute(right.multiply_adds.term, renamed)))
    return tuple(_compared(*pair) for pair in pairs)


def _numbers(network: Network) -> bool:
    return all(size.constant is not None for size in network.input)


def _renamed(left: Network, right: Network) -> dict[Term, Term]:
    """The second network's input symbols by the first one's, axis by axis."""
    pairs = zip(right.placed[0].axes, left.placed[0].axes, strict=False)
    return {other.form.base: mine.form.base for other, mine in pairs if isinstance(other.form.base, Symbol)}


def _compared(what: str, left: Term, right: Term) -> Comparison:
    equation = Eq(left, right)
    if not symbols_of(equation):
        return Comparison(what, left, right, calculate(equation) if holds(equation) else None)
    theorem = settle(equation)
    found = members(equation) if theorem.hypotheses else None
    if found is not None and not found.parts:
        return Comparison(what, left, right, None, found)
    return Comparison(what, left, right, theorem if found is not None or not theorem.hypotheses else None, found)
