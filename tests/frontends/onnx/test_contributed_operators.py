"""Operators of onnxruntime's own domain, each imported once and compared with it at several sizes."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from tests.frontends.onnx.protos import node, weight
from tests.frontends.onnx.several_sizes import BACK, IMAGE, STEPS, TWO, agree_on, one, ours, table, whole

pytestmark = [pytest.mark.frameworks, pytest.mark.filterwarnings("ignore::")]

QUANTIZED = [one("s", 0.1, np.float32), one("o", 0, np.uint8)]
HEADS = {"q": ["batch", "T", 8], "k": ["batch", "W", 8], "v": ["batch", "W", 12]}


def quantized(name: str, made: str) -> Any:
    return node("QuantizeLinear", f"{name} s o", made)


#: The name of the case, and the arguments of :func:`agree`.
CASES: dict[str, tuple[Any, ...] | tuple[tuple[Any, ...], dict[str, Any]]] = {
    "fused_conv": (
        (
            [ours("FusedConv", "x w b z", activation="Relu", pads=[1, 1, 1, 1])],
            {**IMAGE, "z": ["batch", 4, "H", "W"]},
            [weight("w", 4, 3, 3, 3), weight("b", 4)],
        ),
        {"parameters": 112},
    ),
    "fused_matmul": ([ours("FusedMatMul", "x z", transB=1, alpha=0.5)], {**STEPS, "z": ["batch", "H", 8]}),
    "fused_matmul_of_weights": (
        ([ours("FusedMatMul", "x w", transB=1)], STEPS, [weight("w", 5, 8)]),
        {"parameters": 40},
    ),
    "fused_matmul_across": ([ours("FusedMatMul", "x z", transA=1)], {**STEPS, "z": ["batch", "T", 5]}),
    "fused_gemm": (
        (
            [ours("FusedGemm", "x w b", transB=1, activation="Relu")],
            {"x": ["batch", 8]},
            [weight("w", 5, 8), weight("b", 5)],
        ),
        {"parameters": 45},
    ),
    "matmul_nbits": (
        (
            [ours("MatMulNBits", "x w r", K=32, N=5, bits=4, block_size=16)],
            {"x": ["batch", "T", 32]},
            [table("w", 5, 2, 8, kind=np.uint8), weight("r", 10)],
        ),
        {"parameters": 160},
    ),
    "dynamic_quantize_matmul": (
        (
            [ours("DynamicQuantizeMatMul", "x w r - b")],
            STEPS,
            [table("w", 8, 5, kind=np.uint8), weight("r", 1), weight("b", 5)],
        ),
        {},
    ),
    "fast_gelu": (([ours("FastGelu", "x b")], STEPS, [weight("b", 8)]), {"parameters": 8}),
    "bias_gelu": ([ours("BiasGelu", "x b")], STEPS, [weight("b", 8)]),
    "quick_gelu": ([ours("QuickGelu", "x")], STEPS),
    "skip_layer_norm": (
        ([ours("SkipLayerNormalization", "x z g e b")], TWO, [weight("g", 8), weight("e", 8), weight("b", 8)]),
        {"parameters": 24},
    ),
    "skip_rms_norm": (([ours("SkipSimplifiedLayerNormalization", "x z g")], TWO, [weight("g", 8)]), {"parameters": 8}),
    "rms_norm": (
        ([node("SimplifiedLayerNormalization", "x g", axis=-1, epsilon=1e-6)], STEPS, [weight("g", 8)]),
        {"parameters": 8},
    ),
    "attention": (
        (
            [ours("Attention", "x w b", "y p", num_heads=2, unidirectional=1)],
            STEPS,
            [weight("w", 8, 24), weight("b", 24)],
        ),
        {"outputs": "y p", "parameters": 216},
    ),
    "attention_of_other_values": (
        [ours("Attention", "x w b", num_heads=2, qkv_hidden_sizes=[8, 8, 12])],
        STEPS,
        [weight("w", 8, 28), weight("b", 28)],
    ),
    "multi_head_attention": (
        ([ours("MultiHeadAttention", "q k v b", "y p r", num_heads=2)], HEADS, [weight("b", 28)]),
        {"outputs": "y p r", "parameters": 28},
    ),
    "multi_head_attention_with_past": (
        (
            [ours("MultiHeadAttention", "q k v - - - a c", "y p r", num_heads=2)],
            {**{name: ["batch", "T", 8] for name in "qkv"}, **{name: ["batch", 2, "W", 4] for name in "ac"}},
        ),
        {"outputs": "y p r"},
    ),
    "multi_head_attention_of_heads": (
        [ours("MultiHeadAttention", "q k v", num_heads=2)],
        {"q": ["batch", "T", 8], **{name: ["batch", 2, "W", 4] for name in "kv"}},
    ),
    "qlinear_add": (
        [quantized("x", "a"), quantized("z", "c"), ours("QLinearAdd", "a s o c s o s o")],
        {"x": ["batch", 8, "T"], "z": ["batch", 1, "T"]},
        QUANTIZED,
    ),
    "qlinear_mul": (
        [quantized("x", "a"), quantized("z", "c"), ours("QLinearMul", "a s o c s o s o")],
        {"x": ["batch", 8, "T"], "z": ["batch", 1, "T"]},
        QUANTIZED,
    ),
    "qlinear_concat": (
        [quantized("x", "a"), quantized("z", "c"), ours("QLinearConcat", "s o a s o c s o", axis=1)],
        {"x": ["batch", 8, "T"], "z": ["batch", 1, "T"]},
        QUANTIZED,
    ),
    "qlinear_global_pool": (
        [quantized("x", "a"), ours("QLinearGlobalAveragePool", "a s o s o", channels_last=1)],
        {"x": ["batch", "H", "W", 3]},
        QUANTIZED,
    ),
    "qlinear_pool": (
        [quantized("x", "a"), ours("QLinearAveragePool", "a s o s o", channels_last=1, **BACK)],
        {"x": ["batch", "H", "W", 3]},
        QUANTIZED,
    ),
    "qlinear_sigmoid": ([quantized("x", "a"), ours("QLinearSigmoid", "a s o s o")], IMAGE, QUANTIZED),
    "nhwc_max_pool": (
        [quantized("x", "a"), ours("NhwcMaxPool", "a", **BACK)],
        {"x": ["batch", "H", "W", 3]},
        QUANTIZED,
    ),
    "inverse": ([ours("Inverse", "x")], {"x": ["batch", 4, 4]}),
    "expand_dims": ([ours("ExpandDims", "x a")], STEPS, [one("a", 2, np.int32)]),
    "contributed_pad": ([ours("Pad", "x p")], IMAGE, [whole("p", 0, 0, 1, 1, 0, 0, 2, 2)]),
}


@pytest.mark.parametrize("name", CASES)
def test_an_operator_has_the_sizes_of_the_runtime(name: str) -> None:
    agree_on(CASES[name])
