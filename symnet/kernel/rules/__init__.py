"""The rules: the only makers of theorems. Each states its figure, its conditions, and its refusals."""

from symnet.kernel.rules.arithmetic import (
    add_equations,
    calculate,
    chain,
    linear,
    polynomial_identity,
    replace,
    sign,
    value,
)
from symnet.kernel.rules.counts import entry_count, same_windows, window_count, window_fits, window_value
from symnet.kernel.rules.floors import (
    ceil_as_floor,
    floor_bound,
    floor_common,
    floor_monotone,
    floor_nest,
    floor_shift,
    floor_value,
)
from symnet.kernel.rules.logic import (
    assume,
    both,
    cut,
    equivalence,
    flip,
    iff_chain,
    instantiate,
    modus_ponens,
    part,
)

__all__ = [
    "add_equations", "assume", "both", "calculate", "ceil_as_floor", "chain", "cut", "entry_count", "equivalence",
    "flip", "floor_bound", "floor_common", "floor_monotone", "floor_nest", "floor_shift", "floor_value", "iff_chain", "instantiate",
    "linear", "modus_ponens", "part", "polynomial_identity", "replace", "same_windows", "sign", "value",
    "window_count", "window_fits", "window_value",
]  # fmt: skip
