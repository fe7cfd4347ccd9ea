"""Every law says why it is so, and a transposed convolution is derived twice more: against counting."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from symnet.layers.declaration.registry import KINDS
from symnet.layers.laws.law import Law
from symnet.layers.laws.transposed import OUTPUT, O, natural_law
from symnet.layers.laws.windows import P1, P2, D, F, P, S, W
from symnet.network.network import Network
from symnet.render.catalogue import explain
from symnet.render.formats import report
from symnet.terms.evaluation import evaluate, holds
from symnet.terms.term import Term
from tests.parts import examples
from tests.solving.counting import windows


def _laws() -> list[Law]:
    found: dict[str, Law] = {}
    for kind in KINDS:
        for example in kind.examples:
            for place in Network.parse(f"{example.input} -> {example.notation}").placed[1:]:
                found |= {map_.law.name: map_.law for map_ in place.applied.maps if map_ is not None}
    return list(found.values())


@pytest.mark.parametrize("law", _laws(), ids=lambda law: law.name)
def test_every_law_has_a_reason(law: Law) -> None:
    assert law.reason.endswith(".")


@settings(max_examples=examples(150), deadline=None)
@given(
    st.sampled_from(["none", "even", "uneven"]),
    st.booleans(),
    st.booleans(),
    st.lists(st.integers(1, 6), min_size=4, max_size=4),
    st.lists(st.integers(0, 3), min_size=4, max_size=4),
)
def test_both_ways_against_counting(
    padding: str, dilated: bool, added: bool, large: list[int], small: list[int]
) -> None:
    size, kernel, stride, dilation = large
    even, first, last, more = small
    before, after = {"none": (0, 0), "even": (even, even), "uneven": (first, last)}[padding]
    dilation = dilation if dilated else 1
    law = natural_law(padding, dilated, added)
    assert law.ways is not None
    fibre, between = law.ways()
    values: dict[Term, int] = {W: size, F: kernel, S: stride, D: dilation, P: even, P1: first, P2: last, O: more}
    told = evaluate(law.theorem.conclusion.args[1], values)
    inside = [o for o in range(1, 90) if windows(o + before + after, kernel, stride, dilation) == size]
    meant = fibre.theorem.conclusion.args[1]
    assert [o for o in range(1, 90) if holds(meant, {**values, OUTPUT: o})] == inside
    if told >= 1:
        assert all(holds(one, values) for one in between.theorem.hypotheses)
        counted, right = between.theorem.conclusion.args
        length = evaluate(counted.args[0], values)
        assert length == stride * (size - 1) + 1 + 2 * dilation * (kernel - 1) - before - after + (more if added else 0)
        assert windows(length, kernel, 1, dilation) == evaluate(right, values) == told


def test_reports_and_explanations_tell_both_ways() -> None:
    said = report(Network.parse("(1*5) -> Deconv|1|3|2|1"), "text")
    assert "Entry i of the input is spread over the F entries" in said
    assert "the fibre: these are the outputs o" in said
    assert "S − 1 zeros between the entries" in said
    assert "the fibre" in explain("deconv", "text")
    assert "hence + 1" in explain("conv", "text")
    assert "+ 2·0 holds" not in report(Network.parse("(1*28*28) -> Conv|32|5"), "text")


@pytest.mark.parametrize(
    ("word", "heading"),
    [("l2", "l2"), ("weight decay", "l2"), ("loss", "loss"), ("forget gate", "gates"), ("Update-Gate", "gates")],
)
def test_words_of_training_and_recurrence(word: str, heading: str) -> None:
    assert explain(word, "text").startswith(heading)
