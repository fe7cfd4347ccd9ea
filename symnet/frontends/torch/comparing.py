"""Comparing a network that was read from a PyTorch model with the model itself, at sizes chosen here.

A copy of the model on the device ``meta`` is run at the sizes at which its code was followed, and at others that
satisfy the hypotheses, with batches that are no size of the model. Every module's output, the parameters and the
multiply-adds must agree with the network.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from threading import get_ident
from time import process_time
from typing import Any

from symnet.errors import ModelError
from symnet.frontends.checking import (
    BATCHES,
    SECONDS,
    disagreement,
    failing,
    outer_point,
    same_parameters,
    shortened,
    shown_shapes,
    work_at,
)
from symnet.frontends.torch.arguments import tensors_in
from symnet.frontends.torch.code_lines import code_line, own_words
from symnet.frontends.torch.copies import compiling, model_copy, same_random_numbers, without_numbers
from symnet.frontends.torch.known import Known
from symnet.frontends.torch.messages import Reached
from symnet.frontends.torch.names import class_name
from symnet.frontends.torch.trace import Trace
from symnet.layers.declaration.shape import Shape
from symnet.network.costs import work_sets
from symnet.network.framework_runs import FrameworkRun, RunOutside
from symnet.public import Network
from symnet.terms.term import Symbol

__all__ = ["compared_with_torch", "work_counter"]

#: The largest number of parameters and multiply-adds for a run with numbers.
PARAMETERS, WORK = 30_000_000, 2_000_000_000

#: The amounts added to the usual sizes for other sizes.
STEPS = (-31, -13, 5, 37, 1, -1, -32, 32, -64, 64, -96, 16, -8, 128, -128, -224, 112)

#: Kinds of layers whose multiply-adds torch counts in the same way.
COUNTED = {"Conv", "DepthwiseConv", "SeparableConv", "Deconv", "FC", "MatMul", "RNN", "LSTM", "GRU"}

Sizes = tuple[int, ...]


class _Stopped(Exception):
    """The time limit is reached."""


class _Failed(Exception):
    """The model raised ``reason`` after so many operations."""

    def __init__(self, reason: Exception, operations: int) -> None:
        super().__init__(reason)
        self.reason, self.operations = reason, operations

    def or_farther(self, other: _Failed) -> _Failed:
        """Of the failures of several runs the one that got farthest, the first of equals: a run whose inputs are integers where
        the model wants other numbers fails early, and for that alone."""
        return self if self.operations > other.operations else other


def compared_with_torch(
    module: Any, words: Sequence[str], shapes: Sequence[Shape], trace: Trace, network: Network
) -> tuple[tuple[FrameworkRun, ...], str | None]:
    """The comparisons that were made, and the reason why none could be, if so. ``words`` are the names of the inputs
    with these ``shapes``, ``trace`` is the run from which the ``network`` was read. Raises :class:`ModelError` if they
    disagree.
    """
    import torch

    _prepared()
    end = process_time() + SECONDS
    found: list[FrameworkRun] = []
    kinds: tuple[Any, ...] | None = None
    for known in _settings(trace.known, network):
        given = tuple(tuple(known.value(size) for size in shape.dims) for shape in shapes)
        attempts = [kinds] if kinds else list(product((torch.get_default_dtype(), torch.int64), repeat=len(shapes)))[:8]
        why = _Failed(ModelError("it was not run"), -1)
        for kinds_ in attempts:
            try:
                calls, work = _run(module, words, given, kinds_, known.batch, "meta", end, trace.batches, trace.upto)
            except _Stopped:
                return tuple(found), f"PyTorch takes longer than {SECONDS:g} seconds"
            except _Failed as failed:
                why = failed.or_farther(why)
                continue
            kinds = kinds_
            break
        else:
            reason = _without_meta(module, words, given, attempts, known, network, end, why, trace)
            return tuple(found), reason
        layers = _agree(trace, calls, known, given)
        counted = _same_work(network, known, work, given, whole=trace.upto is None)
        found.append(FrameworkRun(f"torch {torch.__version__.partition('+')[0]}", given, known.batch, layers, counted))
    held = list(module.parameters())
    if trace.upto is not None:  # those of what ran until there
        held = [one for one in trace.root.parameters() if id(one) in trace.weights.holders]
    arrays, trained = (
        [tuple(one.shape) for one in part] for part in (held, [one for one in held if one.requires_grad])
    )
    same_parameters("PyTorch", class_name(type(module)), network, trace.known, arrays, trained)
    if process_time() < end and kinds is not None and trace.upto is None:
        network.outside = _outside(module, words, shapes, kinds, network, trace, end)
    return tuple(found), None


def _outside(
    module: Any,
    words: Sequence[str],
    shapes: Sequence[Shape],
    kinds: Sequence[Any],
    network: Network,
    trace: Trace,
    end: float,
) -> RunOutside | None:
    """PyTorch's verdict at sizes for which the network is not defined."""
    import torch

    known = trace.known
    point = outer_point(network, known)
    if point is None:
        return None
    given = tuple(point.shape(shape.dims) for shape in shapes)
    title = f"torch {torch.__version__.partition('+')[0]}"
    try:
        calls, _ = _run(module, words, given, kinds, known.batch, "meta", end, trace.batches)
    except (_Failed, _Stopped):
        return RunOutside(title, given, "refused")
    theirs = calls[""][-1] if calls[""] else []
    try:
        ours = [(known.batch, *point.shape(network.placed[place].output.dims)) for place in network.graph.outputs()]
    except (ArithmeticError, TypeError):
        return RunOutside(title, given, "other sizes")
    same = sorted(map(sorted, theirs)) == sorted(map(sorted, ours))  # wherever the batch is
    return RunOutside(title, given, "the same sizes" if same else "other sizes")


def work_counter() -> Any:
    """PyTorch's counter of multiply-adds, extended by grouped matrix products."""
    import torch
    from torch.utils.flop_counter import FlopCounterMode

    def grouped(rows: Sequence[int], matrices: Sequence[int], *_: Any, **named: Any) -> int:
        return 2 * rows[0] * rows[1] * matrices[-1]

    places = ((torch.ops.aten, "_grouped_mm"), (torch.ops.transformers, "grouped_mm_fallback"))
    found = {getattr(place, name): grouped for place, name in places if hasattr(place, name)}
    return FlopCounterMode(display=False, custom_mapping=found)


def _prepared() -> None:
    """Loads in advance what torch only loads at its first run on ``meta``, which takes seconds."""
    import torch
    from torch.utils import flop_counter

    with flop_counter.FlopCounterMode(display=False):
        torch.empty(1, device="meta") + 1


def _settings(traced: Known, network: Network) -> Iterator[Known]:
    """The sizes at which the code was followed, then others for which the network is defined, each with a batch of its
    own.
    """
    sizes = [dict(traced.sizes)]
    others = _other_sizes(traced, network)
    sizes.append(others or dict(traced.sizes))
    taken = {known for one in sizes for known in _numbers(network, Known(one))}
    batches = [batch for batch in BATCHES if batch not in taken] or list(BATCHES)
    for place, one in enumerate(sizes):
        yield Known(one, batch=batches[place % len(batches)])


def _numbers(network: Network, known: Known) -> set[int]:
    """All sizes that occur in the network at this point."""
    return {known.value(size) for place in network.placed for size in place.output.dims}


def _other_sizes(traced: Known, network: Network) -> dict[Symbol, int] | None:
    """Sizes for which the network is defined that differ from the followed ones, and from each other if possible;
    ``None`` if there are none.
    """
    symbols = list(traced.sizes)
    if not symbols:
        return None
    for apart in (True, False):
        for place in range(len(STEPS)):
            sizes = {}
            for number, symbol in enumerate(symbols):
                step = STEPS[(place + (number * 3 if apart else 0)) % len(STEPS)]
                sizes[symbol] = traced.sizes[symbol] + step
            if min(sizes.values()) >= 1 and failing(Known(sizes), network) is None:
                return sizes
    for symbol in symbols:  # where several sizes depend on each other, a single one may still vary
        for step in STEPS:
            sizes = {**traced.sizes, symbol: traced.sizes[symbol] + step}
            if sizes[symbol] >= 1 and failing(Known(sizes), network) is None:
                return sizes
    return None


def _run(
    module: Any,
    words: Sequence[str],
    given: Sequence[Sizes],
    kinds: Sequence[Any],
    batch: int,
    device: str,
    end: float,
    batches: Sequence[int],
    upto: str | None = None,
) -> tuple[dict[str, list[list[Sizes]]], int]:
    """The outputs of each module in the order of its calls, and the multiply-adds that torch counts."""
    import torch

    model = model_copy(module)
    calls: dict[str, list[list[Sizes]]] = defaultdict(list)

    def hook(path: str) -> Any:
        def note(part: Any, args: Any, result: Any) -> None:
            calls[path].append([tuple(map(int, item.shape)) for item in tensors_in(result)])
            if process_time() > end:
                raise _Stopped
            if path and path == upto:
                raise Reached(result)

        return note

    for path, part in model.named_modules():
        if type(part).__name__ == "GuardsFn":  # it checks the sizes for which a program was exported
            part.forward = lambda *args, **named: None
        if not isinstance(part, torch.jit.ScriptModule):
            part.register_forward_hook(hook(path))
    inputs = [
        torch.zeros((*sizes[:dim], batch, *sizes[dim:]), dtype=kind, device=device)
        for sizes, dim, kind in zip(given, batches, kinds, strict=True)
    ]
    counter = work_counter()
    of_weights = _work_of_weights(model, counter)
    operations = _operation_counter()
    try:
        with compiling(get_ident()), same_random_numbers(), torch.no_grad(), counter, operations, without_numbers():
            if device == "meta":
                _call(model, words, inputs)
            else:
                numbers = {
                    name: torch.zeros_like(held, device=device) if held.is_meta else held
                    for name, held in [*model.named_parameters(), *model.named_buffers()]
                }
                named = dict(zip(words, inputs, strict=True)) if all(words) else {}
                torch.func.functional_call(model, numbers, () if named else tuple(inputs), named)
    except _Stopped:
        raise
    except Reached:
        pass
    except Exception as refused:  # a model's own code may raise anything
        raise _Failed(refused, operations.count) from refused
    return calls, (counter.get_total_flops() - sum(of_weights)) // 2


def _work_of_weights(model: Any, counter: Any) -> list[int]:
    """What the counter counts while weights are computed from others (``torch.nn.utils.parametrizations``), which is no work of the
    network's layers, in parts to be added up after a run.
    """
    parts: list[int] = []
    for part in model.modules():
        if type(part).__name__ == "ParametrizationList":
            part.register_forward_pre_hook(lambda *_: parts.append(-counter.get_total_flops()))
            part.register_forward_hook(lambda *_: parts.append(counter.get_total_flops()))
    return parts


def _operation_counter() -> Any:
    """Counts the operations of torch that a model runs."""
    from torch.utils._python_dispatch import TorchDispatchMode

    class OperationCounter(TorchDispatchMode):  # type: ignore[misc]
        count = 0

        def __torch_dispatch__(self, function: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
            self.count += 1
            return function(*args, **(kwargs or {}))

    return OperationCounter()


def _call(model: Any, words: Sequence[str], inputs: Sequence[Any]) -> Any:
    return model(**dict(zip(words, inputs, strict=True))) if all(words) else model(*inputs)


def _without_meta(
    module: Any, words: Sequence[str], given: tuple[Sizes, ...], kinds: Sequence[Any], known: Known, network: Network, end: float,
    why: _Failed, trace: Trace,
) -> str:  # fmt: skip
    """The reason why there is no comparison: the model needs numbers. Raises :class:`ModelError` if it does not run
    with numbers either.
    """
    held = sum(one.numel() for one in module.parameters())
    small = held <= PARAMETERS and work_at(network, known) * known.batch <= WORK
    if small:
        why = _Failed(ModelError("it was not run"), -1)
        for kinds_ in kinds:
            try:
                _run(module, words, given, kinds_, known.batch, "cpu", end, trace.batches, trace.upto)
            except _Stopped:
                return f"PyTorch takes longer than {SECONDS:g} seconds"
            except _Failed as failed:
                why = failed.or_farther(why)
                continue
            return "the model's code looks at the numbers in its tensors, and was not run without them"
        if not any(place.applied.assumed for place in network.placed):
            raise ModelError(
                f"PyTorch: at the input {shown_shapes(given)} the model itself raises {_raised(why.reason)}; symnet read it as a network "
                "all the same, which is wrong"
            )
    return f"the model does not run without numbers: it raises {_raised(why.reason)}"


def _raised(error: Exception) -> str:
    """The class of an error, its line in the model's code, and its message if it is the model's own."""
    words, line = own_words(error), code_line(error.__traceback__)
    return f"{type(error).__name__}{f': {shortened(words, 160)}' if words else ''}{f' at {line}' if line else ''}"


def _agree(trace: Trace, calls: Mapping[str, list[list[Sizes]]], known: Known, given: Sequence[Sizes]) -> int:
    """The number of calls with equal sizes. Raises :class:`ModelError` for the first one that differs."""
    layers, turns = 0, dict.fromkeys(calls, 0)
    for path, kind, result in trace.calls:
        if path not in calls:
            continue
        turn = turns[path]
        turns[path] += 1
        ours = [tuple(known.value(size) for size in sizes) for sizes in result]
        theirs = calls[path][turn] if turn < len(calls[path]) else None
        if theirs is None or ours != theirs:
            raise disagreement("PyTorch", f"{path or 'the model'} ({kind})", given, known.batch, theirs, ours)
        layers += path != ""
    for path, count in turns.items():
        if 0 < count < len(calls[path]):
            again = f"{path or 'the model'} (called again)"
            raise disagreement("PyTorch", again, given, known.batch, calls[path][count], None)
    return layers


def _same_work(network: Network, known: Known, counted: int, given: Sequence[Sizes], *, whole: bool = True) -> bool:
    """Whether torch counts the same multiply-adds. Where the ``whole`` model is read it raises :class:`ModelError` if torch
    counts all kinds of layers involved and differs.
    """
    ours = work_at(network, known) * known.batch
    if ours == counted:
        return True
    kinds = {place.layer.kind for place in network.placed if place.layer is not None and work_sets(place)}
    vectors = any(
        place.layer is not None and place.layer.kind == "MatMul" and min(len(one.dims) for one in place.inputs) < 2
        for place in network.placed
    )
    if whole and kinds <= COUNTED and not vectors and not network.unproven and not _without_batch(network):
        raise ModelError(
            f"PyTorch: at the input {shown_shapes(given)}, batch {known.batch}, PyTorch counts {counted} multiply-adds and symnet "
            f"{ours}: symnet read the model wrongly, and gives no report of it"
        )
    return False


def _without_batch(network: Network) -> bool:
    """Whether some work is independent of the examples, because it is computed from parameters only."""
    reached = [False] * len(network.placed)
    reached[0] = True
    for place in network.placed[1:]:
        source = place.layer is not None and place.layer.kind == "Input"
        reached[place.index] = source or any(reached[one] for one in place.sources)
    return any(work_sets(place) and not reached[place.index] for place in network.placed)
