"""Random stacks of spatial layers: the closed form is the size wherever the network stands, and its hypotheses are enough."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from symnet.errors import LayerError
from symnet.network.derivation import prove_sizes
from symnet.network.propagate import propagate
from symnet.notation.parse import parse_network
from symnet.terms.evaluation import evaluate, holds
from symnet.terms.term import Symbol
from tests.parts import examples

W = Symbol("W")


def _layers() -> st.SearchStrategy[str]:
    k, s, p = st.integers(1, 4), st.integers(1, 4), st.integers(0, 2)
    return st.one_of(
        st.builds("Conv|2|{}|{}|{}".format, k, s, p),
        st.builds("Conv|2|{}|{}|({}, 1)|dilation=2".format, k, s, p),
        st.builds("Conv|2|{}|{}|same".format, k, s),
        st.builds("Deconv|2|{}|{}|{}".format, k, s, p),
        st.builds("Deconv|2|{}|{}|dilation=2".format, k, s),
        st.builds("Deconv|2|{}|{}|{}".format, k, s, st.sampled_from(["same", "valid|framework=keras"])),
        st.builds("Maxpool|{}|{}|{}|ceil_mode=yes".format, k, s, st.integers(0, 1)),
        st.builds("Upsample|{}".format, s),
        st.builds("ZeroPad|({}, {})".format, p, s),
        st.builds("Cropping|({}, {})".format, p, p),
    )


def size(stack: str, width: int) -> int | None:
    """What comes out for a number, layer by layer; ``None`` where a layer does not fit."""
    try:
        return propagate(parse_network(f"(2*{width}) -> {stack}"))[-1].output.dims[1].constant
    except LayerError:
        return None


@settings(max_examples=examples(150), deadline=None)
@given(
    st.lists(_layers(), min_size=1, max_size=6).map(" -> ".join), st.lists(st.integers(1, 60), min_size=3, max_size=6)
)
def test_the_closed_form_is_the_size(stack: str, widths: list[int]) -> None:
    proofs = prove_sizes(propagate(parse_network(f"(2*W) -> {stack}")))
    (axis,) = proofs.axes[-1]
    assert axis is not None
    theorem = axis.form.closed
    for width in widths:
        number = size(stack, width)
        if number is not None:
            assert evaluate(theorem.conclusion.args[1], {W: width}) == number
        plain = [part for part in theorem.hypotheses if "windows" not in repr(part)]
        if len(plain) == len(theorem.hypotheses) and all(holds(part, {W: width}) for part in plain):
            assert number is not None
