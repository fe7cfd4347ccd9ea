"""How much code must be trusted, and that it does not grow: ``python -m tests.kernel.test_size`` prints the lines of each file.

A line counts where it holds code: not a blank one, a comment, or the text of a docstring. What is counted: terms and propositions
without the parser and the border to SymPy, theorems, the rules for integers, the checker of certificates, and the replay of proofs.
"""

from __future__ import annotations

import ast
import io
import sys
import tokenize
from pathlib import Path

PACKAGE = Path(__file__).parent.parent.parent / "symnet"
TERMS = ("node", "term", "integer_sets", "polynomial", "propositions")
FILES = [
    *(PACKAGE / "terms" / f"{name}.py" for name in TERMS),
    *sorted((PACKAGE / "kernel").glob("*.py")),
    *sorted((PACKAGE / "kernel" / "rules").glob("*.py")),
]
#: Shrink this, never grow it.
MOST = 2_600

_NO_CODE = {tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER}


def lines_of_code(text: str) -> int:
    """The lines of a file that hold code."""
    lines: set[int] = set()
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type not in _NO_CODE:
            lines.update(range(token.start[0], token.end[0] + 1))
    for node in ast.walk(ast.parse(text)):
        body = getattr(node, "body", None)
        first = body[0] if isinstance(body, list) and body else None
        documented = (
            isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef) and ast.get_docstring(node) is not None
        )
        if documented and isinstance(first, ast.Expr):
            lines.difference_update(range(first.lineno, (first.end_lineno or first.lineno) + 1))
    return len(lines)


def test_lines_of_code_are_counted() -> None:
    assert (
        lines_of_code(
            '"""Text\nof a file."""\n\n# a comment\nx = (1,\n     2)  # two lines\n\n\ndef f():\n    """What."""\n    return x\n'
        )
        == 4
    )


def test_what_is_trusted_stays_small() -> None:
    counted = {path.relative_to(PACKAGE).as_posix(): lines_of_code(path.read_text(encoding="utf-8")) for path in FILES}
    assert sum(counted.values()) <= MOST, counted


def test_the_kernel_searches_for_nothing() -> None:
    """What looks for answers stands above what checks them."""
    for path in FILES:
        assert "symnet.search" not in path.read_text(encoding="utf-8"), path


if __name__ == "__main__":
    sizes = {path.relative_to(PACKAGE).as_posix(): lines_of_code(path.read_text(encoding="utf-8")) for path in FILES}
    sizes["in all"] = sum(sizes.values())
    sys.stdout.write("".join(f"{size:6,}  {name}\n" for name, size in sizes.items()))
