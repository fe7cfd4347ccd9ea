"""Activations by name in every framework: the callable, and its arguments for the coefficient and the axis."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from symnet.frameworks.calls import Value
from symnet.frameworks.convention import KERAS, ONNX, TORCH

__all__ = ["ACTIVATIONS", "NAMES", "Function", "names_by_framework"]


@dataclass(frozen=True)
class Function:
    """An activation in a framework, as a module if ``module``, else as a function of a tensor. ``alpha`` is the
    argument of its coefficient, ``usual`` the default of that, ``axis`` the argument that selects the size.
    """

    target: str
    positional: tuple[Value, ...] = ()
    named: Mapping[str, Value] = field(default_factory=dict)
    alpha: str = ""
    usual: float | None = None
    axis: str = ""
    module: bool = True


def _keras(name: str) -> Function:
    return Function("keras.layers.Activation", (name,))


def _row(torch: str, keras: Function | None, onnx: str = "") -> dict[str, Function]:
    """A function without a coefficient."""
    row = {TORCH: Function(f"torch.nn.{torch}")}
    row |= {KERAS: keras} if keras else {}
    return row | ({ONNX: Function(onnx)} if onnx else {})


def _along(name: str, keras: str) -> dict[str, Function]:
    layer = Function(keras, axis="axis", module=keras.startswith("keras.layers."))
    return {TORCH: Function(f"torch.nn.{name}", axis="dim"), KERAS: layer, ONNX: Function(name, axis="axis")}


def _shrink(name: str, keras: str) -> dict[str, Function]:
    return {
        TORCH: Function(f"torch.nn.{name}", alpha="lambd", usual=0.5),
        KERAS: Function(f"keras.ops.{keras}", alpha="threshold", usual=0.5, module=False),
    }


def _pointwise(torch: str, keras: str, onnx: str = "") -> dict[str, Function]:
    """An elementwise function that is not a module."""
    row = {TORCH: Function(f"torch.{torch}", module=False), KERAS: Function(f"keras.ops.{keras}", module=False)}
    return row | ({ONNX: Function(onnx)} if onnx else {})


_SILU = {
    TORCH: Function("torch.nn.SiLU"),
    KERAS: _keras("silu"),
    ONNX: Function("Swish"),
}
_HARD_SILU = _row("Hardswish", _keras("hard_silu"), "HardSwish")
_IDENTITY = _row("Identity", Function("keras.layers.Identity"), "Identity")
_EXP = _pointwise("exp", "exp", "Exp")

#: Functions by name (lower case), then framework.
ACTIVATIONS: Mapping[str, Mapping[str, Function]] = {
    "relu": _row("ReLU", Function("keras.layers.ReLU"), "Relu"),
    "relu6": {
        TORCH: Function("torch.nn.ReLU6"),
        KERAS: Function("keras.layers.ReLU", named={"max_value": 6}),
        ONNX: Function("Clip", named={"min": 0, "max": 6}),
    },
    "sigmoid": _row("Sigmoid", _keras("sigmoid"), "Sigmoid"),
    "tanh": _row("Tanh", _keras("tanh"), "Tanh"),
    "softmax": _along("Softmax", "keras.layers.Softmax"),
    "logsoftmax": _along("LogSoftmax", "keras.ops.log_softmax"),
    "softmin": {TORCH: Function("torch.nn.Softmin", axis="dim")},
    "softplus": _row("Softplus", _keras("softplus"), "Softplus"),
    "softsign": _row("Softsign", _keras("softsign"), "Softsign"),
    "elu": {
        TORCH: Function("torch.nn.ELU", alpha="alpha", usual=1.0),
        KERAS: Function("keras.layers.ELU", alpha="alpha", usual=1.0),
        ONNX: Function("Elu", alpha="alpha", usual=1.0),
    },
    "selu": _row("SELU", _keras("selu"), "Selu"),
    "gelu": _row("GELU", _keras("gelu"), "Gelu"),
    "silu": _SILU,
    "swish": _SILU,
    "mish": _row("Mish", _keras("mish"), "Mish"),
    "hardswish": _HARD_SILU,
    "hardsilu": _HARD_SILU,
    "hardsigmoid": {
        TORCH: Function("torch.nn.Hardsigmoid"),
        KERAS: _keras("hard_sigmoid"),
        ONNX: Function("HardSigmoid", named={"alpha": 0.16666667}),
    },
    "hardtanh": {
        TORCH: Function("torch.nn.Hardtanh"),
        KERAS: _keras("hard_tanh"),
        ONNX: Function("Clip", named={"min": -1, "max": 1}),
    },
    "leakyrelu": {
        TORCH: Function("torch.nn.LeakyReLU", alpha="negative_slope", usual=0.01),
        KERAS: Function("keras.layers.LeakyReLU", alpha="negative_slope", usual=0.3),
        ONNX: Function("LeakyRelu", alpha="alpha", usual=0.01),
    },
    "identity": _IDENTITY,
    "linear": _IDENTITY,
    "celu": {
        TORCH: Function("torch.nn.CELU", alpha="alpha", usual=1.0),
        KERAS: Function("keras.ops.celu", alpha="alpha", usual=1.0, module=False),
        ONNX: Function("Celu", alpha="alpha", usual=1.0),
    },
    "rrelu": {TORCH: Function("torch.nn.RReLU")},
    "hardshrink": _shrink("Hardshrink", "hard_shrink"),
    "logsigmoid": _row("LogSigmoid", _keras("log_sigmoid")),
    "softshrink": _shrink("Softshrink", "soft_shrink"),
    "tanhshrink": _row("Tanhshrink", _keras("tanh_shrink")),
    "thresholdedrelu": {
        KERAS: Function("keras.layers.ReLU", alpha="threshold", usual=0.0),
        ONNX: Function("ThresholdedRelu", alpha="alpha", usual=1.0),
    },
    "exp": _EXP,
    "exponential": _EXP,
    "abs": _pointwise("abs", "abs", "Abs"),
    "sqrt": _pointwise("sqrt", "sqrt", "Sqrt"),
    "log": _pointwise("log", "log", "Log"),
    "sin": _pointwise("sin", "sin", "Sin"),
    "cos": _pointwise("cos", "cos", "Cos"),
    "erf": _pointwise("erf", "erf", "Erf"),
    "sign": _pointwise("sign", "sign", "Sign"),
    "reciprocal": _pointwise("reciprocal", "reciprocal", "Reciprocal"),
    "neg": _pointwise("neg", "negative", "Neg"),
    "floor": _pointwise("floor", "floor", "Floor"),
    "ceil": _pointwise("ceil", "ceil", "Ceil"),
    "round": _pointwise("round", "round", "Round"),
    "tan": _pointwise("tan", "tan", "Tan"),
    "asin": _pointwise("asin", "arcsin", "Asin"),
    "acos": _pointwise("acos", "arccos", "Acos"),
    "atan": _pointwise("atan", "arctan", "Atan"),
    "sinh": _pointwise("sinh", "sinh", "Sinh"),
    "cosh": _pointwise("cosh", "cosh", "Cosh"),
    "asinh": _pointwise("asinh", "arcsinh", "Asinh"),
    "acosh": _pointwise("acosh", "arccosh", "Acosh"),
    "atanh": _pointwise("atanh", "arctanh", "Atanh"),
    "logicalnot": _pointwise("logical_not", "logical_not", "Not"),
    "bitwisenot": _pointwise("bitwise_not", "bitwise_not", "BitwiseNot"),
    "isnan": _pointwise("isnan", "isnan", "IsNaN"),
    "isinf": _pointwise("isinf", "isinf", "IsInf"),
    "isfinite": _pointwise("isfinite", "isfinite"),
    "square": _pointwise("square", "square"),
    "rsqrt": _pointwise("rsqrt", "rsqrt"),
    "expm1": _pointwise("expm1", "expm1"),
    "log1p": _pointwise("log1p", "log1p"),
    "log2": _pointwise("log2", "log2"),
    "log10": _pointwise("log10", "log10"),
    "trunc": _pointwise("trunc", "trunc"),
    "nantonum": _pointwise("nan_to_num", "nan_to_num"),
}


#: Activations that Keras knows by name and that have no row: they change the size, or only Keras has them.
_KERAS_ONLY = ("glu", "sparsemax", "sparseplus", "sparsesigmoid", "squareplus", "threshold")

#: The names that an activation may have. Arithmetic functions such as abs and floor, which layers may also apply, are
#: not among them.
NAMES = (
    *(word for word, row in ACTIVATIONS.items() if any(row[name].module for name in (TORCH, KERAS) if name in row)),
    *_KERAS_ONLY,
)


def names_by_framework(framework: str) -> dict[str, str]:
    """Our name of every function, by the framework's name without its module; if several rows have it, the first.

    >>> names_by_framework("onnx")["LeakyRelu"], names_by_framework("keras")["hard_silu"], names_by_framework("torch")["asin"]
    ('leakyrelu', 'hardswish', 'asin')
    """
    names: dict[str, str] = {}
    for word, row in ACTIVATIONS.items():
        function = row.get(framework)
        if function is not None:
            named = function.positional[0] if function.positional else function.target.rpartition(".")[2]
            names.setdefault(str(named), word)
    return names
