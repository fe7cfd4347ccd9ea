"""Finds proofs. Nothing here is trusted: each function only applies rules, and returns a theorem that they made."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from symnet.errors import KernelError
from symnet.kernel.real import expressions as r
from symnet.kernel.real import rules as R
from symnet.kernel.real.expressions import Real, Variable, number
from symnet.kernel.real.normal_forms import value
from symnet.kernel.real.printing import unicode_text
from symnet.kernel.real.statements import AtMost, Less, Nonzero, Statement
from symnet.kernel.real.theorem import RealTheorem

__all__ = ["HOLE", "chained", "differentiate", "evaluated", "known_sign", "put", "settle", "written_as"]

#: The variable that marks the place of a term in a pattern.
HOLE = Variable("hole")

ZERO = number(0)


def put(equation: RealTheorem, pattern: Real) -> RealTheorem:
    """Returns from a = b the equation of the pattern with a and the pattern with b in its hole."""
    return R.inside(equation, pattern, HOLE)


def chained(*equations: RealTheorem) -> RealTheorem:
    """Returns from a = b, b = c, …, y = z the equation a = z."""
    result = equations[0]
    for equation in equations[1:]:
        result = R.chain(result, equation)
    return result


def known_sign(statement: Statement, known: tuple[RealTheorem, ...]) -> RealTheorem | None:
    """A proof of 0 < a, 0 ≤ a or a ≠ 0 by the theorems ``known`` and the form of a, or ``None``."""
    for theorem in known:
        if theorem.conclusion is statement:
            return theorem
    signs = tuple(theorem for theorem in known if isinstance(theorem.conclusion, Less | AtMost))
    try:
        if isinstance(statement, Nonzero):
            return R.nonzero(R.positive(statement.args[0], signs))
        if isinstance(statement, Less) and statement.args[0] is ZERO:
            return R.positive(statement.args[1], signs)
        if isinstance(statement, AtMost) and statement.args[0] is ZERO:
            return R.not_negative(statement.args[1], signs)
    except KernelError:
        pass
    return None


def settle(theorem: RealTheorem, *known: RealTheorem) -> RealTheorem:
    """The theorem without the conditions that :func:`known_sign` proves."""
    for condition in sorted(theorem.hypotheses, key=unicode_text):
        proof = known_sign(condition, known)
        if proof is not None and condition not in proof.hypotheses:
            theorem = R.cut(proof, theorem)
    return theorem


def written_as(claim: type[Less | Nonzero], equation: RealTheorem, *known: RealTheorem) -> RealTheorem:
    """Returns from a = b, where the form of b shows its sign, 0 < a or a ≠ 0. Raises :class:`symnet.KernelError` if it does not."""
    right = equation.conclusion.args[1]
    goal: Statement = Less(ZERO, right) if claim is Less else Nonzero(right)
    proof = known_sign(goal, known)
    if proof is None:
        raise KernelError("written_as: the right side shows no sign")
    pattern: Statement = Less(ZERO, HOLE) if claim is Less else Nonzero(HOLE)
    return R.replace(equation, proof, pattern, HOLE)


def evaluated(term: Real) -> RealTheorem:
    """⊢ t = q for an expression of rational numbers and its value."""
    return R.field_identity(term, value(term))


def differentiate(term: Real, at: Real) -> RealTheorem:
    """⊢ ∂t/∂x by the rules for derivatives, with their conditions. Raises :class:`symnet.KernelError` without a rule."""
    try:
        return R.derivative_constant(term, at)
    except KernelError:
        pass
    if isinstance(term, Variable):
        return R.derivative_variable(term)
    if isinstance(term, r.Entry):
        return R.derivative_entry(term, at)
    if isinstance(term, r.Total):
        return R.derivative_total(differentiate(term.args[2], at), term)
    if isinstance(term, r.Power):
        return R.derivative_power(differentiate(term.args[0], at), term.args[1])
    rule = _RULES.get(type(term))
    if rule is None:
        raise KernelError(f"differentiate: there is no rule for {type(term).__name__}")
    parts: Iterable[RealTheorem] = (differentiate(part, at) for part in term.args)
    return rule(tuple(parts)) if isinstance(term, r.Plus | r.Times) else rule(*parts)


_RULES: dict[type[Real], Callable[..., RealTheorem]] = {
    r.Plus: R.derivative_sum,
    r.Times: R.derivative_product,
    r.Quotient: R.derivative_quotient,
    r.Exp: R.derivative_exp,
    r.Log: R.derivative_log,
    r.Sqrt: R.derivative_sqrt,
    r.Abs: R.derivative_abs,
}
