"""``torch.nn.MultiheadAttention``: self-attention and cross-attention."""

from __future__ import annotations

from typing import Any

from symnet.errors import ModelError
from symnet.frontends.flow import Flow, tidy
from symnet.frontends.ops.arranging import permuted, reshaped, whole
from symnet.frontends.ops.multiplying import multiplied
from symnet.frontends.ops.products import shown
from symnet.frontends.ops.selecting import chosen
from symnet.frontends.torch.making import dense
from symnet.frontends.torch.placing import along, same_sizes, with_features
from symnet.frontends.torch.tensors import Value, is_value
from symnet.frontends.torch.trace import Handler, Trace
from symnet.layers.kinds.arrays import Parameter
from symnet.layers.kinds.attention import CrossAttention, MultiHeadAttention
from symnet.layers.kinds.elementwise import Activation
from symnet.terms.term import integer

__all__ = ["MODULES"]


def _attention(
    trace: Trace, module: Any, query: Value, key: Value, value: Value, key_padding_mask: Any = None, need_weights: bool = True,
    attn_mask: Any = None, average_attn_weights: bool = True, is_causal: bool = False,
) -> tuple[Value, Any]:  # fmt: skip
    wanted = 0 if module.batch_first else 1
    if query.ndim != 3 or query.batch != wanted:
        first = "batch_first=True" if wanted else "batch_first=False"
        raise ModelError(
            trace.wrong(f"would attend along the batch, where dimension {query.batch} is; was {first} meant?")
        )
    if module.bias_k is not None or module.add_zero_attn:  # keys of its own: its code is followed
        given = (key_padding_mask, need_weights, attn_mask, average_attn_weights, is_causal)
        followed: tuple[Value, Any] = module.forward(query, key, value, *given)
        return followed
    _require_masks(trace, module, query, key, key_padding_mask, attn_mask)
    if _same(query, key) and _same(query, value) and query.batch == 0 and not query.flow.batch_alone:
        return _in_steps(trace, module, query, need_weights, average_attn_weights)
    for part in (query, key, value):
        if part.batch != wanted or not part.flow.batch_alone:
            sizes = ", ".join(shown([size]) for size in part.sizes)
            raise ModelError(
                trace.where(f"attends among the steps of ({sizes}), which symnet has for N sequences only")
            )
    alone, pair = _same(query, key) and _same(query, value), _same(key, value)
    query = with_features(trace, query, 2, module.embed_dim, "features")
    bias = module.in_proj_bias is not None
    holds: dict[str, Any] = {
        "query_bias key_bias value_bias": module.in_proj_bias,
        "output_kernel": module.out_proj.weight,
        "output_bias": module.out_proj.bias,
    }
    if module._qkv_same_embed_dim:
        holds["query_kernel key_kernel value_kernel"] = module.in_proj_weight
    else:
        holds |= {f"{name}_kernel": getattr(module, f"{name[0]}_proj_weight") for name in ("query", "key", "value")}
    if alone:
        query = trace.like(query, whole(trace, query.flow, ""))
        made = trace.add(MultiHeadAttention(module.num_heads, bias=bias), query, holds=holds)
    else:
        key = with_features(trace, key, 2, module.kdim, "features of keys")
        value = with_features(trace, value, 2, module.vdim, "features of values")
        layer = CrossAttention(heads=module.num_heads, bias=bias)
        read = (query, key) if pair else (query, key, value)
        tensors = [whole(trace, part.flow, "").tensor for part in read]
        made = trace.like(query, Flow.of(trace.layer(layer, *tensors, holds=holds), query.batch))
    return made, _weights(trace, module, query, key, average_attn_weights) if need_weights else None


def _require_masks(trace: Trace, module: Any, query: Value, key: Value, padding: Any, mask: Any) -> None:
    """A mask of attention is (steps, steps of keys), or has one such matrix for each head of each example; that of padding is
    (batch, steps of keys)."""
    batch = query.sizes[query.batch or 0]
    steps, keys = (part.sizes[1 - (query.batch or 0)] for part in (query, key))
    if padding is not None:
        same_sizes(trace, padding, (batch, keys), "a key_padding_mask")
    if mask is not None:
        groups = (tidy(batch * module.num_heads),) if mask.ndim == 3 else ()
        same_sizes(trace, mask, (*groups, steps, keys), "an attn_mask")


def _in_steps(trace: Trace, module: Any, x: Value, need_weights: bool, average: bool) -> tuple[Value, Any]:
    """Attention of sequences of which an example has several (windows, pixels beside the batch), as separate steps."""
    heads, width = integer(module.num_heads), integer(module.embed_dim // module.num_heads)
    made = dense(trace, x, module.in_proj_weight, module.in_proj_bias, "in_proj")
    every, steps, _ = x.sizes
    parts = reshaped(trace, made.flow, [every, steps, integer(3), heads, width], "heads")
    query, key, value = (
        permuted(trace, chosen(trace, parts, 2, integer(part), "part"), (0, 2, 1, 3), "heads") for part in range(3)
    )
    scores = trace.like(x, multiplied(trace, query, permuted(trace, key, (0, 1, 3, 2), "keys"), "scores"))
    scores, axis = along(trace, scores, -1)
    weights = trace.add(Activation("softmax", axis=axis), scores, name="softmax")
    mixed = permuted(trace, multiplied(trace, weights.flow, value, "values"), (0, 2, 1, 3), "heads")
    rows = trace.like(x, reshaped(trace, mixed, [every, steps, integer(module.embed_dim)], "merge"))
    result = dense(trace, rows, module.out_proj.weight, module.out_proj.bias, "out_proj")
    if not need_weights:
        return result, None
    given = trace.function("mean", (weights, 1), {}) if average else weights
    given.aside = True
    return result, given


def _weights(trace: Trace, module: Any, query: Value, key: Value, average: bool) -> Value:
    """The attention weights (batch, steps, steps of keys), with a dimension for the heads unless they are averaged."""
    steps = [part.sizes[1 - part.batch] for part in (query, key)]
    heads = () if average else (integer(module.num_heads),)
    tensor = trace.layer(Parameter((*heads, *steps), fixed=True), name="weights")
    made = trace.like(query, Flow.of(tensor))
    made.aside = True
    return made


def _same(one: Value, two: Value) -> bool:
    return is_value(two) and one.tensor is two.tensor


MODULES: dict[str, Handler] = {"torch.nn.modules.activation.MultiheadAttention": _attention}
