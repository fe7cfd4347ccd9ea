"""All rules by name, as those who prove something import them: the primitive ones, which make theorems, and those derived from them."""

from symnet.kernel.derived.arithmetic import (
    add_equations,
    calculate,
    chain,
    equal_both_ways,
    min_first,
    polynomial_identity,
    replace,
    sign,
    value,
)
from symnet.kernel.derived.floors import divide, divide_strict, floor_common, floor_monotone, floor_nest, floor_shift
from symnet.kernel.derived.logic import conjuncts, cut, flip, iff_chain, regroup
from symnet.kernel.derived.solving import rearrange
from symnet.kernel.derived.windows import same_windows, window_count, window_fits
from symnet.kernel.primitive.arithmetic import (
    ceil_as_floor,
    either,
    entry_count,
    floor_bound,
    floor_value,
    linear,
    max_bound,
    min_bound,
    window_value,
)
from symnet.kernel.primitive.bounds import interval_bound
from symnet.kernel.primitive.logic import (
    assume,
    both,
    discharge,
    disjuncts,
    equivalence,
    instantiate,
    modus_ponens,
    part,
    rewrite_iff,
)
from symnet.kernel.primitive.tree import tree

__all__ = [
    "add_equations", "assume", "both", "calculate", "ceil_as_floor", "chain", "conjuncts", "cut", "discharge",
    "disjuncts", "divide", "divide_strict", "either", "entry_count", "equal_both_ways", "equivalence", "flip",
    "floor_bound", "floor_common", "floor_monotone", "floor_nest", "floor_shift", "floor_value", "iff_chain",
    "instantiate", "interval_bound", "linear", "max_bound", "min_bound", "min_first", "modus_ponens", "part",
    "polynomial_identity", "rearrange", "regroup", "replace", "rewrite_iff", "same_windows", "sign", "tree", "value",
    "window_count", "window_fits", "window_value",
]  # fmt: skip
