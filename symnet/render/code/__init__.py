"""Generated code: writes a network as Python code of Keras or PyTorch with the same shapes and parameters.

Each framework has a writer (keras_code, torch_code), a table of functions that make the statement of each kind of layer
(keras_layers, keras_windows, keras_arranging; the same for torch), and a pass over frozen weights (keras_training). Both
share ``statement`` (one layer), ``program`` (all layers), ``repeated_parts`` and ``repeated_blocks`` (loops, classes). The
modules may import everything below ``render``. A new kind of layer gets a function in the tables of both frameworks.
"""

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
    """Returns the network as a Python file of a framework: ``model()`` makes a Keras model, ``Model()`` is a PyTorch module.
    Symbols that weights depend on are their arguments. Raises :class:`ModelError` naming the layers that the framework cannot
    express, and :class:`LayerError` where no sizes fit all layers.

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
    return _code_and_paths(network, framework)[0]


def code_data(network: Network, framework: str) -> dict[str, object]:
    """Returns the code as JSON data: ``modules`` has the path of each layer in the PyTorch model, or its name in the Keras
    model.
    """
    text, paths = _code_and_paths(network, framework)
    names = {record.index: record.name for record in network.placed}
    modules = [{"index": index, "name": names[index], "module": path} for index, path in sorted(paths.items())]
    return {"framework": framework, "code": text, "modules": modules}


def _code_and_paths(network: Network, framework: str) -> tuple[str, dict[int, str]]:
    if framework not in _WRITERS:
        raise SymnetError(f"there is no code for {framework!r}: use {' or '.join(FRAMEWORKS)}")
    refuse_if_never_fits(network)
    return _WRITERS[framework](network)
