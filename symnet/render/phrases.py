"""Turns of phrase that reports repeat: letters and their values, conditions, how a closed form grew."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from fractions import Fraction

from symnet.layers.exactness import drops
from symnet.layers.law import AxisMap
from symnet.network.forms import Form
from symnet.printing.text import unicode_text
from symnet.render.document import Code, Inline, Line, Math, line
from symnet.terms.propositions import Divides, Eq, Le, Proposition
from symnet.terms.term import Product, Sum, Symbol, Term

__all__ = [
    "affine_pattern", "assigned", "bounds", "checked", "documented", "dropped", "equal", "keeps", "listed", "merged", "short",
    "strides", "unmarked",
]  # fmt: skip

#: What docstrings mark: a literal, or a name with its role.
_MARKED = re.compile(r"``(?P<literal>.+?)``|:\w+:`(?P<name>[^`]+)`", re.DOTALL)


def documented(text: str) -> Line:
    """A docstring's text on one line, what it marks as code.

    >>> documented("Sizes as :class:`MaxPool`; no ``axis``.")
    ('Sizes as ', Code(text='MaxPool'), '; no ', Code(text='axis'), '.')
    """
    parts: list[Inline] = []
    text, done = " ".join(text.split()), 0
    for found in _MARKED.finditer(text):
        parts += [text[done : found.start()], Code(found["literal"] or found["name"].rpartition(".")[2])]
        done = found.end()
    return line(*parts, text[done:])


def unmarked(text: str) -> str:
    """The same as text only.

    >>> unmarked("Sizes as :class:`MaxPool`")
    'Sizes as MaxPool'
    """
    return "".join(part.text if isinstance(part, Code) else str(part) for part in documented(text))


#: A longer sum of three numbers or more is written summand by summand, so that a line can end between them.
BREAKS = 40


def equal(written: Term, value: Term) -> Line:
    """``written = value``, of counts."""
    if isinstance(written, Sum) and len(written.args) > 2 and len(unicode_text(written)) > BREAKS:
        parts = [part for summand in written.args for part in (" + ", Math(summand))]
        return line(*parts[1:], " = ", Math(value))
    return (Math(Eq(written, value)),)


def strides(strides: tuple[Term | Fraction, ...]) -> list[Inline]:
    """Said once where all axes step alike."""
    shown: list[Inline] = []
    for stride in strides[:1] if len(set(strides)) == 1 else strides:
        shown += [" × "] if shown else []
        shown.append(str(stride) if isinstance(stride, Fraction) else Math(stride))
    return shown


def bounds(hypothesis: Proposition, base: Term) -> bool:
    """Whether it says ``number ≤ base``."""
    return isinstance(hypothesis, Le) and hypothesis.args[1] is base and hypothesis.args[0].constant is not None


def keeps(map_: AxisMap) -> bool:
    """Whether the output is as large as the input."""
    return map_.offset is not None and [part.constant for part in map_.offset] == [0, 1]


def merged(before: Form, map_: AxisMap, after: Form) -> list[Inline]:
    """How one more layer changes the closed form: ``⌊(⌊(x + a)/m⌋ + b)/n⌋ = ⌊(x + a + b·m)/(m·n)⌋`` with its numbers."""
    numbers = (before.offset, before.divisor, after.offset, after.divisor)
    if map_.offset is None:
        return [("scaling" if map_.scaling else "put in"), ": after ", Math(before.term)]
    if before == Form(before.base):
        return ["the layer's own pair"]
    if before.scale.constant != 1 or any(part.constant is None for part in numbers):
        return ["nested floor: after ", Math(before.term)]
    moved = Eq(Sum(before.offset, Product(map_.offset[0], before.divisor)), after.offset)
    return ["nested floor: ", Math(moved), ", ", Math(Eq(Product(before.divisor, map_.offset[1]), after.divisor))]


def affine_pattern() -> Term:
    """``⌊(x + a)/m⌋``: what the pairs are pairs of."""
    x, a, m = Symbol("x", None), Symbol("a", None), Symbol("m")
    return (x + a) // m


def short(term: Term) -> str:
    """A number, or an ellipsis for what is too long for a reason."""
    return str(term.constant) if term.constant is not None else "…"


def assigned(map_: AxisMap, size: Term | None, symbols: Collection[str], names: Mapping[Term, str]) -> list[Inline]:
    """What is put in for which letters of a law: ``F = 3, S = 1``; ``W := W₁, F := 3`` where a letter of the law is one of the
    network's ``symbols``, so that this is no equation. ``names`` are the display names of sizes."""
    parts: list[Inline] = []
    values = map_.assignment(size or map_.law.symbols[0])
    mistakable = any(symbol.name in symbols and not _same(symbol, term, names) for symbol, term in values.items())
    for symbol, term in values.items():
        if not _same(symbol, term, names):
            shown = (Math(symbol), " := ", Math(term)) if mistakable else (Math(Eq(symbol, term)),)
            parts += [", " if parts else "", *shown]
    return parts or ["the same letters"]


def _same(symbol: Symbol, term: Term, names: Mapping[Term, str]) -> bool:
    return names.get(term, term.name if isinstance(term, Symbol) else "") == symbol.name


def dropped(map_: AxisMap, size: Term) -> str:
    """That a layer leaves out the end of an input of this size, and why; nothing where it does not."""
    exact = map_.exact(size)
    rest = None if exact is None else drops(exact).constant
    if exact is None or not rest:
        return ""
    left, right = (part.constant or 0 for part in exact.args)
    if isinstance(exact, Divides):
        why = f"It does not divide exactly: {right} = {right // left}·{left} + {rest}"
    else:
        why = f"The last window starts {left} entries before the end and spans {right}"
    last = "entry" if rest == 1 else f"{rest} entries"
    where = " of the padded input" if isinstance(exact, Divides) else ""
    return f"{why}, so the last {last}{where} {'is' if rest == 1 else 'are'} dropped."


def listed(propositions: tuple[Proposition, ...]) -> list[Inline]:
    """Propositions with commas between them."""
    parts: list[Inline] = []
    for proposition in propositions:
        parts += [", " if parts else "", Math(proposition)]
    return parts


def checked(conditions: tuple[object, ...]) -> list[Inline]:
    """Conditions that were calculated: ``; 5 ≤ 28 holds``."""
    parts: list[Inline] = []
    for condition in conditions:
        parts += ["; ", Math(condition.conclusion), " holds"]  # type: ignore[attr-defined]
    return parts
