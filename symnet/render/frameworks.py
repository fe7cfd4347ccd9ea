"""A kind of layer in a framework: its own argument names, defaults, refusals; and how it is written in the others."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from symnet.docstrings import docstring
from symnet.errors import LayerError
from symnet.frameworks.calls import printed
from symnet.frameworks.convention import TITLES, Convention
from symnet.frameworks.tables import CONVENTIONS
from symnet.kernel.theorem import Theorem
from symnet.layers.base import Layer
from symnet.layers.fields import FieldSpec
from symnet.layers.law import Law
from symnet.layers.padding import SAME, VALID, Padding
from symnet.layers.penalized import in_order
from symnet.layers.shape import Shape
from symnet.notation.parse import parse_network
from symnet.notation.writer import write_shape
from symnet.render.code.framework_calls import Written, written
from symnet.render.document import Block, Bullets, Code, Heading, Inline, Line, Paragraph, Row, Table, line
from symnet.render.phrases import documented, unmarked
from symnet.terms.term import integer

__all__ = ["framework_data", "framework_laws", "in_framework", "in_the_others"]

#: Fields of every layer that are no argument anywhere.
_OURS = ("name", "framework", "rank")


def in_framework(kind: type[Layer], framework: str) -> list[Block]:
    """The call, its arguments and what it refuses. Raises :class:`LayerError` where nothing is known of it."""
    title, convention = TITLES[framework], _convention(kind, framework)
    if convention is None or not convention.target:
        return [Heading(2, (f"In {title}",)), Paragraph((f"{title} has no such layer.",))]
    blocks: list[Block] = [
        Heading(2, (f"In {title}",)),
        Paragraph((Code(_call(convention)), ", defined in ", Code(convention.source), ".")),
        _arguments(kind, convention, title),
    ]
    refusals: list[Line] = [(f"{title} has {words}.",) for words in dict.fromkeys(convention.lacks.values())]
    refusals += [documented(docstring(rule).rstrip(".") + ".") for rule in convention.rules]
    if refusals:
        blocks += [Heading(2, ("What it refuses",)), Bullets(tuple(refusals))]
    return blocks


def in_the_others(kind: type[Layer]) -> list[Block]:
    """Layers of this kind as every framework writes them, or why it cannot."""
    blocks: list[Block] = []
    for layer, shape in _samples(kind):
        if not blocks:
            blocks.append(Heading(2, ("Written in each framework",)))
        blocks.append(Paragraph((Code(f"{write_shape(shape)} -> {layer.notation}"), ":")))
        rows = [(TITLES[framework], written(layer, framework, shape)) for framework in TITLES]
        blocks.append(Bullets(tuple((f"{title}: ", *_said(found)) for title, found in rows)))
    return blocks


def framework_laws(kind: type[Layer], framework: str) -> list[Law]:
    """The laws that the framework's conventions come to, on the samples and with its padding modes."""
    found: dict[Theorem, Law] = {}
    for layer, shape in _samples(kind):
        variants = [layer]
        if isinstance(getattr(layer, "padding", None), Padding):
            variants += [_with(layer, padding=Padding(mode)) for mode in (VALID, SAME)]
        for variant in variants:
            try:
                maps = replace(variant, framework=framework).apply((shape,)).maps
            except LayerError:
                continue
            for map_ in maps:
                if map_ is not None:
                    found.setdefault(map_.law.theorem, map_.law)
    return list(found.values())


def framework_data(kind: type[Layer], framework: str) -> dict[str, Any]:
    """The same as JSON."""
    convention = _convention(kind, framework)
    data: dict[str, Any] = {"framework": framework, "call": None, "source": None, "arguments": [], "refuses": []}
    if convention is not None and convention.target:
        data |= {"call": _call(convention), "source": convention.source}
        data["arguments"] = [
            {"name": name, "theirs": theirs, "default": _default(kind, name, convention)}
            for name, theirs in convention.arguments.items()
        ]
        data["refuses"] = list(dict.fromkeys(convention.lacks.values()))
        data["refuses"] += [unmarked(docstring(rule)) for rule in convention.rules]
    data["written"] = [
        {
            "layer": layer.notation,
            "input": write_shape(shape),
            **{
                other: {"calls": list(map(printed, found.calls)), "why": found.why, "source": found.source}
                for other, found in ((other, written(layer, other, shape)) for other in TITLES)
            },
        }
        for layer, shape in _samples(kind)
    ]
    return data


def _convention(kind: type[Layer], framework: str) -> Convention | None:
    if kind.kind not in CONVENTIONS:
        raise LayerError(
            f"{kind.kind}: no convention of {TITLES[framework]} is recorded; it is the same layer everywhere"
        )
    return CONVENTIONS[kind.kind].get(framework)


def _call(convention: Convention) -> str:
    """``torch.nn.Conv2d``: with the number of axes of a picture, where it depends on that."""
    return convention.target.format(rank=2)


def _default(kind: type[Layer], name: str, convention: Convention) -> str | None:
    """What holds where the argument is left out; ``None`` where it must be given."""
    spec = _specs(kind).get(name)
    if name in convention.always:
        return None
    if name in convention.defaults:
        value = convention.defaults[name]
        return ("yes" if value else "no") if isinstance(value, bool) else str(value)
    if spec is None or spec.required:
        return None
    return "" if spec.default is None else spec.show(spec.coerce(spec.default))


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


def _samples(kind: type[Layer]) -> Iterator[tuple[Layer, Shape]]:
    """The worked examples that are one layer; and, where windows have a stride, the case that frameworks differ in most:
    SAME with a stride of 2.
    """
    first: tuple[Layer, Shape] | None = None
    for example in kind.examples:
        graph = parse_network(f"{example.input} -> {example.notation}")
        if len(graph.nodes) == 1 and len(graph.nodes[0].sources) == 1:
            sample = graph.nodes[0].layer, graph.input
            first = first or sample
            yield sample
    if first is None or kind.kind == "Deconv":
        return
    layer = first[0]
    if isinstance(getattr(layer, "padding", None), Padding) and getattr(layer, "kernel", None):
        yield _with(layer, stride=(integer(2),), padding=Padding(SAME)), first[1]


def _with(layer: Layer, **values: Any) -> Layer:
    return replace(layer, **values)


def _said(found: Written) -> list[Inline]:
    if not found.calls:
        return [f"cannot: {found.why}"]
    parts: list[Inline] = []
    for call in found.calls:
        parts += [", then " if parts else "", Code(printed(call))]
    return [*line(*parts), f" ({found.why})"] if found.why else list(line(*parts))
