"""``torch.nn.MultiheadAttention``, of a sequence to itself or to another one."""

from __future__ import annotations

from typing import Any

from symnet.errors import ModelError
from symnet.frontends.flow import Flow
from symnet.frontends.ops.arranging import whole
from symnet.frontends.ops.products import shown
from symnet.frontends.torch.placing import same_features
from symnet.frontends.torch.tensors import Value, is_value
from symnet.frontends.torch.trace import Handler, Trace
from symnet.layers.arrays import Parameter
from symnet.layers.attention import CrossAttention, MultiHeadAttention
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
    for part in (query, key, value):
        if part.batch != wanted or not part.flow.batch_alone:
            sizes = ", ".join(shown([size]) for size in part.sizes)
            raise ModelError(
                trace.where(f"attends among the steps of ({sizes}), which symnet has for N sequences only")
            )
    if module.bias_k is not None or module.add_zero_attn:
        raise ModelError(trace.where("adds a key of its own (add_bias_kv, add_zero_attn)"))
    same_features(trace, query, 2, module.embed_dim, "features")
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
    if _same(query, key) and _same(query, value):
        query = trace.moved(query, whole(trace, query.flow, ""))
        made = trace.add(MultiHeadAttention(module.num_heads, bias=bias), query, holds=holds)
    else:
        same_features(trace, key, 2, module.kdim, "features of keys")
        same_features(trace, value, 2, module.vdim, "features of values")
        layer = CrossAttention(heads=module.num_heads, bias=bias)
        read = (query, key) if _same(key, value) else (query, key, value)
        tensors = [whole(trace, part.flow, "").tensor for part in read]
        made = trace.like(query, Flow.of(trace.layer(layer, *tensors, holds=holds), query.batch))
    return made, _weights(trace, module, query, key, average_attn_weights) if need_weights else None


def _weights(trace: Trace, module: Any, query: Value, key: Value, average: bool) -> Value:
    """How much each step attends to each, (batch, steps, steps of keys), for each head unless they are averaged."""
    steps = [part.sizes[1 - part.batch] for part in (query, key)]
    heads = () if average else (integer(module.num_heads),)
    tensor = trace.layer(Parameter((*heads, *steps), fixed=True), name="weights")
    made = trace.like(query, Flow.of(tensor))
    made.aside = True
    return made


def _same(one: Value, two: Value) -> bool:
    return is_value(two) and one.tensor is two.tensor


MODULES: dict[str, Handler] = {"torch.nn.modules.activation.MultiheadAttention": _attention}
