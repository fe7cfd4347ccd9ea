"""Errors of importers, completed with the first change that mends the whole network."""

from __future__ import annotations

from collections.abc import Callable

from symnet.doctor.diagnosis import Diagnosis
from symnet.errors import BatchInShape, LayerError, ModelError, SymnetError

__all__ = ["advised"]


def advised(refused: SymnetError, examine: Callable[[], Diagnosis]) -> SymnetError:
    """The error in the doctor's words if sizes cause it: which layer and line breaks, why, and what would fit. In all
    other cases, and if the doctor finds nothing, the error ``refused`` itself.
    """
    if isinstance(refused, LayerError | ModelError) and refused.fixes:
        return refused
    try:
        found = examine()
    except Exception:  # noqa: BLE001  # what the doctor cannot read was refused in words already
        return refused
    if found.ok or not found.fixes:
        return refused
    where = f", {found.where}" if found.where else ""
    fits = f"{found.fixes[0].change} would fit"
    fixes = [fix.data() for fix in found.fixes]
    if isinstance(refused, BatchInShape):
        return BatchInShape(
            str(refused), layer=found.layer, where=found.where, condition=found.condition, fits=fits, fixes=fixes
        )
    message = f"{found.title} breaks at {found.layer or 'a line of its own'}{where}: {found.why}; {fits}"
    return ModelError(
        message,
        layer=found.layer,
        where=found.where,
        condition=found.condition,
        fits=fits,
        fixes=fixes,
    )
