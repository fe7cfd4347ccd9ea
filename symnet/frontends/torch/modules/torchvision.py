"""Modules of torchvision that become layers, known by name: torchvision is not imported here."""

from __future__ import annotations

from typing import Any

from symnet.errors import ModelError
from symnet.frontends.flow import tidy
from symnet.frontends.ops.arranging import whole
from symnet.frontends.ops.products import shown
from symnet.frontends.torch.placing import along
from symnet.frontends.torch.sizes import term_of
from symnet.frontends.torch.tensors import Value
from symnet.frontends.torch.trace import Handler, Trace
from symnet.layers.kinds.elementwise import Dropout
from symnet.layers.kinds.normalization import BatchNorm, LayerNorm
from symnet.layers.kinds.window_attention import PatchMerging, PooledAttention, WindowAttention

__all__ = ["MODULES"]


def _stochastic_depth(trace: Trace, module: Any, x: Value) -> Value:
    return trace.add(Dropout(module.p), x)


def _frozen_batch_norm(trace: Trace, module: Any, x: Value) -> Value:
    return trace.add(BatchNorm(scale=False, center=False, statistics="none", fixed=True), x)


def _layer_norm_2d(trace: Trace, module: Any, x: Value) -> Value:
    """Layer normalization over the channels, which come first."""
    x, axis = along(trace, x, 1)
    layer = LayerNorm(axis, scale=module.weight is not None, center=module.bias is not None, epsilon=module.eps)
    return trace.add(layer, x, holds={"gamma": module.weight, "beta": module.bias})


def _window_attention(trace: Trace, module: Any, x: Value) -> Value:
    """Swin's window attention, whose windows are merged with the batch internally."""
    network = hasattr(module, "cpb_mlp")
    layer = WindowAttention(
        module.num_heads, tuple(module.window_size), bias=module.qkv.bias is not None,
        output_bias=module.proj.bias is not None, positions="network" if network else "table",
        clamped=type(module).__name__.endswith("3d"), **({"hidden": module.cpb_mlp[0].out_features} if network else {}),
    )  # fmt: skip
    holds = {
        "query_key_value_kernel": module.qkv.weight,
        "query_key_value_bias": module.qkv.bias,
        "output_kernel": module.proj.weight,
        "output_bias": module.proj.bias,
    }
    if network:
        holds |= {"scale": module.logit_scale, "hidden_kernel": module.cpb_mlp[0].weight}
        holds |= {"hidden_bias": module.cpb_mlp[0].bias, "positions_kernel": module.cpb_mlp[2].weight}
    else:
        holds["table"] = module.relative_position_bias_table
    return trace.add(layer, _examples(trace, x), holds=holds)


def _examples(trace: Trace, x: Value) -> Value:
    """The tensor with the batch alone and first, as these modules read it."""
    if x.batch != 0 or not x.flow.batch_alone:
        raise ModelError(
            trace.where(f"reads (batch, …, features), and gets ({', '.join(shown([one]) for one in x.sizes)})")
        )
    return trace.like(x, whole(trace, x.flow, ""))


def _patch_merging(trace: Trace, module: Any, x: Value) -> Any:
    x = _examples(trace, x)
    axes = len(x.tensor.shape.dims) - 1
    blocks = trace.add(PatchMerging((*(1,) * (axes - 2), 2, 2)), x, name="blocks")
    if type(module).__name__.endswith("V2"):
        return module.norm(module.reduction(blocks))
    return module.reduction(module.norm(blocks))


def _pooled_attention(trace: Trace, module: Any, x: Value, thw: Any) -> tuple[Value, Any]:
    """MViT's attention, whose heads are merged with the batch internally."""
    pools = {name: getattr(module, f"pool_{name}") for name in ("q", "k", "v")}
    windows = {name: (pool.pool.kernel_size, pool.pool.stride) for name, pool in pools.items() if pool is not None}
    norms = [pool.norm_act[0] for pool in pools.values() if pool is not None]
    if any(pool is not None and (pool.norm_before_pool or len(pool.norm_act) != 1) for pool in pools.values()):
        raise ModelError(trace.where("normalizes before it pools"))
    if any(type(norm).__name__ != "LayerNorm" for norm in norms) or windows.get("k") != windows.get("v"):
        raise ModelError(trace.where("pools in a way that symnet does not know"))
    (kernel_q, stride_q), (kernel_kv, stride_kv) = (windows.get(name, (1, 1)) for name in ("q", "k"))
    tables = (module.rel_pos_h, module.rel_pos_w, module.rel_pos_t)
    layer = PooledAttention(
        module.num_heads, output_dim=module.output_dim, grid=tuple(map(term_of, thw)), kernel_q=kernel_q, stride_q=stride_q,
        kernel_kv=kernel_kv, stride_kv=stride_kv,
        relative=None if tables[0] is None else (tables[0].shape[0], tables[2].shape[0]),
    )  # fmt: skip
    holds = {
        "query_key_value_kernel": module.qkv.weight, "query_key_value_bias": module.qkv.bias,
        "output_kernel": module.project[0].weight, "output_bias": module.project[0].bias,
        "height": tables[0], "width": tables[1], "time": tables[2],
    }  # fmt: skip
    for name, pool in pools.items():
        if pool is not None:
            holds |= {
                f"{name}_kernel": pool.pool.weight,
                f"{name}_norm": [pool.norm_act[0].weight, pool.norm_act[0].bias],
            }
    made = trace.add(layer, _examples(trace, x), holds=holds)
    return made, tuple(trace.size(tidy(size)) for size in layer.pooled_grid(layer.kernel_q, layer.stride_q))


MODULES: dict[str, Handler] = {
    "torchvision.ops.stochastic_depth.StochasticDepth": _stochastic_depth,
    "torchvision.ops.misc.FrozenBatchNorm2d": _frozen_batch_norm,
    "torchvision.models.convnext.LayerNorm2d": _layer_norm_2d,
    "torchvision.models.swin_transformer.ShiftedWindowAttention": _window_attention,
    "torchvision.models.swin_transformer.ShiftedWindowAttentionV2": _window_attention,
    "torchvision.models.swin_transformer.PatchMerging": _patch_merging,
    "torchvision.models.swin_transformer.PatchMergingV2": _patch_merging,
    "torchvision.models.video.swin_transformer.ShiftedWindowAttention3d": _window_attention,
    "torchvision.models.video.mvit.MultiscaleAttention": _pooled_attention,
}
