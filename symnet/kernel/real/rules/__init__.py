"""The rules about real numbers: the only makers of :class:`~symnet.kernel.real.theorem.RealTheorem`."""

from symnet.kernel.real.rules.derivatives import (
    derivative_abs,
    derivative_constant,
    derivative_entry,
    derivative_exp,
    derivative_log,
    derivative_of_equal,
    derivative_own_entry,
    derivative_power,
    derivative_product,
    derivative_quotient,
    derivative_result,
    derivative_sqrt,
    derivative_sum,
    derivative_total,
    derivative_variable,
)
from symnet.kernel.real.rules.equality import (
    assume,
    chain,
    cut,
    field_identity,
    flip,
    for_every,
    induction,
    inside,
    instantiate,
    replace,
)
from symnet.kernel.real.rules.folds import (
    delta_sum,
    regroup,
    split_first,
    total_identity,
    total_order,
    under_fold,
    unroll,
)
from symnet.kernel.real.rules.functions import (
    exp_log,
    exp_sum,
    exp_zero,
    log_bound,
    log_bound_strict,
    log_exp,
    log_quotient,
    root_of_square,
)
from symnet.kernel.real.rules.order import (
    by_sign,
    combine,
    combine_strictly,
    minimum_bound,
    nonzero,
    nonzero_quotient,
    not_negative,
    positive,
)
from symnet.kernel.real.theorem import close

__all__ = [
    "assume", "by_sign", "chain", "combine", "combine_strictly", "cut", "delta_sum", "derivative_abs", "derivative_constant",
    "derivative_entry", "derivative_exp", "derivative_log", "derivative_of_equal", "derivative_own_entry", "derivative_power",
    "derivative_product", "derivative_quotient", "derivative_result", "derivative_sqrt", "derivative_sum",
    "derivative_total", "derivative_variable", "exp_log", "exp_sum", "exp_zero", "field_identity", "flip", "for_every",
    "induction", "inside", "instantiate", "log_bound", "log_bound_strict", "log_exp", "log_quotient", "minimum_bound", "nonzero",
    "nonzero_quotient", "not_negative", "positive", "regroup", "replace", "root_of_square", "split_first",
    "total_identity", "total_order", "under_fold", "unroll",
]  # fmt: skip

close()
