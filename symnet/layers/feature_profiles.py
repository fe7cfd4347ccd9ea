"""The table of frameworks for layers without windows: dense, recurrent, normalization, attention, embedding,
activations.
"""

from __future__ import annotations

from collections.abc import Mapping

from symnet.layers.profile import KERAS, OFFSET_ALONE, ONNX, TENSORFLOW, TORCH, Profile

__all__ = ["FEATURE_PROFILES"]

_TORCH_RNN, _TORCH_NORM = "torch/nn/modules/rnn.py", "torch/nn/modules/normalization.py"
_TORCH_ACT = "torch/nn/modules/activation.py"
_KERAS_RNN, _KERAS_NORM = "keras/src/layers/rnn/", "keras/src/layers/normalization/"
_ONNX_RNN, _ONNX_NN = "onnx/defs/rnn/defs.cc", "onnx/defs/nn/defs.cc"

#: What PyTorch calls the fields of every recurrent layer; its output is all states, h_n the last.
_TORCH_NAMES = {
    "channels": "input_size",
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
#: Our shapes are those of one example of a batch, which comes first.
_BATCH_FIRST = {"batch_first": "True"}
_TORCH_SAID = {"biases=0": "bias=False", "biases=2": "", "return_sequences=yes": "", "merge=concat": ""}
_KERAS_SAID = {"biases=0": "use_bias=False", "biases=1": "", "bidirectional=yes": "{prefix}.layers.Bidirectional({{}})"}
_ONNX_SAID = {"bidirectional=yes": "direction='bidirectional'"}
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
    rest = {name: more.get(name, {}) for name in ("defaults", "lacks", "measured", "variants")}
    said: Mapping[str, str] = more.get("said", {})  # type: ignore[assignment]
    return {
        framework: Profile(
            f"{prefix}.layers.{call}",
            source,
            names,
            **rest,  # type: ignore[arg-type]
            said={value: words.format(prefix=prefix) for value, words in said.items()},
        )
        for framework, prefix in ((KERAS, "keras"), (TENSORFLOW, "tf.keras"))
    }


_RECURRENT: dict[str, dict[str, Profile]] = {
    "RNN": {
        TORCH: Profile(
            "torch.nn.RNN",
            _TORCH_RNN,
            _TORCH_NAMES,
            {"biases": "2"},
            _TORCH_LACKS,
            said=_TORCH_SAID,
            fixed=_BATCH_FIRST,
        ),
        **_keras("SimpleRNN", _KERAS_RNN + "simple_rnn.py", _KERAS_NAMES, lacks=_KERAS_LACKS, said=_KERAS_SAID),
        ONNX: Profile("RNN", _ONNX_RNN, _ONNX_NAMES, {"biases": "2"}, _ONNX_LACKS, said=_ONNX_SAID),
    },
    "GRU": {
        TORCH: Profile(
            "torch.nn.GRU",
            _TORCH_RNN,
            _TORCH_NAMES,
            {"biases": "2", "reset_after": True},
            {**_TORCH_LACKS, "reset_after": "the reset gate after the recurrent matrix only"},
            said={**_TORCH_SAID, "reset_after=yes": ""},
            fixed=_BATCH_FIRST,
        ),
        **_keras(
            "GRU",
            _KERAS_RNN + "gru.py",
            {**_KERAS_NAMES, "reset_after": "reset_after"},
            defaults={"reset_after": True},
            lacks={"layers": _KERAS_LACKS["layers"]},
            said={**_KERAS_SAID, "biases=2": ""},
        ),
        ONNX: Profile(
            "GRU",
            _ONNX_RNN,
            {**_ONNX_NAMES, "reset_after": "linear_before_reset"},
            {"biases": "2", "reset_after": False},
            _ONNX_LACKS,
            said=_ONNX_SAID,
        ),
    },
    "LSTM": {
        TORCH: Profile(
            "torch.nn.LSTM",
            _TORCH_RNN,
            {**_TORCH_NAMES, "proj_size": "proj_size"},
            {"biases": "2"},
            _TORCH_LACKS,
            said=_TORCH_SAID,
            fixed=_BATCH_FIRST,
        ),
        **_keras(
            "LSTM",
            _KERAS_RNN + "lstm.py",
            _KERAS_NAMES,
            lacks={**_KERAS_LACKS, **_NO_PROJECTION},
            said=_KERAS_SAID,
        ),
        ONNX: Profile(
            "LSTM", _ONNX_RNN, _ONNX_NAMES, {"biases": "2"}, {**_ONNX_LACKS, **_NO_PROJECTION}, said=_ONNX_SAID
        ),
    },
}

#: The field ``center`` is refused where there is no ``scale``.
_NO_OFFSET_ALONE = {OFFSET_ALONE: "no offset without a factor"}

_NORMALIZATION: dict[str, dict[str, Profile]] = {
    "BN": {
        TORCH: Profile(
            "torch.nn.BatchNorm{rank}d",
            "torch/nn/modules/batchnorm.py",
            {
                "channels": "num_features",
                "momentum": "momentum",
                "epsilon": "eps",
                "scale": "affine",
                "center": "bias",
                "statistics": "track_running_stats",
            },
            {"statistics": "buffers", "momentum": "0.1", "epsilon": "1e-05"},
            {"axis": "the channels only", **_NO_OFFSET_ALONE},
            said={"statistics=buffers": "", "statistics=none": "track_running_stats=False"},
        ),
        **_keras(
            "BatchNormalization",
            _KERAS_NORM + "batch_normalization.py",
            {name: name for name in ("scale", "center", "axis", "momentum", "epsilon")},
            defaults={"momentum": "0.99", "epsilon": "0.001", "axis": "-1"},
        ),
        ONNX: Profile(
            "BatchNormalization",
            _ONNX_NN,
            {"momentum": "momentum", "epsilon": "epsilon"},
            {"momentum": "0.9", "epsilon": "1e-05"},
            {"axis": "the channels only"},
        ),
    },
    "LayerNorm": {
        TORCH: Profile(
            "torch.nn.LayerNorm",
            _TORCH_NORM,
            {"axis": "normalized_shape", "scale": "elementwise_affine", "center": "bias", "epsilon": "eps"},
            {"epsilon": "1e-05"},
            _NO_OFFSET_ALONE,
            always=("axis",),
        ),
        **_keras(
            "LayerNormalization",
            _KERAS_NORM + "layer_normalization.py",
            {name: name for name in ("axis", "scale", "center", "epsilon")},
            defaults={"epsilon": "0.001", "axis": "-1"},
        ),
        ONNX: Profile(
            "LayerNormalization",
            _ONNX_NN,
            {"axis": "axis", "epsilon": "epsilon", "center": "the input B"},
            {"axis": "-1", "epsilon": "1e-05"},
        ),
    },
    "GroupNorm": {
        TORCH: Profile(
            "torch.nn.GroupNorm",
            _TORCH_NORM,
            {
                "groups": "num_groups",
                "channels": "num_channels",
                "scale": "affine",
                "center": "bias",
                "epsilon": "eps",
            },
            {"epsilon": "1e-05"},
            _NO_OFFSET_ALONE,
            always=("groups",),
        ),
        **_keras(
            "GroupNormalization",
            _KERAS_NORM + "group_normalization.py",
            {name: name for name in ("groups", "scale", "center", "epsilon")},
            defaults={"groups": "32", "epsilon": "0.001"},
        ),
        ONNX: Profile(
            "GroupNormalization", _ONNX_NN, {"groups": "num_groups", "epsilon": "epsilon"}, {"epsilon": "1e-05"}
        ),
    },
    "InstanceNorm": {
        TORCH: Profile(
            "torch.nn.InstanceNorm{rank}d",
            "torch/nn/modules/instancenorm.py",
            {"channels": "num_features", "affine": "affine", "epsilon": "eps"},
            {"epsilon": "1e-05"},
        ),
        ONNX: Profile(
            "InstanceNormalization",
            _ONNX_NN,
            {"epsilon": "epsilon"},
            {"affine": True, "epsilon": "1e-05"},
            {"affine=no": "a scale and a bias always"},
        ),
    },
    "RMSNorm": {
        TORCH: Profile(
            "torch.nn.RMSNorm",
            _TORCH_NORM,
            {"axis": "normalized_shape", "scale": "elementwise_affine", "epsilon": "eps"},
            always=("axis",),
        ),
        **_keras(
            "RMSNormalization",
            _KERAS_NORM + "rms_normalization.py",
            {"axis": "axis", "epsilon": "epsilon"},
            defaults={"epsilon": "1e-06", "axis": "-1"},
            lacks={"scale": "a factor always"},
        ),
        ONNX: Profile(
            "RMSNormalization",
            _ONNX_NN,
            {"axis": "axis", "epsilon": "epsilon"},
            {"epsilon": "1e-05"},
            {"scale": "a factor always"},
        ),
    },
}

#: Keras has a layer of its own for heads of keys that several heads of queries share.
_GROUPED = {
    "kv_heads": _keras(
        "GroupQueryAttention",
        "keras/src/layers/attention/grouped_query_attention.py",
        {"heads": "num_query_heads", "kv_heads": "num_key_value_heads", "bias": "use_bias"},
        measured={"head_dim": (0, 2)},
    )[KERAS]
}

_OTHERS: dict[str, dict[str, Profile]] = {
    "FC": {
        TORCH: Profile(
            "torch.nn.Linear",
            "torch/nn/modules/linear.py",
            {"units": "out_features", "bias": "bias"},
            {"axis": "last"},
            measured={"in_features": (0, -1)},
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
            measured={"embed_dim": (0, 0)},
            said={f"bias={word}": words for word, words in (("no", "bias=False"), ("yes", ""))},
            fixed=_BATCH_FIRST,
        ),
        **_keras(
            "MultiHeadAttention",
            "keras/src/layers/attention/multi_head_attention.py",
            {
                "heads": "num_heads",
                "key_dim": "key_dim",
                "value_dim": "value_dim",
                "output_dim": "output_shape",
                "bias": "use_bias",
            },
            measured={"key_dim": (0, 2)},
            variants=_GROUPED,
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
