"""The functions of torch and the methods of tensors, by name: ``torch.relu``, ``F.relu``, ``x.relu`` and ``x.relu_``
share one handler. A new function is a line in the table at the end of its family's file.
"""

from __future__ import annotations

from symnet.frontends.torch.functions.by_values import FUNCTIONS as BY_VALUES
from symnet.frontends.torch.functions.cells import FUNCTIONS as CELLS
from symnet.frontends.torch.functions.complex_numbers import FUNCTIONS as COMPLEX
from symnet.frontends.torch.functions.creating import FUNCTIONS as CREATING
from symnet.frontends.torch.functions.decompositions import FUNCTIONS as DECOMPOSITIONS
from symnet.frontends.torch.functions.elementwise import FUNCTIONS as ELEMENTWISE
from symnet.frontends.torch.functions.framing import FUNCTIONS as FRAMING
from symnet.frontends.torch.functions.indexing import FUNCTIONS as INDEXING
from symnet.frontends.torch.functions.joining import FUNCTIONS as JOINING
from symnet.frontends.torch.functions.linear_algebra import FUNCTIONS as LINEAR_ALGEBRA
from symnet.frontends.torch.functions.losses import FUNCTIONS as LOSSES
from symnet.frontends.torch.functions.packing import FUNCTIONS as PACKING
from symnet.frontends.torch.functions.products import FUNCTIONS as PRODUCTS
from symnet.frontends.torch.functions.reducing import FUNCTIONS as REDUCING
from symnet.frontends.torch.functions.shaping import FUNCTIONS as SHAPING
from symnet.frontends.torch.functions.solving import FUNCTIONS as SOLVING
from symnet.frontends.torch.functions.spatial import FUNCTIONS as SPATIAL
from symnet.frontends.torch.functions.statistics import FUNCTIONS as STATISTICS
from symnet.frontends.torch.functions.unpooling import FUNCTIONS as UNPOOLING
from symnet.frontends.torch.functions.weighted import FUNCTIONS as WEIGHTED
from symnet.frontends.torch.functions.writing import FUNCTIONS as WRITING
from symnet.frontends.torch.trace import Handler

__all__ = ["FUNCTIONS", "OF_ARRAYS"]

FUNCTIONS: dict[str, Handler] = {
    **ELEMENTWISE,
    **JOINING,
    **SHAPING,
    **INDEXING,
    **REDUCING,
    **PRODUCTS,
    **SPATIAL,
    **WEIGHTED,
    **CREATING,
    **COMPLEX,
    **LOSSES,
    **WRITING,
    **LINEAR_ALGEBRA,
    **UNPOOLING,
    **FRAMING,
    **CELLS,
    **BY_VALUES,
    **PACKING,
    **STATISTICS,
    **SOLVING,
    **DECOMPOSITIONS,
}

#: Functions that accept arrays with numbers in place of any tensor.
OF_ARRAYS = frozenset((*JOINING, *PRODUCTS))
