"""The shapes of a model's inputs: as passed by the caller, or derived from the first layer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from inspect import Parameter, signature
from typing import Any

from symnet.errors import ModelError, SymnetError
from symnet.frontends.torch.lazy import has_open_sizes
from symnet.frontends.torch.names import forward_key
from symnet.layers.declaration.fields import FieldSpec
from symnet.layers.declaration.shape import AXIS_NAMES, CHANNELS_FIRST, SEQUENCE, VECTOR, Shape
from symnet.terms.term import Symbol, Term, integer, symbols_of

__all__ = ["batch_dims", "given_shapes", "guessed_shapes", "usual_sizes"]

#: The number taken for a symbol while the model's code runs: a usual size of an image, a clip, a text.
_USUAL: Mapping[str, int] = {"H": 224, "W": 224, "D": 16, "T": 16, "L": 256}

_SIZE = FieldSpec("count", "a size of the input", name="a size of the input")


def batch_dims(given: int | Sequence[int], shapes: Sequence[Shape]) -> tuple[int, ...]:
    """The dimension of the batch in each input: the same for all, or one for each. Raises :class:`ModelError` for a dimension that
    an input does not have.
    """
    dims: tuple[Any, ...] = tuple(given) if isinstance(given, list | tuple) else (given,) * len(shapes)
    if len(dims) != len(shapes):
        raise ModelError(f"PyTorch: batch_dim says {len(dims)} dimensions for {len(shapes)} inputs")
    for dim, shape in zip(dims, shapes, strict=True):
        if type(dim) is not int or not 0 <= dim <= len(shape.dims):
            raise ModelError(
                f"PyTorch: batch_dim is a dimension of the input, from 0 to {len(shape.dims)} for {len(shape.dims)} sizes without the "
                f"batch, got {dim!r}"
            )
    return dims


def usual_sizes(shapes: Sequence[Shape], given: Mapping[str, int]) -> dict[Symbol, int]:
    """A number for every symbol: the one in ``given``, else a usual one."""
    found = symbols_of(*(size for shape in shapes for size in shape.dims))
    names = [symbol.name for symbol in found]
    unknown = next((name for name in given if name not in names), None)
    if unknown is not None:
        raise ModelError(
            f"PyTorch: usual sizes are for symbols of the input ({', '.join(names) or 'there are none'}), not {unknown!r}"
        )
    wrong = next((name for name, number in given.items() if type(number) is not int or number < 1), None)
    if wrong is not None:
        raise ModelError(f"PyTorch: the usual size of {wrong} is a positive integer, got {given[wrong]!r}")
    return {symbol: given.get(symbol.name, _USUAL.get(symbol.name, 64)) for symbol in found}


def given_shapes(module: Any, given: Any) -> tuple[tuple[str, Shape], ...]:
    """The name (empty if it has none) and shape of each input, from ``(3, 224, 224)``, ``((16,), (3, "H", "W"))``, or
    a dict by the argument names of ``forward``.
    """
    if isinstance(given, Mapping) and given:
        return _by_name(module, given)
    _refuse_tensor(module, given)
    if not isinstance(given, tuple | list) or not given:
        raise ModelError(f"PyTorch: the input is a shape such as (3, 224, 224), got {given!r:.60}")
    several = isinstance(given[0], tuple | list)
    return tuple(("", _shape(module, shape)) for shape in (given if several else (given,)))


def _refuse_tensor(module: Any, given: Any) -> None:
    """Raises for a tensor in place of a shape, with the shape to pass: without the batch, or both if it is unclear
    whether there is one.
    """
    shapes = [one.shape for one in (given if isinstance(given, tuple | list) else (given,)) if hasattr(one, "shape")]
    if shapes:
        whole, rest = (
            _shapes_listed([tuple(shape) for shape in shapes]),
            _shapes_listed([tuple(shape[1:]) for shape in shapes]),
        )
        own = _one_example(module, tuple(shapes[0])) if len(shapes) == 1 else None
        if own is not None:
            whole = str(own)
        elif all(len(shape) > 1 for shape in shapes):
            whole = f"{rest} if the first size is the batch, else {whole}"
        raise ModelError(f"PyTorch: the input is a shape without the batch, and no tensor: give {whole}")


def _one_example(module: Any, sizes: tuple[int, ...]) -> tuple[int, ...] | None:
    """The sizes without the batch, if the reading module determines the number of dimensions; else ``None``."""
    first = _first(module)
    key = "" if first is None else forward_key(type(first))
    recurrent = key.startswith("torch.nn.modules.rnn.")
    if not recurrent and not key.startswith("torch.nn.modules.conv.Conv"):
        return None
    rank = 2 if recurrent else len(first.kernel_size) + 1
    if len(sizes) == rank:
        return sizes
    batch = 1 if recurrent and not getattr(first, "batch_first", True) else 0
    return (*sizes[:batch], *sizes[batch + 1 :]) if len(sizes) == rank + 1 else None


def _shapes_listed(shapes: Sequence[tuple[int, ...]]) -> str:
    words = ", ".join(map(str, shapes))
    return f"({words})" if len(shapes) > 1 else words


def _by_name(module: Any, given: Mapping[str, Any]) -> tuple[tuple[str, Shape], ...]:
    known = signature(module.forward).parameters.values()
    names = [one.name for one in known if one.kind not in (Parameter.VAR_POSITIONAL, Parameter.VAR_KEYWORD)]
    unknown = next((name for name in given if name not in names), None)
    if unknown is not None:
        raise ModelError(f"PyTorch: the model's forward takes no {unknown!r}; it takes {', '.join(names) or 'nothing'}")
    return tuple((name, _shape(module, given[name])) for name in names if name in given)


def _shape(module: Any, sizes: Any) -> Shape:
    _refuse_tensor(module, sizes)
    if not isinstance(sizes, tuple | list) or not sizes:
        raise ModelError(f"PyTorch: the shape of an input is a tuple of sizes, got {sizes!r}")
    try:
        dims: tuple[Term, ...] = tuple(_SIZE.coerce(size) for size in sizes)
    except SymnetError as refused:
        raise ModelError(f"PyTorch: a size of the input: {str(refused).splitlines()[0]}") from None
    if len(dims) != 2:
        return Shape(dims, VECTOR if len(dims) == 1 else CHANNELS_FIRST)
    first = _first(module)
    windows = first is None or ".conv." in forward_key(type(first))
    return Shape(dims, CHANNELS_FIRST if windows else SEQUENCE)


#: The modules that determine the shape they read.
_READERS = (
    "torch.nn.modules.conv.Conv",
    "torch.nn.modules.linear.Linear",
    "torch.nn.modules.sparse.",
    "torch.nn.modules.rnn.",
)


def _first(module: Any) -> Any:
    """The first module that determines the shape it reads."""
    return next((part for part in module.modules() if forward_key(type(part)).startswith(_READERS)), None)


def guessed_shapes(module: Any) -> tuple[Shape, ...]:
    """The input of the first module with parameters: channels and axes for a convolution, features for a dense layer."""
    first = _first(module)
    key = "" if first is None or has_open_sizes(first) else forward_key(type(first))
    if key.startswith("torch.nn.modules.conv.Conv"):
        axes = len(first.kernel_size)
        return (Shape((integer(first.in_channels), *map(Symbol, AXIS_NAMES[axes])), CHANNELS_FIRST),)
    if key == "torch.nn.modules.linear.Linear":
        return (Shape((integer(first.in_features),), VECTOR),)
    if key == "torch.nn.modules.sparse.Embedding":
        return (Shape((Symbol("T"),), VECTOR),)
    if key.startswith("torch.nn.modules.rnn."):
        return (Shape((Symbol("T"), integer(first.input_size)), SEQUENCE),)
    raise ModelError(
        "PyTorch: what comes in cannot be told from the first layer; say it: --input 3*224*224 (input=(3, 224, 224))"
    )
