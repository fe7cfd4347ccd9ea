"""All solutions of a question as a theorem: the certificate is searched for here, and the kernel's rule ``tree``
checks it.
"""

from __future__ import annotations

from symnet.errors import KernelError
from symnet.kernel.certificate import Certificate, Yes
from symnet.kernel.primitive.bounds import box_of
from symnet.kernel.primitive.tree import Refused
from symnet.kernel.rules import tree
from symnet.kernel.theorem import Theorem
from symnet.search.deciding import Deciding, numbered
from symnet.search.enumeration import enumerate_outer
from symnet.terms.integer_sets import IntegerSet
from symnet.terms.intervals import Interval
from symnet.terms.node import Node
from symnet.terms.propositions import And, Eq, In, Or, Proposition
from symnet.terms.term import Symbol, integer, symbols_of

__all__ = ["cases"]


def cases(proposition: Proposition, unknowns: tuple[Symbol, ...], bounds: tuple[Theorem, ...]) -> Theorem:
    """⊢ p ⇔ the set of its solutions; with several unknowns, one row for each choice of values of all but the last.
    ``bounds`` are theorems p ⊢ x ≤ n (or ≥), and every unknown but the last needs both. Raises :class:`KernelError` if
    a bound is missing, p has other symbols, or the search runs out of steps.

    >>> W = Symbol("W")
    >>> cases(Eq((W - 5) // 4 + 1, integer(10)), (W,), ())
    ⊢ (W - 5)//4 + 1 == 10 <=> W in {41, 42, 43, 44}
    """
    if not unknowns or len(set(unknowns)) != len(unknowns):
        raise KernelError("cases: name each unknown once")
    for symbol in symbols_of(proposition):
        if symbol not in unknowns:
            raise KernelError(f"cases: {symbol.name} is neither an unknown nor a number")
    box = box_of(bounds, "cases")
    *outer, last = unknowns
    for symbol in outer:
        low, high = box.setdefault(symbol, (symbol.least, None))
        if low is None or high is None:
            raise KernelError(f"cases: {symbol.name} has no proven bounds")
    box.setdefault(last, (last.least, None))
    if any(low is not None and high is not None and low > high for low, high in box.values()):
        return tree(proposition, unknowns, bounds, Or() if outer else In(last, IntegerSet(())), Yes())
    try:
        return tree(proposition, unknowns, bounds, *_found(proposition, outer, last, box, careful=False))
    except Refused:  # some cut was not evident to the kernel: search again and decide what each cut leaves out
        return tree(proposition, unknowns, bounds, *_found(proposition, outer, last, box, careful=True))


def _found(
    proposition: Proposition, outer: list[Symbol], last: Symbol, box: dict[Node, Interval], *, careful: bool
) -> tuple[Proposition, Certificate]:
    """The answer and its certificate; with ``careful``, every cut is proven separately."""
    if not outer:
        members, certificate = Deciding(last, careful=careful).decide(numbered(proposition), *box[last])
        return In(last, members), certificate
    rows, certificate = enumerate_outer(proposition, outer, last, box, careful=careful)
    answer = Or(
        *(
            And(*(Eq(symbol, integer(value)) for symbol, value in zip(outer, point, strict=True)), In(last, members))
            for point, members in rows
        )
    )
    return answer, certificate
