"""A network at many sizes at once: arrays of numbers in, arrays of numbers out, as for a plot.

    net.at(W=numpy.arange(32, 256)).parameters

Where the network's hypotheses hold, the numbers are those of its formulas; any other size is worked out by itself, and masked if a
layer does not fit.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property, partial
from typing import Any

from symnet.errors import LayerError, SymnetError, TermError
from symnet.network.derivation import Derivation
from symnet.network.substitution import graph_symbols
from symnet.terms.evaluation import evaluate, holds
from symnet.terms.node import Node, children_first
from symnet.terms.sympy_letters import against_declared
from symnet.terms.term import Count, Symbol, Term, substitute, symbols_of

__all__ = ["Sweep", "arrays_in"]

#: The largest number of sizes.
SIZES = 1_000_000


def arrays_in(values: Mapping[Any, Any]) -> dict[Any, Any]:
    """The values that are arrays: of numpy, or lists and ranges of numbers."""
    return {
        key: value
        for key, value in values.items()
        if isinstance(value, list | tuple | range) or (hasattr(value, "ndim") and value.ndim > 0)
    }


class Sweep:
    """The numbers of a network at each of many sizes. Sizes that do not fit are masked; if all fit, the arrays are plain.

    ``parameters``, ``trainable``, ``non_trainable``, ``multiply_adds`` and ``activations`` are arrays, ``output`` is a tuple of
    them, ``closed_form`` has one for each axis; ``fits`` says which sizes the network takes. Numbers are 64-bit integers, or Python's
    own if they are larger.

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
    def _by_size(self) -> list[Any]:
        """One result for each size: ``None`` where the formulas hold, else the network at that size, or the error why it does not fit."""
        proof: Derivation = self._network.proof
        results: dict[tuple[int, ...], Any] = {}
        by_size = []
        for point in self._points:
            key = tuple(point.values())
            if key not in results:
                results[key] = self._result_at(point, proof)
            by_size.append(results[key])
        return by_size

    @cached_property
    def _has_formulas(self) -> bool:
        """Whether every size has a formula; stacked windows with strides as symbols are counts, and have one only at numbers."""
        network = self._network
        roots: list[Node] = [size for node in network.placed for size in node.output.dims]
        roots += [size for node in network.placed for weight in node.applied.weights for size in weight.shape]
        roots += network.proof.hypotheses
        return not any(isinstance(node, Count) for root in dict.fromkeys(roots) for node in children_first(root))

    def _result_at(self, point: dict[Term, int], proof: Derivation) -> Any:
        if any(number < (symbol.least or 0) for symbol, number in point.items()):
            return LayerError("a size is at least 1")
        for symbol in self._symbols:
            if against := against_declared(self._network.letters.get(symbol.name), point[symbol]):
                return TermError(against)
        # closed forms have symbols for the numbers of the input
        input_sizes = {axis.form.base: axis.size for axis in self._network.placed[0].axes}
        if self._has_formulas and all(holds(substitute(one, input_sizes), point) for one in proof.hypotheses):
            return None
        try:
            return self._network.at(
                {symbol.name: number for symbol, number in zip(self._symbols, point.values(), strict=True)}
            )
        except SymnetError as error:
            return error

    @property
    def fits(self) -> Any:
        """An array of booleans: whether the network takes each size."""
        import numpy

        return numpy.array([not isinstance(one, SymnetError) for one in self._by_size], dtype=bool).reshape(self._shape)

    def _array(self, of: Callable[[Any], Term]) -> Any:
        """A term of the network as an array of its values."""
        import numpy

        general = of(self._network)
        numbers: list[int] = []
        for point, alone in zip(self._points, self._by_size, strict=True):
            if isinstance(alone, SymnetError):
                numbers.append(0)
            else:
                term = general if alone is None else of(alone)
                numbers.append(evaluate(term, {symbol: point[symbol] for symbol in symbols_of(term)}))
        small = all(abs(number) < 2**63 for number in numbers)
        array = numpy.array(numbers, dtype=numpy.int64 if small else object).reshape(self._shape)
        fits = self.fits
        return array if fits.all() else numpy.ma.array(array, mask=~fits)

    @property
    def output(self) -> tuple[Any, ...]:
        """The sizes of the output, one array for each."""

        def size(position: int, network: Any) -> Term:
            return network.output[position].term  # type: ignore[no-any-return]

        return tuple(self._array(partial(size, position)) for position in range(len(self._network.output)))

    @property
    def parameters(self) -> Any:
        """The number of parameters and buffers of the network."""
        return self._array(lambda network: network.counted())

    @property
    def trainable(self) -> Any:
        """The number of trainable parameters."""
        return self._array(lambda network: network.counted(True))

    @property
    def non_trainable(self) -> Any:
        """The number of parameters and buffers that are not trained."""
        return self._array(lambda network: network.counted(False))

    @property
    def multiply_adds(self) -> Any:
        """The multiply-adds of one forward pass of one example."""
        return self._array(lambda network: network.work)

    @property
    def activations(self) -> Any:
        """The number of entries of all layers' outputs, for one example."""
        return self._array(lambda network: network.kept)

    @property
    def closed_form(self) -> dict[str, Any]:
        """The size of each axis of the last tensor with axes."""
        index = self._network.last.index

        def size(position: int, network: Any) -> Term:
            return network.placed[index].axes[position].size  # type: ignore[no-any-return]

        return {name: self._array(partial(size, position)) for position, name in enumerate(self._network.closed_terms)}

    def __len__(self) -> int:
        return len(self._points)

    def __repr__(self) -> str:
        return f"<{self._network!r} at {len(self):,} sizes>"


def _numbers(symbol: Symbol, value: Any) -> Any:
    """The value as an array of integers; raises :class:`symnet.TermError` for other numbers."""
    import numpy

    try:
        array = numpy.asarray(value)
    except ValueError:
        raise TermError(f"{symbol.name} must be an array of integers, got rows of different lengths") from None
    if array.size == 0 and not hasattr(value, "dtype"):  # numpy takes an empty list for real numbers
        array = array.astype(numpy.int64)
    has_integers = array.dtype.kind in "iu" or (
        array.dtype.kind == "O" and all(hasattr(one, "__index__") and not isinstance(one, bool) for one in array.flat)
    )
    if not has_integers:
        raise TermError(f"{symbol.name} must be an array of integers, got {array.dtype}")
    return array


def _of_one_shape(arrays: Mapping[Symbol, Any]) -> tuple[Any, ...]:
    """The arrays broadcast to one shape; raises :class:`symnet.TermError` if they do not broadcast."""
    import numpy

    try:
        return tuple(numpy.broadcast_arrays(*arrays.values()))
    except ValueError:
        shapes = ", ".join(
            f"{symbol.name} has {' × '.join(map(str, array.shape))} entries" for symbol, array in arrays.items()
        )
        raise TermError(f"arrays for several letters must broadcast to one shape: {shapes}") from None
