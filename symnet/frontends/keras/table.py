"""The table of all classes of layers: a class of Keras, and what it becomes. Adding one touches only its family's table."""

from __future__ import annotations

from symnet.frontends.keras.arrangement import ARRANGEMENT
from symnet.frontends.keras.call_site import Handler, Result, Site, Unknown
from symnet.frontends.keras.config import Spec
from symnet.frontends.keras.features import FEATURES
from symnet.frontends.keras.operations import OPERATIONS
from symnet.frontends.keras.sequences import SEQUENCES
from symnet.frontends.keras.windows import WINDOWS
from symnet.frontends.keras.wrappers import WRAPPERS

__all__ = ["LAYERS", "handler_of"]

LAYERS: dict[str, Handler] = {**WINDOWS, **FEATURES, **ARRANGEMENT, **SEQUENCES, **WRAPPERS}


def handler_of(spec: Spec) -> Handler:
    """What reads a layer of this class.

    >>> handler_of(Spec("head", "keras.layers", "Dense", {})) is LAYERS["Dense"]
    True
    >>> handler_of(Spec("head", "mine", "Dense", {})) is LAYERS["Dense"]
    False
    """
    table = OPERATIONS if spec.is_operation else LAYERS if spec.is_builtin else {}
    return table.get(spec.class_name, _unknown)


def _unknown(site: Site) -> Result:
    raise Unknown("is of a class that symnet does not know")
