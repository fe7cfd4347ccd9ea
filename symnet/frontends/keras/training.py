"""The training configuration of a Keras model: regularizers of its layers and the compiled losses, as the texts
``penalties`` and ``loss`` of layers. A regularizer or loss without a formula in symnet is kept by name.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from symnet.errors import LayerError
from symnet.frontends.building import Builder, Tensor
from symnet.frontends.keras.config import Spec
from symnet.layers.declaration.penalized import Penalized
from symnet.layers.declaration.rationals import rational
from symnet.layers.declaration.training import loss_terms
from symnet.layers.kinds.convolution import Depthwise

__all__ = ["add_losses", "add_penalties", "regularizers"]

_ENDING = "_regularizer"

#: Layers whose activity regularizer also belongs to the inner layer.
_INSIDE = ("MultiHeadAttention", "GroupedQueryAttention", "GroupQueryAttention", "Bidirectional", "TimeDistributed")

#: Arrays that a layer has only if its configuration says so.
_SWITCHES = {"bias": "use_bias", "gamma": "scale", "beta": "center"}

#: Penalties as (kind, rate); a kind without a formula has no rate.
_Terms = list[tuple[str, str | None]]


# ---- regularizers
# -------------------------------------------------------------------------------------------------------


def add_penalties(builder: Builder, first: int, spec: Spec, given: Sequence[Tensor], on_steps: bool) -> None:
    """Attaches the regularizers of a Keras layer to the layers it became, which start at index ``first``. ``given``
    are its outputs; ``on_steps`` is true inside TimeDistributed, which adds no penalty on outputs.
    """
    indices = range(first, len(builder))
    if not indices:
        return
    for array, value in regularizers(spec):
        terms = _terms(value)
        if array == "output":
            if not on_steps:
                _on_output(builder, indices, spec, given, terms)
            continue
        targets = [
            (place, name) for place in indices for name in builder.arrays(place) if _is(array, name, builder, place)
        ]
        for kind, rate in terms:
            for place, name in targets:
                _write(builder, place, name, kind, rate)
            if not targets and not _switched_off(array, spec):
                _write(builder, indices[-1], array, kind if rate is None else f"{kind.upper()}({rate})", None)


def regularizers(spec: Spec) -> Iterator[tuple[str, Any]]:
    """Each regularizer of a layer and of its inner layers, with the name of its array (``output`` for the layer's
    output).
    """
    config = spec.config
    both = [config.get("layer"), config.get("backward_layer")]
    if spec.class_name == "Bidirectional" and all(isinstance(one, Mapping) for one in both):
        first, second = ([one for one in _inner(each) if _terms(one[1])] for each in both)
        yield from (one for one in first if _is_among(one, second))
        for one, others in (*((one, second) for one in first), *((one, first) for one in second)):
            if not _is_among(one, others):
                yield f"{one[0]}_of_one_direction", one[1]
        return
    if spec.class_name == "ActivityRegularization":
        yield "output", {"class_name": "L1L2", "config": {name: config.get(name) or 0 for name in ("l1", "l2")}}
        return
    for key, value in config.items():
        if key.endswith(_ENDING) and value is not None:
            array = key.removesuffix(_ENDING)
            lora = config.get("lora_rank") and array in ("kernel", "embeddings")
            yield {"activity": "output"}.get(array, f"{array}_with_lora" if lora else array), value
    for key in ("layer", "cell"):
        inner = config.get(key)
        if isinstance(inner, Mapping) and spec.class_name != "TimeDistributed":
            yield from _inner(inner)
    cells = config.get("cells")
    for number, cell in enumerate(cells if isinstance(cells, list) else [], 1):
        yield from ((f"{array}_of_cell_{number}", value) for array, value in _inner(cell))


def _is_among(one: tuple[str, Any], others: Sequence[tuple[str, Any]]) -> bool:
    """Whether one of the others is the same penalty on the same array, in whatever form it is serialized."""
    array, value = one
    return any(array == other and _terms(value) == _terms(also) for other, also in others)


def _inner(written: Any) -> Iterator[tuple[str, Any]]:
    """The regularizers of an inner layer; one with a graph of its own is expanded elsewhere."""
    config = written.get("config") if isinstance(written, Mapping) else None
    if isinstance(config, Mapping) and not isinstance(config.get("layers"), list):
        name = str(written.get("class_name"))
        yield from regularizers(Spec(name, str(written.get("module") or ""), name, config))


def _terms(value: Any) -> _Terms:
    """The penalties of a regularizer, without those of rate 0."""
    if isinstance(value, str):
        plain = {"l1": [("l1", "0.01")], "l2": [("l2", "0.01")], "l1_l2": [], "l1l2": []}
        return list(plain.get(value.lower(), [(_word(value), None)]))
    if not isinstance(value, Mapping):
        return [(_word(type(value).__name__), None)]
    name, config = str(value.get("class_name") or value.get("registered_name") or "function"), value.get("config")
    if name == "function":
        return [(_word(str(config)), None)]
    own = str(value.get("module") or "keras").partition(".")[0] not in ("keras", "tf_keras", "tensorflow")
    if own or name not in ("L1", "L2", "L1L2") or not isinstance(config, Mapping):
        return [(_word(name), None)]
    found: _Terms = []
    for kind in ("l1", "l2"):
        rate = config.get(kind, 0)
        text = _rate(rate)
        if text is None:
            return [(_word(f"{name}_{kind}={rate}"), None)]
        if text:
            found.append((kind, text))
    return found


def _rate(value: Any) -> str | None:
    """A rate as text: empty for 0, ``None`` if it is not a number."""
    if isinstance(value, Mapping):  # a number of an array library
        value = value.get("config", {}).get("value") if isinstance(value.get("config"), Mapping) else None
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    text = format(value, ".7g")  # Keras stores it in single precision
    try:
        factor = rational(text, "rate")
    except LayerError:
        return None
    return None if factor < 0 else text if factor else ""


def _word(text: str) -> str:
    return re.sub(r"[^\w.=+-]+", "_", text)[:60] or "unnamed"


def _is(array: str, name: str, builder: Builder, place: int) -> bool:
    """Whether an array of symnet corresponds to the array with that name in Keras."""
    if array == "kernel":
        apart = ("recurrent_kernel", "depthwise_kernel", "pointwise_kernel")
        return name.endswith("kernel") and not name.endswith(apart) and not isinstance(builder.layer(place), Depthwise)
    if array == "depthwise":
        return name == "depthwise_kernel" or (name == "kernel" and isinstance(builder.layer(place), Depthwise))
    if array in ("recurrent", "pointwise"):
        return name.endswith(f"{array}_kernel")
    if array == "bias":
        return name == "bias" or name.endswith("_bias") or name.startswith("bias_")
    return name == array


def _switched_off(array: str, spec: Spec) -> bool:
    switch = _SWITCHES.get(array)
    inner = spec.config.get("layer") or spec.config.get("cell")
    config = inner.get("config", {}) if isinstance(inner, Mapping) else spec.config
    return switch is not None and (config.get(switch) is False or spec.config.get(switch) is False)


def _on_output(builder: Builder, places: range, spec: Spec, given: Sequence[Tensor], terms: _Terms) -> None:
    for kind, rate in terms:
        if spec.class_name in _INSIDE or len(given) != 1 or given[0].place not in places:
            _write(builder, places[-1], "output", kind if rate is None else f"{kind.upper()}({rate})_inside", None)
        else:
            _write(builder, given[0].place, "output", kind, rate)


def _write(builder: Builder, place: int, array: str, kind: str, rate: str | None) -> None:
    layer = builder.layer(place)
    kernels = [name for name in builder.arrays(place) if name.endswith("kernel")]
    own = {"l1": "l1", "l2": "l2"} if kernels == [array] else {"l2": "bias_l2"} if array == "bias" else {}
    if isinstance(layer, Penalized) and rate is not None and kind in own and getattr(layer, own[kind]) is None:
        builder.amend(place, **{own[kind]: rate})
        return
    token = f"{array}:{kind}" if rate is None else f"{array}:{kind}:{rate}"
    builder.amend(place, penalties=f"{layer.penalties} {token}" if layer.penalties else token)


# ---- losses
# -------------------------------------------------------------------------------------------------------------


def add_losses(builder: Builder, compiled: Any, outputs: Sequence[Tensor], names: Sequence[str]) -> None:
    """Attaches the compiled losses to the layers that produce the outputs; ``names`` are the names of the outputs in a
    dict of losses.
    """
    loss = _unwrapped(compiled.get("loss")) if isinstance(compiled, Mapping) else None
    if loss is None or not outputs:
        return
    losses = _by_output(loss, _unwrapped(compiled.get("loss_weights")), len(outputs), names)
    if losses is None:
        losses = [(0, "own.losses_of_no_known_form", None)]
    for number, name, weight in losses:
        tensor = outputs[number]
        if not tensor.place:
            builder.note(
                f"the loss {name.removeprefix('own.')} on the output {names[number]} is left out: that is the model's own input, "
                "so no weight changes it"
            )
            continue
        layer = builder.layer(tensor.place)
        token = name if weight is None else f"{name}:{weight}"
        builder.amend(tensor.place, loss=f"{layer.loss} {token}" if layer.loss else token)


def _unwrapped(value: Any) -> Any:
    """The value with serialized tuples as lists."""
    if isinstance(value, Mapping) and value.get("class_name") == "__tuple__":
        return list(value.get("items") or value.get("config") or [])
    return value


def _by_output(loss: Any, weights: Any, count: int, names: Sequence[str]) -> list[tuple[int, str, str | None]] | None:
    """(index of the output, loss, weight) for each loss; ``None`` for a configuration that Keras would not accept."""
    if isinstance(loss, Mapping) and "class_name" not in loss:
        if not set(loss) <= set(names) or not (weights is None or isinstance(weights, Mapping | list | tuple)):
            return None
        numbers, losses = [list(names).index(name) for name in loss], list(loss.values())
        if isinstance(weights, Mapping):
            if set(weights) - set(loss):
                return None
            weights = [weights.get(name) for name in loss]
        elif weights is not None:
            return None
    elif isinstance(loss, list):
        if len(loss) != count and count != 1:
            return None
        numbers, losses = (list(range(count)) if len(loss) == count else [0] * len(loss)), list(loss)
    else:
        numbers, losses = list(range(count)), [loss] * count
        if isinstance(weights, list | tuple | Mapping) and count != 1:
            return None
        if isinstance(weights, int | float):
            weights = [weights] * count
    if isinstance(weights, Mapping):
        weights = list(weights.values())
    listed = (
        [None] * len(losses) if weights is None else [weights] if isinstance(weights, int | float) else list(weights)
    )
    if len(listed) != len(losses):
        return None
    found = []
    for number, one, weight in zip(numbers, losses, listed, strict=True):
        if one is None:
            continue
        text = None if weight is None else _weight(weight)
        if weight is not None and text is None:
            return None
        found.append((number, _name(one), None if text == "1" else text))
    return found


def _weight(value: Any) -> str | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    text = format(value, ".7g")
    try:
        rational(text, "weight")
    except LayerError:
        return None
    return text


#: Default values of options of losses; other values are written after the name.
_USUAL: dict[str, Any] = {
    "from_logits": False, "label_smoothing": 0.0, "axis": -1, "reduction": "sum_over_batch_size", "ignore_class": None,
    "delta": 1.0, "alpha": 0.25, "gamma": 2.0, "apply_class_balancing": False, "dtype": None, "name": None, "fn": None,
}  # fmt: skip


def _name(written: Any) -> str:
    """The name of a loss in symnet, with its non-default options; a user's own loss by its own name."""
    config: Any = {}
    if isinstance(written, Mapping):
        config = written.get("config")
        name = str(config) if written.get("class_name") == "function" else str(written.get("class_name"))
        if str(written.get("module") or "keras").partition(".")[0] not in ("keras", "builtins", "tf_keras"):
            return f"own.{_word(name)}"
    else:
        name = str(written)
    for spelled in (name.lower(), re.sub(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", name).lower()):
        try:
            (term,) = loss_terms(spelled)
        except (LayerError, ValueError):
            continue
        options = [
            f"+{_word(f'{key}={value}')}"
            for key, value in (config.items() if isinstance(config, Mapping) else ())
            if key not in ("name", "dtype", "fn") and _USUAL.get(key, _USUAL) != value
        ]
        return term.name + "".join(options)
    return f"own.{_word(name)}"
