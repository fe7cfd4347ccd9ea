"""Verdicts on counts of several letters, held against counting: "different" is never wrong, and hardly ever missing."""

from __future__ import annotations

from itertools import product
from random import Random

import pytest

from symnet.errors import SymnetError
from symnet.network.compare import Row, compare
from symnet.network.domain import domain
from symnet.network.network import Network
from symnet.terms.evaluation import holds
from symnet.terms.propositions import Eq
from symnet.terms.term import Term, integer, substitute, symbols_of

LAYERS = (
    "Conv|{}|2",
    "Conv|{}|3",
    "Conv|{}|F",
    "Conv|{}|2|2",
    "Conv|K|3 -> Conv|{}|2",
    "Maxpool|2 -> Conv|{}|2",
    "Deconv|{}|2|2",
)
INPUTS = ("(3*W*H)", "(C*W*H)", "(3*W*W)", "W")


def drawn(chance: Random) -> tuple[str, str]:
    """Two networks that are alike but for their numbers of filters."""
    start = chance.choice(INPUTS)
    layers = [
        chance.choice(LAYERS if "*" in start else ("FC|{}", "FC|K -> FC|{}")) for _ in range(chance.randint(1, 2))
    ]
    one, two = (" -> ".join((start, *(layer.format(chance.choice("345")) for layer in layers))) for _ in range(2))
    return one, two


def equal_somewhere(row: Row) -> bool:
    """Whether small sizes that both networks take make the sides equal."""
    letters = symbols_of(row.left, row.right, *row.assumptions)
    known = domain(row.assumptions)
    lows = [min(part.minimum or 1 for part in known.of(letter).parts) for letter in letters]
    for more in product(range(8 if len(letters) < 4 else 5), repeat=len(letters)):
        there: dict[Term, Term] = {
            letter: integer(low + one) for letter, low, one in zip(letters, lows, more, strict=True)
        }
        conditions = [substitute(each, there) for each in (*row.assumptions, Eq(row.left, row.right))]
        if all(map(holds, conditions)):
            return True
    return False


def verdicts(seeds: range) -> tuple[int, int]:
    """How many rows of several letters are said to differ, and how many are not although no small sizes make them equal."""
    said, missed = 0, 0
    for seed in seeds:
        one, two = drawn(Random(seed))
        try:
            compared = compare(Network.parse(one), Network.parse(two))
        except SymnetError:
            continue
        for row in compared.rows:
            if len(symbols_of(row.left, row.right)) < 2:
                continue
            if row.theorem is None and row.where is None:
                said += 1
                assert not equal_somewhere(row), (one, two, row.what)
            elif row.condition is not None:
                missed += not equal_somewhere(row)
    return said, missed


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("(3*W*H) -> Conv|4|2", "(3*W*H) -> Conv|5|2"),
        ("(3*W*H) -> Conv|4|F", "(3*W*H) -> Conv|5|F"),
        ("(C*W*H) -> Conv|4|2|2 -> Conv|8|3", "(C*W*H) -> Conv|5|2|2 -> Conv|8|3"),
    ],
)
def test_counts_that_differ_where_both_fit(one: str, two: str) -> None:
    work = compare(Network.parse(one), Network.parse(two)).rows[-1]
    assert (work.what, work.theorem, work.condition) == ("multiply-adds", None, None)


@pytest.mark.slow
def test_verdicts_hold_at_all_small_sizes() -> None:
    said, missed = verdicts(range(150))
    assert said > 60
    assert missed <= said // 20
