"""Forgeries: every way to get a theorem without a rule is refused, or gives an object that every rule refuses."""

from __future__ import annotations

import copy
import dataclasses
import gc
import pickle
import weakref
from collections.abc import Callable
from typing import Any

import pytest

from symnet.errors import KernelError, ProofError, TermError
from symnet.kernel import rules as R
from symnet.kernel.replay import check_proof, write_proof
from symnet.kernel.theorem import RULES, Derived, Theorem, rule, steps
from symnet.terms.integer_sets import IntegerSet, Progression
from symnet.terms.propositions import Eq, In, Le, Proposition
from symnet.terms.term import Sum, Symbol, integer
from tests.kernel.rule_table import TABLE

W = Symbol("W")
TRUE = R.value(integer(28) - 5)
FALSE = Eq(integer(1), integer(2))
KIND: Any = Theorem  # what a forger does is not well-typed


class LookAlike:
    """Has all that a theorem shows."""

    conclusion: Proposition = FALSE
    hypotheses: frozenset[Proposition] = frozenset()
    rule = "value"
    arguments: tuple[Any, ...] = ()
    premises: tuple[Theorem, ...] = ()

    def __eq__(self, other: object) -> bool:
        return True

    def __hash__(self) -> int:
        return hash(TRUE)


class Disguised(LookAlike):
    """Says that it is a theorem when asked for its class."""

    @property  # type: ignore[misc]
    def __class__(self) -> type:
        return Theorem


def _relabelled() -> object:
    class Plain:
        __slots__ = ("__weakref__",)

    plain = Plain()
    object.__setattr__(plain, "__class__", Theorem)
    return plain


INERT: dict[str, Callable[[], object]] = {
    "object.__new__": lambda: object.__new__(KIND),
    "a look-alike": LookAlike,
    "a look-alike in disguise": Disguised,
    "an object whose class was changed": _relabelled,
    "a weak reference": lambda: weakref.proxy(TRUE),
    "a conclusion": lambda: FALSE,
    "what a rule returns inside": lambda: Derived(FALSE, frozenset()),
    "the unwrapped rule": lambda: R.assume.__wrapped__(FALSE),  # type: ignore[attr-defined]
}


@pytest.mark.parametrize("forgery", INERT)
def test_every_rule_refuses_a_forgery(forgery: str) -> None:
    forged = INERT[forgery]()
    asked = 0
    for name, entry in TABLE.items():
        for arguments in (case.arguments for case in entry.accepted):
            for place, argument in enumerate(arguments):
                if type(argument) is Theorem:
                    changed: Any = forged
                elif type(argument) is tuple and argument and type(argument[0]) is Theorem:
                    changed = (forged, *argument[1:])
                else:
                    continue
                asked += 1
                with pytest.raises(KernelError):
                    RULES[name](*arguments[:place], changed, *arguments[place + 1 :])
    assert asked > 30


@pytest.mark.parametrize("forgery", ["object.__new__", "an object whose class was changed"])
def test_a_blank_theorem_says_nothing(forgery: str) -> None:
    blank = INERT[forgery]()
    for name in ("conclusion", "hypotheses", "rule", "arguments", "premises"):
        with pytest.raises(KernelError, match="no rule made it"):
            getattr(blank, name)
    with pytest.raises(KernelError, match="no rule made it"):
        repr(blank)
    with pytest.raises(KernelError, match="no rule made it"):
        write_proof(blank)  # type: ignore[arg-type]


def test_theorems_are_not_constructed() -> None:
    attempts: tuple[tuple[Any, ...], ...] = ((), (FALSE,), (FALSE, frozenset(), "value", ()))
    for arguments in attempts:
        with pytest.raises(KernelError, match="made by a rule, never constructed"):
            Theorem(*arguments)
        with pytest.raises(KernelError, match="made by a rule, never constructed"):
            KIND.__new__(KIND, *arguments)
        with pytest.raises(KernelError, match="made by a rule, never constructed"):
            type(TRUE)(*arguments)


def test_theorem_has_no_subclasses() -> None:
    with pytest.raises(KernelError, match="no subclasses"):
        type("Theorem", (Theorem,), {"conclusion": FALSE})
    with pytest.raises(KernelError, match="no subclasses"):
        type("Theorem", (LookAlike, Theorem), {})


@pytest.mark.parametrize("name", ["conclusion", "hypotheses", "rule", "arguments", "premises", "anything"])
def test_theorems_are_not_changed(name: str) -> None:
    with pytest.raises(KernelError, match="cannot be changed"):
        setattr(TRUE, name, FALSE)
    with pytest.raises(AttributeError):
        object.__setattr__(TRUE, name, FALSE)
    with pytest.raises(AttributeError):
        object.__delattr__(TRUE, name)
    assert not hasattr(TRUE, "__dict__")
    assert TRUE.conclusion is Eq(integer(28) - 5, integer(23))


def test_a_theorem_put_into_another_class_is_no_theorem() -> None:
    class Plain:
        __slots__ = ("__weakref__",)

    theorem: Any = R.value(integer(2))
    with pytest.raises(KernelError, match="cannot be changed"):
        theorem.__class__ = Plain
    object.__setattr__(theorem, "__class__", Plain)
    with pytest.raises(KernelError, match="must be a theorem"):
        R.flip(theorem)


def test_copies_are_the_theorem_itself() -> None:
    assert copy.copy(TRUE) is TRUE
    assert copy.deepcopy(TRUE) is TRUE
    assert copy.deepcopy([TRUE])[0] is TRUE


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_theorems_are_not_pickled(protocol: int) -> None:
    with pytest.raises(KernelError, match="serialize its proof"):
        pickle.dumps(TRUE, protocol)
    with pytest.raises(KernelError, match="serialize its proof"):
        TRUE.__reduce_ex__(protocol)


def test_a_crafted_pickle_gives_nothing() -> None:
    constructs = b"csymnet.kernel.theorem\nTheorem\n)\x81."  # Theorem.__new__(Theorem)
    with pytest.raises(KernelError, match="never constructed"):
        pickle.loads(constructs)


def test_dataclasses_replace_is_refused() -> None:
    with pytest.raises(TypeError):
        dataclasses.replace(TRUE, conclusion=FALSE)  # type: ignore[type-var]
    if hasattr(copy, "replace"):
        with pytest.raises(TypeError):
            copy.replace(TRUE, conclusion=FALSE)


def test_hypotheses_and_arguments_are_not_changed_from_outside() -> None:
    theorem = R.assume(FALSE)
    assert type(theorem.hypotheses) is frozenset
    assert type(theorem.arguments) is tuple
    hypotheses = theorem.hypotheses
    hypotheses -= {FALSE}
    assert theorem.hypotheses == {FALSE}


def test_a_theorem_does_not_outlive_its_record() -> None:
    """A new theorem at a freed address does not inherit what the old one said."""
    for _ in range(1000):
        R.value(integer(28) - 5)
        gc.collect(0)
        with pytest.raises(KernelError, match="no rule made it"):
            _ = object.__new__(KIND).conclusion


def test_steps_come_premises_first_and_once() -> None:
    first = R.assume(Eq(W, integer(28)))
    second = R.flip(first)
    third = R.chain(second, first)
    assert steps(third) == [first, second, third]
    assert steps(third, first) == [first, second, third]
    assert third.premises == (second, first)


def test_no_two_rules_have_one_name() -> None:
    before = dict(RULES)
    with pytest.raises(KernelError):

        @rule
        def value() -> Proposition:
            return FALSE

    assert before == RULES


# Terms and propositions are what a theorem speaks of: an impostor among them forges as well as an impostor theorem.


def _impostor_term() -> Theorem:
    class Impostor(Sum):
        __slots__ = ()

        def _least(self) -> int:
            return 100

    bound = R.instantiate(R.sign(Le(integer(100), Impostor(W))), (W,), (integer(3),))
    return R.linear(Le(integer(100), integer(3)), (bound, R.value(Impostor(integer(3)))), (integer(1), integer(1)))


def _impostor_proposition() -> Theorem:
    class Impostor(Le):
        __slots__ = ()
        honest = True

        @property
        def args(self) -> tuple[Any, ...]:
            return (integer(1) if self.honest else integer(2)), integer(1)

        @args.setter
        def args(self, value: object) -> None:
            pass

    theorem = R.sign(Impostor(integer(1), integer(1)))
    Impostor.honest = False
    return R.linear(Le(integer(2), integer(1)), (theorem,), (integer(1),))


def _impostor_set() -> Theorem:
    class Impostor(IntegerSet):
        def __contains__(self, value: object) -> bool:
            return True

    return R.calculate(In(integer(3), Impostor((Progression(0, 1, 4, 4),))))


def _new_rule() -> Theorem:
    @rule
    def anything() -> Proposition:
        return FALSE

    RULES.pop("anything")
    return anything()


@pytest.mark.parametrize("forge", [_impostor_term, _impostor_proposition, _impostor_set, _new_rule])
def test_impostors_are_refused(forge: Callable[[], Theorem]) -> None:
    with pytest.raises((KernelError, TermError)):
        forge()


def test_a_node_changed_behind_its_back_does_not_check() -> None:
    """Python lets ``object.__setattr__`` write to a term; its proof then no longer replays."""
    theorem = R.value(integer(28) - 7)
    conclusion = theorem.conclusion
    arguments = conclusion.args
    try:
        object.__setattr__(conclusion, "args", (integer(28) - 7, integer(22)))
        with pytest.raises(ProofError, match="not what the step claims"):
            check_proof(write_proof(theorem))
    finally:
        object.__setattr__(conclusion, "args", arguments)
