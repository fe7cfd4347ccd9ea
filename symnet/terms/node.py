"""Nodes: the parts of terms and propositions. Equal nodes are one object, and no node can be changed.

A node lives as long as something refers to it. Its class keeps a pool of the living nodes by their arguments, so that
constructing an equal node returns the existing one, also from another thread.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from itertools import count
from typing import Any, ClassVar, TypeVar
from weakref import ref

from symnet.errors import TermError

__all__ = ["Node", "children_first", "setter"]

N = TypeVar("N", bound="Node")

_serials = count()


_Pool = dict[tuple[Any, ...], "ref[Node]"]


def _forget(pool: _Pool, args: tuple[Any, ...], dead: ref[Node]) -> None:
    if pool.get(args) is dead:  # another node may have taken its entry in the meantime
        del pool[args]


class Node:
    """An interned, immutable node, identified by its class and ``args``."""

    __slots__ = ("__weakref__", "args", "digest", "mask", "serial")
    args: tuple[Any, ...]
    digest: int  # a hash of the structure, where one was asked for (:mod:`symnet.terms.reading_order`)
    mask: int  # a bit mask of the symbols below: without a common bit there is no common symbol
    serial: int  # the order of creation: a total order, stable for the node's life
    _sealed: ClassVar[bool] = False

    def __new__(cls: type[N], *args: Any) -> N:
        pool = cls._pool
        reference = pool.get(args)
        if reference is not None and (existing := reference()) is not None:
            return existing  # type: ignore[return-value]
        if cls._owner is not cls:  # a subclass made without __init_subclass__
            raise TermError(f"{cls.__name__} is none of the language's nodes")
        if cls._arity is not None and len(args) != cls._arity:
            raise TypeError(f"{cls.__name__} has {cls._arity} arguments, got {len(args)}")
        node = object.__new__(cls)
        _set_args(node, args)
        _set_serial(node, next(_serials))
        node._finish()
        interned: ref[Node] = ref(node, partial(_forget, pool, args))
        while (first := pool.setdefault(args, interned)()) is None:  # a node that is being collected
            pool.pop(args, None)
        return first  # type: ignore[return-value]  # another one where another thread was quicker

    _pool: ClassVar[_Pool]  # the living nodes of this class, by their arguments
    _owner: ClassVar[type[Node]]  # the class that owns the pool
    _arity: ClassVar[int | None] = None  # ``None``: any number of arguments
    _nodes: ClassVar[int | None] = None  # so many arguments are nodes, the first ones; ``None``: all
    _made_of: ClassVar[frozenset[type]]  # the exact classes that children may have

    def __init_subclass__(cls) -> None:
        cls._pool, cls._owner = {}, cls
        if Node._sealed:  # a foreign subclass could override ``least`` and so forge signs
            raise TermError("the language of terms and propositions is closed: Node has no further subclasses")

    def _finish(self) -> None:
        """Checks the arguments and computes the attributes cached on the node."""
        mask, made_of = 0, self._made_of
        for child in self.children:
            kind = type(child)  # an object that only claims this class could forge its attributes
            if kind not in made_of or type(kind) is not type:
                raise TermError(f"{type(self).__name__} is not made of {type(child).__name__}")
            mask |= child.mask
        _set_mask(self, mask)

    @property
    def children(self) -> tuple[Node, ...]:
        """The arguments that are nodes."""
        return self.args[: self._nodes]

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"{type(self).__name__} is immutable")

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), self.args

    def __deepcopy__(self: N, memo: object = None) -> N:
        return self

    __copy__ = __deepcopy__

    _text: ClassVar[Callable[[Node], str] | None] = None  # the printer of nodes, set by the room that has it

    def __repr__(self) -> str:
        if Node._text is None:
            return f"<{type(self).__name__} number {self.serial}>"
        return f"<{type(self).__name__} {Node._text(self)}>"


def setter(kind: type[Node], slot: str) -> Callable[[Node, Any], None]:
    """The setter of a slot; only the files of this folder use it, for all others nodes are immutable."""
    return kind.__dict__[slot].__set__  # type: ignore[no-any-return]


_set_args, _set_serial, _set_mask = (setter(Node, slot) for slot in ("args", "serial", "mask"))


def children_first(*roots: Node, known: Iterable[Node] = ()) -> list[Node]:
    """Every node under ``roots`` once, children before parents, without recursion. ``known`` nodes are left out, with
    everything that is only below them.
    """
    order: list[Node] = []
    seen = set(known)
    stack: list[tuple[Node, bool]] = [(root, False) for root in reversed(roots)]
    while stack:
        node, expanded = stack.pop()
        if expanded:
            order.append(node)
        elif node not in seen:
            seen.add(node)
            stack.append((node, True))
            stack.extend((child, False) for child in reversed(node.children))
    return order
