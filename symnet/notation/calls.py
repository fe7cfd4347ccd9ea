"""Reads a layer that is written as a framework's code calls it, ``nn.Conv2d(3, 8, 3, padding=1)``, with that framework's meaning."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from symnet.errors import NotationError
from symnet.frameworks.convention import KERAS, TORCH
from symnet.frameworks.tables import CONVENTIONS
from symnet.layers.declaration.base import Layer
from symnet.layers.declaration.fields import FieldSpec
from symnet.layers.declaration.registry import HOMES, lookup
from symnet.layers.declaration.shape import CHANNELS_FIRST, CHANNELS_LAST
from symnet.notation.argument_values import READERS, Pieces, unknown_activation
from symnet.notation.layer_arguments import Argument, Draft, field_named, require_all, unknown_kind
from symnet.notation.outline import LayerText, Source, Span, quoted
from symnet.notation.signatures import (
    ALWAYS,
    DATA_FORMAT,
    INSTEAD,
    PREFIXES,
    Parameter,
    classes,
    signature,
    starts_numbers,
)
from symnet.notation.splitting import commas, inner

__all__ = ["bind_call"]

_KEYWORD = re.compile(r"([^\W\d]\w*)\s*=(?!=)\s*")
_NONE = re.compile(r"\bNone\b")
#: What functions of tensors stand behind in code.
_FUNCTIONS = ("F", "torch", "tf", "tf.nn", "nn.functional", "torch.nn.functional", "ops", "keras.ops", "np")


def bind_call(source: Source, layer: LayerText) -> Draft:
    """The draft of a called layer. A class that PyTorch and Keras both have is the one that has these arguments. Raises
    :class:`symnet.NotationError` if both have them, with different results.
    """
    start, end = layer.parts[0]
    prefix, _, name = re.sub(r"\s", "", source.code[start:end]).rpartition(".")
    framework = PREFIXES.get(prefix)
    if framework is None and (prefix == "self" or prefix.startswith("self.")):
        raise unknown_kind(source, start, end)
    if framework is None and prefix in _FUNCTIONS and lookup(name):
        raise source.error(f"{prefix}.{name}(…) is a function of tensors: a network has its layer", start, name)
    if framework is None and prefix not in ("", "symnet"):
        raise source.error(f"unknown prefix {quoted(prefix)}: nn. stands for PyTorch, layers. for Keras", start)
    searched = (TORCH, KERAS) if not prefix else () if framework is None else (framework,)
    calls = [_Call(source, layer, each, name) for each in searched if signature(each, name) is not None]
    if not calls:
        return _own(source, layer, name, searched)
    drafts: list[Draft] = []
    refused: list[NotationError] = []
    for call in calls:
        try:
            drafts.append(call.draft())
        except NotationError as error:
            refused.append(error)
    if not drafts:
        raise refused[0]
    if len(drafts) > 1:
        if _all_values(drafts[0]) != _all_values(drafts[1]):
            both = f"write nn.{name}(…) of PyTorch or layers.{name}(…) of Keras"
            raise source.error(f"{name} is a layer of both, and here it is not the same: {both}", start)
        drafts[0].preset = {key: value for key, value in drafts[0].preset.items() if key != "framework"}
    return drafts[0]


def _all_values(draft: Draft) -> dict[str, Any]:
    """The values of all fields that differ from the kind's own defaults."""
    defaults = CONVENTIONS[draft.kind.kind][draft.preset["framework"]].defaults
    own = {name: value for name, value in draft.preset.items() if name != "framework"}
    return {**defaults, **own, **{argument.spec.name: argument.value for argument in draft.arguments}}


def _own(source: Source, layer: LayerText, name: str, searched: tuple[str, ...]) -> Draft:
    """Returns the draft of one of symnet's own kinds with its arguments in parentheses, as in Python."""
    start, end = layer.parts[0]
    named_kind = lookup(name)
    if named_kind is not None and name in (*HOMES, named_kind[0].kind) and (not searched or len(searched) == 2):
        kind, preset = named_kind
        order = tuple(Parameter(spec.name, spec.name) for spec in kind.specs() if spec.positional)
        return _Call(source, layer, "", name, kind, preset, order).draft()
    class_names = [one for each in searched or (TORCH, KERAS) for one in classes(each)]
    near = get_close_matches(name, class_names, n=1, cutoff=0.8)
    if near and near[0] != name:
        raise source.error(f"unknown layer {quoted(name)}", start, near[0])
    if named_kind is not None:
        example = f", as in {named_kind[0].examples[0].notation}" if named_kind[0].examples else ""
        arguments = [source.code[first:last].strip() for first, last in layer.parts[1:]]
        if name.islower() and all(
            re.fullmatch(r"\w+", argument) for argument in arguments
        ):  # no class, whose order may be another
            example = f": {'|'.join((named_kind[0].kind, *arguments))}"
        raise source.error(f"the arguments of {name}(…) are not known: write them between bars{example}", start)
    raise unknown_kind(source, start, end)


@dataclass
class _Call:
    """A call, read with one framework's signature."""

    source: Source
    layer: LayerText
    framework: str
    name: str
    kind: type[Layer] | None = None
    preset: Mapping[str, Any] | None = None
    order: tuple[Parameter, ...] = ()

    def draft(self) -> Draft:
        start = self.layer.parts[0][0]
        known: dict[str, Parameter] = {}
        if self.framework:
            named_kind, arguments = lookup(self.name), signature(self.framework, self.name)
            if named_kind is None or arguments is None:
                raise self.source.error(f"unknown layer {quoted(self.name)}", start)
            (self.kind, preset), (self.order, known) = named_kind, arguments
            self.preset = {**preset, **ALWAYS[self.framework].get(self.name, {}), "framework": self.framework}
        if self.kind is None or self.preset is None:
            raise self.source.error(f"unknown layer {quoted(self.name)}", start)
        draft = Draft(self.source, start, self.kind, self.preset, [], [])
        used: set[str] = set()
        for position, span in enumerate(self.layer.parts[1:]):
            if span[0] == span[1]:
                raise self.source.error(f"an argument of {self.name} is empty", span[0] - 1)
            keyword = _KEYWORD.match(self.source.code, *span)
            if keyword is None and position >= len(self.order):
                raise self._too_many(span[0])
            parameter = self.order[position] if keyword is None else self._named(keyword, known)
            if parameter.name in used:
                raise self.source.error(f"{self.name} has {parameter.name} twice", span[0])
            used.add(parameter.name)
            value = (keyword.end() if keyword else span[0], span[1])
            if parameter.field == DATA_FORMAT:
                draft.data_format = self._data_format(value)
            else:
                draft.arguments += self._argument(parameter, value)
        for parameter in self.order:
            spec = self._spec(parameter.field)
            if spec is None or parameter.name in used or spec.name in self.preset:
                continue
            if parameter.default not in (None, "None"):
                draft.preset = {**draft.preset, spec.name: spec.coerce(parameter.default)}
            elif spec.required:
                raise self.source.error(f"{self.name} needs {parameter.name} ({spec.doc})", start)
        require_all(draft)
        return draft

    def _too_many(self, at: int) -> NotationError:
        """The error for more values than the call takes; sizes that are one argument are written between bars."""
        most = len(self.order)
        words = [self.source.code[slice(*span)] for span in self.layer.parts[1:]]
        spec = self._spec(self.order[0].field) if most == 1 else None
        plain = spec is not None and spec.kind == "sizes" and not any("=" in word for word in words)
        listed = f"{self.name}(({', '.join(words)}))" if self.framework else f"{self.name}|{'*'.join(words)}"
        suggestion = listed if plain else None
        number = f"{most} argument{'s' * (most != 1)}" if most else "no argument"
        return self.source.error(f"{self.name} takes no more than {number} without a name", at, suggestion)

    def _named(self, keyword: re.Match[str], known: Mapping[str, Parameter]) -> Parameter:
        name = keyword[1]
        if name in known:
            return known[name]
        if not self.framework and self.kind is not None:
            spec = field_named(self.source, self.kind, self.preset or {}, keyword)
            return Parameter(spec.name, spec.name)
        if self.framework == KERAS and starts_numbers(name):
            return Parameter(name, None)
        if name in ("input_shape", "input_dim", "batch_input_shape"):
            raise self.source.error(
                f"{name}: the sizes of the input stand first, as in HWC:224x224x3 -> …", keyword.start()
            )
        near = get_close_matches(name, known, n=1)
        raise self.source.error(
            f"{self.name} has no {quoted(name)} that is known here; it has {', '.join(p.name for p in self.order)}",
            keyword.start(),
            near[0] if near else None,
        )

    def _spec(self, field: str | None) -> FieldSpec | None:
        if field is None or self.kind is None:
            return None
        return next((spec for spec in self.kind.specs() if field == spec.name or field in spec.aliases), None)

    def _data_format(self, span: Span) -> tuple[str, int] | None:
        """The order of sizes that the call asks for, and its position in the text; ``None`` for the network's own order."""
        order = self.source.code[slice(*span)].strip('"')
        if order == "None":
            return None
        if order not in (CHANNELS_FIRST, CHANNELS_LAST):
            near = get_close_matches(order, (CHANNELS_FIRST, CHANNELS_LAST), n=1)
            message = f"data_format is {CHANNELS_FIRST} or {CHANNELS_LAST}, not {quoted(order)}"
            raise self.source.error(message, span[0], near[0] if near else None)
        return order, span[0]

    def _argument(self, parameter: Parameter, span: Span) -> Iterator[Argument]:
        text = self.source.code[slice(*span)]
        if not text:
            raise self.source.error(f"{parameter.name} has no value", span[0])
        plain = text.strip('"')
        if parameter.fixed is not None:
            if plain.lower() != parameter.fixed.lower() and not _equal(plain, parameter.fixed):
                raise self.source.error(self._unsupported(parameter, plain), span[0])
            return
        for spec in filter(None, map(self._spec, (parameter.field, parameter.also))):
            if text[0] != '"' and _NONE.search(text):
                yield from self._none(parameter, spec, span)
            elif text[0] == text[-1] == '"' and len(text) > 1:
                yield from self._valued(spec, (span[0] + 1, span[1] - 1))
            else:
                yield from self._valued(spec, span)

    def _unsupported(self, parameter: Parameter, value: str) -> str:
        """The message for a value that symnet's kind does not have."""
        line = f"{self.name}: {parameter.name} can only be {parameter.fixed} in a call, not {quoted(value)}"
        instead = INSTEAD.get((parameter.name, value.lower()))
        if instead is None or self.kind is None:
            return f"{line}, which computes something else"
        return f"{line}; between bars that is {self.kind.kind}|{instead}|framework={self.framework}"

    def _none(self, parameter: Parameter, spec: FieldSpec, span: Span) -> Iterator[Argument]:
        """``None`` means no for a flag, or the default if that is None; it is never a size."""
        if self.source.code[slice(*span)] == "None":
            if spec.kind == "flag":
                yield Argument(spec, span, "no")
                return
            if spec.name == "biases":
                yield Argument(spec, span, "0")
                return
            if parameter.default == "None" or (not self.framework and spec.default is None):
                return
        keeps = self.kind is not None and "adaptive" in self.kind.kind.lower()
        meaning = ", which keeps the size that comes in: write that size itself" if keeps else ""
        raise self.source.error(f"{self.name}: {parameter.name} cannot be None here{meaning}", span[0])

    def _valued(self, spec: FieldSpec, span: Span) -> Iterator[Argument]:
        text = self.source.code[slice(*span)]
        if spec.name == "biases":  # as many as the framework has, or none
            if text.lower() in ("false", "0"):
                yield Argument(spec, span, "0")
        elif spec.kind in ("count", "sizes"):
            if self.source.code[span[0] - 1] == '"':
                raise self.source.error(f"{spec.name} is a number, not {text!r}", span[0])
            inside = inner(self.source.code, span) if spec.kind == "sizes" else None
            pieces = commas(self.source.code, inside) if inside else [span]
            yield Argument(spec, span, [(piece,) for piece in pieces])
        elif spec.kind == "padding":
            yield Argument(spec, span, self._padding(spec, span))
        else:
            unknown, near = unknown_activation(spec, text)
            if unknown:
                raise self.source.error(f"{self.name}: unknown activation {quoted(text)}", span[0], near)
            yield Argument(spec, span, text)

    def _padding(self, spec: FieldSpec, span: Span) -> str | Pieces:
        """Amounts in parentheses are one for each axis; pairs are before and after."""
        inside = inner(self.source.code, span)
        if inside is None:
            return READERS["padding"](self.source, spec, span)
        amounts_of_axes: Pieces = []
        for piece in commas(self.source.code, inside):
            pair = inner(self.source.code, piece)
            amounts_of_axes.append((piece,) if pair is None else tuple(commas(self.source.code, pair)))
        if self.framework == TORCH and spec.required:  # ZeroPad2d((left, right, top, bottom)) begins with the last axis
            amounts = [piece for pair in amounts_of_axes for piece in pair]
            if len(amounts) % 2:
                raise self.source.error("padding is (left, right, top, bottom), the last axis first", span[0])
            return [tuple(amounts[place : place + 2]) for place in range(len(amounts) - 2, -1, -2)]
        if any(len(pair) > 2 for pair in amounts_of_axes) or not self.framework:
            return READERS["padding"](self.source, spec, span)
        return amounts_of_axes


def _equal(text: str, number: str) -> bool:
    try:
        return float(text) == float(number)
    except ValueError:
        return False
