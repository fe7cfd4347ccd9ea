"""Reads notation: text to graphs.

    (1*28*28) -> Conv|32|5*5|1 -> Maxpool|2*2 -> Conv|32|3*3|1 -> Maxpool|2*2 -> FC|256 -> FC|10

* A label names an output. At the top level it is used once; in a repeat it is local to each repetition, unless the name exists
  outside: then it moves to the new output. ``input`` names the input.
* ``@a`` as an item of its own names the current output: ``3 * [@a -> Conv|64|3|1|1 -> Add|a]``.
* A label that begins with ``_``, or is local to a repeat, is not kept in the graph.
* A symbol has the same lower bound everywhere (:mod:`symnet.notation.symbols`).
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
from symnet.notation.outline import Outline, normalized
from symnet.notation.scanner import scan
from symnet.terms.term import Symbol, Term

__all__ = ["INPUT", "Question", "named_file", "parse_network", "parse_question", "split_target"]

#: The target ``= input``: the network's own input shape.
INPUT: Final = "input"

#: The name of a file, or of a factory of models as module:factory, in place of a network.
_NAME = r"[A-Za-z_][\w.]*"
_FILE = re.compile(rf"\s*([^\n]*?\.(?:net|keras|onnx|py(?::{_NAME})?)|[a-z_][\w.]*:{_NAME})\s*(?:$|=(?!=))")


@dataclass(frozen=True)
class Question:
    """A network and a target shape: sizes with ``None`` for any size, ``INPUT`` for the input's own shape, or ``None`` without one.

    ``counts`` are the symbols that count repeats. As long as there are any, ``graph`` has each repeated part once, and
    :meth:`repeated` writes it out.
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


def _question_with_counts(outline: Outline, source: str) -> Question:
    builder = GraphBuilder(outline)
    counts = builder.counts()
    if not counts:
        return _question(builder, source)
    once = _question(GraphBuilder(outline, dict.fromkeys((symbol.name for symbol in counts), 1)), source)
    return replace(once, counts=counts, outline=outline)


def parse_network(text: str) -> Graph:
    """The graph that ``text`` describes. Raises :class:`symnet.NotationError`, which points at the first wrong character.

    >>> graph = parse_network("(1*28*28) -> Conv|32|5*5|1 -> Maxpool|2*2 -> FC|10")
    >>> graph.names(), graph.nodes[1].layer.notation
    (('conv1', 'maxpool1', 'dense1'), 'Maxpool|2*2')
    """
    builder = GraphBuilder(scan(normalized(text), lambda kind, name, spaced, last: True))
    if builder.target_span is not None:
        sign = builder.source.code.rindex("=", 0, builder.target_span[0])
        raise builder.source.error("unexpected '=': an argument is name=value, and a target makes it a question", sign)
    return builder.graph()


def parse_question(text: str, load: Callable[[str], str] | None = None) -> Question:
    """The network and the target of a question; ``load`` reads the network's file if the text names one. The number of repetitions may
    be a symbol. Raises :class:`symnet.NotationError`.

    >>> parse_question("(3,224,224) -> Conv|64|7*7|S|3 = (64, _, 112)").target
    (<Int 64>, None, <Int 112>)
    """
    text = normalized(text)
    file_and_target = named_file(text)
    if file_and_target is None:
        return _question_with_counts(scan(text, is_argument), text)
    name, target = file_and_target
    start = text.index(name)
    if load is None:
        raise NotationError("a network's file cannot be read here: write the network itself", text, start)
    try:
        content = normalized(load(name))
    except OSError as refused:
        raise NotationError(f"cannot read {name}: {refused.strerror or refused}", text, start) from None
    if target and scan(content, is_argument).target is not None:
        raise NotationError(f"{name} has a target already", text, text.rindex(target))
    # the target is parsed together with the network, so that their symbols are the same
    return _question_with_counts(scan(f"{content.rstrip()}\n= {target}" if target else content, is_argument), text)


def named_file(text: str) -> tuple[str, str] | None:
    """The file or factory that stands for the network, and the target after it ('' if there is none); ``None`` for notation.

    >>> named_file("examples/resnet50.net = (_, 7, 7)"), named_file("784 -> FC|10"), named_file("models/net.py:Net")
    (('examples/resnet50.net', '(_, 7, 7)'), None, ('models/net.py:Net', ''))
    """
    text = normalized(text)
    file = _FILE.match(text)
    return None if file is None or "->" in file[1] else (file[1], text[file.end() :].strip())


def split_target(text: str) -> tuple[str, str]:
    """The network of a question and its target as texts; the target is '' if there is none.

    >>> split_target("(3,224,224) -> Conv|64|7*7|S|3 = (64, _, 112)")
    ('(3,224,224) -> Conv|64|7*7|S|3', '(64, _, 112)')
    """
    # without a space it is a wrong argument name, which is reported as such
    outline = scan(
        normalized(text), lambda kind, name, spaced, last: not spaced or is_argument(kind, name, spaced, last)
    )
    if outline.target is None:
        return text, ""
    start, end = outline.target
    code = outline.source.code
    return outline.source.text[: code.rindex("=", 0, start)].rstrip(), " ".join(code[start:end].split())
