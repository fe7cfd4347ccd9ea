"""What a proof in Coq may ask about its step, and the small proofs that many rules need.

The text returned is a proof term; Coq checks it against the step's statement, so a mistake here can only be rejected.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple, Protocol

from symnet.kernel.theorem import Theorem
from symnet.terms.node import Node
from symnet.terms.propositions import Le, Proposition
from symnet.terms.term import Int, Product, Symbol, Term

__all__ = [
    "PROOFS", "Program", "Step", "apply", "at_least", "condition_proof", "conjunction", "equal", "ones",
    "positive_product", "proof",
]  # fmt: skip


class Program(NamedTuple):
    """A proposition as data, with its counts and named terms as definitions; ``places`` are those of its symbols.

    ``stated`` says that the environment's values are those of the definitions, ``meant`` proves it.
    """

    environment: str
    definitions: str
    stated: str
    meant: str
    data: str
    places: dict[Term, int]


class Step(Protocol):
    """What a proof may ask about the step it proves."""

    theorem: Theorem

    def text(self, node: Node) -> str:
        """The Coq text of a term or proposition, ready to be an argument."""

    def use(self, premise: Theorem) -> str:
        """The premise's lemma, applied to the symbols and hypotheses at hand."""

    def under(self, assumption: Proposition, body: Callable[[str], str], *, stated: bool = True) -> str:
        """``fun h : assumption => body h``; the body may use the assumption. Coq finds what it is, unless ``stated``."""

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

    def program(self, symbols: Sequence[Symbol], proposition: Proposition) -> Program:
        """A proposition as data of which everything but the ``symbols`` is computed."""

    def datum(self, word: str, kind: str, text: str) -> str:
        """Data defined before the step; its name."""

    def decided(self, claim: str) -> str:
        """A closed claim, proven by evaluation before the step; the name of its proof."""


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


def apply(lemma: str, *arguments: str) -> str:
    """A lemma and its arguments, ready as they are."""
    return " ".join([lemma, *arguments])


def condition_proof(step: Step, condition: Le) -> str:
    """A condition that became a hypothesis unless the signs show it."""
    if step.assumes(condition):
        return step.hypothesis(condition)
    least, term = condition.args
    return at_least(step, least.constant or 0, term)


def ones(step: Step, *terms: Term) -> list[str]:
    """Proofs that terms are positive, by structure."""
    return [at_least(step, 1, term) for term in terms]
