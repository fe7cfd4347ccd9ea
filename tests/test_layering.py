"""The order of the folders that CONTRIBUTING.md shows: imports point down, foreign packages have their place, no text is evaluated."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

from tests.source_trees import tree_of

PACKAGE = Path(__file__).parent.parent / "symnet"

#: Top to bottom. A module belongs to the longest entry that begins its name; it may import that entry and those below.
ORDER = (
    ("symnet", "symnet.__main__", "symnet.cli"),
    ("symnet.cli.in_ascii", "symnet.cli.streams"),
    ("symnet.playground",),
    ("symnet.embed",),
    ("symnet.doctor",),
    ("symnet.frontends",),
    ("symnet.public",),
    ("symnet.render",),
    ("symnet.coq",),
    ("symnet.solving",),
    ("symnet.network",),
    ("symnet.notation",),
    ("symnet.graph",),
    ("symnet.facts",),
    ("symnet.layers",),
    ("symnet.network.value",),  # layers by themselves are values, too
    ("symnet.frameworks",),  # data: what layers take for granted in each
    ("symnet.search",),  # looks for what the kernel then checks
    ("symnet.kernel",),
    (  # the border to SymPy, whose expressions print themselves
        "symnet.sympy_functions",
        "symnet.terms.sympy_bridge",
        "symnet.terms.sympy_letters",
        "symnet.terms.sympy_relations",
        "symnet.terms.standard_symbols",
    ),  # fmt: skip
    ("symnet.printing",),
    ("symnet.terms",),
    ("symnet.files",),
    ("symnet.temporary", "symnet.docstrings", "symnet.limits", "symnet.byte_counts"),
    ("symnet.errors",),
)
RANK = {entry: rank for rank, entries in enumerate(ORDER) for entry in entries}

#: Which module imports what is neither ours nor the standard library's. Everything else is refused.
FOREIGN = {
    "symnet.sympy_functions": {"sympy"},
    "symnet.terms.sympy_bridge": {"sympy"},
    "symnet.terms.sympy_letters": {"sympy"},
    "symnet.terms.sympy_relations": {"sympy"},
    "symnet.terms.standard_symbols": {"sympy"},
    "symnet.layers.declaration.expressions": {"sympy"},  # the conditions of a layer as relations
    "symnet.network.value": {"sympy"},  # values are SymPy expressions
    "symnet.network.sweep": {"numpy"},  # arrays of sizes
    "symnet.network.rows": {"pandas"},  # rows as a data frame
    "symnet.solving.sympy_sets": {"sympy"},  # answers as SymPy sets, when asked for
    "symnet.solving.solutions": {"sympy"},  # and so are solution sets
    "symnet.solving.api": {"sympy"},
    "symnet.solving.python_questions": {"sympy"},  # and questions in SymPy relations
    "symnet.embed": {"markdown"},
    "symnet.embed.sphinx": {"sphinx", "docutils"},
    "symnet.render.fragments": {"markdown"},  # HTML is made from Markdown
    "symnet.render.figures.files": {"cairosvg"},  # one of the converters that may be installed
    "symnet.doctor.torch": {"torch"},
    "symnet.doctor.keras": {"keras"},
    "symnet.doctor.onnx": {"onnx", "onnxruntime", "numpy"},
    "symnet.frontends.keras": {"keras", "h5py"},
    "symnet.frontends.torch": {"torch"},
    "symnet.frontends.onnx": {"onnx", "onnxruntime", "numpy"},
}

#: Calls that would evaluate text, load code, or vanish under `python -O`.
FORBIDDEN_CALLS = {"eval", "exec", "sympify", "__import__", "compile"}
FORBIDDEN_IMPORTS = {"pickle", "marshal", "shelve", "dill", "runpy"}


class Import(NamedTuple):
    """One imported module, and the function that imports it (empty at the top of the file)."""

    importer: str
    function: str
    imported: str


def _modules() -> dict[str, Path]:
    found = {}
    for path in sorted(PACKAGE.rglob("*.py")):
        parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


MODULES = _modules()


def _tree(module: str) -> ast.Module:
    return tree_of(MODULES[module])


@cache
def _imports(module: str) -> tuple[Import, ...]:
    return tuple(_imports_in(_tree(module), module, ""))


def _imports_in(node: ast.AST, module: str, function: str) -> Iterator[Import]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.expr):
            continue  # an import is a statement, and so is whatever holds one
        if isinstance(child, ast.If) and ast.unparse(child.test) == "TYPE_CHECKING" and function == "":
            # not imported when the program runs, but the direction counts all the same
            yield from _imports_in(child, module, "TYPE_CHECKING")
            continue
        if isinstance(child, ast.Import):
            for alias in child.names:
                yield Import(module, function, alias.name)
        elif isinstance(child, ast.ImportFrom):
            base = _absolute(child, module)
            for alias in child.names:
                inner = f"{base}.{alias.name}"
                yield Import(module, function, inner if inner in MODULES else base)
        named = isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
        yield from _imports_in(child, module, f"{function}.{child.name}".strip(".") if named else function)  # type: ignore[attr-defined]


def _absolute(node: ast.ImportFrom, module: str) -> str:
    if not node.level:
        return node.module or ""
    is_package = MODULES[module].name == "__init__.py"
    parts = module.split(".")[: None if is_package and node.level == 1 else -(node.level - is_package)]
    return ".".join([*parts, *([node.module] if node.module else [])])


@cache
def _rank(module: str) -> int:
    entries = [entry for entry in RANK if (module + ".").startswith(entry + ".")]
    longest = max(entries, key=len)
    if longest == "symnet" and module != "symnet":
        raise AssertionError(f"{module} is in no folder of ORDER: give it its place")
    return RANK[longest]


def _top(module: str) -> str:
    return module.partition(".")[0]


def test_imports_point_down() -> None:
    upward = [
        f"{module} imports {found.imported}, which stands above it ({found.function or 'at the top'})"
        for module in MODULES
        for found in _imports(module)
        if _top(found.imported) == "symnet" and _rank(module) > _rank(found.imported)
    ]
    assert upward == []


def _allowed(module: str) -> set[str]:
    """The foreign packages that FOREIGN lets a module import."""
    return set().union(*(names for place, names in FOREIGN.items() if (module + ".").startswith(place + ".")))


def test_foreign_packages_are_imported_where_declared() -> None:
    undeclared = [
        f"{module} imports {found.imported}, which FOREIGN does not declare"
        for module in MODULES
        for found in _imports(module)
        if _top(found.imported) not in {*sys.stdlib_module_names, "symnet", *_allowed(module)}
    ]
    assert undeclared == []


def test_sympy_is_not_loaded_from_below() -> None:
    """Importing the SymPy border loads SymPy: only the API does, so that the command line starts fast."""
    for module in MODULES:
        for found in _imports(module):
            if found.imported == "symnet.terms.sympy_bridge" and not found.function:
                assert module in FOREIGN, f"{module} loads SymPy when it is imported"


def test_frameworks_are_imported_when_asked_for() -> None:
    for module in MODULES:
        for found in _imports(module):
            if _top(found.imported) in {"keras", "tensorflow", "torch", "torchvision", "onnx", "onnxruntime"}:
                assert found.function, f"{module} imports {found.imported} when it is imported itself"


def test_no_import_is_written_by_name() -> None:
    """importlib would hide an import from the tests above. A model's module:factory is named by the user; public names and
    kinds of layers are loaded when they are first used. The playground looks for the files of packages, and imports none.
    """
    by_name = {"symnet", "symnet.layers.declaration.registry", "symnet.playground.build"}
    for module in MODULES:
        for found in _imports(module):
            allowed = module.startswith("symnet.frontends") or module in by_name
            assert allowed or not found.imported.startswith("importlib.util"), module
            assert allowed or found.imported != "importlib", f"{module} imports importlib"


def _dangers(module: str) -> Iterator[str]:
    for node in ast.walk(_tree(module)):
        where = f"{module}:{getattr(node, 'lineno', '')}"
        if isinstance(node, ast.Assert):
            yield f"{where}: assert vanishes under -O; raise an error of symnet.errors"
        if isinstance(node, ast.Call):
            called = node.func.id if isinstance(node.func, ast.Name) else ""
            method = node.func.attr if isinstance(node.func, ast.Attribute) else ""
            # re.compile and model.eval() are other things; sympify evaluates text unless it is strict
            strict = any(keyword.arg == "strict" and ast.unparse(keyword.value) == "True" for keyword in node.keywords)
            if called in FORBIDDEN_CALLS:
                yield f"{where}: {called}("
            if method == "sympify" and not strict:
                yield f"{where}: .sympify( without strict=True"
    for found in _imports(module):
        if _top(found.imported) in FORBIDDEN_IMPORTS:
            yield f"{module} imports {found.imported}"


def test_nothing_evaluates_text_or_validates_by_assert() -> None:
    assert [danger for module in MODULES for danger in _dangers(module)] == []


def test_the_kernel_has_no_floats() -> None:
    """The real kernel divides, but only rational numbers and expressions."""
    for module in MODULES:
        if module.startswith("symnet.kernel"):
            for node in ast.walk(_tree(module)):
                where = f"{module}:{getattr(node, 'lineno', '')}"
                divides = isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div)
                assert not (isinstance(node, ast.Constant) and isinstance(node.value, float)), where
                assert not divides or module.startswith("symnet.kernel.real"), where
                assert not (isinstance(node, ast.Name) and node.id in {"float", "random"}), where


def test_each_module_has_one_place() -> None:
    assert len(RANK) == sum(map(len, ORDER))


def _circles() -> list[set[str]]:
    """The sets of modules that import each other in a circle (strongly connected, by Tarjan's algorithm)."""
    below = {
        module: sorted({found.imported for found in _imports(module) if found.imported in MODULES} - {module})
        for module in MODULES
    }
    number: dict[str, int] = {}
    lowest: dict[str, int] = {}
    waiting: list[str] = []
    circles: list[set[str]] = []

    def visit(module: str) -> None:
        number[module] = lowest[module] = len(number)
        waiting.append(module)
        for other in below[module]:
            if other not in number:
                visit(other)
            if other in waiting:
                lowest[module] = min(lowest[module], lowest[other])
        if lowest[module] == number[module]:
            circle: set[str] = set()
            while module not in circle:
                circle.add(waiting.pop())
            if len(circle) > 1:
                circles.append(circle)

    for module in MODULES:
        if module not in number:
            visit(module)
    return circles


def test_no_modules_import_each_other_in_a_circle() -> None:
    """Imports inside functions and those for types count as well."""
    assert [sorted(circle) for circle in _circles()] == []
