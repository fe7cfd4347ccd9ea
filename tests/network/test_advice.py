"""What is said to fit does: put into the whole network, it works, and what is next to it does not."""

from __future__ import annotations

import re
from functools import cache
from random import Random

import pytest

from symnet import LayerError, Network

FRAMEWORKS = ("", "|framework=torch", "|framework=keras", "|framework=onnx")


def refusal(text: str) -> str:
    with pytest.raises(LayerError) as refused:
        Network.parse(text)
    return str(refused.value)


def works(text: str) -> bool:
    try:
        Network.parse(text)
    except LayerError:
        return False
    return True


class Stack:
    """A stack of windows on an image of these sizes."""

    def __init__(self, sizes: list[int], layers: list[tuple[str, int, int, int, str]]) -> None:
        self.sizes, self.layers = sizes, layers

    def text(self, sizes: list[int] | None = None, place: int = -1, kernel: int = 0, padding: int = -1) -> str:
        parts = [f"({', '.join(map(str, [3, *(sizes or self.sizes)]))})"]
        for index, (kind, k, s, p, framework) in enumerate(self.layers, 1):
            here = index == place
            k, p = (kernel or k) if here else k, padding if here and padding >= 0 else p
            parts.append(f"{kind}{'|8' if kind == 'Conv' else ''}|{k}|{s}{f'|{p}' if p else ''}{framework}")
        return " -> ".join(parts)


@cache
def stacks(count: int) -> list[Stack]:
    """So many stacks that do not fit."""
    found: list[Stack] = []
    random = Random(8)
    while len(found) < count:
        framework = random.choice(FRAMEWORKS)
        sizes = [random.randint(1, 40)] * random.randint(1, 3)
        if random.random() < 0.4:
            sizes = [random.randint(1, 40) for _ in sizes]
        layers = [
            (random.choice(("Conv", "Maxpool", "Avgpool")), random.randint(1, 6), random.randint(1, 3), 0, framework)
            for _ in range(random.randint(1, 5))
        ]
        stack = Stack(sizes, layers)
        if not works(stack.text()):
            found.append(stack)
    return found


@pytest.mark.parametrize("index", [*range(4), *(pytest.param(index, marks=pytest.mark.slow) for index in range(4, 60))])
def test_advice_is_true_for_the_whole_network(index: int) -> None:
    stack = stacks(60)[index]
    said = refusal(stack.text())
    place = int(re.match(r"layer (\d+)", said)[1])  # type: ignore[index]
    if kernel := re.search(r"a kernel of at most (\d+)", said):
        most = int(kernel[1])
        assert all(works(stack.text(place=place, kernel=size)) for size in range(1, most + 1))
        assert not works(stack.text(place=place, kernel=most + 1))
    if padding := re.search(r"padding of at least (\d+)", said):
        least = int(padding[1])
        assert works(stack.text(place=place, padding=least))
        assert works(stack.text(place=place, padding=least + 1))
        assert not works(stack.text(place=place, padding=least - 1))
    alike = re.search(r"an input of at least (\d+)", said)
    if alike:
        size = int(alike[1])
        assert works(stack.text([size] * len(stack.sizes)))
        assert not works(stack.text([size - 1] * len(stack.sizes)))
    axes = dict(re.findall(r"\b([DHWL]) ≥ (\d+)", said))
    names = {1: "L", 2: "HW", 3: "DHW"}[len(stack.sizes)]
    if axes:
        sizes = [int(axes.get(name, size)) for name, size in zip(names, stack.sizes, strict=True)]
        assert works(stack.text(sizes))
        for place, name in enumerate(names):
            if name in axes:
                assert not works(stack.text([size - (at == place) for at, size in enumerate(sizes)]))
    assert alike or axes  # a larger input always fits a stack of windows
    wrong = said.partition(" does not hold")[0] + said.partition(" does not hold")[2]
    assert any(f"{name}:" in wrong or f"{name} and" in wrong for name in names)


def test_the_input_is_that_of_the_whole_network() -> None:
    text = "(3, {0}, {0}) -> 6 * [Conv|8|3|2] -> Conv|8|3"
    least = int(re.search(r"an input of at least (\d+)", refusal(text.format(100)))[1])  # type: ignore[index]
    assert least == 255
    assert works(text.format(least))
    assert not works(text.format(least - 1))


@pytest.mark.parametrize("size", [126, 127, 129, 130])
def test_joins_are_those_of_the_whole_network(size: int) -> None:
    down, up = "Maxpool|2 @{0} -> ", "Upsample|2 -> Add|{0} -> "
    text = "(1, {0}, {0}) @t0 -> " + "".join(down.format(f"t{n}") for n in (1, 2, 3, 4))
    text += "".join(up.format(f"t{n}") for n in (3, 2, 1)) + "Upsample|2 -> Add|t0"
    said = refusal(text.format(size))
    near = re.search(r"an input of (\d+) or (\d+)", said)
    assert near is not None
    assert [int(near[1]), int(near[2])] == [size // 16 * 16, size // 16 * 16 + 16]
    assert works(text.format(near[1]))
    assert works(text.format(near[2]))


def test_all_axes_that_fail_are_named() -> None:
    assert "D and W: 5 ≤ 2 + 2·0 (= 2) does not hold" in refusal("(3,2,9,2) -> Conv|8|5")
    assert "D: 5 ≤ 1 + 2·0 (= 1) does not hold; W: 5 ≤ 2" in refusal("(3,1,9,2) -> Conv|8|5")
    assert "an input with D ≥ 5 and W ≥ 5" in refusal("(3,1,9,2) -> Conv|8|5")


def test_no_advice_that_the_framework_cannot_say() -> None:
    assert "padding" not in refusal("(3,2,2) -> Conv|8|5|framework=keras")
    assert "padding of at least 2" in refusal("(3,2,2) -> Conv|8|5|framework=torch")
    assert "padding of 2 or" in refusal("(3,1,1) -> Maxpool|4|framework=torch")  # at most half of the kernel
    assert "padding of at most 4" in refusal("(3,8,8) -> Deconv|8|3|1|9")
