"""The SymPy notebook, cell by cell: what its last lines give."""

from __future__ import annotations

import ast
import contextlib
import io
import json
from pathlib import Path
from typing import Any

NOTEBOOK = Path(__file__).parent.parent.parent / "examples" / "sympy_tour.ipynb"

GIVES = [
    "(W - F + 2*P)//S + 1",
    "(F*F*D + 1)*K",
    "(F <= 2*P + W,)",
    "(24, 24, 832)",
    "((W - 6)//2 + 1, (W - 4)//2, 6 <= W ⊢ windows(windows(W + 2*0, 5, 1, 1) + 2*0, 2, 1, 2) == (W - 4)//2)",
    "(x - 8)//4",
    "(217706, 18*k + 6427)",
    "((k, (x - 8)//2, (x - 8)//2), 9*k**2 + k, array([21098, 21098, 45674, 45674, 45674, 45674]))",
    "Network.parse('(1*28*28) -> Conv|32|5 -> Maxpool|2 -> Conv|32|3 -> Maxpool|2 -> FC|256 -> FC|10')",
    "{28, 29, 30, 31}",
    "[{s: 4, p: 3}, {s: 4, p: 2}]",
    "s = 4, p = 3; s = 4, p = 2",
    "({14}, {-7})",
    "None",
    "True",
]


def test_the_cells_give_what_the_lecture_notes_say() -> None:
    cells = [cell for cell in json.loads(NOTEBOOK.read_text(encoding="utf-8"))["cells"] if cell["cell_type"] == "code"]
    names: dict[str, Any] = {}
    found: list[str] = []
    printed = io.StringIO()
    for cell in cells:
        assert cell["outputs"] == []
        *body, last = ast.parse("".join(cell["source"])).body
        assert isinstance(last, ast.Expr)
        with contextlib.redirect_stdout(printed):
            exec(compile(ast.Module(body, []), str(NOTEBOOK), "exec"), names)
            found.append(repr(eval(compile(ast.Expression(last.value), str(NOTEBOOK), "eval"), names)))
    assert found == GIVES
    assert printed.getvalue().splitlines() == [r"\left\lfloor\frac{W-F+2P}{S}\right\rfloor + 1", "(x - 8)//4"]
