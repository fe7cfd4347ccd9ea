"""Terms and propositions mean in Coq what they mean in the kernel: evaluated by Coq at random integers."""

from __future__ import annotations

import random
import re

import pytest

from symnet.coq.check import check
from symnet.coq.emit import HEADER
from symnet.printing.coq import coq_data, coq_text, numeral
from symnet.terms.evaluation import evaluate, holds
from symnet.terms.integer_sets import IntegerSet
from symnet.terms.propositions import And, Congruent, Divides, Eq, Iff, In, Le, Lt, Or, Proposition
from symnet.terms.term import (
    CeilDiv,
    Entries,
    FloorDiv,
    Max,
    Min,
    Mod,
    Power,
    Product,
    Sum,
    Symbol,
    Term,
    Windows,
    integer,
)

SYMBOLS = [Symbol("W"), Symbol("S"), Symbol("P", 0), Symbol("forall", None)]
NAMES = dict(zip(SYMBOLS, ("W", "S_", "P", "v_forall"), strict=True))
PLACES = {symbol: place for place, symbol in enumerate(SYMBOLS)}


def _term(draw: random.Random, depth: int) -> Term:
    if depth == 0 or draw.random() < 0.15:
        return draw.choice([*SYMBOLS, integer(draw.randint(-9, 30))])

    def part() -> Term:
        return _term(draw, depth - 1)

    def divisor() -> Term:
        return draw.choice([integer(draw.randint(1, 7)), integer(-3), SYMBOLS[0], SYMBOLS[1]])

    return draw.choice(
        [
            lambda: Sum(*(part() for _ in range(draw.randint(0, 4)))),
            lambda: Product(*(part() for _ in range(draw.randint(0, 3)))),
            lambda: part() - part(),
            lambda: -part(),
            lambda: Power(part(), draw.randint(0, 3)),
            lambda: FloorDiv(part(), divisor()),
            lambda: CeilDiv(part(), divisor()),
            lambda: Mod(part(), divisor()),
            lambda: Min(*(part() for _ in range(draw.randint(1, 3)))),
            lambda: Max(*(part() for _ in range(draw.randint(1, 3)))),
        ]
    )()


def _proposition(draw: random.Random, depth: int) -> Proposition:
    if depth == 0:
        left, right = _term(draw, 1), _term(draw, 1)
        ends = (draw.choice([None, draw.randint(-20, 5)]), draw.choice([None, draw.randint(5, 40)]))
        sets = [IntegerSet.of(*draw.sample(range(-9, 30), 6)), IntegerSet.residue_class(1, draw.randint(1, 4), *ends)]
        return draw.choice(
            [
                draw.choice([Eq, Le, Lt, Divides])(left, right),
                Congruent(left, right, _term(draw, 0)),
                In(left, draw.choice(sets)),
            ]
        )
    parts = [_proposition(draw, depth - 1) for _ in range(draw.randint(0, 3))]
    return draw.choice([And(*parts), Or(*parts), Iff(_proposition(draw, depth - 1), _proposition(draw, depth - 1))])


def _point(draw: random.Random) -> dict[Term, int]:
    least = [1, 1, 0, -30]
    return {symbol: draw.randint(low, 40) for symbol, low in zip(SYMBOLS, least, strict=True)}


def _computed(expressions: list[str], kind: str) -> list[str]:
    """Coq's values of many expressions, one file for all."""
    answer = check(f"{HEADER}\nEval vm_compute in ([{'; '.join(expressions)}] : list {kind}).\n").output
    match = re.search(rf"=\s*\[(.*)\]\s*:\s*list {kind}", answer, re.DOTALL)
    assert match, answer
    return [value.strip() for value in match[1].split(";")]


def _at(text: str, point: dict[Term, int]) -> str:
    binders = " ".join(NAMES.values())
    return f"(fun {binders} : Z => {text}) {' '.join(numeral(point[symbol]) for symbol in SYMBOLS)}"


@pytest.mark.coq
def test_terms() -> None:
    draw = random.Random(2024)
    expressions: list[str] = []
    expected: list[str] = []
    for _ in range(300):
        term, point = _term(draw, 3), _point(draw)
        value = str(evaluate(term, point))
        environment = "; ".join(numeral(point[symbol]) for symbol in SYMBOLS)
        expressions += [_at(coq_text(term, NAMES), point), f"eval [{environment}] {coq_data(term, PLACES)}"]
        expected += [value, value]
    assert _computed(expressions, "Z") == expected


@pytest.mark.coq
def test_propositions() -> None:
    draw = random.Random(7)
    expressions: list[str] = []
    expected: list[str] = []
    proofs: list[str] = []
    for _ in range(200):
        claim, point = _proposition(draw, draw.randint(0, 2)), _point(draw)
        environment = "; ".join(numeral(point[symbol]) for symbol in SYMBOLS)
        data = coq_data(claim, PLACES)
        expressions.append(f"decide [{environment}] {data}")
        expected.append("true" if holds(claim, point) else "false")
        statement = _at(coq_text(claim, NAMES), point)
        # the text means what the data mean, by conversion
        proofs.append(f"Check (fun h : {statement} => h : meaning [{environment}] {data}).")
    assert _computed(expressions, "bool") == expected
    assert "Error" not in check(f"{HEADER}\n" + "\n".join(proofs)).output


@pytest.mark.coq
def test_counts() -> None:
    draw = random.Random(3)
    expressions: list[str] = []
    expected: list[str] = []
    for _ in range(60):
        length, kernel, dilation, stride = (draw.randint(low, high) for low, high in ((-2, 30), (1, 5), (1, 3), (1, 4)))
        term = Windows(*map(integer, (length, kernel, dilation, stride)))
        taps = [[k * stride + j * dilation for j in range(kernel)] for k in range(40)]
        expressions.append(coq_text(term, {}))
        expected.append(str(sum(all(0 <= tap < length for tap in window) for window in taps)))
    for shape in ((), (3,), (2, 0, 4), (2, 3, 4), (-1, 2)):
        expressions.append(coq_text(Entries(*map(integer, shape)), {}))
        entries = 1
        for size in shape:
            entries *= len(range(size))
        expected.append(str(entries))
    assert _computed(expressions, "Z") == expected
