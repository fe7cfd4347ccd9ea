"""Every function of torch that PyTorch's own tests have samples of, asked on each sample: what symnet reads must have torch's sizes.

``python -m tests.zoo functions`` asks all, ``python -m tests.zoo functions nn.functional.pad topk`` these. A sample is called with
its tensors as parameters of a module, which have no batch; with the first size of its first tensor as the batch, too, where symnet
follows that. What those tests say torch refuses must be refused as well.
"""

from __future__ import annotations

import inspect
import unittest
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from itertools import islice
from types import ModuleType
from typing import Any

__all__ = ["BY_NUMBERS", "OTHERWISE_REFUSED", "Asked", "asked", "functions", "named_otherwise", "refused_by_torch"]

#: Functions that torch refuses for the numbers, the dtypes or the memory of their arguments, which an import does not look at.
OTHERWISE_REFUSED = frozenset((
    "uniform", "complex", "kthvalue", "masked_fill", "masked_scatter", "gather", "scatter", "scatter_add", "bernoulli", "cat", "gradient",
))  # fmt: skip

#: So many samples of each function are taken.
SAMPLES = 12

#: Functions whose output's sizes are decided by numbers in their tensors, or that make random or sparse tensors: nothing to derive.
BY_NUMBERS = frozenset((
    "nonzero", "nonzero_static", "unique", "unique_consecutive", "masked_select", "argwhere", "bincount", "combinations", "item",
    "equal", "allclose", "repeat_interleave", "segment_reduce", "to_sparse", "sparse.sampled_addmm", "sparse.mm", "histogramdd",
    "tensor_split", "_segment_reduce",
))  # fmt: skip


@dataclass(frozen=True)
class Asked:
    """One sample.

    ``result`` is ``read``, ``refused``, ``wrong`` or ``crashed``; of what torch refuses ``refused by both`` or ``accepted``; or
    ``nothing`` where torch gives no tensor with entries. ``batch`` is what comes of the sample with its first size as the batch.
    """

    function: str
    sample: int
    result: str
    why: str = ""
    batch: str = ""


def functions() -> list[Any]:
    """The functions, as PyTorch's tests describe them. Those import a package for expected texts, of which only a class is needed."""
    import sys

    if "expecttest" not in sys.modules and find_spec("expecttest") is None:
        made: Any = ModuleType("expecttest")
        made.TestCase = unittest.TestCase
        sys.modules["expecttest"] = made
    from torch.testing._internal.common_methods_invocations import op_db

    return list(op_db)


def _name(function: Any) -> str:
    return f"{function.name}.{function.variant_test_name}".rstrip(".")


def asked(function: Any, samples: int = SAMPLES) -> Iterator[Asked]:
    """What comes of each sample of a function."""
    import torch

    kinds = function.supported_dtypes("cpu")
    usual = [kind for kind in (torch.float32, torch.complex64) if kind in kinds]
    kind = next(iter([*usual, *kinds]), None)
    if kind is None:
        return
    torch.manual_seed(1)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            given = list(islice(function.sample_inputs("cpu", kind, requires_grad=False), samples))
        except Exception as refused:  # noqa: BLE001  # a package that is not there
            yield Asked(_name(function), 0, "nothing", str(refused)[:80])
            return
        for number, sample in enumerate(given):
            result, why = _one(function.op, sample)
            batch = _with_batch(function.op, sample) if result in ("read", "refused") else ""
            if batch == "wrong":
                result, why = "wrong", "where its first size is the batch"
            elif result == "refused" and batch == "read":
                result = "read"
            yield Asked(_name(function), number, result, why, batch)


def refused_by_torch(function: Any) -> Iterator[Asked]:
    """What comes of each call that torch refuses, as its tests say."""
    import torch

    if function.error_inputs_func is None:
        return
    torch.manual_seed(1)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            given = list(function.error_inputs("cpu"))
        except Exception:  # noqa: BLE001  # a package or a device that is not there
            return
        for number, error in enumerate(given):
            result, why = _one(function.op, error.sample_input, refused=True)
            yield Asked(_name(function), number, result, why)


def named_otherwise(function: Any, samples: int = SAMPLES) -> Iterator[Asked]:
    """What comes of each sample where its arguments are given by their names instead of their positions, and the other way round."""
    import torch

    kinds = function.supported_dtypes("cpu")
    kind = next(iter([*(one for one in (torch.float32, torch.complex64) if one in kinds), *kinds]), None)
    if kind is None:
        return
    torch.manual_seed(1)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            given = list(islice(function.sample_inputs("cpu", kind, requires_grad=False), samples))
        except Exception:  # noqa: BLE001  # a package that is not there
            return
        for number, sample in enumerate(given):
            for run in _calls_by_name(function):
                result, why = _one(run, sample)
                yield Asked(_name(function), number, result, why)


def _calls_by_name(function: Any) -> Iterator[Callable[..., Any]]:
    """The function, called with all arguments but the first named, with all of them named, and with none named."""
    for names in _argument_names(function):

        def some(first: Any, *rest: Any, names: tuple[str, ...] = names, **named: Any) -> Any:
            return function.op(first, **dict(zip(names[1:], rest, strict=False)), **named)

        def every(*given: Any, names: tuple[str, ...] = names, **named: Any) -> Any:
            return function.op(**dict(zip(names, given, strict=False)), **named)

        def none(*given: Any, names: tuple[str, ...] = names, **named: Any) -> Any:
            rest = dict(named)
            args = list(given)
            while len(args) < len(names) and names[len(args)] in rest:
                args.append(rest.pop(names[len(args)]))
            return function.op(*args, **rest)

        yield from (some, every, none)


def _argument_names(function: Any) -> list[tuple[str, ...]]:
    """The names of the arguments, for each way in which the function may be called; torch refuses those that do not fit."""
    import torch

    try:
        found = inspect.signature(function.op).parameters.values()
        return [tuple(one.name for one in found if one.kind is one.POSITIONAL_OR_KEYWORD)]
    except (TypeError, ValueError):
        schemas = torch._C._jit_get_schemas_for_operator("aten::" + function.name.replace(".", "_"))
    listed = [tuple("input" if one.name == "self" else one.name for one in schema.arguments) for schema in schemas]
    return list(dict.fromkeys(listed))


def _one(run: Callable[..., Any], sample: Any, refused: bool = False) -> tuple[str, str]:
    """What comes of a sample whose tensors have no batch; ``refused`` is whether torch must refuse it."""
    import torch
    import torch.utils._pytree as tree

    from symnet import SymnetError, from_torch

    arguments, spec = tree.tree_flatten(((sample.input, *sample.args), dict(sample.kwargs)))
    tensors = [item for item in arguments if isinstance(item, torch.Tensor)]
    if not tensors or any(tensor.layout != torch.strided or tensor.numel() == 0 for tensor in tensors):
        return "nothing", "no tensors with entries"

    class Held(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.held = torch.nn.ParameterList(
                torch.nn.Parameter(tensor.detach(), requires_grad=False) for tensor in tensors
            )

        def forward(self, x: Any) -> Any:
            rest = iter(self.held)
            filled = [next(rest) if isinstance(item, torch.Tensor) else item for item in arguments]
            args, named = tree.tree_unflatten(filled, spec)
            return run(*args, **named)

    try:
        with torch.no_grad():
            args, named = tree.tree_unflatten(
                [item.clone() if isinstance(item, torch.Tensor) else item for item in arguments], spec
            )
            theirs = [
                tuple(item.shape) for item in tree.tree_leaves(run(*args, **named)) if isinstance(item, torch.Tensor)
            ]
    except Exception as why:  # noqa: BLE001
        if not refused:
            return "nothing", f"torch refuses: {str(why)[:60]}"
        theirs = []
    if refused and theirs:
        return "nothing", "torch takes it"
    if not refused and (not theirs or any(0 in sizes for sizes in theirs)):
        return "nothing", "no tensor with entries"
    try:
        network = from_torch(Held(), (1,), compare=refused)
    except SymnetError as why:
        words = str(why).partition("Held)")[2].lstrip(": ")
        return "refused by both" if refused else "refused", words[:150]
    except Exception as why:  # noqa: BLE001
        return "crashed", f"{type(why).__name__}: {why}"[:150]
    ours = [
        tuple(int(size.constant or 0) for size in network.placed[place].output.dims)
        for place in network.graph.outputs()
    ]
    if refused:
        return "accepted", f"{[getattr(item, 'shape', item) for item in arguments]}"[:200]
    if _plain(ours) == _plain(theirs):
        return "read", ""
    return "wrong", f"{ours}, and torch gives {theirs}"


def _plain(sizes: list[tuple[int, ...]]) -> list[tuple[int, ...]]:
    """Sizes of all outputs; the same ones again are one output of a network, whose tensors have one size at least."""
    return list(dict.fromkeys(one or (1,) for one in sizes))


def _with_batch(run: Callable[..., Any], sample: Any) -> str:
    """Whether the function is read, and agrees with torch, where the first size of the sample is the batch."""
    import torch

    from symnet import SymnetError, from_torch

    if not isinstance(sample.input, torch.Tensor) or sample.input.ndim < 2:
        return ""

    class Run(torch.nn.Module):
        def forward(self, x: Any) -> Any:
            return run(x, *sample.args, **sample.kwargs)

    try:
        compared = from_torch(Run(), tuple(sample.input.shape[1:])).compared
    except SymnetError as refused:
        return "wrong" if "symnet read the model wrongly" in str(refused) else "refused"
    except Exception:  # noqa: BLE001
        return "crashed"
    return "read" if compared else "not compared"
