"""The table of frameworks for layers without windows: dense, recurrent, normalization, attention, embedding,
activations.
"""

from __future__ import annotations

from collections.abc import Mapping

from symnet.layers.profile import KERAS, ONNX, TENSORFLOW, TORCH, Profile

__all__ = ["FEATURE_PROFILES"]

_TORCH_RNN, _TORCH_NORM = "torch/nn/modules/rnn.py", "torch/nn/modules/normalization.py"
_TORCH_ACT = "torch/nn/modules/activation.py"
_KERAS_RNN, _KERAS_NORM = "keras/src/layers/rnn/", "keras/src/layers/normalization/"
_ONNX_RNN, _ONNX_NN = "onnx/defs/rnn/defs.cc", "onnx/defs/nn/defs.cc"

#: What PyTorch calls the fields of every recurrent layer; its output is all states, h_n the last.
_TORCH_NAMES = {
    "units": "hidden_size",
    "biases": "bias",
    "layers": "num_layers",
    "bidirectional": "bidirectional",
    "return_sequences": "output (all states) or h_n (the last)",
}
_TORCH_LACKS = {
    "merge": "no way of merging directions but concatenation",
    "biases=1": "two bias vectors a gate, or none (biases=2, biases=0)",
}
_KERAS_NAMES = {
    "units": "units",
    "return_sequences": "return_sequences",
    "biases": "use_bias",
    "bidirectional": "keras.layers.Bidirectional",
    "merge": "Bidirectional(merge_mode)",
}
_KERAS_LACKS = {
    "layers": "one layer at a time; write it once for each, with return_sequences=yes below the last",
    "biases=2": "one bias vector a gate, or none (biases=1, biases=0)",
}
_ONNX_NAMES = {
    "units": "hidden_size",
    "bidirectional": "direction",
    "biases": "the input B",
    "return_sequences": "Y or Y_h",
}
_ONNX_LACKS = {
    "layers": "one layer at a time; write it once for each",
    "merge": "no way of merging directions; it keeps them apart",
    "biases=1": "two bias vectors a gate, or none (biases=2, biases=0)",
}
_NO_PROJECTION = {"proj_size": "no projection; write TimeDistributed after it"}


def _keras(call: str, source: str, names: Mapping[str, str], **more: Mapping[str, object]) -> dict[str, Profile]:
    """A Keras layer, which TensorFlow has as tf.keras."""
    rest = {"defaults": more.get("defaults", {}), "lacks": more.get("lacks", {})}
    return {
        framework: Profile(f"{prefix}.layers.{call}", source, names, **rest)  # type: ignore[arg-type]
        for framework, prefix in ((KERAS, "keras"), (TENSORFLOW, "tf.keras"))
    }


_RECURRENT: dict[str, dict[str, Profile]] = {
    "RNN": {
        TORCH: Profile("torch.nn.RNN", _TORCH_RNN, _TORCH_NAMES, {"biases": "2"}, _TORCH_LACKS),
        **_keras("SimpleRNN", _KERAS_RNN + "simple_rnn.py", _KERAS_NAMES, lacks=_KERAS_LACKS),
        ONNX: Profile("RNN", _ONNX_RNN, _ONNX_NAMES, {"biases": "2"}, _ONNX_LACKS),
    },
    "GRU": {
        TORCH: Profile(
            "torch.nn.GRU",
            _TORCH_RNN,
            _TORCH_NAMES,
            {"biases": "2", "reset_after": True},
            {**_TORCH_LACKS, "reset_after": "the reset gate after the recurrent matrix only"},
        ),
        **_keras(
            "GRU",
            _KERAS_RNN + "gru.py",
            {**_KERAS_NAMES, "reset_after": "reset_after"},
            defaults={"reset_after": True},
            lacks={"layers": _KERAS_LACKS["layers"]},
        ),
        ONNX: Profile(
            "GRU",
            _ONNX_RNN,
            {**_ONNX_NAMES, "reset_after": "linear_before_reset"},
            {"biases": "2", "reset_after": False},
            _ONNX_LACKS,
        ),
    },
    "LSTM": {
        TORCH: Profile(
            "torch.nn.LSTM", _TORCH_RNN, {**_TORCH_NAMES, "proj_size": "proj_size"}, {"biases": "2"}, _TORCH_LACKS
        ),
        **_keras("LSTM", _KERAS_RNN + "lstm.py", _KERAS_NAMES, lacks={**_KERAS_LACKS, **_NO_PROJECTION}),
        ONNX: Profile("LSTM", _ONNX_RNN, _ONNX_NAMES, {"biases": "2"}, {**_ONNX_LACKS, **_NO_PROJECTION}),
    },
}

_NORMALIZATION: dict[str, dict[str, Profile]] = {
    "BN": {
        TORCH: Profile(
            "torch.nn.BatchNorm{rank}d",
            "torch/nn/modules/batchnorm.py",
            {
                "momentum": "momentum",
                "epsilon": "eps",
                "scale": "affine",
                "center": "affine",
                "statistics": "track_running_stats",
            },
            {"statistics": "buffers"},
            {"axis": "the channels only"},
        ),
        **_keras(
            "BatchNormalization",
            _KERAS_NORM + "batch_normalization.py",
            {name: name for name in ("scale", "center", "axis", "momentum", "epsilon")},
        ),
        ONNX: Profile(
            "BatchNormalization",
            _ONNX_NN,
            {"momentum": "momentum", "epsilon": "epsilon"},
            {},
            {"axis": "the channels only"},
        ),
    },
    "LayerNorm": {
        TORCH: Profile(
            "torch.nn.LayerNorm",
            _TORCH_NORM,
            {"axis": "normalized_shape", "scale": "elementwise_affine", "center": "bias", "epsilon": "eps"},
        ),
        **_keras(
            "LayerNormalization",
            _KERAS_NORM + "layer_normalization.py",
            {name: name for name in ("axis", "scale", "center", "epsilon")},
        ),
        ONNX: Profile("LayerNormalization", _ONNX_NN, {"axis": "axis", "epsilon": "epsilon", "center": "the input B"}),
    },
    "GroupNorm": {
        TORCH: Profile(
            "torch.nn.GroupNorm",
            _TORCH_NORM,
            {"groups": "num_groups", "scale": "affine", "center": "affine", "epsilon": "eps"},
        ),
        **_keras(
            "GroupNormalization",
            _KERAS_NORM + "group_normalization.py",
            {name: name for name in ("groups", "scale", "center", "epsilon")},
        ),
        ONNX: Profile("GroupNormalization", _ONNX_NN, {"groups": "num_groups", "epsilon": "epsilon"}),
    },
    "InstanceNorm": {
        TORCH: Profile(
            "torch.nn.InstanceNorm{rank}d", "torch/nn/modules/instancenorm.py", {"affine": "affine", "epsilon": "eps"}
        ),
        ONNX: Profile(
            "InstanceNormalization",
            _ONNX_NN,
            {"epsilon": "epsilon"},
            {"affine": True},
            {"affine=no": "a scale and a bias always"},
        ),
    },
    "RMSNorm": {
        TORCH: Profile(
            "torch.nn.RMSNorm",
            _TORCH_NORM,
            {"axis": "normalized_shape", "scale": "elementwise_affine", "epsilon": "eps"},
        ),
        **_keras("RMSNormalization", _KERAS_NORM + "rms_normalization.py", {"axis": "axis", "epsilon": "epsilon"}),
        ONNX: Profile("RMSNormalization", _ONNX_NN, {"axis": "axis", "epsilon": "epsilon"}),
    },
}

_OTHERS: dict[str, dict[str, Profile]] = {
    "FC": {
        TORCH: Profile(
            "torch.nn.Linear", "torch/nn/modules/linear.py", {"bias": "bias", "units": "out_features"}, {"axis": "last"}
        ),
        **_keras(
            "Dense", "keras/src/layers/core/dense.py", {"units": "units", "bias": "use_bias"}, defaults={"axis": "last"}
        ),
        ONNX: Profile("Gemm", "onnx/defs/math/defs.cc", {"bias": "the input C"}),
    },
    "Embedding": {
        TORCH: Profile(
            "torch.nn.Embedding", "torch/nn/modules/sparse.py", {"vocabulary": "num_embeddings", "dim": "embedding_dim"}
        ),
        **_keras("Embedding", "keras/src/layers/core/embedding.py", {"vocabulary": "input_dim", "dim": "output_dim"}),
        ONNX: Profile("Gather", "onnx/defs/tensor/defs.cc", {}),
    },
    "MultiHeadAttention": {
        TORCH: Profile(
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
        ),
        **_keras(
            "MultiHeadAttention",
            "keras/src/layers/attention/multi_head_attention.py",
            {
                "heads": "num_heads",
                "key_dim": "key_dim",
                "value_dim": "value_dim",
                "output_dim": "output_shape",
                "kv_heads": "keras.layers.GroupedQueryAttention(num_key_value_heads)",
                "bias": "use_bias",
            },
        ),
    },
    "PReLU": {
        TORCH: Profile(
            "torch.nn.PReLU",
            _TORCH_ACT,
            {"num_parameters": "num_parameters"},
            {"num_parameters": 1},
            {"shared_axes": "num_parameters instead"},
        ),
        **_keras(
            "PReLU",
            "keras/src/layers/activations/prelu.py",
            {"shared_axes": "shared_axes"},
            lacks={"num_parameters": "shared_axes instead"},
        ),
        ONNX: Profile("PRelu", "onnx/defs/math/defs.cc", {"num_parameters": "the shape of slope"}),
    },
}

#: By kind of layer, then framework.
FEATURE_PROFILES: Mapping[str, Mapping[str, Profile]] = {**_OTHERS, **_NORMALIZATION, **_RECURRENT}
