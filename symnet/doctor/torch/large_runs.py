"""The work of a run that a change of a number may make large."""

from __future__ import annotations

import re
from collections.abc import Sequence
from math import prod

from symnet.doctor.changes import Change
from symnet.doctor.torch.recording import Call, shape_of
from symnet.errors import ModelError

__all__ = ["refuse_large", "writes_large"]

#: A number that a change writes into the file and that is at least this one may make a run large, such as a stride of 784.
LARGE = 64

#: The time of making one entry of a result, in multiplications.
FOR_EACH_ENTRY = 10


def writes_large(changes: Sequence[Change]) -> bool:
    """Whether changes write a number into the file that may make a run large."""
    return any(
        int(number) >= LARGE for change in changes for edit in change.source for number in re.findall(r"\d+", edit.text)
    )


def refuse_large(calls: Sequence[Call], most: int) -> None:
    """Raise :class:`symnet.ModelError` if these calls take more than so many multiplications for one example."""
    if sum(map(_work, calls)) > most:
        raise ModelError("the run is too large with these changes")


def _work(call: Call) -> int:
    """About the number of multiplications for one example: each weight with each place of the input or the output, whichever has
    more of them, and some for each entry of the results.
    """
    entries = [prod(shape[1:]) for shape in call.results]
    windows = (
        [] if call.module is None else [held for one in call.module.parameters() if len(held := shape_of(one)) > 2]
    )
    places = max((prod(shape[2:]) for shape in (*call.shapes, *call.results)), default=0)
    return FOR_EACH_ENTRY * sum(entries) + sum(map(prod, windows)) * places
