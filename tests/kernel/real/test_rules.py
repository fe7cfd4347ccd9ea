"""Every rule takes what it should, refuses what it should, and what it concludes is true at points."""

from __future__ import annotations

import re
from inspect import cleandoc
from typing import Any

import pytest
from mpmath import mpf

from symnet.errors import KernelError, TermError
from symnet.kernel.real import expressions as r
from symnet.kernel.real import rules as R
from symnet.kernel.real.normal_forms import nonzero_where_equal
from symnet.kernel.real.printing import latex, unicode_text
from symnet.kernel.real.statements import Less, Statement, substitute
from symnet.kernel.real.theorem import RULES, RealTheorem
from symnet.terms.term import Symbol
from tests.kernel.real.meaning import Point, holds
from tests.kernel.real.rule_table import TABLE, i, u, x

ACCEPTED = [(name, case) for name, entries in TABLE.items() for case in entries.accepted]
REFUSED = [(name, case) for name, entries in TABLE.items() for case in entries.refused]


def test_every_rule_is_in_the_table() -> None:
    assert set(TABLE) == set(RULES) == set(R.__all__)
    for name, entries in TABLE.items():
        assert entries.accepted, name
        assert entries.refused, name


@pytest.mark.parametrize(("name", "case"), ACCEPTED)
def test_accepts(name: str, case: tuple[tuple[Any, ...], Statement | None]) -> None:
    arguments, expected = case
    theorem = RULES[name](*arguments)
    if expected is not None:
        assert theorem.conclusion is expected
    assert theorem.rule == name
    assert theorem.arguments == arguments
    assert repr(theorem).count("⊢") == 1
    assert latex(theorem.conclusion).count("{") == latex(theorem.conclusion).count("}")


@pytest.mark.parametrize(("name", "case"), REFUSED)
def test_refuses(name: str, case: tuple[tuple[Any, ...], str]) -> None:
    arguments, words = case
    with pytest.raises((KernelError, TermError), match=words):
        RULES[name](*arguments)


@pytest.mark.parametrize(("name", "case"), ACCEPTED)
def test_conclusions_are_true(name: str, case: tuple[tuple[Any, ...], Statement | None]) -> None:
    """Wherever the conditions hold; outside a domain anything may stand."""
    theorem = RULES[name](*case[0])
    met = 0
    for seed in range(12):
        for point in (Point(seed), Point(seed, open=mpf(-3)), Point(seed, positive=True)):
            if all(holds(condition, point) for condition in theorem.hypotheses):
                assert holds(theorem.conclusion, point), (theorem, point)
                met += 1
    if not any(unicode_text(condition).count("=") for condition in theorem.hypotheses):
        assert met, theorem


@pytest.mark.parametrize("name", RULES)
def test_a_rule_draws_its_figure(name: str) -> None:
    text = cleandoc(RULES[name].__doc__ or "")
    assert text.split("\n")[0].endswith((".", ":")), name
    assert re.search(r"─{3,}", text), name
    assert "⊢" in text, name


@pytest.mark.parametrize("name", RULES)
def test_arguments_are_checked(name: str) -> None:
    arguments, _ = TABLE[name].accepted[0]
    with pytest.raises(KernelError, match="takes"):
        RULES[name](*arguments, None)
    for place in range(len(arguments)):
        with pytest.raises(KernelError, match="must be"):
            RULES[name](*arguments[:place], "x", *arguments[place + 1 :])


def test_unsound_shortcuts_are_refused() -> None:
    """Each of these would prove 0 = 1."""
    zero, one = r.number(0), r.number(1)
    assert nonzero_where_equal(x / x, one, linear=False) == (x,)
    with pytest.raises(TermError, match="division by zero"):
        R.field_identity(zero / zero, one)
    with pytest.raises(KernelError):
        R.field_identity(r.Total(i, Symbol("n", 0), one) / r.Whole(Symbol("n", 0)) - one, one)
    # √x² = |x|, not x; sign(0) = 0
    with pytest.raises(KernelError):
        R.field_identity(r.Sqrt(x * x), x)
    # conditions stay: x/x = 1 rests on x ≠ 0, and 0 ≠ 0 has no proof
    gone = R.instantiate(R.field_identity(x / x, one), (x,), (zero,))
    assert [unicode_text(condition) for condition in gone.hypotheses] == ["0 ≠ 0"]
    with pytest.raises(KernelError):
        R.positive(zero, ())


def test_sizes_are_never_0_only_where_they_say_so() -> None:
    at_least_0, at_least_1 = Symbol("n", 0), Symbol("n", 1)
    assert R.field_identity(r.Whole(at_least_1) / r.Whole(at_least_1), r.number(1)).hypotheses == frozenset()
    assert len(R.field_identity(r.Whole(at_least_0) / r.Whole(at_least_0), r.number(1)).hypotheses) == 1


def test_substitution_captures_nothing() -> None:
    y = r.Variable("y")
    with pytest.raises(TermError, match="would be bound"):
        substitute(r.Total(i, Symbol("N"), y * u), {y: u})
    shadowed = r.Total(i, Symbol("N"), u)
    assert substitute(shadowed, {i: Symbol("k", 0)}) is shadowed


@pytest.mark.parametrize(
    "build",
    [
        lambda: r.Number(1),  # type: ignore[arg-type]
        lambda: r.number(0.5),  # type: ignore[arg-type]
        lambda: r.number(True),
        lambda: r.Variable("x y"),
        lambda: r.Entry("x"),
        lambda: r.Plus(x, 1),
        lambda: r.Power(x, Symbol("n", None)),
        lambda: r.Total(Symbol("i"), Symbol("N"), x),
        lambda: r.Total(i, i, x),
        lambda: r.Largest(i, Symbol("n", 0), x),
        lambda: Less(x, 1),  # type: ignore[arg-type]
        lambda: type("Forged", (r.Real,), {}),
        lambda: type("Forged", (Statement,), {}),
    ],
)
def test_expressions_that_cannot_be_built(build: Any) -> None:
    with pytest.raises(TermError):
        build()


def test_theorems_are_of_one_kernel() -> None:
    from symnet.kernel import rules as K
    from symnet.terms.propositions import Eq
    from symnet.terms.term import integer

    integral: Any = K.value(integer(2) + 2)
    with pytest.raises(KernelError, match="must be a theorem about real numbers"):
        R.flip(integral)
    real: Any = R.exp_zero()
    with pytest.raises(KernelError, match="must be a theorem"):
        K.flip(real)
    assert isinstance(integral.conclusion, Eq)
    assert type(real) is RealTheorem


def test_a_derivative_rests_on_all_that_its_parts_rest_on() -> None:
    variable = R.derivative_variable(x)
    log, root = R.derivative_log(variable), R.derivative_sqrt(R.derivative_exp(variable))
    assert log.hypotheses
    assert root.hypotheses - log.hypotheses
    for one, two in ((log, root), (root, log), (log, variable), (variable, root)):
        both = one.hypotheses | two.hypotheses
        for made in (
            R.derivative_quotient(one, two),
            R.derivative_product((one, two)),
            R.derivative_sum((one, two)),
        ):
            assert made.hypotheses >= both, made
        for rule in (R.derivative_log, R.derivative_sqrt, R.derivative_exp):
            assert rule(one).hypotheses >= one.hypotheses
