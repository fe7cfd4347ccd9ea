"""Answers with parameters: the bounds of the unknown, and the conditions on the parameters under which they hold."""

from __future__ import annotations

from typing import Any

from symnet.printing.text import text, unicode_text
from symnet.solving.chain import Family
from symnet.solving.redundant import gap, implied
from symnet.terms.evaluation import holds
from symnet.terms.integer_sets import Progression
from symnet.terms.node import children_first
from symnet.terms.polynomial import Monomial, add, from_polynomial, normal_form
from symnet.terms.propositions import And, Congruent, Divides, Eq, In, Le, Lt, Or, Proposition
from symnet.terms.term import CeilDiv, FloorDiv, Mod, Symbol, Term, integer, symbols_of

__all__ = ["Case", "conditions_on", "family_cases", "symbolic_classes"]

#: With more alternatives than this, contradictory ones are not searched for.
COMPARED = 256
#: At most so many alternatives are written out.
SHOWN = 24


class Case:
    """One case of an answer: conditions on the parameters, lower and upper bounds of the unknown, its residue class,
    and ``others``, all further conditions that contain it.
    """

    def __init__(self) -> None:
        self.parameter_conditions: list[Proposition] = []
        self.lower: list[Term] = []
        self.upper: list[Term] = []
        self.others: list[Proposition] = []
        self.residue, self.modulus = 0, 1

    def take(self, part: Proposition, unknown: Symbol) -> None:
        """Adds one conjunct to the case."""
        if unknown not in symbols_of(part):
            self.parameter_conditions.append(part)
        elif isinstance(part, Le | Lt) and unknown in part.args:
            left, right = part.args
            strict = isinstance(part, Lt)
            if left is unknown and unknown not in symbols_of(right):
                self.upper.append(_shifted(right, -1) if strict else right)
                return
            if right is unknown and unknown not in symbols_of(left):
                self.lower.append(_shifted(left, 1) if strict else left)
                return
            self.others.append(part)
        elif isinstance(part, Eq) and unknown in part.args:
            left, right = part.args
            other = right if left is unknown else left
            if unknown in symbols_of(other):
                self.others.append(part)
                return
            self.lower.append(other)
            self.upper.append(other)
        elif isinstance(part, Congruent) and part.args[0] is unknown and self.modulus == 1:
            _, residue, modulus = part.args
            self.residue, self.modulus = residue.constant, modulus.constant
        else:
            self.others.append(part)


def _shifted(term: Term, by: int) -> Term:
    return from_polynomial(add(normal_form(term), {(): by}))


def family_cases(family: Family, *, spread: bool = False) -> list[Case]:
    """The cases of a family: one for each choice of alternatives, without contradictory ones. With ``spread`` the
    progressions of a set are alternatives, too.
    """
    ways = _ways(family.conditions, spread)
    if len(ways) <= COMPARED:
        ways = [_with_equations(_without_implied(way)) for way in ways if _possible(way)]
    cases: list[Case] = []
    for way in ways:
        case = Case()
        for part in dict.fromkeys(way):
            case.take(part, family.unknown)
        cases.append(case)
    return cases


def _ways(proposition: Proposition, spread: bool) -> list[list[Proposition]]:
    """The disjunctive normal form: each alternative as the list of its conjuncts."""
    if isinstance(proposition, Or):
        return [way for part in proposition.args for way in _ways(part, spread)]
    if isinstance(proposition, And):
        ways: list[list[Proposition]] = [[]]
        for part in proposition.args:
            following = _ways(part, spread)
            ways = [[*way, *more] for way in ways for more in following]
            if len(following) > 1:
                ways = [way for way in ways if not _contradictory(way)]
        return ways
    if isinstance(proposition, In):
        term, members = proposition.args
        if spread or not members.parts:
            return [_parts(term, part) for part in members.parts]
    return [[proposition]]


def _contradictory(way: list[Proposition]) -> bool:
    """Whether two comparisons of an alternative contradict each other: they say a ≤ t and t < a of the same term."""
    lowest: dict[frozenset[tuple[Monomial, int]], int] = {}  # for 0 ≤ term + number: the term, and the least number
    for part in way:
        if isinstance(part, Le | Lt):
            difference = gap(part)
            term = frozenset((monomial, number) for monomial, number in difference.items() if monomial)
            lowest[term] = min(difference.get((), 0), lowest.get(term, difference.get((), 0)))
    negative = {term: frozenset((monomial, -number) for monomial, number in term) for term in lowest}
    return any(number + lowest.get(negative[term], -number) < 0 for term, number in lowest.items())


def _parts(term: Term, part: Progression) -> list[Proposition]:
    """The conditions of membership in a progression."""
    residue, modulus, minimum, maximum = part
    if minimum is not None and minimum == maximum:
        return [Eq(term, integer(minimum))]
    propositions: list[Proposition] = [] if minimum is None else [Le(integer(minimum), term)]
    if maximum is not None:
        propositions.append(Le(term, integer(maximum)))
    if modulus > 1:
        propositions.append(Congruent(term, integer(residue), integer(modulus)))
    return propositions


def _possible(way: list[Proposition]) -> bool:
    """Whether no comparison is false, by its signs or because of another one."""
    for part in way:
        if isinstance(part, Le | Lt):
            left, right = part.args
            if implied(Lt(right, left) if isinstance(part, Le) else Le(right, left), [p for p in way if p is not part]):
                return False
        elif isinstance(part, Eq) and not symbols_of(part) and not holds(part):
            return False
    return True


def _without_implied(way: list[Proposition]) -> list[Proposition]:
    """The conditions without comparisons that follow from the others."""
    kept = list(dict.fromkeys(way))
    for part in list(kept):
        others = [other for other in kept if other is not part]
        if isinstance(part, Le | Lt) and implied(part, others):
            kept = others
    return kept


def _with_equations(way: list[Proposition]) -> list[Proposition]:
    """The conditions with an equation for each pair of comparisons a ≤ b and b ≤ a."""
    result: dict[Proposition, None] = {}
    for part in way:
        if isinstance(part, Le) and Le(part.args[1], part.args[0]) in way:
            left, right = part.args if isinstance(part.args[0], Symbol) else part.args[::-1]
            result[Eq(right, left) if Eq(right, left) in result else Eq(left, right)] = None
        else:
            result[part] = None
    return list(result)


def conditions_on(family: Family, unknowns: tuple[Symbol, ...] = ()) -> str:
    """The cases in words: ``⌊…⌋ + 1 ≤ S ≤ ⌊…⌋, if …``. If each condition contains a single symbol, conditions on
    several of the symbols asked for are listed side by side: ``H ≥ 4, W ≥ 4``.
    """
    cases = family_cases(family)
    shown = [_case_text(case, family.unknown, unknowns if len(cases) == 1 else ()) for case in cases[:SHOWN]]
    more = [f"… ({len(cases):,} cases in all)"] if len(cases) > SHOWN else []
    return "; or ".join([*shown, *more]) or f"{family.unknown.name} ∈ ∅"


def _case_text(case: Case, unknown: Symbol, unknowns: tuple[Symbol, ...]) -> str:
    parts: list[str] = []
    if case.lower or case.upper:
        below, above = _extreme_text(_extreme(max, case.lower)), _extreme_text(_extreme(min, case.upper))
        quotient = _quotient(case, unknown)
        parts = [quotient] if quotient else [f"{unknown.name} = {below}"] if below == above else [
            (f"{below} ≤ " if below else "") + unknown.name + (f" ≤ {above}" if above else "")
        ]  # fmt: skip
    if case.modulus > 1:
        parts.append(unicode_text(Congruent(unknown, integer(case.residue), integer(case.modulus))))
    parts += [unicode_text(other) for other in case.others]
    alone = _alone(case, unknowns)
    place = unknowns.index(unknown) if unknown in unknowns else 0
    before = [part for part in alone if unknowns.index(symbols_of(part)[0]) < place]
    parts = [*map(_in_words, before), *parts, *(_in_words(part) for part in alone if part not in before)]
    parameter_conditions = ", ".join(unicode_text(part) for part in case.parameter_conditions if part not in alone)
    free = (
        ", ".join(symbol.name for symbol in unknowns)
        if unknown in unknowns and not parameter_conditions
        else unknown.name
    )
    told = {*symbols_of(*case.lower, *case.upper, *case.others, *case.parameter_conditions), unknown}
    rest = [symbol.name for symbol in unknowns if symbol not in told]
    parts += [f"any {', '.join(rest)}"] if rest and parts else []
    shown = ", ".join(parts) or f"any {free}"
    only_unknown = set(symbols_of(*case.lower, *case.upper, *case.others)) <= {unknown} <= set(unknowns)
    side_by_side = (
        only_unknown and bool(parts) and all(len(symbols_of(part)) == 1 for part in case.parameter_conditions)
    )
    side_by_side = side_by_side and set(symbols_of(*case.parameter_conditions)) <= set(unknowns)
    return f"{shown}{', ' if side_by_side else ', if '}{parameter_conditions}" if parameter_conditions else shown


def _alone(case: Case, unknowns: tuple[Symbol, ...]) -> list[Proposition]:
    """The sets of unknowns that stand in no other condition: they are part of the answer, not when it holds."""
    terms = [*case.lower, *case.upper]
    on = [symbols_of(part) for part in (*case.parameter_conditions, *case.others, *terms)]
    return [
        part
        for part in case.parameter_conditions
        if isinstance(part, In)
        and len(own := symbols_of(part)) == 1
        and own[0] in unknowns
        and sum(own[0] in s for s in on) == 1
    ]


def _in_words(part: Proposition) -> str:
    """``K = 64`` for a set of one member."""
    term, members = part.args
    return unicode_text(Eq(term, integer(next(iter(members)))) if members.size == 1 else part)


def _quotient(case: Case, unknown: Symbol) -> str:
    """``P = (F − 1)/2, F odd``, for an unknown between a quotient rounded up and the same quotient rounded down; else
    "".
    """
    if len(case.lower) != 1 or len(case.upper) != 1 or not isinstance(case.upper[0], FloorDiv):
        return ""
    numerator, divisor = case.upper[0].args
    number = divisor.constant
    above = FloorDiv(from_polynomial(add(normal_form(numerator), {(): -1})), divisor) + 1
    if number is None or number < 2 or normal_form(above) != normal_form(case.lower[0]):
        return ""
    gap = normal_form(numerator)
    rest = gap.get((), 0)
    letters = symbols_of(numerator)
    single = [
        symbol
        for symbol in letters
        if len(letters) == 1 and set(gap) <= {(), ((symbol, 1),)} and gap[((symbol, 1),)] == 1
    ]
    shown = unicode_text(numerator)
    shown = f"({shown})" if len(gap) > 1 else shown
    if not single:
        return f"{unknown.name} = {shown}/{number}, where {unicode_text(Divides(divisor, numerator))}"
    [symbol] = single
    if number == 2:
        odd, even = ("odd", "even") if rest % 2 else ("even", "odd")
        none = "" if case.parameter_conditions else f"; no {unknown.name} for {even} {symbol.name}"
        return f"{unknown.name} = {shown}/2, {symbol.name} {odd}{none}"
    where = unicode_text(Congruent(symbol, integer(-rest % number), divisor))
    return f"{unknown.name} = {shown}/{number}, {where}"


def _extreme(function: Any, terms: list[Term]) -> tuple[str, list[Term]]:
    """The name of ``function`` (min or max) and its arguments, with numbers combined into one."""
    numbers = [term.constant for term in terms if term.constant is not None]
    kept = dict.fromkeys(term for term in terms if term.constant is None)
    return function.__name__, [*([integer(function(numbers))] if numbers else []), *kept]


def _extreme_text(extreme: tuple[str, list[Term]]) -> str:
    function, terms = extreme
    shown = list(dict.fromkeys(map(unicode_text, terms)))
    return shown[0] if len(shown) == 1 else f"{function}({', '.join(shown)})" if shown else ""


def symbolic_classes(family: Family) -> list[dict[str, Any]]:
    """Each case as JSON data: a residue class whose ends are expressions; ``conditions`` say when it applies."""
    return [
        {
            "symbol": family.unknown.name,
            "residue": case.residue,
            "modulus": case.modulus,
            "minimum": _end(_extreme(max, case.lower)),
            "maximum": _end(_extreme(min, case.upper)),
            "conditions": list(
                dict.fromkeys(map(_condition, sorted([*case.parameter_conditions, *case.others], key=_divides)))
            ),
        }
        for case in family_cases(family, spread=True)
    ]


def _divides(part: Proposition) -> bool:
    """Whether a condition has a divisor that may be 0, so that others must rule that out first."""
    divisors = [node.args[1] for node in children_first(part) if isinstance(node, FloorDiv | CeilDiv | Mod)]
    return any(divisor.least is None or divisor.least < 1 for divisor in divisors)


def _end(extreme: tuple[str, list[Term]]) -> int | str | None:
    function, terms = extreme
    if not terms:
        return None
    shown = list(dict.fromkeys(map(text, terms)))
    if len(shown) > 1:
        return f"{function}({', '.join(shown)})"
    number = terms[0].constant
    return shown[0] if number is None else number


def _condition(part: Proposition) -> str:
    """A condition in the expression grammar, where divisibility is a remainder equal to 0."""
    if isinstance(part, Divides):
        divisor, term = part.args
        return text(Eq(Mod(term, divisor), integer(0)))
    if isinstance(part, Congruent):
        term, residue, modulus = part.args
        if residue.constant is not None and modulus.constant is not None:
            return text(Eq(Mod(term, modulus), integer(residue.constant % modulus.constant)))
        return text(Eq(Mod(term - residue, modulus), integer(0)))
    return text(part)
