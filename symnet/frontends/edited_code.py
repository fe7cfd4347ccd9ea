"""The code of a file of the user's as it would be after an edit: what its functions run then."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.abc import InspectLoader
from types import CodeType

__all__ = ["code_objects"]


def code_objects(text: str, file: str) -> dict[tuple[str, int], CodeType]:
    """Every function's code in ``text`` by its name and first line. Nothing is executed here.

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
