"""The doctor: where a network breaks, why, and changes that are proven to mend it.

The room is called as its function is: ``symnet.doctor(model, (3, 224, 224))``.
"""

from __future__ import annotations

import sys
from types import ModuleType
from typing import Any

from symnet.doctor.diagnosis import Diagnosis
from symnet.doctor.examining import doctor
from symnet.doctor.findings import Fix, Link, Row

__all__ = ["Diagnosis", "Fix", "Link", "Row", "doctor"]


class _Room(ModuleType):
    """A module that is called as the function of its name."""

    def __call__(self, model: Any, *shapes: Any) -> Diagnosis:
        return doctor(model, *shapes)


sys.modules[__name__].__class__ = _Room
