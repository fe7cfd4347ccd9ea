"""What a window count counts, spelled out for readers: the positions k ≥ 0 whose window ends inside the input."""

from __future__ import annotations

from itertools import count

from symnet.terms.node import Node
from symnet.terms.propositions import Le
from symnet.terms.term import Product, Symbol, integer, symbols_of

__all__ = ["window_condition"]


def window_condition(node: Node) -> tuple[Node, Node]:
    """The position's symbol and when a window fits there: ``k·S + F ≤ L``, with ``D·(F − 1) + 1`` for F under dilation.

    >>> from symnet.printing.text import text
    >>> from symnet.terms.term import Windows
    >>> L, F, D, S = map(Symbol, "LFDS")
    >>> text(window_condition(Windows(L, F, integer(1), S))[1]), text(window_condition(Windows(L, F, D, S))[1])
    ('k*S + F <= L', 'k*S + D*(F - 1) + 1 <= L')
    """
    length, kernel, dilation, stride = node.args
    taken = {symbol.name for symbol in symbols_of(*node.args)}
    name = "k" if "k" not in taken else next(f"k{i}" for i in count(1) if f"k{i}" not in taken)
    position = Symbol(name, 0)
    start = Product(position, *(stride.args if isinstance(stride, Product) else (stride,)))
    end = start + kernel if dilation is integer(1) else start + dilation * (kernel - 1) + 1
    return position, Le(end, length)
