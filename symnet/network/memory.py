"""The memory that a network takes, in bytes: its parts, each a proven value.

The number of bytes of a part is a count of numbers (parameters, outputs of layers) times the bytes of one number. The counts
are those of the network's theorems; which numbers are held is a definition, stated in :data:`HELD`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Any

from symnet.byte_counts import BYTES, OPTIMIZERS, require_known
from symnet.errors import LayerError, NotationError, TermError
from symnet.kernel.rules import add_equations, chain, polynomial_identity, replace
from symnet.kernel.theorem import Theorem
from symnet.layers.declaration.fields import FieldSpec
from symnet.layers.laws.counting import collected
from symnet.network.network import Network
from symnet.network.substitution import graph_symbols
from symnet.network.value import Value
from symnet.terms.propositions import Eq
from symnet.terms.sympy_letters import Letters, letters_of, merged
from symnet.terms.term import Product, Sum, Symbol, Term, integer, symbols_of

__all__ = ["HELD", "Memory", "memory_where_asked"]

#: What is counted in each part.
HELD = {
    "parameters": "all parameters and buffers",
    "activations": "the outputs of all layers, for every example of the batch",
    "gradients": "one number for every trainable parameter",
    "optimizer": "what the optimizer keeps for every trainable parameter",
}

_HOLE = Symbol("part", None)


class Memory(Mapping[str, Value]):
    """The bytes of a network's parameters and activations; in training also of its gradients and the optimizer's state.

    A mapping from the part to its bytes, a SymPy expression with a theorem; ``total`` is their sum. ``batch`` is a number, an
    expression, or a letter that the network does not have; ``train`` is ``"sgd"``, ``"momentum"`` or ``"adam"``; ``dtype`` is
    that of all numbers. Copies that a framework makes while it works are not in it. Raises :class:`symnet.TermError` for other
    arguments.

    >>> net = Network.parse("784 -> FC|10")
    >>> Memory(net, dtype="float16")
    {'parameters': 15700, 'activations': 20}
    >>> training = Memory(net, "N", "adam")
    >>> training, training.total
    ({'parameters': 31400, 'activations': 40*N, 'gradients': 31400, 'optimizer': 62800}, 40*N + 125600)
    >>> training.total.theorem.conclusion.args[1]
    <Sum 40*N + 125600>
    """

    def __init__(self, network: Network, batch: Any = 1, train: str | None = None, dtype: str = "float32") -> None:
        require_known(dtype, train)
        self.network, self.batch, self.train, self.dtype = network, batch, train, dtype
        self.examples = _batch_size(network, batch)

    @cached_property
    def parts(self) -> dict[str, Value]:
        """The bytes of each part."""
        network, width = self.network, BYTES[self.dtype]
        parts = {
            "parameters": self._bytes(network.parameters, integer(width)),
            "activations": self._bytes(network.activations, Product(integer(width), self.examples)),
        }
        if self.train is not None:
            parts["gradients"] = self._bytes(network.trainable, integer(width))
            if kept := OPTIMIZERS[self.train]:
                parts["optimizer"] = self._bytes(network.trainable, integer(kept * width))
        return parts

    @cached_property
    def total(self) -> Value:
        """The bytes of all parts together; its theorem is the sum of theirs."""
        values = tuple(self.parts.values())
        term = collected((value.term,) for value in values)

        def prove() -> Theorem:
            added = add_equations(tuple(value.theorem for value in values))
            return chain(added, polynomial_identity(Sum(*(value.term for value in values)), term))

        return self._value(term, prove)

    @property
    def theorem(self) -> Theorem:
        """hypotheses ⊢ the bytes of all parts, by their definition = the total."""
        return self.total.theorem

    @property
    def theorems(self) -> tuple[Theorem, ...]:
        """The theorems about each part and about their sum."""
        return (*(value.theorem for value in self.parts.values()), self.theorem)

    def _bytes(self, count: Value, factor: Term) -> Value:
        """``factor`` times a count."""
        term = collected([(factor, count.term)])

        def prove() -> Theorem:
            multiplied = polynomial_identity(Product(factor, count.term), term)
            return replace(count.theorem, multiplied, Eq(Product(factor, _HOLE), term), _HOLE)

        return self._value(term, prove)

    def _value(self, term: Term, prove: Any) -> Value:
        letters: Letters = merged((self.network.letters, letters_of(self.batch)))
        return Value(term, prove, letters, known=lambda: symbols_of(*graph_symbols(self.network.graph), self.examples))

    def __getitem__(self, part: str) -> Value:
        return self.parts[part]

    def __iter__(self) -> Iterator[str]:
        return iter(self.parts)

    def __len__(self) -> int:
        return len(self.parts)

    def __repr__(self) -> str:
        return repr(self.parts)

    def __reduce__(self) -> tuple[Any, ...]:
        """Stored as its arguments; the bytes are proven again."""
        return type(self), (self.network, self.batch, self.train, self.dtype)


def memory_where_asked(
    network: Network, batch: Any = None, dtype: str | None = None, train: str | None = None
) -> Memory | None:
    """The memory of a network where anything is said of what bytes are counted for, and ``None`` where nothing is."""
    if batch is None and dtype is None and train is None:
        return None
    return Memory(network, 1 if batch is None else batch, train, "float32" if dtype is None else dtype)


def _batch_size(network: Network, batch: Any) -> Term:
    """The batch as a term. Raises :class:`symnet.TermError` if it is no size, or a text with one of the network's letters."""
    try:
        term: Term = FieldSpec("count", "a batch", name="batch", least=1).coerce(batch)
    except (LayerError, NotationError) as refused:
        words = str(refused).partition("\n")[0]
        raise TermError(
            f"the batch is a number of at least 1, a letter or an expression, got {batch!r:.60} ({words})"
        ) from None
    taken = {symbol.name for symbol in graph_symbols(network.graph)} if isinstance(batch, str) else set()
    for symbol in symbols_of(term):
        if symbol.name in taken:
            raise TermError(f"{symbol.name} is a letter of the network: name the batch otherwise")
    return term
