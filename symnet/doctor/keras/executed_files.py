"""The diagnosis of a model that a file makes when it is executed, which fails meanwhile."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from symnet.doctor.diagnosis import Diagnosis
from symnet.doctor.keras.diagnosing import diagnose_keras
from symnet.doctor.keras.recording import untrained
from symnet.doctor.remaking import Remaking
from symnet.errors import ModelError

__all__ = ["diagnose_keras_file_executed"]


def diagnose_keras_file_executed(remaking: Remaking, given: Sequence[Any], title: str) -> Diagnosis | None:
    """The diagnosis of the model of a file in which a layer refuses; ``None`` if the file fails elsewhere."""

    def make() -> Any:
        with untrained():
            return remaking.found(())

    try:
        found = diagnose_keras(make, given, title, remaking)
    except ModelError:
        return None
    return found if found.layer is not None else None
