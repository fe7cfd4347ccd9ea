"""Comparisons of networks: where each is defined, and where both are what they say of each other."""

from __future__ import annotations

import json

import pytest

from symnet.errors import SymnetError
from symnet.network.compare import Comparison, compare
from symnet.network.network import Network
from symnet.printing.text import text as text_of
from symnet.render.comparison import comparison
from symnet.terms.evaluation import holds
from symnet.terms.term import integer, substitute, symbols_of

JOINS_AT_1 = "(1*W) -> Maxpool|1 @a -> Maxpool|1|2 @b -> From|a -> Add|b"
EVEN, BY_3 = (f"(1*W) @a -> Maxpool|{n} -> Upsample|{n} -> Add|a" for n in (2, 3))
PAIRS = {
    ("(1*W) -> Cropping|8 -> ZeroPad|8", "(1*W) -> ReLU"): "Only the second takes W ∈ 1..16.",
    (
        JOINS_AT_1,
        "(1*W) -> Maxpool|1",
    ): "elsewhere the first network is another one: Add stretches a size that is 1 and refuses",
    ("(1*W) -> Conv|1|9", "(1*W) -> ZeroPad|1 -> Conv|1|11"): "Both are defined for W ≥ 9.",
    ("(1*W) -> Conv|1|3|2", "(1*W) -> Conv|1|5|2"): "Only the first takes W ∈ {3, 4}.",
    (EVEN, BY_3): "Only the second takes W ≡ 3 (mod 6), W ≥ 3.",
    (EVEN, "(1*W) -> Cropping|(0, 1) @a -> Maxpool|2 -> Upsample|2 -> Add|a"): "no input fits both",
    ("(1*W) -> Conv|1|3|2|1", "(1*W) -> Conv|1|2|2"): "equal exactly for W ≡ 0 (mod 2), W ≥ 2",
    ("(1*W) -> Slice|2|(-5)", "(1*W) -> Slice|2|0|5"): "proven equal",
}


def compared(pair: tuple[str, str]) -> Comparison:
    return compare(*map(Network.parse, pair))


def at(text: str, size: int) -> dict[str, int | None] | None:
    """The numbers of the network on an input of this size; ``None`` where it is refused."""
    try:
        net = Network.parse(text.replace("W)", f"{size})"))
    except SymnetError:
        return None
    return {"L": net.placed[-1].axes[0].size.constant, "parameters": net.parameters.term.constant,
            "multiply-adds": net.multiply_adds.term.constant}  # fmt: skip


@pytest.mark.parametrize("pair", PAIRS, ids=" | ".join)
def test_a_comparison_is_what_the_numbers_say(pair: tuple[str, str]) -> None:
    found = compared(pair)
    rows = {row.what: row for row in found.rows}
    both = 0
    for size in range(1, 40):
        one, two = at(pair[0], size), at(pair[1], size)
        if not all(
            holds(substitute(each, {symbol: integer(size) for symbol in symbols_of(each)}))
            for each in found.restrictions
        ):
            assert one is None  # as numbers a size that is 1 by chance does not stretch
            continue
        ours = {symbol.name: (first, second) for symbol, first, second in found.differences}
        only = ours.get("W", ((), ()))
        assert (size in only[0], size in only[1]) == (one is not None and two is None, two is not None and one is None)
        if one is None or two is None:
            continue
        both += 1
        for what in ("L", "parameters", "multiply-adds"):
            row = rows[what]
            agree = row.equal if row.where is None else size in row.where
            assert agree == (one[what] == two[what]), (what, size)
    assert found.nowhere == (both == 0)


@pytest.mark.parametrize("pair", PAIRS, ids=" | ".join)
@pytest.mark.parametrize("format", ["text", "markdown"])
def test_it_is_said(pair: tuple[str, str], format: str) -> None:
    written = comparison(*map(Network.parse, pair), format)
    plain = written.replace("\\", "").replace("$W ge 9$", "W ≥ 9")
    assert PAIRS[pair] in " ".join(plain.split())


def test_equal_says_where_where_the_domains_differ() -> None:
    pair = map(Network.parse, (EVEN, "(1*W) -> ReLU"))
    lines = comparison(*pair).splitlines()
    assert [line.split("  ")[-1].strip() for line in lines[2:6]] == ["proven equal where both are defined"] * 4


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("(3*H*W)@a -> Input|3*A*B -> Multiply|a", ["A == H", "B == W"]),
        ("(3*H*W)@a -> Maxpool|S -> Multiply|a", ["H//S == H", "W//S == W"]),
        ("(1*W)@a -> Conv|1|3|2|1 -> Add|a", ["W in {1}"]),
        ("(1*W)@a -> Maxpool|2 -> Upsample|2 -> Add|a", []),  # 2·⌊W/2⌋ is never 1
        ("(1*W)@a -> Conv|1|4|2|1 -> Upsample|2 -> Add|a", []),
        ("(3*H*W)@a -> Maxpool|H*W -> Multiply|a", []),  # a 1 that is there for every H stretches for every H
    ],
)
def test_a_join_is_compared_where_no_size_stretches_by_chance(text: str, read: list[str]) -> None:
    found = compare(Network.parse(text), Network.parse(text))
    assert list(map(text_of, found.restrictions)) == read
    assert all(row.equal for row in found.rows)
    assert bool(found.otherwise) == bool(read)


def test_nothing_is_said_where_every_input_fits() -> None:
    written = comparison(*map(Network.parse, ("(3*W*W) -> Conv|8|3|2|1", "(3*W*W) -> Conv|8|1|2")))
    assert "defined" not in written


@pytest.mark.parametrize("pair", PAIRS, ids=" | ".join)
def test_every_hypothesis_is_in_the_data(pair: tuple[str, str]) -> None:
    found = compared(pair)
    data = json.loads(comparison(*map(Network.parse, pair), "json"))
    assert data["defined"]["same"] is found.same_domain
    for row, written in zip(found.rows, data["compared"], strict=True):
        assert len(written["hypotheses"]) == len(row.hypotheses)
        assert set(row.hypotheses) >= {*found.first.hypotheses, *found.second.hypotheses}
        assert set(row.hypotheses) >= (row.theorem.hypotheses if row.theorem else set())
    assert data["equal"] == (not found.nowhere and all(row.equal for row in found.rows))


def test_what_ties_several_symbols_is_left_open() -> None:
    pair = ("(3*H*W) -> Conv|8|F", "(3*H*W) -> Conv|8|F|1|P")
    assert compared(pair).same_domain is None
    assert "Whether these are the same inputs is not decided." in comparison(*map(Network.parse, pair))
    assert compared((pair[0], pair[0])).same_domain is True
    assert all(row.equal for row in compared((pair[0], pair[0])).rows)
