"""A network along many sizes: arrays of numbers in, arrays of numbers out, as for a plot.

    net.at(W=numpy.arange(32, 256)).parameters

Where the network's hypotheses hold the numbers are its formulas' at these sizes; any other size is worked out by itself, and
masked where a layer does not fit.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property, partial
from typing import Any

from symnet.errors import LayerError, SymnetError, TermError
from symnet.network.derivation import Derivation
from symnet.network.putting import graph_symbols
from symnet.terms.node import Node, children_first
from symnet.terms.propositions import holds
from symnet.terms.sympy_letters import against_declared
from symnet.terms.term import Count, Symbol, Term, evaluate, substitute, symbols_of

__all__ = ["Sweep", "arrays_in"]

#: So many sizes are worked out; more are refused in words.
SIZES = 1_000_000


def arrays_in(values: Mapping[Any, Any]) -> dict[Any, Any]:
    """The values that are arrays: of numpy, or lists and ranges of numbers."""
    return {
        key: value
        for key, value in values.items()
        if isinstance(value, list | tuple | range) or (hasattr(value, "ndim") and value.ndim > 0)
    }


class Sweep:
    """What a network gives for each of many sizes. Sizes that do not fit are masked; where all fit, arrays are plain.

    ``parameters``, ``trainable``, ``non_trainable``, ``multiply_adds``, ``activations`` are arrays, ``output`` is a tuple of
    them, ``closed_form`` one by axis; ``fits`` says which sizes the network takes. Numbers are 64-bit integers, and Python's own
    where they are larger.

    >>> from symnet import Network
    >>> net = Network.parse("(3*W*W) -> Conv|8|7|2")
    >>> net.at(W=range(5, 12)).output[1].tolist()
    [None, None, 1, 1, 2, 2, 3]
    """

    def __init__(self, network: Any, values: Mapping[Symbol, Any]) -> None:
        self._network = network
        arrays = _of_one_shape({symbol: _numbers(symbol, value) for symbol, value in values.items()})
        self._shape = arrays[0].shape
        if arrays[0].size > SIZES:
            raise TermError(f"{arrays[0].size:,} sizes are out of reach (at most {SIZES:,})")
        columns = [[int(one) for one in array.flat] for array in arrays]
        self._symbols = tuple(values)
        self._points: list[dict[Term, int]] = [
            dict(zip(self._symbols, point, strict=True)) for point in zip(*columns, strict=True)
        ]
        rest = {symbol.name for symbol in graph_symbols(network.graph)} - {symbol.name for symbol in values}
        if rest:
            raise TermError(f"with an array every other letter needs a number, too: {', '.join(sorted(rest))}")

    @cached_property
    def _alone(self) -> list[Any]:
        """For each size ``None`` where the formulas hold, else the network at that size, or why it does not fit."""
        proof: Derivation = self._network.proof
        known: dict[tuple[int, ...], Any] = {}
        found = []
        for point in self._points:
            key = tuple(point.values())
            if key not in known:
                known[key] = self._at(point, proof)
            found.append(known[key])
        return found

    @cached_property
    def _has_formulas(self) -> bool:
        """Whether every size is a formula; stacked windows of symbolic stride are counted, and have a formula only at numbers."""
        network = self._network
        roots: list[Node] = [size for place in network.placed for size in place.output.dims]
        roots += [size for place in network.placed for weight in place.applied.weights for size in weight.shape]
        roots += network.proof.hypotheses
        return not any(isinstance(node, Count) for root in dict.fromkeys(roots) for node in children_first(root))

    def _at(self, point: dict[Term, int], proof: Derivation) -> Any:
        if any(number < (symbol.least or 0) for symbol, number in point.items()):
            return LayerError("a size is at least 1")
        for symbol in self._symbols:
            if against := against_declared(self._network.letters.get(symbol.name), point[symbol]):
                return TermError(against)
        # numbers of the input that closed forms speak of as letters
        here = {axis.form.base: axis.size for axis in self._network.placed[0].axes}
        if self._has_formulas and all(holds(substitute(one, here), point) for one in proof.hypotheses):
            return None
        try:
            return self._network.at(
                {symbol.name: number for symbol, number in zip(self._symbols, point.values(), strict=True)}
            )
        except SymnetError as refused:
            return refused

    @property
    def fits(self) -> Any:
        """Which sizes the network takes, as an array of truth values."""
        import numpy

        return numpy.array([not isinstance(one, SymnetError) for one in self._alone], dtype=bool).reshape(self._shape)

    def _array(self, of: Callable[[Any], Term]) -> Any:
        """A term of the network as an array."""
        import numpy

        general = of(self._network)
        numbers: list[int] = []
        for point, alone in zip(self._points, self._alone, strict=True):
            if isinstance(alone, SymnetError):
                numbers.append(0)
            else:
                term = general if alone is None else of(alone)
                numbers.append(evaluate(term, {symbol: point[symbol] for symbol in symbols_of(term)}))
        small = all(abs(number) < 2**63 for number in numbers)
        found = numpy.array(numbers, dtype=numpy.int64 if small else object).reshape(self._shape)
        fits = self.fits
        return found if fits.all() else numpy.ma.array(found, mask=~fits)

    @property
    def output(self) -> tuple[Any, ...]:
        """The sizes of the output, an array each."""

        def size(place: int, network: Any) -> Term:
            return network.output[place].term  # type: ignore[no-any-return]

        return tuple(self._array(partial(size, place)) for place in range(len(self._network.output)))

    @property
    def parameters(self) -> Any:
        """How many numbers the network holds."""
        return self._array(lambda network: network.counted())

    @property
    def trainable(self) -> Any:
        """How many of them are trained."""
        return self._array(lambda network: network.counted(True))

    @property
    def non_trainable(self) -> Any:
        """How many are not."""
        return self._array(lambda network: network.counted(False))

    @property
    def multiply_adds(self) -> Any:
        """Multiply-adds of one forward pass of one example."""
        return self._array(lambda network: network.work)

    @property
    def activations(self) -> Any:
        """How many numbers the outputs of all layers have together."""
        return self._array(lambda network: network.kept)

    @property
    def closed_form(self) -> dict[str, Any]:
        """The size of each axis of the last tensor with axes."""
        place = self._network.last.index

        def size(position: int, network: Any) -> Term:
            return network.placed[place].axes[position].size  # type: ignore[no-any-return]

        return {name: self._array(partial(size, position)) for position, name in enumerate(self._network.closed_terms)}

    def __len__(self) -> int:
        return len(self._points)

    def __repr__(self) -> str:
        return f"<{self._network!r} at {len(self):,} sizes>"


def _numbers(symbol: Symbol, value: Any) -> Any:
    """An array of integers."""
    import numpy

    try:
        found = numpy.asarray(value)
    except ValueError:
        raise TermError(f"{symbol.name} must be an array of integers, got rows of different lengths") from None
    if found.size == 0 and not hasattr(value, "dtype"):  # numpy takes an empty list for real numbers
        found = found.astype(numpy.int64)
    whole = found.dtype.kind in "iu" or (
        found.dtype.kind == "O" and all(hasattr(one, "__index__") and not isinstance(one, bool) for one in found.flat)
    )
    if not whole:
        raise TermError(f"{symbol.name} must be an array of integers, got {found.dtype}")
    return found


def _of_one_shape(arrays: Mapping[Symbol, Any]) -> tuple[Any, ...]:
    """The arrays, those of one entry repeated to the length of the others, as numpy does it."""
    import numpy

    try:
        return tuple(numpy.broadcast_arrays(*arrays.values()))
    except ValueError:
        shapes = ", ".join(
            f"{symbol.name} has {' × '.join(map(str, array.shape))} entries" for symbol, array in arrays.items()
        )
        raise TermError(f"arrays for several letters must broadcast to one shape: {shapes}") from None
