"""The rules: the only makers of theorems. Each states its figure, its conditions, and its refusals."""

from symnet.kernel.rules.arithmetic import (
    add_equations,
    calculate,
    chain,
    linear,
    min_first,
    polynomial_identity,
    replace,
    sign,
    value,
)
from symnet.kernel.rules.bounds import interval_bound
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
from symnet.kernel.rules.solving import (
    conjuncts,
    disjuncts,
    divide,
    divide_strict,
    either,
    equal_both_ways,
    rearrange,
    regroup,
    rewrite_iff,
)
from symnet.kernel.rules.tree import tree
from symnet.kernel.theorem import close

__all__ = [
    "add_equations", "assume", "both", "calculate", "ceil_as_floor", "chain", "conjuncts", "cut",
    "disjuncts", "divide", "divide_strict", "either", "entry_count", "equal_both_ways", "equivalence", "flip",
    "floor_bound", "floor_common", "floor_monotone", "floor_nest", "floor_shift", "floor_value", "iff_chain",
    "instantiate", "interval_bound", "linear", "min_first", "modus_ponens", "part", "polynomial_identity",
    "rearrange", "regroup", "replace", "rewrite_iff", "same_windows", "sign", "tree", "value", "window_count", "window_fits",
    "window_value",
]  # fmt: skip

close()
