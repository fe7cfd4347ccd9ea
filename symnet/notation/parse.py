"""Notation: text to graphs and back.

    (1*28*28) -> Conv|32|5*5|1 -> Maxpool|2*2 -> Conv|32|3*3|1 -> Maxpool|2*2 -> FC|256 -> FC|10

* A label names an output: at the top level once; in a repeat it is local to each repetition, unless the name stands
  outside already: then it moves on to the new output. ``input`` names the input.
* ``@a`` as an item of its own names what comes in: ``3 * [@a -> Conv|64|3|1|1 -> Add|a]``.
* A label that begins with ``_`` serves inside the text only; the graph keeps neither it nor those local to a repeat.
* A symbol has one sign everywhere (:mod:`symnet.notation.symbols`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Final, Literal

from symnet.errors import NotationError
from symnet.graph import Graph
from symnet.notation.builder import GraphBuilder
from symnet.notation.layer_arguments import is_argument
from symnet.notation.outline import Outline, tidy
from symnet.notation.scanner import scan
from symnet.terms.term import Symbol, Term

__all__ = ["INPUT", "Question", "named_file", "parse_network", "parse_question", "split_target"]

#: The target ``= input``: the network's own input shape.
INPUT: Final = "input"

#: What stands for a network: a file, or a factory of models, module:factory.
_NAME = r"[A-Za-z_][\w.]*"
_FILE = re.compile(rf"\s*([^\n]*?\.(?:net|keras|onnx|py(?::{_NAME})?)|[a-z_][\w.]*:{_NAME})\s*(?:$|=(?!=))")


@dataclass(frozen=True)
class Question:
    """A network and the shape asked for: sizes with ``None`` where anything will do, ``INPUT``, or ``None`` for any.

    ``counts`` are the symbols that say how often a part is repeated. As long as there are any, ``graph`` has such a
    part once, and :meth:`repeated` writes it out.
    """

    graph: Graph
    target: tuple[Term | None, ...] | Literal["input"] | None
    source: str
    counts: tuple[Symbol, ...] = ()
    outline: Outline | None = None

    def repeated(self, counts: Mapping[str, int]) -> Question:
        """The question with numbers for its ``counts``.

        >>> len(parse_question("(1,W) -> N * [Conv|1|3]").repeated({"N": 4}).graph.nodes)
        4
        """
        return self if self.outline is None else _question(GraphBuilder(self.outline, counts), self.source)


def _question(builder: GraphBuilder, source: str) -> Question:
    return Question(builder.graph(), builder.target(INPUT), source)


def _asked(outline: Outline, source: str) -> Question:
    builder = GraphBuilder(outline)
    counts = builder.counts()
    if not counts:
        return _question(builder, source)
    once = _question(GraphBuilder(outline, dict.fromkeys((symbol.name for symbol in counts), 1)), source)
    return replace(once, counts=counts, outline=outline)


def parse_network(text: str) -> Graph:
    """The graph that ``text`` writes, or a :class:`NotationError` that points at the spot.

    >>> graph = parse_network("(1*28*28) -> Conv|32|5*5|1 -> Maxpool|2*2 -> FC|10")
    >>> graph.names(), graph.nodes[1].layer.notation
    (('conv1', 'maxpool1', 'dense1'), 'Maxpool|2*2')
    """
    builder = GraphBuilder(scan(tidy(text), lambda kind, name, spaced, last: True))
    if builder.asked is not None:
        sign = builder.source.code.rindex("=", 0, builder.asked[0])
        raise builder.source.error("unexpected '=': an argument is name=value, and a target makes it a question", sign)
    return builder.graph()


def parse_question(text: str, load: Callable[[str], str] | None = None) -> Question:
    """A network and what is asked of it; ``load`` reads a network's file where its name ends in ``.net``. A part may be
    repeated as often as a symbol says.

    >>> parse_question("(3,224,224) -> Conv|64|7*7|S|3 = (64, _, 112)").target
    (<Int 64>, None, <Int 112>)
    """
    text = tidy(text)
    named = named_file(text)
    if named is None:
        return _asked(scan(text, is_argument), text)
    name, asked = named
    start = text.index(name)
    if load is None:
        raise NotationError("a network's file cannot be read here: write the network itself", text, start)
    try:
        content = tidy(load(name))
    except OSError as refused:
        raise NotationError(f"cannot read {name}: {refused.strerror or refused}", text, start) from None
    if asked and scan(content, is_argument).target is not None:
        raise NotationError(f"{name} has a target already", text, text.rindex(asked))
    # the target is read with the network, so that their symbols are the same
    return _asked(scan(f"{content.rstrip()}\n= {asked}" if asked else content, is_argument), text)


def named_file(text: str) -> tuple[str, str] | None:
    """The file or the factory that stands for the network, and the target after it, if there is one; ``None`` for notation.

    >>> named_file("examples/resnet50.net = (_, 7, 7)"), named_file("784 -> FC|10"), named_file("models/net.py:Net")
    (('examples/resnet50.net', '(_, 7, 7)'), None, ('models/net.py:Net', ''))
    """
    text = tidy(text)
    file = _FILE.match(text)
    return None if file is None or "->" in file[1] else (file[1], text[file.end() :].strip())


def split_target(text: str) -> tuple[str, str]:
    """The network of a question and its target, as they are written; no target where it is a network only.

    >>> split_target("(3,224,224) -> Conv|64|7*7|S|3 = (64, _, 112)")
    ('(3,224,224) -> Conv|64|7*7|S|3', '(64, _, 112)')
    """
    # without a space it is an argument with a name that the layer does not have, and told so
    outline = scan(tidy(text), lambda kind, name, spaced, last: not spaced or is_argument(kind, name, spaced, last))
    if outline.target is None:
        return text, ""
    start, end = outline.target
    code = outline.source.code
    return outline.source.text[: code.rindex("=", 0, start)].rstrip(), " ".join(code[start:end].split())
