"""The diagnosis of a model that cannot be made because a module refuses its arguments."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from contextlib import suppress
from math import gcd
from typing import Any

from symnet.doctor.diagnosis import Diagnosis
from symnet.doctor.findings import Fix, Link
from symnet.doctor.other_numbers import numbers_in, other_numbers
from symnet.doctor.remaking import Remaking
from symnet.doctor.spots import Edit, Spot, edited_line, is_users, short_name, spot_at
from symnet.doctor.torch.making import with_argument
from symnet.errors import ModelError
from symnet.frontends.python_file import named_in_file

__all__ = ["diagnose_unmade"]

#: The largest number of fixes shown, and of other numbers of the file tried.
SHOWN, NUMBERS = 6, 60


def diagnose_unmade(error: Exception, name: str, shapes: Sequence[Any]) -> Diagnosis:
    """The reason why the model cannot be made, and arguments with which it can be made and runs to its end."""
    spot, kind, values = _refused(error)
    words = " ".join(str(error).split())
    if spot is None or (kind is None and not isinstance(error, AssertionError | ValueError | RuntimeError)):
        where = f" ({spot})" if spot else ""
        raise ModelError(f"{name} raised {type(error).__name__}: {words}{where}")
    layer = _name(spot) or (kind.__name__ if kind else None)
    fixes = _fixes(error, name, shapes, spot, kind, values)
    why = f"{layer or 'the model'} cannot be made: {words.rstrip('.')}"
    inputs = tuple(
        tuple(size if isinstance(size, str) else getattr(size, "constant", size) for size in shape) for shape in shapes
    )
    return Diagnosis(
        name, False, inputs, layer, str(spot), spot.text, why, _condition(kind, values), chain=_chain(layer, spot, kind, values),
        fixes=tuple(fixes), notes=() if fixes else ("No single argument that symnet tries mends it.",),
    )  # fmt: skip


def _chain(layer: str | None, spot: Spot, kind: Any, values: dict[str, Any]) -> tuple[Link, ...]:
    """The numbers of the condition that fails, or else all of the call, each with the argument that it was given for."""
    named = {*numbers_in(_condition(kind, values))} - {0}
    numbers = {name: value for name, value in values.items() if type(value) is int}
    asked = {name: value for name, value in numbers.items() if value in named} or numbers
    return tuple(Link(str(value), layer or "the model", name, str(spot)) for name, value in asked.items())


def _refused(error: Exception) -> tuple[Spot | None, Any, dict[str, Any]]:
    """The innermost line of the user's code, the class of torch called there, and its arguments."""
    import torch

    spot: Spot | None = None
    kind: Any = None
    values: dict[str, Any] = {}
    traceback = error.__traceback__
    while traceback is not None:
        frame = traceback.tb_frame
        if is_users(frame.f_code.co_filename):
            spot, kind, values = spot_at(frame.f_code, traceback.tb_lasti, traceback.tb_lineno), None, {}
        elif kind is None and frame.f_code.co_name == "__init__" and spot is not None:
            owner = frame.f_locals.get("self")
            if isinstance(owner, torch.nn.Module):
                kind = type(owner)
                values = {key: item for key, item in frame.f_locals.items() if key not in ("self", "__class__")}
        traceback = traceback.tb_next
    return spot, kind, values


def _call(spot: Spot, kind: Any) -> ast.Call | None:
    node = spot.node
    return node if isinstance(node, ast.Call) and kind is not None else None


def _name(spot: Spot) -> str | None:
    """The name that the line of the user's code assigns to."""
    target = spot.text.partition("=")[0].strip()
    return (
        target.removeprefix("self.")
        if target.replace(".", "").replace("_", "").isalnum() and "=" in spot.text
        else None
    )


def _divisors(number: int, near: int) -> list[int]:
    return sorted((n for n in range(1, number + 1) if number % n == 0), key=lambda n: (abs(n - near), n))


def _multiples(number: int, near: int) -> list[int]:
    below, above = near // number * number, -(-near // number) * number
    return [n for n in dict.fromkeys((above, below)) if n > 0 and n != near]


def _pair(kind: Any, values: dict[str, Any]) -> tuple[str, str] | None:
    """The argument that must be a multiple, and the one that must divide it; ``None`` for other classes."""
    for whole, part in (("embed_dim", "num_heads"), ("d_model", "nhead"), ("num_channels", "num_groups")):
        if isinstance(values.get(whole), int) and isinstance(values.get(part), int) and values[part] > 0:
            return whole, part
    return None


def _condition(kind: Any, values: dict[str, Any]) -> str | None:
    pair = _pair(kind, values)
    if pair is not None:
        return f"{values[pair[0]]} ≡ 0 (mod {values[pair[1]]})"
    if kind is not None and "groups" in values and isinstance(values.get("in_channels"), int):
        for name in ("in_channels", "out_channels"):
            if values[name] % max(values["groups"], 1):
                return f"{values[name]} ≡ 0 (mod {values['groups']})"
    return None


def _proposals(kind: Any, values: dict[str, Any]) -> Iterator[dict[str, Any]]:
    pair = _pair(kind, values)
    if pair is not None:
        whole, part = pair
        for number in _divisors(values[whole], values[part])[:2]:
            yield {part: number}
        for number in _multiples(values[part], values[whole]):
            yield {whole: number}
    if "groups" in values and isinstance(values.get("in_channels"), int):
        groups, taken, given = values["groups"], values["in_channels"], values["out_channels"]
        for number in _divisors(gcd(taken, given), groups)[:2]:
            yield {"groups": number}
        if taken % groups == 0:
            for number in _multiples(groups, given):
                yield {"out_channels": number}
        elif given % groups == 0:
            for number in _multiples(groups, taken):
                yield {"in_channels": number}
    if "output_padding" in values:
        yield {"output_padding": 0}
    if isinstance(values.get("padding"), str):
        yield {"padding": 0}
        if values.get("stride") not in (1, None):
            yield {"stride": 1}


def _fixes(
    error: Exception, name: str, shapes: Sequence[Any], spot: Spot, kind: Any, values: dict[str, Any]
) -> list[Fix]:
    """Changes with which the model can be made and works: arguments of the refused call first, else any number of the
    file.
    """
    there = named_in_file(name)
    if there is None:
        return []
    remaking = Remaking(spot.file, there[1])
    layer, node = _name(spot) or (kind.__name__ if kind else ""), _call(spot, kind)
    ways = []
    for changed in _proposals(kind, values) if kind is not None else ():
        edits = None if node is None else with_argument(spot.file, node, kind, changed)
        if edits:
            ways.append((f"{layer}: {', '.join(f'{key}={value}' for key, value in changed.items())}", edits))
    if pair := _pair(kind, values):
        for changed in _asked_later(remaking, shapes, kind, pair, values, [edits for _, edits in ways]):
            edits = None if node is None else with_argument(spot.file, node, kind, changed)
            if edits:
                ways.append((f"{layer}: {', '.join(f'{key}={value}' for key, value in changed.items())}", edits))
    fixes = [fix for words, edits in ways if (fix := _fix(remaking, shapes, words, edits)) is not None]
    if not fixes:
        asked = [value for value in values.values() if type(value) is int] or numbers_in(str(error))
        numbers = sorted(other_numbers(spot.file, _lines(error, spot.file), asked, {0, 1, 2}), key=lambda one: one.cost)
        for one in numbers[:NUMBERS]:
            fix = _fix(remaking, shapes, one.words, one.source)
            fixes += [fix] if fix is not None else []
            if len(fixes) > 1:
                break
    return fixes[:SHOWN]


def _asked_later(
    remaking: Remaking,
    shapes: Sequence[Any],
    kind: Any,
    pair: tuple[str, str],
    values: dict[str, Any],
    ways: Sequence[Any],
) -> Iterator[dict[str, Any]]:
    """The arguments for the size that the module gets when the model is made with other arguments and run, if it is another one."""
    from symnet.doctor.torch.diagnosing import size_refused

    whole, part = pair
    for edits in ways:
        with suppress(Exception):  # the user's own code, which may refuse this as well
            size = size_refused(remaking.model(edits), shapes, kind)
            if size is not None:
                near = _divisors(size, values[part])[0]
                yield {whole: size} if near == values[part] else {whole: size, part: near}
                return


def _lines(error: Exception, file: str) -> list[int]:
    """The lines of the file that the error passed through, the innermost first."""
    found, traceback = [], error.__traceback__
    while traceback is not None:
        if traceback.tb_frame.f_code.co_filename == file:
            found.append(traceback.tb_lineno)
        traceback = traceback.tb_next
    return found[::-1]


def _fix(remaking: Remaking, shapes: Sequence[Any], words: str, edits: tuple[Edit, ...]) -> Fix | None:
    """The fix, if the model can be made with it and works; else ``None``."""
    from symnet.doctor.torch.diagnosing import proven_network, runs_well, tried_with

    try:
        model = remaking.model(edits)
        if not runs_well(model, shapes):
            return None
        proven = proven_network(model, shapes)
    except Exception:  # noqa: BLE001  # the user's own code, which may refuse this as well
        return None
    where = f"{short_name(edits[0].file)}:{edits[0].line}"
    return Fix(words, "argument", edited_line(edits), where, proven, tried_with())
