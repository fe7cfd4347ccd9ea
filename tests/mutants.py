"""``python -m tests.mutants`` alters one operator, number or condition of the kernel and the laws at a time, and sees whether a test
fails. A mutant that no test notices survives: it is listed, unless ``harmless_mutants.txt`` says why it changes nothing.

Every mutant is tried in a copy of the repository, in a process of its own, on the tests that are nearest to its file: first the
quick ones, then the others. ``--sample 60`` draws so many of the roughly 2,000, ``--seed`` others, ``--only floors`` those of some
files; ``--list`` shows them without running anything.
"""

from __future__ import annotations

import argparse
import ast
import os
import random
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

__all__ = ["Mutant", "harmless", "mutants_of"]

ROOT = Path(__file__).parent.parent
HARMLESS = Path(__file__).with_name("harmless_mutants.txt")

#: What is altered, and the tests that should notice, the quick ones first.
TESTED = {
    "symnet/kernel/real": [["tests/kernel/real"], ["tests/facts"]],
    "symnet/kernel": [
        [f"tests/kernel/test_{name}.py" for name in ("rules", "edges", "verdicts", "pieces", "intervals", "theorem")],
        ["tests/kernel", "--ignore=tests/kernel/real"],
        ["tests/search", "tests/solving", "tests/network"],
    ],
    "symnet/layers/laws/dumoulin": [["tests/layers/test_dumoulin.py"], ["tests/render/test_report.py"]],
    "symnet/layers/laws": [
        ["tests/layers/test_transposed.py", "tests/layers/test_exactness.py", "tests/layers/test_window_laws.py"],
        ["tests/layers"],
        ["tests/network", "tests/solving", "tests/render/test_report.py"],
    ],
}
#: One mutant may take so many seconds on each group of tests; one that runs on and on is noticed as well.
SECONDS = 300

COMPARISONS: dict[type[ast.cmpop], list[str]] = {
    ast.Lt: ["<=", ">"], ast.LtE: ["<", ">="], ast.Gt: [">=", "<"], ast.GtE: [">", "<="], ast.Eq: ["!="], ast.NotEq: ["=="],
    ast.Is: ["is not"], ast.IsNot: ["is"], ast.In: ["not in"], ast.NotIn: ["in"],
}  # fmt: skip
OPERATORS: dict[type[ast.operator], list[str]] = {
    ast.Add: ["-"], ast.Sub: ["+"], ast.Mult: ["+"], ast.FloorDiv: ["*"], ast.Mod: ["//"], ast.BitOr: ["&"], ast.BitAnd: ["|"],
}  # fmt: skip


class Mutant(NamedTuple):
    """One alteration: the text between two places of a file becomes another one."""

    file: str
    line: int
    start: int
    end: int
    before: str
    after: str
    whole_line: str
    number: int = 1

    @property
    def name(self) -> str:
        """File, the line as it is, and what becomes of a part of it; it stays the same when other lines move. The second one
        that reads the same is marked with (2).
        """
        again = f" ({self.number})" if self.number > 1 else ""
        return f"{self.file}: {self.whole_line}: {self.before} -> {self.after.strip()}{again}"


def mutants_of(path: Path, root: Path = ROOT) -> list[Mutant]:
    """All alterations of a file, in its order."""
    source = path.read_bytes()
    tree = ast.parse(source)
    starts = [0]
    for text in source.split(b"\n"):
        starts.append(starts[-1] + len(text) + 1)
    lines = source.decode().split("\n")
    found: list[Mutant] = []

    def add(first: tuple[int, int], last: tuple[int, int], after: str) -> None:
        start, end = starts[first[0] - 1] + first[1], starts[last[0] - 1] + last[1]
        before = source[start:end].decode()
        if before != after and "\n" not in before:
            whole = lines[first[0] - 1].strip()
            found.append(Mutant(str(path.relative_to(root)), first[0], start, end, before.strip(), after, whole))

    for node in _code(tree):
        first, last = (node.lineno, node.col_offset), (node.end_lineno or 0, node.end_col_offset or 0)  # type: ignore[attr-defined]
        match node:
            case ast.Compare(left, [operation], [right]):
                for after in COMPARISONS.get(type(operation), []):
                    add(_end(left), _begin(right), f" {after} ")
            case ast.BinOp(left, operation, right) if type(operation) in OPERATORS and not isinstance(
                left, ast.JoinedStr
            ):
                between = source[
                    starts[_end(left)[0] - 1] + _end(left)[1] : starts[_begin(right)[0] - 1] + _begin(right)[1]
                ]
                for after in OPERATORS[type(operation)] if b"(" not in between and b")" not in between else []:
                    add(_end(left), _begin(right), f" {after} ")
            case ast.Constant(bool() as value):
                add(first, last, str(not value))
            case ast.Constant(int() as value):
                for number in (value + 1, value - 1):
                    add(first, last, str(number))
            case ast.UnaryOp(ast.Not(), operand):
                add(first, _begin(operand), "")
            case ast.BoolOp(operation, [one, two, *_]):
                add(_end(one), _begin(two), " or " if isinstance(operation, ast.And) else " and ")
            case ast.If(test) | ast.IfExp(test):
                add(_begin(test), _end(test), "True")
                add(_begin(test), _end(test), "False")
    numbered, seen = [], Counter[str]()
    for one in sorted(found, key=lambda one: (one.start, one.end, one.after)):
        seen[one.name] += 1
        numbered.append(one._replace(number=seen[one.name]))
    return numbered


def _begin(node: ast.expr) -> tuple[int, int]:
    return node.lineno, node.col_offset


def _end(node: ast.expr) -> tuple[int, int]:
    return node.end_lineno or 0, node.end_col_offset or 0


def _code(tree: ast.AST) -> Iterator[ast.AST]:
    """Every node that is run: no annotations, no texts of errors, no formatted text."""
    stack: list[ast.AST] = [tree]
    while stack:
        node = stack.pop()
        if isinstance(node, ast.expr | ast.stmt):
            yield node
        for name, value in ast.iter_fields(node):
            if name in ("annotation", "returns", "decorator_list") or isinstance(value, ast.JoinedStr):
                continue
            if isinstance(node, ast.Raise) and name in ("exc", "cause"):
                continue
            children = value if isinstance(value, list) else [value]
            stack += [
                child for child in children if isinstance(child, ast.AST) and not isinstance(child, ast.JoinedStr)
            ]


def harmless() -> dict[str, str]:
    """Survivors that change nothing that is promised, by name, with the reason."""
    found: dict[str, str] = {}
    for text in HARMLESS.read_text(encoding="utf-8").splitlines():
        if text and not text.startswith("#"):
            name, _, reason = text.rpartition("  # ")
            found[name] = reason
    return found


def survives(mutant: Mutant, copy: Path) -> bool:
    """Whether every test that is near to it passes."""
    path = copy / mutant.file
    source = path.read_bytes()
    path.write_bytes(source[: mutant.start] + f" {mutant.after} ".encode() + source[mutant.end :])
    groups = next(groups for folder, groups in TESTED.items() if mutant.file.startswith(folder))
    environment = {**os.environ, "PYTHONPATH": str(copy), "PYTHONDONTWRITEBYTECODE": "1"}
    try:
        for group in groups:
            command = [sys.executable, "-m", "pytest", "-x", "-q", "-n", "0", "-p", "no:cacheprovider", *group]
            try:
                ended = subprocess.run(command, cwd=copy, env=environment, capture_output=True, timeout=SECONDS)
            except subprocess.TimeoutExpired:
                return False
            if ended.returncode:
                return False
        return True
    finally:
        path.write_bytes(source)


def main() -> int:
    """Try a sample, and print what survives."""
    parser = argparse.ArgumentParser(prog="python -m tests.mutants", description=__doc__)
    parser.add_argument("--sample", type=int, default=60)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--only", default="", help="a part of a file's name")
    parser.add_argument("--list", action="store_true")
    parser.add_argument("--quick", action="store_true", help="only the first two groups of tests: more survive")
    told = parser.parse_args()
    if told.quick:
        for folder, groups in TESTED.items():
            TESTED[folder] = groups[:2]
    paths = sorted(path for folder in ("symnet/kernel", "symnet/layers/laws") for path in (ROOT / folder).rglob("*.py"))
    every = [one for path in paths if told.only in str(path.relative_to(ROOT)) for one in mutants_of(path)]
    chosen = random.Random(told.seed).sample(every, min(told.sample, len(every)))
    print(f"{len(chosen)} of {len(every):,} mutants")
    if told.list:
        print(*(one.name for one in chosen), sep="\n")
        return 0
    known, left = harmless(), 0
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "copy"
        shutil.copytree(
            ROOT, copy, ignore=shutil.ignore_patterns(".git", "__pycache__", ".*cache", "*.egg-info", ".venv")
        )
        for number, mutant in enumerate(sorted(chosen), start=1):
            if mutant.name in known:
                continue
            if survives(mutant, copy):
                left += 1
                print(f"{number}: {mutant.file}:{mutant.line} survives: {mutant.name}", flush=True)
            elif sys.stderr.isatty():
                print(f"{number} killed", file=sys.stderr)
    print(f"{left} survive")
    return int(left > 0)


if __name__ == "__main__":
    sys.exit(main())
