"""Derivations to emit: every rule's accepted cases, and stacks of layers."""

from __future__ import annotations

from typing import Any

import symnet.coq.proofs  # noqa: F401  (fills PROOFS)
from symnet.coq.recipe import PROOFS
from symnet.kernel import rules as R
from symnet.kernel.theorem import RULES, Theorem
from symnet.kernel.walks import steps
from symnet.terms.integer_sets import IntegerSet
from symnet.terms.propositions import And, Divides, Eq, Iff, In, Le, Lt, Or
from symnet.terms.term import FloorDiv, Product, Sum, Symbol, integer
from tests.kernel.rule_table import TABLE
from tests.kernel.stacks import numeric_stack, own_symbols_stack

__all__ = ["MISSING", "QUESTIONS", "accepted_cases", "more_cases", "numeric_stack", "own_symbols_stack"]

#: Rules that have no Coq lemma yet: their derivations are refused by ``emit``. Shrink this, never grow it.
MISSING: frozenset[str] = frozenset()


def accepted_cases() -> dict[str, list[Theorem]]:
    """The theorems that the table of rules accepts, as far as each step has a lemma."""
    made = {name: [RULES[name](*case.arguments) for case in entry.accepted] for name, entry in TABLE.items()}
    return {
        name: [theorem for theorem in theorems if all(step.rule in PROOFS for step in steps(theorem))]
        for name, theorems in made.items()
    }


W, F, S, P = Symbol("W"), Symbol("F"), Symbol("S"), Symbol("P", 0)
x, y, z = (Symbol(name, None) for name in "xyz")
ONE, TWO, THREE = integer(1), integer(2), integer(3)


def more_cases() -> list[Theorem]:
    """Figures that the table does not show: other shapes of the rules' arguments."""
    p, q, r = Le(x, y), Lt(x, y + 1), Le(x - y, integer(0))
    same = R.rearrange(p, r)
    under = R.equivalence(R.linear(r, (R.assume(p),), (ONE,)), R.linear(p, (R.assume(r),), (ONE,)))
    law = R.window_count(W + 2 * P, F, ONE, S)
    return [
        same,
        under,
        R.rearrange(p, q),
        R.rearrange(q, p),
        R.rearrange(Le(2 * x, 4 * y), Le(x, 2 * y)),
        R.rearrange(Lt(3 * x, 6 * y), Lt(2 * x, 4 * y)),
        R.rearrange(Eq(2 * x, y), Eq(3 * y, 6 * x)),
        R.linear(Eq(z, x + y), (R.assume(Eq(x, y)), R.assume(Eq(z, 2 * x))), (ONE, ONE)),
        R.max_bound((x, y, z), W),
        R.min_bound(W, (x, y, z)),
        R.divide(x, S, y),
        R.divide(x, z, y),
        R.divide_strict(x, y, S),
        R.divide_strict(x, y, z),
        R.equal_both_ways(x, FloorDiv(y, S)),
        R.either(Divides(TWO, x), x, y),
        R.regroup(And(And(p, q), r, And()), And(r, And(q, p), p)),
        R.regroup(p, And(p, p)),
        R.conjuncts(()),
        R.conjuncts((same,)),
        R.conjuncts((same, R.assume(Iff(q, r)), under)),
        R.conjuncts((same, R.modus_ponens(R.equivalence(R.assume(Iff(q, r)), R.assume(p)), R.assume(p)), under)),
        R.disjuncts(()),
        R.disjuncts((same, R.assume(Iff(q, r)), under)),
        R.rewrite_iff((), p),
        R.rewrite_iff((R.assume(Eq(x, y + 1)), R.assume(Eq(y, THREE))), And(Lt(z - x, y), Le(y + 1, x * y))),
        R.rewrite_iff((law,), Eq(law.conclusion.args[0], TWO)),
        R.same_windows(Product(TWO, W), F, ONE, S),
        R.same_windows(Sum(W, P), THREE, TWO, Sum(S, ONE)),
        R.same_windows(integer(28), THREE, ONE, TWO),
        R.calculate(Iff(Lt(TWO, ONE), In(integer(-4), IntegerSet.residue_class(1, 3, None, -5)))),
        R.calculate(And(In(integer(204), IntegerSet.residue_class(12, 16, 188, None)), Or(Eq(ONE, TWO), Lt(ONE, TWO)))),
        R.entry_count((W, P, Product(TWO, F))),
        R.floor_shift(W, Sum(S, S), Sum(P, ONE)),
        R.window_value(W, F, S, S, P),
    ]


#: Questions with their options, whose answers Coq checks as equivalences.
QUESTIONS: list[tuple[str, dict[str, Any]]] = [
    ("(3,224,224) -> Conv|64|7*7|S|3 = (64,112,112)", {}),
    ("(1,W,W) -> Conv|8|5|4|0 = (_,10,10)", {}),
    ("(3,224,224) -> Conv|64|F|S|P = (64,112,112)", {"where": "F<=11, S<=5, P<=5"}),
    ("(1,7,7) -> Deconv|8|3|2|1|output=O = (8,O,O)", {"for_": "O"}),
    ("(1,W,W) -> Conv|8|3|2|same -> Maxpool|3|2|1 = (_,7,7)", {}),
    ("examples/unet.net", {"for_": "W", "exact": True}),
    ("examples/vgg16.net", {"for_": "W", "exact": True}),
    ("examples/resnet50.net = (_,7,7)", {"for_": "W"}),
    ("examples/mlp.net", {"budget": "parameters<=1000000"}),
]
