"""A call of a framework's function as data: name, positional and named arguments. It is printed when it is shown or
written to a file.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from math import isfinite
from typing import TypeAlias, Union

from symnet.printing.text import text
from symnet.terms.term import Term

__all__ = ["Call", "Name", "Square", "Value", "one_for_all", "printed", "shortened"]


@dataclass(frozen=True)
class Name:
    """A variable, printed without quotes."""

    word: str


@dataclass(frozen=True)
class Square:
    """A list: ``[1, 2]``."""

    entries: tuple[Value, ...]


@dataclass(frozen=True)
class Call:
    """``target(*positional, **named)``, and a method call on its result: ``.requires_grad_(False)``.

    >>> conv = Call("torch.nn.Conv2d", (), (("in_channels", 3), ("out_channels", 8), ("padding_mode", "zeros")))
    >>> print(printed(conv))
    torch.nn.Conv2d(in_channels=3, out_channels=8, padding_mode='zeros')
    >>> print(shortened(conv))
    nn.Conv2d(3, 8, padding_mode="zeros")
    """

    target: str
    positional: tuple[Value, ...] = ()
    named: tuple[tuple[str, Value], ...] = ()
    method: str = ""

    def having(self, **named: Value) -> Call:
        """The call with additional or other named arguments."""
        return replace(self, named=tuple({**dict(self.named), **named}.items()))

    def without(self, *names: str) -> Call:
        """The call without these named arguments."""
        return replace(self, named=tuple(pair for pair in self.named if pair[0] not in names))


#: The value of an argument. A tuple is printed in parentheses.
Value: TypeAlias = Union[Term, str, bool, int, float, "tuple[Value, ...]", Name, Square, Call, None]


def one_for_all(values: tuple[Value, ...]) -> Value:
    """A single value if all are equal: ``kernel_size=3`` for (3, 3)."""
    return values[0] if len(set(values)) == 1 else values


def printed(call: Call, say: Callable[[Term], str] = text, quote: str = "'") -> str:
    """A call as Python text with its full name and all argument names. ``say`` prints symbolic sizes, ``quote``
    encloses strings.
    """
    arguments = [_value(value, say, quote) for value in call.positional]
    arguments += [f"{name}={_value(value, say, quote)}" for name, value in call.named]
    return f"{call.target}({', '.join(arguments)}){call.method}"


def _value(value: Value, say: Callable[[Term], str], quote: str) -> str:
    if isinstance(value, Term):
        return say(value) if value.constant is None else str(value.constant)
    if isinstance(value, Call):
        return printed(value, say, quote)
    if isinstance(value, Name):
        return value.word
    if isinstance(value, str):
        return quote + "".join(_ESCAPED.get(sign, sign) for sign in value) + quote
    if isinstance(value, Square):
        return f"[{', '.join(_value(entry, say, quote) for entry in value.entries)}]"
    if isinstance(value, tuple):
        entries_ = ", ".join(_value(entry, say, quote) for entry in value)
        return f"({entries_}{',' * (len(value) == 1)})"
    if isinstance(value, float) and not isfinite(value):
        return f"float({quote}{value}{quote})"
    return repr(value)


#: Escapes inside string literals.
_ESCAPED = {"\\": "\\\\", "'": "\\'", '"': '\\"', "\n": "\\n", "\r": "\\r"}

#: Prefixes that a file imports under a shorter name.
_SHORT = (("torch.nn.", "nn."), ("keras.layers.", "layers."), ("keras.ops.", "ops."))

#: Arguments whose names are usually omitted if they come first, in this order.
_LEADING = {
    "torch": (
        "in_channels", "out_channels", "num_features", "in_features", "out_features", "num_embeddings", "embedding_dim",
        "input_size", "hidden_size", "normalized_shape", "num_groups", "num_channels", "embed_dim", "num_heads", "output_size",
        "num_parameters",
    ),
    "keras": ("filters", "kernel_size", "pool_size", "units", "input_dim", "output_dim", "output_size"),
}  # fmt: skip


def shortened(call: Call, say: Callable[[Term], str] = text) -> str:
    """A call as it is usually written in a file: short prefixes, leading arguments without names."""
    return printed(_with_short_names(call), say, '"')


def _with_short_names(call: Call) -> Call:
    target = next(
        (short + call.target.removeprefix(long) for long, short in _SHORT if call.target.startswith(long)), call.target
    )
    leading, named, plain = _LEADING.get(call.target.partition(".")[0], ()), dict(call.named), list(call.positional)
    for name, value in call.named:  # leading arguments, in the order of the list
        if name not in leading:
            break
        leading = leading[leading.index(name) + 1 :]
        plain.append(value)
        del named[name]
    inner = {name: _with_short_names(value) if isinstance(value, Call) else value for name, value in named.items()}
    first = tuple(_with_short_names(value) if isinstance(value, Call) else value for value in plain)
    return Call(target, first, tuple(inner.items()), call.method)
