"""The numbered relationships of Dumoulin & Visin: theorems by name, and the sizes of the guide's figures, counted."""

from __future__ import annotations

from itertools import product

import pytest

from symnet.kernel.replay import check_proof
from symnet.kernel.theorem import Theorem
from symnet.kernel.writing import write_proof
from symnet.layers.laws.dumoulin import RELATIONSHIPS, Relationship
from symnet.network.network import Network
from symnet.terms.evaluation import evaluate, holds
from symnet.terms.propositions import And, Eq
from symnet.terms.term import Symbol, Windows, integer, substitute, symbols_of

#: The labels of the guide's source, conv_arithmetic.tex, in its order; each is a Relationship of that number.
LABELS = (
    "no_padding_no_strides", "arbitrary_padding_no_strides", "same_padding_no_strides", "full_padding_no_strides",
    "no_padding_strides", "padding_strides", "pooling", "no_padding_no_strides_transposed",
    "arbitrary_padding_no_strides_transposed", "half_padding_no_strides_transposed",
    "full_padding_no_strides_transposed", "no_padding_strides_transposed", "padding_strides_transposed",
    "padding_strides_transposed_odd", "dilation",
)  # fmt: skip

BY_NAME = {relationship.name: relationship for relationship in RELATIONSHIPS}
#: Which hypotheses each may have: that the kernel fits, that padding is less than the kernel, that a is less than s.
HYPOTHESES = dict(zip(LABELS, (1, 1, 0, 0, 1, 1, 1, 0, 2, 0, 1, 0, 2, 3, 1), strict=True))


def test_all_are_there_in_order() -> None:
    assert tuple(relationship.name for relationship in RELATIONSHIPS) == LABELS
    assert [relationship.number for relationship in RELATIONSHIPS] == list(range(1, 16))


def one(name: str) -> Relationship:
    return BY_NAME[name]


@pytest.mark.parametrize("name", LABELS)
def test_it_is_a_theorem_of_the_kernel(name: str) -> None:
    theorem = one(name).theorem
    assert isinstance(theorem, Theorem)
    assert len(theorem.hypotheses) == HYPOTHESES[name]
    (again,) = check_proof(write_proof(theorem))
    assert again.conclusion is theorem.conclusion


@pytest.mark.parametrize("name", LABELS)
def test_it_is_so_by_counting(name: str) -> None:
    """For all small values under the hypotheses: the places at which the kernel fits, one by one."""
    theorem = one(name).theorem
    letters = symbols_of(theorem.conclusion, *theorem.hypotheses)
    tried = 0
    for numbers in product(range(5), repeat=len(letters)):
        point = {letter: integer((letter.least or 0) + number) for letter, number in zip(letters, numbers, strict=True)}
        if not all(holds(substitute(hypothesis, point)) for hypothesis in theorem.hypotheses):
            continue
        conclusion = substitute(theorem.conclusion, point)
        for equation in conclusion.args if isinstance(conclusion, And) else (conclusion,):
            assert isinstance(equation, Eq)
            count, size = equation.args
            assert isinstance(count, Windows)
            length, kernel, dilation, stride = (evaluate(part) for part in count.args)
            places = [start for start in range(0, max(length, 0), stride) if start + dilation * (kernel - 1) < length]
            assert len(places) == evaluate(size)
        tried += 1
    assert tried >= 5


@pytest.mark.parametrize("name", LABELS)
def test_the_figures(name: str) -> None:
    relationship = one(name)
    assert relationship.figures
    for worked, (_, output) in zip(relationship.worked_figures(), relationship.figures, strict=True):
        assert worked.conclusion.args[1] is integer(output)


def test_two_inputs_give_the_same_size() -> None:
    """Figures of relationship 6: i 5 and i 6 with k 3, s 2, p 1 both give 3; of 13 and 14: the ways back to 5 and to 6."""
    i, k, s, p, a = Symbol("i"), Symbol("k"), Symbol("s"), Symbol("p", 0), Symbol("a", 0)
    forward, back, odd = (one(name).size for name in ("padding_strides", "padding_strides_transposed", LABELS[13]))
    for size, added in ((5, 0), (6, 1)):
        assert evaluate(forward, {i: size, k: 3, s: 2, p: 1}) == 3
        assert evaluate(odd, {i: 3, k: 3, s: 2, p: 1, a: added}) == size
    assert evaluate(back, {i: 3, k: 3, s: 2, p: 1}) == 5


@pytest.mark.parametrize(
    "number", [9, *(pytest.param(number, marks=pytest.mark.slow) for number in (8, 10, 11, 12, 13, 14))]
)
def test_it_is_what_the_transposed_layer_gives(number: int) -> None:
    """The layer's own law and the relationship give the same size, for all small values."""
    relationship = RELATIONSHIPS[number - 1]
    i, k, s, p, a, n = (Symbol("i"), Symbol("k"), Symbol("s"), Symbol("p", 0), Symbol("a", 0), Symbol("n", 0))
    for size, kernel, stride, padding in product(range(2, 6), range(1, 6), range(1, 4), range(3)):
        if number in (8, 12):
            padding = 0
        if number in (10, 11):
            kernel, padding = (2 * padding + 1, padding) if number == 10 else (kernel, kernel - 1)
        if number < 12:
            stride = 1
        added = stride - 1 if number == 14 else 0
        if padding >= kernel or stride * (size - 1) + kernel - 2 * padding < 1:
            continue
        values: dict[Symbol, int] = {i: size, k: kernel, s: stride, p: padding, a: added, n: padding}
        expected = evaluate(relationship.size, {letter: values[letter] for letter in symbols_of(relationship.size)})
        net = Network.parse(f"(1*{size}) -> Deconv|1|{kernel}|{stride}|{padding}|output_padding={added}")
        assert net.placed[-1].axes[0].size.constant == expected
