"""What a module shows: ``__all__`` says it, docstrings explain it, and no file is too long to read."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from tests.source_trees import tree_of

ROOT = Path(__file__).parent.parent
FILES = sorted((ROOT / "symnet").rglob("*.py"))
TEST_FILES = sorted((ROOT / "tests").rglob("*.py"))

LONGEST = 400
#: Files over ``LONGEST`` lines, and why.
LONG = {
    "symnet/solving/solutions.py": "an answer as a set, a list, text and data: one class with what a reader asks of it",
    "symnet/coq/emit.py": "one Coq file from its first line to its last: names, sections, steps, goals",
    "symnet/frontends/torch/sizes.py": "a size and a quotient of sizes, which are made of each other: all that Python offers of numbers",
}

Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


@cache
def trees() -> dict[Path, ast.Module]:
    """Every module of the package, parsed."""
    return {path: tree_of(path) for path in FILES}


def _name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def _exported(tree: ast.Module) -> list[str] | None:
    for node in tree.body:
        if not isinstance(node, ast.Assign | ast.AnnAssign) or node.value is None:
            continue
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        if any(isinstance(target, ast.Name) and target.id == "__all__" for target in targets):
            return list(ast.literal_eval(node.value))
    return None


def _definitions(tree: ast.Module) -> list[Definition]:
    """Classes and functions at the top of the file that no underscore hides. Entries of the table of Coq proofs are not among
    them: they are reached by the names of the rules that they translate, and the rules say what they do.
    """
    found = [node for node in tree.body if isinstance(node, Definition) and not node.name.startswith("_")]
    return [node for node in found if not any(isinstance(d, ast.Name) and d.id == "proof" for d in node.decorator_list)]


def _bound(tree: ast.Module) -> Iterator[str]:
    """All names that the file gives a value to or imports."""
    for node in ast.walk(tree):
        if isinstance(node, Definition):
            yield node.name
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id
        elif isinstance(node, ast.Import | ast.ImportFrom):
            yield from (alias.asname or alias.name for alias in node.names)


def _faults_of_exports(path: Path, tree: ast.Module) -> Iterator[str]:
    exported = _exported(tree)
    if exported is None:
        if path.name not in ("__init__.py", "__main__.py"):
            yield "no __all__"
        if _definitions(tree):
            yield "definitions, but no __all__"
        return
    if len(exported) != len(set(exported)):
        yield "a name stands twice in __all__"
    for node in _definitions(tree):
        if node.name not in exported:
            yield f"public by name, but not in __all__: {node.name}"
    if "__getattr__" not in {node.name for node in tree.body if isinstance(node, Definition)}:  # lazy public names
        for name in sorted(set(exported) - set(_bound(tree))):
            yield f"in __all__, but not defined: {name}"
    if path.name != "__init__.py":
        imports = [node for node in tree.body if isinstance(node, ast.Import | ast.ImportFrom)]
        for name in sorted({alias.asname or alias.name for node in imports for alias in node.names} & set(exported)):
            yield f"exports what another module defines: {name}"


def test_all_is_what_is_defined() -> None:
    assert [
        f"{_name(path)}: {fault}" for path, tree in trees().items() for fault in _faults_of_exports(path, tree)
    ] == []


def test_public_things_have_docstrings() -> None:
    bare = [_name(path) for path, tree in trees().items() if tree.body and not ast.get_docstring(tree)]
    bare += [
        f"{_name(path)}:{node.lineno}: {node.name}"
        for path, tree in trees().items()
        for node in _definitions(tree)
        if not ast.get_docstring(node)
    ]
    assert bare == []


def test_no_file_is_too_long() -> None:
    lines = {_name(path): len(path.read_text(encoding="utf-8").splitlines()) for path in [*FILES, *TEST_FILES]}
    long = {name: count for name, count in lines.items() if count > LONGEST and name not in LONG}
    assert long == {}, "split the file, or give the reason in LONG"


def test_reasons_for_length_are_still_needed() -> None:
    for name in LONG:
        assert len((ROOT / name).read_text(encoding="utf-8").splitlines()) > LONGEST, f"{name} is short now"


def test_no_drawer_for_everything() -> None:
    drawers = {"utils", "util", "helpers", "helper", "common", "misc"}
    assert not [_name(path) for path in FILES if path.stem in drawers or path.parent.name in drawers]
