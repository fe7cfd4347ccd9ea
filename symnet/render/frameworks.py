"""A kind of layer in a framework: its own argument names, defaults, refusals; and how it is written in the others."""

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

#: Fields of every layer that are no argument anywhere.
_OURS = ("name", "framework", "rank")


def in_framework(kind: type[Layer], framework: str) -> list[Block]:
    """The call, its arguments and what it refuses; or that there is none, and what to do instead."""
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
    for text, place in samples(kind):
        if not blocks:
            blocks.append(Heading(2, ("Written in each framework",)))
        blocks.append(Paragraph((Code(text), ":")))
        rows = [(TITLES[framework], lines_of(place, framework)) for framework in TITLES]
        blocks.append(Bullets(tuple((f"{title}: ", *_shown(found)) for title, found in rows)))
    return blocks


def framework_laws(kind: type[Layer], framework: str) -> list[Law]:
    """The laws that the framework's conventions come to, on the samples and with its padding modes."""
    found: dict[Theorem, Law] = {}
    for _, place in samples(kind):
        layer, shapes = place.layer, place.inputs
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
                    found.setdefault(map_.law.theorem, map_.law)
    return list(found.values())


def framework_data(kind: type[Layer], framework: str) -> dict[str, Any]:
    """The same as JSON."""
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
            "layer": place.layer.notation if place.layer else "",
            "input": write_shape(place.inputs[0]) if place.inputs else text.partition(" -> ")[0],
            **{
                other: {
                    "calls": list(found.lines),
                    "why": found.why,
                    "source": CONVENTIONS[kind.kind][other].source,
                }
                for other, found in ((other, lines_of(place, other)) for other in TITLES)
            },
        }
        for text, place in samples(kind)
    ]
    return data


def _call(convention: Convention) -> str:
    """``torch.nn.Conv2d``: with the number of axes of a picture, where it depends on that."""
    return convention.target.format(rank=2)


def _default(kind: type[Layer], name: str, convention: Convention) -> str | None:
    """What holds where the argument is left out; ``None`` where it must be given."""
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


#: Arguments that are sizes of the input or output, where the framework wants to be told.
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
    """An argument's name, or words where it is none."""
    return (Code(theirs) if theirs.isidentifier() else theirs,)


def samples(kind: type[Layer]) -> Iterator[tuple[str, Placed]]:
    """The worked examples, as text, and a layer of this kind in its place in them; and, where windows have a stride, the case
    that frameworks differ in most: SAME with a stride of 2.
    """
    first: Placed | None = None
    for example in kind.examples:
        text = f"{example.input} -> {example.notation}"
        found = _found(Network.parse(text), kind)
        if found is not None:
            first = first or found
            yield text, found
    if first is None or first.layer is None or kind.kind in ("Deconv", "ConvLSTM"):
        return
    if isinstance(getattr(first.layer, "padding", None), Padding) and getattr(first.layer, "kernel", None):
        layer = _with(first.layer, stride=(integer(2),), padding=Padding(SAME))
        text = f"{write_shape(first.inputs[0])} -> {layer.notation}"
        found = _found(Network.parse(text), kind)
        if found is not None:
            yield text, found


def _found(network: Network, kind: type[Layer]) -> Placed | None:
    """The first layer of this kind."""
    return next((place for place in network.placed if place.layer is not None and place.layer.kind == kind.kind), None)


def _with(layer: Layer, **values: Any) -> Layer:
    return replace(layer, **values)


def _shown(found: Lines) -> list[Inline]:
    if not found.lines:
        return [f"cannot: {found.why}"]
    parts: list[Inline] = []
    for text in found.lines:
        parts += [", then " if parts else "", Code(text)]
    remarks = [found.why] if found.why else []
    remarks += [f"symnet code defines {' and '.join(found.helpers)}"] if found.helpers else []
    return [*line(*parts), f" ({'; '.join(remarks)})"] if remarks else list(line(*parts))
