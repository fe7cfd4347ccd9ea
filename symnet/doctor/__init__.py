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
        """Where a model breaks with inputs of these shapes (the batch left out), why, and which proven changes mend it; or for
        which inputs it works.

        The model is a module of PyTorch, a model of Keras or ONNX, a network, or notation. The diagnosis shows itself in notebooks;
        ``ok``, ``layer``, ``why``, ``rows``, ``chain`` and ``fixes`` are its parts, ``to_json()`` has all of them. Raises
        :class:`symnet.SymnetError` for what is no model.

        >>> import symnet
        >>> found = symnet.doctor("(1*28*28) -> Conv|16|3|1|1 -> Maxpool|2 -> Conv|8|17")
        >>> found.ok, found.layer, [fix.change for fix in found.fixes][:2]
        (False, 'conv2', ['conv2: padding=2', 'conv2: padding=same'])
        """
        return doctor(model, *shapes)


sys.modules[__name__].__class__ = _Room
