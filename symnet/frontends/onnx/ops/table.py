"""All operators that become layers, by name; each handler is in the table at the end of its family's file."""

from __future__ import annotations

from symnet.frontends.onnx.call import Handler
from symnet.frontends.onnx.ops.activations import POINTWISE
from symnet.frontends.onnx.ops.arrangement import ARRANGEMENT
from symnet.frontends.onnx.ops.attention import ATTENTION
from symnet.frontends.onnx.ops.branches import BRANCHES
from symnet.frontends.onnx.ops.indexing import INDEXING
from symnet.frontends.onnx.ops.loops import LOOPS
from symnet.frontends.onnx.ops.losses import LOSSES
from symnet.frontends.onnx.ops.merges import MERGES
from symnet.frontends.onnx.ops.normalization import NORMALIZATION
from symnet.frontends.onnx.ops.products import PRODUCTS
from symnet.frontends.onnx.ops.recurrent import RECURRENT
from symnet.frontends.onnx.ops.reductions import REDUCTIONS
from symnet.frontends.onnx.ops.resize import RESIZES
from symnet.frontends.onnx.ops.sampling import SAMPLING
from symnet.frontends.onnx.ops.sequences import SEQUENCES
from symnet.frontends.onnx.ops.windows import WINDOWS

__all__ = ["OPERATORS"]

OPERATORS: dict[str, Handler] = {
    **WINDOWS,
    **POINTWISE,
    **NORMALIZATION,
    **MERGES,
    **PRODUCTS,
    **ATTENTION,
    **RECURRENT,
    **REDUCTIONS,
    **ARRANGEMENT,
    **INDEXING,
    **RESIZES,
    **SAMPLING,
    **BRANCHES,
    **LOOPS,
    **LOSSES,
    **SEQUENCES,
}
