"""Networks as code of a framework: a file that runs, with the same shapes and parameters."""

from __future__ import annotations

from collections.abc import Callable

from symnet.errors import SymnetError
from symnet.frameworks.convention import KERAS, TORCH
from symnet.network.network import Network
from symnet.render.code.keras_code import keras_code
from symnet.render.code.torch_code import torch_code
from symnet.solving.contradiction import refuse_if_never_fits

__all__ = ["FRAMEWORKS", "code", "code_data"]

_WRITERS: dict[str, Callable[[Network], tuple[str, dict[int, str]]]] = {KERAS: keras_code, TORCH: torch_code}

FRAMEWORKS = tuple(_WRITERS)


def code(network: Network, framework: str) -> str:
    """The network as a Python file of a framework: ``model()`` makes a Keras model, ``Model()`` is a PyTorch module. Symbols
    that weights depend on are their arguments. Raises :class:`ModelError` naming the layers that the framework cannot say, and
    :class:`LayerError` where the layers fit no sizes together.

    >>> print(code(Network.parse("784 -> FC|K -> ReLU -> FC|10"), "torch"))
    # 784 -> FC|K -> ReLU -> FC|10
    # 795·K + 10 parameters. Written by symnet.
    <BLANKLINE>
    from torch import nn
    <BLANKLINE>
    <BLANKLINE>
    class Model(nn.Sequential):
        def __init__(self, K):
            super().__init__(
                nn.Linear(784, K),
                nn.ReLU(),
                nn.Linear(K, 10),
            )
    <BLANKLINE>
    """
    return _written(network, framework)[0]


def code_data(network: Network, framework: str) -> dict[str, object]:
    """The same as JSON: ``modules`` says where in a PyTorch model, or by which name in a Keras model, a layer is found."""
    text, found = _written(network, framework)
    names = {place.index: place.name for place in network.placed}
    modules = [{"index": place, "name": names[place], "module": path} for place, path in sorted(found.items())]
    return {"framework": framework, "code": text, "modules": modules}


def _written(network: Network, framework: str) -> tuple[str, dict[int, str]]:
    if framework not in _WRITERS:
        raise SymnetError(f"there is no code for {framework!r}: use {' or '.join(FRAMEWORKS)}")
    refuse_if_never_fits(network)
    return _WRITERS[framework](network)
