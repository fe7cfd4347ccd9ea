"""Modules that are not understood: the sizes of their outputs are found by running them on the device ``meta``."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from symnet.errors import ModelError
from symnet.frontends.flow import Flow
from symnet.frontends.torch.known import USUAL_BATCH, Known
from symnet.frontends.torch.symbolic_numbers import is_symbolic
from symnet.frontends.torch.tensors import Value, is_value
from symnet.frontends.torch.trace import Trace
from symnet.layers.kinds.inputs import Opaque
from symnet.terms.term import Symbol, Term, integer, symbols_of

__all__ = ["outside"]


def outside(
    trace: Trace, run: Callable[..., Any], args: Sequence[Any], named: Mapping[str, Any], name: str, module: Any = None
) -> Any:
    """The results of a function or ``module`` as opaque layers; the first one gets all parameters of the module.
    ``run`` calls it, ``name`` is its name in messages.
    """
    import torch
    import torch.utils._pytree as tree

    flat, spec = tree.tree_flatten((tuple(args), dict(named)))
    values = [item for item in flat if is_value(item)]
    if not values:
        raise ModelError(trace.where("gives a tensor that does not depend on the input"))

    def once(known: Known, device: str) -> Any:
        again, more = tree.tree_unflatten([_filled(item, known, device) for item in flat], spec)
        if module is None or device == "meta":
            return tree.tree_flatten(run(*again, **more))
        numbers = {path: _filled(held, known, device) for path, held in module.named_parameters()}
        return tree.tree_flatten(torch.func.functional_call(module, numbers, tuple(again), more))

    def ran(known: Known) -> Any:
        try:
            return once(known, "meta")
        except Exception:  # noqa: BLE001  # where it asks for numbers, there are zeros
            return once(known, "cpu")

    symbols = symbols_of(*(size for item in values for size in item.tensor.shape.dims))
    runs = [ran(known) for known in _settings(trace.known, symbols)]
    results, shape = runs[0]
    parameters = () if module is None else module.parameters()
    left = list(trace.weights.fresh({"": list(parameters)}).values())
    made: list[Any] = []
    for place, result in enumerate(results):
        if hasattr(result, "shape"):
            sizes = [tuple(run[0][place].shape) for run in runs]
            made.append(_layer(trace, values, sizes, left, symbols, result.dtype, name))
            left = []
        else:
            made.append(result)
    return tree.tree_unflatten(made, shape)


def _filled(item: Any, known: Known, device: str) -> Any:
    """A symbolic tensor as a real one on this device; a tensor on ``meta`` becomes zeros there."""
    import torch

    if is_value(item):
        return torch.zeros([known.value(size) for size in item.sizes], dtype=item.kind, device=device)
    if is_symbolic(item):
        return item.value(known)
    if isinstance(item, torch.Tensor) and item.is_meta and device != "meta":
        return torch.zeros_like(item, device=device)
    return item


def _settings(known: Known, symbols: Sequence[Symbol]) -> list[Known]:
    """The sizes of the run, and variations of them that show which output sizes follow which input sizes; also another
    batch.
    """
    usual = {symbol: known.value(symbol) for symbol in symbols}
    found = [Known(usual)]
    for number, symbol in enumerate(symbols):
        found.append(Known({**usual, symbol: usual[symbol] + 32 * (number + 1)}))
    return [*found, Known(usual, batch=3)]


def _layer(
    trace: Trace, values: Sequence[Value], runs: Sequence[tuple[int, ...]], parameters: Sequence[Any], symbols: Sequence[Symbol],
    kind: Any,
    name: str,
) -> Value:  # fmt: skip
    """One output as a layer, from the sizes that it had in each of the ``runs``: numbers, or an input's size if it
    follows that in all runs.
    """
    if len({len(run) for run in runs}) > 1:
        raise ModelError(trace.where("gives as many sizes as the data say"))
    batch, terms = None, list[Term]()
    settings = _settings(trace.known, symbols)
    known = list(dict.fromkeys(size for item in values for size in item.tensor.shape.dims))
    for place, sizes in enumerate(zip(*runs, strict=True)):
        if sizes[-1] != sizes[0] and batch is None and sizes[0] == USUAL_BATCH:
            batch = place
        elif len(set(sizes)) == 1:
            terms.append(integer(sizes[0]))
        else:
            found = [term for term in known if [setting.value(term) for setting in settings] == list(sizes)]
            if not found:
                raise ModelError(
                    trace.where("gives sizes that follow the input's in an unknown way; say --input with numbers")
                )
            terms.append(found[0])
    total = sum(held.numel() for held in parameters)
    trained = sum(held.numel() for held in parameters if held.requires_grad)
    layer = Opaque(
        output=tuple(terms) or (1,),
        parameters=total,
        trained=None if trained == total else trained,
        according="PyTorch",
    )
    tensor = trace.layer(layer, *(item.tensor for item in values), name=name)
    made = trace.like(values[0], Flow.of(tensor, batch), kind)
    trace.weights.holders.update({id(held): trace.builder.last_name for held in parameters})
    return made
