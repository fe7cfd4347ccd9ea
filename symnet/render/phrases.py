"""Phrases that reports share: letters and their values, conditions, and how a closed form changes from layer to layer."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from fractions import Fraction
from typing import Any

from symnet.kernel.theorem import Theorem
from symnet.layers.declaration.base import Weight
from symnet.layers.laws.exactness import drops
from symnet.layers.laws.law import AxisMap, Field, Law, in_order
from symnet.layers.laws.padding import Padding
from symnet.network.axes import AxisProof
from symnet.network.closed_forms import ClosedForm
from symnet.network.domain import domain
from symnet.network.propagate import Placed
from symnet.printing.text import unicode_text
from symnet.render.document import Code, Inline, Line, Math, Shape, line
from symnet.terms.evaluation import evaluate
from symnet.terms.propositions import Divides, Eq, Le, Proposition
from symnet.terms.term import Product, Sum, Symbol, Term, integer

__all__ = [
    "affine_pattern", "as_one_window", "assigned", "bounds", "checked", "divides_padding", "documented", "dropped",
    "elsewhere", "entries_of", "entry_dropped", "equal", "keeps", "listed", "looks_at_one", "merged", "other_ways", "short",
    "under_conditions", "unit_sees", "unmarked", "where_windows_stand", "with_others",
]  # fmt: skip

#: The markup of docstrings: a literal, or a name with its role.
_MARKED = re.compile(r"``(?P<literal>.+?)``|:\w+:`(?P<name>[^`]+)`", re.DOTALL)


def entries_of(weights: Sequence[Weight]) -> Line:
    """What a number of parameters counts: the entries of these arrays."""
    arrays: list[Inline] = []
    for weight in weights:
        arrays += [", " if arrays else "", f"{weight.name} ", Shape(weight.shape)]
        arrays += [""] if weight.trainable else [" (not trained)"]
    return line("weight count: the entries of ", *arrays)


def documented(text: str) -> Line:
    """The text of a docstring on one line, with its marked names as code.

    >>> documented("Sizes as :class:`MaxPool`; no ``axis``.")
    ('Sizes as ', Code(text='MaxPool'), '; no ', Code(text='axis'), '.')
    """
    parts: list[Inline] = []
    text, done = " ".join(text.split()), 0
    for match in _MARKED.finditer(text):
        parts += [text[done : match.start()], Code(match["literal"] or match["name"].rpartition(".")[2])]
        done = match.end()
    return line(*parts, text[done:])


def unmarked(text: str) -> str:
    """The text of a docstring without its markup.

    >>> unmarked("Sizes as :class:`MaxPool`")
    'Sizes as MaxPool'
    """
    return "".join(part.text if isinstance(part, Code) else str(part) for part in documented(text))


#: A longer sum of at least three numbers is written part by part, so that lines can break between them, in characters.
BREAKS = 40


def equal(written: Term, value: Term) -> Line:
    """``written = value`` for counts."""
    if isinstance(written, Sum) and len(written.args) > 2 and len(unicode_text(written)) > BREAKS:
        parts = [part for summand in written.args for part in (" + ", Math(summand))]
        return line(*parts[1:], " = ", Math(value))
    return (Math(Eq(written, value)),)


def _strides(strides: tuple[Term | Fraction, ...]) -> list[Inline]:
    """The strides of the axes, or one of them if they are equal."""
    shown: list[Inline] = []
    several = strides[:1] if len(set(strides)) == 1 else strides
    for stride in several:
        shown += [" × "] if shown else []
        inside: Inline = str(stride) if isinstance(stride, Fraction) else Math(stride)
        shown += ["(", inside, ")"] if len(several) > 1 and isinstance(stride, Sum) else [inside]
    return shown


def with_others(names: Sequence[str], axes: Sequence[AxisProof | None]) -> str:
    """``W (and H)`` for axes of one size, ``W (and likewise H)`` for axes whose sizes come from different inputs in the same way."""
    forms = {axis.form.form.term for axis in axes if axis is not None}
    return (" (and " if len(forms) == 1 else " (and likewise ").join(names) + ")" * (len(names) - 1)


def unit_sees(
    field: Mapping[str, tuple[Any, ...]], names: Sequence[str], there: str, why: Callable[[int], str | None]
) -> list[Inline]:
    """A sentence on the receptive field, ``One unit sees 11 × 11 inputs, 4 apart.``; ``why`` gives the reason why an axis has none."""
    seen = [position for position, size in enumerate(field["size"]) if size is not None]
    lost = next((position for position in range(len(names)) if position not in seen), None)
    along = "" if lost is None else f" along {' and '.join(names[position] for position in seen)}"
    without = "" if lost is None else f"; along {names[lost]} no window bounds it: {why(lost)}"
    sizes, steps = (tuple(field[part][position] for position in seen) for part in ("size", "stride"))
    return [f"One unit{there} sees ", Shape(sizes), f" inputs{along}, ", *_strides(steps), f" apart{without}."]


def divides_padding(map_: AxisMap) -> bool:
    """Returns whether the amount of padding depends on the size, as for SAME with a stride."""
    return map_.law.placing is not None and (map_.field is None or map_.field.stride.constant != 1)


def as_one_window(field: Field, maps: Sequence[AxisMap]) -> list[Inline]:
    """The layers of an axis as one window with padding, or with SAME as a window with the same number of positions."""
    window: list[Inline] = ["one window of size ", Math(field.size), ", stride ", Math(field.stride)]
    if any(map(divides_padding, maps)):
        return ["There are as many entries as ", *window, " has on ", Math(field.around), " entries more"]
    around = field.around
    padding: list[Inline] = ["no padding"] if around.constant == 0 else ["padding ", Math(around), " in all"]
    return ["This is ", *window, ", ", *padding]


def where_windows_stand(field: Field, start: Placed, axis: AxisProof) -> list[Inline]:
    """A sentence on the padding of SAME on the input ``start``, for ``axis`` of the output: in numbers, as a formula, or for the sizes
    that the strides divide.
    """
    input_size = next((each.size for each in start.axes if each.form.base is axis.form.form.base), None)
    size = None if axis.number is None else axis.size.conclusion.args[1]
    numbers = [
        part.constant if part is not None else None
        for part in (input_size, size, field.size, field.stride, field.padding)
    ]
    if None not in numbers:
        length, count, reach, stride, before = (number or 0 for number in numbers)
        after = max((count - 1) * stride + reach - length - before, 0)
        return [
            f"SAME pads an input of {length:,} with {before} before the start and {after} after the end, {before + after} in all."
        ]
    if field.exact is not None:
        return ["SAME pads ", Math(field.exact), " before the start, and after the end what the last window needs."]
    if not field.asks:
        return ["SAME pads ", Math(field.padding), " before the start."]
    asked = domain(field.asks).propositions
    return ["Where ", *listed(asked), ", SAME pads ", Math(field.padding), " before the start."]


def bounds(hypothesis: Proposition, base: Term) -> bool:
    """Returns whether a condition says ``number ≤ base``."""
    return isinstance(hypothesis, Le) and hypothesis.args[1] is base and hypothesis.args[0].constant is not None


def keeps(map_: AxisMap) -> bool:
    """Returns whether the output is as large as the input for every size."""
    return map_.offset is not None and [part.constant for part in map_.offset] == [0, 1]


def looks_at_one(map_: AxisMap) -> bool:
    """Returns whether a window has size 1, stride 1 and no padding, as in a 1×1 convolution, whose formula says nothing."""
    values = {symbol.name: value.constant for symbol, value in zip(map_.law.symbols[1:], map_.values, strict=True)}
    sees_one = values.pop("F", None) == 1 and values.pop("S", 1) == 1
    return sees_one and keeps(map_) and all(value in (0, 1) for value in values.values())


def merged(before: ClosedForm, map_: AxisMap, after: ClosedForm) -> list[Inline]:
    """Returns the reason for the closed form after a layer: ``⌊(⌊(x + a)/m⌋ + b)/n⌋ = ⌊(x + a + b·m)/(m·n)⌋`` with its numbers."""
    numbers = (before.offset, before.divisor, after.offset, after.divisor)
    if map_.offset is None:
        return [("scaling" if map_.scaling else "put in"), ": after ", Math(before.term)]
    if before == ClosedForm(before.base):
        return ["the layer's own pair"]
    if before.scale.constant != 1 or any(part.constant is None for part in numbers):
        return ["nested floor: after ", Math(before.term)]
    moved = Eq(Sum(before.offset, Product(map_.offset[0], before.divisor)), after.offset)
    return ["nested floor: ", Math(moved), ", ", Math(Eq(Product(before.divisor, map_.offset[1]), after.divisor))]


def affine_pattern() -> Term:
    """``⌊(x + a)/m⌋``, the form that pairs (a, m) stand for."""
    x, a, m = Symbol("x", None), Symbol("a", None), Symbol("m")
    return (x + a) // m


def short(term: Term) -> str:
    """The number, or '…' for a symbolic term, which would be too long in a reason."""
    return str(term.constant) if term.constant is not None else "…"


def assigned(map_: AxisMap, size: Term | None, symbols: Collection[str], names: Mapping[Term, str]) -> list[Inline]:
    """The values of a law's letters: ``F = 3, S = 1``, or ``W := W₁, F := 3`` if a letter of the law is also one of the network's
    ``symbols``, so that it would be a wrong equation. ``names`` are display names of sizes.
    """
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
    """A sentence that a layer drops the end of an input of this size, and why; '' if it does not."""
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


def entry_dropped(layers: Sequence[Placed]) -> str:
    """What the windows of layers may leave out at an end: an input, or where some layer pads its input perhaps only padding.

    >>> from symnet.network.network import Network
    >>> [entry_dropped(Network.parse(f"(3*W*W) -> Conv|8|7|2|{padding}").placed) for padding in (0, 3)]
    ['input', 'entry of a padded input']
    """
    paddings = (getattr(node.layer, "padding", None) for node in layers)
    amounts = (
        amount for padding in paddings if isinstance(padding, Padding) for pair in padding.pairs for amount in pair
    )
    return "entry of a padded input" if any(amount.constant != 0 for amount in amounts) else "input"


def listed(propositions: tuple[Proposition, ...]) -> list[Inline]:
    """Propositions with commas between them."""
    parts: list[Inline] = []
    for proposition in propositions:
        parts += [", " if parts else "", Math(proposition)]
    return parts


def elsewhere(others: Sequence[str]) -> list[str]:
    """The end of a paragraph about the inputs for which a network was read: what its layers do with others, if it is something else."""
    return [f" Elsewhere it is another network: {'; '.join(others)}."] if others else []


def under_conditions(theorem: Theorem) -> Line:
    """A theorem's statement with its hypotheses: ``… if F ≤ W``."""
    asked = listed(in_order(theorem.hypotheses))
    return line(Math(theorem.conclusion), *([" if ", *asked] if asked else []))


def other_ways(law: Law) -> list[tuple[Line, str]]:
    """The other derivations of a law: the statement of each, and its meaning."""
    return [(under_conditions(way.theorem), way.meaning) for way in (law.ways() if law.ways else ())]


def _in_numbers(condition: Proposition) -> Proposition:
    """A comparison of numbers with both sides evaluated; any other condition unchanged."""
    sides = [side for side in condition.args if isinstance(side, Term)]
    if len(sides) != 2 or not isinstance(condition, Le | Eq) or any(side.constant is None for side in sides):
        return condition
    return type(condition)(*(integer(evaluate(side)) for side in sides))


def checked(conditions: tuple[object, ...]) -> list[Inline]:
    """Conditions that were calculated: ``; 5 ≤ 28 holds``."""
    parts: list[Inline] = []
    for condition in conditions:
        parts += ["; ", Math(_in_numbers(condition.conclusion)), " holds"]  # type: ignore[attr-defined]
    return parts
