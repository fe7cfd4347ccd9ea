"""A few lines of arithmetic on a size, drawn at random: right for every size that the printed conditions allow."""

from __future__ import annotations

import math
import operator
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from symnet.frontends.torch.sizes import Quotient, Size
from tests.frontends.torch.test_sizes import agree

pytestmark = [pytest.mark.frameworks, pytest.mark.filterwarnings("ignore")]

NUMBERS = st.one_of(st.integers(-4, 12), st.sampled_from([0.5, 2.0, 1.5, 0.25, 0.7]))
BINARY = [
    operator.add, operator.sub, operator.mul, operator.floordiv, operator.mod, operator.truediv, operator.and_, operator.or_, operator.xor,
    operator.lshift, operator.rshift, operator.lt, operator.le, operator.eq, operator.ne, max, min, divmod, pow,
]  # fmt: skip
UNARY = [operator.neg, operator.invert, abs, round, math.floor, math.ceil, math.trunc, int, float, bool, operator.pos]


#: A few lines of arithmetic on a size.
PROGRAMS = st.lists(
    st.one_of(
        st.tuples(st.sampled_from(UNARY), st.none(), st.booleans()),
        st.tuples(st.sampled_from(BINARY), st.one_of(NUMBERS, st.just("T")), st.booleans()),
    ),
    min_size=1,
    max_size=5,
)


def program(steps: list[tuple[Callable[..., Any], Any, bool]]) -> Callable[[Any], Any]:
    """What a program does."""

    def run(size: Any) -> Any:
        value = size
        for function, other, swapped in steps:
            if isinstance(value, tuple):
                value = value[0]
            if isinstance(value, int | float) and not isinstance(value, Size | Quotient) and abs(value) > 10**6:
                return value
            if other is None:
                value = function(value)
            else:
                number = size if other == "T" else other
                if function in (pow, operator.lshift) and (swapped or not isinstance(other, int) or other > 4):
                    continue
                value = function(number, value) if swapped else function(value, number)
        return value

    return run


@given(PROGRAMS, st.sampled_from([1, 2, 7, 16, 31]))
@settings(max_examples=200)
def test_arithmetic_of_sizes(steps: Any, taken: int) -> None:
    agree(program(steps), taken)


@pytest.mark.long
@given(PROGRAMS, st.integers(1, 64))
@settings(max_examples=5000)
def test_much_arithmetic_of_sizes(steps: Any, taken: int) -> None:
    agree(program(steps), taken)
