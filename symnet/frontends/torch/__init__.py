"""Models of PyTorch as networks, by running their ``forward`` with tensors that have symbolic sizes and no numbers.

``importing`` runs a copy of the model, ``trace`` receives every call of a module or function, ``sizes`` and ``known``
decide the model's own comparisons of sizes, and the tables in ``modules`` and ``functions`` have a handler for each
module and function. A new function is a line in the table of one file in ``functions``. ``comparing`` checks the
network against PyTorch itself.
"""

from __future__ import annotations

from symnet.frontends.torch.importing import from_torch
from symnet.frontends.torch.schemas import with_operators
from symnet.frontends.torch.weightless import weightless

__all__ = ["from_torch", "weightless", "with_operators"]
