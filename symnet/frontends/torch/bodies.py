"""Functions of torch that are written in Python: their own code is followed, call by call, where symnet has nothing of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from threading import get_ident
from types import FunctionType
from typing import Any

__all__ = ["body_of", "followed"]

#: What such a function asks first: whether somebody else wants the call.
_QUESTIONS = ("has_torch_function", "has_torch_function_unary", "has_torch_function_variadic")


def body_of(function: Any, name: str) -> FunctionType | None:
    """The function, or the method of tensors of that name, if it is written in Python and asks whether somebody else wants it."""
    import torch

    found: Any = getattr(torch.Tensor, name, None) if function is None else function
    while hasattr(found, "__wrapped__"):
        found = found.__wrapped__
    if not isinstance(found, FunctionType) or not set(_QUESTIONS) & set(found.__code__.co_names):
        return None
    return found if found.__module__.startswith("torch.") else None


def followed(body: FunctionType, running: list[Any], args: Sequence[Any], named: Mapping[str, Any]) -> Any:
    """What the function's own code gives. What it calls goes where all calls go; meanwhile it is among those that are ``running``."""
    running.append(body)
    try:
        with _not_asked(body.__globals__):
            return body(*args, **named)
    finally:
        running.pop()


@contextmanager
def _not_asked(names: dict[str, Any]) -> Iterator[None]:
    """The next time that code with these names asks whether somebody else wants the call, nobody does."""
    plain = {question: names[question] for question in _QUESTIONS if question in names}
    thread = get_ident()

    def nobody(question: str) -> Callable[..., bool]:
        def answer(*tensors: Any) -> bool:
            if get_ident() != thread:
                return bool(plain[question](*tensors))
            names.update(plain)
            return False

        return answer

    names.update({question: nobody(question) for question in plain})
    try:
        yield
    finally:
        names.update(plain)
