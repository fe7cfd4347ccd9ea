"""Two networks side by side: proven equal where both are defined, or where and for which sizes they differ."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from symnet.kernel.rules import assume, both, calculate, flip, modus_ponens, part
from symnet.kernel.theorem import Theorem
from symnet.network.alignment import Alignment, alignment
from symnet.network.domain import Domain, domain, outside
from symnet.network.joins import decided, settle, without_common_factor
from symnet.network.network import Network
from symnet.network.propagate import Placed, letters
from symnet.printing.names import look
from symnet.terms.integer_sets import IntegerSet
from symnet.terms.polynomial import least, normal_form, subtract
from symnet.terms.propositions import And, Eq, In, Proposition, holds
from symnet.terms.term import Symbol, Term, integer, substitute, symbols_of

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
    #: the symbol that ``where`` is about
    symbol: Symbol | None = None
    #: the sides are equal exactly where this holds, if it is no set of one symbol's sizes
    condition: Proposition | None = None

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
    """All rows; ``first`` and ``second`` say for which inputs the networks are defined, in the symbols of the first. ``renamed``
    has the symbols of the second that are called otherwise here, as the first one has others of these names."""

    rows: tuple[Row, ...]
    first: Domain
    second: Domain
    windows: Alignment = Alignment(None)
    renamed: tuple[tuple[Symbol, Symbol], ...] = ()
    #: of each network, for which inputs it is read: for others it is another network, which is not compared
    read_for: tuple[tuple[Proposition, ...], tuple[Proposition, ...]] = ((), ())
    #: what the layers of either do with other inputs
    otherwise: tuple[str, ...] = ()

    @property
    def equal(self) -> bool:
        """Whether everything is equal wherever both networks are defined, and they are somewhere."""
        return not self.nowhere and all(row.equal for row in self.rows)

    @property
    def nowhere(self) -> bool:
        """Whether no input fits both networks."""
        return any(not found.parts for _, found in self._common())

    def _common(self) -> list[tuple[Symbol, IntegerSet]]:
        return list(domain(self._given).sets.items())

    @property
    def _given(self) -> tuple[Proposition, ...]:
        return (*self.first.hypotheses, *self.second.hypotheses, *self.read_for[0], *self.read_for[1])

    @property
    def read(self) -> tuple[Proposition, ...]:
        """Which of the inputs that both take are compared, if not all of them."""
        taken = domain((*self.first.hypotheses, *self.second.hypotheses))
        compared = domain(self._given)
        fewer = [symbol for symbol in compared.sets if compared.of(symbol) != taken.of(symbol)]
        alone = (each for each in compared.propositions if symbols_of(each) and symbols_of(each)[0] in fewer)
        found = [each for each in alone if len(symbols_of(each)) == 1]
        return tuple(dict.fromkeys((*found, *(each for each in compared.open if each not in taken.open))))

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
    """Inputs, outputs, parameters and multiply-adds of two networks, in the symbols of the first one's input. Numbers of an
    input are numbers; symbols in the same place of both inputs are one.

    >>> one, two = (Network.parse(f"(3*W*W) -> Conv|8|{how}") for how in ("3|2|1", "1|2"))
    >>> [(row.what, row.equal) for row in compare(one, two).rows]
    [('channels', True), ('H', True), ('W', True), ('parameters', False), ('multiply-adds', False)]
    """
    renamed, fresh = _renamed(left, right)
    pairs = [(what, mine, substitute(other, renamed)) for what, mine, other in _pairs(left, right)]
    pairs.append(("parameters", left.counted(), substitute(right.counted(), renamed)))
    pairs.append(("multiply-adds", left.work, substitute(right.work, renamed)))
    here = left.proof.read_for
    there = tuple(substitute(each, renamed) for each in right.proof.read_for)
    otherwise = tuple(dict.fromkeys((*left.proof.otherwise, *right.proof.otherwise)))
    first = domain(_without(left.proof.of_the_input, left.proof.read_for), promises=left.proof.promises)
    second = domain(_without(right.proof.of_the_input, right.proof.read_for), renamed, right.proof.promises)
    given = tuple(dict.fromkeys((*first.hypotheses, *second.hypotheses, *here, *there)))
    rows = tuple(_compared(*pair, given) for pair in pairs)
    return Comparison(rows, first, second, alignment(left, right), fresh, (here, there), otherwise)


def _without(propositions: Sequence[Proposition], others: Sequence[Proposition]) -> list[Proposition]:
    return [each for each in propositions if each not in others]


def _pairs(left: Network, right: Network) -> Iterator[tuple[str, Term, Term]]:
    """What stands side by side: sizes of the input where numbers differ, and of every output."""
    for what, mine, other in _sizes("input ", left.placed[0], right.placed[0]):
        numbers = (mine.constant, other.constant)
        if numbers != (None, None) and numbers[0] != numbers[1]:
            yield what, mine, other
    ours, theirs = (network.graph.outputs() for network in (left, right))
    if len(ours) != len(theirs):
        yield "outputs", integer(len(ours)), integer(len(theirs))
    for number, (one, two) in enumerate(zip(ours, theirs, strict=False), 1):
        name = f"output {number} " if max(len(ours), len(theirs)) > 1 else ""
        yield from _sizes(name, left.placed[one], right.placed[two])


def _sizes(name: str, one: Placed, two: Placed) -> Iterator[tuple[str, Term, Term]]:
    if len(one.output.dims) != len(two.output.dims):
        yield f"{name}sizes", integer(len(one.output.dims)), integer(len(two.output.dims))
        return
    if one.output.dims:
        yield f"{name}channels", one.output.channels, two.output.channels
    for letter, mine, other in zip(one.output.axis_names, one.output.axes, two.output.axes, strict=False):
        yield f"{name}{letter}", mine, other


def _renamed(left: Network, right: Network) -> tuple[dict[Term, Term], tuple[tuple[Symbol, Symbol], ...]]:
    """The second network's symbols by the first one's: those of the input by the ones in the same place; a letter of layers
    stays, as it is the same one in both, unless an input has a symbol of this name: then it gets a new one."""
    ours, theirs = _symbols(left), _symbols(right)
    first, second = ((network.graph.input.channels, *network.graph.input.axes) for network in (left, right))
    renamed: dict[Term, Term] = {}
    if len(first) == len(second):
        for other, mine in zip(second, first, strict=True):
            if isinstance(other, Symbol) and isinstance(mine, Symbol):
                renamed.setdefault(other, mine)
    inputs = {*symbols_of(*first), *symbols_of(*second)}
    taken = {look(symbol.name) for symbol in (*ours, *theirs)}
    fresh: list[tuple[Symbol, Symbol]] = []
    for symbol in theirs:
        if symbol in renamed or symbol not in ours or symbol not in inputs:
            continue
        name = f"{symbol.name}_second"
        while look(name) in taken:
            name += "_"
        fresh.append((symbol, Symbol(name, symbol.least)))
    return {**renamed, **dict(fresh)}, tuple(fresh)


def _symbols(network: Network) -> list[Symbol]:
    return [*dict.fromkeys((*symbols_of(*network.graph.input.dims), *letters(network.graph)))]


def _compared(what: str, left: Term, right: Term, given: tuple[Proposition, ...]) -> Row:
    equation = Eq(left, right)
    symbols = symbols_of(equation)
    if not symbols:
        return Row(what, left, right, given, calculate(equation) if holds(equation) else None)
    theorem = settle(equation)
    if theorem.hypotheses and _never_equal(left, right):
        return Row(what, left, right, given, None)
    reduced = without_common_factor(equation)
    symbols = symbols_of(reduced)
    if theorem.hypotheses and not symbols:  # 12·W·H and 15·W·H: 12 is not 15
        return Row(what, left, right, given, None)
    asked = [hypothesis for hypothesis in given if symbols_of(hypothesis) == symbols]
    agreed = decided(And(equation if reduced is equation else reduced, *asked)) if theorem.hypotheses else None
    if agreed is None:  # for all sizes; or where an equation of several symbols holds
        condition = reduced if theorem.hypotheses and not theorem.hypotheses <= set(given) else None
        return Row(what, left, right, given, theorem, condition=condition)
    where = agreed.conclusion.args[1]
    members: IntegerSet = where.args[1]
    if reduced is not equation:
        return Row(what, left, right, given, theorem if members.parts else None, members, symbols[0])
    everywhere = _taken(agreed, asked)
    if everywhere is not None:
        return Row(what, left, right, given, part(modus_ponens(flip(agreed), everywhere), 0))
    proven = part(modus_ponens(flip(agreed), assume(where)), 0) if members.parts else None
    return Row(what, left, right, given, proven, members, symbols[0])


def _never_equal(left: Term, right: Term) -> bool:
    """Whether the signs of the symbols show that one side is larger, whatever the sizes."""
    for small, large in ((left, right), (right, left)):
        gap = subtract(normal_form(large), normal_form(small))
        if (least(gap) or 0) >= 1:
            return True
    return False


def _taken(agreed: Theorem, asked: Sequence[Proposition]) -> Theorem | None:
    """asked ⊢ the size is one of those that agree; ``None`` where it need not be."""
    found = decided(And(*asked)) if asked else None
    where = agreed.conclusion.args[1]
    if found is None or not isinstance(where, In) or found.conclusion.args[1] is not where:
        return None
    return modus_ponens(found, both(tuple(map(assume, asked))))
