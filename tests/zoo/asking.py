"""One model is asked: read by symnet, then held against what PyTorch itself says of it."""

from __future__ import annotations

import contextlib
import io
import time
import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from threading import get_ident
from typing import Any

from tests.zoo.models import Model, Zoo

__all__ = ["Outcome", "ask"]

#: Words of errors that say: what was read is not what PyTorch does.
WRONG = ("symnet read", "parameters, and symnet counts")


@dataclass(frozen=True)
class Outcome:
    """What came of a model.

    ``result`` is ``read``, ``refused``, ``wrong``, ``left out`` (too large, or its own code does not run) or ``crashed`` (an error
    that is none of symnet's, or no answer in time); ``why`` says it in words. ``multiply_adds`` tells whether PyTorch counts as
    many, ``compared`` how many runs of PyTorch the import itself was held against.
    """

    name: str
    family: str
    sizes: str
    result: str = ""
    why: str = ""
    parameters: int = 0
    multiply_adds: bool | None = None
    compared: int = 0
    seconds: float = 0.0


def ask(zoo: Zoo, name: str, sizes: str) -> Outcome:
    """The outcome of one model, in this process."""
    asked = Outcome(name, zoo.family(name), sizes)
    with _quiet():
        try:
            model = zoo.build(name)
        except Exception as refused:  # noqa: BLE001  # a zoo's own code
            return replace(asked, result="left out", why=_line(refused))
        if sizes == "letters" and model.letters is None:
            return replace(asked, result="left out", why="it takes one size only")
        letters = model.letters is not None and sizes != "numbers"
        return _read(model, letters, replace(asked, sizes="letters" if letters else "numbers"))


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    with (
        warnings.catch_warnings(),
        contextlib.redirect_stdout(io.StringIO()),
        contextlib.redirect_stderr(io.StringIO()),
    ):
        warnings.simplefilter("ignore")
        yield


def _line(refused: BaseException) -> str:
    kind = type(refused).__name__
    words = " ".join(str(refused).split())
    return words if kind == "ModelError" else f"{kind}: {words}"[:300]


def _read(model: Model, letters: bool, asked: Outcome) -> Outcome:
    from symnet import SymnetError, from_torch

    begun = time.monotonic()
    try:
        network = from_torch(
            model.module, model.letters if letters else model.input, usual=model.usual if letters else None
        )
        numbers = dict(model.usual or {}) if letters else {}
        there = network.at(**numbers) if numbers else network
    except SymnetError as refused:
        wrong = any(words in str(refused) for words in WRONG)
        own = "" if wrong else _does_not_run(model)
        if own:
            return replace(asked, result="left out", why=f"its own code does not run: {own}")
        return replace(asked, result="wrong" if wrong else "refused", why=_line(refused))
    except Exception as refused:  # noqa: BLE001
        return replace(asked, result="crashed", why=_line(refused))
    asked = replace(
        asked, result="read", compared=len(network.compared), seconds=round(time.monotonic() - begun, 1),
        parameters=sum(one.numel() for one in model.module.parameters()),
    )  # fmt: skip
    if int(network.parameters) != asked.parameters:
        return replace(
            asked, result="wrong", why=f"{asked.parameters} parameters, and symnet counts {network.parameters}"
        )
    try:
        outputs, work = _torch_says(model)
    except Exception as refused:  # noqa: BLE001
        return replace(asked, why=f"PyTorch does not run it without numbers ({_line(refused)})")
    ours = [_plain([size.constant for size in there.placed[place].output.dims]) for place in there.graph.outputs()]
    theirs = [_plain(output) for output in outputs]
    if any(sizes not in theirs for sizes in ours):
        return replace(asked, result="wrong", why=f"gives {ours}, and PyTorch {theirs}")
    if int(there.multiply_adds) == work:
        return replace(asked, multiply_adds=True)
    return replace(asked, multiply_adds=False, why=f"{there.multiply_adds} multiply-adds, and PyTorch counts {work}")


def _does_not_run(model: Model) -> str:
    """What PyTorch itself says where it does not run the model; nothing where it does, or only numbers would tell."""
    try:
        _torch_says(model)
    except NotImplementedError:
        return ""
    except Exception as refused:  # noqa: BLE001
        return "" if "meta" in str(refused) else _line(refused)
    return ""


def _plain(sizes: Any) -> list[int]:
    """Sizes without those that are 1, wherever the batch stands."""
    return sorted(size for size in map(int, sizes) if size != 1)


def _torch_says(model: Model) -> tuple[list[tuple[int, ...]], int]:
    """The sizes of all outputs of one example, and how many multiply-adds PyTorch counts, without numbers."""
    import torch

    from symnet.frontends.torch.comparing import work_counter
    from symnet.frontends.torch.copies import compiling, model_copy, without_numbers

    copy = model_copy(model.module)

    def made(name: str, sizes: Any) -> Any:
        kind = torch.int64 if name in model.integers else torch.get_default_dtype()
        return torch.zeros((1, *sizes), dtype=kind, device="meta")

    counter = work_counter()
    with compiling(get_ident()), torch.no_grad(), counter, without_numbers():
        if isinstance(model.input, Mapping):
            result = copy(**{name: made(name, sizes) for name, sizes in model.input.items()})
        else:
            result = copy(made("", model.input))
    return [tuple(item.shape) for item in _leaves(result) if hasattr(item, "shape")], counter.get_total_flops() // 2


def _leaves(result: Any) -> Iterator[Any]:
    if hasattr(result, "shape"):
        yield result
    elif isinstance(result, Mapping):
        yield from _leaves(list(result.values()))
    elif isinstance(result, tuple | list):
        for item in result:
            yield from _leaves(item)
    elif hasattr(result, "__dict__"):
        yield from _leaves(list(vars(result).values()))
