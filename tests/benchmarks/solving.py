"""Questions side by side with what people would use: ``python -m tests.benchmarks.solving`` prints times and ratios.

Every time is the least of several runs in one process, imports excluded. "stated" is from notation to proven answer.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from time import perf_counter

import islpy
import numpy
import z3

from symnet.network.network import Network
from symnet.network.propagate import propagate
from symnet.notation.parse import parse_question
from symnet.solving import solve

EXAMPLES = Path(__file__).parent.parent.parent / "examples"
VGG = (EXAMPLES / "vgg16.net").read_text(encoding="utf-8")
STRIDE = "(3,224,224) -> Conv|64|7*7|S|3 = (64,112,112)"
REPEATS = "(8,W,W) -> N * [Conv|8|3] = (8,10,10)"
SPLIT = "(1,W) @x -> Maxpool|1000 -> Upsample|1000 @a -> From|x -> Maxpool|999 -> Upsample|999 -> Add|a"
BOX = "(3,224,224) -> Conv|64|F|S|P = (64,112,112)"


def timed(run: Callable[[], object], repeats: int = 20) -> float:
    """Milliseconds."""
    best = float("inf")
    for _ in range(repeats):
        start = perf_counter()
        run()
        best = min(best, perf_counter() - start)
    return 1e3 * best


def stride_by_z3() -> list[int]:
    stride, solver, found = z3.Int("S"), z3.Solver(), []
    solver.add(stride >= 1, 111 * stride <= 223, 112 * stride > 223)
    while solver.check() == z3.sat:
        found.append(solver.model()[stride].as_long())
        solver.add(stride != found[-1])
    return found


def vgg_by_enumeration(limit: int = 10**6) -> list[int]:
    found = []
    for size in range(1, limit + 1):
        rest = size
        for _ in range(5):
            if rest < 2 or rest % 2:
                break
            rest //= 2
        else:
            found.append(size)
    return found


#: Kernel, stride, padding of every layer that a window moves in; of ResNet-50 without the shortcuts.
VGG_LAYERS = [layer for count in (2, 2, 3, 3, 3) for layer in [(3, 1, 1)] * count + [(2, 2, 0)]]
RESNET_LAYERS = [(7, 2, 3), (3, 2, 1)] + [
    layer
    for count, stride in ((3, 1), (4, 2), (6, 2), (3, 2))
    for index in range(count)
    for layer in ((1, 1, 0), (3, 1 if index else stride, 1), (1, 1, 0))
]


def layer_by_layer(layers: list[tuple[int, int, int]], limit: int = 10**6) -> list[int]:
    """Every layer with its formula until one does not fit, as a script would do it."""
    found = []
    for size in range(1, limit + 1):
        rest = size
        for kernel, stride, padding in layers:
            gap = rest - kernel + 2 * padding
            if gap < 0 or gap % stride:
                break
            rest = gap // stride + 1
        else:
            found.append(size)
    return found


def windowed(size: int, kernel: int, stride: int, padding: int) -> tuple[int, bool]:
    """The size after one layer, and whether no entry is dropped."""
    gap = size - kernel + 2 * padding
    return gap // stride + 1, gap >= 0 and gap % stride == 0


def by_a_function(layers: list[tuple[int, int, int]], limit: int = 10**6) -> list[int]:
    """The same as people write it: a function for the formula."""
    found = []
    for size in range(1, limit + 1):
        rest, exact = size, True
        for layer in layers:
            rest, exact = windowed(rest, *layer)
            if not exact:
                break
        if exact:
            found.append(size)
    return found


def unet_layer_by_layer(limit: int = 10**6) -> list[int]:
    """Down with two convolutions and a pool a level, up with a transposed convolution, a crop and two more."""
    found = []
    for size in range(1, limit + 1):
        rest, levels = size, []
        for level in range(5):
            rest -= 4
            if rest < 1 or (level < 4 and rest % 2):
                break
            levels.append(rest)
            rest //= 1 if level == 4 else 2
        else:
            for level in (3, 2, 1, 0):
                rest *= 2
                if rest > levels[level] or rest < 5:
                    break
                rest -= 4
            else:
                found.append(size)
    return found


def vgg_by_isl() -> islpy.Set:
    floors = " and ".join(f"w{i} = 2 * w{i + 1} and w{i + 1} >= 1" for i in range(5))
    return islpy.Set(f"{{ [w0] : exists w1, w2, w3, w4, w5 : {floors} }}").coalesce()


def box_by_numpy(kernels: int, strides: int, paddings: int) -> int:
    f, s, p = numpy.ogrid[1 : kernels + 1, 1 : strides + 1, 0 : paddings + 1]
    gap = 224 - f + 2 * p
    return len(numpy.argwhere((gap >= 0) & (gap // s + 1 == 112)))


def repeats_by_brute_force(most: int, largest: int) -> list[tuple[int, int]]:
    """Every size through every number of layers, as a script would do it."""
    found = []
    for size in range(1, largest + 1):
        rest = size
        for count in range(1, most + 1):
            if rest < 3:
                break
            rest -= 2
            if rest == 10:
                found.append((size, count))
    return found


def line(what: str, ours: float, theirs: float, name: str) -> None:
    print(f"{what:58} {ours:9.3f} ms   {name:34} {theirs:9.3f} ms   ratio {theirs / ours:9.2f}")


def main() -> None:
    line("finite, one layer: which stride", timed(lambda: solve(STRIDE).theorem), timed(stride_by_z3), "z3")
    vgg = parse_question(VGG)
    stated = timed(lambda: solve(VGG, exact=True).theorem)
    parsed = timed(lambda: solve(vgg, exact=True).theorem)
    by_layer = timed(lambda: layer_by_layer(VGG_LAYERS), 2)
    line("VGG-16, no entry dropped: residue class (stated)", stated, by_layer, "enumerating to 10^6, every layer")
    line("VGG-16, no entry dropped: residue class (network read)", parsed, by_layer, "enumerating to 10^6, every layer")
    called = timed(lambda: by_a_function(VGG_LAYERS), 1)
    line("VGG-16, no entry dropped: residue class (network read)", parsed, called, "the same, a function a layer")
    line(
        "VGG-16, no entry dropped (network read)",
        parsed,
        timed(vgg_by_enumeration, 1),
        "enumerating to 10^6, pools only",
    )
    line("VGG-16, no entry dropped (network read)", parsed, timed(vgg_by_isl), "islpy, pools only, no proof")
    unet, resnet = (
        parse_question((EXAMPLES / name).read_text(encoding="utf-8")) for name in ("unet.net", "resnet50.net")
    )
    ours = timed(lambda: solve(unet, exact=True).theorem)
    line(
        "U-Net, no entry dropped (network read)",
        ours,
        timed(unet_layer_by_layer, 1),
        "enumerating to 10^6, every layer",
    )
    ours, theirs = timed(lambda: solve(resnet, exact=True).theorem), timed(lambda: layer_by_layer(RESNET_LAYERS), 1)
    line("ResNet-50, no entry dropped (network read)", ours, theirs, "enumerating to 10^6, no shortcuts")
    line(
        "ResNet-50, no entry dropped (network read)",
        ours,
        timed(lambda: by_a_function(RESNET_LAYERS), 1),
        "the same, a function a layer",
    )
    deep = parse_question("(3,W,W) -> 500 * [Conv|64|3|1|1 -> Conv|64|3]")
    asked = timed(lambda: solve(deep, exact=True).theorem, 3)
    line("1000 layers: which W", asked, timed(lambda: propagate(deep.graph), 3), "their closed form")
    proven = timed(lambda: Network.of(deep.graph).closed_form["W"].theorem, 3)
    line("1000 layers: which W", asked, proven, "their closed form, proven")
    ours = timed(lambda: solve(REPEATS, where="N<=50, W<=64").theorem, 5)
    line(
        "how many layers and which W, N<=50, W<=64", ours, timed(lambda: repeats_by_brute_force(50, 64)), "pure Python"
    )
    soon = timed(lambda: solve(SPLIT).reason, 3)
    print(f"{'a split modulo 999,000, out of reach: refused in':58} {soon:9.3f} ms")
    for bounds in ((11, 5, 5), (50, 50, 50), (127, 127, 127), (400, 400, 400)):
        where = "F<={}, S<={}, P<={}".format(*bounds)
        ours = timed(lambda where=where: solve(BOX, where=where).theorem, 5)  # type: ignore[misc]
        line(f"three unknowns, {where}", ours, timed(lambda b=bounds: box_by_numpy(*b), 5), "numpy brute force")  # type: ignore[misc]


if __name__ == "__main__":
    main()
