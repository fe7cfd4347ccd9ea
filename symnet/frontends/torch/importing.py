"""A PyTorch model as a network."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from threading import Lock, get_ident
from typing import Any

from symnet.errors import ModelError, SymnetError
from symnet.frontends.ops.arranging import whole
from symnet.frontends.torch.arguments import any_value
from symnet.frontends.torch.comparing import compared_with_torch
from symnet.frontends.torch.copies import compiling, model_copy, same_random_numbers, without_numbers
from symnet.frontends.torch.functions import FUNCTIONS, OF_ARRAYS
from symnet.frontends.torch.inputs import given_shapes, guessed_shapes, usual_sizes
from symnet.frontends.torch.known import Known
from symnet.frontends.torch.modules import MODULES
from symnet.frontends.torch.nothing import Nothing
from symnet.frontends.torch.opaque import outside
from symnet.frontends.torch.tensors import Value, is_value
from symnet.frontends.torch.trace import Tables, Trace, class_name
from symnet.frontends.torch.tries import Tries
from symnet.layers.declaration.shape import Shape
from symnet.layers.kinds.guards import Require
from symnet.printing.text import unicode_text
from symnet.public import Network
from symnet.terms.sympy_letters import letters_of
from symnet.terms.term import Symbol, Term, integer, symbols_of

__all__ = ["from_torch"]

_RUNNING = Lock()  # a trace puts its own call in the place of torch.nn.Module's


def from_torch(
    module: Any, input: Sequence[Any] | Mapping[str, Sequence[Any]] | None = None, *, opaque: bool = False,
    usual: Mapping[str, int] | None = None, compare: bool = True,
) -> Network:  # fmt: skip
    """A PyTorch model as a network, with symbolic sizes where ``input`` has symbols.

    ``input`` is the shape of the model's input without the batch, ``(3, 224, 224)`` or ``(3, "H", "W")``; several inputs take one
    such shape each, in order or by the names that ``forward`` gives its arguments. Without it the first layer says what comes
    in: (3, H, W) for a ``Conv2d`` with three channels; a size that the model's code compares to a number, as ViT does with its
    image size, is that number.

    The ``forward`` of a copy of the model is run, in the mode it is in (training or not), with tensors that have sizes and no
    numbers; the model itself is not touched. Its modules become layers of their names. Where the code compares a symbolic
    size, one way is followed, that of usual sizes (224 for H and W, or those of ``usual={"H": 480}``), and the comparison becomes
    a hypothesis of the network; where the usual sizes lead nowhere, others are tried. What can be said of a number only makes
    the size that number (``H = 224``).

    Then the model is run by PyTorch itself, without numbers, at two sizes inside the hypotheses, and must give the same: each
    module's output, the parameters, the multiply-adds. Another answer is an error; ``network.compared`` says what was compared,
    ``network.not_compared`` why nothing was. ``compare=False`` leaves it out.

    Parameters that ``forward`` does not use stand in the network as ``Held``, so that the total is the model's. Raises
    :class:`symnet.ModelError` naming the module that is not understood; with ``opaque=True`` it becomes a layer whose output and
    parameters are those that PyTorch gives, assumed and not proven.

    ``from_torch(torch.nn.Conv2d(3, 8, 3), (3, "H", "W")).output`` is (8, H − 2, W − 2).

    >>> from_torch("a model")
    Traceback (most recent call last):
    symnet.errors.ModelError: ...
    """
    module = _module(module)
    letters = letters_of(input)
    given = [("", shape) for shape in guessed_shapes(module)] if input is None else given_shapes(module, input)
    words, shapes = tuple(name for name, _ in given), tuple(shape for _, shape in given)
    tried = Tries(usual_sizes(shapes, usual or {}))
    for known in tried:
        try:
            trace, network = _traced(module, words, shapes, known, opaque)
        except ModelError as refused:
            tried.failed(known, refused)
            continue
        if not tried.contradicted(known, network):
            fixed = {} if input is not None else known.fixed()
            if fixed:
                shapes = _with(shapes, fixed)
                trace, network = _traced(module, words, shapes, Known(known.sizes), opaque)
            if compare:
                network.compared, network.not_compared = compared_with_torch(module, words, shapes, trace, network)
            else:
                network.not_compared = "it was not asked for"
            return network.speaking(letters)
    if tried.without_branches is None:
        raise _batch_left_out(module, input, tried.refusal)
    tried.without_branches.not_compared = "no sizes were found for which all layers fit"
    return tried.without_branches.speaking(letters)


def _batch_left_out(module: Any, given: Any, refusal: ModelError) -> ModelError:
    """The refusal; where the shape without its first size is one that the model takes, with that."""
    if not isinstance(given, tuple | list) or len(given) < 2 or any(isinstance(size, tuple | list) for size in given):
        return refusal
    try:
        from_torch(module, tuple(given[1:]), compare=False)
    except SymnetError:
        return refusal
    return ModelError(f"{refusal}; the batch is left out of the shape: give {tuple(given[1:])}")


def _with(shapes: tuple[Shape, ...], fixed: dict[Symbol, int]) -> tuple[Shape, ...]:
    """The shapes with numbers for some symbols."""
    put: dict[Term, Term] = {symbol: integer(number) for symbol, number in fixed.items()}
    return tuple(replace(shape, dims=tuple(put.get(size, size) for size in shape.dims)) for shape in shapes)


def _module(module: Any) -> Any:
    """The module itself; an exported program's module."""
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
    module: Any, words: tuple[str, ...], shapes: tuple[Shape, ...], known: Known, opaque: bool
) -> tuple[Trace, Network]:
    """One run of a copy of the model, and the network that it gives."""
    model = model_copy(module)
    trace = Trace(model, known, Tables(MODULES, FUNCTIONS, OF_ARRAYS, outside), opaque=opaque)
    names = ["input"] if len(shapes) == 1 else [f"input{number}" for number in range(1, len(shapes) + 1)]
    values = {
        word or name: trace.input(shape, word or name, trace.kind)
        for word, name, shape in zip(words, names, shapes, strict=True)
    }
    with _patched(trace):
        result = model(**values) if all(words) else model(*values.values())
    found = [item for item in _values(result) if not isinstance(item.flow, Nothing)]
    if not found:
        raise ModelError(f"PyTorch: the model ({class_name(type(module))}) gives no tensor that depends on its input")
    found = [item for item in found if not item.aside] or found  # states that are given back and not looked at
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
    """The output, with all parameters that forward does not use held there: one layer for each module that is left out whole."""
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
    """The tensors of what a model returns, in order."""
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
def _scans(trace: Trace) -> Iterator[None]:
    """Meanwhile a scan, which joins the entries of a dimension one after another and keeps all results, goes to the trace: torch
    writes it as recursion over halves, as deep as the size says."""
    module = sys.modules.get("torch._higher_order_ops.associative_scan")
    if module is None:
        yield
        return
    plain: Any = vars(module)["associative_scan"]

    def scan(combine_fn: Any, xs: Any, dim: int, *rest: Any, **named: Any) -> Any:
        if not isinstance(xs, tuple | list) or not any_value(xs):
            return plain(combine_fn, xs, dim, *rest, **named)
        return type(xs)(trace.function("associative_scan", (part, dim), {}) for part in xs)

    module.__dict__["associative_scan"] = scan
    try:
        yield
    finally:
        module.__dict__["associative_scan"] = plain


@contextmanager
def _patched(trace: Trace) -> Iterator[None]:
    """While the trace runs, modules and functions of torch go to it."""
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
        try:
            with compiling(thread), _scans(trace), same_random_numbers(), torch.no_grad(), without_numbers(), Mode():
                yield
        finally:
            torch.nn.Module.__call__ = original
