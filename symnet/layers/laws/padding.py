"""Padding as a field of a layer: a mode, or amounts before and after each axis."""

from __future__ import annotations

from dataclasses import dataclass

from symnet.terms.term import Term, integer

__all__ = ["CAUSAL", "EXPLICIT", "SAME", "SAME_LOWER", "VALID", "Padding"]

EXPLICIT, VALID, SAME, SAME_LOWER, CAUSAL = "explicit", "valid", "same", "same_lower", "causal"

_ZERO = (integer(0), integer(0))


@dataclass(frozen=True)
class Padding:
    """``valid`` is no padding; ``same`` pads to ⌈W/S⌉ windows with the odd one after (``same_lower``: before);
    ``causal`` pads only before; ``explicit`` has amounts (before, after), one pair for all axes or one an axis.
    """

    mode: str = VALID
    pairs: tuple[tuple[Term, Term], ...] = ()

    def amounts(self, axis: int) -> tuple[Term, Term]:
        """(before, after) of an axis; (0, 0) for the modes, whose amounts follow from the window."""
        if not self.pairs:
            return _ZERO
        return self.pairs[0] if len(self.pairs) == 1 else self.pairs[axis]
