"""Forgeries: every way to get a theorem without a rule is refused, or gives an object that every rule refuses."""

from __future__ import annotations

import copy
import dataclasses
import gc
import pickle
import weakref
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import pytest

from symnet.errors import KernelError, ProofError, TermError
from symnet.kernel import rules as R
from symnet.kernel.real import theorem as real
from symnet.kernel.real.expressions import Variable, number
from symnet.kernel.real.rules import assume as real_assume
from symnet.kernel.real.rules import chain as real_chain
from symnet.kernel.real.rules import exp_zero, field_identity
from symnet.kernel.real.rules import flip as real_flip
from symnet.kernel.real.statements import Equal
from symnet.kernel.real.theorem import RealTheorem
from symnet.kernel.replay import check_proof
from symnet.kernel.sealed import Derived, Rules, Sealed
from symnet.kernel.theorem import RULES, Theorem, rule
from symnet.kernel.walks import steps
from symnet.kernel.writing import write_proof
from symnet.terms.integer_sets import IntegerSet, Progression
from symnet.terms.propositions import Eq, In, Le, Proposition
from symnet.terms.term import Sum, Symbol, integer
from tests.kernel.real.rule_table import TABLE as REAL_TABLE
from tests.kernel.rule_table import TABLE

W = Symbol("W")
TRUE = R.value(integer(28) - 5)
FALSE = Eq(integer(1), integer(2))
KIND: Any = Theorem  # what a forger does is not well-typed


class Kernel(NamedTuple):
    """One of the two kernels: its theorems, its rules with arguments they accept, one theorem, and a false statement."""

    kind: Any
    rules: Mapping[str, Callable[..., Any]]
    accepted: list[tuple[str, tuple[Any, ...]]]
    true: Any
    false: Any
    assume: Any
    new_rule: Any


KERNELS = {
    "integers": Kernel(
        Theorem, RULES, [(name, case.arguments) for name, entry in TABLE.items() for case in entry.accepted], TRUE, FALSE,
        R.assume, rule,
    ),
    "real numbers": Kernel(
        RealTheorem, real.RULES, [(name, case[0]) for name, entry in REAL_TABLE.items() for case in entry.accepted],
        exp_zero(), Equal(number(0), number(1)), real_assume, real.rule,
    ),
}  # fmt: skip


@pytest.fixture(params=KERNELS)
def kernel(request: pytest.FixtureRequest) -> Kernel:
    return KERNELS[request.param]


def _look_alike(kernel: Kernel, disguised: bool) -> object:
    class LookAlike:
        """Has all that a theorem shows."""

        conclusion = kernel.false
        hypotheses: frozenset[Any] = frozenset()
        rule = kernel.true.rule
        arguments: tuple[Any, ...] = ()
        premises: tuple[Any, ...] = ()

        def __eq__(self, other: object) -> bool:
            return True

        def __hash__(self) -> int:
            return hash(kernel.true)

    class Disguised(LookAlike):
        """Says that it is a theorem when asked for its class."""

        @property  # type: ignore[misc]
        def __class__(self) -> type:
            return kernel.kind  # type: ignore[no-any-return]

    return Disguised() if disguised else LookAlike()


def _relabelled(kernel: Kernel) -> object:
    class Plain(Sealed[Any]):
        """A kind of theorems of one's own."""

        __slots__ = ()

    plain: object = object.__new__(Plain)
    object.__setattr__(plain, "__class__", kernel.kind)
    return plain


def _of_own_rules(kernel: Kernel) -> object:
    """A theorem that a stranger's rules made."""

    class Own(Sealed[Any]):
        __slots__ = ()

    def anything() -> Any:
        return kernel.false

    made: object = Rules(Own, "a theorem", {}).rule(anything)()
    object.__setattr__(made, "__class__", kernel.kind)
    return made


INERT: dict[str, Callable[[Kernel], object]] = {
    "object.__new__": lambda kernel: object.__new__(kernel.kind),
    "a look-alike": lambda kernel: _look_alike(kernel, False),
    "a look-alike in disguise": lambda kernel: _look_alike(kernel, True),
    "an object whose class was changed": _relabelled,
    "a theorem of the other kernel": lambda kernel: next(one.true for one in KERNELS.values() if one is not kernel),
    "a theorem of rules of one's own": _of_own_rules,
    "a weak reference": lambda kernel: weakref.proxy(kernel.true),
    "a conclusion": lambda kernel: kernel.false,
    "what a rule returns inside": lambda kernel: Derived(kernel.false, frozenset()),
    "the unwrapped rule": lambda kernel: kernel.assume.__wrapped__(kernel.false),
}


@pytest.mark.parametrize("forgery", INERT)
def test_every_rule_refuses_a_forgery(forgery: str, kernel: Kernel) -> None:
    forged = INERT[forgery](kernel)
    asked = 0
    for name, arguments in kernel.accepted:
        for place, argument in enumerate(arguments):
            if type(argument) is kernel.kind:
                changed: Any = forged
            elif type(argument) is tuple and argument and type(argument[0]) is kernel.kind:
                changed = (forged, *argument[1:])
            else:
                continue
            asked += 1
            with pytest.raises(KernelError):
                kernel.rules[name](*arguments[:place], changed, *arguments[place + 1 :])
    assert asked > 30


def test_a_kind_of_theorems_has_its_rules_once(kernel: Kernel) -> None:
    with pytest.raises(KernelError, match="has its rules already"):
        Rules(kernel.kind, "a theorem", {})


@pytest.mark.parametrize("forgery", ["object.__new__", "an object whose class was changed"])
def test_a_blank_theorem_says_nothing(forgery: str, kernel: Kernel) -> None:
    blank = INERT[forgery](kernel)
    for name in ("conclusion", "hypotheses", "rule", "arguments", "premises"):
        with pytest.raises(KernelError, match="no rule made it"):
            getattr(blank, name)
    with pytest.raises(KernelError, match="no rule made it"):
        repr(blank)
    with pytest.raises(KernelError, match="no rule made it"):
        write_proof(blank)  # type: ignore[arg-type]


def test_theorems_are_not_constructed(kernel: Kernel) -> None:
    attempts: tuple[tuple[Any, ...], ...] = ((), (kernel.false,), (kernel.false, frozenset(), "value", ()))
    for arguments in attempts:
        with pytest.raises(KernelError, match="made by a rule, never constructed"):
            kernel.kind(*arguments)
        with pytest.raises(KernelError, match="made by a rule, never constructed"):
            kernel.kind.__new__(kernel.kind, *arguments)
        with pytest.raises(KernelError, match="made by a rule, never constructed"):
            type(kernel.true)(*arguments)


def test_theorem_has_no_subclasses(kernel: Kernel) -> None:
    with pytest.raises(KernelError, match=f"^{kernel.kind.__name__} has no subclasses"):
        type("Theorem", (kernel.kind,), {"conclusion": kernel.false})
    with pytest.raises(KernelError, match=f"^{kernel.kind.__name__} has no subclasses"):
        type("Theorem", (type(_look_alike(kernel, False)), kernel.kind), {})


@pytest.mark.parametrize("name", ["conclusion", "hypotheses", "rule", "arguments", "premises", "anything"])
def test_theorems_are_not_changed(name: str, kernel: Kernel) -> None:
    said = kernel.true.conclusion
    with pytest.raises(KernelError, match="cannot be changed"):
        setattr(kernel.true, name, kernel.false)
    with pytest.raises(AttributeError):
        object.__setattr__(kernel.true, name, kernel.false)
    with pytest.raises(AttributeError):
        object.__delattr__(kernel.true, name)
    assert not hasattr(kernel.true, "__dict__")
    assert kernel.true.conclusion is said


def test_a_theorem_put_into_another_class_is_no_theorem() -> None:
    class Plain(Sealed[Any]):
        __slots__ = ()

    theorem: Any = R.value(integer(2))
    with pytest.raises(KernelError, match="cannot be changed"):
        theorem.__class__ = Plain
    object.__setattr__(theorem, "__class__", Plain)
    with pytest.raises(KernelError, match="must be a theorem"):
        R.flip(theorem)


def test_copies_are_the_theorem_itself(kernel: Kernel) -> None:
    assert copy.copy(kernel.true) is kernel.true
    assert copy.deepcopy(kernel.true) is kernel.true
    assert copy.deepcopy([kernel.true])[0] is kernel.true


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_theorems_are_not_pickled(protocol: int, kernel: Kernel) -> None:
    with pytest.raises(KernelError, match="serialize its proof"):
        pickle.dumps(kernel.true, protocol)
    with pytest.raises(KernelError, match="serialize its proof"):
        kernel.true.__reduce_ex__(protocol)


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


def test_many_hypotheses_are_kept_through_unions_of_unions() -> None:
    """More than are joined at once: unions wait as trees, of which no branch is lost."""
    x = Symbol("x")
    assumed = [R.assume(Le(x, integer(number))) for number in range(60)]
    joined = [R.both(tuple(assumed[start : start + 6])) for start in range(0, 60, 6)]
    while len(joined) > 1:
        joined = [R.both(tuple(joined[start : start + 2])) for start in range(0, len(joined), 2)]
    assert joined[0].hypotheses == {Le(x, integer(number)) for number in range(60)}
    assert R.both((joined[0], joined[0], assumed[3])).hypotheses == joined[0].hypotheses


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
    one, two = Variable("x"), Variable("y")
    identity = field_identity(one + two, two + one)
    flipped = real_flip(identity)
    assert steps(real_chain(identity, flipped))[:2] == [identity, flipped]


def test_there_are_no_new_rules(kernel: Kernel) -> None:
    def forge() -> Any:
        return kernel.false

    before = dict(kernel.rules)
    for function in (forge, kernel.assume.__wrapped__):
        with pytest.raises(KernelError, match="the rules are closed"):
            kernel.new_rule(function)
    with pytest.raises(TypeError):
        kernel.rules["forge"] = forge  # type: ignore[index]
    assert before == kernel.rules


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
        with pytest.raises(ProofError, match=r"not what the step claims|does not follow"):
            check_proof(write_proof(theorem))
    finally:
        object.__setattr__(conclusion, "args", arguments)
