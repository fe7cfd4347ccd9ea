"""Objects that only look like terms, propositions or sets are refused: what they say of themselves could be false."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import pytest

from symnet.errors import KernelError, TermError
from symnet.kernel.certificate import At, Yes
from symnet.kernel.real.expressions import Number, Plus, number
from symnet.kernel.real.rules import field_identity
from symnet.kernel.rules import calculate, tree, value
from symnet.terms.integer_sets import IntegerSet, Progression
from symnet.terms.propositions import And, Eq, In, Or
from symnet.terms.term import Sum, Symbol, integer


class _Pretender:
    """Says that it is a sum, and another number each time it is asked."""

    mask, least, children, args = 0, 0, (), ()
    __class__ = property(lambda self: Sum)  # type: ignore[assignment]
    asked = 2

    @property
    def constant(self) -> int:
        self.asked += 1
        return self.asked


def test_what_only_claims_to_be_a_term() -> None:
    pretender: Any = _Pretender()
    with pytest.raises(KernelError, match="must be a term"):
        value(pretender)
    with pytest.raises(TermError, match="Sum is not made of"):
        Sum(pretender, integer(1))


def test_what_compares_like_a_term_does_not_take_its_place() -> None:
    class Duck:
        mask, least, constant, children, args = 0, 5, 5, (), (5,)

        def __hash__(self) -> int:
            return hash(integer(30))

        def __eq__(self, other: object) -> bool:
            return other is integer(30)

    duck: Any = Duck()
    with pytest.raises(TermError, match="Sum is not made of"):
        Sum(duck, integer(7001))
    assert Sum(integer(30), integer(7001)).constant == 7031


def test_a_subclass_that_comes_past_the_seal_makes_nothing() -> None:
    class Mixin:
        def __init_subclass__(cls) -> None: ...

    class Wrong(Mixin, Sum):
        def _value(self, numbers: list[int]) -> int:
            return 6

    with pytest.raises(TermError, match="none of the language's nodes"):
        Wrong(integer(3), integer(8001))
    assert Sum(integer(3), integer(8001)).constant == 8004


@pytest.mark.parametrize("kind", [And, Or])
def test_propositions_are_made_of_what_they_speak_of(kind: type[And | Or]) -> None:
    wrong: Any = Symbol("W")
    with pytest.raises(TermError, match="not made of Symbol"):
        kind(wrong)
    truth: Any = And()
    with pytest.raises(TermError, match="not made of And"):
        Eq(truth, integer(1))


class _EqualToYes(type):
    """Classes that claim to be the leaf of a certificate that says yes."""

    def __eq__(cls, other: object) -> bool:
        return other is Yes

    def __hash__(cls) -> int:
        return hash(Yes)


class _Leaf(tuple[()], metaclass=_EqualToYes):
    __slots__ = ()


def test_certificates_are_made_of_their_very_nodes() -> None:
    W = Symbol("W")
    for certificate in (_Leaf(), At(2, _Leaf(), At(3, _Leaf(), _Leaf()))):  # type: ignore[arg-type]
        with pytest.raises(KernelError, match="made of its nodes"):
            tree(Eq(W, integer(3)), (W,), (), In(W, IntegerSet(())), certificate)  # type: ignore[arg-type]


def test_sets_are_what_they_say() -> None:
    class Everything(Progression):
        def __contains__(self, value: object) -> bool:
            return True

    class Seven(int):
        def __eq__(self, other: object) -> bool:
            return True

        __hash__ = int.__hash__

    for part in (
        Everything(0, 1, 7, 7),
        Progression(0, 1, Seven(7), Seven(7)),
        Progression(0, 0, None, None),
        Progression(0, -1, None, None),
        Progression(5, 3, None, None),
        Progression(0, 1, 8, 7),
    ):
        with pytest.raises(TermError, match="canonical form"):
            IntegerSet((part,))
    with pytest.raises(KernelError):
        calculate(In(integer(5), IntegerSet.of(7)))


def test_what_only_claims_to_be_a_real_number() -> None:
    class Pretended:
        free, height, serial, args = frozenset[Any](), 1, 0, (3,)
        __class__ = property(lambda self: Number)  # type: ignore[assignment]

    pretended: Any = Pretended()
    with pytest.raises(KernelError, match="must be a real expression"):
        field_identity(pretended, number(3))
    with pytest.raises(TermError, match="made of real expressions"):
        Plus(pretended, number(3))


#: Each in a process of its own, before anything else of the package is imported.
FIRST = {
    "a rule of one's own": """
        from symnet.kernel.theorem import rule
        from symnet.terms.propositions import Eq
        from symnet.terms.term import integer
        @rule
        def wrong():
            return Eq(integer(0), integer(1))
    """,
    "a fact's rule of one's own": """
        from symnet.kernel.real.theorem import rule
        @rule
        def wrong():
            return None
    """,
    "a term of one's own": """
        from symnet.terms.term import Symbol, Term, integer
        class Wrong(Term):
            def _least(self):
                return 100
        from symnet.terms.propositions import Le
        Le(integer(100), Wrong(Symbol("W")))
    """,
    "a sum of one's own": """
        from symnet.terms.term import Sum, integer
        class Wrong(Sum):
            def _value(self, numbers):
                return 6
        from symnet.kernel.rules import value
        value(Wrong(integer(3), integer(1)))
    """,
}


@pytest.mark.parametrize("what", FIRST)
def test_whoever_comes_first_changes_nothing(what: str) -> None:
    code = "\n".join(line.removeprefix("        ") for line in FIRST[what].splitlines())
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert found.returncode == 1
    last = found.stderr.strip().splitlines()[-1]
    assert last.startswith(("symnet.errors.KernelError:", "symnet.errors.TermError:")), last


def test_what_needs_integers_does_not_load_the_kernel_for_real_numbers() -> None:
    code = "import sys, symnet.kernel.replay; print(*(name for name in sys.modules if 'real' in name))"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "symnet.kernel" not in found.stdout
