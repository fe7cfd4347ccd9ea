"""The code of a user's file as it would be after an edit."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from importlib.abc import InspectLoader
from importlib.machinery import SourceFileLoader
from pathlib import Path
from types import CodeType, ModuleType

__all__ = ["code_objects", "edited_module"]


def code_objects(text: str, file: str) -> dict[tuple[str, int], CodeType]:
    """The code of every function in ``text``, by its name and first line. Nothing is executed.

    >>> sorted(name for name, _ in code_objects("def f():\\n    return 1\\n", "f.py"))
    ['<module>', 'f']
    """
    found: dict[tuple[str, int], CodeType] = {}
    for code in _within(InspectLoader.source_to_code(text, file)):
        found.setdefault((code.co_name, code.co_firstlineno), code)
    return found


def _within(code: CodeType) -> Iterator[CodeType]:
    yield code
    for item in code.co_consts:
        if isinstance(item, CodeType):
            yield from _within(item)


class _Edited(SourceFileLoader):
    """Loads a file with another text; nothing is cached."""

    def __init__(self, name: str, path: str, text: str) -> None:
        super().__init__(name, path)
        self._text = text.encode()

    def get_code(self, fullname: str) -> CodeType:
        return self.source_to_code(self._text, self.path)


def edited_module(text: str, file: str, until: tuple[type[Exception], ...] = ()) -> ModuleType:
    """The file executed with another text, as a module that is not in ``sys.modules``; to an exception ``until`` or to its end."""
    loader = _Edited(Path(file).stem, file, text)
    module = ModuleType(Path(file).stem)
    module.__file__ = file
    with suppress(*until):
        loader.exec_module(module)
    return module
