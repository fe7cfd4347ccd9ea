"""The table: every kind of layer in every framework.

Recorded on torch 2.13, keras 3.15, tensorflow 2.21 and onnx 1.23; where a framework's versions differ, these count.
"""

from __future__ import annotations

from collections.abc import Mapping

from symnet.frameworks.convention import Convention
from symnet.frameworks.tables.arranging import ARRANGING, JOINS, REDUCTIONS
from symnet.frameworks.tables.convolution import CONVOLUTIONS
from symnet.frameworks.tables.dense import DENSE
from symnet.frameworks.tables.elementwise import ELEMENTWISE, SPATIAL
from symnet.frameworks.tables.normalization import NORMALIZATION
from symnet.frameworks.tables.pooling import POOLING
from symnet.frameworks.tables.recurrent import RECURRENT

__all__ = ["CONVENTIONS"]

#: Conventions by kind of layer, then framework.
CONVENTIONS: Mapping[str, Mapping[str, Convention]] = {
    **CONVOLUTIONS,
    **POOLING,
    **DENSE,
    **NORMALIZATION,
    **RECURRENT,
    **SPATIAL,
    **ELEMENTWISE,
    **JOINS,
    **ARRANGING,
    **REDUCTIONS,
}
