"""The Coq proof of each kernel rule: the rule's lemma applied to the lemmas of the premises.

A new rule needs a lemma ``rule_<name>`` in a ``.v`` file and one function here or in ``solving``, under the rule's name.
"""

from __future__ import annotations

from collections.abc import Sequence

from symnet.coq import solving  # noqa: F401  (fills PROOFS with the rules that solve)
from symnet.coq.recipe import Step, apply, at_least, condition_proof, conjunction, equal, ones, proof
from symnet.kernel.primitive.arithmetic import extent
from symnet.kernel.theorem import Theorem
from symnet.terms.propositions import Eq, Le
from symnet.terms.term import Int, Product, Term, integer
from symnet.terms.worked_out import times

__all__: list[str] = []  # importing this module fills PROOFS


# ---- logic ----


@proof
def assume(step: Step) -> str:
    return apply("rule_assume _", step.hypothesis(step.theorem.conclusion))


@proof
def cut(step: Step) -> str:
    assumption, theorem = step.theorem.arguments
    return apply("rule_cut _ _", step.use(assumption), step.under(assumption.conclusion, lambda _: step.use(theorem)))


@proof
def discharge(step: Step) -> str:
    proofs, theorem = step.theorem.arguments

    def rest(index: int) -> str:
        if index == len(proofs):
            return step.use(theorem)
        proven = proofs[index]
        return f"(rule_discharge _ _ {step.use(proven)} {step.under(proven.conclusion, lambda _: rest(index + 1))})"

    return rest(0)


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
    return apply(lemma, "_ _", step.use(step.theorem.arguments[0]))


@proof
def equivalence(step: Step) -> str:
    forward, backward = step.theorem.arguments
    p, q = backward.conclusion, forward.conclusion
    there = step.under(p, lambda _: step.use(forward))
    return apply("rule_equivalence _ _", there, step.under(q, lambda _: step.use(backward)))


@proof
def iff_chain(step: Step) -> str:
    return apply("rule_iff_chain _ _ _", *map(step.use, step.theorem.arguments))


@proof
def modus_ponens(step: Step) -> str:
    equivalent, known = step.theorem.arguments
    text = step.use(equivalent)
    if equivalent.conclusion.args[0] is not known.conclusion:
        text = f"(rule_flip_iff _ _ {text})"
    return apply("rule_modus_ponens _ _", text, step.use(known))


@proof
def instantiate(step: Step) -> str:
    theorem, symbols, terms = step.theorem.arguments
    return step.instance(theorem, dict(zip(symbols, terms, strict=True)))


# ---- arithmetic ----


@proof
def calculate(step: Step) -> str:
    _, _, _, [data] = step.data(step.theorem.conclusion)
    return apply("rule_calculate", data, "eq_refl")


@proof
def value(step: Step) -> str:
    _, _, _, [data] = step.data(step.theorem.arguments[0])
    return apply("rule_value", data, step.text(step.theorem.conclusion.args[1]), "eq_refl")


@proof
def polynomial_identity(step: Step) -> str:
    return equal(step, *step.theorem.arguments)


@proof
def chain(step: Step) -> str:
    return apply("rule_chain _ _ _", *map(step.use, step.theorem.arguments))


@proof
def replace(step: Step) -> str:
    equation, theorem, pattern, hole = step.theorem.arguments
    sides = map(step.text, equation.conclusion.args)
    return apply("rule_replace", step.binding(hole, pattern), *sides, step.use(equation), step.use(theorem))


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
    return apply("rule_sign", environment, low, goal, bounds, "eq_refl")


@proof
def linear(step: Step) -> str:
    goal, premises, multipliers = step.theorem.arguments
    if isinstance(goal, Eq):
        return _equal(step, goal, premises, multipliers)
    nodes = [premise.conclusion for premise in premises]
    environment, low, bounds, data = step.data(goal, *nodes, *multipliers)
    terms = "; ".join(f"({p}, {m})" for p, m in zip(data[1 : len(nodes) + 1], data[len(nodes) + 1 :], strict=True))
    proofs = conjunction([step.use(premise) for premise in premises])
    return apply("rule_linear", environment, low, data[0], f"[{terms}]", bounds, proofs, "eq_refl")


def _equal(step: Step, goal: Eq, premises: Sequence[Theorem], multipliers: Sequence[Term]) -> str:
    """An equality from equalities."""
    sides = [side for premise in premises for side in premise.conclusion.args]
    environment, _, _, data = step.data(*goal.args, *sides, *multipliers)
    count = len(premises)
    lefts, rights, times = data[2 : 2 * count + 2 : 2], data[3 : 2 * count + 2 : 2], data[2 * count + 2 :]
    terms = "; ".join(f"({a}, {b}, {m})" for a, b, m in zip(lefts, rights, times, strict=True))
    proofs = conjunction([step.use(premise) for premise in premises])
    return apply("rule_linear_equal", environment, *data[:2], f"[{terms}]", proofs, "eq_refl")


@proof
def max_bound(step: Step) -> str:
    terms, bound = step.theorem.arguments
    return _extreme(step, "rule_max_bound", terms, bound)


@proof
def min_bound(step: Step) -> str:
    bound, terms = step.theorem.arguments
    return _extreme(step, "rule_min_bound", terms, bound)


def _extreme(step: Step, lemma: str, terms: Sequence[Term], bound: Term) -> str:
    text = "(iff_refl _)"
    for term in reversed(terms[:-1]):
        text = f"({lemma} {step.text(term)} _ {step.text(bound)} _ {text})"
    return text


@proof
def min_first(step: Step) -> str:
    return apply("rule_min_first _ _", step.use(step.theorem.arguments[0]))


# ---- floors ----


@proof
def floor_shift(step: Step) -> str:
    numerator, divisor, shift = step.theorem.arguments
    return apply("rule_floor_shift", *map(step.text, (numerator, divisor, shift)), at_least(step, 1, divisor))


@proof
def ceil_as_floor(step: Step) -> str:
    numerator, divisor = step.theorem.arguments
    return apply("rule_ceil_as_floor", step.text(numerator), step.text(divisor), at_least(step, 1, divisor))


def _affine(theorem: Theorem) -> tuple[Term, Term, Term, Term]:
    """The equation y = ⌊(x + a)/m⌋ of a theorem as (y, x, a, m)."""
    size, quotient = theorem.conclusion.args
    (inner, offset), divisor = quotient.args[0].args, quotient.args[1]
    return size, inner, offset, divisor


def _worked_out(step: Step, operation: str, left: Term, right: Term) -> str:
    """The proof that a sum or product equals what :func:`~symnet.terms.worked_out.plus` or ``times`` simplifies it to."""
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
    return apply(
        "rule_floor_nest", *map(step.text, (x, y, z, a, b, m, n, times(b, m), c, k)), *ones(step, m, n),
        _worked_out(step, "times", b, m), _worked_out(step, "plus", a, times(b, m)),
        _worked_out(step, "times", m, n), step.use(inner), step.use(outer),
    )  # fmt: skip


@proof
def floor_monotone(step: Step) -> str:
    equation, bound = step.theorem.arguments
    y, x, a, m = _affine(equation)
    terms = map(step.text, (x, y, bound.conclusion.args[0], a, m))
    return apply("rule_floor_monotone", *terms, at_least(step, 1, m), step.use(equation), step.use(bound))


@proof
def floor_value(step: Step) -> str:
    numerator, divisor, quotient = step.theorem.arguments
    return apply("rule_floor_value", *map(step.text, (numerator, divisor, quotient)), at_least(step, 1, divisor))


@proof
def floor_bound(step: Step) -> str:
    quotient, numerator, divisor = step.theorem.arguments
    return apply("rule_floor_bound", *map(step.text, (quotient, numerator, divisor)), at_least(step, 1, divisor))


# ---- counts ----


@proof
def window_count(step: Step) -> str:
    length, kernel, dilation, stride = step.theorem.arguments
    condition = condition_proof(step, Le(extent(kernel, dilation), length))
    signs = ones(step, kernel, dilation, stride)
    return apply("rule_window_count", *map(step.text, step.theorem.arguments), *signs, condition)


@proof
def window_fits(step: Step) -> str:
    signs = ones(step, *step.theorem.arguments[1:])
    return apply("rule_window_fits", *map(step.text, step.theorem.arguments), *signs)


@proof
def window_value(step: Step) -> str:
    signs = ones(step, *step.theorem.arguments[1:4])
    condition = condition_proof(step, Le(integer(1), step.theorem.arguments[4]))
    return apply("rule_window_value", *map(step.text, step.theorem.arguments), *signs, condition)


@proof
def same_windows(step: Step) -> str:
    size, kernel, dilation, stride = step.theorem.arguments
    opposite = -size
    literal = type(size) is Int or opposite.args[-1] is size
    minus = "eq_refl" if literal else equal(step, opposite, Product(integer(-1), size))
    return apply(
        "rule_same_windows", *map(step.text, (size, kernel, dilation, stride, opposite)), minus,
        *ones(step, kernel, dilation, stride), condition_proof(step, Le(integer(1), size)),
    )  # fmt: skip


@proof
def entry_count(step: Step) -> str:
    shape = step.theorem.arguments[0]
    text = "(Forall_nil _)"
    for index in range(len(shape) - 1, -1, -1):
        sizes = "; ".join(map(step.text, shape[index + 1 :]))
        text = f"(sizes_cons {step.text(shape[index])} [{sizes}] {at_least(step, 0, shape[index])} {text})"
    return apply("rule_entry_count", f"[{'; '.join(map(step.text, shape))}]", text)
