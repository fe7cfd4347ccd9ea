"""Objects that only look like real expressions or statements: whatever they claim, no node and no theorem is made of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from itertools import count
from typing import Any

import pytest

from symnet.errors import KernelError, TermError
from symnet.kernel.real import expressions as r
from symnet.kernel.real import rules as R
from symnet.kernel.real import statements as s
from symnet.kernel.real.expressions import Node, number
from symnet.kernel.real.theorem import RULES
from symnet.terms.term import Int, Power, Sum, Symbol, Term, integer
from tests.kernel.real.rule_table import TABLE

REFUSED = (KernelError, TermError)
X, J, N = r.Variable("x"), Symbol("j", 0), Symbol("N")


def _liar(claimed: type, **more: Any) -> Any:
    """An object that says it is of a class, and changes with every look."""
    turn = count()

    class Liar:
        __class__ = property(lambda self: claimed)  # type: ignore[assignment]
        free, height, serial, mask, least, constant = frozenset[Any](), 1, 10**9, 0, 1, None

        @property
        def args(self) -> tuple[Any, ...]:
            return (number(next(turn)), number(next(turn)))

        def rebuilt(self, change: object) -> Node:
            return number(next(turn))

        children = args

    for name, value in more.items():
        setattr(Liar, name, value)
    return Liar()


def _of_a_lying_class(claimed: type) -> Any:
    """An object whose class says that it equals another class."""

    class Meta(type):
        def __eq__(cls, other: object) -> bool:
            return True

        __hash__ = lambda cls: hash(claimed)  # type: ignore[assignment]  # noqa: E731

    class Wrong(metaclass=Meta):
        free, height, serial, args, mask, least, constant = frozenset[Any](), 1, 10**9, (), 0, 1, None
        children = ()

    return Wrong()


def _past_the_seal(base: type) -> Any:
    """An object of a subclass that never told its parent class."""

    class Mixin:
        def __init_subclass__(cls) -> None: ...

    class Wrong(Mixin, base):  # type: ignore[misc]
        __slots__ = ()

        def rebuilt(self, change: object) -> Node:
            return number(2)

    made = object.__new__(Wrong)
    for name, value in {"args": (X,), "free": frozenset(), "height": 1, "serial": 10**9}.items():
        object.__setattr__(made, name, value)
    return made


class _Name(str):
    __slots__ = ()

    def __eq__(self, other: object) -> bool:
        return True

    __hash__ = str.__hash__


class _Integer(int):
    def __eq__(self, other: object) -> bool:
        return True

    __hash__ = int.__hash__

    def __add__(self, other: int) -> int:
        return 7


class _Pair(tuple[Any, ...]):
    __slots__ = ()


class _Rational(Fraction):
    __slots__ = ()

    @property
    def numerator(self) -> int:
        return 5


KINDS = (*sorted(r.REALS | s.STATEMENTS, key=lambda kind: kind.__name__), Int, Symbol)

FAKES: dict[str, Callable[[], Any]] = {
    **{f"says it is {kind.__name__}": lambda kind=kind: _liar(kind) for kind in KINDS},  # type: ignore[misc]
    **{f"its class equals {kind.__name__}": lambda kind=kind: _of_a_lying_class(kind) for kind in (r.Number, r.Plus, s.Equal, Int)},  # type: ignore[misc]
    **{f"a subclass of {kind.__name__}": lambda kind=kind: _past_the_seal(kind) for kind in (r.Plus, r.Total, r.Variable, s.Equal)},  # type: ignore[misc]
    "a float": lambda: 1.5,
    "a truth": lambda: True,
    "nothing": lambda: None,
    "text": lambda: "x",
    "a subclass of text": lambda: _Name("x"),
    "a subclass of int": lambda: _Integer(1),
    "a subclass of Fraction": lambda: _Rational(1, 2),
    "a class": lambda: r.Plus,
}  # fmt: skip


def _constructions() -> Iterator[tuple[type[Node], tuple[Any, ...]]]:
    """Every kind of node with parts that it accepts."""
    entry = r.Entry("w", J)
    yield from ((kind, (X, number(2))) for kind in (r.Plus, r.Times, r.Quotient, r.Minimum, r.Maximum))
    yield from ((kind, (X,)) for kind in (r.Exp, r.Log, r.Sqrt, r.Abs, r.Sign, s.Nonzero))
    yield from ((kind, (X, number(1))) for kind in (s.Equal, s.Less, s.AtMost))
    yield from ((kind, (J, N, entry)) for kind in r.FOLDS)
    yield r.Whole, (N,)
    yield r.Delta, (J, N)
    yield r.Power, (X, integer(2))
    yield s.Derivative, (X, X, number(1))
    yield s.Below, (J, N)
    yield s.ForAll, (J, s.Nonzero(entry))


def test_every_kind_is_tried() -> None:
    tried = {kind for kind, _ in _constructions()} | {r.Number, r.Variable, r.Entry}
    assert tried == r.REALS | s.STATEMENTS


@pytest.mark.parametrize("fake", FAKES)
def test_no_node_is_made_of_it(fake: str) -> None:
    for kind, parts in _constructions():
        assert kind(*parts) is kind(*parts)
        for place in range(len(parts)):
            for make in (kind, lambda *given, kind=kind: Node.__new__(kind, *given)):
                with pytest.raises(REFUSED):
                    make(*parts[:place], FAKES[fake](), *parts[place + 1 :])


@pytest.mark.parametrize("fake", FAKES)
def test_no_rule_takes_it(fake: str) -> None:
    for name, entries in TABLE.items():
        for arguments, _ in entries.accepted:
            for place, argument in enumerate(arguments):
                changed = FAKES[fake]()
                values = [changed, (changed, *argument[1:])] if type(argument) is tuple and argument else [changed]
                for value in values:
                    with pytest.raises(REFUSED):
                        RULES[name](*arguments[:place], value, *arguments[place + 1 :])


def test_tuples_of_another_kind() -> None:
    for name, entries in TABLE.items():
        for arguments, _ in entries.accepted:
            for place, argument in enumerate(arguments):
                if type(argument) is tuple:
                    with pytest.raises(REFUSED):
                        RULES[name](*arguments[:place], _Pair(argument), *arguments[place + 1 :])


def test_parts_of_another_number() -> None:
    for kind, parts in _constructions():
        for given in (parts[:-1], (*parts, *parts[:1])):
            if kind in (r.Plus, r.Times):
                continue
            with pytest.raises(REFUSED):
                Node.__new__(kind, *given)


@pytest.mark.parametrize(
    "wrong", [1, True, 1.0, "1", _Rational(1, 2), (1, 2), None, _Integer(3)], ids=lambda value: type(value).__name__
)
def test_numbers_are_rational(wrong: Any) -> None:
    with pytest.raises(REFUSED):
        r.Number(wrong)
    with pytest.raises(REFUSED):
        Node.__new__(r.Number, wrong)


@pytest.mark.parametrize("parts", [(1, 0), (2, 4), (1, -2), (_Integer(9), 1), (9.0, 1), (1,), (1, 1, 1)])
def test_numbers_are_in_lowest_terms(parts: Any) -> None:
    with pytest.raises(REFUSED):
        Node.__new__(r.Number, *parts)


def test_a_number_does_not_change_with_the_fraction_it_was_made_of() -> None:
    given = Fraction(7919)
    made = r.Number(given)
    theorem = R.field_identity(made, number(7918) + 1)
    given._numerator = 1  # type: ignore[attr-defined]
    made.value._numerator = 1  # type: ignore[attr-defined]
    assert repr(theorem) == "⊢ 7919 = 7918 + 1"
    assert made.value == 7919


@pytest.mark.parametrize("name", [_Name("qx"), 1, None, "", "a b", "1x", b"x"])
def test_names_are_names(name: Any) -> None:
    with pytest.raises(REFUSED):
        r.Variable(name)
    with pytest.raises(REFUSED):
        r.Entry(name, J)
    with pytest.raises(REFUSED):
        Symbol(name)


def test_abstract_kinds_make_nothing() -> None:
    abstract: tuple[Any, ...] = (Node, r.Real, r.Fold, s.Statement, r.Plus.__mro__[1], r.Exp.__mro__[1])
    for kind in abstract:
        for parts in ((), (X,), (X, X), (J, N, X)):
            with pytest.raises(REFUSED):
                kind(*parts)


def test_an_expression_that_answers_differently_proves_nothing() -> None:
    """The forgery that once gave ⊢ 1 = 2: the pattern of a substitution that is another one each time."""
    wrong = _liar(r.Plus, free=frozenset((X,)))
    for name in ("inside", "replace", "instantiate"):
        equation = R.field_identity(number(1), number(1))
        arguments = {
            "inside": (equation, wrong, X),
            "replace": (equation, equation, wrong, X),
            "instantiate": (equation, (X,), (wrong,)),
        }[name]
        with pytest.raises(REFUSED):
            RULES[name](*arguments)


def test_integer_terms_are_by_their_type_too() -> None:
    for fake in FAKES.values():
        with pytest.raises(REFUSED):
            Sum(fake(), integer(7001))
    make: Any = Term.__new__
    for kind, *parts in (
        (Int, _Integer(99991)),
        (Int, 99991.0),
        (Power, Symbol("x"), _Integer(61)),
        (Power, Symbol("x"), 61.0),
    ):
        with pytest.raises(REFUSED):
            make(kind, *parts)
