"""An outside examination: questions that no other test asks, against a simulator that slides windows one at a time."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from typing import Any

import pytest

from symnet.render.answers import plain
from symnet.solving import solve
from tests.counting_calls import work_at_most

Value = int | str
Point = Mapping[str, int]


def windows(length: int, kernel: int, stride: int, dilation: int) -> int:
    """Slide the window until it leaves the input."""
    count = position = 0
    while position + (kernel - 1) * dilation < length:
        count += 1
        position += stride
    return count


@dataclass(frozen=True)
class Layer:
    """A layer with numbers or letters: how it is written, and what it makes of a size (and how much it drops)."""

    kind: str
    kernel: Value = 1
    stride: Value = 1
    before: Value = 0
    after: Value = 0
    dilation: Value = 1
    more: Value = 0

    @property
    def values(self) -> tuple[Value, ...]:
        return (self.kernel, self.stride, self.before, self.after, self.dilation, self.more)

    @property
    def text(self) -> str:
        f, s, p, q, d, o = self.values
        return {
            "conv": f"Conv|1|{f}|{s}|({p}, {q})|dilation={d}",
            "ceil": f"Maxpool|{f}|{s}|({p}, {q})|dilation={d}|ceil_mode=yes",
            "back": f"ConvTranspose|1|{f}|{s}|({p}, {q})|dilation={d}|output_padding={o}",
            "chosen": f"Deconv|1|{f}|{s}|same|output={o}",
            "pad": f"ZeroPad|({p}, {q})",
            "crop": f"Cropping|({p}, {q})",
            "up": f"Upsample|{s}",
            "resize": f"Resize|{f}",
        }[self.kind]

    def run(self, size: int, point: Point) -> tuple[int, int] | None:
        f, s, p, q, d, o = (point[value] if isinstance(value, str) else value for value in self.values)
        reach, padded = (f - 1) * d + 1, size + p + q
        if self.kind == "conv":
            count = windows(padded, f, s, d)
            return (count, padded - (count - 1) * s - reach) if count else None
        if (
            self.kind == "ceil"
        ):  # one more window while something is left over, if it starts inside or in the padding before
            if reach > padded + s - 1:
                return None
            count = 1
            while (count - 1) * s + reach < padded:
                count += 1
            while (count - 1) * s >= size + p:
                count -= 1
            return (count, max(0, size + p - (count - 1) * s - reach)) if count else None
        if self.kind == "back":
            made = max(s * i + d * j for i in range(size) for j in range(f)) + 1 - p - q + o
            return (made, 0) if o < s and made >= 1 else None
        if self.kind == "chosen":  # what SAME of the same stride takes back
            return (o, 0) if len(range(0, o, s)) == size else None
        made = {"pad": padded, "crop": size - p - q, "up": size * s, "resize": f}[self.kind]
        return (made, 0) if made >= 1 else None


def outcome(size: Value, layers: list[Layer], point: Point) -> tuple[int, list[int]] | None:
    now = point[size] if isinstance(size, str) else size
    dropped: list[int] = []
    for layer in layers:
        found = layer.run(now, point)
        if found is None:
            return None
        now, left = found
        dropped.append(left)
    return now, dropped


def points(box: Mapping[str, tuple[int, int]]) -> Iterator[dict[str, int]]:
    for numbers in product(*(range(low, high + 1) for low, high in box.values())):
        yield dict(zip(box, numbers, strict=True))


def some_question(chance: random.Random) -> tuple[Value, list[Layer], dict[str, tuple[int, int]]]:
    box: dict[str, tuple[int, int]] = {}

    def value(name: str, low: int, high: int, usual: int) -> Value:
        if len(box) < 3 and name not in box and chance.random() < 0.3:
            box[name] = (low, high)
            return name
        return usual

    size = value("W", 1, 10, chance.randint(4, 12))
    layers = []
    for _ in range(chance.randint(1, 3)):
        kind = chance.choice(["conv", "conv", "ceil", "back", "chosen", "pad", "crop", "up", "resize"])
        windowed = kind in ("conv", "ceil", "back")
        padded = windowed or kind in ("pad", "crop")
        layers.append(
            Layer(
                kind,
                value("F", 1, 4, chance.randint(1, 3)) if windowed or kind in ("chosen", "resize") else 1,
                value("S", 1, 4, chance.randint(1, 3)) if windowed or kind in ("chosen", "up") else 1,
                value("P", 0, 2, chance.randint(0, 2)) if padded else 0,
                value("B", 0, 2, chance.randint(0, 1)) if padded else 0,
                value("D", 1, 3, chance.randint(1, 2)) if windowed else 1,
                value("A", *((0, 2, 0) if kind == "back" else (1, 12, 6))) if kind in ("back", "chosen") else 0,
            )
        )
    return size, layers, box


#: What is said of the first unknown, as text and as what it means.
CONSTRAINTS: list[tuple[str, Callable[[int], bool]]] = [
    ("", lambda _: True),
    ("{0} % 2 = 1", lambda n: n % 2 == 1),
    ("{0}!=2", lambda n: n != 2),
    ("1<{0}<=3", lambda n: 1 < n <= 3),
]


@pytest.mark.parametrize("count", [25, pytest.param(150, marks=pytest.mark.slow)])
def test_random_questions(count: int) -> None:
    chance, asked = random.Random(4), 0
    while asked < count:
        size, layers, box = some_question(chance)
        extra, holds = chance.choice(CONSTRAINTS)
        every = [(point, outcome(size, layers, point)) for point in points(box)]
        reached = [found for _, found in every if found is not None]
        if not box or not reached:
            continue
        asked += 1
        target, exact = chance.choice([None, chance.choice(reached)[0]]), chance.random() < 0.3
        first = next(iter(box))
        question = f"(1, {size}) -> " + " -> ".join(layer.text for layer in layers)
        question += "" if target is None else f" = (_, {target})"
        where = ", ".join(
            [*(f"{low}<={name}<{high + 1}" for name, (low, high) in box.items()), *[extra.format(first)] * bool(extra)]
        )
        answer = solve(question, where=where, exact=exact)
        assert answer.complete, (question, answer.reason)
        expected = {
            tuple(point[name] for name in answer.unknowns): found[1]
            for point, found in every
            if found is not None and target in (None, found[0]) and holds(point[first]) and not (exact and any(found[1]))
        }  # fmt: skip
        assert [tuple(one.values()) for one in answer.numeric()] == sorted(expected), (question, where, exact)
        for one, flag in zip(answer.to_json(proof=False)["solutions"], answer.exact, strict=True):
            left = expected[tuple(one.values())]
            assert flag is not any(left)
            assert {part.layer: part.entries for part in answer.dropped(one)} == {
                place: entries for place, entries in enumerate(left, start=1) if entries
            }


def conv(size: int, kernel: int, stride: int, padding: int) -> int | None:
    return windows(size + 2 * padding, kernel, stride, 1) or None


def same_here(one: int | None, other: int | None) -> bool:
    return one is not None and one == other


@pytest.mark.parametrize(
    ("question", "options", "expected", "holds"),
    [
        (
            "(1,W,W) @x -> Conv|1|3|2|P @a -> From|x -> Conv|1|5|2|Q -> Add|a",
            {},
            "3 − 2·P ≤ W, if Q = P + 1",
            lambda v: same_here(conv(v["W"], 3, 2, v["P"]), conv(v["W"], 5, 2, v["Q"])),
        ),
        (
            "(1,W,H) -> Conv|1|3|1|P = (1,H,W)",
            {},
            "W = H, P = 1",
            lambda v: conv(v["W"], 3, 1, v["P"]) == v["H"] and conv(v["H"], 3, 1, v["P"]) == v["W"],
        ),
        (
            "(1,24,24) -> Conv|1|F|S|P = (1,12,12)",
            {"where": "2*P=F-1"},
            "F = 2·P + 1, S = 2",
            lambda v: 2 * v["P"] == v["F"] - 1 and conv(24, v["F"], v["S"], v["P"]) == 12,
        ),
        ("(1,W,W) -> ZeroPad|P -> Cropping|Q = input", {}, "P = Q, any W", lambda v: v["P"] == v["Q"]),
        ("(1,8,8) -> Conv|1|F|1|P = (_,F,F)", {}, "F ∈ ∅", lambda v: conv(8, v["F"], 1, v["P"]) == v["F"]),
        (
            "(1,W,H) -> Conv|1|3|2|1 = (1,H,W)",
            {},
            "W = 1, H = 1",
            lambda v: conv(v["W"], 3, 2, 1) == v["H"] and conv(v["H"], 3, 2, 1) == v["W"],
        ),
        ("(4,H,H) -> AdaptiveAvgPool|S -> Resize|8 -> PixelShuffle|D", {}, "D ∈ {1, 2}, any H, S", lambda v: v["D"] in (1, 2)),
    ],
)  # fmt: skip
def test_conditions_together(
    question: str, options: dict[str, Any], expected: str, holds: Callable[[Point], bool]
) -> None:
    """What follows from several conditions only together: an equation, a number, that there is nothing, or finitely much."""
    answer = solve(question, **options)
    assert answer.complete, answer.reason
    assert str(answer) == expected
    names = [*answer.unknowns]
    for numbers in product(range(6), repeat=len(names)):
        point = dict(zip(names, numbers, strict=True))
        if all(number or name in "PQ" for name, number in point.items()):
            assert (point in answer) is holds(point), point


def test_no_solution_of_a_family_is_an_empty_set() -> None:
    answer = solve("(1,8,8) -> Conv|1|F|1|P = (_,F,F)")
    assert (len(answer), answer.finite, list(answer), answer.smallest) == (0, True, [], None)
    assert answer == set()


@pytest.mark.parametrize(
    ("question", "where", "near", "shown"),
    [
        # a letter in the target, and another number on a square axis, still hold
        ("(2,4) -> ZeroPad|2 -> Depthwise|4|r|P1 = (P1,2)", "r<=4, P1<=3", [(2, 3)], "P1 = 2)."),
        ("(4,W,W) -> Conv|2|2|G|same = (_,12,10)", "G<=4, W<15", [(12, 10), (10, 12)], "10 for 12 (G = 1, W = 10) and 12 for 10"),
        ("(3,24,24) -> Conv|K|7|S|3 = (64,11,11)", "S<=9", [(11, 8), (11, 12)], "8 for 11 (S = 3, K = 64)"),
        ("(8,64,32) -> N * [Maxpool|2] = (8,8,5)", "N<=9", [(5, 4)], "4 for 5 (N = 3)"),
    ],
)  # fmt: skip
def test_the_nearest_sizes_fit_the_rest_of_the_target(
    question: str, where: str, near: list[tuple[int, int]], shown: str
) -> None:
    answer = solve(question, where=where)
    assert len(answer) == 0
    assert [(one.asked, one.size) for one in answer.nearest] == near
    assert shown in plain(answer).splitlines()[0]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("question", "options"),
    [
        ("(4,W) -> Avgpool|3|D|2 -> Upsample|2", {"where": "D<=10**30"}),
        pytest.param(
            "(X,8,8) -> Maxpool|3*1|T*T|valid|ceil_mode=yes -> Avgpool|A|F|3 = (_,4,_)",
            {},
            marks=pytest.mark.slow,
        ),
        (
            "(1,9,10) -> Conv|6|2|2|dilation=k|groups=X -> Conv|6|2*G|1|B|dilation=3*1|groups=2 = (6,1,1)",
            {"exact": True},
        ),
        pytest.param(
            "(3,224,224) -> Conv|8|F|S|P -> Conv|8|3|T|1 -> Maxpool|U|U = (8,7,7)",
            {"where": "F<=3,P<=1"},
            marks=pytest.mark.slow,
        ),
    ],
)
def test_an_answer_soon_and_short(question: str, options: dict[str, Any]) -> None:
    with work_at_most(8_000_000):
        answer = solve(question, **options)
        assert answer.complete, answer.reason
        assert len(plain(answer)) < 20_000
        answer.to_json(proof=False)


def test_every_answer_has_lines() -> None:
    question = "(2,W) -> Conv|6|1|3|A|groups=1 -> SeparableConv|4|B|3|3 -> Avgpool|4|3|3 = (4,_)"
    assert "[1]" in plain(solve(question, budget="multiply_adds<=126"))


def test_a_divisor_of_0_where_a_condition_fails_anyway() -> None:
    answer = solve(
        "(4,W) -> Maxpool|1|D|A|ceil_mode=yes -> Deconv|2|4|T|3|output=6|groups=2"
        " -> Deconv|4|4|3|3|output_padding=1|groups=2 = (_,_)",
        where="T<=4, D<5, 14>=W, A<=3", budget="parameters<=38, multiply_adds=144", for_="T",
    )  # fmt: skip
    assert {"W": 1, "D": 1, "A": 0, "T": 1} not in answer


def test_all_is_the_whole_list_in_numeric_order() -> None:
    answer = solve("(3,24,24) -> Conv|64|F|S|P = (64,12,12)", where="F<=9, S<=5, P<=3")
    head = plain(answer, whole=True).splitlines()[0]
    shown = [tuple(map(int, re.findall(r"= (\d+)", part))) for part in head.split("; ")]
    assert shown == [
        (f, s, p) for f in range(1, 10) for s in range(1, 6) for p in range(4) if conv(24, f, s, p) == 12
    ]  # fmt: skip
    assert "F = 7, S = 2, P = 3 (conv1 drops 1)" in head
    many = solve("(3,24,24) -> Conv|64|F|S|P", where="F<=4, S<=5, P<=3")
    assert plain(many, whole=True).splitlines()[0].count("; ") == 4 * 5 * 4 - 1


def test_a_budget_on_what_is_flattened() -> None:
    question = "(3,W,W) -> Conv|8|3|2|1 -> Flatten -> FC|10"
    answer = solve(question, budget="parameters<=1000")
    fits = [w for w in range(1, 50) if 8 * 3 * 9 + 8 + 10 * 8 * conv(w, 3, 2, 1) ** 2 + 10 <= 1000]
    assert sorted(answer) == fits == [1, 2, 3, 4, 5, 6]
