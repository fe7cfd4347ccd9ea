"""The doctor: where a network breaks, why, and which proven changes mend it.

The room is called as its function is: ``symnet.doctor(model, (3, 224, 224))``. The folders ``torch``, ``keras`` and
``onnx`` each run or read a model to the call that breaks (``recording``, ``diagnosing``) and propose changes
(``candidates``, ``for_…``); ``changes`` searches the cheapest set that mends the whole model. It may import the
importers and everything below them; only the command line is above it. A new kind of change goes to the candidates of
its framework.
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
    """A module that can be called like the function of its name."""

    def __call__(self, model: Any, *shapes: Any) -> Diagnosis:
        return doctor(model, *shapes)


sys.modules[__name__].__class__ = _Room
