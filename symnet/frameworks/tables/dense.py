"""Dense layers, embeddings, attention and PReLU in every framework."""

from __future__ import annotations

from collections.abc import Mapping

from symnet.frameworks.convention import KERAS, ONNX, TORCH, Convention
from symnet.frameworks.tables.shared import BATCH_FIRST, absent, in_keras_and_tensorflow

__all__ = ["DENSE"]

_TORCH_ACT = "torch/nn/modules/activation.py"

#: Keras has a separate layer for heads of keys shared by several heads of queries.
_GROUPED = {
    "kv_heads": in_keras_and_tensorflow(
        "GroupQueryAttention",
        "keras/src/layers/attention/grouped_query_attention.py",
        {"heads": "num_query_heads", "kv_heads": "num_key_value_heads", "bias": "use_bias"},
        from_weights={"head_dim": (0, 2)},
    )[KERAS]
}

DENSE: Mapping[str, Mapping[str, Convention]] = {
    "FC": {
        TORCH: Convention(
            "torch.nn.Linear",
            "torch/nn/modules/linear.py",
            {"units": "out_features", "bias": "bias"},
            {"axis": "last"},
            from_weights={"in_features": (0, -1)},
        ),
        **in_keras_and_tensorflow(
            "Dense", "keras/src/layers/core/dense.py", {"units": "units", "bias": "use_bias"}, defaults={"axis": "last"}
        ),
        ONNX: Convention("Gemm", "onnx/defs/math/defs.cc", {"bias": "the input C"}),
    },
    "Embedding": {
        TORCH: Convention(
            "torch.nn.Embedding", "torch/nn/modules/sparse.py", {"vocabulary": "num_embeddings", "dim": "embedding_dim"}
        ),
        **in_keras_and_tensorflow(
            "Embedding", "keras/src/layers/core/embedding.py", {"vocabulary": "input_dim", "dim": "output_dim"}
        ),
        ONNX: Convention("Gather", "onnx/defs/tensor/defs.cc", {}),
    },
    "MultiHeadAttention": {
        TORCH: Convention(
            "torch.nn.MultiheadAttention",
            _TORCH_ACT,
            {"heads": "num_heads", "bias": "bias"},
            {},
            {
                "key_dim": "embed_dim / num_heads numbers a head",
                "value_dim": "embed_dim / num_heads numbers a head",
                "output_dim": "as many features out as in",
                "kv_heads": "as many heads of keys as of queries",
            },
            from_weights={"embed_dim": (0, 0)},
            spelled={"bias=no": ("bias", False), "bias=yes": None},
            fixed=BATCH_FIRST,
        ),
        **in_keras_and_tensorflow(
            "MultiHeadAttention",
            "keras/src/layers/attention/multi_head_attention.py",
            {
                "heads": "num_heads",
                "key_dim": "key_dim",
                "value_dim": "value_dim",
                "output_dim": "output_shape",
                "bias": "use_bias",
            },
            from_weights={"key_dim": (0, 2)},
            variants=_GROUPED,
            always=("key_dim",),
        ),
        ONNX: absent("use MatMul for queries, keys and values, then Attention"),
    },
    "PReLU": {
        TORCH: Convention(
            "torch.nn.PReLU",
            _TORCH_ACT,
            {"num_parameters": "num_parameters"},
            {"num_parameters": 1},
            {"shared_axes": "num_parameters instead"},
        ),
        **in_keras_and_tensorflow(
            "PReLU",
            "keras/src/layers/activations/prelu.py",
            {"shared_axes": "shared_axes"},
            lacks={"num_parameters": "shared_axes instead"},
        ),
        ONNX: Convention("PRelu", "onnx/defs/math/defs.cc", {"num_parameters": "the shape of slope"}),
    },
}
