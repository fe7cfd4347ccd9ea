"""The tensors with which a model's forward is run: they have sizes and a position in the network, and no numbers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, Protocol

from symnet.errors import ModelError
from symnet.frontends.flow import Flow
from symnet.frontends.torch.known import Known
from symnet.frontends.torch.sizes import Size
from symnet.terms.term import Term, integer

__all__ = ["Follower", "Value", "is_value", "sizes_of", "tensor_class", "value"]


class Follower(Protocol):
    """What a tensor needs of the trace that follows the model's code."""

    known: Known

    def function(self, name: str, args: tuple[Any, ...], named: Mapping[str, Any], function: Any = None) -> Any:
        """The result of a torch function or method."""

    def where(self, what: str) -> str:
        """A message about the module that is running."""

    def by_values(self, what: str) -> ModelError:
        """An error about sizes or code that depend on numbers in tensors, to be raised."""


#: A tensor of :func:`tensor_class`; torch's types are not available for type checking.
Value = Any

#: Attributes and methods that are not sent to the trace.
_OWN = {"__class__", "__init__", "__new__", "__dict__", "__doc__", "__hash__", "__getattribute__", "__setattr__", "__delattr__",
        "__init_subclass__", "__subclasshook__", "__dir__", "__format__", "__sizeof__", "__torch_function__", "__weakref__",
        "__torch_dispatch__", "__module__", "__del__", "__reduce__", "__reduce_ex__", "as_subclass"}  # fmt: skip


def _method(name: str) -> Callable[..., Any]:
    def method(self: Value, *args: Any, **named: Any) -> Any:
        return self.trace.function(name, (self, *args), named)

    method.__name__ = name
    return method


def _always(answer: bool) -> property:
    return property(lambda self: answer)


def _attribute(name: str) -> property:
    return property(lambda self: self.trace.function(name, (self,), {}))


@cache
def tensor_class() -> type:
    """A subclass of ``torch.Tensor``, because models check for that, whose methods all go to the trace."""
    import torch

    def shape(self: Value) -> Any:
        return torch.Size([Size.made(size, self.trace.known) for size in self.sizes])

    def size(self: Value, dim: int | None = None) -> Any:
        return self.shape if dim is None else self.shape[dim]

    def sizes(self: Value) -> tuple[Term, ...]:
        found: tuple[Term, ...] = self.flow.sizes
        return found

    def rank(self: Value) -> int:
        return len(self.flow.places)

    def undecided(self: Value, *_: Any) -> Any:
        raise self.trace.by_values("depends on the values of a tensor")

    def length(self: Value) -> Any:
        return self.shape[0]

    def steps(self: Value) -> Any:
        return iter(self.trace.function("unbind", (self,), {}))

    own: dict[str, Any] = {
        "shape": property(shape),
        "sizes": property(sizes),
        "tensor": property(lambda self: self.flow.tensor),
        "batch": property(lambda self: self.flow.batch),
        "ndim": property(rank),
        "dim": rank,
        "ndimension": rank,
        "size": size,
        "numel": lambda self: self.trace.function("numel", (self,), {}),
        "nelement": lambda self: self.trace.function("numel", (self,), {}),
        "__len__": length,
        "__iter__": steps,
        "__repr__": lambda self: f"<a tensor of sizes {self.sizes}>",
        "__str__": lambda self: f"<a tensor of sizes {self.sizes}>",
        "dtype": property(lambda self: self.kind),
        "device": property(lambda self: torch.device("cpu")),
        "layout": property(lambda self: torch.strided),
        "requires_grad": property(lambda self: False, lambda self, wanted: None),
        "requires_grad_": lambda self, wanted=True: self,
        "grad": property(lambda self: None),
        "grad_fn": property(lambda self: None),
        "is_leaf": property(lambda self: True),
        "data": property(lambda self: self),
        "names": property(lambda self: (None,) * rank(self)),
        "is_contiguous": lambda self, *_, **__: True,
        "is_floating_point": lambda self: self.kind.is_floating_point,
        "is_complex": lambda self: self.kind.is_complex,
        "data_ptr": lambda self: id(self),
        **dict.fromkeys(
            ("item", "tolist", "numpy", "__bool__", "__int__", "__float__", "__index__", "__array__", "__contains__"),
            undecided,
        ),
    }
    for name in (
        "is_cuda",
        "is_cpu",
        "is_nested",
        "is_sparse",
        "is_quantized",
        "is_mps",
        "is_xpu",
        "is_meta",
        "is_mkldnn",
    ):
        own[name] = _always(name == "is_cpu")
    for name in dir(torch.Tensor):
        if name in own or name in _OWN:
            continue
        plain = getattr(torch.Tensor, name)
        if name in ("T", "mT", "H", "mH", "real", "imag"):
            own[name] = _attribute(name)
        elif callable(plain) and not isinstance(plain, type):
            own[name] = _method(name)
    own["__torch_function__"] = classmethod(lambda cls, func, types, args=(), kwargs=None: _outside(func, args, kwargs))
    return type("SymbolicTensor", (torch.Tensor,), own)


def _outside(function: Any, args: tuple[Any, ...], named: dict[str, Any] | None) -> Any:
    from torch.utils._pytree import tree_leaves

    found = next(item for item in tree_leaves((args, named)) if is_value(item))
    return found.trace.function(function.__name__, args, named or {}, function)


@cache
def _empty() -> Any:
    import torch

    return torch.empty(0)


def value(trace: Follower, flow: Flow, kind: Any) -> Value:
    """A symbolic tensor with these sizes and the dtype ``kind``."""
    import torch

    made: Any = torch.Tensor._make_subclass(tensor_class(), _empty())
    made.__dict__.update(trace=trace, flow=flow, kind=kind, aside=False, numbers=None, base=None, written=[])
    return made


def is_value(item: Any) -> bool:
    """Whether an item is a symbolic tensor."""
    return type(item) is tensor_class()


def sizes_of(array: Any) -> tuple[Term, ...]:
    """The sizes of a symbolic tensor, or of an array with numbers."""
    sizes: tuple[Term, ...] = array.sizes if is_value(array) else tuple(map(integer, array.shape))
    return sizes
