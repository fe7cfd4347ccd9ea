"""Written proofs for the tests to check and to alter."""

from __future__ import annotations

import json
from typing import Any

from symnet.kernel import rules as R
from symnet.kernel.proof_format import digest
from symnet.kernel.theorem import RULES, Theorem
from symnet.kernel.writing import write_proof
from symnet.terms.integer_sets import IntegerSet
from symnet.terms.propositions import And, Congruent, Divides, Eq, In, Or
from symnet.terms.term import Mod, Symbol, integer
from tests.kernel.rule_table import TABLE
from tests.kernel.stacks import numeric_stack, own_symbols_stack

__all__ = ["PROOFS", "SAMPLES", "Proof", "sealed"]

W = Symbol("W")
Proof = dict[str, Any]


def _every_node() -> Theorem:
    """A theorem whose proof has nodes of the kinds that stacks lack."""
    member = In(W % 4, IntegerSet.residue_class(1, 3, None, 40))
    claims = And(member, Or(Divides(integer(3), W**2), Congruent(W, integer(1), integer(2))), Eq(Mod(W, integer(2)), W))
    return R.part(R.both((R.assume(claims), R.same_windows(W, *[integer(3)] * 3), R.entry_count((W, W)))), 0)


def sealed(proof: Proof) -> Proof:
    """With the digest that fits."""
    return {**proof, "digest": digest(proof)}


SAMPLES: dict[str, tuple[Theorem, ...]] = {
    "numbers": (numeric_stack(20, padding=0),),
    "symbols": (own_symbols_stack(4),),
    "nodes": (_every_node(), R.value(integer(28) - 5)),
    "rules": tuple(RULES[name](*case.arguments) for name, entry in TABLE.items() for case in entry.accepted),
}
PROOFS: dict[str, Proof] = {name: json.loads(json.dumps(write_proof(*goals))) for name, goals in SAMPLES.items()}
