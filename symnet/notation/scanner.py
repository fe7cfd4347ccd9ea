"""Finds the outline of notation: the positions of lets, input, layers, labels, repeats and target. Nothing is interpreted here.

    question  =  network, [ "=", target ] ;
    network   =  { "let", name, "=", expression, ( newline | ";" ) }, input, { "@", label }, "->", chain ;
    chain     =  item, { "->", item } ;
    item      =  ( layer | { "@", label } | count, "*", "[", chain, "]" ), { "@", label } ;
    layer     =  kind, { "|", [ name, "=" ], value } | class, "(", [ [ name, "=" ], value, { ",", … } ], ")" ;

``->`` may be ``→``; ``#`` starts a comment; a line may break between any two words.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from symnet.errors import NotationError
from symnet.notation.outline import Item, Label, LayerText, Let, Outline, Repeat, Source, Span, quoted
from symnet.notation.splitting import commas

__all__ = ["MISSING_INPUT", "scan"]

#: The largest number of nested repeats.
NESTING = 50

#: The depth of nested lists of sizes: [[1, 1], [2, 2]].
LISTS = 2

#: The longest target shape, in characters.
SHAPE_LENGTH = 200

MISSING_INPUT = "the input is missing: its sizes come first, as in (1*28*28) -> Conv|32|5*5"
_NOT_CLOSED = "this parenthesis is not closed"
_LET_LINE = "a let ends with its line or at ';', before the input"
_CODE = (
    "the input is missing: its sizes come first, then the layers one after another, as in (3*32*32) -> nn.Conv2d(3, 8, 3) -> "
    "nn.ReLU()"
)
_NO_MODEL = (
    "this is neither a network nor a file: a model is named with its module, as in torchvision.models:resnet18, with --import; a "
    "network is an input and layers, as in 784 -> FC|10"
)
_MISSING_LAYERS = "the network has no layers: they follow the input, as in 784 -> FC|10"

#: What looks like the name of a file: an ending of letters, or a slash before a name.
_FILE_NAME = re.compile(r"[\w.~/\\: -]*(?:[\w~ -]\.[A-Za-z]\w{0,9}|[\w.~]/[A-Za-z][\w.-]+)", re.ASCII)
_NO_FILE = (
    "this looks like the name of a file, and is no network: a file of notation ends in .net, and Network.parse takes the "
    "text of one, not its name"
)

_QUOTED = r'"(?:[^"\\\n]|\\.)*"'
_COMMENT = re.compile(rf"{_QUOTED}|#[^\n]*")
#: Sizes in square brackets, as Python and ONNX print them; the text before decides whether it is a repeat.
_LIST = re.compile(r"\[([^][|@>→]*)\]")
_SINGLE_QUOTED = re.compile(r"(?<=[(,=|])(\s*)'([^'\"\\\n]*)'")
#: The beginning of a layer that is written as a call.
_CALL = re.compile(r"\s*(?:[^\W\d]\w*\s*\.\s*)*[^\W\d]\w*\s*\(")
_MARK = re.compile(rf'->|→|[][()|@=]|{_QUOTED}|"')
_ARROWS = ("->", "→")
_SPACE = re.compile(r"\s*")
_PARENTHESIS = re.compile(r"[()]")
_LET = re.compile(r"\s*let\b\s*")
_LET_END = re.compile(r"[()\n;]|(?<!\S)let\b|->|→")
_LABEL = re.compile(r"\s*([\w.]+)")
_NAME = re.compile(r"[^\W\d]\w*")
_KEYWORD = re.compile(r"\s*([^\W\d]\w*)(\s*)$")
_TIMES_SIGNS = ("*", "×", "x")
_TIMES = re.compile(r"[*×]|(?<=[\d\s)])x")
#: A text that is a shape, and no value of a single argument.
_SHAPE = re.compile(r"\([^()|]*,[^|]*\)|[^,|()=]+(?:[*x×][^,|()=*x×]+){2,}")
_BEYOND = re.compile(r"=|->|→|[@|[\]]")
_AFTER_SPACE = re.compile(r"\s([^\W\d]\w*)\s*$")
_WORD = re.compile(r"\w+|.")
#: Sizes before a bar, and a word that may be the name of a model.
_SIZES = re.compile(r"\s*\(?\s*\d[\w\s*×,]*\)?\s*")
_MODEL = re.compile(r"[^\W\d]\w{2,}")

#: Whether ``name =`` in a layer begins an argument (and not the target), from the layer's kind, the name, whether there is space,
#: and whether only the value follows.
IsArgument = Callable[[str, str, bool, bool], bool]


def scan(text: str, is_argument: IsArgument) -> Outline:
    r"""The outline of a normalized text. Raises :class:`symnet.NotationError` where the text breaks the grammar.

    >>> outline = scan("let K = 8  # filters\n784 -> FC|K -> 2 * [FC|K] = (8)", lambda kind, name, spaced, last: True)
    >>> [item.source for item in outline.items if isinstance(item, LayerText)], outline.target
    (['FC|K'], (49, 52))
    """
    return _Scanner(text, is_argument).outline()


class _Scanner:
    """Walks once over the signs of the grammar; regular expressions skip the text between them."""

    def __init__(self, text: str, is_argument: IsArgument) -> None:
        self.is_argument = is_argument
        self.code = _COMMENT.sub(lambda m: m[0] if m[0][0] == '"' else " " * len(m[0]), text) if "#" in text else text
        if "'" in self.code:
            self.code = _SINGLE_QUOTED.sub(r'\1"\2"', self.code)
        for _ in range(LISTS if "[" in self.code else 0):
            self.code = _LIST.sub(self._list_as_parentheses, self.code)
        self.source = Source(text, self.code)
        self.error = self.source.error

    def _list_as_parentheses(self, found: re.Match[str]) -> str:
        before = found.string[: found.start()].rstrip(" ")
        starts = (
            not before or before[-1] in "|=:(,[" or (before[-1] == "\n" and not before.rstrip().endswith(_TIMES_SIGNS))
        )
        return f"({found[1]})" if starts else found[0]

    def skip(self, position: int) -> int:
        return _SPACE.match(self.code, position).end()  # type: ignore[union-attr]

    def span(self, start: int, end: int) -> Span:
        start = min(self.skip(start), end)
        return start, start + len(self.code[start:end].rstrip())

    def starts(self, position: int, *marks: str) -> str:
        """The first of ``marks`` that stands at ``position``, or ''."""
        return next((mark for mark in marks if self.code.startswith(mark, position)), "")

    def outline(self) -> Outline:
        lets, position = self.lets()
        start = self.skip(position)
        if start == len(self.code):
            raise self.error("the network is empty: an input, then layers, as in 784 -> FC|10", start)
        end, bars = self.words(start)
        shape = self.span(start, end)
        if bars and (word := _AFTER_SPACE.search(self.code[start : bars[0]])):
            raise self.no_arrow(start + word.start(1))
        if bars and _SIZES.fullmatch(self.code[start : bars[0]]):
            raise self.error("'->' is missing after the input: a bar stands before an argument", bars[0])
        if bars or shape[0] == shape[1] or self.starts(end, "[", "]"):
            raise self.error(MISSING_INPUT, start)
        labels, end = self.labels(end)
        if not self.starts(end, *_ARROWS):
            bare = end == len(self.code) or (self.starts(end, "=") and not self.starts(end, "=>"))
            if bare and _FILE_NAME.fullmatch(self.code[slice(*shape)]):
                raise self.error(_NO_FILE, start)
            if bare and _CALL.match(self.code, start):
                raise self.error(_CODE, start)
            if bare and _MODEL.fullmatch(self.code[slice(*shape)]):
                raise self.error(_NO_MODEL, start)
            raise self.error(_MISSING_LAYERS, end) if bare else self.no_arrow(end)
        items, end = self.chain(end, [])
        return Outline(self.source, lets, shape, labels, items, self.target(end))

    def lets(self) -> tuple[list[Let], int]:
        lets: list[Let] = []
        position = 0
        while match := _LET.match(self.code, position):
            name = _NAME.match(self.code, match.end())
            sign = self.skip(name.end()) if name else match.end()
            if name is None or not self.starts(sign, "="):
                raise self.error("a let is written let K = 32", sign)
            end = sign + 1
            opened: list[int] = []
            while stop := _LET_END.search(self.code, end):
                if stop[0] == "(":
                    opened.append(stop.start())
                elif stop[0] == ")":
                    opened = opened[:-1]
                elif stop[0] in _ARROWS:
                    raise self.error(*(_NOT_CLOSED, opened[-1]) if opened else (_LET_LINE, stop.start()))
                elif not opened or stop[0] == "let":
                    break
                end = stop.end()
            end = stop.start() if stop else len(self.code)
            value = self.span(sign + 1, end)
            if value[0] == value[1]:
                raise self.error(f"let {name[0]} has no value", sign)
            lets.append(Let(name[0], name.start(), value))
            position = end + 1 if stop and stop[0] == ";" else end
        return lets, position

    def words(self, start: int) -> tuple[int, list[int]]:
        """The end of the item at ``start``, and the positions of its bars."""
        code = self.code
        bars: list[int] = []
        opened: list[int] = []
        position = start
        call = _CALL.match(code, start)
        while mark := _MARK.search(code, position):
            sign, at, position = mark[0], mark.start(), mark.end()
            if sign == "(":
                opened.append(at)
            elif sign == ")":
                if not opened:
                    raise self.error("unexpected ')': no parenthesis is open", at)
                opened.pop()
            elif sign == '"':
                raise self.error("this quote is not closed", at)
            elif sign[0] == '"' or (sign == "=" and opened and call and not bars and opened[0] == call.end() - 1):
                continue
            elif opened:
                raise self.inside(opened[-1], mark)
            elif sign == "|":
                bars.append(at)
            elif sign != "=" or not self.keyword(start, at, bars):
                return at, bars
        if opened:
            raise self.error(_NOT_CLOSED, opened[-1])
        return len(code), bars

    def inside(self, opened: int, mark: re.Match[str]) -> NotationError:
        """The error for ``mark`` before the parenthesis at ``opened`` is closed."""
        depth = 0
        for sign in _PARENTHESIS.finditer(self.code, opened):
            depth += 1 if sign[0] == "(" else -1
            if depth == 0:
                return self.error(f"unexpected {mark[0]!r} inside parentheses", mark.start())
        return self.error(_NOT_CLOSED, opened)

    def keyword(self, start: int, at: int, bars: list[int]) -> bool:
        """Returns whether the ``=`` at ``at`` belongs to an argument ``name=value``."""
        if not bars:
            return False
        name = _KEYWORD.match(self.code[bars[-1] + 1 : at])
        if name is None:
            return False
        spaced = bool(name[2]) or self.code[at + 1 : at + 2].isspace()
        if not spaced and len(name[1]) <= 2 and len(self.code) - at <= SHAPE_LENGTH:
            spaced = bool(_SHAPE.fullmatch(self.code[at + 1 :].rstrip()))
        kind = self.code[start : bars[0]].strip()
        return self.is_argument(kind, name[1], spaced, _BEYOND.search(self.code, at + 1) is None)

    def labels(self, position: int) -> tuple[list[Label], int]:
        """The labels from ``position`` on, and the position of the next word."""
        labels: list[Label] = []
        position = self.skip(position)
        while self.starts(position, "@"):
            name = _LABEL.match(self.code, position + 1)
            if name is None:
                raise self.error("a label's name is missing after '@'", position)
            labels.append(Label(name[1], name.start(1)))
            position = self.skip(name.end())
        return labels, position

    def chain(self, arrow: int, brackets: list[int]) -> tuple[list[Item], int]:
        """The items after the arrow or bracket at ``arrow``, and the position where they end: at ``]``, ``=`` or the end."""
        items: list[Item] = []
        while True:
            position = self.skip(arrow + (self.starts(arrow, *_ARROWS, "[") == "->") + 1)
            if position == len(self.code) or self.starts(position, *_ARROWS, "=", "]", "|"):
                before = "[" if self.starts(arrow, "[") else "->"
                next_sign = self.starts(position, *_ARROWS) or self.code[position : position + 1]
                after = quoted(next_sign) if next_sign else "the end"
                raise self.error(f"a layer is missing between {quoted(before)} and {after}", arrow)
            if not self.starts(position, "@"):
                item, position = self.item(position, brackets)
                items.append(item)
            labels, position = self.labels(position)
            items += labels
            if not self.starts(position, *_ARROWS):
                break
            arrow = position
        if position == len(self.code) or self.starts(position, "="):
            if brackets:
                raise self.error("this bracket is not closed", brackets[-1])
        elif not self.starts(position, "]"):
            raise self.no_arrow(position)
        elif not brackets:
            raise self.error("unexpected ']': no bracket is open", position)
        return items, position

    def item(self, start: int, brackets: list[int]) -> tuple[Item, int]:
        if _LET.match(self.code, start):
            raise self.error("a let stands before the input", start)
        end, bars = self.words(start)
        if not self.starts(end, "["):
            if not bars and (call := self.call(start, end)):
                return call, end
            starts = [start, *(bar + 1 for bar in bars)]
            parts = [self.span(left, right) for left, right in zip(starts, [*bars, end], strict=True)]
            return LayerText(start, self.code[start:end].rstrip(), parts), end
        before = self.span(start, end)
        times = before[1] - 1
        count = self.span(start, times)
        if bars or not _TIMES.match(self.code, times) or count[0] == count[1]:
            raise self.error("unexpected '[': a repeat is written 3 * [ … ], other brackets are ( and )", end)
        if len(brackets) == NESTING:
            raise self.error(f"more than {NESTING} repeats inside each other", end)
        items, close = self.chain(end, [*brackets, end])
        return Repeat(start, count, items), close + 1

    def call(self, start: int, end: int) -> LayerText | None:
        """The layer that is written as a call, ``nn.Conv2d(3, 8, padding=1)``, or ``None``."""
        opening = _CALL.match(self.code, start)
        last = self.span(start, end)[1]
        if opening is None or self.code[last - 1] != ")":
            return None
        inside = self.span(opening.end(), last - 1)
        parts = commas(self.code, inside) if inside[0] < inside[1] else []
        return LayerText(start, self.code[start:last], [self.span(start, opening.end() - 1), *parts], call=True)

    def target(self, sign: int) -> Span | None:
        if sign == len(self.code):
            return None
        target = self.span(sign + 1, len(self.code))
        if target[0] == target[1]:
            raise self.error("the target is missing after '=', as in = (64, 112, 112)", sign)
        if self.starts(sign + 1, "="):
            raise self.error("a target stands after one =, as in = (64, 112, 112)", sign + 1)
        opened: list[int] = []
        for parenthesis in _PARENTHESIS.finditer(self.code, target[0]):
            opened = [*opened, parenthesis.start()] if parenthesis[0] == "(" else opened[:-1]
        if opened:
            raise self.error(_NOT_CLOSED, opened[-1])
        if second := _BEYOND.search(self.code, target[0]):
            raise self.error(f"unexpected {second[0]!r}: the target ends a question", second.start())
        return target

    def no_arrow(self, position: int) -> NotationError:
        word = _WORD.match(self.code, position)
        return self.error(f"'->' is missing before {quoted(word[0] if word else '')}", position)
