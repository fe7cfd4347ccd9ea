"""The entries of the rules that solve; see ``rule_table``."""

from __future__ import annotations

from collections.abc import Mapping

from symnet.kernel import rules as R
from symnet.kernel.certificate import At, Each, Mod, No, Only, Run, Yes
from symnet.search.cases import cases
from symnet.terms.integer_sets import IntegerSet
from symnet.terms.propositions import And, Congruent, Divides, Eq, Iff, In, Le, Lt, Or
from symnet.terms.term import FloorDiv, Symbol, integer
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


YES, NO_0, NO_1 = Yes(), No(0), No(1)
OTHERWISE = "tree: the answer says otherwise of {} than the certificate"
FOUR_OR_FIVE = Eq((W - 2) // 2, one)  # W ∈ {4, 5}
FIVE = At(3, NO_0, At(5, YES, NO_0))
ODD = And(Divides(two, W - 1), Congruent(W, two, three))  # W ≡ 5 (mod 6)
UP_TO_3, UP_TO_1 = At(3, YES, NO_0), At(1, YES, NO_0)
BEYOND = And(Eq(S, nine), In(W, members(1)))
PLANE_ROWS = Or(And(Eq(S, one), In(W, members(1, 2, 3))), And(Eq(S, two), In(W, members(1))))


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
    "tree": Entry(
        (
            *(
                Accepted(theorem.arguments, theorem.conclusion, tuple(theorem.hypotheses))
                for theorem in (
                    cases(Eq((W - 5) // 4 + 1, nine), (W,), ()),
                    cases(STRIDE, (S,), (AT_MOST_9,)),
                    cases(Divides(two, x), (x,), ()),
                    cases(Or(Le(x * x, nine), Eq(x % three, one)), (x,), (R.assume(Le(x, nine)),)),
                )
            ),
            Accepted(
                (FOUR_OR_FIVE, (W,), (), In(W, members(4, 5)), FIVE),
                Iff(FOUR_OR_FIVE, In(W, members(4, 5))),
            ),
            Accepted(
                (ODD, (W,), (), In(W, IntegerSet.residue_class(5, 6, 5)), Only(2, 1, 0, Mod(3, (NO_1, NO_1, YES)))),
                Iff(ODD, In(W, IntegerSet.residue_class(5, 6, 5))),
            ),
            Accepted(
                (PLANE, (S, W), (NARROW,), PLANE_ROWS, At(2, Each((Run(1, 1, UP_TO_3), Run(2, 2, UP_TO_1))), No(1))),
                Iff(PLANE, PLANE_ROWS),
            ),
        ),
        (
            Refused((p, (), (), In(x, members()), YES), "tree: name each unknown once"),
            Refused((p, (x, x), (), In(x, members()), YES), "tree: name each unknown once"),
            Refused((p, (x,), (), In(x, members()), YES), "tree: y is neither an unknown nor a number"),
            Refused((p, (x, y), (R.assume(p),), Or(), YES), "tree: x <= y does not bound a symbol by a number"),
            Refused(
                (FOUR_OR_FIVE, (W,), (), In(W, members(0, 4, 5)), FIVE),
                "tree: W in {0, 4, 5} goes past the bounds of W",
            ),
            Refused((PLANE, (S, W), (), In(S, members(1)), YES), "tree: S in {1} does not say where the unknowns are"),
            Refused(
                (PLANE, (S, W), (), Or(And(Eq(W, one), In(W, members(1)))), YES),
                "tree: W == 1 does not say what S is",
            ),
            Refused(
                (PLANE, (S, W), (), Or(*[And(Eq(S, one), In(W, members(number))) for number in (1, 2)]), YES),
                "tree: S == 1 and W in {2} is not the only row for these values",
            ),
            *(
                Refused((FOUR_OR_FIVE, (W,), (), In(W, members(4, 5)), certificate), message)
                for certificate, message in (
                    (YES, OTHERWISE.format("W = 1t + 0, 1 ≤ t ≤ None")),
                    (
                        At(3, NO_0, At(4, YES, NO_0)),
                        OTHERWISE.format("W = 1t + 0, 5 ≤ t ≤ None"),
                    ),
                    (At(3, No(1), At(5, YES, NO_0)), "tree: the certificate names a condition that is not there"),
                    (At(3, No(True), At(5, YES, NO_0)), "tree: the certificate names a condition that is not there"),
                    (At(True, NO_0, YES), "tree: a certificate counts with integers"),
                    (At(3, NO_0, At(5, YES, Run(6, 7, NO_0))), "tree: a certificate is made of its nodes"),
                    (Mod(2, (YES,)), "tree: a split by remainders has one branch for each"),
                    (Mod(0, ()), "tree: a split by remainders has one branch for each"),
                    (Only(2, 2, 0, YES), "tree: 2 is no remainder modulo 2"),
                    (
                        Only(2, 1, 0, YES),
                        "tree: it is not shown that only 1 modulo 2 is left of W = 1t + 0, 1 ≤ t ≤ None",
                    ),
                    (Each(()), "tree: only finitely many values are tried, one by one"),
                    (At(3, Each(()), At(5, YES, NO_0)), "tree: runs of values follow each other from end to end"),
                    (At(3, Each((NO_0,)), At(5, YES, NO_0)), "tree: values are tried in runs of integers"),
                    (
                        At(3, Each((Run(1, 4, NO_0),)), At(5, YES, NO_0)),
                        "tree: runs of values follow each other from end to end",
                    ),
                    (
                        At(3, Each((Run(1, True, NO_0),)), At(5, YES, NO_0)),
                        "tree: values are tried in runs of integers",
                    ),
                )
            ),
            Refused(
                (STRIDE, (S,), (), In(S, members(3)), At(2, NO_0, YES)),
                OTHERWISE.format("S = 1t + 0, 3 ≤ t ≤ None"),
            ),
            Refused(
                (STRIDE, (S,), (), In(S, members(3)), At(2, NO_0, At(3, YES, At(8, NO_0, Each(()))))),
                "tree: only finitely many values are tried, one by one",
            ),
            Refused((STRIDE, (S,), (), In(S, members(3)), NO_0), OTHERWISE.format("S = 1t + 0, 1 ≤ t ≤ None")),
            Refused(
                (
                    PLANE,
                    (S, W),
                    (NARROW,),
                    Or(*PLANE_ROWS.args, BEYOND),
                    At(2, Each((Run(1, 1, UP_TO_3), Run(2, 2, UP_TO_1))), NO_1),
                ),
                "tree: the answer has rows that the certificate does not reach",
            ),
            Refused(
                (
                    Le(x, y),
                    (x, y),
                    (R.assume(Le(one, x)), R.assume(Le(x, integer(10**6)))),
                    Or(),
                    Each((Run(1, 10**6, NO_0),)),
                ),
                "tree: more than 500,000 pieces are out of reach",
            ),
            Refused(
                (PLANE, (S, W), (NARROW,), PLANE_ROWS, NO_0),
                "tree: W*S <= 3 is not false on all of S = 1t + 0, 1 ≤ t ≤ 2",
            ),
            Refused(
                (PLANE, (S, W), (NARROW,), PLANE_ROWS, Each((Run(1, 2, UP_TO_1),))),
                OTHERWISE.format("S = 1, W = 1t + 0, 2 ≤ t ≤ None"),
            ),
            Refused(
                (PLANE, (S, W), (NARROW,), PLANE_ROWS, Each((Run(1, 1, NO_0), Run(2, 2, UP_TO_1)))),
                OTHERWISE.format("S = 1, W = 1t + 0, 1 ≤ t ≤ None"),
            ),
            Refused(
                (PLANE, (S, W), (NARROW,), Or(*PLANE_ROWS.args[:1], BEYOND), At(1, Each((Run(1, 1, UP_TO_3),)), NO_1)),
                "tree: S <= 2 is not false on all of S = 1t + 0, 2 ≤ t ≤ 2",
            ),
            Refused(
                (Iff(p, p), (x, y), (R.assume(Le(one, x)), R.assume(Le(x, one))), Or(), NO_0),
                "tree: x <= y <=> x <= y is not false on all of x = 1t + 0, 1 ≤ t ≤ 1",
            ),
        ),
    ),
}
