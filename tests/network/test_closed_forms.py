"""Closed forms: for every size of the input they say what going through the layers one by one says."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from symnet.errors import LayerError
from symnet.network.closed_forms import ClosedForm
from symnet.network.network import Network
from symnet.terms.evaluation import evaluate
from symnet.terms.term import Symbol, Term, integer
from tests.kernel.meaning import is_true
from tests.network.stacks import Deconv, NoWindow, Upsample, Window, every_stack, notation, sizes, window_stack
from tests.networks import KNOWN, Known

W = Symbol("W")


@pytest.mark.parametrize("known", [known for known in KNOWN if known.closed_form], ids=str)
def test_published_closed_forms(known: Known) -> None:
    assert str(Network.parse(known.text).closed_form["W"]) == known.closed_form


def least(network: Network) -> int:
    return network.proof.least[W]


def closed_form(network: Network) -> Term:
    return network.closed_terms["L"]


@given(every_stack())
@example([Window(3, 2, mode="same"), Deconv(4, 2, 1, 0), Window(2, 3, ceil=True), Upsample(2)])
@example([Upsample(2), Window(3, 2), Upsample(3), Window(2, 3, 0, 1)])
def test_a_closed_form_is_the_size_at_every_input(stack: list[Window | Deconv | Upsample]) -> None:
    """And its hypotheses say of every input whether all layers fit."""
    network = Network.parse(notation(stack, "W"))
    form, start = closed_form(network), least(network)
    for size in range(1, start + 30):
        fits = all(is_true(hypothesis, {W: size}) for hypothesis in network.proof.hypotheses)
        try:
            counted = sizes(stack, size)[-1]
        except NoWindow:
            assert not fits, f"W = {size}"
        else:
            assert fits, f"W = {size}"
            assert evaluate(form, {W: size}) == counted, f"W = {size}"


@given(window_stack("explicit", "same", "same_lower", "causal"))
def test_the_least_input_is_the_least(stack: list[Window]) -> None:
    start = least(Network.parse(notation(stack, "W")))
    for size in range(max(1, start - 4), start + 3):
        if size >= start:
            assert sizes(stack, size)
            Network.parse(notation(stack, size))
        else:
            with pytest.raises(NoWindow):
                sizes(stack, size)
            with pytest.raises(LayerError):
                Network.parse(notation(stack, size))


@given(window_stack("explicit", "same", "causal"))
def test_a_stack_of_windows_is_one_window(stack: list[Window]) -> None:
    """Floor-affine layers compose to one floor, whatever their number: (W + c)//k, or W + c."""
    form = closed_form(Network.parse(notation(stack, "W")))
    stride = 1
    for layer in stack:
        stride *= layer.stride
    offset = evaluate(form, {W: 10 * stride}) * stride - 10 * stride
    rest = range(stride)
    assert any(
        all(evaluate(form, {W: size}) == (size + offset + more) // stride for size in range(100, 100 + 2 * stride))
        for more in rest
    )


def test_a_stack_with_its_own_symbols_is_in_horner_form() -> None:
    text = "(1*W*W) -> Conv|K1|F1|S1|P1 -> Conv|K2|F2|S2|P2 -> Conv|K3|F3|S3|P3"
    form = Network.parse(text).closed_terms["W"]
    assert str(Network.parse(text).closed_form["W"]) == (
        "(W + 2*P1 - F1 + S1 + (2*P2 - F2 + S2 + (2*P3 - F3 + S3)*S2)*S1)//(S1*(S2*S3))"
    )
    values = {"W": 50, "F1": 5, "S1": 2, "P1": 1, "F2": 3, "S2": 1, "P2": 0, "F3": 4, "S3": 3, "P3": 2}
    symbols = {Symbol(name, 0 if name[0] == "P" else 1): value for name, value in values.items()}
    concrete = [Window(5, 2, 1, 1), Window(3), Window(4, 3, 2, 2)]
    assert evaluate(form, symbols) == sizes(concrete, 50)[-1]


def test_closed_forms_are_as_long_as_the_network() -> None:
    def length(depth: int) -> int:
        layers = (f"Conv|1|F{place}|S{place}|P{place}" for place in range(depth))
        return len(str(Network.parse(" -> ".join(["(1*W*W)", *layers])).closed_form["W"]))

    assert length(80) < 2.3 * length(40)


PARTS = st.integers(-9, 9)
POSITIVE = st.integers(1, 6)


@st.composite
def forms(draw: st.DrawFn) -> ClosedForm:
    scale, divisor = draw(POSITIVE), draw(POSITIVE)
    shift = 0 if scale == 1 else draw(PARTS)
    scale = 1 if divisor == 1 else scale
    parts = (draw(POSITIVE), draw(PARTS), divisor, scale, shift if scale > 1 else 0)
    return ClosedForm(W, *map(integer, parts))


@given(forms(), PARTS, POSITIVE, st.integers(-50, 50))
def test_floors_and_scalings_of_forms_are_what_they_say(form: ClosedForm, offset: int, divisor: int, size: int) -> None:
    before = evaluate(form.term, {W: size})
    assert evaluate(form.floored(integer(offset), integer(divisor)).term, {W: size}) == (before + offset) // divisor
    assert evaluate(form.scaled(integer(divisor), integer(offset)).term, {W: size}) == divisor * before + offset


@given(forms(), st.integers(-20, 20))
def test_the_least_base_is_the_least(form: ClosedForm, bound: int) -> None:
    base = form.least_base(bound)
    assert base is not None
    assert evaluate(form.term, {W: base}) >= bound > evaluate(form.term, {W: base - 1})


#: Kernels, strides and paddings with which a window is as long as its axis, or may be.
_OWN = ("H", "W", "2", "S", "(H + 1)", "(2*H)")


@pytest.mark.parametrize("seed", [1, 2, 11, *(pytest.param(seed, marks=pytest.mark.slow) for seed in range(100, 300))])
def test_a_size_that_is_one_number_for_all_letters_is_that_number(seed: int) -> None:
    """A size that the form says is a number, and what it stretches to, are so at random values; what numbers give is said."""
    chance = Random(seed)
    kernel, stride = (f"{chance.choice(_OWN[:5])}*{chance.choice(_OWN[:5])}" for _ in range(2))
    more = chance.choice(("", " -> Conv|3|3|1|1", " -> Upsample|2", " -> Maxpool|2|2|same"))
    first = chance.choice(
        (f"Maxpool|{kernel}|{stride}", f"Conv|3|{kernel}|{stride}|same", f"Conv|3|{kernel}|{stride}|1")
    )
    try:
        written = f"(3*{chance.choice(('H', '(2*H)'))}*W) -> {first}{more}"
        network = Network.parse(written)
    except LayerError:
        return
    assert network.proof.steps  # every size is proven
    for _ in range(6):
        values = {name: chance.randint(1, 12) for name in ("H", "W", "S")}
        try:
            there = network.at({name: number for name, number in values.items() if name in written})
        except LayerError:
            continue
        for mine, other in zip(network.output, there.output, strict=True):
            by_name = {symbol: values[symbol.name] for symbol in mine.expr.free_symbols}
            assert mine.expr.subs(by_name) == other


@pytest.mark.parametrize("stride", [2, 3, 4])
def test_a_size_that_is_told_may_be_rounded_itself(stride: int) -> None:
    down = f"Conv|1|3|{stride}|1"
    network = Network.parse(f"(1*W) -> {down} -> {down} -> Deconv|1|3|{stride}|1|output=(W + {stride - 1})//{stride}")
    assert not network.proof.stated
    assert closed_form(network) is (W + (stride - 1)) // stride
