"""Running a model's forward with tensors that have sizes but no numbers: each layer it calls becomes a layer of the network."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from symnet.errors import ModelError
from symnet.frontends.building import Builder, Tensor
from symnet.frontends.flow import Flow
from symnet.frontends.torch.arguments import INSPECTING, WEIGHTED, any_value, flat, is_array, tensors_in, with_numbers
from symnet.frontends.torch.bodies import body_of, followed
from symnet.frontends.torch.call_order import in_order
from symnet.frontends.torch.code_lines import code_line
from symnet.frontends.torch.index_numbers import numbers_after, numbers_in
from symnet.frontends.torch.known import Known
from symnet.frontends.torch.lazy import take_sizes
from symnet.frontends.torch.messages import Messages, Reached
from symnet.frontends.torch.names import (
    ATTRIBUTES,
    MOVED_IN_PLACE,
    OF_NUMBERS,
    VIEWS,
    class_name,
    forward_key,
    handler_of,
    key_of,
)
from symnet.frontends.torch.no_dimensions import of_one_entry
from symnet.frontends.torch.nothing import is_nothing, of_nothing
from symnet.frontends.torch.sizes import Size
from symnet.frontends.torch.symbolic_numbers import is_symbolic
from symnet.frontends.torch.tensors import Value, is_value, sizes_of, value
from symnet.frontends.torch.weights import Weights
from symnet.frontends.torch.writes import note_parts, note_writing, settle, suppose_same_sizes, written_into
from symnet.layers.declaration.base import Layer
from symnet.layers.declaration.shape import Shape
from symnet.layers.kinds.arrays import Parameter
from symnet.layers.kinds.inputs import Held
from symnet.terms.propositions import Proposition
from symnet.terms.term import Term

__all__ = ["Handler", "Tables", "Trace"]

#: The handler of a module or function: called with the trace, the module, and the arguments.
Handler = Callable[..., Any]


@dataclass(frozen=True)
class Tables:
    """The handlers of modules by the class that defines ``forward``, those of functions by name, the functions that
    accept arrays with numbers in place of tensors, and the function for everything else
    (:mod:`symnet.frontends.torch.opaque`).
    """

    modules: Mapping[str, Handler]
    functions: Mapping[str, Handler]
    of_arrays: frozenset[str]
    outside: Callable[..., Any]


class Trace(Messages):
    """One run of a model's forward."""

    def __init__(self, root: Any, known: Known, tables: Tables, *, opaque: bool, upto: str | None = None) -> None:
        import torch

        super().__init__(root, opaque=opaque)
        self.upto = upto  # the model is read as far as this module
        self.root, self.known, self.tables = root, known, tables
        known.refusal = lambda what: ModelError(self.where(what))
        self.builder = Builder("PyTorch")
        self.kind = torch.get_default_dtype()
        self.weights = Weights(root)
        self.names = {id(module): name for name, module in root.named_modules()}
        self._handlers: dict[type, Handler | None] = {}
        self._lifted: dict[int, Value] = {}
        self._paused = False
        self.batches: tuple[int, ...] = ()  # the dimension of the batch in each input
        self._bodies: list[Any] = []  # the functions whose own code is followed
        self.resumed: Callable[[], AbstractContextManager[Any]] = nullcontext  # torch's calls come here again

    # ---- layers

    def input(self, shape: Shape, name: str, kind: Any, batch: int = 0) -> Value:
        """An input of the model, whose dimension ``batch`` is the batch."""
        self.batches = (*self.batches, batch)
        return value(self, Flow.of(self.builder.input(shape, name), batch), kind)

    def layer(self, layer: Layer, *tensors: Tensor, name: str = "", holds: Mapping[str, Any] | None = None) -> Tensor:
        """Places a layer on tensors of the network. ``holds`` maps the names of the layer's weights (``kernel``, or
        several in one array, ``query_kernel key_kernel``) to the model's parameters; ``name`` is its name within the
        module that is running.
        """
        given = self.weights.given(holds or {})
        fresh = self.weights.fresh(given)
        try:
            marks = self.weights.marks(given, fresh)
        except ModelError as refused:
            raise ModelError(self.where(str(refused))) from None
        path, origin = self.place(name)
        try:
            made = self.builder.add(replace(layer, framework="torch", **marks), *tensors, name=path, origin=origin)
        except ModelError as refused:
            line = code_line()
            about: dict[str, Any] = {"layer": path, "condition": refused.condition, "fits": refused.fits}
            raise ModelError(f"{refused}{f', at {line}' if line else ''}", **about) from None
        if fresh:
            self._account(made, fresh)
        return made

    def add(
        self, layer: Layer, x: Value, holds: Mapping[str, Any] | None = None, name: str = "", kind: Any = None
    ) -> Value:
        """Places a layer on a tensor whose dimensions keep their positions; ``kind`` is the dtype of the result if it
        changes.
        """
        return self.like(x, x.flow.on(self.layer(layer, x.tensor, name=name, holds=holds)), kind)

    def like(self, x: Value, flow: Flow, kind: Any = None) -> Value:
        """A tensor with the dtype of ``x``, or ``kind``."""
        return value(self, flow, x.kind if kind is None else kind)

    def suppose(self, proposition: Proposition) -> None:
        """Adds a condition under which the model runs."""
        self.known.suppose(proposition)

    def decide(self, proposition: Proposition) -> bool:
        """Whether the proposition holds for the sizes of this run; recorded as a condition if others differ."""
        return self.known.decide(proposition)

    def usual(self, term: Term) -> int | None:
        """The number of a term for the sizes of this run."""
        return self.known.value(term)

    def multiples(self) -> dict[Term, Term]:
        """Sizes that conditions make multiples of a number."""
        return self.known.multiples

    def note_merged_batch(self, sizes: str, share: str) -> None:
        """Tells the user that the batch is merged into one of the sizes of the layer added last."""
        self.builder.note_merged_batch(sizes, share)

    def place(self, name: str) -> tuple[str, str]:
        """The name and the origin of a layer that is added now."""
        path, module = self._stack[-1]
        origin = f"{path or 'the model'} ({class_name(type(module))})"
        if name:
            return (f"{path}.{name}" if path else name), f"{origin}, {name}"
        return path or type(module).__name__.lower(), origin

    def _account(self, made: Tensor, fresh: Mapping[int, Any]) -> None:
        """Records that the layer holds these parameters. Raises :class:`ModelError` if it counts another number of
        them.
        """
        self.weights.holders.update(dict.fromkeys(fresh, self.builder.last_name))
        counted, there = self.builder.counted(made), sum(held.numel() for held in fresh.values())
        if counted is None:
            raise ModelError(
                self.wrong("has weights of fixed sizes, and its input's channels are symbols; say how many there are")
            )
        if counted != there:
            raise ModelError(self.where(f"holds {there} parameters, and symnet counts {counted}"))

    def hold(self, value_: Value, parameters: Iterable[Any], name: str) -> Value:
        """Adds a layer that holds parameters without using them."""
        fresh = self.weights.fresh({"": list(parameters)})
        total = sum(held.numel() for held in fresh.values())
        if not total:
            return value_
        trained = sum(held.numel() for held in fresh.values() if held.requires_grad)
        made = self.add(Held(total, trained=None if trained == total else trained), value_, name=name)
        self.weights.holders.update(dict.fromkeys(fresh, self.builder.last_name))
        return made

    def constant(self, array: Any, rank: int | None = None, batch: int | None = None) -> Value:
        """A tensor with numbers as a tensor of the network: a parameter of the model, or a constant. If it is not
        there yet it is placed with leading sizes 1 up to ``rank`` dimensions, and without its size 1 where others have
        their ``batch``.
        """
        if is_value(array):
            return array
        found = self._lifted.get(id(array))
        if found is None:
            trained = self.is_parameter(array)
            name = self.weights.names[id(array)].rpartition(".")[2] if trained else "constant"
            more = max((rank or 0) - array.dim(), 0)
            sizes = [1] * more + list(array.shape)
            if batch is not None and sizes[batch : batch + 1] == [1]:
                del sizes[batch]
            else:
                batch = None
            numbers = [dim - (batch is not None and dim > batch) for dim in range(more, more + array.dim())]
            places = tuple(None if dim == batch else place for dim, place in enumerate(numbers, more))
            layer = Parameter(tuple(sizes) or (1,), fixed=not trained)
            tensor = self.layer(layer, name=name, holds={"array": array} if trained else None)
            found = self._lifted[id(array)] = value(self, Flow(tensor, places), array.dtype)
            found.__dict__["array"] = array  # kept alive, so that its id is not reused
            with self.paused():
                found.numbers = numbers_in(array)
        return found

    def is_parameter(self, item: Any) -> bool:
        """Whether an item is one of the model's own parameters."""
        return id(item) in self.weights.names

    def size(self, term: Any) -> int:
        """A size in the form that the model's code sees."""
        made: int = Size.made(term, self.known)
        return made

    # ---- calls

    @property
    def module(self) -> Any:
        """The module that is running."""
        return self._stack[-1][1]

    def call(self, original: Callable[..., Any], module: Any, args: tuple[Any, ...], named: dict[str, Any]) -> Any:
        """Called in place of a module's ``__call__``: places its layer, or runs its forward."""
        if self._paused:
            return original(module, *args, **named)
        if type(module).__name__ == "GuardsFn":  # it checks the sizes for which a program was exported
            return None
        if type(module).__name__ == "ParametrizationList":  # weights that are computed from others
            with self.paused():
                return original(module, *args, **named)
        path = self.names.get(id(module))
        if path is None:
            path = f"{self._stack[-1][0]}.{type(module).__name__.lower()}".strip(".")
        handler = self._handler(type(module))
        if handler is not None and not any_value((args, named)):
            args = tuple(self.constant(item) if is_array(item) else item for item in args)
            handler = handler if any_value(args) else None
        self._stack.append((path, module))
        length = len(self.builder)
        try:
            with self.paused():
                take_sizes(module, args, self.known)
            if handler is None:
                result = original(module, *args, **named)
            else:
                result = handler(self, module, *args, **named)
                if is_value(result) and (module._parameters or module._modules):
                    result = self.hold(result, module.parameters(), "rest")
            self._note(path, module, result)
            return result  # noqa: TRY300
        except Exception as refused:  # noqa: BLE001  # a model's own code may raise anything
            if not self.opaque:
                raise self.told(refused) from None
            result = self._opaque(original, module, args, named, refused, length)
            self._note(path, module, result)
            return result
        finally:
            self._stack.pop()

    def _note(self, path: str, module: Any, result: Any) -> None:
        """Records the outputs of a module for the comparison."""
        if id(module) in self.names:
            sizes = [sizes_of(item) for item in tensors_in(result)]
            self.calls.append((path, class_name(type(module)), sizes))
            if path and path == self.upto:
                raise Reached(result)

    def _opaque(self, original: Any, module: Any, args: Any, named: Any, refused: Exception, length: int) -> Any:
        self.weights.forget(self.builder.names_after(length))
        self.builder.back_to(length)
        self._lifted = {key: found for key, found in self._lifted.items() if found.tensor.place < length}
        with self.paused():
            try:
                return self.tables.outside(self, partial(original, module), args, named, "", module)
            except Exception as again:  # noqa: BLE001
                raise self.told(again if isinstance(again, ModelError) else refused) from None

    def _handler(self, kind: type) -> Handler | None:
        if kind not in self._handlers:
            self._handlers[kind] = self.tables.modules.get(forward_key(kind))
        return self._handlers[kind]

    def function(self, name: str, args: tuple[Any, ...], named: Mapping[str, Any], function: Any = None) -> Any:
        """The result of a torch function or method called with a symbolic tensor."""
        handler, in_place = handler_of(self.tables.functions, name)
        args, named = in_order(name, function, args, named, handler)
        settle(self, flat((args, named)))
        body = body_of(function, name) if handler is None else None
        if body is not None and body not in self._bodies:
            with self.resumed():
                return followed(body, self._bodies, args, named)
        if handler is None and self.opaque:
            return self._called(name, args, named, function)
        if handler is None:
            raise ModelError(self.where(f"calls {name}, which symnet does not know"))
        if any(map(is_nothing, flat((args, named)))):
            found = of_nothing(name.strip("_"), args, named, self.like)
            if isinstance(found, tuple) and found:
                return found[0]
            args = (found, *args[1:]) if isinstance(found, list) else args
        out = named.pop("out", None)
        if args and is_array(args[0]) and name.strip("_") not in self.tables.of_arrays and not WEIGHTED.get(name):
            args = (self.constant(args[0]), *args[1:])
        if args and is_value(args[0]) and not args[0].sizes and name.removesuffix("_copy") in OF_NUMBERS:
            return of_one_entry(self, handler, args, named)
        try:
            result = handler(self, *args, **named)
        except TypeError:
            raise ModelError(self.where(f"calls {name} in a way that symnet does not know")) from None
        if out is not None:
            return written_into(self, out, result)
        if in_place and is_value(result) and is_value(args[0]):
            if name.strip("_") not in MOVED_IN_PLACE:
                suppose_same_sizes(self, args[0], result, name)
            args[0].flow, args[0].numbers = result.flow, numbers_after(name, args, named, result)
            result = args[0]
        elif is_value(result):
            result.numbers = numbers_after(name, args, named, result)
        if (in_place or name == "__setitem__") and is_value(args[0]):
            note_writing(args[0], other=any_value((args[1:], named)))
        elif name in VIEWS and args and is_value(args[0]):
            note_parts(args[0], result)
        return result

    def _called(self, name: str, args: tuple[Any, ...], named: Mapping[str, Any], function: Any) -> Any:
        """The result of a function that symnet does not know, as opaque layers."""
        import torch

        run = function or getattr(torch.Tensor, name)
        with self.paused():
            try:
                return self.tables.outside(self, run, args, named, name.strip("_"))
            except Exception as refused:  # noqa: BLE001
                raise self.told(refused) from None

    def dispatch(self, function: Any, args: tuple[Any, ...], named: dict[str, Any]) -> Any:
        """Entry point of __torch_function__: a call with symbolic tensors or sizes goes to our handler; model
        parameters among its arguments are lifted to symbolic tensors first.
        """
        name = getattr(function, "__name__", "").partition(".")[0]
        if name == "_assert":
            self.known.forget(args[1:])
        if name == "__get__" and args and self.is_parameter(args[0]):
            name = getattr(getattr(function, "__self__", None), "__name__", name)
            name = name if name in ATTRIBUTES else "__get__"
        if self._paused or name in INSPECTING:
            return function(*args, **named)
        name = key_of(self.tables.functions, function, name)
        everything = (args, named)
        if any_value(everything):
            return self.function(name, args, named, function)
        held = [item for item in flat(everything) if self.is_parameter(item)]
        sized = any(map(is_symbolic, flat(everything)))
        handler, _ = handler_of(self.tables.functions, name)
        if sized and not held and handler is None:
            args, named = with_numbers(args), with_numbers(named)
        elif held or sized:
            args, named = in_order(name, function, args, named, handler)
            return self.function(name, tuple(self._lifted_in(args, name)), named, function)
        return function(*args, **named)

    def _lifted_in(self, args: Sequence[Any], name: str) -> Iterator[Any]:
        """Arguments with the model's parameters lifted to symbolic tensors, except where the function takes weights
        itself.
        """
        for item in args:
            if type(item) in (tuple, list):
                yield type(item)(self._lifted_in(item, name))
            else:
                lifted = is_array(item) and self.is_parameter(item) is not (name in WEIGHTED)
                yield self.constant(item) if lifted and (name not in WEIGHTED or item is args[WEIGHTED[name]]) else item

    @contextmanager
    def paused(self) -> Iterator[None]:
        """Suspends the trace."""
        before, self._paused = self._paused, True
        try:
            yield
        finally:
            self._paused = before
