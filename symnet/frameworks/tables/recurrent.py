"""Recurrent layers in every framework."""

from __future__ import annotations

from collections.abc import Mapping

from symnet.frameworks.convention import KERAS, ONNX, TENSORFLOW, TORCH, Convention
from symnet.frameworks.tables.shared import BATCH_FIRST, absent, in_keras_and_tensorflow, in_tensorflow

__all__ = ["RECURRENT"]

_TORCH_RNN, _KERAS_RNN, _ONNX_RNN = "torch/nn/modules/rnn.py", "keras/src/layers/rnn/", "onnx/defs/rnn/defs.cc"

#: PyTorch's names for the fields of recurrent layers; its output is all states, h_n the last one.
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
_TORCH_SPELLED = {"biases=0": ("bias", False), "biases=2": None, "return_sequences=yes": None, "merge=concat": None}
_KERAS_SPELLED = {"biases=0": ("use_bias", False), "biases=1": None}
_KERAS_WRAPPERS = {"bidirectional=yes": "keras.layers.Bidirectional"}
#: What ONNX infers from the weights if it is left out.
_ONNX_USUAL = {"units": "the sizes of R", "bidirectional": "forward"}
_ONNX_SPELLED = {"bidirectional=yes": ("direction", "bidirectional")}
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


_CONV_LSTM = Convention(
    "keras.layers.ConvLSTM{rank}D",
    _KERAS_RNN + "conv_lstm2d.py",
    {
        "filters": "filters",
        "kernel": "kernel_size",
        "stride": "strides",
        "padding": "padding",
        "dilation": "dilation_rate",
        "bias": "use_bias",
        "return_sequences": "return_sequences",
    },
    lacks={"amounts": "no amounts of padding; pad before it", "same_lower": "no padding='same_lower'; pad before it"},
    steps=True,
)

RECURRENT: Mapping[str, Mapping[str, Convention]] = {
    "RNN": {
        TORCH: Convention(
            "torch.nn.RNN",
            _TORCH_RNN,
            _TORCH_NAMES,
            {"biases": "2"},
            _TORCH_LACKS,
            spelled=_TORCH_SPELLED,
            fixed=BATCH_FIRST,
        ),
        **in_keras_and_tensorflow(
            "SimpleRNN",
            _KERAS_RNN + "simple_rnn.py",
            _KERAS_NAMES,
            lacks=_KERAS_LACKS,
            spelled=_KERAS_SPELLED,
            wrappers=_KERAS_WRAPPERS,
        ),
        ONNX: Convention(
            "RNN", _ONNX_RNN, _ONNX_NAMES, {"biases": "2"}, _ONNX_LACKS, spelled=_ONNX_SPELLED, usual=_ONNX_USUAL
        ),
    },
    "GRU": {
        TORCH: Convention(
            "torch.nn.GRU",
            _TORCH_RNN,
            _TORCH_NAMES,
            {"biases": "2", "reset_after": True},
            {**_TORCH_LACKS, "reset_after": "the reset gate after the recurrent matrix only"},
            spelled={**_TORCH_SPELLED, "reset_after=yes": None},
            fixed=BATCH_FIRST,
        ),
        **in_keras_and_tensorflow(
            "GRU",
            _KERAS_RNN + "gru.py",
            {**_KERAS_NAMES, "reset_after": "reset_after"},
            defaults={"reset_after": True},
            lacks={"layers": _KERAS_LACKS["layers"]},
            spelled={**_KERAS_SPELLED, "biases=2": None},
            wrappers=_KERAS_WRAPPERS,
        ),
        ONNX: Convention(
            "GRU",
            _ONNX_RNN,
            {**_ONNX_NAMES, "reset_after": "linear_before_reset"},
            {"biases": "2", "reset_after": False},
            _ONNX_LACKS,
            spelled=_ONNX_SPELLED,
            usual=_ONNX_USUAL,
        ),
    },
    "LSTM": {
        TORCH: Convention(
            "torch.nn.LSTM",
            _TORCH_RNN,
            {**_TORCH_NAMES, "proj_size": "proj_size"},
            {"biases": "2"},
            _TORCH_LACKS,
            spelled=_TORCH_SPELLED,
            fixed=BATCH_FIRST,
        ),
        **in_keras_and_tensorflow(
            "LSTM",
            _KERAS_RNN + "lstm.py",
            _KERAS_NAMES,
            lacks={**_KERAS_LACKS, **_NO_PROJECTION},
            spelled=_KERAS_SPELLED,
            wrappers=_KERAS_WRAPPERS,
        ),
        ONNX: Convention(
            "LSTM",
            _ONNX_RNN,
            _ONNX_NAMES,
            {"biases": "2"},
            {**_ONNX_LACKS, **_NO_PROJECTION},
            spelled=_ONNX_SPELLED,
            usual=_ONNX_USUAL,
        ),
    },
    "ConvLSTM": {
        TORCH: absent("run a convolution of the step and the state in a loop"),
        KERAS: _CONV_LSTM,
        TENSORFLOW: in_tensorflow(_CONV_LSTM),
        ONNX: absent("use Loop or Scan with convolutions"),
    },
}
