"""The entries of the rules that solve; see ``rule_table``."""

from __future__ import annotations

from collections.abc import Mapping

from symnet.kernel import rules as R
from symnet.terms.integer_sets import IntegerSet
from symnet.terms.propositions import And, Congruent, Divides, Eq, Iff, In, Le, Lt, Or
from symnet.terms.term import CeilDiv, Entries, FloorDiv, Max, Min, Mod, Symbol, Windows, integer
from tests.kernel.entries import Accepted, Entry, Refused

__all__ = ["SOLVING"]

W, F, S, P = Symbol("W"), Symbol("F"), Symbol("S"), Symbol("P", 0)
x, y, z = (Symbol(name, None) for name in "xyz")
zero, one, two, three, nine = map(integer, (0, 1, 2, 3, 9))

p, q, r = Le(x, y), Lt(x, y + 1), Le(x - y, zero)
SAME_PQ, SAME_QR = R.rearrange(p, q), R.assume(Iff(q, r))
FITS = Le(three, W)  # under it Windows(W, 3, 1, 2) is a formula
COUNT = R.instantiate(R.window_count(W, F, one, S), (F, S), (three, two))
SIZE, FORMULA = COUNT.conclusion.args
[ASKED] = COUNT.hypotheses
STRIDE = Eq(FloorDiv(nine, S), three)  # S ∈ {3}: ⌊9/2⌋ = 4, ⌊9/4⌋ = 2
AT_MOST_9 = R.interval_bound(Le(S, nine), STRIDE, ())
PLANE = And(Le(W * S, three), Le(S, two))
NARROW = R.interval_bound(Le(S, two), PLANE, ())


def members(*values: int) -> IntegerSet:
    return IntegerSet.of(*values)


SOLVING: Mapping[str, Entry] = {
    "rewrite_iff": Entry(
        (
            Accepted(((R.assume(Eq(x, y)),), Le(x, x + z)), Iff(Le(x, x + z), Le(y, y + z)), (Eq(x, y),)),
            Accepted(
                ((R.assume(Eq(x, y)), R.assume(Eq(y, z))), And(p, Divides(y, x))),
                Iff(And(p, Divides(y, x)), And(Le(y, z), Divides(z, y))),
                (Eq(x, y), Eq(y, z)),
            ),
            Accepted(((), p), Iff(p, p)),
        ),
        (Refused(((R.assume(p),), q), "rewrite_iff: x <= y is not an equality"),),
    ),
    "conjuncts": Entry(
        (
            Accepted(((SAME_PQ, SAME_QR),), Iff(And(p, q), And(q, r)), (Iff(q, r),)),
            Accepted(
                ((R.rewrite_iff((), ASKED), R.rewrite_iff((COUNT,), Eq(SIZE, nine))),),
                Iff(And(ASKED, Eq(SIZE, nine)), And(ASKED, Eq(FORMULA, nine))),
            ),
            Accepted(
                ((R.rewrite_iff((COUNT,), Eq(SIZE, nine)), R.rewrite_iff((), ASKED)),),
                Iff(And(Eq(SIZE, nine), ASKED), And(Eq(FORMULA, nine), ASKED)),
                (ASKED,),
            ),
            Accepted(((),), Iff(And(), And())),
        ),
        (Refused(((SAME_PQ, R.assume(p)),), "conjuncts: x <= y is not an equivalence"),),
    ),
    "disjuncts": Entry(
        (Accepted(((SAME_PQ, SAME_QR),), Iff(Or(p, q), Or(q, r)), (Iff(q, r),)),),
        (Refused(((SAME_PQ, R.assume(p)),), "disjuncts: x <= y is not an equivalence"),),
    ),
    "regroup": Entry(
        (
            Accepted(
                (And(And(p, q), r, And()), And(r, And(q, p), p)), Iff(And(And(p, q), r, And()), And(r, And(q, p), p))
            ),
            Accepted((p, And(p, p)), Iff(p, And(p, p))),
        ),
        (Refused((And(p, q), p), "regroup: x < y + 1 stands on one side only"),),
    ),
    "rearrange": Entry(
        (
            Accepted((p, r), Iff(p, r)),
            Accepted((p, q), Iff(p, q)),
            Accepted((Lt(x, y), Le(x + 1, y)), Iff(Lt(x, y), Le(x + 1, y))),
            Accepted((Le(2 * x, 4 * y), Le(x, 2 * y)), Iff(Le(2 * x, 4 * y), Le(x, 2 * y))),
            Accepted((Eq(x, y), Eq(-3 * y, -3 * x)), Iff(Eq(x, y), Eq(-3 * y, -3 * x))),
            Accepted((Le(x, x), Le(zero, zero)), Iff(Le(x, x), Le(zero, zero))),
        ),
        (
            Refused((p, Eq(x, y)), "rearrange: x <= y and x == y do not compare alike"),
            Refused((p, Le(y, x)), "rearrange: x <= y and y <= x differ"),
            Refused((Lt(x, y), Le(2 * x + 1, 2 * y)), "rearrange: x < y and 2*x + 1 <= 2*y differ"),
            Refused((Le(x, x), Le(zero, one)), "rearrange: x <= x and 0 <= 1 differ"),
        ),
    ),
    "divide": Entry(
        (
            Accepted((x, S, y), Iff(Le(x * S, y), Le(x, FloorDiv(y, S)))),
            Accepted((x, P, y), Iff(Le(x * P, y), Le(x, FloorDiv(y, P))), (Le(one, P),)),
        ),
        (),
    ),
    "divide_strict": Entry(
        (
            Accepted((x, y, S), Iff(Lt(x, y * S), Lt(FloorDiv(x, S), y))),
            Accepted((x, y, P), Iff(Lt(x, y * P), Lt(FloorDiv(x, P), y)), (Le(one, P),)),
        ),
        (),
    ),
    "equal_both_ways": Entry((Accepted((x, y), Iff(Eq(x, y), And(Le(x, y), Le(y, x)))),), ()),
    "either": Entry((Accepted((p, y, z), Iff(p, Or(And(Le(y, z), p), And(Lt(z, y), p)))),), ()),
    "interval_bound": Entry(
        (
            Accepted((Le(S, nine), STRIDE, ()), Le(S, nine), (STRIDE,)),
            Accepted((Le(two, S), STRIDE, ()), Le(two, S), (STRIDE,)),
            Accepted((Le(W, three), PLANE, (NARROW,)), Le(W, three), (PLANE,)),
            Accepted(
                (Le(x, zero), p, (R.assume(Le(one, y)), R.assume(Le(y, zero)))),
                Le(x, zero),
                (p, Le(one, y), Le(y, zero)),
            ),
        ),
        (
            Refused((STRIDE, STRIDE, ()), "interval_bound: 9//S == 3 does not bound a symbol by a number"),
            Refused(
                (Le(S, nine), STRIDE, (R.assume(p),)), "interval_bound: x <= y does not bound a symbol by a number"
            ),
            Refused((Le(S, one), STRIDE, ()), "interval_bound: beyond S <= 1 intervals do not refute 9//S == 3"),
        ),
    ),
    "cases": Entry(
        (
            Accepted(
                (Eq((W - 5) // 4 + 1, nine), (W,), ()), Iff(Eq((W - 5) // 4 + 1, nine), In(W, members(37, 38, 39, 40)))
            ),
            Accepted((STRIDE, (S,), (AT_MOST_9,)), Iff(STRIDE, In(S, members(3)))),
            Accepted(
                (And(Divides(two, W - 1), Congruent(W, two, three)), (W,), ()),
                Iff(And(Divides(two, W - 1), Congruent(W, two, three)), In(W, IntegerSet.residue_class(5, 6, 5))),
            ),
            Accepted(
                (Eq(Windows(x, three, one, two), two), (x,), ()),
                Iff(Eq(Windows(x, three, one, two), two), In(x, members(5, 6))),
            ),
            Accepted(
                (Le(Entries(x, y), zero), (y, x), (R.assume(Le(one, y)), R.assume(Le(y, two)))),
                Iff(
                    Le(Entries(x, y), zero),
                    Or(
                        And(Eq(y, one), In(x, IntegerSet.interval(None, 0))),
                        And(Eq(y, two), In(x, IntegerSet.interval(None, 0))),
                    ),
                ),
                (Le(one, y), Le(y, two)),
            ),
            Accepted(
                (PLANE, (S, W), (NARROW,)),
                Iff(PLANE, Or(And(Eq(S, one), In(W, members(1, 2, 3))), And(Eq(S, two), In(W, members(1))))),
            ),
            Accepted(
                (Le(Max(W, nine), Min(W * W, CeilDiv(integer(99), two))), (W,), ()),
                Iff(Le(Max(W, nine), Min(W * W, CeilDiv(integer(99), two))), In(W, IntegerSet.interval(3, 50))),
            ),
            Accepted(
                (Lt(Mod(W, three), one), (W,), ()),
                Iff(Lt(Mod(W, three), one), In(W, IntegerSet.residue_class(0, 3, 3))),
            ),
        ),
        (
            Refused((p, (), ()), "cases: name each unknown once"),
            Refused((p, (x, x), ()), "cases: name each unknown once"),
            Refused((p, (x,), ()), "cases: y is neither an unknown nor a number"),
            Refused((p, (x, y), ()), "cases: x has no proven bounds"),
            Refused((p, (x, y), (R.assume(p),)), "cases: x <= y does not bound a symbol by a number"),
            Refused(
                (p, (x, y), (R.assume(Le(zero, x)), R.assume(Le(x, integer(10**6))))),
                "cases: more than 200,000 cases are out of reach",
            ),
            Refused((STRIDE, (S,), ()), "S stands in a divisor or a product of floors and has no bound"),
            Refused((Iff(p, p), (x, y), (R.assume(Le(one, x)), R.assume(Le(x, one)))), "Iff is not decided here"),
        ),
    ),
}
