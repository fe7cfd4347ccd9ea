"""The algebra of tensors by itself: sizes with the batch at any place, merged and taken apart, at numbers against plain arithmetic."""

from __future__ import annotations

from math import prod

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from symnet.errors import ModelError
from symnet.frontends.building import Builder, Tensor
from symnet.frontends.flow import BATCH, Flow, tidy
from symnet.frontends.ops.arranging import flattened, permuted, reshaped, squeezed, unsqueezed
from symnet.frontends.ops.joining import concatenated, expanded, joined, repeated, stacked
from symnet.frontends.ops.multiplying import einsum, multiplied
from symnet.frontends.ops.products import divided
from symnet.frontends.ops.reducing import reduced
from symnet.frontends.ops.selecting import chosen, chunks, pieces, sliced
from symnet.frontends.ops.windows import padded, windows
from symnet.layers.declaration.base import Layer
from symnet.layers.declaration.shape import Shape
from symnet.layers.kinds.arrays import Parameter
from symnet.layers.kinds.merges import Add
from symnet.layers.kinds.reductions import Sum
from symnet.terms.evaluation import evaluate, holds
from symnet.terms.propositions import Eq, Proposition
from symnet.terms.term import Mod, Symbol, Term, as_term, integer, symbols_of

T, H = Symbol("T"), Symbol("H")
TAKEN = {T: 6, H: 14}


class Sheet:
    """A place to put layers, for the sizes that are taken."""

    def __init__(self) -> None:
        self.builder = Builder("a test")
        self.asked: list[Proposition] = []
        self.whole: dict[Term, Term] = {}

    def input(self, *sizes: object) -> Flow:
        dims = tuple(as_term(size) for size in sizes)  # type: ignore[arg-type]
        return Flow.of(self.builder.input(Shape(dims)))

    def array(self, *sizes: int) -> Flow:
        return Flow.of(self.layer(Parameter(sizes, fixed=True)), None)

    def layer(self, layer: Layer, *tensors: Tensor, name: str = "") -> Tensor:
        return self.builder.add(layer, *tensors, name=name.replace(".", "_") or "x", origin="here")

    def refusal(self, what: str) -> ModelError:
        return ModelError(what)

    def suppose(self, proposition: Proposition) -> None:
        if not symbols_of(proposition) and not holds(proposition):
            raise self.refusal(f"{proposition} does not hold")
        self.asked.append(proposition)

    def decide(self, proposition: Proposition) -> bool:
        answer = holds(proposition, {symbol: TAKEN[symbol] for symbol in symbols_of(proposition)})
        self.asked.append(proposition)
        return answer

    def usual(self, term: Term) -> int | None:
        return evaluate(term, TAKEN)

    def multiples(self) -> dict[Term, Term]:
        return self.whole

    def note_merged_batch(self, sizes: str, share: str) -> None:
        assert "batch" in sizes
        assert "batch" not in share


def test_the_batch_is_merged_and_taken_apart() -> None:
    site = Sheet()
    x = site.input(T, 8)
    rows = reshaped(site, x, [None, integer(8)])
    assert rows.sizes == (tidy(BATCH * T), integer(8))
    assert rows.tensor is x.tensor  # for one example nothing has changed
    back = reshaped(site, rows, [BATCH, T, integer(4), integer(2)])
    assert back.sizes == (BATCH, T, integer(4), integer(2))
    assert reshaped(site, rows, [None, T, integer(8)]).sizes == (BATCH, T, integer(8))
    heads = permuted(site, back, [0, 2, 1, 3])
    assert flattened(site, heads, 0, 1).sizes == (4 * BATCH, T, integer(2))
    assert permuted(site, x, [1, 0, 2]).batch == 1
    assert not site.asked


def test_windows_are_multiples() -> None:
    site = Sheet()
    x = site.input(H, 4)
    parts = reshaped(site, x, [BATCH, H // 7, integer(7), integer(4)])
    assert site.asked == [Eq(Mod(H, integer(7)), integer(0))]
    site.whole[H] = 7 * (H // 7)
    rows = reshaped(site, parts, [None, integer(7), integer(4)])
    assert rows.share(0) is H // 7
    assert reshaped(site, rows, [None, H, integer(4)]).batch_alone


@pytest.mark.parametrize(
    "wanted", [[4, 5], [None, 3, 7], [BATCH + 1, None], [BATCH, BATCH, None], [BATCH, 21], [2 * BATCH, 5], [None, None]]
)
def test_products_that_differ_are_refused_with_both(wanted: list[object]) -> None:
    site = Sheet()
    sizes = [None if size is None else as_term(size) for size in wanted]  # type: ignore[arg-type]
    with pytest.raises(ModelError, match=r"there are batch·4·5 entries|only one size may be"):
        reshaped(site, site.input(4, 5), sizes)


def test_joins_stretch_and_meet() -> None:
    site = Sheet()
    x, row = site.input(T, 4), site.array(1, 4)
    assert joined(site, Add(), [x, row], "add").sizes == (BATCH, T, integer(4))
    mean = reduced(site, lambda axes, keep: Sum(axes, keepdims=keep), x, [0], True, "mean")
    assert mean.sizes == (integer(1), T, integer(4))
    assert joined(site, Add(), [x, mean], "add").sizes == x.sizes
    both = concatenated(site, [x, x], 0)
    assert both.sizes == (2 * BATCH, T, integer(4))
    assert [part.sizes for part in chunks(site, both, 0, 2)] == [x.sizes] * 2
    assert [part.sizes for part in pieces(site, both, 0, BATCH)] == [x.sizes] * 2
    assert sliced(site, both, 0, BATCH).sizes == x.sizes
    assert stacked(site, [x, x], 1).sizes == (BATCH, integer(2), T, integer(4))
    assert expanded(site, site.array(1, 4), [BATCH, None]).sizes == (BATCH, integer(4))
    assert repeated(site, x, [integer(3), integer(1), integer(2)]).sizes == (3 * BATCH, T, integer(8))
    for wrong in (
        lambda: joined(site, Add(), [x, permuted(site, x, [1, 0, 2])], "add"),
        lambda: joined(site, Add(), [x, site.array(3, 1, 1)], "add"),
        lambda: concatenated(site, [x, site.array(1, 1, 4)], 0),
        lambda: chunks(site, x, 0, 2),
        lambda: sliced(site, x, 0, integer(0), integer(2)),
        lambda: chosen(site, x, 0, integer(0)),
        lambda: expanded(site, x, [integer(2), None, None]),
    ):
        with pytest.raises(ModelError):
            wrong()


def test_products_with_the_batch_in_any_dimension() -> None:
    site = Sheet()
    x, square = site.input(T, 4), site.array(4, 4)
    turned = permuted(site, x, [0, 2, 1])
    assert multiplied(site, x, turned).sizes == (BATCH, T, T)
    assert multiplied(site, x, square).sizes == x.sizes
    assert multiplied(site, square, turned).sizes == turned.sizes
    rows = flattened(site, x, 0, 1)
    assert multiplied(site, rows, square).sizes == rows.sizes
    assert multiplied(site, permuted(site, rows, [1, 0]), rows).sizes == (integer(4), integer(4))
    assert einsum(site, "...td,de->...te", [x, square]).sizes == x.sizes
    assert einsum(site, "btd,bsd", [x, x]).sizes == (T, T)
    vector = reshaped(site, site.array(1, 4), [integer(4)])
    assert multiplied(site, x, vector).sizes == (BATCH, T)
    with pytest.raises(ModelError, match="the examples of the batch meet each other"):
        multiplied(site, rows, permuted(site, rows, [1, 0]))


def test_sizes_of_one_and_windows() -> None:
    site = Sheet()
    x = site.input(T, 4)
    wide = unsqueezed(site, x, 1)
    assert wide.sizes == (BATCH, integer(1), T, integer(4))
    assert squeezed(site, wide, [1]).sizes == x.sizes
    assert squeezed(site, wide, [0]).sizes == wide.sizes
    assert padded(site, x, {1: (integer(1), integer(2))}).sizes[1] == 1 + T + 2
    assert padded(site, x, {2: (integer(-1), integer(-1))}).sizes[2].constant == 2
    assert [evaluate(size, {BATCH: 2, T: 6}) for size in windows(site, x, 1, integer(3), integer(2)).sizes] == [
        2,
        2,
        4,
        3,
    ]


def test_quotients_of_sums() -> None:
    site = Sheet()
    assert divided(site, (T + 1) * (H + 2) * 49, (T + 1) * (H + 2)) == (integer(49), True)
    assert divided(site, T * T - 1, T - 1) == (T + 1, True)
    assert not divided(site, T * T + 1, T + 1)[1]


SIZES = st.sampled_from((T, H, integer(2), integer(3), integer(4), integer(6)))


@given(st.lists(SIZES, min_size=1, max_size=4), st.data())
@settings(max_examples=60, deadline=None)
def test_reshapes_keep_the_number_of_entries(sizes: list[Term], data: st.DataObject) -> None:
    """However the factors are grouped, and whichever size is left open, the entries are as many at every size."""
    site = Sheet()
    x = site.input(*sizes)
    factors = data.draw(st.permutations([BATCH, *sizes]))
    cuts = sorted(data.draw(st.sets(st.integers(1, len(factors) - 1))) if len(factors) > 1 else [])
    groups = [factors[start:end] for start, end in zip([0, *cuts], [*cuts, len(factors)], strict=True)]
    wanted: list[Term | None] = [prod(group[1:], start=group[0]) for group in groups]
    if data.draw(st.booleans()):
        wanted[data.draw(st.integers(0, len(wanted) - 1))] = None
    y = reshaped(site, x, wanted)
    assert not site.asked
    for numbers in ({BATCH: 2, T: 3, H: 5}, {BATCH: 7, T: 1, H: 4}):
        assert prod(evaluate(size, numbers) for size in y.sizes) == prod(evaluate(size, numbers) for size in x.sizes)
        for size, asked in zip(y.sizes, wanted, strict=True):
            assert asked is None or evaluate(size, numbers) == evaluate(asked, numbers)
