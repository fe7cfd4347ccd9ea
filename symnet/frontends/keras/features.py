"""Handlers of Keras's layers without windows: dense, activations, normalization, dropout, embedding, rescaling."""

from __future__ import annotations

from math import inf
from typing import Any

from symnet.frameworks.convention import KERAS
from symnet.frameworks.tables.activations import names_by_framework
from symnet.frontends.building import Tensor
from symnet.frontends.keras.call_site import Handler, Site, Unknown
from symnet.layers.declaration.axes import index_of_axis
from symnet.layers.declaration.constructor import spelling
from symnet.layers.declaration.shape import CHANNELS_FIRST, CHANNELS_LAST
from symnet.layers.kinds.dense import Dense
from symnet.layers.kinds.elementwise import Activation, Dropout, PReLU, Scale
from symnet.layers.kinds.embedding import Embedding
from symnet.layers.kinds.inputs import Held
from symnet.layers.kinds.normalization import BatchNorm, GroupNorm, LayerNorm, RMSNorm
from symnet.layers.kinds.rescaling import Normalization, Rescaling
from symnet.terms.term import Term, integer

__all__ = ["FEATURES", "activated"]

#: Our names of activations by Keras's names without underscores.
_WORDS = {"linear": "identity", **{spelling(name): word for name, word in names_by_framework(KERAS).items()}}


def activated(site: Site, function: str, to: Tensor | None = None, **more: Any) -> Tensor:
    """Places an activation by Keras's name for it."""
    plain = spelling(function)
    return site.put(Activation, _WORDS.get(plain, plain), to=to, **more)


def _dense(site: Site) -> Tensor:
    bias = site.config.flag("use_bias", True)
    return site.put(Dense, site.config.number("units"), bias=bias, activation=site.config.function())


def _embedding(site: Site) -> Tensor:
    return site.put(Embedding, site.config.number("input_dim"), site.config.number("output_dim"))


# ---- activations ------------------------------------------------------------------------------------------------


def _activation(site: Site) -> Tensor:
    return activated(site, site.config.function() or "linear")


def _relu(site: Site) -> Tensor:
    capped = site.config.get("max_value") == 6
    slope = site.config.get("negative_slope") or None
    return activated(site, "relu6" if capped else "leaky_relu" if slope else "relu", alpha=slope)


def _with_slope(name: str, field: str) -> Handler:
    return lambda site: activated(site, name, alpha=site.config.get(field, site.config.get("alpha")))


def _softmax(site: Site) -> Tensor:
    axis = site.config.get("axis")
    return activated(site, "softmax", axis=axis if isinstance(axis, int) and axis != -1 else None)


def _prelu(site: Site) -> Tensor:
    shared = site.config.sizes("shared_axes") if site.config.get("shared_axes") else None
    return site.put(PReLU, shared_axes=shared)


def _identity(site: Site) -> Tensor:
    return activated(site, "identity")


def _dropout(site: Site) -> Tensor:
    rate = site.config.get("rate", site.config.get("stddev", site.config.get("drop_path_rate")))
    return site.put(Dropout, rate if isinstance(rate, int | float) else None)


# ---- normalization ----------------------------------------------------------------------------------------------


def _usual_axis(site: Site, wanted: int) -> Term | None:
    """The axis that is normalized, as a field; ``None`` if it is that of the channels."""
    axis, shape = integer(wanted), site.tensor.shape
    return None if index_of_axis(axis, len(shape.dims)) == shape.channel_index else axis


def _axes(site: Site) -> tuple[int, ...]:
    """The axes that are normalized."""
    return (-1,) if site.config.get("axis") is None else site.config.sizes("axis")


def _batch_norm(site: Site) -> Tensor:
    axes = _axes(site)
    if len(axes) != 1:
        raise Unknown(f"normalizes {len(axes)} axes")
    if site.config.flag("renorm", False):
        raise Unknown("renormalizes, which takes further statistics")
    return site.put(BatchNorm, axis=_usual_axis(site, axes[0]), **_affine(site))


def _affine(site: Site) -> dict[str, Any]:
    affine = {"scale": site.config.flag("scale", True), "center": site.config.flag("center", True)}
    return {**affine, **_epsilon(site, 1e-3)}


def _epsilon(site: Site, usual: float) -> dict[str, Any]:
    """What is added to the variance, if it is not what Keras usually adds."""
    value = site.config.get("epsilon")
    if not isinstance(value, int | float) or isinstance(value, bool) or value == usual or not 0 <= value < inf:
        return {}
    return {"epsilon": f"{value:.7g}"}


def _layer_norm(site: Site) -> Tensor:
    if site.config.flag("rms_scaling", False):
        return site.put(RMSNorm, axis=_axes(site), **_epsilon(site, 1e-6))
    return site.put(LayerNorm, axis=_named(site, _axes(site)), **_affine(site))


def _rms_norm(site: Site) -> Tensor:
    return site.put(RMSNorm, axis=_named(site, _axes(site)), **_epsilon(site, 1e-6))


def _named(site: Site, axes: tuple[int, ...]) -> tuple[int, ...]:
    """The axes, with the last one as −1, because Keras numbers it by the rank of the input."""
    return (-1,) if axes == (len(site.tensor.shape.dims),) else axes


def _group_norm(site: Site) -> Tensor:
    shape, axis = site.tensor.shape, site.config.number("axis", -1)
    at = index_of_axis(integer(axis), len(shape.dims))
    if at not in (0, len(shape.dims) - 1):
        raise Unknown(f"normalizes axis {axis}, neither the first nor the last")
    to = site.image(data_format=CHANNELS_LAST if at else CHANNELS_FIRST)
    groups = site.config.number("groups", 32)
    return site.put(GroupNorm, to.shape.channels if groups == -1 else groups, to=to, **_affine(site))


def _normalization(site: Site) -> Tensor:
    known = site.config.get("mean") is not None
    axis = site.config.get("axis")
    if axis is not None and axis != []:
        return site.put(Normalization, axis=_named(site, site.config.sizes("axis")), known=known)
    if known:
        return site.put(Normalization, known=True)
    return site.put(Held, 3, trained=0)  # one mean, one variance, and the number of examples seen


def _unit_norm(site: Site) -> Tensor:
    return activated(site, "unit_normalization")


def _rescaling(site: Site) -> Tensor:
    scale, offset = (site.config.get(name) for name in ("scale", "offset"))
    plain = [value if isinstance(value, int | float) else None for value in (scale, offset or None)]
    return site.put(Rescaling, *plain)


def _layer_scale(site: Site) -> Tensor:
    return site.put(Scale, to=site.image(data_format=CHANNELS_LAST))


#: Layers that change values only, always or in training.
_NOTHING = (
    "Identity", "Masking", "ActivityRegularization", "AutoContrast", "CutMix", "Equalization", "MixUp", "AugMix",
    "RandAugment", "RandomBrightness", "RandomColorDegeneration", "RandomColorJitter", "RandomContrast",
    "RandomElasticTransform", "RandomErasing", "RandomFlip", "RandomGaussianBlur", "RandomHue", "RandomInvert",
    "RandomPerspective", "RandomPosterization", "RandomRotation", "RandomSaturation", "RandomSharpness", "RandomShear",
    "RandomTranslation", "RandomZoom", "Solarization",
)  # fmt: skip
_DROPPING = (
    "AlphaDropout", "Dropout", "GaussianDropout", "GaussianNoise", "SpatialDropout1D", "SpatialDropout2D",
    "SpatialDropout3D", "StochasticDepth",
)  # fmt: skip

FEATURES: dict[str, Handler] = {
    "Dense": _dense,
    "Embedding": _embedding,
    "Activation": _activation,
    "ReLU": _relu,
    "LeakyReLU": _with_slope("leaky_relu", "negative_slope"),
    "ELU": _with_slope("elu", "alpha"),
    "Softmax": _softmax,
    "PReLU": _prelu,
    "BatchNormalization": _batch_norm,
    "LayerNormalization": _layer_norm,
    "RMSNormalization": _rms_norm,
    "GroupNormalization": _group_norm,
    "UnitNormalization": _unit_norm,
    "Normalization": _normalization,
    "Rescaling": _rescaling,
    "LayerScale": _layer_scale,
    **dict.fromkeys(_NOTHING, _identity),
    **dict.fromkeys(_DROPPING, _dropout),
}
