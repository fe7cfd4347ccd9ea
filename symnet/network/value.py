"""Proven values: SymPy expressions with a theorem."""

from __future__ import annotations

import json
import operator
from collections.abc import Callable, Iterable
from functools import partial
from typing import TYPE_CHECKING, Any

from symnet.errors import KernelError, ProofError, SymnetError
from symnet.kernel.replay import check_proof
from symnet.kernel.theorem import Theorem
from symnet.kernel.walks import steps
from symnet.kernel.writing import write_proof
from symnet.printing.latex import latex
from symnet.printing.text import python_text
from symnet.sympy_functions.named_letters import NamedLetters
from symnet.terms.node import children_first
from symnet.terms.polynomial import Polynomial, from_polynomial
from symnet.terms.sympy_letters import Letters
from symnet.terms.term import Sum, Symbol, Term, integer, symbols_of

__all__ = ["Sizes", "Value", "flattened_sums"]

#: A pickled value contains its proof up to this many steps.
PICKLED = 20_000


class Value(NamedLetters):
    """A proven value: an instance of its SymPy expression's own class, with a ``theorem``.

    A value of 7850 is an ``Integer``, a value of W + 1 is an ``Add``, so it prints, compares, hashes and calculates like any
    expression. Whatever is computed from it (``value + 1``, ``value.subs(...)``, ``sympify(value)``) has no theorem. Letters may be
    given by name, also in what is computed from it: ``value.subs("K", 3).diff("F")``.

    >>> from symnet import Network
    >>> net = Network.parse("784 -> FC|10")
    >>> net.parameters
    7850
    >>> net.parameters + 1
    7851
    >>> net.parameters.theorem.conclusion.args[1]
    <Int 7850>
    """

    __slots__ = ()
    own = (*NamedLetters.own, "_term", "_prove")

    if TYPE_CHECKING:
        _term: Term | Polynomial
        _prove: Callable[[], Theorem]

    def __new__(
        cls,
        term: Term,
        prove: Callable[[], Theorem],
        letters: Letters | None = None,
        known: Callable[[], Iterable[Symbol]] | None = None,
    ) -> Value:
        """``prove`` derives the theorem when it is needed; ``letters`` are the SymPy symbols for letters of these names; ``known``
        returns the letters that may be given by name, by default those of the term.
        """
        from symnet.terms.sympy_bridge import to_sympy

        try:
            plain = to_sympy(term, letters)
        except RecursionError:
            plain = None
        letters_known = (known or partial(symbols_of, term),)
        return cls.make(plain, _letters=letters, _known=letters_known, _term=term, _prove=prove)  # type: ignore[no-any-return]

    @classmethod
    def of_polynomial(
        cls,
        polynomial: Polynomial,
        prove: Callable[[], Theorem],
        letters: Letters | None,
        known: Callable[[], Iterable[Symbol]],
    ) -> Value:
        """The value of a polynomial; its term is written when it is asked for."""
        from symnet.terms.sympy_bridge import polynomial_to_sympy

        try:
            plain = polynomial_to_sympy(polynomial, letters)
        except RecursionError:
            plain = None
        return cls.make(plain, _letters=letters, _known=(known,), _term=polynomial, _prove=prove)  # type: ignore[no-any-return]

    @property
    def term(self) -> Term:
        """The value as a term of the kernel."""
        if isinstance(self._term, Term):
            return self._term
        term = from_polynomial(self._term)
        object.__setattr__(self, "_term", term)
        return term

    @property
    def theorem(self) -> Theorem:
        """hypotheses ⊢ definition = value; it is derived when it is first needed."""
        return self._prove()

    def __reduce_ex__(self, protocol: object) -> tuple[Any, ...]:
        return _from_storage, (self.term, dict(self._letters or {}), _proof_of(self), self._letters_known())

    def __repr__(self) -> str:
        return python_text(flattened_sums(self.term))

    __str__ = __repr__

    def _repr_latex_(self) -> str:
        return f"${latex(flattened_sums(self.term))}$"


def flattened_sums(term: Term) -> Term:
    """The term as a person writes it, with nested sums flattened and one number at the end; proofs have W + (−3 + 2P)."""
    put: dict[Any, Any] = {}
    for node in children_first(term):
        parts = [put.get(part, part) for part in node.args]
        if not isinstance(node, Sum):
            put[node] = type(node)(*parts) if any(map(operator.is_not, parts, node.args)) else node
            continue
        addends = [addend for part in parts for addend in _addends(part)]
        numbers = [addend.constant for addend in addends if addend.constant is not None]
        if len(numbers) > 1 or (numbers and len(addends) > len(parts)):
            rest = [addend for addend in addends if addend.constant is None]
            addends = [*rest, integer(sum(numbers))] if sum(numbers) or not rest else rest
        put[node] = Sum(*addends) if len(addends) > 1 else addends[0]
    return put[term]  # type: ignore[no-any-return]


def _addends(term: Term) -> tuple[Term, ...]:
    return term.args if isinstance(term, Sum) else (term,)


def _proof_of(value: Value) -> str:
    """The proof of a value as JSON, or a sentence why it is not stored."""
    try:
        theorem = value.theorem
        if len(steps(theorem)) > PICKLED:
            return f"its proof has {len(steps(theorem)):,} steps, too many to be stored along"
        return json.dumps(write_proof(theorem))
    except SymnetError as error:
        return str(error)


def _from_storage(term: Term, letters: Letters | None, proof: str, known: tuple[Symbol, ...] = ()) -> Value:
    """A value from storage; its proof is checked step by step when its theorem is needed."""
    return Value(term, partial(_replayed, term, proof), letters, partial(tuple, known))


def _replayed(term: Term, proof: str) -> Theorem:
    if not proof.startswith("{"):
        raise KernelError(f"the theorem of this stored value is gone: {proof}; ask the network for it again")
    [theorem] = check_proof(json.loads(proof))
    if term not in children_first(theorem.conclusion):
        raise ProofError(f"the stored proof is not one of this value: it proves {theorem!r:.200}")
    return theorem


class Sizes(tuple[Value, ...]):
    """The sizes of a tensor; ``theorem`` is the conjunction of the theorems of its sizes."""

    __slots__ = ()

    @property
    def theorem(self) -> Theorem:
        """The conjunction of the theorems of all sizes."""
        from symnet.kernel.rules import both

        return both(tuple(value.theorem for value in self))

    def __repr__(self) -> str:
        return f"({', '.join(map(repr, self))}{',' if len(self) == 1 else ''})"

    def _repr_latex_(self) -> str:
        return "$" + r" \times ".join(latex(value.term) for value in self) + "$"
