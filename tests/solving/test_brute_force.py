"""Thousands of random questions against counting: no wrong, missing or spurious solution."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise, product
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from symnet.solving import solve
from symnet.solving.question import proposition
from symnet.terms.evaluation import evaluate, holds
from symnet.terms.parse import default_symbol, parse_constraints, parse_expression
from symnet.terms.term import Term
from tests.parts import drawn, parts
from tests.solving.counting import Spec, brute, notation, run

UNKNOWN = {"F": (1, 5), "S": (1, 5), "P": (0, 4), "D": (1, 3), "T": (1, 4), "G": (1, 4), "Q": (0, 3)}


def _or(unknown: str, numbers: st.SearchStrategy[int]) -> st.SearchStrategy[object]:
    return numbers | st.just(unknown)


@st.composite
def layers(draw: Any, *, letters: bool, rounding: bool = False) -> list[Spec]:
    found: list[Spec] = []
    for index in range(draw(st.integers(1, 3))):
        names = ("F", "S", "P", "D") if index == 0 else ("G", "T", "Q", "D")

        def value(name: str, low: int, high: int) -> object:
            numbers = st.integers(low, high)
            return draw(_or(name, numbers) if letters and draw(st.integers(0, 3)) == 0 else numbers)

        kind = draw(st.sampled_from(["conv", "conv", "same", "causal", "pool", "deconv", *["ceil"] * rounding]))
        kernel, stride = value(names[0], 1, 5), value(names[1], 1, 4)
        if kind == "conv":
            found.append((kind, kernel, stride, value(names[2], 0, 3), value(names[3], 1, 2)))
        elif kind == "deconv":
            found.append((kind, kernel, stride, value(names[2], 0, 2)))
        else:
            found.append((kind, kernel, stride))
    return found


def _names(size: object, found: list[Spec], target: object) -> list[str]:
    every = [size, *(value for layer in found for value in layer[1:]), target]
    return [name for name in dict.fromkeys(every) if isinstance(name, str) and name != "input"]


@parts(6)
def test_finite_boxes(part: int) -> None:
    @drawn(part, 160)
    @given(
        st.integers(3, 24) | st.just("W"),
        layers(letters=True, rounding=True),
        st.integers(1, 12) | st.sampled_from([None, "o", "input"]),
        st.booleans(),
    )
    def check(size: object, found: list[Spec], target: object, exact: bool) -> None:
        names = _names(size, found, target)
        if not names or len(names) > 4 or (target == "input" and size != "W"):
            return
        bounds = {"W": (1, 20), "o": (1, 12), **UNKNOWN}
        box = {name: bounds[name] for name in names}
        asked = "" if target is None else " = input" if target == "input" else f" = (1, {target})"
        where = ", ".join(f"{name} <= {high}" for name, (_, high) in box.items())
        answer = solve(f"(1, {size}) -> {notation(found)}{asked}", where=where, exact=exact)
        expected = list(brute(size, found, target, box, exact=exact))  # type: ignore[arg-type]
        assert answer.complete, answer.reason
        assert not answer.theorem.hypotheses
        got = [{name: one[name] for name in names} for one in answer.numeric()]
        assert sorted(got, key=lambda one: [*one.values()]) == expected
        for one, flag in zip(answer.to_json(proof=False)["solutions"], answer.exact, strict=True):
            value = one[size] if isinstance(size, str) else size
            assert run(value, found, one)[1] is flag  # type: ignore[index]

    check()


@parts(6)
def test_every_size(part: int) -> None:
    """One unknown without bounds: the set and a long prefix of all sizes are the same."""

    @drawn(part, 66)
    @given(layers(letters=False, rounding=True), st.integers(1, 9) | st.sampled_from([None, "input"]), st.booleans())
    def check(found: list[Spec], target: object, exact: bool) -> None:
        asked = "" if target is None else " = input" if target == "input" else f" = (1, {target})"
        answer = solve(f"(1, W) -> {notation(found)}{asked}", exact=exact)
        assert answer.complete, answer.reason
        assert not answer.theorem.hypotheses
        expected = [
            one["W"]
            for one in brute("W", found, "input" if target == "input" else target, {"W": (1, 300)}, exact=exact)
        ]  # type: ignore[arg-type]
        assert [size for size in range(1, 301) if size in answer] == expected

    check()


@parts(4)
def test_answers_with_parameters(part: int) -> None:
    """Some unknowns are asked for, the others are parameters: the answer speaks of what is asked for, and its conditions hold
    at the solutions and nowhere else, also as data and as a SymPy set.
    """

    @drawn(part, 60)
    @given(
        st.integers(3, 12) | st.just("W"),
        layers(letters=True, rounding=True),
        st.integers(1, 6) | st.sampled_from([None, "input", "o"]),
        st.booleans(),
        st.booleans(),
        st.data(),
    )
    def check(size: object, found: list[Spec], target: object, exact: bool, bounded: bool, data: Any) -> None:
        names = _names(size, found, target)
        if not 2 <= len(names) <= 4 or (target == "input" and size != "W"):
            return
        asked = "" if target is None else " = input" if target == "input" else f" = (1, {target})"
        told = data.draw(st.lists(st.sampled_from(names), min_size=1, max_size=len(names), unique=True))
        bounds = {"W": (1, 9), "o": (1, 5), **UNKNOWN}
        box = {name: bounds[name] for name in names}
        where = ", ".join(f"{name} <= {box[name][1]}" for name in names) if bounded else None
        answer = solve(f"(1, {size}) -> {notation(found)}{asked}", for_=told, where=where, exact=exact)
        assert answer.unknowns == tuple(name for name in told)
        if not answer.complete:
            assert answer.reason
            return
        assert not answer.theorem.hypotheses
        answer.to_sympy()
        shown = answer.to_json(proof=False)
        assert {one["symbol"] for one in shown["classes"]} <= set(told)
        assert not (bounded and told == names and not answer.finite)
        solutions = {tuple(one.values()) for one in brute(size, found, target, box, exact=exact)}  # type: ignore[arg-type]
        listed = {tuple(one[name] for name in names) for one in shown["solutions"]}
        meant = [_meaning(one) for one in shown["classes"]]
        for numbers in product(*(range(low, high + 1) for low, high in box.values())):
            point = dict(zip(names, numbers, strict=True))
            assert (point in answer) is (numbers in solutions)
            assert (numbers in listed or any(true(point) for true in meant)) is (numbers in solutions)

    check()


def _meaning(one: dict[str, Any]) -> Callable[[dict[str, int]], bool]:
    """A class as its JSON says it: where its conditions hold, the unknown lies between its ends and has its residue."""
    conditions = [
        proposition(part) for text in one.get("conditions", ()) for part in parse_constraints(text, default_symbol)
    ]
    ends = [None if one[end] is None else parse_expression(str(one[end])) for end in ("minimum", "maximum")]

    def true(point: dict[str, int]) -> bool:
        values: dict[Term, int] = {default_symbol(name): value for name, value in point.items()}
        if any(point[name] != one[name] for name in point if name in one):
            return False
        if not all(holds(condition, values) for condition in conditions):
            return False
        value = point[one["symbol"]]
        low, high = (None if end is None else evaluate(end, values) for end in ends)
        inside = (low is None or low <= value) and (high is None or value <= high)
        return inside and (value - one["residue"]) % one["modulus"] == 0

    return true


@parts(4)
def test_where_of_all_sizes_no_entry_is_dropped(part: int) -> None:
    @drawn(part, 37)
    @given(layers(letters=False, rounding=True), st.sampled_from([None, "input"]))
    def check(found: list[Spec], target: object) -> None:
        answer = solve(f"(1, W) -> {notation(found)}{'' if target is None else ' = input'}")
        if answer.finite:
            return
        data = answer.to_json(proof=False)
        exactly = {one["W"] for one in brute("W", found, target, {"W": (1, 200)}, exact=True)}  # type: ignore[arg-type]
        for size in range(1, 201):
            inside = [flag for one, flag in zip(data["classes"], data["exact"], strict=True) if _has(one, size)]
            assert (
                (size in answer.exactly) is (size in exactly) is any(_has(one, size) for one in data["exact_classes"])
            )
            assert not any(inside) or size in exactly
        for one, flag in zip(data["classes"], data["exact"], strict=True):
            assert flag or any(_has(one, size) and size not in exactly for size in range(1, 201))

    check()


def _has(one: dict[str, Any], size: int) -> bool:
    low, high = one["minimum"], one["maximum"]
    return (size - one["residue"]) % one["modulus"] == 0 and low <= size and (high is None or size <= high)


@parts(3)
def test_budgets(part: int) -> None:
    @drawn(part, 26)
    @given(
        st.lists(st.integers(1, 9) | st.just("K") | st.just("(2*K)"), min_size=1, max_size=3),
        st.integers(1, 40) | st.just("D"),
        st.integers(20, 900),
        st.sampled_from(["parameters", "activations", "multiply_adds"]),
    )
    def check(widths: list[object], size: object, most: int, quantity: str) -> None:
        text = " -> ".join([f"{size}", *(f"FC|{width}" for width in widths)])
        if "K" not in text and "D" not in text:
            return

        def spent(k: int, d: int) -> int:
            units = [{"K": k, "(2*K)": 2 * k, "D": d}.get(str(one), one) for one in (size, *widths)]
            pairs = list(pairwise(units))
            amounts = {
                "parameters": sum((a + 1) * b for a, b in pairs),  # type: ignore[operator]
                "multiply_adds": sum(a * b for a, b in pairs),  # type: ignore[operator]
                "activations": sum(units[1:]),  # type: ignore[arg-type]
            }
            return amounts[quantity]

        answer = solve(text, budget=f"{quantity}<={most}", where="D<=30" if "D" in text else None)
        assert answer.complete, answer.reason
        ks, ds = range(1, 60) if "K" in text else range(1, 2), range(1, 31) if "D" in text else range(1, 2)
        for k, d in product(ks, ds):
            values = {name: value for name, value in (("D", d), ("K", k)) if name in text}
            assert (values in answer) is (spent(k, d) <= most)

    check()
