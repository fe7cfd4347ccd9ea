"""Every function of torch that PyTorch's own tests have samples of, asked on each sample: what symnet reads must have torch's sizes.

``python -m tests.zoo.functions`` asks all, ``python -m tests.zoo.functions nn.functional.pad topk`` these. A sample is called with its
tensors as parameters of a module, which have no batch.
"""

from __future__ import annotations

import sys
import unittest
import warnings
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from itertools import islice
from types import ModuleType
from typing import Any

__all__ = ["Asked", "asked", "functions"]

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
    """One sample: ``result`` is ``read``, ``refused``, ``wrong``, or ``nothing`` where torch gives no tensor with sizes."""

    function: str
    sample: int
    result: str
    why: str = ""


def functions() -> list[Any]:
    """The functions, as PyTorch's tests describe them. Those import a package for expected texts, of which only a class is needed."""
    if "expecttest" not in sys.modules and find_spec("expecttest") is None:
        made: Any = ModuleType("expecttest")
        made.TestCase = unittest.TestCase
        sys.modules["expecttest"] = made
    from torch.testing._internal.common_methods_invocations import op_db

    return list(op_db)


def asked(function: Any, samples: int = SAMPLES) -> Iterator[Asked]:
    """What comes of each sample of a function."""
    import torch

    name = f"{function.name}.{function.variant_test_name}".rstrip(".")
    kinds = function.supported_dtypes("cpu")
    kind = (
        torch.float32
        if torch.float32 in kinds
        else torch.complex64
        if torch.complex64 in kinds
        else next(iter(kinds), None)
    )
    if kind is None:
        return
    torch.manual_seed(1)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            given = list(islice(function.sample_inputs("cpu", kind, requires_grad=False), samples))
        except Exception as refused:  # noqa: BLE001  # a package that is not there
            yield Asked(name, 0, "nothing", str(refused)[:80])
            return
        for number, sample in enumerate(given):
            result, why = _one(function.op, sample)
            yield Asked(name, number, result, why)


def _one(run: Any, sample: Any) -> tuple[str, str]:
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
            result = run(*args, **named)
    except Exception as refused:  # noqa: BLE001
        return "nothing", f"torch refuses: {str(refused)[:60]}"
    theirs = [tuple(item.shape) for item in tree.tree_leaves(result) if isinstance(item, torch.Tensor)]
    if not theirs or any(0 in sizes for sizes in theirs):
        return "nothing", "no tensor with entries"
    try:
        network = from_torch(Held(), (1,), compare=False)
    except SymnetError as refused:
        if _with_batch(run, sample):
            return "read", "with the first size as the batch"
        return "refused", str(refused).replace("PyTorch: the model (tests.zoo.functions._one.<locals>.Held): ", "")[
            :150
        ]
    except Exception as refused:  # noqa: BLE001
        return "crashed", f"{type(refused).__name__}: {refused}"[:150]
    ours = [
        tuple(int(size.constant or 0) for size in network.placed[place].output.dims) or (1,)
        for place in network.graph.outputs()
    ]
    wanted = {sizes or (1,) for sizes in theirs}
    if set(ours) <= wanted:
        return "read", ""
    return "wrong", f"{ours}, and torch gives {sorted(wanted)}"


def _with_batch(run: Any, sample: Any) -> bool:
    """Whether the function is read, and agrees with torch, where the first size of the sample is the batch."""
    import torch

    from symnet import SymnetError, from_torch

    if not isinstance(sample.input, torch.Tensor) or sample.input.ndim < 3:
        return False

    class Run(torch.nn.Module):
        def forward(self, x: Any) -> Any:
            return run(x, *sample.args, **sample.kwargs)

    try:
        return bool(from_torch(Run(), tuple(sample.input.shape[1:])).compared)
    except SymnetError:
        return False


def main(names: Sequence[str]) -> int:
    counts: Counter[str] = Counter()
    for function in functions():
        if names and function.name not in names:
            continue
        if function.name in BY_NUMBERS and not names:
            continue
        found = list(asked(function))
        counts.update(one.result for one in found)
        bad = [one for one in found if one.result in ("refused", "wrong", "crashed")]
        for one in bad[:3]:
            print(f"{one.function} {one.sample}: {one.result} {one.why} ({len(bad)} of {len(found)})", flush=True)  # noqa: T201
    print(dict(counts))  # noqa: T201
    return 1 if counts["wrong"] or counts["crashed"] else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
