"""For every rule: arguments that it takes, with what follows, and arguments that it refuses, with its words."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from symnet.kernel.real import expressions as r
from symnet.kernel.real import rules as R
from symnet.kernel.real.expressions import Entry, Exp, Log, Number, Real, Sqrt, Total, Variable, Whole, number
from symnet.kernel.real.statements import AtMost, Derivative, Equal, ForAll, Less, Nonzero
from symnet.kernel.real.theorem import RealTheorem
from symnet.terms.term import Symbol, integer

x, y, z, h = (Variable(name) for name in "xyzh")
i, j, k, n = (Symbol(name, 0) for name in "ijkn")
N, M, free = Symbol("N"), Symbol("M"), Symbol("q", None)
u, v = Entry("u", i), Entry("v", i)
ZERO, ONE = number(0), number(1)
HALF = Number(Fraction(1, 2))


def given(statement: Any) -> RealTheorem:
    return R.assume(statement)


def equal(left: Real, right: Real) -> RealTheorem:
    return given(Equal(left, right))


SAME = R.field_identity(x + y, y + x)
OVER_I = equal(u, v)
DX = R.derivative_variable(x)
DY = R.derivative_constant(y, x)
DZ = R.derivative_entry(Entry("z", j), Entry("z", k))
X, Y = given(Less(ZERO, x)), given(AtMost(ZERO, y))
POSITIVE_CASE = R.not_negative(x**2, (given(Less(ZERO, x)),))
ZERO_CASE = R.replace(given(Equal(x, ZERO)), R.not_negative(ZERO**2, ()), AtMost(ZERO, h**2), h)
SUM = Total(i, N, u)
FOUR = Total(i, integer(3), u)
LAW = ForAll(k, Equal(Entry("m", k + 1), 2 * Entry("m", k)))
CLAIM = Equal(Entry("m", n), number(2) ** n * Entry("m", integer(0)))


def _induction() -> tuple[RealTheorem, RealTheorem]:
    zero = integer(0)
    base = R.field_identity(Entry("m", zero), number(2) ** zero * Entry("m", zero))
    once = R.for_every(given(LAW), n)
    told = R.inside(given(CLAIM), 2 * h, h)
    after = R.field_identity(told.conclusion.args[1], number(2) ** (n + 1) * Entry("m", zero))
    return base, R.chain(R.chain(once, told), after)


BASE, STEP = _induction()
#: A condition on n itself: it would hold for one n only.
SPOKEN = Equal(x, Entry("m", n))
BASE_SPOKEN, STEP_SPOKEN = equal(x, Entry("m", integer(0))), equal(x, Entry("m", n + 1))


@dataclass(frozen=True)
class Entries:
    """Arguments and conclusions; arguments and the words of the refusal."""

    accepted: tuple[tuple[tuple[Any, ...], Any], ...]
    refused: tuple[tuple[tuple[Any, ...], str], ...]


TABLE: dict[str, Entries] = {
    "assume": Entries((((Less(x, y),), Less(x, y)),), (((x,), "must be a statement"),)),
    "cut": Entries(
        (((R.positive(Exp(x), ()), given(Less(ZERO, Exp(x)))), Less(ZERO, Exp(x))),),
        (((X, SAME), "is not a condition of"),),
    ),
    "field_identity": Entries(
        (
            (((x * x - y * y) / (x - y), x + y), None),
            ((1 / (1 + 1 / x), x / (x + 1)), None),
            ((Exp(x + y) / 2 + Exp(y + x) / 2, Exp(y + x)), None),
            ((x ** (n + 2), x * x**n * x), None),
            ((Exp(x) / (Exp(x) * 3), Number(Fraction(1, 3))), None),
            ((Total(i, N, u + v), Total(j, N, Entry("v", j) + Entry("u", j))), None),
            ((Whole(N * (N + 1)), Whole(N) * Whole(N) + Whole(N)), None),
        ),
        (
            ((x / y * y, x + 1), "differ"),
            ((Sqrt(x**2), x), "differ"),
            ((Log(x * y), Log(x) + Log(y)), "differ"),
            ((Total(i, N, u + v), Total(i, N, u) + Total(i, N, v)), "differ"),
            ((x**n, x), "differ"),
            ((x / (y - y), x / (y - y)), "division by zero"),
            ((x**100, x**100), "out of reach"),
            ((Entry("u", Symbol("_1", 0)), u), "must not begin with _"),
            ((Total(i, N, u), Total(i, M, u)), "differ"),
            ((Total(i, N, Entry("u", j)), Total(j, N, Entry("u", j))), "differ"),
            ((r.Delta(i, j), r.Delta(i, k)), "differ"),
            ((r.Minimum(x, y), x), "differ"),
        ),
    ),
    "total_identity": Entries(
        (
            ((Total(i, N, 2 * u + y), 2 * Total(j, N, Entry("u", j)) + y * Whole(N)), None),
            ((Total(i, N, u + y) / Whole(N), Total(i, N, u) / Whole(N) + y), None),
            ((Total(i, N, Total(j, N, u * Entry("v", j))), Total(i, N, u) * Total(j, N, Entry("v", j))), None),
            ((Total(i, N, ZERO), ZERO), None),
        ),
        (
            ((Total(i, N, u * v), Total(i, N, u) * Total(i, N, v)), "differ"),
            ((Total(i, N, ONE), ONE), "differ"),
            ((Total(i, N, u**2), Total(i, N, u) ** 2), "differ"),
            ((r.Largest(i, N, 2 * u), 2 * r.Largest(i, N, u)), "differ"),
        ),
    ),
    "chain": Entries(
        (((equal(x, y), equal(y, z)), Equal(x, z)),),
        (((equal(x, y), equal(z, y)), "the middles differ"), ((X, equal(x, y)), "the middles differ")),
    ),
    "flip": Entries((((equal(x, y),), Equal(y, x)),), (((X,), "not an equality"),)),
    "inside": Entries(
        (((equal(x, y), Exp(h) + h, h), Equal(Exp(x) + x, Exp(y) + y)),),
        (((X, h, h), "not an equality"), ((OVER_I, Total(i, N, h), h), "would be bound")),
    ),
    "replace": Entries(
        (((equal(x, y), given(Less(y, z)), Less(h, z), h), Less(x, z)),),
        (
            ((equal(x, y), given(Less(x, z)), Less(h, z), h), "is not"),
            ((X, X, Less(ZERO, h), h), "not an equality"),
            ((equal(x, y), DX, Derivative(h, x, ONE), h), "more than one point"),
            ((OVER_I, equal(SUM, SUM), Equal(Total(i, N, h), SUM), h), "would be bound"),
        ),
    ),
    "instantiate": Entries(
        (((R.field_identity(x / x, ONE), (x,), (Exp(y),)), Equal(Exp(y) / Exp(y), ONE)),),
        (
            ((SAME, (x, x), (y, z)), "each needs one"),
            ((SAME, (x,), ()), "each needs one"),
            ((R.derivative_constant(y, x), (y,), (x,)), "more than one point"),
            ((R.log_exp(Total(i, N, x)), (x,), (u,)), "would be bound"),
        ),
    ),
    "for_every": Entries(
        (((given(LAW), N), Equal(Entry("m", N + 1), 2 * Entry("m", N))),),
        (
            ((SAME, N), "not said of all"),
            ((given(LAW), free), "must be at least 0"),
            ((given(LAW), Symbol("k", -1)), "must be at least 0"),
        ),
    ),
    "induction": Entries(
        (((BASE, STEP, CLAIM, n), CLAIM),),
        (
            ((STEP, STEP, CLAIM, n), "not the claim for 0"),
            ((BASE, BASE, CLAIM, n), r"not the claim for n \+ 1"),
            ((BASE, STEP, CLAIM, N), "must count from 0"),
            ((BASE_SPOKEN, STEP_SPOKEN, SPOKEN, n), "speaks of n"),
        ),
    ),
    "under_fold": Entries(
        (
            ((R.field_identity(u + v, v + u), Total(i, N, u + v)), Equal(Total(i, N, u + v), Total(i, N, v + u))),
            ((R.field_identity(u + v, v + u), r.Largest(i, N, u + v)), None),
        ),
        (
            ((OVER_I, Total(i, N, u)), "speaks of i"),
            ((R.field_identity(u + v, v + u), Total(i, N, v)), "is not"),
            ((X, Total(i, N, u)), "not an equality"),
        ),
    ),
    "total_order": Entries(
        (((R.log_bound(Exp(x)), i, N), None), ((given(AtMost(x, y)), i, N), AtMost(Total(i, N, x), Total(i, N, y)))),
        (((given(AtMost(u, v)), i, N), "speaks of i"), ((X, i, N), "not of the form")),
    ),
    "unroll": Entries(
        (
            ((FOUR,), Equal(FOUR, r.Plus(*(Entry("u", integer(place)) for place in range(3))))),
            ((r.Smallest(i, integer(2), u),), None),
            ((r.Largest(i, integer(3), u),), None),
            ((Total(i, integer(0), u),), Equal(Total(i, integer(0), u), r.Plus())),
        ),
        (((SUM,), "at most 64"), ((Total(i, integer(65), u),), "at most 64")),
    ),
    "split_first": Entries(
        (((Total(i, n + 1, u),), None), ((SUM,), None), ((FOUR,), None)),
        (((Total(i, n, u),), "first entry"), ((r.Largest(i, N, u),), "first entry")),
    ),
    "delta_sum": Entries(
        (((Total(i, N, u * r.Delta(i, k)),), Equal(Total(i, N, u * r.Delta(i, k)), Entry("u", k))),),
        (
            ((SUM,), "multiples of δ"),
            ((Total(i, N, u * r.Delta(k, i)),), "fixed"),
            ((Total(i, N, u * r.Delta(i, i)),), "fixed"),
            ((Total(i, N, u * r.Delta(i, free)),), "may be negative"),
            ((r.Largest(i, N, u * r.Delta(i, k)),), "multiples of δ"),
        ),
    ),
    "regroup": Entries(
        (
            ((r.Largest(k, M * N, Entry("u", k)), M, N, i, j), None),
            ((Total(k, M * N, Entry("u", k)), N, M, i, j), None),
        ),
        (
            ((r.Largest(k, M * N, Entry("u", k)), M, M, i, j), "as many entries"),
            ((r.Largest(k, M * N, Entry("u", k)), M, N, i, i), "two symbols"),
            ((r.Largest(k, M * N, Entry("u", k) * Entry("w", i)), M, N, i, j), "two symbols"),
        ),
    ),
    "exp_sum": Entries((((x, y), None),), (((x, 2), "must be a real expression"),)),
    "exp_zero": Entries((((), Equal(Exp(ZERO), ONE)),), (((x,), "takes"),)),
    "log_exp": Entries((((x,), Equal(Log(Exp(x)), x)),), (((SAME,), "must be a real expression"),)),
    "exp_log": Entries((((x,), Equal(Exp(Log(x)), x)),), (((SAME,), "must be a real expression"),)),
    "log_quotient": Entries((((x, y), None), ((number(2), number(3)), None)), (((x,), "takes"),)),
    "log_bound": Entries((((x,), AtMost(Log(x), x - 1)),), (((N,), "must be a real expression"),)),
    "log_bound_strict": Entries((((x,), Less(Log(x), x - 1)),), (((N,), "must be a real expression"),)),
    "root_of_square": Entries((((x,), None), ((HALF,), None)), (((N,), "must be a real expression"),)),
    "positive": Entries(
        (
            ((Exp(x) + x**2, ()), None),
            ((x / (x + y), (X, Y)), None),
            ((Total(i, N, Exp(u)), ()), None),
            ((r.Abs(y) + 1, ()), None),
            ((r.Maximum(z, x), (X,)), None),
        ),
        (
            ((x, ()), "does not show"),
            ((x * y, (X, Y)), "does not show"),
            ((x - y, (X, Y)), "does not show"),
            ((Total(i, n, Exp(u)), ()), "does not show"),
            ((r.Minimum(z, x), (X,)), "does not show"),
            ((Total(i, N, u), (given(Less(ZERO, u)),)), "does not show"),
            ((x, (given(Less(ONE, x)),)), "does not say a sign"),
            ((x**3, ()), "does not show"),
            ((1 / y, (Y,)), "does not show"),
            ((Log(x), (X,)), "does not show"),
        ),
    ),
    "not_negative": Entries(
        (((z * z, ()), None), ((Total(i, n, u**2), ()), None), ((y * x, (X, Y)), None), ((z * z * y, (Y,)), None)),
        (((z * z * z, ()), "does not show"), ((z, ()), "does not show"), ((Sqrt(z), ()), "does not show")),
    ),
    "nonzero": Entries(
        (((X,), Nonzero(x)),), (((Y,), "not of the form"), ((given(Less(x, ZERO)),), "not of the form"))
    ),
    "nonzero_quotient": Entries(
        (((given(Nonzero(x)), given(Nonzero(y))), Nonzero(x / y)),), (((X, given(Nonzero(y))), "not both"),)
    ),
    "minimum_bound": Entries((((x, y), AtMost(r.Minimum(x, y), y)),), (((x, N), "must be a real expression"),)),
    "by_sign": Entries(
        (((POSITIVE_CASE, ZERO_CASE, x), AtMost(ZERO, x**2)),),
        (
            ((POSITIVE_CASE, ZERO_CASE, y), "are not the two cases"),
            ((POSITIVE_CASE, SAME, x), "say different things"),
            ((DX, DX, x), "more than one point"),
        ),
    ),
    "combine": Entries(
        (
            (
                (AtMost(x, z), (given(AtMost(x, y)), given(AtMost(y, z))), (R.positive(ONE, ()), R.positive(ONE, ()))),
                None,
            ),
            ((AtMost(y * x, y * z), (given(AtMost(x, z)),), (Y,)), None),
        ),
        (
            ((AtMost(z, x), (given(AtMost(x, z)),), (R.positive(ONE, ()),)), "not the sum"),
            ((Less(x, z), (given(AtMost(x, z)),), (R.positive(ONE, ()),)), "not of the form"),
            ((AtMost(x, z), (given(AtMost(x, z)),), ()), "0 multipliers"),
            ((AtMost(x, z), (SAME,), (R.positive(ONE, ()),)), "not an inequality"),
            ((AtMost(x, z), (given(AtMost(x, z)),), (given(Less(x, ZERO)),)), "not negative"),
        ),
    ),
    "combine_strictly": Entries(
        (((Less(x * y, x * z), (given(Less(y, z)),), (X,)), None),),
        (
            ((Less(y * x, y * z), (given(Less(x, z)),), (Y,)), "no strict inequality"),
            ((Less(x, z), (given(AtMost(x, z)),), (R.positive(ONE, ()),)), "no strict inequality"),
            ((AtMost(x, z), (given(Less(x, z)),), (R.positive(ONE, ()),)), "not of the form"),
        ),
    ),
    "derivative_constant": Entries(
        (((Exp(y) + u, x), Derivative(Exp(y) + u, x, ZERO)),),
        (((x * y, x), "may depend"), ((Entry("u", j), u), "may depend"), ((y, x + y), "by a variable")),
    ),
    "derivative_variable": Entries((((x,), Derivative(x, x, ONE)),), (((u,), "must be a variable"),)),
    "derivative_entry": Entries(
        (((Entry("z", j), Entry("z", k)), None), ((Entry("z", k), Entry("z", k)), None)),
        (
            ((Entry("y", j), Entry("z", k)), "of one array"),
            ((Entry("z", i, j), Entry("z", i, k)), "with one index"),
            ((x, Entry("z", k)), "of one array"),
        ),
    ),
    "derivative_sum": Entries(
        ((((DX, DY),), Derivative(x + y, x, ONE + ZERO)),),
        ((((DX, DZ),), "by one variable"), (((),), "by one variable"), (((SAME,),), "not a derivative")),
    ),
    "derivative_product": Entries(
        ((((DX, DY),), None), (((DX, DX),), None), (((DY, DY),), Derivative(y * y, x, ZERO))),
        ((((DX, DZ),), "by one variable"),),
    ),
    "derivative_quotient": Entries((((DX, R.derivative_exp(DX)), None),), (((DX, DZ), "by one variable"),)),
    "derivative_power": Entries(
        (((DX, integer(3)), None), ((DX, integer(1)), None), ((R.derivative_exp(DX), integer(2)), None)),
        (((DX, n), "must be a number"), ((DX, integer(0)), "at least 1")),
    ),
    "derivative_exp": Entries((((R.derivative_power(DX, integer(2)),), None),), (((SAME,), "not a derivative"),)),
    "derivative_log": Entries((((R.derivative_exp(DX),), None), ((DX,), None)), (((SAME,), "not a derivative"),)),
    "derivative_sqrt": Entries((((R.derivative_exp(DX),), None),), (((SAME,), "not a derivative"),)),
    "derivative_abs": Entries(
        (((DX,), Derivative(r.Abs(x), x, r.Times(r.Sign(x), ONE))),), (((SAME,), "not a derivative"),)
    ),
    "derivative_total": Entries(
        (((DZ, Total(j, N, Entry("z", j))), None),),
        (
            ((DZ, Total(k, N, Entry("z", j))), "another variable"),
            ((DZ, Total(j, N, Entry("y", j))), "not a sum of"),
            ((R.derivative_log(DZ), Total(j, N, Log(Entry("z", j)))), "speaks of j"),
            ((DZ, r.Largest(j, N, Entry("z", j))), "not a sum of"),
        ),
    ),
    "derivative_own_entry": Entries(
        (
            ((R.derivative_entry(Entry("z", k), Entry("z", k)), Total(j, N, Entry("z", j))), None),
            (
                (R.derivative_abs(R.derivative_entry(Entry("z", k), Entry("z", k))), Total(j, N, r.Abs(Entry("z", j)))),
                None,
            ),
        ),
        (
            ((DZ, Total(j, N, Entry("z", j))), "is not that part"),
            ((DX, Total(j, N, Entry("z", j))), "no sum by an entry"),
            ((R.derivative_entry(Entry("z", k), Entry("z", k)), r.Largest(j, N, Entry("z", j))), "no sum by an entry"),
            ((R.derivative_constant(Entry("y", k), Entry("z", k)), Total(j, N, Entry("z", j))), "is not that part"),
            (
                (
                    R.derivative_product(
                        (
                            R.derivative_entry(Entry("z", k), Entry("z", k)),
                            R.derivative_entry(Entry("z", n), Entry("z", k)),
                        )
                    ),
                    Total(j, N, Entry("z", j) * Entry("z", n)),
                ),
                "depends on other entries",
            ),
        ),
    ),
    "derivative_result": Entries(
        (((DX, R.field_identity(ONE, HALF + HALF)), Derivative(x, x, HALF + HALF)),),
        (((DX, SAME), "is not"), ((SAME, SAME), "not a derivative"), ((DX, X), "not an equality")),
    ),
    "derivative_of_equal": Entries(
        (
            ((R.field_identity(x + 0, x), DX), Derivative(x + 0, x, ONE)),
            ((R.field_identity(x * x / x, x), DX), Derivative(x * x / x, x, ONE)),
        ),
        (
            ((equal(x**2, x), DX), "may hold at one point"),
            ((R.cut(equal(x, ZERO), given(Equal(x, ZERO))), DX), "is not"),
            ((R.exp_log(Sqrt(x)), R.derivative_sqrt(DX)), "may hold at one point"),
            ((SAME, DX), "is not"),
        ),
    ),
}
