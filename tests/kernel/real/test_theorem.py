"""Forgeries: every way to get a theorem about real numbers without a rule is refused, or gives what every rule refuses."""

from __future__ import annotations

import copy
import pickle
import weakref
from collections.abc import Callable
from typing import Any

import pytest

from symnet.errors import KernelError
from symnet.kernel.real import rules as R
from symnet.kernel.real import theorem as mechanism
from symnet.kernel.real.expressions import Variable, number
from symnet.kernel.real.statements import Equal, Statement
from symnet.kernel.real.theorem import RULES, Derived, RealTheorem, rule, steps
from tests.kernel.real.rule_table import TABLE

FALSE = Equal(number(0), number(1))
TRUE = R.exp_zero()
KIND: Any = RealTheorem


class LookAlike:
    """Has all that a theorem shows."""

    conclusion: Statement = FALSE
    hypotheses: frozenset[Statement] = frozenset()
    rule = "exp_zero"
    arguments: tuple[Any, ...] = ()

    def __eq__(self, other: object) -> bool:
        return True

    def __hash__(self) -> int:
        return hash(TRUE)


class Disguised(LookAlike):
    @property  # type: ignore[misc]
    def __class__(self) -> type:
        return RealTheorem


def _relabelled() -> object:
    class Plain:
        __slots__ = ("__weakref__",)

    plain = Plain()
    object.__setattr__(plain, "__class__", RealTheorem)
    return plain


FORGERIES: dict[str, Callable[[], object]] = {
    "object.__new__": lambda: object.__new__(KIND),
    "a look-alike": LookAlike,
    "a look-alike in disguise": Disguised,
    "an object whose class was changed": _relabelled,
    "a weak reference": lambda: weakref.proxy(TRUE),
    "a conclusion": lambda: FALSE,
    "what a rule returns inside": lambda: Derived(FALSE, frozenset()),
    "the unwrapped rule": lambda: R.assume.__wrapped__(FALSE),  # type: ignore[attr-defined]
}


@pytest.mark.parametrize("forgery", FORGERIES)
def test_every_rule_refuses_a_forgery(forgery: str) -> None:
    forged = FORGERIES[forgery]()
    asked = 0
    for name, entries in TABLE.items():
        for arguments, _ in entries.accepted:
            for place, argument in enumerate(arguments):
                if type(argument) is RealTheorem:
                    changed: Any = forged
                elif type(argument) is tuple and argument and type(argument[0]) is RealTheorem:
                    changed = (forged, *argument[1:])
                else:
                    continue
                asked += 1
                with pytest.raises(KernelError):
                    RULES[name](*arguments[:place], changed, *arguments[place + 1 :])
    assert asked > 30


def test_theorems_are_not_made_otherwise() -> None:
    with pytest.raises(KernelError, match="never constructed"):
        KIND(FALSE, frozenset(), "assume", ())
    with pytest.raises(KernelError, match="no subclasses"):
        type("Sub", (RealTheorem,), {})
    with pytest.raises(KernelError, match="not pickled"):
        pickle.dumps(TRUE)
    assert copy.copy(TRUE) is copy.deepcopy(TRUE) is TRUE
    with pytest.raises(KernelError, match="no rule made it"):
        _ = object.__new__(KIND).conclusion


@pytest.mark.parametrize("name", ["conclusion", "hypotheses", "rule", "arguments", "premises", "anything"])
def test_theorems_are_not_changed(name: str) -> None:
    with pytest.raises(KernelError, match="cannot be changed"):
        setattr(TRUE, name, FALSE)
    with pytest.raises(AttributeError):
        object.__setattr__(TRUE, name, FALSE)


def test_there_are_no_new_rules() -> None:
    def forge(statement: Statement) -> Statement:
        return statement

    with pytest.raises(KernelError, match="the rules are closed"):
        rule(forge)
    with pytest.raises(TypeError):
        RULES["forge"] = forge  # type: ignore[index]
    assert "forge" not in mechanism.RULES


def test_steps_come_in_order() -> None:
    x, y = Variable("x"), Variable("y")
    first = R.field_identity(x + y, y + x)
    second = R.chain(first, R.flip(first))
    found = steps(second)
    assert found[0] is first
    assert found[-1] is second
    assert len(found) == 3
