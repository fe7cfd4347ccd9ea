"""Comparing an imported network with its framework: the part that is the same for all frameworks.

The framework is run at sizes that satisfy the hypotheses of the network, and once at sizes that do not; its results
must agree with the network. This file chooses the sizes, from the layers' conditions on the symbols; each framework's
folder runs the model.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice, product
from math import prod
from typing import TypeVar

from symnet.errors import ModelError, SymnetError
from symnet.layers.kinds.inputs import Input
from symnet.layers.laws.counting import collected
from symnet.network.conditions import asked_together, witness
from symnet.network.costs import parameter_sets, work_sets
from symnet.network.domain import domain
from symnet.public import Network
from symnet.terms.evaluation import holds
from symnet.terms.integer_sets import IntegerSet
from symnet.terms.node import Node, children_first
from symnet.terms.propositions import Eq, Le, Lt, Proposition
from symnet.terms.term import Symbol, Term, ends_of, integer, symbols_of

__all__ = [
    "BATCHES", "SECONDS", "Point", "disagreement", "failing", "in_one_line", "inner_points", "input_shapes", "outer_point",
    "parameters_at", "same_parameters", "shortened", "shown_shapes", "work_at",
]  # fmt: skip

#: The time limit in seconds for all runs of a framework together.
SECONDS = 10.0

#: Batches to choose from; if possible one that is not a size of the model.
BATCHES = (3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41)

#: Sizes for a letter, the first two for the two runs: odd, not round, and large enough for most networks.
SIZES = (75, 97, 61, 131, 43, 29, 230, 17, 11, 7, 5, 331, 3, 2, 1)

#: At most so many choices of sizes are tried, and finally all letters equal up to this number.
TRIED, LARGEST = 1000, 320

Shape = tuple[int, ...]


class Point:
    """Numbers for the symbols of a network, and for the batch.

    >>> W = Symbol("W")
    >>> Point({W: 9}, 3).value(W // 2 + 1)
    5
    """

    def __init__(self, sizes: Mapping[Symbol, int], batch: int) -> None:
        self.sizes, self.batch = dict(sizes), batch
        self._values: dict[Node, int] = {symbol: number for symbol, number in sizes.items()}  # noqa: C416

    def value(self, term: Term) -> int:
        """The value of a term at this point; shared parts are evaluated once."""
        number = term.constant if term.constant is not None else self._values.get(term)
        if number is not None:
            return number
        for node in children_first(term):
            if node not in self._values:
                known = node.constant if isinstance(node, Term) else None
                if isinstance(node, Symbol):
                    known = self._of(node)
                if known is None:
                    low, high = ends_of(node, [(self._values[child], self._values[child]) for child in node.children])
                    if low is None or low != high:
                        raise SymnetError("a size divides by 0 here")
                    known = low
                self._values[node] = known
        return self._values[term]

    def shape(self, dims: Sequence[Term]) -> Shape:
        """Sizes as numbers."""
        return tuple(map(self.value, dims))

    def holds(self, proposition: Proposition) -> bool:
        """Whether a proposition is true at this point."""
        if isinstance(proposition, Eq | Le | Lt):
            left, right = map(self.value, proposition.args)
            return left == right if isinstance(proposition, Eq) else left <= right - isinstance(proposition, Lt)
        return holds(proposition, {symbol: self.value(symbol) for symbol in symbols_of(proposition)})

    def _of(self, symbol: Symbol) -> int:
        """The number of a symbol, or of the symbol with the same name and a larger lower bound."""
        return next(number for one, number in self.sizes.items() if one.name == symbol.name)


def failing(point: Point, network: Network) -> Proposition | None:
    """A condition of the network that fails at these sizes; ``None`` if all hold."""
    for place in network.placed:
        for condition in place.applied.conditions:
            if not point.holds(condition.proposition):
                return condition.proposition
        for size in place.output.dims:
            if point.value(size) < 1:
                return Le(integer(1), size)
    return None


def input_shapes(network: Network) -> list[tuple[Term, ...]]:
    """The sizes of every input, in order."""
    further = [place.output.dims for place in network.placed[1:] if isinstance(place.layer, Input)]
    return [tuple(network.placed[0].output.dims), *map(tuple, further)]


def inner_points(network: Network, symbols: Sequence[Symbol]) -> list[Point]:
    """Two choices of sizes for which the network is defined (fewer if there are no more), each with a batch of its
    own.
    """
    choices_ = list(islice(_choices(network, symbols), 2)) if symbols else [{}]
    used_sizes = {
        Point(sizes, 1).value(size) for sizes in choices_ for place in network.placed for size in place.output.dims
    }
    batches = [batch for batch in BATCHES if batch not in used_sizes] or list(BATCHES)
    return [Point(sizes, batches[number % len(batches)]) for number, sizes in enumerate(choices_)]


def outer_point(network: Network, inner: Point) -> Point | None:
    """Sizes near those of ``inner`` for which the network is not defined; ``None`` if none are found."""
    allowed = domain(asked.proposition for asked in asked_together(network.placed))
    for symbol in inner.sizes:
        numbers = [*sorted(_ends(allowed.of(symbol))), 1, 2, 3, *(inner.sizes[symbol] + step for step in (1, 2, 3, -1))]
        for number in numbers:
            point = Point({**inner.sizes, symbol: number}, inner.batch)
            if number >= 1 and _broken(point, network):
                return point
    return None


def _ends(allowed: IntegerSet) -> Iterator[int]:
    """The integers right before and after the members of a set."""
    for part in allowed.parts:
        yield from (part.minimum - 1,) if part.minimum is not None else ()
        yield from (part.maximum + 1,) if part.maximum is not None else ()


def _broken(point: Point, network: Network) -> bool:
    try:
        return failing(point, network) is not None
    except (SymnetError, ArithmeticError, TypeError):
        return True  # a size that has no value there


def _choices(network: Network, symbols: Sequence[Symbol]) -> Iterator[dict[Symbol, int]]:
    """Choices of sizes for which the network is defined, each different from the one before if possible."""
    asked = asked_together(network.placed)
    allowed = domain(one.proposition for one in asked)
    numbers = {symbol: _members(allowed.of(_named(symbol, allowed.sets))) for symbol in symbols}
    found: list[dict[Symbol, int]] = []
    for choice in islice(_together(numbers), TRIED):
        if all(choice != one for one in found) and not _broken(Point(choice, 1), network):
            found.append(choice)
            yield choice
    solved = witness(asked) if not found else None
    if solved is not None:
        choice = {symbol: solved.get(_named(symbol, solved), 64) for symbol in symbols}
        if not _broken(Point(choice, 1), network):
            yield choice


_T = TypeVar("_T")


def _named(symbol: Symbol, among: Mapping[Symbol, _T]) -> Symbol:
    """The symbol with this name, which may have another lower bound."""
    return next((one for one in among if one.name == symbol.name), symbol)


def _together(numbers: Mapping[Symbol, Sequence[int]]) -> Iterator[dict[Symbol, int]]:
    """Choices of values for all symbols: all different, all equal, and each value varied by itself."""
    symbols = list(numbers)
    if not all(numbers.values()):
        return
    most = max(map(len, numbers.values()))
    for start in range(most):
        yield {
            symbol: numbers[symbol][(start + 2 * place) % len(numbers[symbol])] for place, symbol in enumerate(symbols)
        }
    for start in range(most):
        yield {symbol: numbers[symbol][start % len(numbers[symbol])] for symbol in symbols}
    for number in range(1, LARGEST):
        yield dict.fromkeys(symbols, number)
    for chosen in product(*(numbers[symbol][:8] for symbol in symbols)):
        yield dict(zip(symbols, chosen, strict=True))


def _members(allowed: IntegerSet) -> list[int]:
    """Members of a set, those near :data:`SIZES` first."""
    members: dict[int, None] = {}
    for wanted in SIZES:
        near = []
        for part in allowed.parts:
            low = max(1, part.minimum if part.minimum is not None else 1)
            first = low + (part.residue - low) % part.modulus
            member = max(first, wanted - (wanted - part.residue) % part.modulus)
            if part.maximum is not None:
                member = min(member, part.maximum - (part.maximum - part.residue) % part.modulus)
            if member >= first:
                near.append(member)
        if near:
            members[min(near, key=lambda one: (abs(one - wanted), one))] = None
    return list(members)


# ---- comparing results ---------------------------------------------------------------------------------------------


def work_at(network: Network, point: Point) -> int:
    """The multiply-adds of one example at this point."""
    return point.value(collected(shape for place in network.placed for shape in work_sets(place)))


def parameters_at(network: Network, point: Point, trained: bool | None = None) -> int:
    """The number of parameters at this point: all, trained, or not trained."""
    return point.value(collected(shape for place in network.placed for shape in parameter_sets(place, trained)))


def same_parameters(
    title: str, model: str, network: Network, point: Point, held: Sequence[Shape], trained: Sequence[Shape]
) -> None:
    """Raises :class:`ModelError` if the model has another number of parameters, or of trained ones. ``held`` are the
    shapes of its arrays, ``trained`` those of the trained arrays; ``title`` and ``model`` are for the message.
    """
    for what, which, arrays in (("parameters", None, held), ("trained parameters", True, trained)):
        theirs, ours = sum(map(prod, arrays)), parameters_at(network, point, which)
        if ours != theirs:
            raise ModelError(
                f"{title}: the model ({model}) has {theirs} {what}, and symnet counts {ours}: symnet read the model wrongly, "
                "and gives no report of it"
            )


def disagreement(
    title: str,
    layer: str,
    given: Sequence[Shape],
    batch: int,
    theirs: Sequence[Shape] | None,
    ours: Sequence[Shape] | None,
) -> ModelError:
    """The error that shows both results for a layer: ``theirs`` and ``ours`` at the input shapes ``given`` with this
    ``batch``.
    """
    wrong = (
        "symnet read the model wrongly, or the runtime departs from the specification"
        if title == "ONNX"
        else "symnet read the model wrongly"
    )
    return ModelError(
        f"{title}: {layer}: at the input {shown_shapes(given)}, batch {batch}, {title} gives {_tensors(theirs)} and symnet "
        f"{_tensors(ours)}: {wrong}, and there is no report of it"
    )


def _tensors(shapes: Sequence[Shape] | None) -> str:
    """The shapes of several tensors, including the batch.

    >>> _tensors([(3, 8), (3,)])
    '(3, 8) and (3)'
    """
    return " and ".join(f"({', '.join(map(str, shape))})" for shape in shapes or ()) or "nothing"


def shown_shapes(shapes: Sequence[Shape]) -> str:
    """The shapes of inputs, without the batch.

    >>> shown_shapes([(3, 97, 131), (8,)])
    '3×97×131 and 8'
    """
    return " and ".join("×".join(map(str, sizes)) or "one number" for sizes in shapes)


def in_one_line(error: Exception | None, length: int = 160) -> str:
    """What an exception says, cut between words where it is long.

    >>> in_one_line(ValueError("a size\\n  is wrong"))
    'a size is wrong'
    """
    return shortened(" ".join(str(error).split()), length)


def shortened(words: str, length: int) -> str:
    """A sentence that is cut between words where it is long.

    >>> shortened("a size is wrong", 9)
    'a size …'
    """
    return words if len(words) <= length else (words[:length].rpartition(" ")[0] or words[:length]) + " …"
