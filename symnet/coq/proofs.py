"""For each kernel rule, how its step is proven in Coq: the rule's lemma applied to the lemmas of the premises.

A new rule needs a lemma ``rule_<name>`` in a ``.v`` file and one function here, under the rule's name.
The text returned is a proof term; Coq checks it against the step's statement, so a mistake here can only be rejected.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

from symnet.kernel.propositions import And, Eq, Le, Proposition
from symnet.kernel.rules.counts import extent
from symnet.kernel.theorem import Theorem
from symnet.printing.coq import numeral
from symnet.terms.polynomial import normal_form, subtract
from symnet.terms.term import Int, Node, Product, Symbol, Term, integer, times

__all__ = ["PROOFS", "Step", "proof"]


class Step(Protocol):
    """What a proof may ask about the step it proves."""

    theorem: Theorem

    def text(self, node: Node) -> str:
        """The Coq text of a term or proposition, ready to be an argument."""

    def use(self, premise: Theorem) -> str:
        """The premise's lemma, applied to the symbols and hypotheses at hand."""

    def under(self, assumption: Proposition, body: Callable[[str], str]) -> str:
        """``fun h : assumption => body h``; the body may use the assumption."""

    def rewritten(self, equations: Sequence[Theorem], proposition: Proposition) -> list[str]:
        """For each equation, the proposition as a function of what it rewrites; those before are rewritten already."""

    def instance(self, premise: Theorem, values: dict[Term, Term]) -> str:
        """The premise's lemma, applied to other terms."""

    def hypothesis(self, proposition: Proposition) -> str:
        """The name of a hypothesis of this step."""

    def assumes(self, proposition: Proposition) -> bool:
        """Whether it is a hypothesis of this step."""

    def binding(self, symbol: Symbol, body: Node) -> str:
        """``fun symbol => body``."""

    def promise(self, symbol: Symbol) -> str | None:
        """The proof that a symbol keeps its bound, as far as it is a symbol at hand."""

    def positive(self, product: Term) -> str:
        """The proof that a product of positive factors is positive; of a named one it stands in the file once."""

    def data(self, *nodes: Node) -> tuple[str, str, str, list[str]]:
        """Nodes as data: the environment, its lower bounds, their proof, and the nodes."""


Proof = Callable[[Step], str]
PROOFS: dict[str, Proof] = {}


def proof(function: Proof) -> Proof:
    """Register how a rule's steps are proven; the function's name is the rule's."""
    PROOFS[function.__name__] = function
    return function


def conjunction(proofs: Sequence[str]) -> str:
    r"""A proof of ``p /\ (q /\ (… /\ True))``."""
    return "".join(f"(conj {one} " for one in proofs) + "I" + ")" * len(proofs)


def at_least(step: Step, number: int, term: Term) -> str:
    """A proof of ``number <= term`` by structure."""
    if type(term) is Int:
        return "(le_num _ _ eq_refl)"
    if type(term) is Symbol and term.least == number and (promise := step.promise(term)) is not None:
        return promise
    if (
        number == 1
        and type(term) is Product
        and all(factor.least is not None and factor.least >= 1 for factor in term.args)
    ):
        return step.positive(term)
    environment, low, bounds, [data] = step.data(term)
    return f"(by_structure {environment} {low} _ {data} {bounds} eq_refl)"


def positive_product(step: Step, factors: Sequence[Term]) -> str:
    """A proof of ``1 <= a * b * …`` from those of the factors."""
    text = at_least(step, 1, factors[0]) if factors else "(le_num _ _ eq_refl)"
    for factor in factors[1:]:
        text = f"(times_positive _ _ {text} {at_least(step, 1, factor)})"
    return text


def equal(step: Step, left: Term, right: Term) -> str:
    """A proof that two polynomials are equal."""
    environment, _, _, (a, b) = step.data(left, right)
    return f"(rule_polynomial_identity {environment} {a} {b} eq_refl)"


def _apply(lemma: str, *arguments: str) -> str:
    return " ".join([lemma, *arguments])


def _condition(step: Step, condition: Le) -> str:
    """A condition that became a hypothesis unless the signs show it."""
    if step.assumes(condition):
        return step.hypothesis(condition)
    least, term = condition.args
    return at_least(step, least.constant or 0, term)


def _ones(step: Step, *terms: Term) -> list[str]:
    return [at_least(step, 1, term) for term in terms]


# ---- logic ----


@proof
def assume(step: Step) -> str:
    return _apply("rule_assume _", step.hypothesis(step.theorem.conclusion))


@proof
def cut(step: Step) -> str:
    given, theorem = step.theorem.arguments
    return _apply("rule_cut _ _", step.use(given), step.under(given.conclusion, lambda _: step.use(theorem)))


@proof
def both(step: Step) -> str:
    proofs = [step.use(premise) for premise in step.theorem.arguments[0]]
    if not proofs:
        return "I"
    text = proofs[-1]
    for one in reversed(proofs[:-1]):
        text = f"(rule_both _ _ {one} {text})"
    return text


@proof
def part(step: Step) -> str:
    theorem, index = step.theorem.arguments
    text = step.use(theorem)
    for _ in range(index):
        text = f"(rule_part_rest _ _ {text})"
    last = index == len(theorem.conclusion.args) - 1
    return text if last else f"rule_part _ _ {text}"


@proof
def flip(step: Step) -> str:
    lemma = "rule_flip" if isinstance(step.theorem.conclusion, Eq) else "rule_flip_iff"
    return _apply(lemma, "_ _", step.use(step.theorem.arguments[0]))


@proof
def equivalence(step: Step) -> str:
    forward, backward = step.theorem.arguments
    p, q = backward.conclusion, forward.conclusion
    there = step.under(p, lambda _: step.use(forward))
    return _apply("rule_equivalence _ _", there, step.under(q, lambda _: step.use(backward)))


@proof
def iff_chain(step: Step) -> str:
    return _apply("rule_iff_chain _ _ _", *map(step.use, step.theorem.arguments))


@proof
def modus_ponens(step: Step) -> str:
    return _apply("rule_modus_ponens _ _", *map(step.use, step.theorem.arguments))


@proof
def instantiate(step: Step) -> str:
    theorem, symbols, terms = step.theorem.arguments
    return step.instance(theorem, dict(zip(symbols, terms, strict=True)))


# ---- arithmetic ----


@proof
def calculate(step: Step) -> str:
    _, _, _, [data] = step.data(step.theorem.conclusion)
    return _apply("rule_calculate", data, "eq_refl")


@proof
def value(step: Step) -> str:
    _, _, _, [data] = step.data(step.theorem.arguments[0])
    return _apply("rule_value", data, step.text(step.theorem.conclusion.args[1]), "eq_refl")


@proof
def polynomial_identity(step: Step) -> str:
    return equal(step, *step.theorem.arguments)


@proof
def chain(step: Step) -> str:
    return _apply("rule_chain _ _ _", *map(step.use, step.theorem.arguments))


@proof
def replace(step: Step) -> str:
    equation, theorem, pattern, hole = step.theorem.arguments
    sides = map(step.text, equation.conclusion.args)
    return _apply("rule_replace", step.binding(hole, pattern), *sides, step.use(equation), step.use(theorem))


@proof
def add_equations(step: Step) -> str:
    proofs = [step.use(equation) for equation in step.theorem.arguments[0]]
    if not proofs:
        return "eq_refl"
    text = proofs[0]
    for one in proofs[1:]:
        text = f"(rule_add_equations _ _ _ _ {text} {one})"
    return text


@proof
def sign(step: Step) -> str:
    environment, low, bounds, [goal] = step.data(step.theorem.conclusion)
    return _apply("rule_sign", environment, low, goal, bounds, "eq_refl")


@proof
def linear(step: Step) -> str:
    goal, premises, multipliers = step.theorem.arguments
    nodes = [premise.conclusion for premise in premises]
    environment, low, bounds, data = step.data(goal, *nodes, *multipliers)
    given = "; ".join(f"({p}, {m})" for p, m in zip(data[1 : len(nodes) + 1], data[len(nodes) + 1 :], strict=True))
    proofs = conjunction([step.use(premise) for premise in premises])
    return _apply("rule_linear", environment, low, data[0], f"[{given}]", bounds, proofs, "eq_refl")


@proof
def min_first(step: Step) -> str:
    return _apply("rule_min_first _ _", step.use(step.theorem.arguments[0]))


# ---- floors ----


@proof
def floor_shift(step: Step) -> str:
    numerator, divisor, shift = step.theorem.arguments
    return _apply("rule_floor_shift", *map(step.text, (numerator, divisor, shift)), at_least(step, 1, divisor))


@proof
def ceil_as_floor(step: Step) -> str:
    numerator, divisor = step.theorem.arguments
    return _apply("rule_ceil_as_floor", step.text(numerator), step.text(divisor), at_least(step, 1, divisor))


def _affine(theorem: Theorem) -> tuple[Term, Term, Term, Term]:
    whole, quotient = theorem.conclusion.args
    (inner, offset), divisor = quotient.args[0].args, quotient.args[1]
    return whole, inner, offset, divisor


def _worked_out(step: Step, operation: str, left: Term, right: Term) -> str:
    """The proof that a sum or product is what :func:`~symnet.terms.term.plus` or ``times`` writes for it."""
    neutral = ((1, "one"), (0, "zero")) if operation == "times" else ((0, "zero"),)
    for number, word in neutral:
        for side, term in (("left", left), ("right", right)):
            if term.constant == number:
                return f"({operation}_{word}_{side} {step.text(left)} {step.text(right)} eq_refl)"
    if operation == "times" and right.constant is not None and left.constant is None:
        return f"(times_swapped {step.text(left)} {step.text(right)})"
    return "eq_refl"


@proof
def floor_nest(step: Step) -> str:
    inner, outer = step.theorem.arguments
    y, x, a, m = _affine(inner)
    z, _, b, n = _affine(outer)
    _, _, c, k = _affine(step.theorem)
    return _apply(
        "rule_floor_nest", *map(step.text, (x, y, z, a, b, m, n, times(b, m), c, k)), *_ones(step, m, n),
        _worked_out(step, "times", b, m), _worked_out(step, "plus", a, times(b, m)),
        _worked_out(step, "times", m, n), step.use(inner), step.use(outer),
    )  # fmt: skip


@proof
def floor_monotone(step: Step) -> str:
    equation, bound = step.theorem.arguments
    y, x, a, m = _affine(equation)
    terms = map(step.text, (x, y, bound.conclusion.args[0], a, m))
    return _apply("rule_floor_monotone", *terms, at_least(step, 1, m), step.use(equation), step.use(bound))


@proof
def floor_value(step: Step) -> str:
    numerator, divisor, quotient = step.theorem.arguments
    return _apply("rule_floor_value", *map(step.text, (numerator, divisor, quotient)), at_least(step, 1, divisor))


@proof
def floor_bound(step: Step) -> str:
    quotient, numerator, divisor = step.theorem.arguments
    return _apply("rule_floor_bound", *map(step.text, (quotient, numerator, divisor)), at_least(step, 1, divisor))


# ---- counts ----


@proof
def window_count(step: Step) -> str:
    length, kernel, dilation, stride = step.theorem.arguments
    condition = _condition(step, Le(extent(kernel, dilation), length))
    signs = _ones(step, kernel, dilation, stride)
    return _apply("rule_window_count", *map(step.text, step.theorem.arguments), *signs, condition)


@proof
def window_fits(step: Step) -> str:
    signs = _ones(step, *step.theorem.arguments[1:])
    return _apply("rule_window_fits", *map(step.text, step.theorem.arguments), *signs)


@proof
def window_value(step: Step) -> str:
    signs = _ones(step, *step.theorem.arguments[1:4])
    condition = _condition(step, Le(integer(1), step.theorem.arguments[4]))
    return _apply("rule_window_value", *map(step.text, step.theorem.arguments), *signs, condition)


@proof
def same_windows(step: Step) -> str:
    size, kernel, dilation, stride = step.theorem.arguments
    opposite = -size
    literal = type(size) is Int or opposite.args[-1] is size
    minus = "eq_refl" if literal else equal(step, opposite, Product(integer(-1), size))
    return _apply(
        "rule_same_windows", *map(step.text, (size, kernel, dilation, stride, opposite)), minus,
        *_ones(step, kernel, dilation, stride), _condition(step, Le(integer(1), size)),
    )  # fmt: skip


@proof
def entry_count(step: Step) -> str:
    shape = step.theorem.arguments[0]
    text = "(Forall_nil _)"
    for place in range(len(shape) - 1, -1, -1):
        sizes = "; ".join(map(step.text, shape[place + 1 :]))
        text = f"(sizes_cons {step.text(shape[place])} [{sizes}] {at_least(step, 0, shape[place])} {text})"
    return _apply("rule_entry_count", f"[{'; '.join(map(step.text, shape))}]", text)


# ---- solving ----


@proof
def floor_common(step: Step) -> str:
    terms = step.theorem.arguments
    return _apply("rule_floor_common", *map(step.text, terms), *_ones(step, *terms[2:]))


@proof
def divide(step: Step) -> str:
    condition = _condition(step, Le(integer(1), step.theorem.arguments[1]))
    return _apply("rule_divide", *map(step.text, step.theorem.arguments), condition)


@proof
def divide_strict(step: Step) -> str:
    condition = _condition(step, Le(integer(1), step.theorem.arguments[2]))
    return _apply("rule_divide_strict", *map(step.text, step.theorem.arguments), condition)


@proof
def equal_both_ways(step: Step) -> str:
    return _apply("rule_equal_both_ways", *map(step.text, step.theorem.arguments))


@proof
def either(step: Step) -> str:
    return _apply("rule_either", *map(step.text, step.theorem.arguments))


@proof
def rewrite_iff(step: Step) -> str:
    equations, proposition = step.theorem.arguments
    distinct = list({equation.conclusion.args[0]: equation for equation in equations}.values())
    text = "(iff_refl _)"
    for equation, pattern in zip(reversed(distinct), reversed(step.rewritten(distinct, proposition)), strict=True):
        left, right = map(step.text, equation.conclusion.args)
        text = f"(rule_iff_chain _ _ _ (rule_rewrite_iff {pattern} {left} {right} {step.use(equation)}) {text})"
    return text


@proof
def conjuncts(step: Step) -> str:
    equivalences = step.theorem.arguments[0]

    def rest(place: int) -> str:
        if place >= len(equivalences):
            return "(iff_refl True)"
        proven = step.use(equivalences[place])
        if place == len(equivalences) - 1:
            return proven
        left = equivalences[place].conclusion.args[0]
        return f"(rule_conjuncts _ _ _ _ {proven} {step.under(left, lambda _: rest(place + 1))})"

    return rest(0)


@proof
def disjuncts(step: Step) -> str:
    proofs = [step.use(equivalence) for equivalence in step.theorem.arguments[0]] or ["(iff_refl False)"]
    text = proofs[-1]
    for one in reversed(proofs[:-1]):
        text = f"(rule_disjuncts _ _ _ _ {one} {text})"
    return text


@proof
def regroup(step: Step) -> str:
    left, right = step.theorem.arguments
    there = step.under(left, lambda known: _assemble(right, _leaves(left, known)))
    return _apply("rule_regroup _ _", there, step.under(right, lambda known: _assemble(left, _leaves(right, known))))


def _leaves(proposition: Proposition, known: str) -> dict[Proposition, str]:
    """A proof of each part of a conjunction of conjunctions, from one of the whole."""
    found: dict[Proposition, str] = {}
    stack = [(proposition, known)]
    while stack:
        inner, text = stack.pop()
        if type(inner) is not And:
            found.setdefault(inner, text)
            continue
        for place, one in enumerate(inner.args):
            last = place == len(inner.args) - 1
            stack.append((one, text if last else f"(rule_part _ _ {text})"))
            text = f"(rule_part_rest _ _ {text})"
    return found


def _assemble(proposition: Proposition, leaves: dict[Proposition, str]) -> str:
    if type(proposition) is not And:
        return leaves[proposition]
    proofs = [_assemble(one, leaves) for one in proposition.args] or ["I"]
    text = proofs[-1]
    for one in reversed(proofs[:-1]):
        text = f"(rule_both _ _ {one} {text})"
    return text


@proof
def rearrange(step: Step) -> str:
    left, right = step.theorem.arguments
    one, two = (subtract(normal_form(p.args[1]), normal_form(p.args[0])) for p in (left, right))
    first = second = 1
    if type(left) is type(right) and one and one.keys() == two.keys():
        leading = next(iter(one))
        first, second = two[leading], one[leading]
        if first < 0 and second < 0:
            first, second = -first, -second
    environment, _, _, data = step.data(left, right)
    return _apply("rule_rearrange", environment, numeral(first), numeral(second), *data, "eq_refl")
