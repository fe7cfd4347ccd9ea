"""Sealed theorems: the mechanism by which only rules make a theorem, for integers and for real numbers alike.

    Sealed                       hypotheses ⊢ conclusion, with the rule and the arguments that made it
    Rules(kind, kinds)           the rules that make theorems of one kind, and what they may be given

A theorem holds nothing that can be written to: what it says is kept in this module, keyed by the object itself, so a
constructed, copied, subclassed or unpickled look-alike says nothing and every rule refuses it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import wraps
from inspect import signature
from types import MappingProxyType
from typing import Any, Generic, NamedTuple, NoReturn, ParamSpec, TypeVar, get_type_hints
from weakref import ref

from symnet.errors import KernelError

__all__ = ["Derived", "Rules", "Sealed", "is_one_of"]

S = TypeVar("S")  # what the theorems of one kind say
T = TypeVar("T", bound="Sealed[Any]")
P = ParamSpec("P")

#: Hypotheses, or a union of some that is not worked out yet.
Hypotheses = frozenset[Any] | tuple[Any, ...]


class _Record(NamedTuple):
    kind: type
    conclusion: Any
    hypotheses: Hypotheses
    rule: str
    arguments: tuple[Any, ...]


class Derived(NamedTuple):
    """A conclusion whose hypotheses are not just those of the premises."""

    conclusion: Any
    hypotheses: frozenset[Any]


class Sealed(Generic[S]):
    """``hypotheses ⊢ conclusion``. Only the rules of its kind make one."""

    __slots__ = ("__weakref__",)

    def __new__(cls: type[T], *args: object, **kwargs: object) -> T:
        raise KernelError("a theorem is made by a rule, never constructed")

    def __init_subclass__(cls) -> None:
        for base in cls.__mro__[1:]:
            if base is not Sealed and issubclass(base, Sealed):
                raise KernelError(f"{base.__name__} has no subclasses: only the kernel's rules make theorems")

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise KernelError("a theorem cannot be changed")

    def __reduce_ex__(self, protocol: object) -> NoReturn:
        raise KernelError("a theorem is not pickled: serialize its proof and replay it, or make it again by its rules")

    def __deepcopy__(self: T, memo: object = None) -> T:
        return self

    __copy__ = __deepcopy__

    @property
    def conclusion(self) -> S:
        """What is proven."""
        return _record(self).conclusion  # type: ignore[no-any-return]

    @property
    def hypotheses(self) -> frozenset[S]:
        """Under which assumptions; the signs of the symbols are part of the symbols."""
        return _flat(_record(self).hypotheses)

    @property
    def rule(self) -> str:
        """The name of the rule that made this theorem."""
        return _record(self).rule

    @property
    def arguments(self) -> tuple[Any, ...]:
        """What the rule was given: theorems, terms, propositions, numbers."""
        return _record(self).arguments

    @property
    def premises(self: T) -> tuple[T, ...]:
        """The theorems among the arguments."""
        return tuple(_premises(type(self), _record(self).arguments))


_kinds: set[type] = set()  # the kinds of theorems that have rules
_records: dict[ref[Sealed[Any]], _Record] = {}  # a theorem that nobody holds any more is forgotten


def _record(theorem: Sealed[Any]) -> _Record:
    kind = type(theorem)
    found = _records.get(ref(theorem)) if is_one_of(_kinds, kind) else None
    if found is None or found.kind is not kind:  # an object can be put into another class
        raise KernelError("this is not a theorem: no rule made it")
    return found


def is_one_of(kinds: Iterable[type], kind: type) -> bool:
    """Whether it is one of these very classes: a class of a metaclass of its own could claim to equal one."""
    return kind in kinds and type(kind) is type


def _premises(kind: type[T], arguments: Iterable[Any]) -> Iterator[T]:
    for argument in arguments:
        if type(argument) is kind:
            yield argument
        elif type(argument) is tuple:
            yield from _premises(kind, argument)


# A union of hypotheses is kept as a tree and flattened when asked for: adding one hypothesis a layer stays linear.


def _union(parts: list[Hypotheses]) -> Hypotheses:
    distinct = list(dict.fromkeys(parts))
    if len(distinct) < 2:
        return distinct[0] if distinct else frozenset()
    if all(type(part) is frozenset and len(part) <= 4 for part in distinct):
        return frozenset().union(*distinct)
    return _Tree(distinct)


class _Tree(tuple[Any, ...]):
    """A pending union; compared by identity so that it is cheap to hold in a set."""

    __slots__ = ()
    __hash__ = object.__hash__

    def __eq__(self, other: object) -> bool:
        return self is other


def _flat(hypotheses: Hypotheses) -> frozenset[Any]:
    if isinstance(hypotheses, frozenset):
        return hypotheses
    found: set[Any] = set()
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


class Rules(Generic[T]):
    """The rules that make theorems of one kind, and the kinds of arguments they may be given besides theorems: how one is
    recognized, and what it is called. Tuples hold values of one of these kinds.
    """

    def __init__(self, kind: type[T], words: str, kinds: Mapping[Any, tuple[Callable[[Any], bool], str]]) -> None:
        if kind in _kinds:
            raise KernelError(f"{kind.__name__} has its rules already")
        _kinds.add(kind)
        self._kind, self._open = kind, True
        self._argument_kinds = {kind: (lambda value: type(value) is kind, words), **kinds}
        self._rules: dict[str, Callable[..., T]] = {}
        #: Every rule by its name.
        self.by_name: Mapping[str, Callable[..., T]] = MappingProxyType(self._rules)

    def rule(self, function: Callable[P, Any]) -> Callable[P, T]:
        """Make ``function`` a rule: it is given arguments of its declared kinds and returns what follows, or refuses."""
        if not self._open:
            raise KernelError("the rules are closed: a theorem is made by the kernel's rules only")
        return self._named(function, self._follows)

    def derived_rule(self, function: Callable[P, T]) -> Callable[P, T]:
        """Give a name to what ``function`` does with rules: a theorem that they made for it is one step. It need not be trusted."""
        return self._named(function, self._shown)

    def close(self) -> None:
        """Called once all rules are there: from now on there are no new ones."""
        self._open = False

    def _follows(self, outcome: Any, arguments: tuple[Any, ...]) -> tuple[Any, Hypotheses]:
        inherited = [_record(premise).hypotheses for premise in _premises(self._kind, arguments)]
        if isinstance(outcome, Derived):
            return outcome
        return outcome, _union([hypotheses for hypotheses in inherited if hypotheses])

    def _shown(self, outcome: T, arguments: tuple[Any, ...]) -> tuple[Any, Hypotheses]:
        if type(outcome) is not self._kind:
            raise KernelError("this is not a theorem: no rule made it")
        found = _record(outcome)
        return found.conclusion, found.hypotheses

    def _checker(self, kind: Any) -> tuple[Callable[[Any], bool], str]:
        if kind in self._argument_kinds:
            return self._argument_kinds[kind]
        element, words = self._checker(kind.__args__[0])  # tuple[X, ...]
        return lambda value: type(value) is tuple and all(map(element, value)), f"a tuple, each {words}"

    def _named(
        self, function: Callable[P, Any], what: Callable[[Any, tuple[Any, ...]], tuple[Any, Hypotheses]]
    ) -> Callable[P, T]:
        name = function.__name__
        hints = get_type_hints(function)
        checks = [(parameter, *self._checker(hints[parameter])) for parameter in signature(function).parameters]

        @wraps(function)
        def make(*arguments: P.args, **named: P.kwargs) -> T:
            if named or len(arguments) != len(checks):
                raise KernelError(f"{name}: takes {', '.join(parameter for parameter, _, _ in checks)}, by position")
            for (parameter, accepts, words), value in zip(checks, arguments, strict=True):
                if not accepts(value):
                    raise KernelError(f"{name}: {parameter} must be {words}, got {type(value).__name__}")
            conclusion, hypotheses = what(function(*arguments, **named), arguments)
            theorem: T = object.__new__(self._kind)
            _records[ref(theorem, _records.pop)] = _Record(self._kind, conclusion, hypotheses, name, arguments)
            return theorem

        if name in self.by_name:
            raise KernelError(f"two rules are called {name}")
        self._rules[name] = make
        return make
