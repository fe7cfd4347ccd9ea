"""Receptive fields through branches and transposed layers, against the input entries that can change each output entry."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from itertools import count

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from symnet.errors import LayerError, TermError
from symnet.network.network import Network
from symnet.network.periods import Periods, through_spread, through_window
from symnet.network.receptive import receptive_fields, unbounded
from symnet.terms.evaluation import evaluate
from symnet.terms.term import Symbol
from tests.network.stacks import Deconv, NoWindow, Reads, Upsample, Window, every_stack, seen
from tests.parts import examples


@dataclass(frozen=True)
class Branched:
    """Branches over one stem, and layers after their join."""

    stem: tuple[Window, ...]
    branches: tuple[tuple[Window | Deconv | Upsample, ...], ...]
    end: tuple[Window, ...]

    def notation(self, size: int) -> str:
        text = " -> ".join([f"(1*{size})", *map(str, self.stem), "ReLU @stem"])
        for number, branch in enumerate(self.branches):
            text += " -> From|stem -> " + " -> ".join([*map(str, branch), f"ReLU @b{number}"])
        labels = "|".join(f"b{number}" for number in range(len(self.branches) - 1))
        return " -> ".join([text, f"Concat|{labels}", *map(str, self.end)])

    def seen(self, size: int) -> Reads:
        stem = seen(self.stem, size)
        branches = [seen(branch, len(stem)) for branch in self.branches]
        joined = [set().union(*(stem[i] for found in entry for i in found)) for entry in zip(*branches, strict=True)]
        end = seen(self.end, len(joined))
        return [set().union(*(joined[i] for i in found)) for found in end]


def centre(reached: Reads) -> Reads:
    """The entries that no border disturbs."""
    third = len(reached) // 3
    return reached[third:-third]


def widths(reached: Reads) -> list[int]:
    return [max(found) - min(found) + 1 for found in reached if found]


RESIDUAL = Branched((Window(3, 2),), ((Window(3, 1, 1, 1), Window(3, 1, 1, 1)), (Window(1),)), (Window(2, 2),))
INCEPTION = Branched(
    (), ((Window(1),), (Window(5, 1, 2, 2),), (Window(3, 1, 2, 2, dilation=2),)), (Window(3, 2, 1, 1),)
)
UNEVEN = Branched((), ((Window(3, 1, 2, 0),), (Window(3, 1, 0, 2),)), ())
DEEP = Branched((Window(3),), ((Window(2, 2), Window(3, 1, 1, 1), Deconv(2, 2, 0, 0)), (Window(1),)), (Window(3),))
NEAREST = Branched((), ((Window(2, 2), Upsample(2)), (Window(1),)), ())
NETWORKS = {"residual": RESIDUAL, "inception": INCEPTION, "uneven": UNEVEN, "encoder-decoder": DEEP, "nearest": NEAREST}


@pytest.mark.parametrize("name", NETWORKS)
def test_a_join_sees_what_its_branches_see(name: str) -> None:
    network = NETWORKS[name]
    size = next(n for n in count(90) if fits(network, n))
    found = Network.parse(network.notation(size)).field_terms
    reached = network.seen(size)
    assert found["size"][0].constant == max(widths(centre(reached)))
    middle = len(reached) // 2
    steps = min(reached[middle + 8]) - min(reached[middle])
    assert found["stride"][0].constant == Fraction(steps, 8)


def fits(network: Branched, size: int) -> bool:
    try:
        Network.parse(network.notation(size))
    except LayerError:
        return False
    return True


def test_the_numbers_of_a_join() -> None:
    def field(text: str) -> tuple[int, ...]:
        found = Network.parse(text).field_terms
        return tuple(found[part][0].constant for part in ("size", "stride", "padding"))  # type: ignore[misc]

    assert field("(1*64) @a -> Conv|1|3|1|1 -> Conv|1|3|1|1 -> Add|a") == (5, 1, 2)
    assert field("(1*64) @a -> Conv|1|3|1|(2, 0) @b -> From|a -> Conv|1|3|1|(0, 2) -> Add|b") == (5, 1, 2)
    assert field("(1*64) @a -> Maxpool|3|2|1 @b -> From|a -> Conv|1|1|2 -> Concat|b") == (3, 2, 1)


@given(every_stack(), st.integers(30, 60))
@settings(max_examples=examples(150))
def test_every_entry_sees_its_window(stack: list[Window | Deconv | Upsample], size: int) -> None:
    """Each entry sees just the window that the period says; those at the borders no more than that."""
    try:
        reached = seen(stack, size)
    except NoWindow:
        return
    periods: Periods | None = Periods(((0, 0),), 1)
    place = Network.parse(f"(1*{size}) -> ReLU").placed[0]
    for index in range(1, len(stack) + 1):
        try:
            network = Network.parse(" -> ".join([f"(1*{size})", *map(str, stack[:index])]))
        except LayerError:
            return
        (map_,) = network.placed[index].applied.maps
        assert map_ is not None
        assert periods is not None
        if map_.spread is not None:
            periods = through_spread(periods, map_.spread)
        else:
            window = map_.field_on(place.axes[0].size)
            assert window is not None
            periods = through_window(periods, window)
        place = network.placed[index]
    assert periods is not None
    inner = 0
    for entry, found in enumerate(reached):
        window = periods.window(entry)
        if window is None:
            assert not found
            continue
        assert all(window[0] <= place <= window[1] for place in found)
        if len(reached) // 3 <= entry < 2 * len(reached) // 3 and window[0] > 12 and window[1] < size - 12:
            assert found
            assert window == (min(found), max(found))
            inner += 1
    field = receptive_fields(network.placed)[-1][0]
    if not any(periods.windows):  # every window lies on zeros that a transposed layer put in
        assert field is None
        return
    assert field is not None
    sizes = [last - first + 1 for first, last in filter(None, periods.windows)]
    assert field.size.constant == max(sizes)


def test_unet_by_its_windows() -> None:
    """The U-Net on one axis, one channel: what its middle entries see, and that the first begins with the image."""
    levels, size = 4, 12 + 16 * 30
    down = "".join(f" -> 2 * [ Conv|1|3 ] @d{i} -> Maxpool|2" for i in range(levels)) + " -> 2 * [ Conv|1|3 ]"
    up = "".join(
        f" -> Deconv|1|2|2 @u{i} -> From|d{i} -> Crop|u{i} -> Concat|u{i} -> 2 * [ Conv|1|3 ]"
        for i in reversed(range(levels))
    )
    found = Network.parse(f"(1*{size}){down}{up}").field_terms

    pair, half = [Window(3), Window(3)], Window(2, 2)
    kept: list[Reads] = []
    now: Reads = [{place} for place in range(size)]

    def after(reached: Reads, stack: list[Window] | list[Deconv]) -> Reads:
        return [set().union(*(reached[i] for i in entry)) for entry in seen(stack, len(reached))]

    for _ in range(levels):
        now = after(now, pair)
        kept.append(now)
        now = after(now, [half])
    now = after(now, pair)
    for level in reversed(kept):
        now = after(now, [Deconv(2, 2, 0, 0)])
        start = (len(level) - len(now)) // 2
        now = [one | two for one, two in zip(now, level[start : start + len(now)], strict=True)]
        now = after(now, pair)
    assert len(now) == size - 184
    assert found["size"][0].constant == max(widths(now))
    assert found["padding"][0].constant == -min(now[0])
    assert found["stride"][0].constant == 1


def test_fractions_and_what_has_no_window() -> None:
    assert Network.parse("(1*64) -> Deconv|1|4|2|1").field_terms["stride"] == (Fraction(1, 2),)
    (field,) = receptive_fields(Network.parse("(1*64) -> Upsample|2|mode=linear").placed)[-1]
    assert field is not None
    assert (field.size.constant, field.stride.constant, field.per.constant) == (2, 1, 2)
    for text, why in {
        "(8, 32) -> MHA|4": "attention1 looks at its whole input",
        "HWC:14x14x6 -> WindowAttention|2|7": "what an entry of windows1 sees depends on its position in its window",
        "(3*8*8) -> GlobalAvgPool|keepdims=yes -> ReLU": "globalavgpool1 looks at its whole input",
        "(3*8*8) -> Resize|7*9 -> ReLU": "resize1 creates new axes",
        "(1*W) -> Deconv|1|F|S": "what deconv1 sees depends on values that are not numbers",
        "(1*W) -> Upsample|2|mode=bicubic": "what upsample1 sees depends on values that are not numbers",
    }.items():
        placed = Network.parse(text).placed
        assert receptive_fields(placed)[-1][0] is None
        assert unbounded(placed, len(placed) - 1) == why
    assert unbounded(Network.parse("(1*64) -> Conv|1|3").placed, 1) is None


def test_symbols_stay() -> None:
    found = Network.parse("(1*W) -> Conv|1|F|S|P -> Conv|1|3").field_terms
    size, stride, padding = (found[part][0] for part in ("size", "stride", "padding"))
    values = {"F": 5, "S": 2, "P": 1}
    numbers = Network.parse("(1*W) -> Conv|1|F|S|P -> Conv|1|3").at(**values).field_terms
    assert not isinstance(stride, Fraction)
    point = {Symbol("F"): 5, Symbol("S"): 2, Symbol("P", 0): 1}
    assert [evaluate(part, point) for part in (size, stride, padding)] == [numbers[p][0].constant for p in numbers]


@pytest.mark.parametrize(
    "text", ["784x1 -> FC|10 -> Input|3*32*32", "(3*9*9) -> Conv|8|3 -> Input|3*32*32 -> Conv|2|3"]
)
def test_a_field_in_another_input_has_no_theorem(text: str) -> None:
    """The theorems on windows speak of the last tensor whose sizes are those of the first input, which here is another one."""
    network = Network.parse(text)
    assert not network.field_is_proven
    with pytest.raises(TermError):
        _ = network.receptive_field["size"][0].theorem
