"""For every rule: what it accepts, with conclusion and hypotheses spelled out, and each way it refuses.

Adding a rule? Add its entry to ``TABLE``: ``test_rules.py`` fails until it reaches each of its ``raise KernelError``.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from symnet.kernel import rules as R
from symnet.terms.propositions import And, Divides, Eq, Iff, Le, Lt, Or
from symnet.terms.term import CeilDiv, Entries, FloorDiv, Max, Min, Mod, Product, Sum, Symbol, Term, Windows, integer
from tests.kernel.entries import Accepted, Entry, Refused
from tests.kernel.solving_table import SOLVING

__all__ = ["TABLE", "Accepted", "Refused"]

W, F, D, S, K, P = Symbol("W"), Symbol("F"), Symbol("D"), Symbol("S"), Symbol("K"), Symbol("P", 0)
x, y, z = (Symbol(name, None) for name in "xyz")
zero, one, two, three = map(integer, range(4))

p, q, r = Le(x, y), Lt(x, y + 1), Le(x - y, zero)
EXTENT = Sum(Product(D, Sum(F, integer(-1))), one)  # D·(F − 1) + 1
INNER = R.assume(Eq(y, FloorDiv(Sum(x, one), two)))  # y = ⌊(x + 1)/2⌋


def _outer(divisor: Term, offset: Term = three) -> Any:
    return R.assume(Eq(z, FloorDiv(Sum(y, offset), divisor)))


def _needs_one(name: str, *parameters: str) -> tuple[Refused, ...]:
    """The refusals that all counting rules share: (length, kernel, dilation, stride, …) with something below 1."""
    return tuple(
        Refused(
            tuple({"length": x, "number": two, parameter: P}.get(other, W) for other in ("length", *parameters)),
            f"{name}: the {parameter} P may be less than 1",
        )
        for parameter in parameters
        if parameter != "number"
    )


_LOGIC: dict[str, Entry] = {
    "assume": Entry((Accepted((p,), p, (p,)),), ()),
    "cut": Entry(
        (
            Accepted((R.assume(p), R.linear(r, (R.assume(p),), (one,))), r, (p,)),
            Accepted((R.calculate(Le(one, two)), R.assume(Le(one, two))), Le(one, two)),
        ),
        (Refused((R.assume(p), R.assume(q)), "cut: x <= y is not a hypothesis of x < y + 1 ⊢ x < y + 1"),),
    ),
    "discharge": Entry(
        (
            Accepted(((R.assume(p),), R.linear(r, (R.assume(p),), (one,))), r, (p,)),
            Accepted(
                ((R.calculate(Le(one, two)), R.assume(p)), R.both((R.assume(Le(one, two)), R.assume(p)))),
                And(Le(one, two), p),
                (p,),
            ),
            Accepted(
                (
                    (R.assume(Eq(x, y)), R.linear(p, (R.assume(Eq(x, y)),), (one,))),
                    R.both((R.assume(p), R.assume(Eq(x, y)))),
                ),
                And(p, Eq(x, y)),
                (Eq(x, y),),
            ),
            Accepted(((), R.assume(p)), p, (p,)),
        ),
        (
            Refused(
                ((R.assume(p), R.assume(q)), R.assume(q)),
                "discharge: not all that is proven is a hypothesis of x < y + 1 ⊢ x < y + 1",
            ),
        ),
    ),
    "both": Entry(
        (
            Accepted(((R.assume(p), R.calculate(Le(one, two))),), And(p, Le(one, two)), (p,)),
            Accepted(((),), And()),
        ),
        (),
    ),
    "part": Entry(
        (Accepted((R.assume(And(p, q)), 1), q, (And(p, q),)),),
        (
            Refused((R.assume(And(p, q)), 2), "part: x <= y and x < y + 1 has no conjunct number 2"),
            Refused((R.assume(And(p, q)), -1), "part: x <= y and x < y + 1 has no conjunct number -1"),
            Refused((R.assume(Or(p, q)), 0), "part: x <= y or x < y + 1 has no conjunct number 0"),
        ),
    ),
    "flip": Entry(
        (
            Accepted((R.assume(Eq(x, y)),), Eq(y, x), (Eq(x, y),)),
            Accepted((R.assume(Iff(p, q)),), Iff(q, p), (Iff(p, q),)),
        ),
        (Refused((R.assume(p),), "flip: x <= y is neither an equality nor an equivalence"),),
    ),
    "equivalence": Entry(
        (
            Accepted((R.linear(r, (R.assume(p),), (one,)), R.linear(p, (R.assume(r),), (one,))), Iff(p, r)),
            Accepted((R.assume(q), R.assume(p)), Iff(p, q), (q, p)),
        ),
        (),
    ),
    "iff_chain": Entry(
        (Accepted((R.assume(Iff(p, q)), R.assume(Iff(q, r))), Iff(p, r), (Iff(p, q), Iff(q, r))),),
        (
            Refused(
                (R.assume(Iff(p, q)), R.assume(Iff(p, r))),
                "iff_chain: the middles differ: x <= y <=> x < y + 1 and x <= y <=> x - y <= 0",
            ),
            Refused(
                (R.assume(p), R.assume(Iff(p, r))), "iff_chain: the middles differ: x <= y and x <= y <=> x - y <= 0"
            ),
        ),
    ),
    "modus_ponens": Entry(
        (
            Accepted((R.assume(Iff(p, q)), R.assume(p)), q, (Iff(p, q), p)),
            Accepted((R.assume(Iff(p, q)), R.assume(q)), p, (Iff(p, q), q)),
        ),
        (
            Refused(
                (R.assume(Iff(p, q)), R.assume(r)), "modus_ponens: x - y <= 0 is not a side of x <= y <=> x < y + 1"
            ),
            Refused((R.assume(p), R.assume(p)), "modus_ponens: x <= y is not a side of x <= y"),
        ),
    ),
    "instantiate": Entry(
        (
            Accepted((R.assume(p), (x, y), (y, x)), Le(y, x), (Le(y, x),)),
            Accepted((R.sign(Le(one, W)), (W,), (x - 3,)), Le(one, x - 3), (Le(one, x - 3),)),
            Accepted((R.sign(Le(zero, P)), (P,), (W + P,)), Le(zero, W + P)),
        ),
        (
            Refused((R.assume(p), (x,), (y, z)), "instantiate: 2 terms for 1 symbols; each symbol needs one term"),
            Refused((R.assume(p), (x, x), (y, z)), "instantiate: 2 terms for 2 symbols; each symbol needs one term"),
        ),
    ),
}

_ARITHMETIC: dict[str, Entry] = {
    "calculate": Entry(
        (
            Accepted((Divides(two, integer(28) - 4),), Divides(two, integer(28) - 4)),
            Accepted((Or(Lt(two, one), Le(one, one)),), Or(Lt(two, one), Le(one, one))),
        ),
        (
            Refused((Le(integer(28) - 3, two),), "calculate: 28 - 3 <= 2 is false"),
            Refused((Le(W, W),), "calculate: W <= W is not about numbers alone"),
            Refused((Le(zero, Entries(one)),), "calculate: 0 <= entries(1) is not about numbers alone"),
        ),
    ),
    "value": Entry(
        (Accepted((FloorDiv(integer(28) - 5, two),), Eq(FloorDiv(integer(28) - 5, two), integer(11))),),
        (
            Refused((W,), "W has no value"),
            Refused((FloorDiv(one, zero),), "division by zero"),
        ),
    ),
    "polynomial_identity": Entry(
        (
            Accepted((x * (y + 1), y * x + x), Eq(x * (y + 1), y * x + x)),
            Accepted(((W + 2 - 3) // S, (W - 1) // S), Eq((W + 2 - 3) // S, (W - 1) // S)),
        ),
        (
            Refused((x * y, x + y), "polynomial_identity: x*y and x + y differ"),
            Refused((Mod(x, S), x), "polynomial_identity: x % S and x differ"),
        ),
    ),
    "chain": Entry(
        (Accepted((R.assume(Eq(x, y)), R.assume(Eq(y, z))), Eq(x, z), (Eq(x, y), Eq(y, z))),),
        (
            Refused((R.assume(Eq(x, y)), R.assume(Eq(z, y))), "chain: the middles differ: x == y and z == y"),
            Refused((R.assume(p), R.assume(Eq(y, z))), "chain: the middles differ: x <= y and y == z"),
        ),
    ),
    "replace": Entry(
        (
            Accepted(
                (R.assume(Eq(x, y)), R.assume(Le(y + z, y)), Le(K + z, y), K), Le(x + z, y), (Eq(x, y), Le(y + z, y))
            ),
        ),
        (
            Refused((R.assume(p), R.assume(p), p, x), "replace: x <= y is not an equality"),
            Refused(
                (R.assume(Eq(x, y)), R.assume(Le(x, z)), Le(K, z), K), "replace: K <= z with y for K is not x <= z"
            ),
        ),
    ),
    "add_equations": Entry(
        (
            Accepted(((R.assume(Eq(x, y)), R.assume(Eq(z, one))),), Eq(Sum(x, z), Sum(y, one)), (Eq(x, y), Eq(z, one))),
            Accepted(((),), Eq(Sum(), Sum())),
        ),
        (Refused(((R.assume(Eq(x, y)), R.assume(p)),), "add_equations: x <= y is not an equality"),),
    ),
    "min_first": Entry(
        (Accepted((R.assume(Le(x, y)),), Eq(Min(x, y), x), (Le(x, y),)),),
        (Refused((R.assume(Lt(x, y)),), "min_first: x < y is not of the form a <= b"),),
    ),
    "max_bound": Entry(
        (
            Accepted(((x, y), z), Iff(Le(Max(x, y), z), And(Le(x, z), Le(y, z)))),
            Accepted(((x,), z), Iff(Le(Max(x), z), And(Le(x, z)))),
        ),
        (Refused(((), z), "max of nothing"),),
    ),
    "min_bound": Entry(
        (Accepted((z, (x, y)), Iff(Le(z, Min(x, y)), And(Le(z, x), Le(z, y)))),),
        (Refused((z, ()), "min of nothing"),),
    ),
    "sign": Entry(
        (
            Accepted((Le(F, F + P * W),), Le(F, F + P * W)),
            Accepted((Lt(P, P + W),), Lt(P, P + W)),
        ),
        (
            Refused((Eq(x, x),), "sign: x == x is not an inequality"),
            Refused((Le(F, W),), "sign: the signs alone do not show F <= W"),
            Refused((Lt(P, P),), "sign: the signs alone do not show P < P"),
        ),
    ),
    "linear": Entry(
        (
            Accepted(
                (Le(x + W, z + W), (R.assume(Le(x, y)), R.assume(Le(y, z))), (one, one)),
                Le(x + W, z + W),
                (Le(x, y), Le(y, z)),
            ),
            Accepted((Le(S * x, S * y), (R.assume(Le(x, y)),), (S,)), Le(S * x, S * y), (Le(x, y),)),
            Accepted((Le(x, y), (R.assume(Eq(y, x)),), (integer(-1),)), Le(x, y), (Eq(y, x),)),
            Accepted((Lt(x, y + 1), (R.assume(Lt(x, y)),), (one,)), Lt(x, y + 1), (Lt(x, y),)),
            Accepted(
                (Eq(z - x, y), (R.assume(Eq(x, y)), R.assume(Eq(z, 2 * x))), (one, one)),
                Eq(z - x, y),
                (Eq(x, y), Eq(z, 2 * x)),
            ),
            Accepted((Eq(x * (y + 1), y * x + x), (), ()), Eq(x * (y + 1), y * x + x)),
        ),
        (
            Refused((p, (R.assume(p),), ()), "linear: 0 multipliers for 1 premises"),
            Refused((Divides(x, y), (), ()), "linear: x divides y is no inequality and no equality"),
            Refused((p, (R.assume(Divides(x, y)),), (one,)), "linear: x divides y is no inequality and no equality"),
            Refused((Eq(x, y), (R.assume(p),), (one,)), "linear: x <= y is not an equality as x == y is"),
            Refused(
                (Eq(x, y + 1), (R.assume(Eq(x, y)),), (one,)), "linear: x == y + 1 does not follow from these multiples"
            ),
            Refused((Eq(x, x + P), (), ()), "linear: x == x + P does not follow from these multiples"),
            Refused((Le(y, x), (R.assume(p),), (integer(-1),)), "linear: the multiplier -1 of x <= y may be negative"),
            Refused((p, (R.assume(p),), (x,)), "linear: the multiplier x of x <= y may be negative"),
            Refused((Lt(x, y), (R.assume(p),), (one,)), "linear: x < y does not follow from these multiples"),
        ),
    ),
}

_FLOORS: dict[str, Entry] = {
    "floor_shift": Entry(
        (Accepted((x, S, y), Eq(Sum(FloorDiv(x, S), y), FloorDiv(Sum(x, Product(y, S)), S))),),
        (Refused((x, P, y), "floor_shift: the divisor P may be less than 1"),),
    ),
    "ceil_as_floor": Entry(
        (Accepted((x, S), Eq(CeilDiv(x, S), FloorDiv(Sum(x, S, integer(-1)), S))),),
        (Refused((x, y), "ceil_as_floor: the divisor y may be less than 1"),),
    ),
    "floor_nest": Entry(
        (
            Accepted(
                (INNER, _outer(S)),
                Eq(z, FloorDiv(Sum(x, integer(7)), Product(two, S))),
                (INNER.conclusion, _outer(S).conclusion),
            ),
            Accepted(
                (INNER, _outer(one, P)),
                Eq(z, FloorDiv(Sum(x, Sum(one, Product(two, P))), two)),
                (INNER.conclusion, _outer(one, P).conclusion),
            ),
        ),
        (
            Refused((R.assume(Eq(y, x)), _outer(S)), "floor_nest: y == x is not of the form y = (x + a)//m"),
            Refused((INNER, R.assume(p)), "floor_nest: x <= y is not of the form y = (x + a)//m"),
            Refused((INNER, INNER), "floor_nest: the outer floor is of x, not of y"),
            Refused((INNER, _outer(P)), "floor_nest: the divisor P may be less than 1"),
            Refused(
                (R.assume(Eq(y, FloorDiv(Sum(x, one), zero))), _outer(S)),
                "floor_nest: the divisor 0 may be less than 1",
            ),
        ),
    ),
    "floor_monotone": Entry(
        (Accepted((INNER, R.assume(Le(W, x))), Le(FloorDiv(Sum(W, one), two), y), (INNER.conclusion, Le(W, x))),),
        (
            Refused((R.assume(p), R.assume(p)), "floor_monotone: x <= y is not of the form y = (x + a)//m"),
            Refused((INNER, R.assume(Le(x, W))), "floor_monotone: x <= W is not a lower bound of x"),
            Refused((INNER, R.assume(Lt(W, x))), "floor_monotone: W < x is not a lower bound of x"),
            Refused((_outer(x), R.assume(Le(W, y))), "floor_monotone: the divisor x may be less than 1"),
        ),
    ),
    "floor_common": Entry(
        (
            Accepted(
                (x, y, K, S),
                Eq(FloorDiv(Sum(Product(K, x), y), Product(K, S)), FloorDiv(Sum(x, FloorDiv(y, K)), S)),
            ),
        ),
        (
            Refused((x, y, P, S), "floor_common: the divisor P may be less than 1"),
            Refused((x, y, S, z), "floor_common: the divisor z may be less than 1"),
        ),
    ),
    "floor_value": Entry(
        (
            Accepted(
                (x, S, y),
                Iff(Eq(FloorDiv(x, S), y), And(Le(Product(S, y), x), Lt(x, Sum(Product(S, y), S)))),
            ),
        ),
        (Refused((x, P, y), "floor_value: the divisor P may be less than 1"),),
    ),
    "floor_bound": Entry(
        (Accepted((y, x, S), Iff(Le(y, FloorDiv(x, S)), Le(Product(y, S), x))),),
        (Refused((y, x, P), "floor_bound: the divisor P may be less than 1"),),
    ),
}

_COUNTS: dict[str, Entry] = {
    "window_count": Entry(
        (
            Accepted(
                (x, F, D, S),
                Eq(Windows(x, F, D, S), Sum(FloorDiv(x - EXTENT, S), one)),
                (Le(EXTENT, x),),
            ),
        ),
        _needs_one("window_count", "kernel", "dilation", "stride"),
    ),
    "window_fits": Entry(
        (Accepted((x, F, D, S), Iff(Le(one, Windows(x, F, D, S)), Le(EXTENT, x))),),
        _needs_one("window_fits", "kernel", "dilation", "stride"),
    ),
    "window_value": Entry(
        (
            Accepted(
                (x, F, D, S, K),
                Iff(
                    Eq(Windows(x, F, D, S), K),
                    And(Le((K - 1) * S + EXTENT, x), Lt(x, K * S + EXTENT)),
                ),
            ),
            Accepted(
                (x, F, D, S, P),
                Iff(
                    Eq(Windows(x, F, D, S), P),
                    And(Le((P - 1) * S + EXTENT, x), Lt(x, P * S + EXTENT)),
                ),
                (Le(one, P),),
            ),
        ),
        _needs_one("window_value", "kernel", "dilation", "stride", "number"),
    ),
    "same_windows": Entry(
        (
            Accepted(
                (W, F, D, S),
                Eq(Windows(W + Max((CeilDiv(W, S) - 1) * S + EXTENT - W, zero), F, D, S), CeilDiv(W, S)),
            ),
            Accepted(
                (P, F, D, S),
                Eq(Windows(P + Max((CeilDiv(P, S) - 1) * S + EXTENT - P, zero), F, D, S), CeilDiv(P, S)),
                (Le(one, P),),
            ),
        ),
        _needs_one("same_windows", "kernel", "dilation", "stride"),
    ),
    "entry_count": Entry(
        (
            Accepted(((K, F, P),), Eq(Entries(K, F, P), Product(K, F, P))),
            Accepted(((),), Eq(Entries(), one)),
        ),
        (Refused(((K, x),), "entry_count: the size x may be negative"),),
    ),
}

TABLE: Mapping[str, Entry] = {**_LOGIC, **_ARITHMETIC, **_FLOORS, **_COUNTS, **SOLVING}
