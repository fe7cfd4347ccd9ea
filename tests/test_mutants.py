"""The script that alters the kernel and the laws: its alterations are code that differs, and what is let pass has a reason."""

from __future__ import annotations

import ast

import pytest

from tests.mutants import ROOT, harmless, mutants_of


@pytest.mark.parametrize(
    "name", ["symnet/kernel/derived/floors.py", "symnet/layers/laws/windows.py", "symnet/terms/intervals.py"]
)
def test_an_alteration_is_another_program(name: str) -> None:
    path = ROOT / name
    source = path.read_bytes()
    plain = ast.dump(ast.parse(source))
    mutants = mutants_of(path)
    assert len(mutants) > 20
    for mutant in mutants[::7]:
        altered = source[: mutant.start] + f" {mutant.after} ".encode() + source[mutant.end :]
        assert ast.dump(ast.parse(altered)) != plain


def test_no_two_alterations_have_one_name() -> None:
    mutants = mutants_of(ROOT / "symnet/kernel/polynomials.py")
    assert len({mutant.name for mutant in mutants}) == len(mutants)


def test_what_is_harmless_is_in_the_code_and_has_a_reason() -> None:
    known = harmless()
    files = {name.split(": ")[0] for name in known}
    every = {mutant.name for file in files for mutant in mutants_of(ROOT / file)}
    assert [name for name, reason in known.items() if name not in every or not reason] == []
