"""Handlers of Keras's layers that wrap another layer."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from symnet.frontends.building import Tensor
from symnet.frontends.keras.arrangement import ARRANGEMENT
from symnet.frontends.keras.call_site import Handler, Result, Site, Unknown
from symnet.frontends.keras.features import FEATURES
from symnet.frontends.keras.windows import WINDOWS
from symnet.layers.kinds.inputs import Held

__all__ = ["WRAPPERS"]


def _wrapped(site: Site) -> tuple[Site, Handler]:
    """The inner layer at the site of its wrapper, and its handler."""
    spec = site.config.inner("layer")
    handler = {**WINDOWS, **FEATURES, **ARRANGEMENT}.get(spec.class_name) if spec.is_builtin else None
    if handler is None:
        raise Unknown(f"is around a layer of class {spec.class_name}")
    inner = replace(site, spec=spec)
    inner.placed(site.path, f"{site.origin} around {spec.class_name}")
    return inner, handler


def _spectral(site: Site) -> Result:
    """The inner layer with its kernel divided by its spectral norm, and the vector stored to compute that: one number
    per entry of the kernel's last size.
    """
    inner, handler = _wrapped(site)
    before = site.tensor
    config, name = inner.config, inner.spec.class_name
    if name.endswith("Transpose"):
        last: Any = before.shape.channels
    else:
        sizes = {"Dense": "units", "Embedding": "output_dim", "DepthwiseConv1D": "depth_multiplier"}
        last = config.number(sizes.get(name.replace("2D", "1D"), "filters"))
    found = handler(inner)
    if not isinstance(found, Tensor):
        raise Unknown(f"is around a layer of class {name}")
    return site.put(Held, last, trained=0, to=found, part="vector_u")


def _lambda(site: Site) -> Result:
    raise Unknown("runs code of its own")


WRAPPERS: dict[str, Handler] = {"SpectralNormalization": _spectral, "Lambda": _lambda}
