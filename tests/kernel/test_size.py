"""How much code must be trusted, and that it does not grow: ``python -m tests.kernel.test_size`` prints the lines of each file.

A line counts where it holds code that runs: not a blank one, a comment, the text of a docstring, or what only a type checker
reads. What is counted: terms and propositions without the parser and the border to SymPy, theorems, the primitive rules for
integers, the checker of certificates, and the replay of proofs. Derived rules are not counted: they can make a theorem only by
calling primitive ones, which is tested here. The parser of written proofs is not counted, like that of expressions: replay makes
each step of what it read again, and claims nothing of the text. Nor is the order in which the parts of a sum are written.
"""

from __future__ import annotations

import ast
import io
import sys
import tokenize
from pathlib import Path

import pytest

from symnet.errors import KernelError
from symnet.kernel import theorem
from tests.source_trees import tree_of

PACKAGE = Path(__file__).parent.parent.parent / "symnet"
TERMS = ("intervals", "node", "term", "integer_sets", "polynomial", "propositions")
#: The form of proofs as files and their parser, what walks through proofs and what writes them down: these make no theorem.
UNTRUSTED = {"proof_format.py", "reading.py", "walks.py", "writing.py"}
FILES = [
    *(PACKAGE / "terms" / f"{name}.py" for name in TERMS),
    *(path for path in sorted((PACKAGE / "kernel").glob("*.py")) if path.name not in UNTRUSTED),
    *sorted((PACKAGE / "kernel" / "primitive").glob("*.py")),
]
#: Shrink this, never grow it.
MOST = 1_500

_NO_CODE = {tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER}


def lines_of_code(text: str) -> int:
    """The lines of a file that hold code."""
    lines: set[int] = set()
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type not in _NO_CODE:
            lines.update(range(token.start[0], token.end[0] + 1))
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
            lines.difference_update(range(node.lineno, (node.end_lineno or node.lineno) + 1))
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
    assert sum(counted.values()) < MOST, counted
    readme = " ".join((PACKAGE.parent / "README.md").read_text(encoding="utf-8").split())
    assert f"less than {MOST:,} lines" in readme


def _imported(path: Path) -> set[str]:
    """Every name that a file imports, with the module it comes from; of a file without a word of the kernel none."""
    found: set[str] = set()
    for node in ast.walk(tree_of(path)) if "kernel" in path.read_text(encoding="utf-8") else ():
        if isinstance(node, ast.ImportFrom):
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
        elif isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
    return found


def test_only_primitive_rules_make_theorems() -> None:
    """Of what can make one, no file but those of the primitive rules imports anything; and those import nothing that is derived."""
    makers = {f"symnet.kernel.theorem.{name}" for name in ("rule", "close", "_RULES")}
    primitive = PACKAGE / "kernel" / "primitive"
    for path in PACKAGE.rglob("*.py"):
        imported = _imported(path)
        assert primitive in path.parents or not makers & imported, path
        assert not {"symnet.kernel.theorem", "symnet.kernel.sealed"} & imported, (
            path
        )  # the whole module could be reached into
        assert not any(name.startswith("symnet.kernel.sealed._") for name in imported), path
        if path in FILES and path.name != "replay.py":  # which calls rules by their names
            assert not any(name.startswith(("symnet.kernel.derived", "symnet.kernel.rules")) for name in imported), path


def test_a_derived_rule_returns_what_rules_made() -> None:
    with pytest.raises(KernelError, match="no rule made it"):
        theorem._RULES._shown(object.__new__(theorem.Theorem), ())
    for name, made in theorem.RULES.items():
        assert made.__module__.startswith(("symnet.kernel.primitive.", "symnet.kernel.derived.")), name


def test_the_kernel_searches_for_nothing() -> None:
    """What looks for answers stands above what checks them."""
    for path in FILES:
        assert "symnet.search" not in path.read_text(encoding="utf-8"), path


if __name__ == "__main__":
    sizes = {path.relative_to(PACKAGE).as_posix(): lines_of_code(path.read_text(encoding="utf-8")) for path in FILES}
    sizes["in all"] = sum(sizes.values())
    sys.stdout.write("".join(f"{size:6,}  {name}\n" for name, size in sizes.items()))
