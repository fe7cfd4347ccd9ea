"""The theorem type for real numbers: the mechanism of :mod:`symnet.kernel.theorem`, with rules of its own.

    RealTheorem                  hypotheses ⊢ conclusion, with the rule and the arguments that made it
    rule(function)               turns a function that returns a conclusion into a maker of theorems
    RULES                        every rule by name; nothing else makes a theorem

The two kernels share no theorem: one speaks of integers, the other of real numbers. As there, a theorem holds nothing
that can be written to.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import wraps
from inspect import signature
from types import MappingProxyType
from typing import Any, NamedTuple, NoReturn, ParamSpec, get_type_hints
from weakref import WeakKeyDictionary

from symnet.errors import KernelError
from symnet.kernel.real.expressions import FOLDS, Fold, Real, Variable, is_real, is_term, one_of
from symnet.kernel.real.printing import unicode_text
from symnet.kernel.real.statements import Statement, is_statement
from symnet.terms.term import Symbol, Term

__all__ = ["RULES", "Derived", "RealTheorem", "close", "rule", "steps"]

Hypotheses = frozenset[Statement]


class _Record(NamedTuple):
    conclusion: Statement
    hypotheses: Hypotheses
    rule: str
    arguments: tuple[Any, ...]


class Derived(NamedTuple):
    """A conclusion whose hypotheses are not just those of the premises."""

    conclusion: Statement
    hypotheses: Hypotheses


class RealTheorem:
    """``hypotheses ⊢ conclusion`` about real numbers. Only the rules make one.

    >>> RealTheorem()
    Traceback (most recent call last):
    symnet.errors.KernelError: a theorem is made by a rule, never constructed
    """

    __slots__ = ("__weakref__",)

    def __new__(cls, *args: object, **kwargs: object) -> RealTheorem:
        raise KernelError("a theorem is made by a rule, never constructed")

    def __init_subclass__(cls) -> NoReturn:
        raise KernelError("RealTheorem has no subclasses: only the rules make theorems")

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise KernelError("a theorem cannot be changed")

    def __reduce_ex__(self, protocol: object) -> NoReturn:
        raise KernelError("a theorem is not pickled: make it again by its rules")

    def __copy__(self) -> RealTheorem:
        return self

    def __deepcopy__(self, memo: object) -> RealTheorem:
        return self

    @property
    def conclusion(self) -> Statement:
        """What is proven."""
        return _record(self).conclusion

    @property
    def hypotheses(self) -> frozenset[Statement]:
        """Under which conditions; the signs of integer symbols are part of the symbols."""
        return _record(self).hypotheses

    @property
    def rule(self) -> str:
        """The name of the rule that made this theorem."""
        return _record(self).rule

    @property
    def arguments(self) -> tuple[Any, ...]:
        """What the rule was given."""
        return _record(self).arguments

    @property
    def premises(self) -> tuple[RealTheorem, ...]:
        """The theorems among the arguments."""
        return tuple(_premises(_record(self).arguments))

    def __repr__(self) -> str:
        assumed = ", ".join(sorted(unicode_text(hypothesis) for hypothesis in self.hypotheses))
        return f"{assumed} ⊢ {unicode_text(self.conclusion)}".strip()


_records: WeakKeyDictionary[RealTheorem, _Record] = WeakKeyDictionary()


def _record(theorem: RealTheorem) -> _Record:
    found = _records.get(theorem) if type(theorem) is RealTheorem else None
    if found is None:
        raise KernelError("this is not a theorem: no rule made it")
    return found


def _premises(arguments: Iterable[Any]) -> Iterator[RealTheorem]:
    for argument in arguments:
        if type(argument) is RealTheorem:
            yield argument
        elif type(argument) is tuple:
            yield from _premises(argument)


P = ParamSpec("P")

_rules: dict[str, Callable[..., RealTheorem]] = {}

#: Every rule by its name.
RULES: Mapping[str, Callable[..., RealTheorem]] = MappingProxyType(_rules)

#: Whether rules may still be added; they are closed once the package of rules has been imported.
_open = [True]

# By the type itself: ``isinstance`` would believe what an object says its class is.
_KINDS: dict[Any, tuple[Callable[[object], bool], str]] = {
    RealTheorem: (lambda value: type(value) is RealTheorem, "a theorem about real numbers"),
    Real: (is_real, "a real expression"),
    Fold: (lambda value: one_of(FOLDS, type(value)), "a sum, minimum or maximum over an index"),
    Variable: (lambda value: type(value) is Variable, "a variable"),
    Statement: (is_statement, "a statement"),
    Symbol: (lambda value: type(value) is Symbol, "a symbol"),
    Term: (is_term, "an integer term"),
}


def _checker(kind: Any) -> tuple[Callable[[object], bool], str]:
    if kind in _KINDS:
        return _KINDS[kind]
    element, words = _checker(kind.__args__[0])  # tuple[X, ...]
    return lambda value: type(value) is tuple and all(map(element, value)), f"a tuple, each {words}"


def rule(function: Callable[P, Statement | Derived]) -> Callable[P, RealTheorem]:
    """Make ``function`` a rule: it is given arguments of its declared kinds and returns what follows, or refuses."""
    if not _open[0]:
        raise KernelError("the rules are closed: a theorem is made by the rules only")
    name = function.__name__
    hints = get_type_hints(function)
    checks = [(parameter, *_checker(hints[parameter])) for parameter in signature(function).parameters]

    @wraps(function)
    def make(*arguments: P.args, **named: P.kwargs) -> RealTheorem:
        if named or len(arguments) != len(checks):
            raise KernelError(f"{name}: takes {', '.join(parameter for parameter, _, _ in checks)}, by position")
        for (parameter, accepts, words), value in zip(checks, arguments, strict=True):
            if not accepts(value):
                raise KernelError(f"{name}: {parameter} must be {words}, got {type(value).__name__}")
        inherited = frozenset[Statement]().union(*(_record(premise).hypotheses for premise in _premises(arguments)))
        outcome = function(*arguments, **named)
        theorem = object.__new__(RealTheorem)
        if isinstance(outcome, Derived):
            record = _Record(outcome.conclusion, outcome.hypotheses, name, arguments)
        else:
            record = _Record(outcome, inherited, name, arguments)
        _records[theorem] = record
        return theorem

    if name in RULES:
        raise KernelError(f"two rules are called {name}")
    _rules[name] = make
    return make


def close() -> None:
    """Called once all rules are there: from now on there are no new ones."""
    _open[0] = False


def steps(*theorems: RealTheorem) -> list[RealTheorem]:
    """Every theorem that the given ones rest on, premises first, each once."""
    order: list[RealTheorem] = []
    seen: set[RealTheorem] = set()
    stack: list[tuple[RealTheorem, bool]] = [(theorem, False) for theorem in reversed(theorems)]
    while stack:
        theorem, expanded = stack.pop()
        if expanded:
            order.append(theorem)
        elif theorem not in seen:
            seen.add(theorem)
            stack.append((theorem, True))
            stack.extend((premise, False) for premise in reversed(theorem.premises))
    return order
