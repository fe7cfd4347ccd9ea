"""The numbers in tensors of integers that depend on sizes alone, followed through what a model's code does with them.

``arange(T)`` counts from 0; added, multiplied, turned, clamped and cut it still has bounds, which say for which sizes a table has
the rows that are looked up by it. A tensor that the model keeps has its own numbers.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from symnet.frontends.flow import tidy
from symnet.frontends.torch.arguments import is_array
from symnet.frontends.torch.sizes import term_of
from symnet.frontends.torch.tensors import is_value
from symnet.frontends.whole_numbers import WholeNumbers, counting, larger, smaller, together
from symnet.terms.term import Term, integer

__all__ = ["numbers_after", "numbers_in", "plain_name"]

#: Arrays of more entries are looked at for their least and greatest number only.
LOOKED_AT = 1 << 16

ZERO, ONE = integer(0), integer(1)

#: What a function with these arguments leaves in the tensor that it gives.
Rule = Callable[[tuple[Any, ...], Mapping[str, Any], Any], "WholeNumbers | None"]


def plain_name(name: str) -> str:
    """A function by the name that it has where nothing is written in place: ``add`` of ``add_`` and ``__iadd__``."""
    if not name.startswith("__"):
        return name.rstrip("_")
    plain = name.strip("_")
    return plain[1:] if plain in ("iadd", "isub", "imul", "ifloordiv", "imod") else plain


def numbers_in(item: Any) -> WholeNumbers | None:
    """What is known of the numbers in a tensor, an array of the model, or a plain number."""
    if is_value(item):
        found: WholeNumbers | None = item.numbers
        return found
    if isinstance(item, float) and not hasattr(item, "top"):
        return numbers_in(int(item)) if item.is_integer() else None
    if isinstance(item, int):
        return counting(term_of(int(item) if isinstance(item, bool) else item), (), ())
    return _in_array(item) if is_array(item) else None


def _in_array(array: Any) -> WholeNumbers | None:
    if array.is_meta or array.is_floating_point() or array.is_complex() or not array.numel():
        return None
    least, most = integer(int(array.min())), integer(int(array.max()))
    if array.numel() > LOOKED_AT or str(array.dtype) == "torch.bool":
        return WholeNumbers(least, most, True)
    import torch

    first = int(array[(0,) * array.dim()])
    steps, regular = [], torch.tensor(first)
    for dim, size in enumerate(array.shape):
        second = tuple(int(place == dim and size > 1) for place in range(array.dim()))
        steps.append(int(array[second]) - first)
        regular = regular[..., None] + torch.arange(size) * steps[-1]
    if not bool((regular == array).all()):
        return WholeNumbers(least, most, True)
    return counting(integer(first), steps, [integer(size) for size in array.shape])


def numbers_after(name: str, args: tuple[Any, ...], named: Mapping[str, Any], made: Any) -> WholeNumbers | None:
    """What is known of the numbers in the tensor that a function gives; ``None`` where that is nothing."""
    rule = RULES.get(plain_name(name))
    if rule is None or not is_value(made):
        return None
    try:
        return rule(args, named, made)
    except (TypeError, IndexError, ValueError):  # called in a way that no rule knows
        return None


# ---- made of numbers, and arithmetic -------------------------------------------------------------------------------------


def _arange(args: tuple[Any, ...], named: Mapping[str, Any], made: Any) -> WholeNumbers | None:
    start, _, step = (0, *args, 1) if len(args) == 1 else (*args, 1)[:3]
    first, by = numbers_in(start), numbers_in(step)
    if first is None or first.first is None or by is None or by.least.constant is None or made.batch is not None:
        return None
    return counting(first.first, (by.least.constant,), made.sizes)


def _filled(value: Any) -> Rule:
    def rule(args: tuple[Any, ...], named: Mapping[str, Any], made: Any) -> WholeNumbers | None:
        wanted = numbers_in(named.get("fill_value", args[-1] if value is None else value))
        if wanted is None or wanted.first is None:
            return None
        return counting(wanted.first, [0] * made.ndim, made.sizes)

    return rule


def _between_ends(args: tuple[Any, ...], named: Mapping[str, Any], made: Any) -> WholeNumbers | None:
    ends = [numbers_in(end) for end in args[:2]]
    known = [end for end in ends if end is not None]
    return together(*known) if len(known) == len(ends) == 2 else None


def _sum(sign: int, swapped: bool = False) -> Rule:
    def rule(args: tuple[Any, ...], named: Mapping[str, Any], made: Any) -> WholeNumbers | None:
        one, two = (numbers_in(item) for item in (args[1::-1] if swapped else args[:2]))
        return None if one is None or two is None or named else one.added(two.times(sign), made.sizes)

    return rule


def _product(args: tuple[Any, ...], named: Mapping[str, Any], made: Any) -> WholeNumbers | None:
    one, two = (numbers_in(item) for item in args[:2])
    if one is None or two is None:
        return None
    for number, other in ((one, two), (two, one)):
        if not number.steps and number.first is not None and number.first.constant is not None:
            return other.times(number.first.constant)
    if all(part.least.least is not None and part.least.least >= 0 for part in (one, two)):
        exact = one.exact and two.exact and not (one.steps and two.steps)
        return WholeNumbers(tidy(one.least * two.least), tidy(one.most * two.most), exact)
    return None


def _negative(args: tuple[Any, ...], named: Mapping[str, Any], made: Any) -> WholeNumbers | None:
    found = numbers_in(args[0])
    return None if found is None else found.times(-1)


def _absolute(args: tuple[Any, ...], named: Mapping[str, Any], made: Any) -> WholeNumbers | None:
    found = numbers_in(args[0])
    return None if found is None else WholeNumbers(ZERO, larger(found.most, tidy(-found.least)), found.exact)


def _quotient(args: tuple[Any, ...], named: Mapping[str, Any], made: Any) -> WholeNumbers | None:
    found, by = (numbers_in(item) for item in args[:2])
    number = None if by is None or by.steps else by.least.constant
    down = named.get("rounding_mode", "floor" if not named else None) == "floor"
    return found.over(number) if found is not None and number is not None and number > 0 and down else None


def _rounded_quotient(args: tuple[Any, ...], named: Mapping[str, Any], made: Any) -> WholeNumbers | None:
    return _quotient(args, named, made) if named else None


def _remainder(args: tuple[Any, ...], named: Mapping[str, Any], made: Any) -> WholeNumbers | None:
    by = numbers_in(args[1])
    number = None if by is None or by.steps else by.first
    return WholeNumbers(ZERO, tidy(number - 1)) if number is not None and (number.least or 0) > 0 else None


def _clamped(low: int | None, high: int | None) -> Rule:
    """``low`` and ``high`` say which arguments are the bounds."""

    def rule(args: tuple[Any, ...], named: Mapping[str, Any], made: Any) -> WholeNumbers | None:
        found, ends = numbers_in(args[0]), []
        for place, word in ((low, "min"), (high, "max")):
            given = named.get(word, args[place] if place is not None and place < len(args) else None)
            end = numbers_in(given)
            if given is not None and (end is None or end.steps):
                return None
            ends.append(None if end is None else end.least)
        if found is not None:
            return found.between(*ends)
        return WholeNumbers(ends[0], ends[1]) if ends[0] is not None and ends[1] is not None else None

    return rule


def _extreme(of_two: Callable[[Term, Term], Term]) -> Rule:
    def rule(args: tuple[Any, ...], named: Mapping[str, Any], made: Any) -> WholeNumbers | None:
        one, two = (numbers_in(item) for item in args[:2])
        return (
            None
            if one is None or two is None
            else WholeNumbers(of_two(one.least, two.least), of_two(one.most, two.most), not (one.steps and two.steps))
        )

    return rule


def _either(args: tuple[Any, ...], named: Mapping[str, Any], made: Any) -> WholeNumbers | None:
    one, two = (numbers_in(item) for item in args[1:3])
    return None if one is None or two is None else together(one, two).some


def _summed_up(args: tuple[Any, ...], named: Mapping[str, Any], made: Any) -> WholeNumbers | None:
    """``cumsum`` of numbers that are all the same."""
    found, dim = numbers_in(args[0]), named.get("dim", args[1] if len(args) > 1 else None)
    if found is None or found.first is None or any(found.steps) or found.first.constant is None:
        return None
    steps = [0] * made.ndim
    steps[dim] = found.first.constant
    return counting(found.first, steps, made.sizes)


def _truth(args: tuple[Any, ...], named: Mapping[str, Any], made: Any) -> WholeNumbers:
    return WholeNumbers(ZERO, ONE)


def _place(args: tuple[Any, ...], named: Mapping[str, Any], made: Any) -> WholeNumbers | None:
    """Numbers of entries along a dimension: ``argmax``, ``argsort``."""
    dim = named.get("dim", args[1] if len(args) > 1 and isinstance(args[1], int) else -1)
    return None if dim is None else WholeNumbers(ZERO, tidy(args[0].sizes[dim] - 1))


# ---- arrangements ----------------------------------------------------------------------------------------------------------


def _kept(args: tuple[Any, ...], named: Mapping[str, Any], made: Any) -> WholeNumbers | None:
    return numbers_in(args[0])


def _some(args: tuple[Any, ...], named: Mapping[str, Any], made: Any) -> WholeNumbers | None:
    """Some of the entries, or some of them several times."""
    found = numbers_in(args[0])
    return None if found is None else found.some


def _in_sizes(args: tuple[Any, ...], named: Mapping[str, Any], made: Any) -> WholeNumbers | None:
    """The same entries in other sizes."""
    found = numbers_in(args[0])
    if found is not None and found.first is not None:
        before = [size for size in args[0].sizes if size.constant != 1]
        if before == [size for size in made.sizes if size.constant != 1]:  # sizes 1 come and go
            steps = iter([step for step, size in zip(found.steps, args[0].sizes, strict=True) if size.constant != 1])
            return counting(found.first, [0 if size.constant == 1 else next(steps) for size in made.sizes], made.sizes)
    return None if found is None else found.rearranged


def _joined(args: tuple[Any, ...], named: Mapping[str, Any], made: Any) -> WholeNumbers | None:
    parts = [numbers_in(item) for item in args[0]]
    known = [part for part in parts if part is not None]
    return together(*known) if len(known) == len(parts) else None


def _turned(order: Callable[..., Any]) -> Rule:
    """``order`` gives for each new dimension the one that it was."""

    def rule(args: tuple[Any, ...], named: Mapping[str, Any], made: Any) -> WholeNumbers | None:
        found = numbers_in(args[0])
        if found is None:
            return None
        return found.arranged(order(made.ndim, *args[1:], *named.values()), made.sizes)

    return rule


def _swapped(rank: int, one: int = 0, two: int = 1) -> list[int]:
    order = list(range(rank))
    order[one], order[two] = order[two], order[one]
    return order


def _permuted(rank: int, *dims: Any) -> list[int]:
    listed = dims[0] if len(dims) == 1 and isinstance(dims[0], tuple | list) else dims
    return [dim % rank for dim in listed]


def _expanded(args: tuple[Any, ...], named: Mapping[str, Any], made: Any) -> WholeNumbers | None:
    found = numbers_in(args[0])
    if found is None or found.first is None:
        return found
    more = made.ndim - len(found.steps)
    return counting(found.first, [0] * more + list(found.steps), made.sizes)


def _flipped(args: tuple[Any, ...], named: Mapping[str, Any], made: Any) -> WholeNumbers | None:
    found = numbers_in(args[0])
    if found is None or found.first is None:
        return found
    given = named.get("dims", args[1] if len(args) == 2 else args[1:])
    first, steps = found.first, list(found.steps)
    for dim in given if isinstance(given, tuple | list) else (given,):
        first = first + (made.sizes[dim] - 1) * steps[dim]
        steps[dim] = -steps[dim]
    return counting(first, steps, made.sizes)


def _item(args: tuple[Any, ...], named: Mapping[str, Any], made: Any) -> WholeNumbers | None:
    """``x[None, 1:, 0]``: what is taken is regular as well, unless entries are taken by arrays."""
    x, index = args
    found = numbers_in(x)
    if found is None or found.first is None:
        return None if found is None else found.some
    parts = list(index) if isinstance(index, tuple) else [index]
    if any(is_value(part) or is_array(part) or isinstance(part, list) for part in parts):
        return found.some
    given = sum(part is not None and part is not Ellipsis for part in parts)
    gap = [slice(None)] * (len(found.steps) - given)
    at = next((place for place, part in enumerate(parts) if part is Ellipsis), None)
    parts = [*parts, *gap] if at is None else [*parts[:at], *gap, *parts[at + 1 :]]
    first, steps, dim = found.first, [], 0
    for part in parts:
        if part is None:
            steps.append(0)
            continue
        size = x.sizes[dim] if is_value(x) else integer(x.shape[dim])
        if isinstance(part, slice):
            step = 1 if part.step is None else part.step
            start = _from_start(part.start, size)
            if start is None or type(step) is not int or step < 1:
                return found.some
            steps.append(found.steps[dim] * step)
        else:
            start = _from_start(part, size)
            if start is None:
                return found.some
        first = first + start * found.steps[dim]
        dim += 1
    return counting(first, steps, made.sizes)


def _from_start(end: Any, size: Term) -> Term | None:
    """Where an end of a slice stands, counted from the start; ``None`` where that is not plain."""
    if end is None:
        return ZERO
    found = term_of(end)
    if found.least is not None and found.least >= 0:
        return found
    if found.constant is None:
        return None
    counted = tidy(size + found)
    return counted if counted.least is not None and counted.least >= 0 else None


def _narrowed(args: tuple[Any, ...], named: Mapping[str, Any], made: Any) -> WholeNumbers | None:
    dim, start = args[1:3]
    index = [slice(None)] * made.ndim
    index[dim] = slice(start, None)
    return _item((args[0], tuple(index)), {}, made)


RULES: dict[str, Rule] = {
    "arange": _arange,
    "linspace": _between_ends,
    **{name: _filled(0) for name in ("zeros", "zeros_like", "new_zeros")},
    **{name: _filled(1) for name in ("ones", "ones_like", "new_ones")},
    **{name: _filled(None) for name in ("full", "full_like", "new_full")},
    **dict.fromkeys(("add", "radd"), _sum(1)),
    **dict.fromkeys(("sub", "subtract"), _sum(-1)),
    "rsub": _sum(-1, swapped=True),
    **dict.fromkeys(("mul", "rmul", "multiply"), _product),
    **dict.fromkeys(("neg", "negative"), _negative),
    **dict.fromkeys(("abs", "absolute"), _absolute),
    **dict.fromkeys(("floordiv", "floor_divide"), _quotient),
    **dict.fromkeys(("div", "divide"), _rounded_quotient),
    **dict.fromkeys(("remainder", "mod"), _remainder),
    **dict.fromkeys(("clamp", "clip"), _clamped(1, 2)),
    "clamp_min": _clamped(1, None),
    "clamp_max": _clamped(None, 1),
    **dict.fromkeys(("maximum", "max"), _extreme(larger)),
    **dict.fromkeys(("minimum", "min"), _extreme(smaller)),
    "where": _either,
    "cumsum": _summed_up,
    **dict.fromkeys(
        ("eq", "ne", "lt", "le", "gt", "ge", "logical_and", "logical_or", "logical_xor", "logical_not", "isclose"),
        _truth,
    ),
    **dict.fromkeys(("argmax", "argmin", "argsort"), _place),
    **dict.fromkeys(("to", "long", "int", "short", "type", "type_as", "float", "double", "half"), _kept),
    **dict.fromkeys(("clone", "contiguous", "detach", "cpu", "cuda", "alias", "floor", "ceil", "round"), _kept),
    **dict.fromkeys(
        ("reshape", "view", "reshape_as", "view_as", "flatten", "ravel", "unflatten", "unsqueeze", "squeeze"),
        _in_sizes,
    ),
    **dict.fromkeys(("repeat", "tile", "repeat_interleave", "index_select", "gather", "select", "roll"), _some),
    **dict.fromkeys(("cat", "concat", "concatenate", "stack", "hstack", "vstack"), _joined),
    **dict.fromkeys(("transpose", "swapaxes", "swapdims", "t"), _turned(_swapped)),
    "permute": _turned(_permuted),
    **dict.fromkeys(("expand", "expand_as", "broadcast_to"), _expanded),
    "flip": _flipped,
    "getitem": _item,
    "narrow": _narrowed,
}
