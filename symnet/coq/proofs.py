"""For each kernel rule, how its step is proven in Coq: the rule's lemma applied to the lemmas of the premises.

A new rule needs a lemma ``rule_<name>`` in a ``.v`` file and one function here, under the rule's name.
The text returned is a proof term; Coq checks it against the step's statement, so a mistake here can only be rejected.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

from symnet.kernel.propositions import Eq, Le, Proposition
from symnet.kernel.rules.counts import extent
from symnet.kernel.theorem import Theorem
from symnet.terms.term import Int, Node, Product, Symbol, Term, integer

__all__ = ["PROOFS", "Step", "proof"]


class Step(Protocol):
    """What a proof may ask about the step it proves."""

    theorem: Theorem

    def text(self, node: Node) -> str:
        """The Coq text of a term or proposition, ready to be an argument."""

    def use(self, premise: Theorem) -> str:
        """The premise's lemma, applied to the symbols and hypotheses at hand."""

    def using(self, premise: Theorem, assumption: Proposition) -> str:
        """``fun h : assumption => premise``."""

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

    def data(self, *nodes: Node) -> tuple[str, str, str, list[str]]:
        """Nodes as data: the environment, its lower bounds, their proof, and the nodes."""


Proof = Callable[[Step], str]
PROOFS: dict[str, Proof] = {}


def proof(function: Proof) -> Proof:
    """Register how a rule's steps are proven; the function's name is the rule's."""
    PROOFS[function.__name__] = function
    return function


def conjunction(proofs: Sequence[str]) -> str:
    """A proof of ``p /\\ (q /\\ (… /\\ True))``."""
    return "".join(f"(conj {one} " for one in proofs) + "I" + ")" * len(proofs)


def at_least(step: Step, number: int, term: Term) -> str:
    """A proof of ``number <= term`` by structure."""
    if type(term) is Int:
        return f"(le_num {step.text(integer(number))} {step.text(term)} eq_refl)"
    if type(term) is Symbol and term.least == number and (promise := step.promise(term)) is not None:
        return promise
    environment, low, bounds, [data] = step.data(term)
    return f"(by_structure {environment} {low} {step.text(integer(number))} {data} {bounds} eq_refl)"


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


def _kernel_at_least_one(step: Step, *terms: Term) -> list[str]:
    return [at_least(step, 1, term) for term in terms]


# ---- logic ----


@proof
def assume(step: Step) -> str:
    return _apply("rule_assume _", step.hypothesis(step.theorem.conclusion))


@proof
def cut(step: Step) -> str:
    given, theorem = step.theorem.arguments
    return _apply("rule_cut _ _", step.use(given), step.using(theorem, given.conclusion))


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
    return _apply("rule_equivalence _ _", step.using(forward, p), step.using(backward, q))


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


def _times(step: Step, left: Term, right: Term) -> tuple[str, str]:
    """How the kernel writes left·right, and the proof that it is that."""
    if left.constant == 1:
        return step.text(right), f"(times_one_left _ {step.text(right)} eq_refl)"
    if right.constant == 1:
        return step.text(left), f"(times_one_right {step.text(left)} _ eq_refl)"
    product = left * right
    return step.text(product if product.constant is None else integer(product.constant)), "eq_refl"


@proof
def floor_nest(step: Step) -> str:
    inner, outer = step.theorem.arguments
    y, x, a, m = _affine(inner)
    z, _, b, n = _affine(outer)
    _, _, c, k = _affine(step.theorem)
    shift, shift_proof = _times(step, b, m)
    _, divisor_proof = _times(step, m, n)
    return _apply(
        "rule_floor_nest", *map(step.text, (x, y, z, a, b, m, n)), shift, step.text(c), step.text(k),
        *_kernel_at_least_one(step, m, n), shift_proof, "eq_refl", divisor_proof, step.use(inner), step.use(outer),
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
    signs = _kernel_at_least_one(step, kernel, dilation, stride)
    return _apply("rule_window_count", *map(step.text, step.theorem.arguments), *signs, condition)


@proof
def window_fits(step: Step) -> str:
    signs = _kernel_at_least_one(step, *step.theorem.arguments[1:])
    return _apply("rule_window_fits", *map(step.text, step.theorem.arguments), *signs)


@proof
def window_value(step: Step) -> str:
    signs = _kernel_at_least_one(step, *step.theorem.arguments[1:4])
    condition = _condition(step, Le(integer(1), step.theorem.arguments[4]))
    return _apply("rule_window_value", *map(step.text, step.theorem.arguments), *signs, condition)


@proof
def same_windows(step: Step) -> str:
    size, kernel, dilation, stride = step.theorem.arguments
    opposite = -size
    minus = "eq_refl" if opposite.args[-1] is size or type(size) is Int else equal(step, opposite, Product(integer(-1), size))
    return _apply(
        "rule_same_windows", *map(step.text, (size, kernel, dilation, stride, opposite)), minus,
        *_kernel_at_least_one(step, kernel, dilation, stride), _condition(step, Le(integer(1), size)),
    )  # fmt: skip


@proof
def entry_count(step: Step) -> str:
    shape = step.theorem.arguments[0]
    signs = "(Forall_nil _)"
    for size in reversed(shape):
        signs = f"(Forall_cons _ {at_least(step, 0, size)} {signs})"
    sizes = "; ".join(step.text(size) for size in shape)
    return _apply("rule_entry_count", f"[{sizes}]", signs)
