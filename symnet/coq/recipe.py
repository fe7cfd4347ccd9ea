"""The interface between a step and its Coq proof, and small proofs that many rules need.

Each function returns the text of a proof term; Coq checks it against the step's statement, so a mistake here is only rejected.
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
    """A proposition as Coq data, with its counts and named terms as definitions.

    ``stated`` says that the environment's values are those of the definitions, and ``meant`` proves it; ``variables`` are the
    numbers of its symbols.
    """

    environment: str
    definitions: str
    stated: str
    meant: str
    data: str
    variables: dict[Term, int]


class Step(Protocol):
    """The interface of a step that is to be proven: its theorem, and the Coq texts of its premises and hypotheses."""

    theorem: Theorem

    def text(self, node: Node) -> str:
        """The Coq text of a term or proposition, in parentheses where an argument needs them."""

    def use(self, premise: Theorem) -> str:
        """The premise's lemma, applied to the step's own symbols and hypotheses."""

    def under(self, assumption: Proposition, body: Callable[[str], str], *, stated: bool = True) -> str:
        """``fun h : assumption => body h``; unless ``stated``, Coq infers the assumption."""

    def rewritten(self, equations: Sequence[Theorem], proposition: Proposition) -> list[str]:
        """Returns for each equation the proposition as a function of its left side; the equations before it are already applied."""

    def instance(self, premise: Theorem, values: dict[Term, Term]) -> str:
        """The premise's lemma, applied to the terms ``values`` in place of symbols."""

    def hypothesis(self, proposition: Proposition) -> str:
        """The name of the hypothesis that states the proposition; raises :class:`symnet.KernelError` if there is none."""

    def assumes(self, proposition: Proposition) -> bool:
        """Returns whether the proposition is a hypothesis of this step."""

    def binding(self, symbol: Symbol, body: Node) -> str:
        """``fun symbol => body``."""

    def promise(self, symbol: Symbol) -> str | None:
        """The proof that a symbol has its lower bound; ``None`` if the step has no such symbol."""

    def positive(self, product: Term) -> str:
        """The proof that a product of positive factors is positive; that of a named product is written once."""

    def data(self, *nodes: Node) -> tuple[str, str, str, list[str]]:
        """Nodes as data: the environment, its lower bounds, their proofs, and the nodes."""

    def program(self, symbols: Sequence[Symbol], proposition: Proposition) -> Program:
        """The proposition as data in which everything but the ``symbols`` is computed."""

    def datum(self, word: str, kind: str, text: str) -> str:
        """Defines data before the step; returns its name, which begins with ``word``."""

    def decided(self, claim: str) -> str:
        """Proves a closed claim by evaluation before the step; returns the name of the proof."""


Proof = Callable[[Step], str]
PROOFS: dict[str, Proof] = {}


def proof(function: Proof) -> Proof:
    """Register the proof of the rule that has the function's name."""
    PROOFS[function.__name__] = function
    return function


def conjunction(proofs: Sequence[str]) -> str:
    r"""A proof of ``p /\ (q /\ (… /\ True))``."""
    return "".join(f"(conj {one} " for one in proofs) + "I" + ")" * len(proofs)


def at_least(step: Step, number: int, term: Term) -> str:
    """A proof of ``number <= term`` from the form of the term and the lower bounds of its symbols."""
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
    """A proof of ``1 <= a * b * …`` from proofs for the factors."""
    text = at_least(step, 1, factors[0]) if factors else "(le_num _ _ eq_refl)"
    for factor in factors[1:]:
        text = f"(times_positive _ _ {text} {at_least(step, 1, factor)})"
    return text


def equal(step: Step, left: Term, right: Term) -> str:
    """A proof that two equal polynomials are equal."""
    environment, _, _, (a, b) = step.data(left, right)
    return f"(rule_polynomial_identity {environment} {a} {b} eq_refl)"


def apply(lemma: str, *arguments: str) -> str:
    """A lemma applied to arguments, which must be in parentheses where they need them."""
    return " ".join([lemma, *arguments])


def condition_proof(step: Step, condition: Le) -> str:
    """A proof of a condition: its hypothesis, or without one a proof by :func:`at_least`."""
    if step.assumes(condition):
        return step.hypothesis(condition)
    least, term = condition.args
    return at_least(step, least.constant or 0, term)


def ones(step: Step, *terms: Term) -> list[str]:
    """Proofs that the terms are at least 1, by :func:`at_least`."""
    return [at_least(step, 1, term) for term in terms]
