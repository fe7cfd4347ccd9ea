"""Nodes: what terms and propositions are made of. Equal nodes are one object, and none can be changed.

A node lives as long as somebody holds it. Its class keeps a pool of those alive, by their arguments: who makes a node
that is alive gets that one, also from another thread.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import count
from typing import Any, ClassVar, TypeVar
from weakref import ref
from zlib import crc32

from symnet.errors import TermError

__all__ = ["Node", "children_first", "setter"]

N = TypeVar("N", bound="Node")

_serials = count()


def _number(value: object) -> int:
    """A number that stands for a plain argument; text has another hash in every process, and −1 the hash of −2."""
    return (value if value >= 0 else value - 1) if type(value) is int else crc32(str(value).encode())


class _Interned(ref["Node"]):
    """A node in the pool of its class, which does not keep it alive."""

    __slots__ = ("args", "pool")
    args: tuple[Any, ...]
    pool: _Pool


_Pool = dict[tuple[Any, ...], _Interned]


def _forget(dead: _Interned) -> None:
    if dead.pool.get(dead.args) is dead:  # another node may have its place by now
        del dead.pool[dead.args]


class Node:
    """An interned, immutable node: the class and ``args`` are its identity."""

    __slots__ = ("__weakref__", "_digest", "args", "mask", "serial")
    args: tuple[Any, ...]
    _digest: int
    mask: int  # one bit for each group of symbols below: where no bit is shared, no symbol is
    serial: int  # the order of creation: a total order, stable for as long as the node lives
    _sealed: ClassVar[bool] = False

    def __new__(cls: type[N], *args: Any) -> N:
        pool = cls._pool
        known = pool.get(args)
        if known is not None and (found := known()) is not None:
            return found  # type: ignore[return-value]
        if cls._owner is not cls:  # a subclass that came past __init_subclass__
            raise TermError(f"{cls.__name__} is none of the language's nodes")
        if cls._arity is not None and len(args) != cls._arity:
            raise TypeError(f"{cls.__name__} has {cls._arity} arguments, got {len(args)}")
        node = object.__new__(cls)
        _set_args(node, args)
        _set_serial(node, next(_serials))
        node._finish()
        made = _Interned(node, _forget)
        made.args, made.pool = args, pool
        first = pool.setdefault(args, made)
        if first is not made:
            found = first()
            if found is not None:  # another thread was quicker
                return found  # type: ignore[return-value]
            pool[args] = made  # its last moment
        return node

    _pool: ClassVar[_Pool]  # the nodes of this class that are alive, by their arguments
    _owner: ClassVar[type[Node]]  # whose pool that is
    _tag: ClassVar[int]
    _arity: ClassVar[int | None] = None  # any number
    _made_of: ClassVar[frozenset[type]]  # what the children are: these very classes

    def __init_subclass__(cls) -> None:
        cls._pool, cls._owner, cls._tag = {}, cls, crc32(cls.__name__.encode())
        if Node._sealed:  # a stranger's node could say anything about its own sign
            raise TermError("the language of terms and propositions is closed: Node has no further subclasses")

    def _finish(self) -> None:
        """Validate the arguments and compute what is cached on the node."""
        mask, made_of = 0, self._made_of
        for child in self.children:
            kind = type(child)  # what only looks like a node, or like a node's class, could say anything about itself
            if kind not in made_of or type(kind) is not type:
                raise TermError(f"{type(self).__name__} is not made of {type(child).__name__}")
            mask |= child.mask
        _set_mask(self, mask)

    @property
    def digest(self) -> int:
        """Follows from the structure alone: an order that is the same in every process."""
        stack: list[Node] = [] if hasattr(self, "_digest") else [self]  # few nodes are ever asked
        while stack:
            node = stack[-1]
            missing = [child for child in node.children if not hasattr(child, "_digest")]
            if missing:
                stack.extend(missing)
            else:
                parts = [arg._digest if isinstance(arg, Node) else _number(arg) for arg in node.args]
                _set_digest(stack.pop(), hash((node._tag, *parts)))
        return self._digest

    @property
    def children(self) -> tuple[Node, ...]:
        """The arguments that are nodes themselves."""
        return self.args

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"{type(self).__name__} is immutable")

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), self.args

    def __copy__(self: N) -> N:
        return self

    def __deepcopy__(self: N, memo: object) -> N:
        return self

    _text: ClassVar[Callable[[Node], str] | None] = None  # how nodes are written for a reader; set by who writes them

    def __repr__(self) -> str:
        if Node._text is None:
            return f"<{type(self).__name__} number {self.serial}>"
        return f"<{type(self).__name__} {Node._text(self)}>"


def setter(kind: type[Node], slot: str) -> Callable[[Node, Any], None]:
    """The quickest way into a slot; nodes are immutable for everyone but the files that define them."""
    return kind.__dict__[slot].__set__  # type: ignore[no-any-return]


_set_args, _set_serial, _set_mask, _set_digest = (setter(Node, slot) for slot in ("args", "serial", "mask", "_digest"))


def children_first(*roots: Node, known: Iterable[Node] = ()) -> list[Node]:
    """Every node under ``roots`` once, children before parents, without recursion; those that are ``known`` are left out, with
    what is under them alone."""
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
