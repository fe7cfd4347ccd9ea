"""The theorem type. The signature of the trusted part, in one screen:

    Theorem                      hypotheses ⊢ conclusion, with the rule and the arguments that made it
    rule(function)               turns a function that returns a conclusion into a maker of theorems
    RULES                        every rule by name; nothing else makes a theorem

A theorem holds nothing that can be written to: what it says is kept in this module, keyed by the object itself, so a
constructed, copied, subclassed or unpickled look-alike says nothing and every rule refuses it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import wraps
from inspect import signature
from types import MappingProxyType
from typing import Any, NamedTuple, NoReturn, ParamSpec, get_type_hints
from weakref import WeakKeyDictionary

from symnet.errors import KernelError
from symnet.kernel.certificate import At, Certificate, Each, Mod, No, Only, Yes
from symnet.terms.integer_sets import IntegerSet
from symnet.terms.propositions import PROPOSITIONS, Proposition
from symnet.terms.term import TERMS, Symbol, Term

__all__ = ["RULES", "Derived", "Theorem", "close", "rule", "steps"]

#: What a rule may be given besides theorems. Tuples hold values of one of these kinds.
Argument = Any
Hypotheses = frozenset[Proposition] | tuple[Any, ...]


class _Record(NamedTuple):
    conclusion: Proposition
    hypotheses: Hypotheses
    rule: str
    arguments: tuple[Argument, ...]


class Derived(NamedTuple):
    """A conclusion whose hypotheses are not just those of the premises."""

    conclusion: Proposition
    hypotheses: frozenset[Proposition]


class Theorem:
    """``hypotheses ⊢ conclusion``. Only the rules make one.

    >>> Theorem()
    Traceback (most recent call last):
    symnet.errors.KernelError: a theorem is made by a rule, never constructed
    """

    __slots__ = ("__weakref__",)

    def __new__(cls, *args: object, **kwargs: object) -> Theorem:
        raise KernelError("a theorem is made by a rule, never constructed")

    def __init_subclass__(cls) -> NoReturn:
        raise KernelError("Theorem has no subclasses: only the kernel's rules make theorems")

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise KernelError("a theorem cannot be changed")

    def __reduce_ex__(self, protocol: object) -> NoReturn:
        raise KernelError("a theorem is not pickled: serialize its proof and replay it")

    def __copy__(self) -> Theorem:
        return self

    def __deepcopy__(self, memo: object) -> Theorem:
        return self

    @property
    def conclusion(self) -> Proposition:
        """What is proven."""
        return _record(self).conclusion

    @property
    def hypotheses(self) -> frozenset[Proposition]:
        """Under which assumptions; the signs of the symbols are part of the symbols."""
        return _flat(_record(self).hypotheses)

    @property
    def rule(self) -> str:
        """The name of the rule that made this theorem."""
        return _record(self).rule

    @property
    def arguments(self) -> tuple[Argument, ...]:
        """What the rule was given: theorems, terms, propositions, numbers."""
        return _record(self).arguments

    @property
    def premises(self) -> tuple[Theorem, ...]:
        """The theorems among the arguments."""
        return tuple(_premises(_record(self).arguments))

    def __repr__(self) -> str:
        from symnet.printing.text import text

        assumed = ", ".join(sorted(text(hypothesis) for hypothesis in self.hypotheses))
        return f"{assumed} ⊢ {text(self.conclusion)}".strip()


_records: WeakKeyDictionary[Theorem, _Record] = WeakKeyDictionary()


def _record(theorem: Theorem) -> _Record:
    found = _records.get(theorem) if type(theorem) is Theorem else None
    if found is None:
        raise KernelError("this is not a theorem: no rule made it")
    return found


def _premises(arguments: Iterable[Argument]) -> Iterator[Theorem]:
    for argument in arguments:
        if type(argument) is Theorem:
            yield argument
        elif type(argument) is tuple:
            yield from _premises(argument)


# A union of hypotheses is kept as a tree and flattened when asked for: adding one hypothesis a layer stays linear.


def _union(parts: list[Hypotheses]) -> Hypotheses:
    distinct = list(dict.fromkeys(part for part in parts if part))
    if not distinct:
        return frozenset()
    if len(distinct) == 1:
        return distinct[0]
    if all(type(part) is frozenset and len(part) <= 4 for part in distinct):
        return frozenset().union(*distinct)
    return _Tree(distinct)


class _Tree(tuple[Any, ...]):
    """A pending union; compared by identity so that it is cheap to hold in a set."""

    __slots__ = ()
    __hash__ = object.__hash__

    def __eq__(self, other: object) -> bool:
        return self is other


def _flat(hypotheses: Hypotheses) -> frozenset[Proposition]:
    if isinstance(hypotheses, frozenset):
        return hypotheses
    found: set[Proposition] = set()
    seen: set[_Tree] = set()
    stack: list[Hypotheses] = [hypotheses]
    while stack:
        part = stack.pop()
        if isinstance(part, frozenset):
            found |= part
        elif part not in seen:
            seen.add(part)  # type: ignore[arg-type]
            stack.extend(part)
    return frozenset(found)


P = ParamSpec("P")

_rules: dict[str, Callable[..., Theorem]] = {}

#: Every rule by its name, for replay, for documentation, and for the list of Coq lemmas.
RULES: Mapping[str, Callable[..., Theorem]] = MappingProxyType(_rules)

#: Whether rules may still be added; they are closed once the package of rules has been imported.
_open = [True]


def _one_of(kinds: frozenset[type], kind: type) -> bool:
    """Whether it is one of these very classes: a class of a metaclass of its own could claim to equal one."""
    return kind in kinds and type(kind) is type


_KINDS: dict[Any, tuple[Callable[[object], bool], str]] = {
    Theorem: (lambda value: type(value) is Theorem, "a theorem"),
    Term: (lambda value: _one_of(TERMS, type(value)), "a term"),
    Proposition: (lambda value: _one_of(PROPOSITIONS, type(value)), "a proposition"),
    IntegerSet: (lambda value: type(value) is IntegerSet, "a set of integers"),
    Symbol: (lambda value: type(value) is Symbol, "a symbol"),
    int: (lambda value: type(value) is int, "an integer"),
    Certificate: (lambda value: type(value) in (Yes, No, At, Mod, Only, Each), "a certificate"),
}


def _checker(kind: Any) -> tuple[Callable[[object], bool], str]:
    if kind in _KINDS:
        return _KINDS[kind]
    element, words = _checker(kind.__args__[0])  # tuple[X, ...]
    return lambda value: type(value) is tuple and all(map(element, value)), f"a tuple, each {words}"


def rule(function: Callable[P, Proposition | Derived]) -> Callable[P, Theorem]:
    """Make ``function`` a rule: it is given arguments of its declared kinds and returns what follows, or refuses."""
    if not _open[0]:
        raise KernelError("the rules are closed: a theorem is made by the kernel's rules only")
    name = function.__name__
    hints = get_type_hints(function)
    checks = [(parameter, *_checker(hints[parameter])) for parameter in signature(function).parameters]

    @wraps(function)
    def make(*arguments: P.args, **named: P.kwargs) -> Theorem:
        if named or len(arguments) != len(checks):
            raise KernelError(f"{name}: takes {', '.join(parameter for parameter, _, _ in checks)}, by position")
        for (parameter, accepts, words), value in zip(checks, arguments, strict=True):
            if not accepts(value):
                raise KernelError(f"{name}: {parameter} must be {words}, got {type(value).__name__}")
        inherited = [_record(premise).hypotheses for premise in _premises(arguments)]
        outcome = function(*arguments, **named)
        theorem = object.__new__(Theorem)
        if isinstance(outcome, Derived):
            record = _Record(outcome.conclusion, outcome.hypotheses, name, arguments)
        else:
            record = _Record(outcome, _union(inherited), name, arguments)
        _records[theorem] = record
        return theorem

    if name in RULES:
        raise KernelError(f"two rules are called {name}")
    _rules[name] = make
    return make


def close() -> None:
    """Called once all rules are there: from now on there are no new ones."""
    _open[0] = False


def steps(*theorems: Theorem) -> list[Theorem]:
    """Every theorem that the given ones rest on, premises first, each once."""
    order: list[Theorem] = []
    seen: set[Theorem] = set()
    stack: list[tuple[Theorem, bool]] = [(theorem, False) for theorem in reversed(theorems)]
    while stack:
        theorem, expanded = stack.pop()
        if expanded:
            order.append(theorem)
        elif theorem not in seen:
            seen.add(theorem)
            stack.append((theorem, True))
            stack.extend((premise, False) for premise in reversed(theorem.premises))
    return order
