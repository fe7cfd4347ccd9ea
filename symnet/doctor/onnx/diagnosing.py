"""The diagnosis of an ONNX model, which is read to its end or to the node that refuses its input."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from symnet.doctor.changes import Change, mending
from symnet.doctor.diagnosis import Diagnosis
from symnet.doctor.findings import Fix, Link, Row
from symnet.doctor.notation import diagnose_graph, links_to, rows_before
from symnet.doctor.onnx.candidates import JOINS, Broken, Sizes, for_node
from symnet.doctor.onnx.editing import attribute, light
from symnet.doctor.onnx.running import run
from symnet.doctor.sizes import Taken, axes_of, nearest_shapes, sizes_taken
from symnet.errors import ModelError, SymnetError
from symnet.layers.declaration.shape import AXIS_NAMES
from symnet.network.network import Network
from symnet.terms.term import Term

__all__ = ["diagnose_onnx"]

#: The largest number of nodes read again while changes are tried, and the smallest and largest number of changes.
NODES, FEWEST, MOST = 6000, 12, 90

Shape = tuple[Any, ...] | None


@dataclass
class _Outcome:
    """A model read to its end, or to the node that refuses its input."""

    broken: Broken
    network: Network | None
    refused: ModelError | None

    @property
    def ok(self) -> bool:
        """Whether nothing breaks."""
        return self.refused is None

    @property
    def reached(self) -> int:
        """The number of nodes that succeeded."""
        return self.broken.place

    @property
    def wrong(self) -> str:
        """The error message."""
        return str(self.refused)

    @property
    def effect(self) -> None:
        """Not known."""
        return None


def diagnose_onnx(model: Any, given: Shape, title: str) -> Diagnosis:
    """The diagnosis of an ONNX model, a path or a proto, for an input of the shape ``given``, or for its own. Raises
    :class:`ModelError` if it cannot be read for another reason than sizes.
    """
    from symnet.frontends.onnx.model_file import read_model

    given = _numbers(given)
    start = light(read_model(model))
    outcome = _read(start, given)
    if outcome.network is not None:
        return diagnose_graph(outcome.network.graph, title)
    refused = outcome.refused
    runtime, breaks = run(start, given)
    # symnet may be unable to read a model that is correct
    unknown = refused is not None and refused.condition is None and not breaks
    if (
        refused is not None
        and refused.layer is None
        and given is not None
        and (fixes := _other_inputs(start, given, []))
    ):
        words = str(refused).removeprefix("ONNX: ")
        return Diagnosis(title, False, (given,), start.graph.input[0].name, None, "", words, None, fixes=fixes)
    if refused is None or refused.layer is None or (unknown and runtime is not None):
        raise refused or ModelError(f"{title} cannot be read")
    taken = _taken(start, given)
    fixes = _fixes(outcome, given, taken)
    if not fixes and unknown:
        raise refused
    rows, links, inputs = _before(outcome.broken, given)
    words, condition = _why(outcome.broken, refused)
    notes = () if fixes else ("No change that symnet tries mends it, nor do two or three together.",)
    shapes = (given,) if given is not None and _one_shape(given) else inputs
    return Diagnosis(
        title, False, shapes, refused.layer, None, "", words, condition, rows, links, fixes,
        {one.letters[0]: one.words for one in taken}, notes,
    )  # fmt: skip


def _why(broken: Broken, refused: ModelError) -> tuple[str, str | None]:
    """The requirement of the node with the actual sizes, and the condition that fails."""
    names = [name for name in broken.node.input if len(broken.sizes.get(name, ())) > 1]
    if broken.node.op_type in JOINS and len(names) > 1:
        one, two = (broken.sizes[name] for name in names[:2])
        two = next((broken.sizes[name] for name in names[1:] if broken.sizes[name] != one), two)
        along = attribute(broken.node, "axis") if broken.node.op_type == "Concat" else None
        places = [at for at, (a, b) in enumerate(zip(one, two, strict=False)) if a != b and at not in (0, along)]
        pairs = dict.fromkeys(f"{one[at]} = {two[at]}" for at in places)
        if len(one) == len(two) and pairs:
            shown = " and ".join(" × ".join(map(str, sizes[1:])) for sizes in (one, two))
            axes = " and ".join(_axis(len(one), at) for at in places)
            return f"{refused.layer} joins {shown}, which differ in {axes}", ", ".join(pairs)
    words = str(refused).removeprefix("ONNX: ").removesuffix("; --opaque takes its shape from the file")
    if refused.fits:
        words = words.replace(f"; {refused.fits}", "")
    return words, refused.condition


def _axis(rank: int, place: int) -> str:
    """The name of a dimension; the batch is first, the channels are second."""
    letters = AXIS_NAMES[rank - 2] if rank - 2 in (1, 2, 3) else ()
    return "channels" if place == 1 and letters else letters[place - 2] if letters else f"dimension {place}"


def _numbers(given: Shape) -> Shape:
    """The sizes of one input as numbers where they are constant; several inputs are returned unchanged."""
    if not isinstance(given, tuple | list) or any(isinstance(size, tuple | list) for size in given):
        return given
    constants = [getattr(size, "constant", None) for size in given]
    return tuple(size if number is None else number for size, number in zip(given, constants, strict=True))


def _one_shape(given: Shape) -> bool:
    return isinstance(given, tuple) and all(isinstance(size, int) for size in given)


def _read(model: Any, given: Shape) -> _Outcome:
    """The model read to its end, or to the first node that fails."""
    from symnet.frontends.onnx.importer import Importer

    count = len(model.graph.node)
    try:
        importer = Importer(model, given, opaque=False)
    except ModelError as refused:  # no such input
        return _Outcome(Broken(model, 0, str(refused)), None, refused)
    try:
        network = importer.network("the model")
        network.proof.stated  # noqa: B018  # the layers are worked out here
    except ModelError as refused:
        names = [{node.name, *node.output} for node in model.graph.node]
        place = next((number for number, there in enumerate(names) if refused.layer in there), count - 1)
        return _Outcome(Broken(model, place, str(refused), _sizes(importer)), None, refused)
    return _Outcome(Broken(model, count, ""), network, None)


def _sizes(importer: Any) -> dict[str, Sizes]:
    """The sizes of all values that were reached; ``None`` for sizes that are not constant."""
    from symnet.frontends.flow import Flow

    found: dict[str, Sizes] = {}
    for name, value in importer.state.values.items():
        dims: Sequence[Term] = importer.state.sizes(value) if isinstance(value, Flow) else getattr(value, "dims", ())
        found[name] = tuple(size.constant for size in dims)
    return found


def _before(broken: Broken, given: Shape) -> tuple[tuple[Row, ...], tuple[Link, ...], tuple[Any, ...]]:
    """The layers before the node that breaks, the origin of the sizes that it reads, and the sizes of the input."""
    from onnx import TensorProto
    from onnx.helper import make_empty_tensor_value_info

    made = light(broken.model)
    graph, node = made.graph, broken.node
    fed = {value.name for value in graph.input} | {one.name for one in graph.initializer}
    before = {name for one in list(graph.node)[: broken.place] for name in one.output}
    reads = [name for name in node.input if name in before and name not in fed and broken.sizes.get(name)]
    del graph.node[broken.place :]
    del graph.output[:]
    graph.output.extend(make_empty_tensor_value_info(name) for name in reads)
    for value in graph.output:
        value.type.tensor_type.elem_type = TensorProto.FLOAT
    if reads:
        with suppress(SymnetError):
            network = _read(made, given).network
            if network is not None:
                place = len(network.graph.nodes)
                inputs = tuple(size.constant or str(size) for size in network.graph.input.dims)
                links = links_to(network.graph, place, network.graph.outputs())
                return rows_before(network.graph, place), links, (inputs,)
    return (), (), ()


def _taken(model: Any, given: Shape) -> list[Taken]:
    """The sizes of its only input that the model accepts."""
    if given is None or not _one_shape(given):
        return []

    def works(letters: tuple[int | str, ...]) -> Network:
        outcome = _read(model, letters)
        if outcome.network is None:
            raise outcome.refused or ModelError("it cannot be read")
        return outcome.network

    return sizes_taken(tuple(given), axes_of(len(given)), works)


def _fixes(start: _Outcome, given: Shape, taken: Sequence[Taken]) -> tuple[Fix, ...]:
    def propose(outcome: _Outcome, so_far: tuple[Change, ...]) -> Iterable[Change]:
        there = {change.of for change in so_far} - {""}
        return [change for change in for_node(outcome.broken) if change.of not in there]

    def read(together: tuple[Change, ...]) -> _Outcome | None:
        """The result for the changed model; ``None`` if the runtime refuses what symnet accepts."""
        with suppress(SymnetError):
            outcome = _read(together[-1].graph, given)
            return None if outcome.ok and run(together[-1].graph, given)[1] else outcome
        return None

    tries = max(FEWEST, min(MOST, NODES // len(start.broken.model.graph.node)))
    fixes = [_fix(together, given) for together in mending(start, read, propose, tries)]
    if given is not None and _one_shape(given):
        fixes += _other_inputs(start.broken.model, given, taken)
    return tuple(fixes)


def _other_inputs(model: Any, given: tuple[Any, ...], taken: Sequence[Taken]) -> tuple[Fix, ...]:
    """Fixes that change the input: the nearest sizes, channels first or last, or no batch."""
    fixes = []
    ways = nearest_shapes(given, taken) if taken else []
    if not ways and _one_shape(given) and len(given) > 2:
        ways = [((*given[1:], given[0]), "channels last"), ((given[-1], *given[:-1]), "channels first")]
        ways += [(given[1:], "the batch left out, which symnet adds by itself")]
        ways = [way for way in ways if _reads(model, way[0])]
    for shape, note in ways:
        code = f"--input {'*'.join(map(str, shape))}"
        runtime, refusal = run(model, shape)
        if not refusal:
            fixes.append(Fix(f"an input of {' × '.join(map(str, shape))}", "input", code, "", True, runtime, (), note))
    return tuple(fixes)


def _reads(model: Any, shape: Shape) -> bool:
    with suppress(SymnetError):
        return _read(model, shape).ok
    return False


def _fix(together: tuple[Change, ...], given: Shape) -> Fix:
    kinds = [change.kind for change in together]
    return Fix(
        " and ".join(change.words for change in together),
        kinds[0] if len(set(kinds)) == 1 else "layer" if "layer" in kinds else kinds[0],
        "\n".join(dict.fromkeys(change.code for change in together)),
        "",
        True,
        run(together[-1].graph, given)[0],
        tuple(change.words for change in together) if len(together) > 1 else (),
    )
