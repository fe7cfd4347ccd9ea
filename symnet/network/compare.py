"""Compares two networks: they are proven equal where both are defined, or it is shown where and for which sizes they differ."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import NamedTuple

from symnet.kernel.rules import assume, both, calculate, flip, modus_ponens, part
from symnet.kernel.theorem import Theorem
from symnet.network.alignment import Alignment, alignment
from symnet.network.domain import Domain, domain, outside
from symnet.network.joins import decided, settle, without_common_factor
from symnet.network.network import Network
from symnet.network.propagate import Placed, letters
from symnet.printing.names import look
from symnet.terms.evaluation import holds
from symnet.terms.integer_sets import IntegerSet
from symnet.terms.polynomial import Polynomial, from_polynomial, least, normal_form, subtract
from symnet.terms.propositions import And, Eq, In, Le, Proposition
from symnet.terms.term import Symbol, Term, integer, substitute, symbols_of
from symnet.terms.walks import has_more_parts

__all__ = ["Comparison", "Difference", "Row", "compare"]

#: Sides with more parts are not held against each other from the least sizes on.
LONG = 400


@dataclass(frozen=True)
class Row:
    """One quantity that both networks have. ``theorem`` proves the sides equal, under hypotheses; ``assumptions`` are those of both
    networks; ``where`` is the set of sizes for which the sides are equal, among those that both networks take: ``None`` if
    that is all of them, or undecided.
    """

    what: str
    left: Term
    right: Term
    assumptions: tuple[Proposition, ...]
    theorem: Theorem | None
    where: IntegerSet | None = None
    #: the symbol that ``where`` is about
    symbol: Symbol | None = None
    #: the condition under which the sides are equal, if it is about several symbols
    condition: Proposition | None = None

    @property
    def equal(self) -> bool:
        """Whether the sides are equal wherever both networks are defined."""
        return self.theorem is not None and self.theorem.hypotheses <= set(self.assumptions)

    @property
    def hypotheses(self) -> tuple[Proposition, ...]:
        """All assumptions of the row: those of the networks, and those of the theorem besides."""
        return tuple(dict.fromkeys((*self.assumptions, *(self.theorem.hypotheses if self.theorem else ()))))


class Difference(NamedTuple):
    """The sizes that only one of the networks takes; ``None`` if that cannot be decided."""

    symbol: Symbol
    only_first: IntegerSet | None
    only_second: IntegerSet | None


@dataclass(frozen=True)
class Comparison:
    """All rows. ``first`` and ``second`` are the inputs for which the networks are defined, in the symbols of the first; ``renamed``
    has pairs of symbols of the second network that got other names here, since the first one has others of these names.
    """

    rows: tuple[Row, ...]
    first: Domain
    second: Domain
    windows: Alignment = Alignment(None)
    renamed: tuple[tuple[Symbol, Symbol], ...] = ()
    #: conditions on the input under which each network was read as it is; others are not compared
    case_conditions: tuple[tuple[Proposition, ...], tuple[Proposition, ...]] = ((), ())
    #: what the layers of either network do with other inputs
    otherwise: tuple[str, ...] = ()

    @property
    def equal(self) -> bool:
        """Whether all rows are equal wherever both networks are defined, and there are such inputs."""
        return not self.nowhere and all(row.equal for row in self.rows)

    @property
    def nowhere(self) -> bool:
        """Whether no input fits both networks."""
        return any(not sizes.parts for _, sizes in self._common())

    def _common(self) -> list[tuple[Symbol, IntegerSet]]:
        return list(domain(self._assumptions).sets.items())

    @property
    def _assumptions(self) -> tuple[Proposition, ...]:
        return (*self.first.hypotheses, *self.second.hypotheses, *self.case_conditions[0], *self.case_conditions[1])

    @property
    def restrictions(self) -> tuple[Proposition, ...]:
        """The conditions that limit which of the common inputs are compared, if not all of them are."""
        taken = domain((*self.first.hypotheses, *self.second.hypotheses))
        compared = domain(self._assumptions)
        fewer = [symbol for symbol in compared.sets if compared.of(symbol) != taken.of(symbol)]
        alone = (each for each in compared.propositions if symbols_of(each) and symbols_of(each)[0] in fewer)
        conditions = [each for each in alone if len(symbols_of(each)) == 1]
        return tuple(dict.fromkeys((*conditions, *(each for each in compared.open if each not in taken.open))))

    @property
    def differences(self) -> tuple[Difference, ...]:
        """The sizes of each symbol of both networks that only one of them takes."""
        differences: list[Difference] = []
        apart = {symbol for pair in self.renamed for symbol in pair}
        for symbol in dict.fromkeys((*self.first.sets, *self.second.sets)):
            if symbol in apart:
                continue
            one, two = self.first.of(symbol), self.second.of(symbol)
            if one != two:
                differences.append(Difference(symbol, outside(symbol, one, two), outside(symbol, two, one)))
        return tuple(differences)

    @property
    def same_domain(self) -> bool | None:
        """Whether both are defined for the same inputs; ``None`` if that is unknown."""
        if self.differences:
            return False
        if self.first.sets != self.second.sets:  # on letters that only one of them has
            return None
        return True if set(self.first.open) == set(self.second.open) else None


def compare(left: Network, right: Network) -> Comparison:
    """Compares inputs, outputs, parameters and multiply-adds of two networks, in the symbols of the first one's input. Symbols in the
    same place of both inputs are identified; numbers of an input stay numbers.

    >>> one, two = (Network.parse(f"(3*W*W) -> Conv|8|{how}") for how in ("3|2|1", "1|2"))
    >>> [(row.what, row.equal) for row in compare(one, two).rows]
    [('channels', True), ('H', True), ('W', True), ('parameters', False), ('multiply-adds', False)]
    """
    renamed, fresh = _renamed(left, right)
    pairs = [(what, mine, substitute(other, renamed)) for what, mine, other in _pairs(left, right)]
    pairs.append(("parameters", left.counted(), substitute(right.counted(), renamed)))
    pairs.append(("multiply-adds", left.work, substitute(right.work, renamed)))
    read_first = left.proof.case_conditions
    read_second = tuple(substitute(each, renamed) for each in right.proof.case_conditions)
    otherwise = tuple(dict.fromkeys((*left.proof.otherwise, *right.proof.otherwise)))
    first = domain(_without(left.proof.of_the_input, left.proof.case_conditions), promises=left.proof.promises)
    second = domain(_without(right.proof.of_the_input, right.proof.case_conditions), renamed, right.proof.promises)
    assumptions = tuple(dict.fromkeys((*first.hypotheses, *second.hypotheses, *read_first, *read_second)))
    rows = tuple(_compared_row(*pair, assumptions) for pair in pairs)
    return Comparison(rows, first, second, alignment(left, right), fresh, (read_first, read_second), otherwise)


def _without(propositions: Sequence[Proposition], others: Sequence[Proposition]) -> list[Proposition]:
    return [each for each in propositions if each not in others]


def _pairs(left: Network, right: Network) -> Iterator[tuple[str, Term, Term]]:
    """The pairs to compare: sizes of the inputs if their numbers differ, and of every output."""
    for what, mine, other in _sizes("input ", left.placed[0], right.placed[0]):
        numbers = (mine.constant, other.constant)
        if numbers != (None, None) and numbers[0] != numbers[1]:
            yield what, mine, other
    first_outputs, second_outputs = (network.graph.outputs() for network in (left, right))
    if len(first_outputs) != len(second_outputs):
        yield "outputs", integer(len(first_outputs)), integer(len(second_outputs))
    for number, (one, two) in enumerate(zip(first_outputs, second_outputs, strict=False), 1):
        name = f"output {number} " if max(len(first_outputs), len(second_outputs)) > 1 else ""
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
    """The second network's symbols as the first's: symbols of the input become those in the same place. A letter of layers stays the
    same letter, unless one of the inputs has a symbol of its name: then it gets a new name.
    """
    first_symbols, second_symbols = _symbols(left), _symbols(right)
    first, second = ((network.graph.input.channels, *network.graph.input.axes) for network in (left, right))
    renamed: dict[Term, Term] = {}
    if len(first) == len(second):
        for other, mine in zip(second, first, strict=True):
            if isinstance(other, Symbol) and isinstance(mine, Symbol):
                renamed.setdefault(other, mine)
    inputs = {*symbols_of(*first), *symbols_of(*second)}
    taken = {look(symbol.name) for symbol in (*first_symbols, *second_symbols)}
    fresh: list[tuple[Symbol, Symbol]] = []
    for symbol in second_symbols:
        if symbol in renamed or symbol not in first_symbols or symbol not in inputs:
            continue
        name = f"{symbol.name}_second"
        while look(name) in taken:
            name += "_"
        fresh.append((symbol, Symbol(name, symbol.least)))
    return {**renamed, **dict(fresh)}, tuple(fresh)


def _symbols(network: Network) -> list[Symbol]:
    return [*dict.fromkeys((*symbols_of(*network.graph.input.dims), *letters(network.graph)))]


def _compared_row(what: str, left: Term, right: Term, assumptions: tuple[Proposition, ...]) -> Row:
    equation = Eq(left, right)
    symbols = symbols_of(equation)
    if not symbols:
        return Row(what, left, right, assumptions, calculate(equation) if holds(equation) else None)

    theorem = settle(equation)
    if theorem.hypotheses and (_never_equal(left, right) or _never_equal_there(left, right, assumptions)):
        return Row(what, left, right, assumptions, None)
    reduced = without_common_factor(equation)
    symbols = symbols_of(reduced)
    if theorem.hypotheses and not symbols:  # 12·W·H and 15·W·H: 12 is not 15
        return Row(what, left, right, assumptions, None)
    domain_conditions = [hypothesis for hypothesis in assumptions if symbols_of(hypothesis) == symbols]
    agreement = (
        decided(And(equation if reduced is equation else reduced, *domain_conditions)) if theorem.hypotheses else None
    )
    one = _one_size(reduced, assumptions) if agreement is None and theorem.hypotheses and len(symbols) > 1 else None
    if one is not None:
        symbol, size = one
        return Row(what, left, right, assumptions, theorem, IntegerSet.interval(size, size), symbol)
    if agreement is None:  # equal for all sizes, or under an equation of several symbols
        condition = reduced if theorem.hypotheses and not theorem.hypotheses <= set(assumptions) else None
        return Row(what, left, right, assumptions, theorem, condition=condition)
    where = agreement.conclusion.args[1]
    members: IntegerSet = where.args[1]
    if reduced is not equation:
        return Row(what, left, right, assumptions, theorem if members.parts else None, members, symbols[0])
    everywhere = _always_agreeing(agreement, domain_conditions)
    if everywhere is not None:
        return Row(what, left, right, assumptions, part(modus_ponens(flip(agreement), everywhere), 0))
    proven = part(modus_ponens(flip(agreement), assume(where)), 0) if members.parts else None
    return Row(what, left, right, assumptions, proven, members, symbols[0])


def _one_size(equation: Proposition, assumptions: tuple[Proposition, ...]) -> tuple[Symbol, int] | None:
    """The symbol and the one number of it for which the sides are equal, whatever the others are: 27·(W − 2)·(H − 2)·(K − 8) = 0 where
    W and H are at least 3. ``None`` if the difference has no such factor, or if the rest of it may be 0.
    """
    left, right = equation.args
    gap = subtract(normal_form(left), normal_form(right))
    for symbol in symbols_of(equation):
        parts: tuple[Polynomial, Polynomial, Polynomial] = ({}, {}, {})
        for monomial, times in gap.items():
            rest = tuple(power for power in monomial if power[0] is not symbol)
            inside = any(symbol in symbols_of(base) for base, _ in rest)
            exponent = 2 if inside else sum(power for base, power in monomial if base is symbol)
            parts[min(exponent, 2)][rest] = times
        constant, linear, others = parts
        if others or not linear or linear.keys() != constant.keys():
            continue
        sizes = {Fraction(-constant[rest]) / linear[rest] for rest in linear}
        size = int(min(sizes))
        if len(sizes) > 1 or size not in sizes or size < 1 or size not in domain(assumptions).of(symbol):
            continue
        if _never_equal_there(from_polynomial(linear), integer(0), assumptions):
            return symbol, size
    return None


def _never_equal(left: Term, right: Term) -> bool:
    """Returns whether signs of symbols show that one side is larger, for all sizes."""
    for small, large in ((left, right), (right, left)):
        gap = subtract(normal_form(large), normal_form(small))
        if (least(gap) or 0) >= 1:
            return True
    return False


def _never_equal_there(left: Term, right: Term, assumptions: tuple[Proposition, ...]) -> bool:
    """Returns whether one side is larger wherever the assumptions hold. Each size is written as the least one that they allow, and more:
    with W = 2 + w and H = 2 + h it is seen that 48·(W − 1)·(H − 1) and 60·(W − 1)·(H − 1) differ. So is a size that is at least another:
    W = F + w where F ≤ W.
    """
    if has_more_parts(Eq(left, right), LONG):
        return False
    known = domain(assumptions)
    lows = {symbol: [part.minimum for part in known.of(symbol).parts] for symbol in symbols_of(left, right)}
    raised: dict[Symbol, Term] = {
        symbol: _more(symbol) + min(low or 0 for low in found)
        for symbol, found in lows.items()
        if found and None not in found
    }
    for bound in known.open:
        if isinstance(bound, Le):
            raised |= _above(bound, raised)
    there: dict[Term, Term] = dict(raised.items())
    return _never_equal(substitute(left, there), substitute(right, there))


def _above(bound: Le, raised: Mapping[Symbol, Term]) -> dict[Symbol, Term]:
    """The size that is at least others, as these and more: W = F + 2 + w where F ≤ W − 2; nothing if there is none, or if one of them has
    been written so before, or stands in what another was written as.
    """
    gap = subtract(*map(normal_form, bound.args[::-1]))
    in_others = {one for size, term in raised.items() for one in symbols_of(term) if one is not _more(size)}
    for monomial, times in gap.items():
        if len(monomial) != 1 or monomial[0][1] != 1 or times != 1 or not isinstance(monomial[0][0], Symbol):
            continue
        larger = monomial[0][0]
        others = from_polynomial(subtract({monomial: 1}, gap))
        sizes = symbols_of(others)
        plain = all({one, _more(one)}.issuperset(symbols_of(raised.get(one, one))) for one in (larger, *sizes))
        if plain and larger not in sizes and _more(larger) not in in_others:
            return {larger: substitute(others, dict(raised.items())) + _more(larger)}
    return {}


def _more(size: Symbol) -> Symbol:
    """How much a size is more than its least value."""
    return Symbol(size.name, 0)


def _always_agreeing(agreement: Theorem, domain_conditions: Sequence[Proposition]) -> Theorem | None:
    """domain_conditions ⊢ the size is in the set where the sides agree; ``None`` if it need not be."""
    taken = decided(And(*domain_conditions)) if domain_conditions else None
    where = agreement.conclusion.args[1]
    if taken is None or not isinstance(where, In) or taken.conclusion.args[1] is not where:
        return None
    return modus_ponens(taken, both(tuple(map(assume, domain_conditions))))
