"""Hypotheses that follow from others: they are left out where hypotheses are reported.

A comparison is a polynomial that is at least 0. A quotient that stands alone is put away first, which loses nothing, since sizes
are integers: ⌊n/m⌋ ≥ k says the same as n ≥ m·k. Each letter is its least value plus a new letter of at least 0, so that products
of letters are at least 0. A hypothesis follows from others if those, its contrary, and products of letters have a nonnegative
combination that is a negative number (:mod:`symnet.search.linear_combinations`); most follow from one other, which is seen without.
A hypothesis also says something simpler (:func:`_simpler`): S·(H − F) ≥ F − 1 says that H ≥ F.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import lru_cache
from math import gcd

from symnet.errors import SymnetError
from symnet.search.linear_combinations import Row, least_combination
from symnet.terms.evaluation import holds
from symnet.terms.polynomial import Monomial, Polynomial, add, from_polynomial, least, multiply, normal_form, subtract
from symnet.terms.propositions import And, Divides, Eq, In, Le, Lt, Proposition
from symnet.terms.term import CeilDiv, FloorDiv, Max, Min, Symbol, Term, integer, substitute, symbols_of
from symnet.terms.walks import has_more_parts

__all__ = ["contradict_each_other", "without_implied"]

#: Hypotheses with more parts are not compared, in the sizes of their closed forms.
LONG = 120

#: Nor are those whose polynomial has more monomials, as products of many strides have.
MONOMIALS = 64

#: Each hypothesis is held against so many others.
COMPARED = 60

#: Combinations of several hypotheses are searched for among the so many that share most letters with the one that may follow, for so
#: many of these, and with so many polynomials: of the same letters, and of all.
TOGETHER, TRIED, ROWS, FEW = 10, 40, 48, 30

#: Conditions are multiplied by so many letters.
FACTORS = 2

#: A combination is searched for if the table of the polynomials and their monomials has at most so many entries.
TABLE = 1_000

#: So many points are tried, at one of which the others may hold and a hypothesis not.
POINTS = 150
#: The values of letters at these points, above their least ones.
MORE = (0, 1, 2, 4, 7, 12, 39, 99)


def without_implied(hypotheses: Sequence[Proposition], fixed: Collection[Proposition] = ()) -> list[Proposition]:
    """The hypotheses, in closed forms, without those that hold always or follow from the others. Of two that say the same, the one with
    fewer letters is kept, or the first; those of ``fixed`` are always kept.

    >>> S, H, W = Symbol("S"), Symbol("H"), Symbol("W")
    >>> without_implied([Le(S, H), Le(integer(3), (H - S) // S + 1 + 2), Le(H, W), Le(S, W)])
    [<Le S <= H>, <Le H <= W>]
    """
    kept: list[Proposition] = []
    for each in hypotheses:
        near = kept[-COMPARED:]
        if each not in fixed and (_always_holds(each) or any(_replaces(one, each, fixed) for one in near)):
            continue
        implied = {one for one in near if one not in fixed and _replaces(each, one, fixed)}
        kept = [*(one for one in kept if one not in implied), each]
    for each in sorted(kept[: -TRIED - 1 : -1], key=lambda one: -len(symbols_of(one))):
        if each not in fixed and _follow_together(each, _nearest(each, kept)):
            kept.remove(each)
    return kept


def _replaces(hypothesis: Proposition, other: Proposition, fixed: Collection[Proposition]) -> bool:
    """Returns whether the other one follows from a hypothesis, unless it says the same with fewer letters."""
    if not _follows(other, hypothesis):
        return False
    if hypothesis in fixed or len(symbols_of(other)) >= len(symbols_of(hypothesis)):
        return True
    return not (_follows(hypothesis, other) or _follow_together(hypothesis, [other]))


def contradict_each_other(hypotheses: Sequence[Proposition]) -> bool:
    """Returns whether it is seen that no values satisfy all of the hypotheses, which are in closed forms.

    >>> W, F = Symbol("W"), Symbol("F")
    >>> contradict_each_other([Le(W * F, W + F - 3)]), contradict_each_other([Le(W * F, W + F - 1)])
    (True, False)
    """
    gaps = [gap for each in hypotheses for gap in _known(each)]
    return (
        any(isinstance(each, In) and not each.args[1].parts for each in hypotheses)
        or any(_positive(subtract({(): -1}, gap)) for gap in gaps)
        or (len(hypotheses) <= TOGETHER and _contradict(gaps, ROWS))
    )


def _nearest(hypothesis: Proposition, others: Sequence[Proposition]) -> list[Proposition]:
    """The others that share most letters with a hypothesis, in their order."""
    letters = set(symbols_of(hypothesis))

    def apart(other: Proposition) -> tuple[bool, int]:
        return letters.isdisjoint(symbols_of(other)), len(letters.symmetric_difference(symbols_of(other)))

    nearest = sorted((one for one in others if one is not hypothesis), key=apart)[:TOGETHER]
    return [one for one in others if one in nearest]


def _always_holds(hypothesis: Proposition) -> bool:
    gaps, exact = _gaps(hypothesis)
    return exact and all(map(_positive, gaps))


@lru_cache(maxsize=4096)
def _gaps(proposition: Proposition) -> tuple[tuple[Polynomial, ...], bool]:
    """Polynomials that are at least 0 where the proposition holds; and whether it holds wherever they are."""
    if has_more_parts(proposition, LONG):
        return (), False
    raised: dict[Term, Term] = {
        symbol: Symbol(symbol.name, 0) + symbol.least for symbol in symbols_of(proposition) if symbol.least
    }
    try:
        gaps, exact = _stated(substitute(proposition, raised))
        parts = tuple(part for gap in gaps for part in _plain(gap))
        return ((), False) if any(len(part) > MONOMIALS for part in parts) else (parts, exact)
    except SymnetError:  # a product that is out of reach
        return (), False


@lru_cache(maxsize=4096)
def _known(proposition: Proposition) -> tuple[Polynomial, ...]:
    """What is at least 0 where a proposition holds: its own polynomials, and simpler ones."""
    gaps, _ = _gaps(proposition)
    if not gaps or has_more_parts(proposition, LONG):
        return gaps
    simpler = [from_polynomial(each) for gap in _stated(proposition)[0] for each in _simpler(gap)]
    more = (gap for each in simpler for gap in _gaps(Le(integer(0), each))[0])
    return (*gaps, *(gap for gap in more if gap not in gaps))


def _simpler(gap: Polynomial) -> Iterator[Polynomial]:
    """Polynomials with fewer letters that are at least 0 where this one is. Negative parts are left out, as if they were as small as they
    can be: 2·q − F ≥ 0 says 2·q − 1 ≥ 0. A factor of all others is left out: S·(H − F) − F + 1 ≥ 0 says S·(H − F) ≥ 0, so H − F ≥ 0.
    """
    letters = dict.fromkeys(atom for monomial in gap for atom, _ in monomial if (atom.least or 0) >= 1)
    for factor in (None, *letters):
        inside: Polynomial = {}
        rest = gap.get((), 0)
        for monomial, times in gap.items():
            powers = dict(monomial)
            if factor is None and times > 0 and monomial:
                inside[monomial] = times
            elif factor is not None and factor in powers:
                powers[factor] -= 1
                inside[tuple((atom, power) for atom, power in powers.items() if power)] = times
            elif monomial:
                smallest = least({monomial: 1})
                if times > 0 or smallest is None:
                    break
                rest += times * smallest
        else:
            if inside and factor is not None:
                rest = -1 if rest < 0 else rest // (factor.least or 1)
            if inside:
                yield add(inside, {(): rest})


def _stated(proposition: Proposition) -> tuple[list[Polynomial], bool]:
    match proposition:
        case And():
            parts = [_stated(part) for part in proposition.args]
            return [gap for gaps, _ in parts for gap in gaps], all(exact for _, exact in parts)
        case Le(args=(smaller, larger)):
            return [_gap(smaller, larger)], True
        case Lt(args=(smaller, larger)):
            return [_gap(smaller + 1, larger)], True
        case Eq(args=(one, other)):
            return [_gap(one, other), _gap(other, one)], True
        case In(args=(size, sizes)) if sizes.parts:
            lows, highs = ([getattr(part, end) for part in sizes.parts] for end in ("minimum", "maximum"))
            gaps = [] if None in lows else [_gap(integer(min(lows)), size)]
            gaps += [] if None in highs else [_gap(size, integer(max(highs)))]
            return gaps, len(lows) == 1 and sizes.parts[0].modulus == 1
        case Divides(args=(divisor, number)):
            at_least = least(normal_form(number))
            return [_gap(divisor, number)] if at_least is not None and at_least >= 1 else [], False
    return [], False


def _gap(smaller: Term, larger: Term) -> Polynomial:
    return subtract(normal_form(larger), normal_form(smaller))


def _plain(gap: Polynomial) -> list[Polynomial]:
    """Polynomials that are at least 0 for the same values, without quotients, minima and maxima that stand alone and without a common
    factor.
    """
    factor = gcd(*(number for monomial, number in gap.items() if monomial))
    if factor > 1:
        gap = {monomial: number // factor for monomial, number in gap.items() if number // factor}
    for monomial, number in gap.items():
        if len(monomial) != 1 or abs(number) != 1 or monomial[0][1] != 1:
            continue
        atom = monomial[0][0]
        rest = {other: amount for other, amount in gap.items() if other != monomial}
        if any(atom in dict(other) for other in rest):
            continue
        if isinstance(atom, Min if number > 0 else Max):
            return [plain for part in atom.args for plain in _plain(add(rest, normal_form(part), number))]
        if isinstance(atom, FloorDiv | CeilDiv):
            numerator, divisor = (normal_form(part) for part in atom.args)
            if not _positive(add(divisor, {(): -1})):
                continue
            # ⌊n/m⌋ ≥ −r: n + m·r ≥ 0; ⌈n/m⌉ ≤ r: m·r − n ≥ 0; else the rest of the division is up to m − 1
            without = add(multiply(rest, divisor), numerator, number)
            if isinstance(atom, FloorDiv) != (number > 0):
                without = add(without, add(divisor, {(): -1}))
            return _plain(without)
    return [gap]


def _follows(goal: Proposition, known: Proposition) -> bool:
    """Returns whether ``goal`` follows from ``known``, as a multiple of it and more."""
    if isinstance(goal, Divides):
        return isinstance(known, Divides) and _divides_as_well(known, goal)
    gaps, exact = _gaps(goal)
    known_gaps = _known(known)
    return (
        exact
        and bool(known_gaps)
        and all(_positive(gap) or any(_is_beyond(gap, one) for one in known_gaps) for gap in gaps)
    )


def _divides_as_well(known: Divides, goal: Divides) -> bool:
    """Returns whether d·k ∣ n, and therefore d ∣ n·l."""
    divisor, number = map(normal_form, goal.args)
    known_divisor, known_number = map(normal_form, known.args)
    return _is_multiple(known_divisor, divisor) and _is_multiple(number, known_number)


def _is_multiple(number: Polynomial, part: Polynomial) -> bool:
    """Returns whether a polynomial is another one times a monomial."""
    return any(multiply(part, {factor: times}) == number for factor, times in _ratios(number, part, numbers=True))


def _positive(gap: Polynomial) -> bool:
    bound = least(gap)
    return bound is not None and bound >= 0


def _is_beyond(goal: Polynomial, known: Polynomial) -> bool:
    """Returns whether ``goal`` is a positive multiple of ``known`` and more."""
    ratios = dict.fromkeys([*_ratios(goal, known), ((), 1)])
    return any(_positive(subtract(goal, multiply(known, {factor: times}))) for factor, times in ratios)


def _ratios(number: Polynomial, part: Polynomial, numbers: bool = False) -> Iterator[tuple[Monomial, int]]:
    """Yields the positive monomials that make a monomial of ``part`` one of ``number``; of numbers only with ``numbers``."""
    for monomial, amount in number.items():
        for other, other_amount in part.items():
            if not (other or numbers) or amount % other_amount or amount // other_amount < 1:
                continue
            powers = dict(monomial)
            for atom, exponent in other:
                powers[atom] = powers.get(atom, 0) - exponent
            factor = tuple((atom, exponent) for atom, exponent in powers.items() if exponent)
            if all(exponent > 0 and atom.least is not None and atom.least >= 0 for atom, exponent in factor):
                yield factor, amount // other_amount


def _follow_together(goal: Proposition, known: Sequence[Proposition]) -> bool:
    """Returns whether ``goal`` follows from what is known: of its own letters, or of all if that is little."""
    gaps, exact = _gaps(goal)
    if not exact or _fails_somewhere(goal, known):
        return False
    letters = set(symbols_of(goal))
    near = [gap for each in known if letters.issuperset(symbols_of(each)) for gap in _known(each)]
    everything = [gap for each in known for gap in _known(each)]
    return all(
        any(_contradict([*taken, subtract({(): -1}, gap)], rows) for taken, rows in ((near, ROWS), (everything, FEW)))
        for gap in gaps
    )


def _fails_somewhere(goal: Proposition, known: Sequence[Proposition]) -> bool:
    """Returns whether values are known at which ``known`` hold and ``goal`` does not."""
    symbols = symbols_of(goal, *known)
    for point in range(POINTS):
        more = {
            symbol: MORE[(point * (2 * place + 1) + point // len(MORE) * place) % len(MORE)]
            for place, symbol in enumerate(symbols)
        }
        values: dict[Term, int] = {symbol: number + (symbol.least or 0) for symbol, number in more.items()}
        try:
            if not holds(goal, values) and all(holds(each, values) for each in known):
                return True
        except SymnetError:  # a divisor is 0
            continue
    return False


def _contradict(gaps: list[Polynomial], most: int) -> bool:
    """Returns whether polynomials cannot all be at least 0: products of theirs with letters have a negative sum. Of more than ``most``
    only the last one, the contrary of what may follow, is multiplied.
    """
    rows = [*gaps, *(row for atom in _atoms(gaps) for row in _of_atom(atom))]
    letters = _factors(rows)
    multiplied = rows if len(rows) * (1 + len(letters)) <= most else gaps[-1:]
    rows += [multiply(row, {((letter, 1),): 1}) for row in multiplied for letter in letters]
    monomials = dict.fromkeys(monomial for row in rows for monomial in row if monomial)
    for monomial in monomials:
        bound = least({monomial: 1})
        if bound is not None:
            rows.append(add({monomial: 1}, {(): -bound}))
    return len(rows) * len(monomials) <= TABLE and least_combination([Row(row) for row in rows], {}) is None


def _factors(gaps: Iterable[Polynomial]) -> list[Term]:
    """The letters that stand in most products: conditions times these may add up to others."""
    found: Counter[Term] = Counter()
    for monomial in dict.fromkeys(monomial for gap in gaps for monomial in gap):
        if sum(power for _, power in monomial) > 1:
            found.update(atom for atom, _ in monomial if atom.least is not None and atom.least >= 0)
    return [atom for atom, _ in found.most_common(FACTORS)]


def _atoms(gaps: Iterable[Polynomial]) -> list[Term]:
    return list(dict.fromkeys(atom for gap in gaps for monomial in gap for atom, _ in monomial))


def _of_atom(atom: Term) -> list[Polynomial]:
    """What is known of a quotient, a minimum or a maximum: polynomials that are at least 0."""
    value: Polynomial = {((atom, 1),): 1}
    match atom:
        case Min():
            return [subtract(normal_form(part), value) for part in atom.args]
        case Max():
            return [subtract(value, normal_form(part)) for part in atom.args]
        case FloorDiv() | CeilDiv():
            numerator, divisor = map(normal_form, atom.args)
            if _positive(add(divisor, {(): -1})):
                over = subtract(numerator, multiply(value, divisor))  # of a floor 0..m − 1, of a ceiling −(m − 1)..0
                rest = add(divisor, {(): -1})
                return (
                    [over, subtract(rest, over)]
                    if isinstance(atom, FloorDiv)
                    else [subtract({}, over), add(over, rest)]
                )
    return []
