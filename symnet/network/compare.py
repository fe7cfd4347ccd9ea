"""Two networks side by side: proven equal where both are defined, or where and for which sizes they differ."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from symnet.kernel.rules import assume, both, calculate, flip, modus_ponens, part
from symnet.kernel.theorem import Theorem
from symnet.network.domain import Domain, domain, outside
from symnet.network.joins import decided, settle
from symnet.network.network import Network
from symnet.terms.integer_sets import IntegerSet
from symnet.terms.propositions import And, Eq, In, Proposition, holds
from symnet.terms.term import Symbol, Term, substitute, symbols_of

__all__ = ["Comparison", "Difference", "Row", "compare"]


@dataclass(frozen=True)
class Row:
    """One thing that both networks have. ``theorem`` proves the sides equal, under hypotheses; ``given`` is what the
    networks assume, the one or the other; ``where`` is the set of sizes that both take and for which the sides are
    equal, if that is not all that both take and could be decided."""

    what: str
    left: Term
    right: Term
    given: tuple[Proposition, ...]
    theorem: Theorem | None
    where: IntegerSet | None = None

    @property
    def equal(self) -> bool:
        """Whether the sides are equal wherever both networks are defined."""
        return self.theorem is not None and self.theorem.hypotheses <= set(self.given)

    @property
    def hypotheses(self) -> tuple[Proposition, ...]:
        """All that the row rests on: what the networks assume, and what the theorem does besides."""
        return tuple(dict.fromkeys((*self.given, *(self.theorem.hypotheses if self.theorem else ()))))


class Difference(NamedTuple):
    """The sizes that one network takes and the other does not, each ``None`` where that is out of reach."""

    symbol: Symbol
    only_first: IntegerSet | None
    only_second: IntegerSet | None


@dataclass(frozen=True)
class Comparison:
    """All rows; ``first`` and ``second`` say for which inputs the networks are defined, in the symbols of the first."""

    rows: tuple[Row, ...]
    first: Domain
    second: Domain

    @property
    def nowhere(self) -> bool:
        """Whether no input fits both networks."""
        return any(not found.parts for _, found in self._common())

    def _common(self) -> list[tuple[Symbol, IntegerSet]]:
        given = (*self.first.hypotheses, *self.second.hypotheses)
        return list(domain(given).sets.items())

    @property
    def differences(self) -> tuple[Difference, ...]:
        """Symbol by symbol, where the networks do not take the same sizes."""
        found: list[Difference] = []
        for symbol in dict.fromkeys((*self.first.sets, *self.second.sets)):
            one, two = self.first.of(symbol), self.second.of(symbol)
            if one != two:
                found.append(Difference(symbol, outside(symbol, one, two), outside(symbol, two, one)))
        return tuple(found)

    @property
    def same_domain(self) -> bool | None:
        """Whether both are defined for the same inputs; ``None`` where that is not known."""
        if self.differences:
            return False
        return True if set(self.first.open) == set(self.second.open) else None


def compare(left: Network, right: Network) -> Comparison:
    """Shapes, closed forms, parameters and multiply-adds of two networks, in the symbols of the first one's input.

    >>> one, two = (Network.parse(f"(3*W*W) -> Conv|8|{how}") for how in ("3|2|1", "1|2"))
    >>> [(row.what, row.equal) for row in compare(one, two).rows]
    [('channels', True), ('H', True), ('W', True), ('parameters', False), ('multiply-adds', False)]
    """
    renamed = _renamed(left, right)
    pairs: list[tuple[str, Term, Term]] = []
    one, two = left.placed[-1], right.placed[-1]
    if len(one.output.dims) == len(two.output.dims):
        if one.output.dims:
            pairs.append(("channels", one.output.channels, substitute(two.output.channels, renamed)))
        for name, mine, other in zip(one.output.axis_names, one.axes, two.axes, strict=False):
            pairs.append((name, mine.form.term, substitute(other.form.term, renamed)))
    pairs.append(("parameters", left.counted(), substitute(right.counted(), renamed)))
    if _numbers(left) == _numbers(right):  # work on a given input and work on any input are not comparable
        pairs.append(("multiply-adds", left.work, substitute(right.work, renamed)))
    first, second = domain(left.proof.hypotheses), domain(right.proof.hypotheses, renamed)
    given = tuple(dict.fromkeys((*first.hypotheses, *second.hypotheses)))
    return Comparison(tuple(_compared(*pair, given) for pair in pairs), first, second)


def _numbers(network: Network) -> bool:
    return all(size.constant is not None for size in network.input)


def _renamed(left: Network, right: Network) -> dict[Term, Term]:
    """The second network's input symbols by the first one's, axis by axis."""
    pairs = zip(right.placed[0].axes, left.placed[0].axes, strict=False)
    return {other.form.base: mine.form.base for other, mine in pairs if isinstance(other.form.base, Symbol)}


def _compared(what: str, left: Term, right: Term, given: tuple[Proposition, ...]) -> Row:
    equation = Eq(left, right)
    symbols = symbols_of(equation)
    if not symbols:
        return Row(what, left, right, given, calculate(equation) if holds(equation) else None)
    theorem = settle(equation)
    asked = [hypothesis for hypothesis in given if symbols_of(hypothesis) == symbols]
    agreed = decided(And(equation, *asked)) if theorem.hypotheses else None
    if agreed is None:  # for all sizes; or it is not known for which
        return Row(what, left, right, given, theorem)
    everywhere = _taken(agreed, asked)
    if everywhere is not None:
        return Row(what, left, right, given, part(modus_ponens(flip(agreed), everywhere), 0))
    where = agreed.conclusion.args[1]
    members: IntegerSet = where.args[1]
    proven = part(modus_ponens(flip(agreed), assume(where)), 0) if members.parts else None
    return Row(what, left, right, given, proven, members)


def _taken(agreed: Theorem, asked: Sequence[Proposition]) -> Theorem | None:
    """asked ⊢ the size is one of those that agree; ``None`` where it need not be."""
    found = decided(And(*asked)) if asked else None
    where = agreed.conclusion.args[1]
    if found is None or not isinstance(where, In) or found.conclusion.args[1] is not where:
        return None
    return modus_ponens(found, both(tuple(map(assume, asked))))
