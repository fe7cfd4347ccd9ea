"""A record of one run of a PyTorch model, call by call: the inputs and outputs of each call, and the line of the
user's code.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from threading import Lock, get_ident
from typing import Any
from warnings import catch_warnings, simplefilter

from symnet.doctor.spots import Spot, spot_here, spot_of_error
from symnet.doctor.torch.known_results import of_one_step, result_of, zeros
from symnet.frontends.torch.copies import same_random_numbers, without_numbers

__all__ = ["Call", "Run", "one_thread", "run_model", "shape_of", "written_in_torch"]

_RUNNING = Lock()

#: Functions that query a tensor and return none.
INSPECTING = {
    "__get__",
    "size",
    "dim",
    "ndimension",
    "numel",
    "is_floating_point",
    "__len__",
    "requires_grad_",
    "__set__",
    "nelement",
}

Shape = tuple[int, ...]


@dataclass(eq=False)
class Call:
    """One call of a module of torch, or of a function outside of modules. ``sources`` are the indices of the calls
    that returned its inputs, −1 − k for input k of the model; ``parameters`` are the names of the model's own tensors
    among the inputs.
    """

    number: int
    name: str
    function: Any
    module: Any = None
    args: tuple[Any, ...] = ()
    named: Mapping[str, Any] = field(default_factory=dict)
    spot: Spot | None = None
    inputs: tuple[Any, ...] = ()
    sources: tuple[int | None, ...] = ()
    parameters: tuple[str, ...] = ()
    outputs: tuple[Any, ...] | None = None

    @property
    def kind(self) -> str:
        """``nn.Conv2d``, or the name of the function."""
        return f"nn.{written_in_torch(self.module)}" if self.module is not None else self.name

    @property
    def shapes(self) -> list[Shape]:
        """The sizes of its inputs."""
        return [shape_of(item) for item in self.inputs]

    @property
    def results(self) -> list[Shape]:
        """The sizes of its outputs."""
        return [shape_of(item) for item in self.outputs or ()]


@dataclass
class Run:
    """All calls in order. ``failed`` is the call that raised ``error``, if any, and ``spot`` the line of the user's
    code.
    """

    calls: list[Call]
    inputs: list[Any]
    batch: int
    result: list[Any] = field(default_factory=list)
    error: Exception | None = None
    failed: Call | None = None
    spot: Spot | None = None

    def source(self, number: int | None) -> Call | None:
        """The call with that index; ``None`` for inputs of the model and for tensors that no call returned."""
        return self.calls[number] if number is not None and number >= 0 else None


def shape_of(item: Any) -> Shape:
    """The sizes as numbers."""
    return tuple(map(int, item.shape))


def written_in_torch(module: Any) -> str | None:
    """The name of the class of torch that a module is, such as ``Conv2d``, also for subclasses; ``None`` for the
    user's own classes and for containers.
    """
    import torch

    if isinstance(module, torch.nn.Sequential | torch.nn.ModuleList | torch.nn.ModuleDict):
        return None
    bases = type(module).__mro__
    own = next((base for base in bases if "forward" in vars(base)), torch.nn.Module)
    if not _of_torch(own) or own.__module__.endswith(".transformer"):
        return None
    return next(base for base in bases if _of_torch(base)).__name__


def _of_torch(kind: type) -> bool:
    return kind.__module__.startswith("torch.nn.modules.")


def _tensors(item: Any) -> Iterator[Any]:
    import torch

    if isinstance(item, torch.Tensor):
        yield item
    elif isinstance(item, dict):
        for part in item.values():
            yield from _tensors(part)
    elif isinstance(item, tuple | list):
        for part in item:
            yield from _tensors(part)
    elif hasattr(item, "__dict__") and not callable(item):
        yield from _tensors(list(vars(item).values()))


class _Recorder:
    """Records calls while a model runs."""

    def __init__(self, model: Any, inputs: Sequence[Any], batch: int, device: str, known: bool) -> None:
        self._known = known  # whether results of earlier runs may be used
        self._batch, self._meta = batch, device == "meta"
        self.calls: list[Call] = []
        self.failed: Call | None = None
        self._inside = 0
        self._kept: list[Any] = list(inputs)  # keeps the tensors alive, so that their ids stay unique
        self._made = {id(item): -1 - place for place, item in enumerate(inputs)}
        self._names = {id(module): name for name, module in model.named_modules()}
        self._held = {id(item): name for name, item in [*model.named_parameters(), *model.named_buffers()]}

    def call(self, name: str, function: Callable[..., Any], module: Any, args: Any, named: Any, run: Any) -> Any:
        given = list(_tensors((args, named)))
        held = tuple(self._held[id(item)] for item in given if id(item) in self._held)
        sources = tuple(self._made.get(id(item)) for item in given)
        call = Call(len(self.calls), name, function, module, args, named, spot_here(3), tuple(given), sources, held)
        self.calls.append(call)
        self._inside += 1
        try:
            result = run()
        except Exception:
            self.failed = self.failed or call
            raise
        finally:
            self._inside -= 1
        call.outputs = tuple(_tensors(result))
        self._kept += [*given, *call.outputs]
        for item in call.outputs:
            self._made[id(item)] = call.number
        return result

    def module(self, original: Callable[..., Any], module: Any, args: Any, named: Any) -> Any:
        if self._inside or written_in_torch(module) is None:
            return original(module, *args, **named)
        name = self._names.get(id(module)) or type(module).__name__.lower()

        def run() -> Any:
            if self._known:
                return result_of(module, args, named, in_torch, self._batch)
            return in_torch(args) if self._meta else original(module, *args, **named)

        def in_torch(args: Any) -> Any:
            return of_one_step(module, args, lambda args: original(module, *args, **named))

        return self.call(name, module, module, args, named, run)

    def function(self, function: Any, args: Any, named: Any) -> Any:
        name = getattr(function, "__name__", "")
        if self._inside or name in INSPECTING:
            return function(*args, **named)
        name = name.strip("_") if name.startswith("__") else name.rstrip("_")
        return self.call(name, function, None, args, named, lambda: function(*args, **named))


@contextmanager
def _recorded(recorder: _Recorder) -> Iterator[None]:
    import torch
    from torch.overrides import TorchFunctionMode

    class Mode(TorchFunctionMode):  # type: ignore[misc]
        def __torch_function__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
            return recorder.function(func, args, kwargs or {})

    with _RUNNING:
        original, thread = torch.nn.Module.__call__, get_ident()

        def call(module: Any, *args: Any, **named: Any) -> Any:
            if get_ident() != thread:
                return original(module, *args, **named)
            return recorder.module(original, module, args, named)

        torch.nn.Module.__call__ = call
        try:
            with Mode():
                yield
        finally:
            torch.nn.Module.__call__ = original


def run_model(
    model: Any,
    shapes: Sequence[Shape],
    kinds: Sequence[Any],
    batch: int,
    device: str = "meta",
    known: bool = True,
) -> Run:
    """A run of a copy of a model (:func:`symnet.frontends.torch.copies.model_copy`) with the batch size ``batch``. ``known`` allows
    layers that torch has run before on these sizes to return tensors of the sizes it gave.
    """
    import torch

    inputs = [
        zeros((batch, *sizes), kind, device, place)
        for place, (sizes, kind) in enumerate(zip(shapes, kinds, strict=True))
    ]
    if device != "meta":
        _with_numbers(model)
    recorder = _Recorder(model, inputs, batch, device, known)
    run = Run(recorder.calls, inputs, batch)
    with same_random_numbers(), torch.no_grad(), torch.device(device), one_thread():
        try:
            with (
                catch_warnings(),
                without_numbers(quickly=True) if device == "meta" else nullcontext(),
                _recorded(recorder),
            ):
                simplefilter("ignore")
                run.result = list(_tensors(model(*inputs)))
        except Exception as error:  # noqa: BLE001  # somebody else's code, which may raise anything
            run.error, run.failed = error, recorder.failed
            own = run.failed.spot if run.failed else None
            run.spot = own or spot_of_error(error.__traceback__)
    return run


@contextmanager
def one_thread() -> Iterator[None]:
    """While this is active, torch uses a single thread: the runs are small, and waiting threads make them ten times
    slower.
    """
    import torch

    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(threads)


def _with_numbers(model: Any) -> None:
    """Give the tensors of the copy that have no data some."""
    import torch

    for part in model.modules():
        for name, held in part._parameters.items():
            if held is not None and held.is_meta:
                numbers = zeros(tuple(held.shape), held.dtype)
                part._parameters[name] = torch.nn.Parameter(numbers, requires_grad=False)
        for name, held in part._buffers.items():
            if held is not None and held.is_meta:
                part._buffers[name] = zeros(tuple(held.shape), held.dtype)
