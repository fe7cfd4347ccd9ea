"""Reading a PyTorch model as a network: the entry :func:`from_torch` and one run of the model."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from difflib import get_close_matches
from threading import Lock, get_ident
from typing import Any

from symnet.errors import BatchInShape, ModelError, SymnetError
from symnet.frontends.ops.arranging import whole
from symnet.frontends.torch.arguments import any_value
from symnet.frontends.torch.comparing import compared_with_torch
from symnet.frontends.torch.copies import compiling, model_copy, same_random_numbers, without_numbers
from symnet.frontends.torch.functions import FUNCTIONS, OF_ARRAYS
from symnet.frontends.torch.inputs import batch_dims, given_shapes, guessed_shapes, usual_sizes
from symnet.frontends.torch.known import Known
from symnet.frontends.torch.lazy import has_open_sizes
from symnet.frontends.torch.messages import Reached
from symnet.frontends.torch.modules import MODULES
from symnet.frontends.torch.names import class_name
from symnet.frontends.torch.nothing import Nothing
from symnet.frontends.torch.opaque import outside
from symnet.frontends.torch.printed_sizes import sizes_may_be_printed
from symnet.frontends.torch.tensors import Value, is_value
from symnet.frontends.torch.trace import Tables, Trace
from symnet.frontends.torch.tries import Tries
from symnet.frontends.torch.writes import settle
from symnet.layers.declaration.shape import Shape
from symnet.layers.kinds.guards import Require
from symnet.printing.text import unicode_text
from symnet.public import Network
from symnet.terms.sympy_letters import letters_of
from symnet.terms.term import Symbol, Term, integer, symbols_of

__all__ = ["from_torch"]

_RUNNING = Lock()  # a trace replaces the call of torch.nn.Module, so only one may run at a time


def from_torch(
    module: Any, input: Sequence[Any] | Mapping[str, Sequence[Any]] | None = None, *, opaque: bool = False,
    usual: Mapping[str, int] | None = None, compare: bool = True, upto: str | None = None,
    batch_dim: int | Sequence[int] = 0,
) -> Network:  # fmt: skip
    """The network of a PyTorch model, with symbolic sizes where ``input`` has symbols.

    ``input`` is the shape of the model's input without the batch, ``(3, 224, 224)`` or ``(3, "H", "W")``; several
    inputs take one such shape each, in order or by the names of the arguments of ``forward``. Without it the first
    layer determines it: (3, H, W) for a ``Conv2d`` with three channels; a size that the model's code compares with a
    number, as ViT does with its image size, is that number.

    The ``forward`` of a copy of the model is run, in its mode (training or not), with tensors that have sizes and no
    numbers; the model itself does not change. Its modules become layers with their names. If the code compares a
    symbolic size, the branch of usual sizes is followed (224 for H and W, or those of ``usual={"H": 480}``), and the
    comparison becomes a hypothesis of the network; if usual sizes fail, others are tried. An operation that needs a
    number fixes the size (``H = 224``).

    Then PyTorch itself runs the model, on the device ``meta``, at two choices of sizes that satisfy the hypotheses;
    each module's output, the parameters and the multiply-adds must agree, and a difference is an error.
    ``network.compared`` says what was compared, ``network.not_compared`` why nothing was; ``compare=False`` skips it.

    Parameters that ``forward`` does not use are in the network as ``Held``, so that the total is the model's. Raises
    :class:`symnet.ModelError` with the module that is not understood; with ``opaque=True`` such a module becomes a
    layer whose output and parameters PyTorch reports, as an assumption.

    ``upto="backbone.layer4"`` reads the model as far as the first call of that module, whose output is the network's,
    with the parameters of what ran until there: so a model that computes with the values of its tensors later is read until there.

    The batch is the first dimension of each input. ``batch_dim=1`` says that it is the second one, as recurrent layers and
    attention read it unless they have ``batch_first=True``; several inputs may say one dimension each.

    ``from_torch(torch.nn.Conv2d(3, 8, 3), (3, "H", "W")).output`` is (8, H − 2, W − 2).

    >>> from_torch("a model")
    Traceback (most recent call last):
    symnet.errors.ModelError: ...
    """
    module = _module(module)
    _require_module(module, upto)
    letters = letters_of(input)
    given = [("", shape) for shape in guessed_shapes(module)] if input is None else given_shapes(module, input)
    words, shapes = tuple(name for name, _ in given), tuple(shape for _, shape in given)
    batches = batch_dims(batch_dim, shapes)
    tried = Tries(usual_sizes(shapes, usual or {}))
    for known in tried:
        try:
            trace, network = _traced(module, words, shapes, batches, known, opaque, upto)
        except ModelError as refused:
            tried.failed(known, refused)
            continue
        if not tried.contradicted(known, network):
            fixed = {} if input is not None else known.fixed()
            if fixed:
                shapes = _with(shapes, fixed)
                trace, network = _traced(module, words, shapes, batches, Known(known.sizes), opaque, upto)
            if has_open_sizes(module):
                module = trace.root  # the copy, whose parameters got their sizes in the run
            if compare:
                network.compared, network.not_compared = compared_with_torch(module, words, shapes, trace, network)
            else:
                network.not_compared = "it was not asked for"
            return _titled(network.speaking(letters), module)
    if tried.without_branches is None:
        raise _batch_left_out(module, input, tried.refusal)
    tried.without_branches.not_compared = "no sizes were found for which all layers fit"
    return _titled(tried.without_branches.speaking(letters), module)


def _titled(network: Network, module: Any) -> Network:
    """The network with the name of the model's class as its title; containers of PyTorch have none."""
    if not type(module).__module__.startswith("torch."):
        network.title = type(module).__name__
    return network


def _require_module(module: Any, upto: str | None) -> None:
    """Raises for a name that is no module of the model, with the nearest one."""
    names = [name for name, _ in module.named_modules() if name]
    if upto is not None and upto not in names:
        near = get_close_matches(str(upto), names, 1, 0) or ["there are none"]
        raise ModelError(f"PyTorch: upto={upto!r} is no module of the model; the nearest name is {near[0]}")


def _batch_left_out(module: Any, given: Any, refusal: ModelError) -> ModelError:
    """The refusal, extended by the shape without its first size if the model accepts that."""
    if not isinstance(given, tuple | list) or len(given) < 2 or any(isinstance(size, tuple | list) for size in given):
        return refusal
    try:
        from_torch(module, tuple(given[1:]), compare=False)
    except SymnetError:
        return refusal
    return BatchInShape(f"{refusal}; the batch is left out of the shape: give {tuple(given[1:])}")


def _with(shapes: tuple[Shape, ...], fixed: dict[Symbol, int]) -> tuple[Shape, ...]:
    """The shapes with numbers substituted for some symbols."""
    put: dict[Term, Term] = {symbol: integer(number) for symbol, number in fixed.items()}
    return tuple(replace(shape, dims=tuple(put.get(size, size) for size in shape.dims)) for shape in shapes)


def _module(module: Any) -> Any:
    """The module itself, or that of an exported program. Raises :class:`ModelError` for anything else."""
    try:
        import torch
    except ImportError:
        raise ModelError("reading a PyTorch model takes the package torch: pip install symnet[torch]") from None
    if isinstance(module, torch.nn.Module):
        return module
    if hasattr(module, "graph_module") and callable(getattr(module, "module", None)):
        return module.module()
    raise ModelError(f"from_torch takes a torch.nn.Module, got a {type(module).__name__}")


def _traced(
    module: Any, words: tuple[str, ...], shapes: tuple[Shape, ...], batches: tuple[int, ...], known: Known, opaque: bool, upto: str | None,
) -> tuple[Trace, Network]:  # fmt: skip
    """One run of a copy of the model, and the resulting network."""
    model = model_copy(module)
    trace = Trace(model, known, Tables(MODULES, FUNCTIONS, OF_ARRAYS, outside), opaque=opaque, upto=upto)
    names = ["input"] if len(shapes) == 1 else [f"input{number}" for number in range(1, len(shapes) + 1)]
    values = {
        word or name: trace.input(shape, word or name, trace.kind, batch)
        for word, name, shape, batch in zip(words, names, shapes, batches, strict=True)
    }
    with _patched(trace), sizes_may_be_printed(known):
        try:
            result = model(**values) if all(words) else model(*values.values())
        except Reached as reached:
            result = reached.result
        except Exception as refused:  # noqa: BLE001  # of a class that is called in a way of its own
            raise trace.told(refused) from None
        else:
            if upto is not None:
                raise ModelError(f"PyTorch: upto={upto!r}: the model's forward does not call that module")
    found = [item for item in _values(result) if not isinstance(item.flow, Nothing)]
    settle(trace, found)
    if not found:
        raise ModelError(f"PyTorch: the model ({class_name(type(module))}) gives no tensor that depends on its input")
    if type(module).__module__.startswith(
        "torch."
    ):  # states of a recurrent layer, weights of attention: nobody's own code returns them
        found = [item for item in found if not item.aside] or found
    if upto is None:
        found[0] = _unused(trace, found[0])
    outputs = [whole(trace, item.flow, "").tensor for item in found]
    because = f"the forward of {type(module).__name__}"
    requires = [
        Require.of(asked, because).with_name(f"{because} needs {unicode_text(asked)}")
        for asked in known.conditions()
        if symbols_of(asked)
    ]
    return trace, trace.builder.network(class_name(type(module)), outputs, requires)


def _unused(trace: Trace, output: Value) -> Value:
    """The output after layers that hold the parameters ``forward`` does not use: one layer for each module that is
    unused as a whole.
    """
    rest: dict[str, list[Any]] = {}
    whole: dict[str, bool] = {}
    for path, part in trace.root.named_modules():
        whole[path] = path != "" and not any(id(held) in trace.weights.holders for held in part.parameters())
    for name, held in trace.root.named_parameters():
        if id(held) not in trace.weights.holders:
            parts = name.split(".")
            paths = [".".join(parts[:count]) for count in range(1, len(parts) + 1)]
            rest.setdefault(next((path for path in paths if whole.get(path)), name), []).append(held)
    for path, parameters in rest.items():
        output = trace.hold(output, parameters, path)
    return output


def _values(result: Any) -> Iterator[Value]:
    """The tensors in a model's result, in order."""
    if is_value(result):
        yield result
    elif isinstance(result, dict):
        yield from _values(list(result.values()))
    elif isinstance(result, tuple | list):
        for item in result:
            yield from _values(item)
    elif hasattr(result, "__dict__"):
        yield from _values(list(vars(result).values()))


@contextmanager
def _python_functions(trace: Trace) -> Iterator[None]:
    """Replaces functions of torch that are written in Python: ``associative_scan``, which recurs over halves of the size, is sent to the
    trace; whether a mask is causal is asked of its numbers to choose a faster kernel, which changes no size.
    """
    scans = "torch._higher_order_ops.associative_scan"

    def scan(combine_fn: Any, xs: Any, dim: int, *rest: Any, **named: Any) -> Any:
        if not isinstance(xs, tuple | list) or not any_value(xs):
            return before[scans, "associative_scan"](combine_fn, xs, dim, *rest, **named)
        return type(xs)(trace.function("associative_scan", (part, dim), {}) for part in xs)

    def is_causal(mask: Any, is_causal: bool | None = None, size: int | None = None) -> bool:
        return bool(is_causal)

    others = {(scans, "associative_scan"): scan, ("torch.nn.modules.transformer", "_detect_is_causal_mask"): is_causal}
    before: dict[tuple[str, str], Any] = {}
    for place, function in others.items():
        module = sys.modules.get(place[0])
        if module is not None and place[1] in vars(module):
            before[place] = vars(module)[place[1]]
            setattr(module, place[1], function)
    try:
        yield
    finally:
        for (name, attribute), function in before.items():
            setattr(sys.modules[name], attribute, function)


@contextmanager
def _patched(trace: Trace) -> Iterator[None]:
    """Sends calls of modules and torch functions to the trace."""
    import torch
    from torch.overrides import TorchFunctionMode

    class Mode(TorchFunctionMode):  # type: ignore[misc]
        def __torch_function__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
            return trace.dispatch(func, args, kwargs or {})

    with _RUNNING:
        original, thread = torch.nn.Module.__call__, get_ident()

        def call(module: Any, *args: Any, **named: Any) -> Any:
            if get_ident() != thread:
                return original(module, *args, **named)
            return trace.call(original, module, args, named)

        torch.nn.Module.__call__ = call
        trace.resumed = Mode  # torch leaves a mode while it is in one's own code
        try:
            with (
                compiling(thread),
                _python_functions(trace),
                same_random_numbers(),
                torch.no_grad(),
                without_numbers(),
                Mode(),
            ):
                yield
        finally:
            torch.nn.Module.__call__ = original
