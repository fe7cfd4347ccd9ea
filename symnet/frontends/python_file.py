"""A model in a Python file: ``net.py:Class``, ``net.py:factory``, or ``net.py`` if it contains a single one. The file
is executed.
"""

from __future__ import annotations

import re
import sys
from importlib.util import find_spec, module_from_spec, spec_from_file_location
from inspect import Parameter, signature
from pathlib import Path
from types import ModuleType
from typing import Any

from symnet.errors import ModelError
from symnet.frontends.framework_of import framework_of, framework_of_class

__all__ = ["FILE", "loaded_file", "model_in", "named_in_file", "source_text"]

#: ``net.py``, ``net.py:Class`` or ``models/net.py:build.small``.
FILE = re.compile(r"(?P<file>[^\n]*\.py)(?::(?P<name>[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*))?")


def named_in_file(argument: str) -> tuple[str, str | None] | None:
    """The file and the name in it; ``None`` if the argument has another form.

    >>> named_in_file("models/net.py:Net"), named_in_file("net.py"), named_in_file("torchvision.models:resnet18")
    (('models/net.py', 'Net'), ('net.py', None), None)
    """
    found = FILE.fullmatch(argument.strip())
    return None if found is None else (found["file"], found["name"])


def source_text(argument: str) -> str:
    """The text of the file of ``net.py:Net``, or of the package of ``module:factory``; empty if it cannot be read."""
    there = named_in_file(argument)
    try:
        if there is not None:
            return Path(there[0]).read_text(encoding="utf-8", errors="replace")
        here = str(Path.cwd())
        sys.path[:] = [*sys.path, here] if here not in sys.path else sys.path
        spec = find_spec(
            argument.partition(":")[0].partition(".")[0]
        )  # for a module in a package this is the package; nothing is imported
        return Path(spec.origin).read_text(encoding="utf-8", errors="replace") if spec and spec.origin else ""
    except (OSError, ImportError, ValueError) as refused:
        if there is None:
            return ""
        words = getattr(refused, "strerror", None) or str(refused)
        raise ModelError(f"cannot read {there[0]}: {words}") from None


def loaded_file(path: str) -> ModuleType:
    """Executes the file and returns it as a module. Raises :class:`symnet.ModelError`, in one line, if that fails."""
    file = Path(path).resolve()
    if not file.is_file():
        raise ModelError(f"cannot read {path}: there is no such file")
    name = re.sub(r"\W", "_", file.stem)
    spec = spec_from_file_location(name if name not in sys.modules else f"{name}_file", file)
    if spec is None or spec.loader is None:
        raise ModelError(f"cannot read {path} as Python")
    module = module_from_spec(spec)
    sys.modules[spec.name] = module
    sys.path.insert(0, str(file.parent))
    try:
        spec.loader.exec_module(module)
    except SyntaxError as refused:
        raise ModelError(f"{file.name}, line {refused.lineno}: {refused.msg}") from None
    except Exception as refused:  # noqa: BLE001  # somebody else's code
        words = " ".join(str(refused).split())
        raise ModelError(f"{file.name} raised {type(refused).__name__}: {words}{_line(refused, file)}") from None
    return module


def _line(refused: BaseException, file: Path) -> str:
    found, traceback = "", refused.__traceback__
    while traceback is not None:
        if traceback.tb_frame.f_code.co_filename == str(file):
            found = f" (line {traceback.tb_lineno})"
        traceback = traceback.tb_next
    return found


def model_in(module: ModuleType, name: str | None) -> Any:
    """The object called ``name`` in the module; without a name its only model, class of models, or function without
    required arguments. Raises :class:`symnet.ModelError` if there is none or several.
    """
    if name is not None:
        item: Any = module
        for part in name.split("."):
            if not hasattr(item, part):
                raise ModelError(
                    f"{Path(module.__file__ or '').name} has no {name}; it has {', '.join(_names(module)) or 'no model'}"
                )
            item = getattr(item, part)
        return item
    names = _names(module)
    if len(names) != 1:
        file = Path(module.__file__ or "").name
        if not names:
            raise ModelError(f"{file} has no model, no class of models and no function without arguments")
        raise ModelError(f"{file} has several models: say which, as in {file}:{names[-1]} ({', '.join(names)})")
    return getattr(module, names[0])


def _names(module: ModuleType) -> list[str]:
    """The names of models in the module; else of classes of models that no other model in the file uses; else of
    functions.
    """
    own = {name: item for name, item in vars(module).items() if not name.startswith("_")}
    models = [name for name, item in own.items() if framework_of(item) is not None]
    classes = [
        name
        for name, item in own.items()
        if isinstance(item, type) and item.__module__ == module.__name__ and framework_of_class(item) is not None
    ]
    if models:
        return models
    if classes:
        whole = [name for name in classes if _callable_alone(own[name])]
        return whole or classes
    return [
        name
        for name, item in own.items()
        if callable(item)
        and getattr(item, "__module__", "") == module.__name__
        and _callable_alone(item)
        and not isinstance(item, type)
    ]


def _callable_alone(item: Any) -> bool:
    try:
        parameters = list(signature(item).parameters.values())
    except (TypeError, ValueError):
        return False
    return all(
        one.default is not one.empty or one.kind in (Parameter.VAR_POSITIONAL, Parameter.VAR_KEYWORD)
        for one in parameters
    )
