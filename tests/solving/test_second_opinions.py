"""ISL and z3 answer the same questions, infinite sets among them."""

from __future__ import annotations

from typing import Any

import islpy
import pytest
import z3
from hypothesis import given, settings
from hypothesis import strategies as st

from symnet.solving import solve
from symnet.terms.integer_sets import IntegerSet
from tests.parts import examples
from tests.solving.counting import Spec, notation

Layers = list[tuple[str, int, int, int]]


def _isl(layers: Layers, target: int | None, exact: bool) -> islpy.Set:
    """{ [W] : … } with one existential a floor; nothing is computed but written down."""
    conditions, size, names = ["W >= 1"], "W", []
    for index, (kind, kernel, stride, padding) in enumerate(layers):
        if kind == "deconv":
            size = f"({stride} * ({size} - 1) + {kernel} - {2 * padding})"
            conditions.append(f"{size} >= 1")
            continue
        names.append(f"q{index}")
        if kind == "same":
            conditions.append(f"{stride} * q{index} >= {size} and {stride} * q{index} <= {size} + {stride - 1}")
            if exact:  # the last window starts at S·(q − 1) where there is no padding
                conditions.append(f"{size} <= {stride} * (q{index} - 1) + {kernel}")
            size = f"q{index}"
            continue
        gap = f"({size} + {2 * padding - kernel})"
        conditions.append(f"{gap} >= 0 and {stride} * q{index} <= {gap} and {gap} < {stride} * q{index} + {stride}")
        if exact:
            conditions.append(f"{stride} * q{index} = {gap}")
        size = f"(q{index} + 1)"
    if target is not None:
        conditions.append(f"{size} = {target}")
    bound = f"exists {', '.join(names)} : " if names else ""
    return islpy.Set(f"{{ [W] : {bound}{' and '.join(conditions)} }}")


def _as_isl(members: IntegerSet) -> islpy.Set:
    total = islpy.Set("{ [W] : 1 = 0 }")
    for residue, modulus, low, high in members.parts:
        ends = [f"W >= {low}"] * (low is not None) + [f"W <= {high}"] * (high is not None)
        total = total.union(islpy.Set(f"{{ [W] : {' and '.join([f'(W - {residue}) mod {modulus} = 0', *ends])} }}"))
    return total


@st.composite
def stacks(draw: Any) -> Layers:
    return [
        (
            draw(st.sampled_from(["conv", "conv", "same", "deconv"])),
            draw(st.integers(1, 7)),
            draw(st.integers(1, 4)),
            draw(st.integers(0, 3)),
        )
        for _ in range(draw(st.integers(1, 4)))
    ]


def _question(layers: Layers, target: int | None) -> str:
    specs: list[Spec] = []
    for kind, kernel, stride, padding in layers:
        extra: tuple[int, ...] = {"conv": (padding, 1), "same": (), "deconv": (padding,)}[kind]
        specs.append((kind, kernel, stride, *extra))
    return f"(1, W) -> {notation(specs)}" + ("" if target is None else f" = (1, {target})")


@settings(max_examples=examples(300), deadline=None)
@given(stacks(), st.none() | st.integers(1, 40), st.booleans())
def test_isl_agrees_on_the_whole_set(layers: Layers, target: int | None, exact: bool) -> None:
    answer = solve(_question(layers, target), exact=exact)
    assert answer.complete, answer.reason
    assert _isl(layers, target, exact).is_equal(_as_isl(answer.members))


@pytest.mark.parametrize("size", [7, 28, 61, 224])
def test_z3_agrees_on_products_of_unknowns(size: int) -> None:
    """F, S, P unknown and a target: every solution z3 finds is ours, and it finds no other."""
    target = (size - 1) // 2 + 1
    answer = solve(f"(1,{size}) -> Conv|8|F|S|P = (8,{target})", where="F<=7, S<=4, P<=3")
    kernel, stride, padding = z3.Ints("F S P")
    solver = z3.Solver()
    gap = size - kernel + 2 * padding
    solver.add(kernel >= 1, kernel <= 7, stride >= 1, stride <= 4, padding >= 0, padding <= 3, gap >= 0)
    solver.add(stride * (target - 1) <= gap, gap < stride * target)
    found = set()
    while solver.check() == z3.sat:
        model = solver.model()
        values = tuple(model.eval(one, model_completion=True).as_long() for one in (kernel, stride, padding))
        found.add(values)
        solver.add(z3.Or(*(one != value for one, value in zip((kernel, stride, padding), values, strict=True))))
    assert {tuple(one.values()) for one in answer.numeric()} == found


@pytest.mark.parametrize("unknown", ["S", "F", "P", "N", "o"])
def test_z3_finds_no_exception_to_the_symbolic_answer(unknown: str) -> None:
    """Question and answer differ nowhere: their difference is unsatisfiable for N up to 60."""
    answer = solve("(1,N,N) -> Conv|1|F|S|P = (1,o,o)", for_=unknown)
    letters = {name: z3.Int(name) for name in ("N", "F", "S", "P", "o")}
    n, f, s, p, o = letters.values()
    gap = n - f + 2 * p
    question = z3.And(gap >= 0, s * (o - 1) <= gap, gap < s * o)
    given_answer = z3.Or(
        *(
            z3.And(
                *(_z3(condition, letters) for condition in case["conditions"]),
                *([_z3(f"{case['minimum']} <= {unknown}", letters)] if case["minimum"] else []),
                *([_z3(f"{unknown} <= {case['maximum']}", letters)] if case["maximum"] else []),
            )
            for case in answer.classes
        )
    )
    for stride in range(1, 5):
        for output in range(1, 6):
            solver = z3.Solver()
            fixed = {"S": s == stride, "o": o == output}
            solver.add(fixed["S"], fixed["o"], n >= 1, n <= 60, f >= 1, p >= 0, p <= 60)
            solver.add(z3.Xor(question, given_answer))
            assert solver.check() == z3.unsat


def _z3(text: str, letters: dict[str, Any]) -> Any:
    from symnet.terms import term as t
    from symnet.terms.parse import parse_constraints

    def build(term: t.Term) -> Any:
        if isinstance(term, t.Int):
            return z3.IntVal(term.value)
        if isinstance(term, t.Symbol):
            return letters[term.name]
        parts = [build(part) for part in term.args]
        if isinstance(term, t.Sum):
            return z3.Sum(parts)
        if isinstance(term, t.Product):
            return z3.Product(parts)
        if isinstance(term, t.FloorDiv):
            return parts[0] / parts[1]  # rounds down for a positive divisor
        fold = {t.Min: lambda a, b: z3.If(a < b, a, b), t.Max: lambda a, b: z3.If(a > b, a, b)}[type(term)]  # type: ignore[index]
        total = parts[0]
        for part in parts[1:]:
            total = fold(total, part)
        return total

    [(operator, left, right)] = parse_constraints(text)
    one, two = build(left), build(right)
    return {"<=": one <= two, "<": one < two, ">=": one >= two, ">": one > two, "==": one == two}[operator]
