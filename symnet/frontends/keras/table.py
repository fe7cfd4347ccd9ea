"""The table of all Keras classes and their handlers. A new class is added to its family's table only."""

from __future__ import annotations

from symnet.frontends.keras.arrangement import ARRANGEMENT
from symnet.frontends.keras.call_site import Handler, Result, Site, Unknown
from symnet.frontends.keras.categories import CATEGORIES
from symnet.frontends.keras.config import Spec
from symnet.frontends.keras.einsum_dense import einsum_dense
from symnet.frontends.keras.features import FEATURES
from symnet.frontends.keras.operations import OPERATIONS
from symnet.frontends.keras.sequences import SEQUENCES
from symnet.frontends.keras.windows import WINDOWS
from symnet.frontends.keras.wrappers import WRAPPERS

__all__ = ["LAYERS", "handler_of"]

LAYERS: dict[str, Handler] = {
    **WINDOWS,
    **FEATURES,
    **ARRANGEMENT,
    **SEQUENCES,
    **WRAPPERS,
    **CATEGORIES,
    "EinsumDense": einsum_dense,
}


def handler_of(spec: Spec) -> Handler:
    """The handler for a layer of this class; for an unknown class one that raises :class:`Unknown`.

    >>> handler_of(Spec("head", "keras.layers", "Dense", {})) is LAYERS["Dense"]
    True
    >>> handler_of(Spec("head", "mine", "Dense", {})) is LAYERS["Dense"]
    False
    """
    table = OPERATIONS if spec.is_operation else LAYERS if spec.is_builtin else {}
    return table.get(spec.class_name, _unknown)


def _unknown(site: Site) -> Result:
    raise Unknown("is of a class that symnet does not know")
