"""Code that SymPy's printers write for rounded quotients is run: by Python, NumPy, a C compiler and node."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from random import Random

import numpy
import pytest
import sympy

import symnet
from symnet.sympy_functions.division import CeilDiv, FloorDiv
from tests.sympy_functions.expressions import LETTERS, exact, expression, point

W = sympy.Symbol("W", integer=True, positive=True)


def _cases(count: int) -> list[tuple[sympy.Expr, list[dict[sympy.Symbol, int]]]]:
    chance = Random(20)
    return [(expression(chance, 3), [point(chance) for _ in range(6)]) for _ in range(count)]


CASES = [case for case in _cases(24) if case[0].has(FloorDiv, CeilDiv)]
#: The same as SymPy's own floor, whose code would multiply by 0.333….
ROUNDED = [(drawn.rewrite(sympy.floor), drawn, points) for drawn, points in CASES]


@pytest.mark.parametrize("modules", ["math", "numpy", "sympy", None])
def test_python(modules: str | None) -> None:
    for rewritten, drawn, points in ROUNDED:
        for written in (drawn, rewritten):
            function = (
                sympy.lambdify(LETTERS, written) if modules is None else sympy.lambdify(LETTERS, written, modules)
            )
            for at in points:
                assert function(*(at[letter] for letter in LETTERS)) == exact(drawn, at), written


def test_numpy_arrays() -> None:
    for drawn, points in CASES:
        columns = [numpy.array([at[letter] for at in points]) for letter in LETTERS]
        found = sympy.lambdify(LETTERS, drawn, "numpy")(*columns)
        assert found.tolist() == [exact(drawn, at) for at in points]


def test_pycode() -> None:
    for drawn, points in CASES:
        for at in points:
            assert eval(sympy.pycode(drawn), {str(letter): value for letter, value in at.items()}) == exact(drawn, at)


def _expected() -> list[int]:
    return [exact(drawn, at) for _, drawn, points in ROUNDED for at in points for _ in range(2)]


def _calls(write: str, code: str) -> list[str]:
    """Code for every expression at every point, in the order of what is expected."""
    printer = getattr(sympy, write)
    lines = []
    for rewritten, drawn, points in ROUNDED:
        both = printer(drawn), printer(rewritten)
        lines += [code.format(*(at[letter] for letter in LETTERS), written) for at in points for written in both]
    return lines


@pytest.mark.parametrize(
    ("printer", "kind"),
    [
        ("ccode", "long"),
        pytest.param("ccode", "double", marks=pytest.mark.slow),
        pytest.param("cxxcode", "long", marks=pytest.mark.slow),
    ],
)
def test_c(printer: str, kind: str, tmp_path: Path) -> None:
    """Also of negative numerators, with integers and with floating-point numbers."""
    lines = _calls(
        printer,
        f'{{{{ {kind} n = {{}}, W = {{}}, V = {{}}; printf("%.0f\\n", (double)({{}})); (void)n; (void)W; (void)V; }}}}',
    )
    header = "#include <cmath>\n#include <cstdio>" if printer == "cxxcode" else "#include <math.h>\n#include <stdio.h>"
    source = tmp_path / ("code.cpp" if printer == "cxxcode" else "code.c")
    source.write_text(f"{header}\nint main(void) {{\n" + "\n".join(lines) + "\nreturn 0; }\n")
    compiler = "g++" if printer == "cxxcode" else "gcc"
    subprocess.run([compiler, "-o", tmp_path / "code", source, "-lm"], check=True)
    out = subprocess.run([tmp_path / "code"], check=True, capture_output=True, text=True).stdout
    assert [int(line) for line in out.split()] == _expected()


def test_c_divides_large_integers(tmp_path: Path) -> None:
    """Past 2**53, where numbers of floating point have gaps."""
    n, V = LETTERS[0], LETTERS[2]
    shapes = [
        FloorDiv(n, 3),
        CeilDiv(n, 3),
        FloorDiv(n, V),
        FloorDiv(7 - n, V),
        CeilDiv(n + 5, V + 2),
        FloorDiv(FloorDiv(n, V) + 1, 7),
    ]
    shapes += [FloorDiv(W, 3), CeilDiv(W, 3), FloorDiv(FloorDiv(W, V), V + 1)]
    points = [{n: sign * (2**60 + k), W: 2**60 + k, V: v} for sign in (1, -1) for k in (0, 1, 2) for v in (1, 2, 3, 7)]
    lines, expected = [], []
    for shape in shapes:
        for at in points:
            values = ", ".join(f"{letter} = {value}LL" for letter, value in at.items())
            for written in (sympy.ccode(shape), sympy.ccode(shape.rewrite(sympy.floor)), sympy.cxxcode(shape)):
                lines.append(
                    f'{{ long long {values}; printf("%lld\\n", (long long)({written})); (void)n; (void)W; (void)V; }}'
                )
                expected.append(exact(shape, at))
    (tmp_path / "code.c").write_text(
        "#include <math.h>\n#include <stdio.h>\nint main(void) {\n" + "\n".join(lines) + "\nreturn 0; }\n"
    )
    subprocess.run(["gcc", "-o", tmp_path / "code", tmp_path / "code.c", "-lm"], check=True)
    out = subprocess.run([tmp_path / "code"], check=True, capture_output=True, text=True).stdout
    assert [int(line) for line in out.split()] == expected


@pytest.mark.slow
def test_code_of_deep_nests_is_bounded() -> None:
    deep: sympy.Expr = LETTERS[0]
    for place in range(40):
        deep = FloorDiv(deep, LETTERS[2] + place) + 1
    assert len(sympy.ccode(deep)) < 200_000


def test_javascript() -> None:
    lines = _calls("jscode", "((n, W, V) => {3})({0}, {1}, {2}) + 0")
    script = f"console.log(JSON.stringify([{', '.join(lines)}]))"
    out = subprocess.run(["node", "-e", script], check=True, capture_output=True, text=True).stdout
    assert json.loads(out) == _expected()


@pytest.mark.parametrize(
    ("printer", "floor", "ceiling"),
    [
        ("octave_code", "floor((W - 7)./4)", "ceil(W./2)"),
        ("julia_code", "fld.(W - 7, 4)", "cld.(W, 2)"),
        ("rust_code", "(W - 7).div_euclid(4)", "(-(-(W)).div_euclid(2))"),
        ("mathematica_code", "Floor[(W - 7)/4]", "Ceiling[W/2]"),
        ("maple_code", "floor((W - 7)/4)", "ceil(W/2)"),
        ("rcode", "floor((W - 7)/4)", "ceiling(W/2)"),
        ("glsl_code", "floor(float(W - 7)/float(4))", "ceil(float(W)/float(2))"),
        ("latex", r"\left\lfloor\frac{W-7}{4}\right\rfloor", r"\left\lceil\frac{W}{2}\right\rceil"),
    ],
)
def test_other_languages(printer: str, floor: str, ceiling: str) -> None:
    write = getattr(sympy, printer)
    assert (write(FloorDiv(W - 7, 4)), write(CeilDiv(W, 2))) == (floor, ceiling)


def test_fortran() -> None:
    assert sympy.fcode(FloorDiv(W - 7, 4)).strip() == "floor(dble(W - 7)/4)"
    assert sympy.fcode(CeilDiv(W, 2)).strip() == "ceiling(dble(W)/2)"


def test_mathematics() -> None:
    quotient = FloorDiv(W - 7, 4)
    assert sympy.mathml(quotient).startswith("<apply><floor/><apply><divide/>")
    shown = sympy.mathml(quotient, printer="presentation")
    assert "&#8970;" in shown
    assert "<mfrac>" in shown
    assert sympy.pretty(quotient, use_unicode=True).splitlines()[-1] == "⎣  4  ⎦"
    assert "floor" in sympy.pretty(quotient, use_unicode=False)


def test_a_network_computes() -> None:
    net = symnet.Network.parse("(3*W*W) -> Conv|8|11|4|2")
    size = net.output[1]
    assert sympy.lambdify(W, size)(64) == 15
    assert sympy.lambdify(W, size)(numpy.array([64, 227])).tolist() == [15, 56]
    plain = symnet.Network.parse("(3*W*W) -> Conv|8|3|3|2").output[1].rewrite(sympy.floor)
    for modules in ("math", "numpy"):
        assert sympy.lambdify(W, plain, modules)(14) == 6
    assert sympy.mathml(net.parameters)
    exactly = sympy.lambdify(W, size.rewrite(sympy.floor))
    assert [exactly(width) for width in range(11, 400)] == [(width + 4 - 11) // 4 + 1 for width in range(11, 400)]
