"""A PyTorch model under examination: its runs with changes, and changes to it as code."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from math import prod
from typing import Any

from symnet.doctor.changes import Change
from symnet.doctor.spots import Edit, is_installed
from symnet.doctor.torch.large_runs import refuse_large, writes_large
from symnet.doctor.torch.making import Makings, with_argument, with_other_name
from symnet.doctor.torch.rebuilding import (
    arguments_of,
    class_of,
    edited_functions,
    model_with,
    rebuilt,
    without_initialization,
)
from symnet.doctor.torch.recording import Call, Run, Shape, run_model

__all__ = ["Examined", "Patient", "losing_batch", "with_method"]

#: Models with at most so many parameters and input entries, and so many multiplications of each weight of a convolution with
#: each place of an example, run with data; all others run on the device ``meta``.
PARAMETERS, NUMBERS, WORK = 2_000_000, 60_000, 100_000_000

#: Arguments that say how many weights a module has: no change makes them 0.
OF_WEIGHTS = (
    "in_features", "out_features", "in_channels", "out_channels", "num_features", "num_channels", "normalized_shape", "input_size",
    "embed_dim",
)  # fmt: skip

#: Batch sizes, of which one is not a size of the model, so that the batch can be recognized.
BATCHES = (13, 17, 19, 23, 29, 31, 37, 41, 10_007, 10_009, 10_037)


@dataclass
class Examined:
    """A run with changes. It is successful if it ends without an error and keeps the number of examples."""

    run: Run
    model: Any
    shapes: tuple[Shape, ...]
    kinds: tuple[Any, ...]
    #: the call that mixes the batch with other sizes, if no error is raised
    mixing: Call | None = None
    #: the error message with N for the size of the batch, if the run was repeated with another one
    words: str = ""

    @property
    def ok(self) -> bool:
        """Whether nothing breaks."""
        return self.run.error is None and self.mixing is None

    @property
    def failed(self) -> Call | None:
        """The call that breaks."""
        return self.run.failed or self.mixing

    @property
    def reached(self) -> int:
        """The number of calls that succeeded; one more if all did."""
        if self.ok:
            return len(self.run.calls) + 1
        return self.failed.number if self.failed else len(self.run.calls)

    @property
    def wrong(self) -> str:
        """The error message."""
        return str(self.run.error)

    @property
    def effect(self) -> object:
        """The inputs and the calls with their settings and sizes."""
        return self.shapes, [(call.name, str(call.function), call.shapes, call.results) for call in self.run.calls]


@dataclass
class Patient:
    """The original model, its inputs, and the places where its parts were made."""

    model: Any
    shapes: tuple[Shape, ...]
    kinds: tuple[Any, ...]
    makings: Makings = field(default_factory=Makings)
    #: the file from which the model can be made again, and the function that makes it from edited text
    file: str | None = None
    make_again: Callable[[tuple[Edit, ...]], Any] | None = None
    device: str = "meta"
    #: whether runs may use what torch gave in earlier runs
    known: bool = True

    def __post_init__(self) -> None:
        held = [_sizes(one) for one in self.model.parameters()]
        windows = sum(prod(shape) for shape in held if len(shape) > 2)
        places = max((prod(shape[1:]) for shape in self.shapes), default=0)
        if sum(map(prod, held)) <= PARAMETERS and sum(map(prod, self.shapes)) <= NUMBERS and windows * places <= WORK:
            self.device = "cpu"

    def examined(self, changes: Sequence[Change] = ()) -> Examined:
        """A run of the model with changes, to its end or to the call that breaks. Raises an error if it is too large."""
        shapes = next((change.shapes for change in reversed(changes) if change.shapes), self.shapes)
        if self.device == "cpu" and writes_large(changes):
            with edited_functions(changes):
                refuse_large(run_model(self.with_changes(changes), shapes, self.kinds, self.batch(shapes)).calls, WORK)
        model = self.with_changes(changes)
        batch = self.batch(shapes)
        kinds = self.kinds
        with edited_functions(changes):
            run = run_model(model, shapes, kinds, batch, self.device, self.known)
            if batch in (inner := _inner_sizes(run)):  # the batch, or an equal size of the model
                batch = next((other for other in BATCHES if other != batch and other not in inner), batch)
                run = self._run(changes, shapes, kinds, batch)
            found = _indices(run, kinds)
            if found != kinds:
                self.kinds = kinds = found
                run = self._run(changes, shapes, kinds, batch)
            if self.device == "meta" and _needs_numbers(run):
                self.device = "cpu"
                run = self._run(changes, shapes, kinds, batch)
        return Examined(run, model, shapes, kinds, _mixing(run))

    def _run(self, changes: Sequence[Change], shapes: Sequence[Shape], kinds: Sequence[Any], batch: int) -> Run:
        return run_model(self.with_changes(changes), shapes, kinds, batch, self.device, self.known)

    def confirmed(self, changes: Sequence[Change]) -> bool:
        """Whether the whole model works with changes in a run in which torch calculates every layer."""
        self.known = False
        try:
            found = self.tried(changes)
        finally:
            self.known = True
        return found is not None and found.ok

    def error_without_batch(self, examined: Examined) -> str:
        """The error message with N in the place of the batch, which a run with another batch shows; empty if that run ends in
        another way.
        """
        error, batch = examined.run.error, examined.run.batch
        if error is None or examined.failed is None:
            return ""
        other = next(one for one in BATCHES if one != batch and one not in _inner_sizes(examined.run))
        again = self._run((), examined.shapes, examined.kinds, other)
        return _with_n(str(error), batch, str(again.error), other)

    def mended(self, changes: Sequence[Change]) -> Examined | None:
        """The run with changes; ``None`` if they cannot be applied. A change that works for one batch size only does
        not count as success.
        """
        found = self.tried(changes)
        if found is None or not found.ok or changes[-1].shapes:
            return found
        other = next(batch for batch in BATCHES if batch != found.run.batch)
        with edited_functions(changes):
            again = self._run(changes, found.shapes, found.kinds, other)
        return found if again.error is None else None

    def with_changes(self, changes: Sequence[Change]) -> Any:
        """The model with changes, ready to run: a copy, unless it was just made again."""
        start = self.based_on(changes)
        if start is not self.model and not any(change.modules or change.tensors or change.edits for change in changes):
            return start
        return model_with(start, changes)

    def based_on(self, changes: Sequence[Change]) -> Any:
        """The original model, or the one made again if changes edit its file."""
        edits = tuple(edit for change in changes for edit in change.source)
        if not edits or self.make_again is None:
            return self.model
        with without_initialization():
            return self.make_again(edits)

    def tried(self, changes: Sequence[Change]) -> Examined | None:
        """The run with changes; ``None`` if they cannot be applied."""
        try:
            return self.examined(changes)
        except Exception:  # noqa: BLE001  # a module of torch that refuses its arguments, or code that cannot be changed
            return None

    def batch(self, shapes: Sequence[Shape]) -> int:
        """A batch size that is not a size in the shapes or the parameters."""
        sizes = {size for shape in shapes for size in shape}
        sizes |= {size for held in self.model.parameters() if hasattr(held, "shape") for size in _sizes(held)}
        return next((batch for batch in BATCHES if batch not in sizes), BATCHES[-1])

    @cached_property
    def _paths(self) -> frozenset[str]:
        return frozenset(name for name, _ in self.model.named_modules())

    # ---- changes as code ------------------------------------------------------------------------------------------------

    def path(self, call: Call) -> str | None:
        """The path of the module of a call in the model."""
        if call.module is None:
            return None
        return call.name if call.name in self._paths else "" if call.module.__class__ is self.model.__class__ else None

    def arguments(self, call: Call, kind: str, cost: float, **changed: Any) -> Change | None:
        """The change of arguments of a module; ``None`` if the call has none, or if the module would have no weights after it."""
        path = self.path(call)
        if path is None or any(changed.get(name) == 0 for name in OF_WEIGHTS):
            return None
        words = ", ".join(f"{name}={value!r}" for name, value in changed.items())
        return Change(
            f"{call.name}: {words}", kind, cost, modules=((path, lambda old: rebuilt(old, **changed)),),
            shown=self._made_with(call, path, changed), code=self.written(call.module, **changed),
            shared=self.makings.shared(self.model, path),
        )  # fmt: skip

    def _made_with(self, call: Call, path: str, changed: Mapping[str, Any]) -> tuple[Edit, ...]:
        """The edits of the call that made a module; empty if they cannot be made."""
        file, made = self.makings.call(self.model, path) or ("", None)
        if made is None or not changed or is_installed(file):
            return ()
        return with_argument(file, made, class_of(call.module), changed) or ()

    def other_class(self, call: Call, name: str, cost: float) -> Change | None:
        """The change to another class of torch with the same arguments."""
        import torch

        path = self.path(call)
        kind = getattr(torch.nn, name)

        def make(old: Any) -> Any:
            with without_initialization():
                return kind(**arguments_of(old)).train(old.training)

        if path is None:
            return None
        file, made = self.makings.call(self.model, path) or ("", None)
        shown = (with_other_name(file, made, name),) if made else ()
        code = self.written(call.module).replace(f".{class_of(call.module).__name__}(", f".{name}(", 1)
        return Change(f"{call.name}: nn.{name}", "layer", cost, modules=((path, make),), shown=shown, code=code)

    def without(self, call: Call, cost: float) -> Change | None:
        """The change that removes a module."""
        import torch

        path = self.path(call)
        if not path:
            return None
        file, made = self.makings.call(self.model, path) or ("", None)
        shown = (Edit.of(file, made, "nn.Identity()"),) if made else ()
        return Change(
            f"{call.name} left out", "layer", cost, modules=((path, lambda old: torch.nn.Identity()),), shown=shown,
            code="nn.Identity()",
        )  # fmt: skip

    def before(
        self, call: Call, words: str, layer: str, method: str, make: Callable[[], Any], cost: float, **changed: Any
    ) -> Change | None:
        """The change that inserts an operation before a module: a method (``.flatten(1)``) if its call is found in the
        user's code, else a layer (``nn.Flatten()``) in a Sequential. ``changed`` are other arguments of the module.
        """
        import torch

        path = self.path(call)
        if path is None:
            return None
        parent, _, last = path.rpartition(".")
        node = call.spot.node if call.spot else None
        more = "".join(f", {name}={value!r}" for name, value in changed.items())
        words = f"{words} before {call.name}{more}"
        called = {f"self.{last}"} | ({f"self.{parent.rpartition('.')[2]}"} if last == "0" else set())
        if call.spot is not None and isinstance(node, ast.Call) and node.args and ast.unparse(node.func) in called:
            edits = (Edit.of(call.spot.file, node.args[0], with_method(node.args[0], method)),)
            modules = ((path, lambda old: rebuilt(old, **changed)),) if changed else ()
            with_arguments = self._made_with(call, path, changed)
            return Change(words, "layer", cost, modules=modules, edits=edits, shown=(*edits, *with_arguments))
        if not layer.startswith("nn.") or not (last.isdecimal() or not path):
            return None

        def wrap(old: Any) -> Any:
            return torch.nn.Sequential(make(), rebuilt(old, **changed) if changed else old)

        file, made = self.makings.call(self.model, path) or ("", None)
        shown: tuple[Edit, ...] = ()
        if made is not None:
            shown = (Edit.at(file, made.lineno, made.col_offset, f"{layer}, "), *self._made_with(call, path, changed))
        code = f"{layer}, {self.written(call.module, **changed)}"
        return Change(words, "layer", cost, modules=((path, wrap),), shown=shown, code=code)

    def edit(
        self, call: Call, node: ast.expr, text: str, words: str, kind: str, cost: float, note: str = ""
    ) -> Change | None:
        """The change of an expression of forward."""
        if call.spot is None:
            return None
        edits = (Edit.of(call.spot.file, node, text),)
        return Change(words, kind, cost, edits=edits, shown=edits, note=note)

    def input(self, shapes: Sequence[Shape], words: str, cost: float, note: str = "", proven: bool = False) -> Change:
        """The change of the inputs; ``proven`` means that the whole model is known to accept them."""
        code = " ".join(f"--input {'*'.join(map(str, shape))}" for shape in shapes)
        return Change(words, "input", cost, shapes=tuple(map(tuple, shapes)), code=code, note=note, proven=proven)

    @staticmethod
    def written(module: Any, **changed: Any) -> str:
        """The call that makes a module, without default arguments: ``nn.Linear(3136, 10)``."""
        from inspect import signature

        kind = class_of(module)
        parameters = signature(kind).parameters
        words = []
        for place, (name, value) in enumerate({**arguments_of(module), **changed}.items()):
            default = parameters[name].default if name in parameters else None
            if name in parameters and default is parameters[name].empty and place < 3:
                words.append(repr(value))
            elif value != default and not (isinstance(value, tuple) and set(value) == {default}):
                words.append(f"{name}={value!r}")
        return f"nn.{kind.__name__}({', '.join(words)})"


def with_method(node: ast.expr, method: str) -> str:
    """An expression with a method call appended."""
    text = ast.unparse(node)
    plain = isinstance(node, ast.Name | ast.Call | ast.Attribute | ast.Subscript)
    return f"{text}{method}" if plain else f"({text}){method}"


def _with_n(words: str, batch: int, others: str, other: int) -> str:
    """A message whose numbers that grow with the batch are written with N, as a second message for another batch shows; empty
    if these differ in more.

    >>> _with_n("shape [13, 4] for 26 numbers", 13, "shape [17, 4] for 34 numbers", 17)
    'shape [N, 4] for 2·N numbers'
    """
    pattern = r"(?<![\w.])\d+(?![\w.])"
    if re.sub(pattern, "#", words) != re.sub(pattern, "#", others):
        return ""
    pairs = zip(re.findall(pattern, words), re.findall(pattern, others), strict=True)
    numbers = iter([one if one == two else _in_batches(int(one), batch, int(two), other) for one, two in pairs])
    return " ".join(re.sub(pattern, lambda _: next(numbers), words).split())


def _in_batches(one: int, batch: int, two: int, other: int) -> str:
    if one * other != two * batch or one % batch:
        return str(one)
    return "N" if one == batch else f"{one // batch}·N"


def _sizes(held: Any) -> tuple[int, ...]:
    try:
        return tuple(map(int, held.shape))
    except RuntimeError:  # unknown before the first call
        return ()


def _inner_sizes(run: Run) -> set[int]:
    """All input and output sizes of the calls, except the first of each shape."""
    return {size for call in run.calls for shape in (*call.shapes, *call.results) for size in shape[1:]}


def _indices(run: Run, kinds: tuple[Any, ...]) -> tuple[Any, ...]:
    """The dtypes of the inputs, with integers for inputs that index a table."""
    import torch

    if (
        run.error is None
        or run.failed is None
        or not any(word in str(run.error) for word in ("indices", "Long", "int64"))
    ):
        return kinds
    fed = {-1 - source for source in run.failed.sources if source is not None and source < 0}
    return tuple(torch.int64 if place in fed else kind for place, kind in enumerate(kinds))


def _needs_numbers(run: Run) -> bool:
    words = str(run.error) if run.error is not None else ""
    return any(word in words for word in ("meta tensor", "Meta", "meta device", "item()", "with meta"))


def losing_batch(run: Run) -> Call | None:
    """The first call with the batch as first size of its input and in none of its outputs."""
    for call in run.calls:
        if call.shapes and call.results and call.shapes[0][:1] == (run.batch,) and run.batch not in call.results[0]:
            return call if call.results[0] else None
    return None


def _mixing(run: Run) -> Call | None:
    """The first call after which the number of examples differs, if the model returns another number of examples."""
    if run.error is not None or not run.result or run.result[0].ndim == 0:
        return None
    batch = run.batch
    if any(batch in item.shape for item in run.result) or all(item.ndim == 0 for item in run.result):
        return None
    if int(run.result[0].shape[0]) % batch:
        return None
    for call in run.calls:
        if call.shapes and call.results and batch in call.shapes[0] and batch not in call.results[0]:
            return call
    return None
