"""Explains the kinds of layers, from their declarations."""

from __future__ import annotations

import json
from collections.abc import Sequence
from difflib import get_close_matches
from typing import Any

from symnet.docstrings import docstring
from symnet.errors import LayerError, NotationError
from symnet.facts.catalogue import fact_names
from symnet.kernel.real.theorem import RealTheorem
from symnet.kernel.theorem import Theorem
from symnet.layers.declaration.base import Example, Layer, Weight
from symnet.layers.declaration.penalized import in_order
from symnet.layers.declaration.registry import KINDS, closest, lookup
from symnet.layers.laws.law import Law
from symnet.network.network import Network
from symnet.printing.text import text, unicode_text
from symnet.render.document import (
    Block,
    Bullets,
    Code,
    Document,
    Heading,
    Line,
    Math,
    Paragraph,
    Row,
    Step,
    Table,
    line,
)
from symnet.render.facts import explain_fact, fact_document, fact_named, is_fact
from symnet.render.frameworks import framework_data, framework_laws, in_framework, in_the_others
from symnet.render.glossary import Word, laws_of, word_named
from symnet.render.markdown import markdown, markdown_blocks
from symnet.render.phrases import documented, entries_of, other_ways, under_conditions, unmarked
from symnet.render.text import plain, terminal, text_blocks

__all__ = ["explain", "explanation", "layers", "theorems_of"]


def explain(name: str, format: str = "text", framework: str | None = None) -> str:
    """The page of a kind of layer, a fact or a word of the field, as ``text``, ``markdown`` or ``json``.

    A kind has its laws with their proofs, worked examples and sources; with ``framework`` that framework's arguments, defaults and
    refusals, and how the same layer is written in the other frameworks. Raises :class:`symnet.NotationError` for an unknown name.
    """
    named_kind = lookup(name)
    if named_kind is not None and format == "json":
        return json.dumps(
            _data(named_kind[0]) | (framework_data(named_kind[0], framework) if framework else {}), indent=1
        )
    if named_kind is None and is_fact(name):
        return explain_fact(name, format)
    word = word_named(name) if named_kind is None else None
    if word is not None and format == "json":
        return json.dumps(_word_data(word), indent=1)
    document = explanation(name, framework)
    return markdown(document) if format == "markdown" else plain(document, terminal())


def explanation(name: str, framework: str | None = None) -> Document:
    """The page of :func:`explain` as a document. Raises :class:`symnet.NotationError` for an unknown name.

    >>> explanation("ReLU").title[0]
    'Activation'
    """
    named_kind = lookup(name)
    if named_kind is not None:
        kind = named_kind[0]
        blocks = _in_framework(kind, framework) if framework else _blocks(kind)
        return Document(line(kind.kind, ": ", *documented(_summary(kind))), tuple(blocks))
    fact = fact_named(name)
    if fact is not None:
        return fact_document(fact)
    word = word_named(name)
    if word is not None:
        return _word_document(word)
    last = name.rpartition(".")[2]  # nn.Conv2d, keras.layers.Conv2D
    if "." in name and lookup(last):
        raise NotationError(f"a layer is named without its module, {name!r}", suggestion=last)
    near = get_close_matches(name.lower(), fact_names(), n=1, cutoff=0.6)
    what = "fact" if near else "layer kind"
    raise NotationError(f"unknown {what} {name!r}", suggestion=near[0] if near else closest(name))


def theorems_of(name: str, framework: str | None = None) -> tuple[Theorem | RealTheorem, ...]:
    """The theorems that the page of :func:`explain` states: the laws of a kind and the count of its parameters, what a fact proves, or
    the laws with a word of the field. Raises :class:`symnet.NotationError` for an unknown name.

    >>> theorems_of("Dense")
    (⊢ (a + 1)*N == N*a + N,)
    """
    named_kind = lookup(name)
    if named_kind is not None:
        kind = named_kind[0]
        if framework:
            return tuple(law.theorem for law in framework_laws(kind, framework))
        laws = _laws([_example(example)[0] for example in kind.examples])
        _, counted = _weight_count(kind)
        return (*(law.theorem for law in laws), *([counted] if counted is not None else []))
    fact = fact_named(name)
    if fact is not None:
        return fact.theorems
    word = word_named(name)
    if word is not None:
        return tuple(law.theorem for _, law in laws_of(word))
    raise NotationError(f"unknown layer kind {name!r}", suggestion=closest(name))


def _word_data(word: Word) -> dict[str, Any]:
    shown = [
        {"network": network, "name": law.name, "law": unicode_text(law.theorem.conclusion)}
        for network, law in laws_of(word)
    ]
    return {"word": word.name, "meaning": list(word.meaning), "laws": shown, "see": list(word.see)}


def _word_document(word: Word) -> Document:
    """The page of a word of the field, with the laws in which it occurs."""
    blocks: list[Block] = [Paragraph((sentence,)) for sentence in word.meaning]
    for number, (network, law) in enumerate(laws_of(word), start=1):
        blocks += [Paragraph((Code(network), ":")), *_law(number, law)]
    if word.see:
        blocks += [Heading(2, ("See also",)), Bullets(tuple((Code(command),) for command in word.see))]
    return Document((word.name,), tuple(blocks))


def _in_framework(kind: type[Layer], framework: str) -> list[Block]:
    blocks = in_framework(kind, framework)
    laws = framework_laws(kind, framework)
    if laws:
        blocks.append(Heading(2, ("Size of an axis",)))
    for number, law in enumerate(laws, start=1):
        blocks += _law(number, law)
    return blocks + in_the_others(kind)


def layers(format: str = "text") -> str:
    """A table of all kinds of layers, as ``text``, ``markdown`` or ``json``."""
    if format == "json":
        return json.dumps([_data(kind) for kind in KINDS], indent=1)
    rows = tuple(Row(((Code(kind.kind),), (_other_names(kind),), documented(_summary(kind)))) for kind in KINDS)
    table = Table((("kind",), ("also",), ("what it does",)), rows, "lll")
    return markdown_blocks((table,), {}) if format == "markdown" else text_blocks((table,), {}, terminal())


def _summary(kind: type[Layer]) -> str:
    return docstring(kind).split("\n")[0].rstrip(".")


def _other_names(kind: type[Layer]) -> str:
    names = [name for name in kind.aliases if name.lower() != kind.kind.lower()]
    return ", ".join(names[:6]) + (", …" if len(names) > 6 else "")


def _data(kind: type[Layer]) -> dict[str, Any]:
    return {
        "kind": kind.kind,
        "aliases": list(kind.aliases),
        "summary": unmarked(_summary(kind)),
        "arguments": [
            {"name": spec.name, "doc": spec.doc, "aliases": list(spec.aliases), "required": spec.required}
            for spec in in_order(kind)
        ],
        "sources": list(kind.sources),
        "examples": [vars(example) for example in kind.examples],
    }


def _blocks(kind: type[Layer]) -> list[Block]:
    paragraphs = [part for part in docstring(kind).split("\n\n")[1:] if ">>>" not in part]
    blocks: list[Block] = [Paragraph(documented(part)) for part in paragraphs]
    blocks += [Heading(2, ("Written",)), _arguments(kind)]
    examples = [_example(example) for example in kind.examples]
    laws = _laws([network for network, _ in examples])
    if laws:
        blocks.append(Heading(2, ("Size of an axis",)))
        for number, law in enumerate(laws, start=1):
            blocks += _law(number, law)
    blocks += _parameters(kind, len(laws) + 1)
    blocks += [Heading(2, ("Examples",)), Bullets(tuple(text for _, text in examples))]
    blocks += [Heading(2, ("Sources",)), Bullets(tuple((source,) for source in kind.sources))]
    return blocks


def _laws(networks: Sequence[Network]) -> tuple[Law, ...]:
    """The laws of all sizes of the networks."""
    maps = (map_ for network in networks for node in network.placed for map_ in node.applied.maps)
    return tuple(dict.fromkeys(map_.law for map_ in maps if map_ is not None))


def _arguments(kind: type[Layer]) -> Table:
    rows = []
    for spec in in_order(kind):
        default = "required" if spec.required else "" if spec.default is None else spec.show(spec.coerce(spec.default))
        rows.append(Row(((Code(spec.name),), (spec.letter,), (default,), (spec.doc,))))
    return Table((("argument",), ("letter",), ("default",), ("meaning",)), tuple(rows), "llll")


def _law(number: int, law: Law) -> list[Block]:
    blocks: list[Block] = [Step(number, under_conditions(law.theorem), line(law.name, ", ", law.source))]
    if law.reason:
        blocks.append(Paragraph((law.reason,)))
    blocks += [Paragraph(line(*way, f" — {meaning}.")) for way, meaning in other_ways(law)]
    if law.affine is not None:
        blocks.append(Paragraph(line("As one floor: ", Math(law.affine.conclusion.args[1]), ".")))
    if law.exact is not None:
        blocks.append(Paragraph(line("Nothing is dropped exactly when ", Math(law.exact), ".")))
    return blocks


def _parameters(kind: type[Layer], number: int) -> list[Block]:
    """Where the formula of the parameters comes from: the arrays, counted."""
    weights, theorem = _weight_count(kind)
    if theorem is None:
        return []
    textbook, entries = theorem.conclusion.args
    shown = Math(textbook) if textbook is entries else Math(theorem.conclusion)
    blocks: list[Block] = [Heading(2, ("Number of parameters",))]
    blocks.append(Step(number, line(shown), entries_of(weights)))
    return [*blocks, Paragraph((kind.parameter_reason,))] if kind.parameter_reason else blocks


def _weight_count(kind: type[Layer]) -> tuple[tuple[Weight, ...], Theorem | None]:
    """The arrays of a kind in letters and the theorem about their entries; ``None`` if it has none, or no one formula."""
    try:
        weights, theorem = kind.in_letters().weight_count
    except (LayerError, NotationError):
        return (), None
    return weights, theorem if weights else None


def _example(example: Example) -> tuple[Network, Line]:
    network = Network.parse(f"{example.input} -> {example.notation}")
    if network.counted().constant != example.parameters:
        raise LayerError(
            f"the example {example.notation} has {text(network.counted())} parameters, not {example.parameters}"
        )
    parts = line(
        Code(f"{example.input} -> {example.notation}"), f" gives {example.output}, {example.parameters:,} parameters",
        f" ({example.source})",
    )  # fmt: skip
    return network, parts
