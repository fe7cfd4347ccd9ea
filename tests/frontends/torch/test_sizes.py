"""Whatever Python, math, operator, numpy and torch offer of a number, a symbolic size gives right for every size that it allows.

Each operation is run with a size that was tried with one number. It gives an expression, or a number under printed conditions,
or refuses. Then it is run with plain numbers: wherever the conditions hold, the expression must be what Python gives.
"""

from __future__ import annotations

import builtins
import itertools
import math
import operator
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import pytest

from symnet.errors import ModelError
from symnet.frontends.flow import BATCH
from symnet.frontends.torch.known import Known
from symnet.frontends.torch.sizes import Quotient, Size
from symnet.terms.evaluation import evaluate, holds
from symnet.terms.term import Symbol

pytestmark = [pytest.mark.frameworks, pytest.mark.filterwarnings("ignore")]

#: What the size is tried with.
TAKEN = pytest.mark.parametrize("taken", [16, *(pytest.param(size, marks=pytest.mark.slow) for size in (1, 49))])

T = Symbol("T")
OTHERS = range(1, 66)


def at(result: Any, size: int) -> Any:
    """What a result is for a size, as plain numbers."""
    if isinstance(result, Size):
        return evaluate(result.term, {T: size})
    if isinstance(result, Quotient):
        return evaluate(result.top, {T: size}) / evaluate(result.bottom, {T: size})
    if type(result) in (tuple, list):
        return [at(item, size) for item in result]
    if type(result).__name__ == "Size":
        return [at(item, size) for item in result]
    if isinstance(result, slice):
        return [at(item, size) for item in (result.start, result.stop, result.step)]
    if isinstance(result, range | bytearray):
        return list(result)
    return at(result.tolist(), size) if hasattr(result, "tolist") else result


def same(one: Any, two: Any) -> bool:
    """Whether two results are the same; a fraction is as exact as a float."""
    if isinstance(one, list | tuple) and isinstance(two, list | tuple):
        return len(one) == len(two) and all(map(same, one, two))
    if isinstance(one, float) and isinstance(two, float):
        return (one != one and two != two) or math.isclose(one, two, rel_tol=1e-9, abs_tol=1e-9)
    return bool(one == two)


def drained(result: Any) -> Any:
    """An iterator's items; a function as its class."""
    if hasattr(result, "__next__"):
        return list(result)
    return type(result) if callable(result) else result


def agree(run: Callable[[Any], Any], taken: int, sizes: Any = OTHERS) -> str:
    """Run it with a size, and hold the result against plain numbers: "symbolic", "pinned" or "refused"."""
    known = Known({T: taken})
    try:
        result, failed = drained(run(Size.made(T, known))), None
    except Exception as refused:  # noqa: BLE001
        result, failed = None, refused
    asked = known.conditions()
    allowed = [size for size in sizes if all(holds(one, {T: size}) for one in asked)]
    assert taken in allowed, f"{asked} does not hold at {taken}"
    if isinstance(failed, ModelError):
        return "refused"
    raised = 0
    for size in allowed:
        try:
            plain = drained(run(size))
        except Exception as error:  # noqa: BLE001
            assert failed is not None or result is NotImplemented, (
                f"Python raises {error!r} at {size}, symnet gives {result!r}"
            )
            raised += 1
            continue
        if failed is None and result is not NotImplemented and plain is not NotImplemented:
            one, two = at(result, size), at(plain, size)
            assert same(one, two), f"at {size}: {one!r}, Python gives {two!r}"
    if failed is not None:
        return "raised" if raised else f"refused: {type(failed).__name__}: {failed}"
    return "pinned" if len(allowed) == 1 else "symbolic"


PLAIN = (-3, -2, -1, 0, 1, 2, 3, 7, 8, True, 0.5, 2.0, 0.7, -1.5, math.inf, "a", (1, 2), [0], Fraction(1, 3))

#: What Python makes of any object, not of a number; or what would do something to this process.
ANY_OBJECT = {
    "__class__", "__new__", "__init__", "__init_subclass__", "__subclasshook__", "__getattribute__", "__setattr__", "__delattr__",
    "__dir__", "__doc__", "__sizeof__", "__getstate__", "__reduce__", "__reduce_ex__", "__getformat__", "from_bytes", "fromhex",
    "__class_getitem__", "from_number", "__getnewargs__",
}  # fmt: skip


def calls(name: str) -> list[Callable[[Any], Any]]:
    """Ways to call a method of a number."""

    def attribute(size: Any) -> Any:
        found = getattr(size, name)
        return found() if callable(found) else found

    def method(other: Any) -> Callable[[Any], Any]:
        return lambda size: getattr(size, name)(other)

    return [attribute, *map(method, PLAIN), lambda size: getattr(size, name)(size)]


@TAKEN
def test_every_method_of_int(taken: int) -> None:
    found = {}
    for name in dir(int):
        if name not in ANY_OBJECT:
            found[name] = {agree(run, taken) for run in calls(name)}
    for name in (
        "__add__",
        "__floordiv__",
        "__mod__",
        "__and__",
        "__rshift__",
        "__abs__",
        "__divmod__",
        "__invert__",
        "real",
    ):
        assert "symbolic" in found[name], name
    for name in ("__index__", "__hash__", "__str__", "__float__", "bit_length"):
        assert "pinned" in found[name], name
    for name, ways in found.items():
        assert not any("AttributeError" in way for way in ways), (name, ways)


FRACTIONS: dict[str, Callable[[Any], Any]] = {
    "T / 2": lambda t: t / 2,
    "T / 3": lambda t: t / 3,
    "T / 2 + 1": lambda t: t / 2 + 1,
    "1 - T / 4": lambda t: 1 - t / 4,
    "T / 49 * 49": lambda t: t / 49 * 49,
    "T * 0.5": lambda t: t * 0.5,
    "T * 0.7": lambda t: t * 0.7,
    "T / 3 * 2": lambda t: t / 3 * 2,
    "T / 3 + T / 3": lambda t: t / 3 + t / 3,
    "224 / T": lambda t: 224 / t,
    "T / (T + 1)": lambda t: t / (t + 1),
    "T * (224 / T)": lambda t: t * (224 / t),
    "-T / 8": lambda t: -t / 8,
    "(T + 1) / 6 - 0.5": lambda t: (t + 1) / 6 - 0.5,
    "T / -4": lambda t: t / -4,
    "T / 10 * 3": lambda t: t / 10 * 3,
    "(T / 2) // 3": lambda t: (t / 2) // 3,
    "T / 2 % 3": lambda t: t / 2 % 3,
}


@pytest.mark.parametrize("fraction", FRACTIONS.values(), ids=FRACTIONS)
@TAKEN
def test_every_method_of_float(fraction: Callable[[Any], Any], taken: int) -> None:
    for name in dir(float):
        if name not in ANY_OBJECT:
            for run in calls(name):
                way = agree(lambda size, run=run: run(fraction(size)), taken)  # type: ignore[misc]
                assert "AttributeError" not in way, (name, way)


@TAKEN
def test_roundings_of_quotients_stay_expressions(taken: int) -> None:
    for bottom in (2, 3, 4, 6, 7, 8, 10, 32):
        for more in (0, 1, -1, 0.5, 2.25):
            for way in (math.floor, math.ceil, round, math.trunc):
                found = agree(lambda t, b=bottom, m=more, w=way: w(t / b + m), taken)  # type: ignore[misc]
                below_zero = way is math.trunc and -1 < taken / bottom + more < 0  # truncation turns round there
                assert found != "pinned" or below_zero, (bottom, more, way)
    assert agree(lambda t: round(t / 2), taken) == "symbolic"
    assert agree(lambda t: round(t / 2) * 2, taken, range(1, 999)) == "symbolic"
    assert agree(lambda t: math.ceil(t / 8 + 1), taken) == "symbolic"
    assert agree(lambda t: t / 4 >= 2, taken) in ("symbolic", "pinned")


#: Functions of builtins that end this process, wait for a person, or run code; those of numbers are all others.
LEFT_OUT = {
    "exit", "quit", "input", "open", "exec", "eval", "compile", "breakpoint", "help", "print", "copyright", "credits", "license",
    "id", "type", "super", "__build_class__", "__import__", "object", "is_", "is_not", "globals", "locals", "vars",
    "dir", "memoryview", "BaseException",
}  # fmt: skip


def library(module: Any) -> list[tuple[str, Callable[..., Any]]]:
    kept = []
    for name in dir(module):
        function = getattr(module, name)
        wrong = isinstance(function, type) and issubclass(
            function, BaseException | staticmethod | classmethod | property
        )
        if (
            callable(function)
            and not wrong
            and name not in LEFT_OUT
            and not (name.startswith("_") and module is builtins)
        ):
            kept.append((name, function))
    return kept


def arguments(size: Any) -> list[tuple[Any, ...]]:
    others: tuple[Any, ...] = (2, 3, -2, 0.5, 1 << 3, "ab", [4, 5, 6], (7,), True)
    one = [(size,), (size, size), (size, 2, 3), ([size, 3],), ((size, size + 1),), ("abc", size), (size, size, size)]
    return [*one, *((size, other) for other in others), *((other, size) for other in others), ([1] * 70, size)]


@pytest.mark.parametrize("module", [builtins, math, operator], ids=lambda module: module.__name__)
@TAKEN
def test_every_function_of_the_library(module: Any, taken: int) -> None:
    ways: dict[str, set[str]] = {}
    for name, function in library(module):
        for place in range(len(arguments(1))):
            way = agree(lambda size, p=place, f=function: f(*arguments(size)[p]), taken)  # type: ignore[misc]
            ways.setdefault(name, set()).add(way.partition(":")[0])
    if taken != 16:
        return
    pinned = {"math": ("isqrt", "gcd", "log2", "sqrt", "comb", "factorial"), "operator": ("index",),
              "builtins": ("range", "str", "hex", "bytes", "chr", "float", "int", "hash", "format")}  # fmt: skip
    for name in pinned[module.__name__]:
        assert "pinned" in ways[name], (name, ways[name])


def test_loops_and_sequences_of_a_size() -> None:
    ways: list[Callable[[Any], Any]] = [
        lambda t: len(range(t)),
        lambda t: [0] * t,
        lambda t: t * [0],
        lambda t: (1,) * t,
        lambda t: "a" * t,
        lambda t: f"{t}",
        lambda t: f"{t:>4}",
        lambda t: "%d" % t,  # noqa: UP031
        lambda t: f"{t}",
        lambda t: list(itertools.islice(range(99), t)),
        lambda t: list(range(99))[:t],
        lambda t: [i * 2 for i in range(t)],
        lambda t: {16: "a"}.get(t, "b"),
        lambda t: t in {16, 3},
        lambda t: list(itertools.repeat(0, t)),
        lambda t: sum(1 for _ in range(0, t, 2)),
        lambda t: t**0.5,
        lambda t: int(t**0.5),
        lambda t: bytes(t),
        lambda t: hash((t, 1)),
        lambda t: str(t),
        lambda t: int(str(t)),
        lambda t: math.prod(range(1, t % 5 + 1)),
    ]
    for run in ways:
        assert agree(run, 16) == "pinned" or run in ways[-1:]
    symbolic: list[Callable[[Any], Any]] = [
        lambda t: t >> 1,
        lambda t: t << 2,
        lambda t: t & 7,
        lambda t: t | 1,
        lambda t: t ^ 3,
        lambda t: ~t,
        lambda t: divmod(t, 4),
        lambda t: abs(t - 99),
        lambda t: max(t, 3),
        lambda t: "odd" if t & 1 else "even",
        lambda t: -(-t // 8) * 8,
        lambda t: t // -3,
        lambda t: t % -3,
        lambda t: (t - 20) // 3,
        lambda t: (5 - t) % 7,
        lambda t: math.prod([t, 2]),
        lambda t: sum([t, t, 1]),
        lambda t: math.floor(t),
        lambda t: t.__index__ and t + 1,
        lambda t: round(t),
        lambda t: t == 16 or t,
        lambda t: t**2 - t,
    ]
    for run in symbolic:
        assert agree(run, 16) != "refused"
        assert agree(run, 17, range(1, 300)) in ("symbolic", "pinned")


def test_every_method_of_a_shape() -> None:
    import torch

    for name in dir(torch.Size):
        if name in ANY_OBJECT or name == "__torch_function__":
            continue
        for more in (
            (),
            (0,),
            (1,),
            (16,),
            (3,),
            (2, 1),
            (slice(0, 1),),
            ((1, 2),),
            (torch.Size([16, 3]),),
            (torch.Size([3]),),
        ):
            agree(lambda t, n=name, m=more: getattr(torch.Size([t, 3, t * 2]), n)(*m), 16)  # type: ignore[misc]
            agree(lambda t, n=name, m=more: getattr(torch.Size([t, 3]), n)(*m), 7)  # type: ignore[misc]


def test_numpy() -> None:
    import numpy as np

    ways: list[Callable[[Any], Any]] = [
        lambda t: int(np.ceil(t / 3)),
        lambda t: np.ceil(t / 8),
        lambda t: np.floor(t / 8 + 1),
        lambda t: np.round(7.5) * t,
        lambda t: np.sqrt(t),
        lambda t: np.prod([t, 2]),
        lambda t: np.zeros(t).shape[0],
        lambda t: len(np.arange(t)),
        lambda t: np.int64(t),
        lambda t: np.float32(2) * t,
        lambda t: np.array([t, 3]) // 2,
        lambda t: np.int64(3) + t,
        lambda t: t + np.int64(3),
        lambda t: t * np.float64(0.5),
        lambda t: t // np.int32(2),
        lambda t: np.maximum(t, 3),
        lambda t: np.log2(t),
        lambda t: np.arange(3) + t,
        lambda t: t * np.arange(3),
        lambda t: np.linspace(0, 1, t).shape[0],
        lambda t: np.ceil(np.array([t / 2, t / 3])).tolist(),
        lambda t: t > np.int64(3),
        lambda t: np.rint(t / 2),
        lambda t: np.trunc(t / 2),
    ]
    for run in ways:
        for taken in (1, 16, 49):
            agree(run, taken)
    assert agree(ways[1], 16) == agree(ways[2], 16) == agree(ways[16 + 6], 16) == "symbolic"


def test_the_batch_is_never_a_number() -> None:
    known = Known({T: 16})
    batch = Size.made(BATCH, known)
    for run in (
        range,
        float,
        math.sqrt,
        hash,
        lambda b: [0] * b,
        lambda b: b > 2,
        lambda b: b % 4 == 0,
        lambda b: b == 16,
    ):
        with pytest.raises(ModelError, match="batch"):
            run(batch)
    assert (batch * 4) // 4 == batch
    assert batch * 2 > batch
    assert not known.asked
    assert str(batch) == "2"
    known.forget("got a batch of 2")
    assert known.conditions() == []
    assert f"{batch}" == "2"
    with pytest.raises(ModelError, match="batch"):
        known.conditions()
