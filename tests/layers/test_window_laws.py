"""Every law of windows against counting: positions one by one, over boxes of small sizes."""

from __future__ import annotations

from itertools import product

import pytest

from symnet.layers.laws.ceil_mode import ceil_law, ceil_maps, never_clamped_law
from symnet.layers.laws.law import Law
from symnet.layers.laws.padding import CAUSAL, SAME, SAME_LOWER, VALID
from symnet.layers.laws.spatial import blocks_law, padded_law, repeated_law
from symnet.layers.laws.spatial import cropped_law as cropping_law
from symnet.layers.laws.window import Window
from symnet.layers.laws.windows import (
    causal_law,
    dilated_law,
    same_law,
    same_lower_law,
    tensorflow_law,
    uneven_law,
    window_law,
    window_maps,
)
from symnet.terms.evaluation import evaluate, holds
from symnet.terms.term import Symbol, Term, integer
from tests.kernel.meaning import meaning

LAWS: dict[str, Law] = {
    "explicit": window_law(),
    "dilated": dilated_law(),
    "uneven": uneven_law(),
    "causal": causal_law(),
    "same": same_law(),
    "same_lower": same_lower_law(),
    "tensorflow": tensorflow_law(False),
    "tensorflow dilated": tensorflow_law(True),
    "ceil": ceil_law(False),
    "ceil uneven": ceil_law(True),
    "never clamped": never_clamped_law(False),
    "never clamped uneven": never_clamped_law(True),
    "zero padding": padded_law(),
    "cropping": cropping_law(),
    "repeated": repeated_law(),
    "blocks": blocks_law(),
}
SMALL = {"W": range(1, 8), "F": range(1, 5), "S": range(1, 4), "D": (1, 2), "P": (0, 1, 2), "P1": (0, 2), "P2": (0, 1)}


def points(law: Law) -> list[dict[Symbol, int]]:
    box = [SMALL[symbol.name] for symbol in law.symbols]
    return [dict(zip(law.symbols, values, strict=True)) for values in product(*box)]


@pytest.mark.parametrize("name", LAWS)
def test_a_law_counts(name: str) -> None:
    """Where its conditions hold, the definition counted position by position is the formula, in each of its shapes."""
    law = LAWS[name]
    shapes = [theorem for theorem in (law.theorem, law.affine, law.scaling) if theorem is not None]
    met = 0
    for point in points(law):
        for theorem in shapes:
            assert theorem.hypotheses == law.theorem.hypotheses
            if all(holds(hypothesis, point) for hypothesis in theorem.hypotheses):
                size, formula = theorem.conclusion.args
                assert meaning(size, point) == evaluate(formula, point) >= 1
                met += 1
    assert met > 20


@pytest.mark.parametrize("name", LAWS)
def test_a_field_is_the_window(name: str) -> None:
    """Receptive field: ⌊(W + padding − size)/stride⌋ + 1 is the floor-affine form."""
    law = LAWS[name]
    if law.affine is None or law.field is None:
        return
    for point in points(law):
        if all(holds(hypothesis, point) for hypothesis in law.theorem.hypotheses):
            size, stride, around = (
                evaluate(part, point) for part in (law.field.size, law.field.stride, law.field.around)
            )
            formula = law.affine.conclusion.args[1]
            assert (point[law.symbols[0]] + around - size) // stride + 1 == evaluate(formula, point)


@pytest.mark.parametrize("name", LAWS)
def test_exact_means_that_nothing_is_dropped(name: str) -> None:
    law = LAWS[name]
    if law.exact is None or law.field is None:
        return
    for point in points(law):
        values = {symbol.name: value for symbol, value in point.items()}
        if all(holds(hypothesis, point) for hypothesis in law.theorem.hypotheses):
            size, stride, around = (
                evaluate(part, point) for part in (law.field.size, law.field.stride, law.field.around)
            )
            windows = evaluate(law.theorem.conclusion.args[1], point)
            reached = (windows - 1) * stride + size
            if name.startswith(("same", "ceil")):  # padding after the end is there for windows that reach past it
                assert holds(law.exact, point) == (reached >= values["W"] + values.get("P", values.get("P1", 0)))
            else:
                assert holds(law.exact, point) == (reached == values["W"] + around)


def pytorch(size: int, kernel: int, stride: int, before: int, after: int, dilation: int) -> int:
    """The rule as PyTorch's pooling_output_shape_pad_lr has it."""
    out = (size + before + after - dilation * (kernel - 1) - 1 + stride - 1) // stride + 1
    return out - 1 if (out - 1) * stride >= size + before else out


def test_ceil_mode_is_pytorchs_rule() -> None:
    clamped = 0
    for values in product(range(1, 10), range(1, 6), range(1, 5), (0, 1, 2), (0, 1, 3), (1, 2)):
        size, *rest = values
        kernel, stride, before, after, dilation = rest
        if after > dilation * (kernel - 1):
            continue  # PyTorch pads less than that; its code would let windows start in the padding
        window = Window(*map(integer, (kernel, stride, dilation, before, after)))
        (map_,) = ceil_maps((window,))
        expected = pytorch(*values)
        fits = all(map(holds, map_.conditions(integer(size))))
        assert fits == (expected >= 1)
        if fits:
            assert evaluate(map_.formula(integer(size))) == expected
            if map_.law in (never_clamped_law(False), never_clamped_law(True)):
                assert (expected - 1) * stride < size + before
            else:
                clamped += 1
    assert clamped > 100


def test_a_pool_whose_stride_is_its_kernel_is_never_clamped_without_padding() -> None:
    """Not even with a symbol for the kernel: its signs show it, so that stacks collapse."""
    kernel, stride = Symbol("F"), Symbol("S")
    zero, one = integer(0), integer(1)
    assert ceil_maps((Window(kernel, kernel, one, zero, zero),))[0].offset is not None
    assert ceil_maps((Window(kernel, stride, one, zero, zero),))[0].offset is None
    assert ceil_maps((Window(integer(3), integer(2), one, one, one),))[0].offset is not None
    assert ceil_maps((Window(integer(2), integer(2), one, one, one),))[0].offset is None


def test_valid_as_tensorflow_writes_it_is_the_same_number() -> None:
    for size, kernel, stride, dilation in product(range(1, 12), range(1, 4), range(1, 4), (1, 2)):
        window = Window(*map(integer, (kernel, stride, dilation)))
        ours, theirs = (window_maps((window,), VALID, ceiling)[0] for ceiling in (False, True))
        number = integer(size)
        assert ours.law is not theirs.law
        fits = [all(map(holds, map_.conditions(number))) for map_ in (ours, theirs)]
        assert fits[0] == fits[1]
        if fits[0]:
            assert evaluate(ours.formula(number)) == evaluate(theirs.formula(number))


@pytest.mark.parametrize(("mode", "before"), [(SAME, 1), (SAME_LOWER, 2), (CAUSAL, 3)])
def test_where_the_padding_goes(mode: str, before: int) -> None:
    window = Window(integer(4), integer(1), integer(1))
    (map_,) = window_maps((window,), mode)
    field = map_.field
    assert field is not None
    assert evaluate(field.padding) == before
    assert evaluate(field.around) == 3
    assert evaluate(map_.formula(integer(9))) == 9


def test_two_axes_have_their_own_values() -> None:
    first = Window(integer(3), integer(1), integer(1), integer(1), integer(1))
    second = Window(integer(5), integer(2), integer(2), integer(0), integer(3))
    one, two = window_maps((first, second), VALID)
    assert one.law is window_law()
    assert two.law is uneven_law()
    sizes: list[Term] = [map_.formula(integer(20)) for map_ in (one, two)]
    assert list(map(evaluate, sizes)) == [20, 8]
