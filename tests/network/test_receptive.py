"""Receptive fields: published, and found by asking of every input entry which output entries it can change."""

from __future__ import annotations

from math import prod

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from symnet.network.network import Network
from symnet.terms.evaluation import evaluate
from symnet.terms.term import Symbol
from tests.network.stacks import Window, notation, seen, window_stack
from tests.networks import KNOWN, Known


@pytest.mark.parametrize("known", [known for known in KNOWN if known.field], ids=str)
def test_published_fields(known: Known) -> None:
    field = Network.parse(known.text).field_terms
    sizes = [tuple(size.constant for size in field[part]) for part in ("size", "stride", "padding")]
    assert sizes == [(number, number) for number in known.field or ()]


def field(stack: list[Window], inputs: int = 1) -> tuple[int, int, int]:
    """Size, stride and the padding for so many inputs: a formula, where SAME divides it by the size."""
    found = Network.parse(notation(stack, "W")).field_terms
    (size,), (stride,), (padding,) = (found[part] for part in ("size", "stride", "padding"))
    return size.constant, stride.constant, evaluate(padding, {Symbol("W"): inputs})  # type: ignore[return-value]


def check(stack: list[Window], inputs: int) -> None:
    """Entry k of the output sees only what lies in [k·stride − padding, … + size), and the inner ones both its ends."""
    size, stride, padding = field(stack, inputs)
    reached = seen(stack, inputs)
    inner = 0
    for place, found in enumerate(reached):
        first, last = place * stride - padding, place * stride - padding + size - 1
        assert all(first <= entry <= last for entry in found)
        if first >= 2 * size and last < inputs - 2 * size:  # far from all padding
            assert min(found) == first
            assert max(found) == last
            inner += 1
    assert inner, "no entry told anything"


@given(window_stack("explicit", "causal"))
@example([Window(1, 2), Window(3, 1, dilation=2), Window(2, 3, 1, 2)])
def test_a_field_is_what_can_change_an_entry(stack: list[Window]) -> None:
    size, stride, _ = field(stack)
    check(stack, 6 * size + 4 * stride)


@given(window_stack("same", "same_lower"), st.integers(0, 60))
@example([Window(1, 2, mode="same")], 0)
@example([Window(2, 3, mode="same_lower"), Window(1, 3, mode="same")], 0)
@example([Window(3, 2, mode="same"), Window(3, 2, mode="same")], 1)
def test_same_padding_is_that_of_every_size(stack: list[Window], more: int) -> None:
    """What SAME adds depends on the input; the padding of a field on a symbol is a formula."""
    size, _, _ = field(stack)
    strides = prod(layer.stride for layer in stack)
    check(stack, strides * (6 * size // strides + 5) + more)


@pytest.mark.parametrize("text", ["(5, 32) -> MHA|4", "(3*8) -> GlobalAvgPool|keepdims=yes"])
def test_what_sees_no_window_has_no_field(text: str) -> None:
    assert Network.parse(text).field_terms["size"] == ()
