"""Handlers of Keras's layers for sequences: recurrent layers and their wrappers, attention."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from symnet.frontends.building import Tensor
from symnet.frontends.keras.call_site import Handler, Result, Site, Unknown
from symnet.frontends.keras.config import Config, Spec, spec_of
from symnet.layers.declaration.shape import CHANNELS_LAST
from symnet.layers.kinds.attention import CrossAttention, MultiHeadAttention
from symnet.layers.kinds.conv_recurrent import ConvLSTM
from symnet.layers.kinds.elementwise import Activation
from symnet.layers.kinds.inputs import Held
from symnet.layers.kinds.joins import Dot
from symnet.layers.kinds.merges import Add
from symnet.layers.kinds.recurrent import GRU, LSTM, Recurrent, SimpleRNN
from symnet.layers.kinds.reductions import Sum
from symnet.layers.kinds.reshaping import ExpandDims, Squeeze
from symnet.layers.kinds.slicing import Slice

__all__ = ["SEQUENCES"]

# ---- recurrent layers --------------------------------------------------------------------------------------------

_CELLS: dict[str, type[Recurrent]] = {"SimpleRNN": SimpleRNN, "GRU": GRU, "LSTM": LSTM}
_STATES = {"SimpleRNN": 1, "GRU": 1, "LSTM": 2}


def _gates(kind: str, config: Config) -> dict[str, Any]:
    """The fields of a recurrent layer, besides its units, on which its weights depend."""
    fields: dict[str, Any] = {} if config.flag("use_bias", True) else {"biases": "0"}
    if kind == "GRU" and not config.flag("reset_after", True):
        fields["reset_after"] = False
    return fields


def _recurrent(site: Site) -> Result:
    return _run(site, site.spec.class_name, site.config)


def _rnn(site: Site) -> Result:
    """``RNN`` with one cell, or with several cells stacked on each other."""
    cell = site.config.inner("cell")
    if cell.class_name != "StackedRNNCells":
        config = Config(cell.config, site.origin)
        return _run(_as_trained(site, config), cell.class_name.removesuffix("Cell"), config)
    written = cell.config.get("cells")
    if not isinstance(written, list) or not written or site.config.flag("return_state", False):
        raise Unknown("is of several cells, and gives their states")
    found = _sequence(site)
    for number, one in enumerate(written, 1):
        inner, last = spec_of(one, f"{site.origin}: cell {number}"), number == len(written)
        kind, config = inner.class_name.removesuffix("Cell"), Config(inner.config, site.origin)
        if kind not in _CELLS:
            raise Unknown(f"is of cells of class {kind}")
        every = site.config.flag("return_sequences", False) or not last
        found = _as_trained(site, config).put(
            _CELLS[kind],
            config.number("units"),
            to=found,
            part="" if last else f"cell{number}",
            return_sequences=every,
            **_gates(kind, config),
        )
    return found


def _as_trained(site: Site, inner: Config) -> Site:
    """The site, frozen if the inner layer with this configuration is."""
    return replace(site, frozen=site.frozen or not inner.flag("trainable", True))


def _run(site: Site, kind: str, config: Config) -> Result:
    if kind not in _CELLS:
        raise Unknown(f"is of cells of class {kind}")
    units, more = config.number("units"), _gates(kind, config)
    sequence = _sequence(site, units)
    every = site.config.flag("return_sequences", False)
    states = range(1, _STATES[kind] + 1) if site.config.flag("return_state", False) else ()
    every = every and bool(site.used & {0})
    made = site.put(_CELLS[kind], units, return_sequences=every, to=sequence, **more)
    return [made, *(_last_state(site, made, every, number) for number in states if number <= max(site.used, default=0))]


def _last_state(site: Site, made: Tensor, every: bool, number: int, numbers: tuple[int, int] | None = None) -> Tensor:
    """The last state of a recurrent layer, without further cost: sliced from all its states, or its output; for two
    directions in a row, the ``numbers`` of one of them.
    """
    if number not in site.used:
        return made
    part = f"state{number}"
    if every:
        last = site.put(Slice, 1, -1, to=made, part=f"{part}/step")
        made = site.put(Squeeze, (1,), to=last, part=part if numbers is None else f"{part}/all")
    if numbers is not None:
        return site.put(Slice, -1, *numbers, to=made, part=part)
    return made if every else site.put(Activation, "identity", to=made, part=part)


def _sequence(site: Site, units: int | None = None) -> Tensor:
    """The sequence that a recurrent layer reads. Initial states, which the call may also have, do not change sizes;
    they must have ``units`` numbers.
    """
    sequence, *states = site.joined
    for state in states if units is not None else ():
        sizes = [size.constant for size in state.shape.dims]
        if len(sizes) != 1 or sizes[0] not in (None, units):
            shown = "×".join("?" if size is None else str(size) for size in sizes)
            raise site.refused(f"has {units} units, and the state that it begins with has {shown} numbers")
    if states:
        site.builder.note(
            f"{site.path} begins with a state that is worked out before: it changes no size and no number of parameters, and "
            "stands in no formula"
        )
    return sequence


def _bidirectional(site: Site) -> Result:
    inner = site.config.inner("layer")
    config = Config(inner.config, site.origin)
    merge = site.config.get("merge_mode", "concat")
    if inner.class_name not in _CELLS:
        raise Unknown(f"is around a layer of class {inner.class_name}")
    if _differs(inner, site.config):
        raise Unknown("has two directions that differ")
    units = config.number("units")
    merged = merge if merge is not None else "concat"
    outputs = 1 if merge is not None else 2
    every = config.flag("return_sequences", False) and bool(site.used & set(range(outputs)))
    made = _as_trained(site, config).put(
        _CELLS[inner.class_name],
        units,
        to=_sequence(site, units),
        return_sequences=every,
        bidirectional=True,
        merge=merged,
        **_gates(inner.class_name, config),
    )
    halves = ((0, units), (units, 2 * units))
    found = [made]
    if merge is None:  # each direction separately
        found = [site.put(Slice, -1, *half, to=made, part=f"direction{one}") for one, half in enumerate(halves, 1)]
    if config.flag("return_state", False):
        count = _STATES[inner.class_name]
        for number in range(outputs, outputs + 2 * count):
            half = halves[number - outputs >= count]
            found.append(_last_state(site, made, every, number, half if merged == "concat" else None))
    return found


def _differs(forward: Spec, config: Config) -> bool:
    """Whether the backward layer is configured differently from the forward layer."""
    if not isinstance(config.get("backward_layer"), dict):
        return False
    backward = config.inner("backward_layer")
    names = ("units", "use_bias", "reset_after", "return_sequences", "trainable")
    same = all(forward.config.get(name) == backward.config.get(name) for name in names)
    return not same or forward.class_name != backward.class_name


def _conv_lstm(site: Site) -> Tensor:
    """ConvLSTM1D to 3D on channels-last steps."""
    config, rank = site.config, len(_sequence(site).shape.dims) - 2
    if config.word("data_format", CHANNELS_LAST) != CHANNELS_LAST or config.flag("return_state", False):
        raise Unknown("has its channels first, or gives its last states")
    if len(config.sizes("kernel_size")) not in (1, rank):
        raise site.refused(f"has {len(config.sizes('kernel_size'))} sizes of a window for {rank} axes")
    names = {"kernel": "kernel_size", "stride": "strides", "dilation": "dilation_rate"}
    window: dict[str, Any] = {
        ours: config.sizes(theirs) for ours, theirs in names.items() if config.get(theirs) is not None
    }
    return site.put(
        ConvLSTM,
        config.number("filters"),
        padding=config.padding(),
        bias=config.flag("use_bias", True),
        return_sequences=config.flag("return_sequences", False),
        **window,
    )


# ---- attention ---------------------------------------------------------------------------------------------------


def _query_key_value(site: Site) -> list[Tensor]:
    """The inputs of attention in Keras's order: query, value, and key (by default the value)."""
    if len(site.args) == 1 and isinstance(site.args[0], list):
        given: list[Any] = list(site.args[0])
    else:
        given = [*site.args[:3], *(site.kwargs[name] for name in ("query", "value", "key") if name in site.kwargs)]
    found = [tensor for tensor in given if isinstance(tensor, Tensor)]
    if len(found) not in (2, 3):
        raise Unknown(f"is called on {len(found)} tensors")
    query, value = found[:2]
    return [query, found[2] if len(found) == 3 else value, value]


def _heads(site: Site) -> Tensor:
    if site.config.flag("use_gate", False):
        raise Unknown("has a gate")
    query, key, value = _query_key_value(site)
    grouped = site.spec.class_name.startswith("Group")
    heads = site.config.number("num_query_heads" if grouped else "num_heads")
    fields: dict[str, Any] = {"bias": site.config.flag("use_bias", True)}
    if grouped:
        fields |= {"key_dim": site.config.number("head_dim"), "kv_heads": site.config.number("num_key_value_heads")}
    else:
        fields["key_dim"] = site.config.number("key_dim")
        if site.config.get("value_dim") not in (None, fields["key_dim"]):
            fields["value_dim"] = site.config.number("value_dim")
        if site.config.get("output_shape") is not None:
            shape = site.config.sizes("output_shape")
            if len(shape) != 1:
                raise Unknown(f"gives {len(shape)} sizes for one")
            fields["output_dim"] = shape[0]
    if 1 in site.used:
        raise Unknown("gives its scores, too")
    if query == key == value:
        return site.put(MultiHeadAttention, to=query, heads=heads, **fields)
    return site.put(CrossAttention, to=[query, key] if key == value else [query, key, value], heads=heads, **fields)


def _attention(site: Site) -> Tensor:
    """Dot-product attention without projections: scores of all pairs of steps, and the weighted means of the values."""
    query, key, value = _query_key_value(site)
    if 1 in site.used:
        raise Unknown("gives its scores, too")
    weights = site.config.flag("use_scale", False) + (site.config.word("score_mode", "dot") == "concat")
    if weights:
        query = site.put(Held, weights, to=query, part="scale")
    scores = site.put(Dot, to=[query, key], axes=(-1,), part="scores")
    return _means(site, scores, value)


def _additive_attention(site: Site) -> Tensor:
    query, key, value = _query_key_value(site)
    if 1 in site.used:
        raise Unknown("gives its scores, too")
    pairs = site.put(
        Add,
        to=[site.put(ExpandDims, -2, to=query, part="query"), site.put(ExpandDims, -3, to=key, part="key")],
        part="pairs",
    )
    if site.config.flag("use_scale", True):
        pairs = site.put(Held, query.shape.dims[-1], to=pairs, part="scale")
    return _means(site, site.put(Sum, (-1,), to=pairs, part="scores"), value)


def _means(site: Site, scores: Tensor, value: Tensor) -> Tensor:
    chances = site.put(Activation, "softmax", to=scores, part="weights")
    return site.put(Dot, to=[chances, value], axes=(-1, -2))


SEQUENCES: dict[str, Handler] = {
    "SimpleRNN": _recurrent,
    "GRU": _recurrent,
    "LSTM": _recurrent,
    "RNN": _rnn,
    "Bidirectional": _bidirectional,
    **{f"ConvLSTM{rank}D": _conv_lstm for rank in (1, 2, 3)},
    "MultiHeadAttention": _heads,
    "GroupedQueryAttention": _heads,
    "GroupQueryAttention": _heads,
    "Attention": _attention,
    "AdditiveAttention": _additive_attention,
}
