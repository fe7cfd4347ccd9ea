"""Modules that are not understood, taken as PyTorch says: their outputs' sizes by running them without numbers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from symnet.errors import ModelError
from symnet.frontends.torch.sizes import Known
from symnet.frontends.torch.tensors import Value, is_value
from symnet.frontends.torch.trace import Trace
from symnet.layers.given import Opaque
from symnet.terms.term import Symbol, Term, integer, symbols_of

__all__ = ["outside"]


def outside(
    trace: Trace,
    run: Callable[..., Any],
    parameters: Iterable[Any],
    args: Sequence[Any],
    named: Mapping[str, Any],
    name: str,
) -> Any:
    """What a module or a function gives, as opaque layers; the first one has all ``parameters``."""
    import torch.utils._pytree as tree

    flat, spec = tree.tree_flatten((tuple(args), dict(named)))
    values = [item for item in flat if is_value(item)]
    if not values:
        raise ModelError(trace.where("gives a tensor that does not depend on the input"))

    def once(known: Known) -> Any:
        again, more = tree.tree_unflatten([_empty(item, known) if is_value(item) else item for item in flat], spec)
        return tree.tree_flatten(run(*again, **more))

    def ran(known: Known) -> Any:
        try:
            with _fake():
                return once(known)
        except Exception:  # noqa: BLE001  # where it asks for numbers, there are zeros
            return once(known)

    symbols = symbols_of(*(size for item in values for size in item.tensor.shape.dims))
    runs = [ran(known) for known in _settings(trace.known, symbols)]
    results, shape = runs[0]
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


def _fake() -> Any:
    from torch._subclasses.fake_tensor import FakeTensorMode

    return FakeTensorMode(allow_non_fake_inputs=True)


def _empty(item: Value, known: Known) -> Any:
    import torch

    return torch.zeros([known.value(size) for size in item.sizes], dtype=item.kind)


def _settings(known: Known, symbols: Sequence[Symbol]) -> list[Known]:
    """The sizes that are taken; others, so that it shows which output sizes follow which; another batch."""
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
    """One output. Its sizes are numbers, or the input's where they follow it in all runs."""
    if len({len(run) for run in runs}) > 1:
        raise ModelError(trace.where("gives as many sizes as the data say"))
    batch, terms = None, list[Term]()
    settings = _settings(trace.known, symbols)
    known = list(dict.fromkeys(size for item in values for size in item.tensor.shape.dims))
    for place, sizes in enumerate(zip(*runs, strict=True)):
        if sizes[-1] != sizes[0] and batch is None:
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
    made = trace.add(layer, *values, batch=batch, name=name, kind=kind)
    trace.weights.holders.update({id(held): trace.builder.last_name for held in parameters})
    return made
