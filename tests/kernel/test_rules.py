"""Every rule by its entry in ``rule_table``; a rule without one fails here."""

from __future__ import annotations

import ast
import importlib
import inspect
import pkgutil
import sys
from collections.abc import Callable
from types import ModuleType
from typing import Any

import pytest

import symnet.kernel.derived
import symnet.kernel.primitive
import symnet.kernel.rules
from symnet.errors import KernelError, SymnetError
from symnet.kernel import sealed
from symnet.kernel.theorem import RULES, Theorem, rule
from symnet.terms.propositions import And
from tests.kernel.rule_table import TABLE, Accepted, Refused

ACCEPTED = [
    pytest.param(name, case, id=f"{name}-{number}")
    for name, entry in TABLE.items()
    for number, case in enumerate(entry.accepted)
]
REFUSED = [
    pytest.param(name, case, id=f"{name}-{number}")
    for name, entry in TABLE.items()
    for number, case in enumerate(entry.refused)
]


@pytest.mark.parametrize(("name", "case"), ACCEPTED)
def test_accepted(name: str, case: Accepted) -> None:
    theorem = RULES[name](*case.arguments)
    assert theorem.conclusion is case.conclusion
    assert theorem.hypotheses == set(case.hypotheses)
    assert theorem.rule == name
    assert theorem.arguments == case.arguments


@pytest.mark.parametrize(("name", "case"), REFUSED)
def test_refused(name: str, case: Refused) -> None:
    with pytest.raises(SymnetError) as refusal:
        RULES[name](*case.arguments)
    assert str(refusal.value) == case.message
    assert "\n" not in case.message


@pytest.mark.parametrize(("name", "case"), ACCEPTED)
def test_arguments_of_another_kind_are_refused(name: str, case: Accepted) -> None:
    parameters = list(inspect.signature(RULES[name]).parameters)
    for place, parameter in enumerate(parameters):
        for stranger in (None, "W", 1.0, True, [case.arguments[place]], (object(),), object()):
            arguments = (*case.arguments[:place], stranger, *case.arguments[place + 1 :])
            with pytest.raises(KernelError, match=rf"^{name}: {parameter} must be a"):
                RULES[name](*arguments)
    takes = rf"^{name}: takes {', '.join(parameters)}, by position$"
    for arguments in (case.arguments[:-1], (*case.arguments, case.arguments[-1])):
        with pytest.raises(KernelError, match=takes):
            RULES[name](*arguments)
    with pytest.raises(KernelError, match=takes):
        RULES[name](**dict(zip(parameters, case.arguments, strict=True)))


def test_two_rules_cannot_share_a_name() -> None:
    def calculate() -> And:
        return And()

    before = dict(RULES)
    with pytest.raises(KernelError):
        rule(calculate)
    assert before == RULES


def test_every_rule_is_in_the_table_and_public() -> None:
    assert set(TABLE) == set(RULES)
    assert set(symnet.kernel.rules.__all__) == set(RULES)
    for name, made in RULES.items():
        assert getattr(symnet.kernel.rules, name) is made


def test_every_rule_draws_its_inference_figure() -> None:
    for name, made in RULES.items():
        assert "───" in (made.__doc__ or ""), name
        assert "⊢" in (made.__doc__ or ""), name


# Which refusals are reached: by the line of the `raise`, followed through the functions that a rule calls.

MODULES: list[ModuleType] = [
    importlib.import_module(f"{package.__name__}.{info.name}")
    for package in (symnet.kernel.primitive, symnet.kernel.derived)
    for info in pkgutil.iter_modules(package.__path__)
]
Site = tuple[str, int]


def _functions() -> dict[Callable[..., Any], tuple[str, ast.FunctionDef | ast.ClassDef]]:
    """The functions and classes written in the rules' modules: the file and the syntax tree of each."""
    found = {}
    for module in MODULES:
        for node in ast.parse(inspect.getsource(module)).body:
            if isinstance(node, ast.FunctionDef | ast.ClassDef):
                found[getattr(module, node.name)] = (module.__file__ or "", node)
    return found


FUNCTIONS = _functions()


def _raises(file: str, tree: ast.AST) -> set[Site]:
    return {
        (file, node.lineno)
        for node in ast.walk(tree)
        if isinstance(node, ast.Raise)
        and any(name in ast.dump(node.exc or node) for name in ("KernelError", "Refused"))
    }


def _reachable(function: Callable[..., Any]) -> set[Site]:
    """The lines that raise a KernelError in ``function`` and in what it calls, but for other rules."""
    waiting, seen, sites = [function], set(), set()
    while waiting:
        current = waiting.pop()
        if current in seen or current not in FUNCTIONS or (current in RULES.values() and current is not function):
            continue
        seen.add(current)
        file, tree = FUNCTIONS[current]
        sites |= _raises(file, tree)
        names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
        known = vars(sys.modules[current.__module__])
        waiting += [value for name in names if callable(value := known.get(name))]
    return sites


def _raised_at(function: Callable[..., Theorem], arguments: tuple[Any, ...]) -> Site | None:
    try:
        function(*arguments)
    except SymnetError as error:
        traceback = error.__traceback__
        while traceback is not None and traceback.tb_next is not None:
            traceback = traceback.tb_next
        if traceback is not None:
            return traceback.tb_frame.f_code.co_filename, traceback.tb_lineno
    return None


@pytest.mark.parametrize("name", RULES)
def test_every_refusal_is_reached(name: str) -> None:
    reached = {_raised_at(RULES[name], case.arguments) for case in TABLE[name].refused}
    missing = _reachable(RULES[name]) - reached
    assert not missing, f"no refused case of {name} in the table raises at {sorted(missing)}"


def test_refusals_are_found_where_they_are() -> None:
    everywhere = {site for file, tree in FUNCTIONS.values() for site in _raises(file, tree)}
    assert everywhere == set().union(*map(_reachable, RULES.values()))
    assert len(_raises("", ast.parse(inspect.getsource(sealed)))) == 11, "test_theorem.py covers these"
