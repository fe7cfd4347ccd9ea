"""ONNX models as networks: files and protos, without loading their weights.

What counts: an initializer is a parameter if it is the weight of a layer, or an operand with at least one dimension;
it counts once, however many nodes read it. ONNX does not record what is trained: all parameters count as trained,
except the moving mean and variance of BatchNormalization. Integers, truth values and single numbers without a
dimension are no parameters, and neither are ``Constant`` nodes, unless they are a layer's weights.

The first dimension of an input is the batch, which is left out; for an input that LSTM, GRU or RNN reads with
``layout=0``, it is the second one.

``importer`` walks the nodes, ``call`` is one node as its handler sees it, ``constants`` folds arrays known in advance,
``ops`` turns operators into layers by family. A new operator is a handler and a line in its family's table.
"""

from __future__ import annotations

import os
from typing import Any

from symnet.files import file_stem
from symnet.public import Network
from symnet.terms.sympy_letters import letters_of

__all__ = ["from_onnx"]


def from_onnx(model: Any, *, input: Any = None, opaque: bool = False, compare: bool = True) -> Network:
    """The network of an ONNX model: a path or an ``onnx.ModelProto``. Named dimensions become symbols.

    ``input`` replaces the sizes of the input, without the batch: ``(3, "H", "W")``; several inputs take one such shape
    each, in order or by name. With ``opaque`` operators without a layer get the shapes recorded in the file, as an
    assumption.

    A runtime (onnxruntime, else ONNX's own evaluator for small models) then computes the model at sizes that satisfy
    the hypotheses, and every tensor must have the same sizes: ``network.compared`` says what was compared,
    ``network.not_compared`` why nothing was; ``compare=False`` skips it.

    Raises :class:`symnet.errors.ModelError`, one line that names the node.

    >>> from_onnx("missing.onnx")
    Traceback (most recent call last):
    symnet.errors.ModelError: cannot read missing.onnx: No such file or directory
    """
    from symnet.frontends.onnx.model_file import read_model

    found = read_model(model)
    from symnet.frontends.onnx.importer import Importer  # needs numpy, which onnx depends on

    title = file_stem(os.fspath(model)) if isinstance(model, str | os.PathLike) else found.graph.name or "an ONNX model"
    importer = Importer(found, input, opaque=opaque)
    network = importer.network(title)
    if compare:
        from symnet.frontends.onnx.comparison import compare_with_runtime

        compare_with_runtime(importer.state, network)
    else:
        network.not_compared = "it was not asked for"
    return network.speaking(letters_of(input))
