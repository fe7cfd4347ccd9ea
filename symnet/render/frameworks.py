"""A kind of layer in a framework: its arguments, defaults and refusals there; and how the other frameworks write it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from symnet.docstrings import docstring
from symnet.errors import LayerError
from symnet.frameworks.convention import TITLES, Convention
from symnet.frameworks.tables import CONVENTIONS
from symnet.kernel.theorem import Theorem
from symnet.layers.declaration.base import Layer
from symnet.layers.declaration.fields import FieldSpec
from symnet.layers.declaration.penalized import in_order
from symnet.layers.laws.law import Law
from symnet.layers.laws.padding import SAME, VALID, Padding
from symnet.network.network import Network
from symnet.network.propagate import Placed
from symnet.notation.writer import write_shape
from symnet.render.code.one_layer import Lines, lines_of
from symnet.render.document import Block, Bullets, Code, Heading, Inline, Line, Paragraph, Row, Table, line
from symnet.render.phrases import documented, unmarked
from symnet.terms.term import integer

__all__ = ["framework_data", "framework_laws", "in_framework", "in_the_others", "samples"]

#: Fields of every layer that are no argument in any framework.
_OURS = ("name", "framework", "rank")


def in_framework(kind: type[Layer], framework: str) -> list[Block]:
    """The framework's call, its arguments and its refusals; or that there is no such layer, and what to use instead."""
    title, convention = TITLES[framework], CONVENTIONS[kind.kind][framework]
    if not convention.target:
        return [
            Heading(2, (f"In {title}",)),
            Paragraph((f"{title} has no such layer.",)),
            Paragraph((f"Instead: {convention.instead}.",)),
        ]
    blocks: list[Block] = [
        Heading(2, (f"In {title}",)),
        Paragraph((Code(_call(convention)), ", defined in ", Code(convention.source), ".")),
    ]
    if convention.arguments or _specs(kind):
        blocks.append(_arguments(kind, convention, title))
    refusals: list[Line] = [(f"{title} has {words}.",) for words in dict.fromkeys(convention.lacks.values())]
    refusals += [documented(docstring(rule).rstrip(".") + ".") for rule in convention.rules]
    if refusals:
        blocks += [Heading(2, ("What it refuses",)), Bullets(tuple(refusals))]
    return blocks


def in_the_others(kind: type[Layer]) -> list[Block]:
    """Layers of this kind as every framework writes them, or why it cannot."""
    blocks: list[Block] = []
    for text, node in samples(kind):
        if not blocks:
            blocks.append(Heading(2, ("Written in each framework",)))
        blocks.append(Paragraph((Code(text), ":")))
        rows = [(TITLES[framework], lines_of(node, framework)) for framework in TITLES]
        blocks.append(Bullets(tuple((f"{title}: ", *_shown(lines)) for title, lines in rows)))
    return blocks


def framework_laws(kind: type[Layer], framework: str) -> list[Law]:
    """The laws under the framework's conventions, for the samples and the padding modes of the framework."""
    laws: dict[Theorem, Law] = {}
    for _, node in samples(kind):
        layer, shapes = node.layer, node.inputs
        if layer is None:
            continue
        variants = [layer]
        if isinstance(getattr(layer, "padding", None), Padding) and hasattr(layer, "kernel"):
            variants += [_with(layer, padding=Padding(mode)) for mode in (VALID, SAME)]
        for variant in variants:
            try:
                maps = replace(variant, framework=framework).apply(shapes).maps
            except LayerError:
                continue
            for map_ in maps:
                if map_ is not None:
                    laws.setdefault(map_.law.theorem, map_.law)
    return list(laws.values())


def framework_data(kind: type[Layer], framework: str) -> dict[str, Any]:
    """A kind of layer in a framework as JSON data."""
    convention = CONVENTIONS[kind.kind][framework]
    data: dict[str, Any] = {"framework": framework, "call": None, "source": None, "arguments": [], "refuses": []}
    if convention.target:
        data |= {"call": _call(convention), "source": convention.source}
        data["arguments"] = [
            {"name": name, "theirs": theirs, "default": _default(kind, name, convention)}
            for name, theirs in convention.arguments.items()
        ]
        data["refuses"] = list(dict.fromkeys(convention.lacks.values()))
        data["refuses"] += [unmarked(docstring(rule)) for rule in convention.rules]
    else:
        data["instead"] = convention.instead
    data["written"] = [
        {
            "layer": node.layer.notation if node.layer else "",
            "input": write_shape(node.inputs[0]) if node.inputs else text.partition(" -> ")[0],
            **{
                other: {
                    "calls": list(lines.lines),
                    "why": lines.why,
                    "source": CONVENTIONS[kind.kind][other].source,
                }
                for other, lines in ((other, lines_of(node, other)) for other in TITLES)
            },
        }
        for text, node in samples(kind)
    ]
    return data


def _call(convention: Convention) -> str:
    """The name of the call, ``torch.nn.Conv2d``; a name that depends on the number of axes has that of an image."""
    return convention.target.format(rank=2)


def _default(kind: type[Layer], name: str, convention: Convention) -> str | None:
    """The default of an argument, ``None`` if it is required."""
    spec = _specs(kind).get(name)
    if name in convention.usual:
        return convention.usual[name]
    if name in convention.always:
        return None
    if name in convention.defaults:
        value = convention.defaults[name]
        return ("yes" if value else "no") if isinstance(value, bool) else str(value)
    if spec is None or spec.required:
        return None
    shown = "" if spec.default is None else spec.show(spec.coerce(spec.default))
    return shown[1:-1] if shown.startswith("(-") else shown


def _specs(kind: type[Layer]) -> dict[str, FieldSpec]:
    return {spec.name: spec for spec in in_order(kind) if spec.name not in _OURS}


#: Arguments that are sizes of the input or output, which some frameworks need.
_GIVEN = {"channels": "the channels that come in", "outputs": "the channels that come out", "groups": "groups"}


def _arguments(kind: type[Layer], convention: Convention, title: str) -> Table:
    rows: list[Row] = []
    specs = _specs(kind)
    for name, theirs in convention.arguments.items():
        default = _default(kind, name, convention)
        meaning = specs[name].doc if name in specs else _GIVEN.get(name, "")
        here: Inline = Code(name) if name in specs else ""
        rows.append(Row((_spelled(theirs), (here,), ("required" if default is None else default,), (meaning,))))
    for name, spec in specs.items():
        if name not in convention.arguments:
            lacks = f" ({title} has {convention.lacks[name]})" if name in convention.lacks else ""
            rows.append(Row((("—",), (Code(name),), ("",), (spec.doc + lacks,))))
    return Table(((f"in {title}",), ("here",), ("default",), ("meaning",)), tuple(rows), "llll")


def _spelled(theirs: str) -> Line:
    """An argument's name as code, or words if it is no identifier."""
    return (Code(theirs) if theirs.isidentifier() else theirs,)


def samples(kind: type[Layer]) -> Iterator[tuple[str, Placed]]:
    """The worked examples as texts, each with the first layer of this kind in it; and if windows have a stride, the case in which
    frameworks differ most: SAME with a stride of 2.
    """
    first: Placed | None = None
    for example in kind.examples:
        text = f"{example.input} -> {example.notation}"
        node = _first_of_kind(Network.parse(text), kind)
        if node is not None:
            first = first or node
            yield text, node
    if first is None or first.layer is None or kind.kind in ("Deconv", "ConvLSTM"):
        return
    if isinstance(getattr(first.layer, "padding", None), Padding) and getattr(first.layer, "kernel", None):
        layer = _with(first.layer, stride=(integer(2),), padding=Padding(SAME))
        text = f"{write_shape(first.inputs[0])} -> {layer.notation}"
        node = _first_of_kind(Network.parse(text), kind)
        if node is not None:
            yield text, node


def _first_of_kind(network: Network, kind: type[Layer]) -> Placed | None:
    """The first layer of this kind in the network, or ``None``."""
    return next((node for node in network.placed if node.layer is not None and node.layer.kind == kind.kind), None)


def _with(layer: Layer, **values: Any) -> Layer:
    return replace(layer, **values)


def _shown(lines: Lines) -> list[Inline]:
    if not lines.lines:
        return [f"cannot: {lines.why}"]
    parts: list[Inline] = []
    for text in lines.lines:
        parts += [", then " if parts else "", Code(text)]
    remarks = [lines.why] if lines.why else []
    remarks += [f"symnet code defines {' and '.join(lines.helpers)}"] if lines.helpers else []
    return [*line(*parts), f" ({'; '.join(remarks)})"] if remarks else list(line(*parts))
