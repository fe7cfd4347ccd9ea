"""Keras models as networks: live models, and ``.keras`` files, of which only the configuration is read.

``calls``, ``values`` and ``config`` read a configuration, ``reader`` walks its calls, ``call_site`` places layers, and
``table`` finds the handler of a class in one of the families ``windows``, ``features``, ``sequences``,
``arrangement``, ``operations``, ``wrappers``. A new class is a handler and a line in its family's table.
``comparison`` checks the network against Keras itself.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from os import PathLike, fspath
from typing import Any

from symnet.files import file_stem
from symnet.frontends.keras.archive import read_archive, stored_numbers
from symnet.frontends.keras.live import LiveModel
from symnet.frontends.keras.reader import Reader
from symnet.frontends.keras.shared_objects import with_shared_objects
from symnet.public import Network
from symnet.terms.sympy_letters import letters_of

__all__ = ["from_keras", "read_keras"]

#: The sizes of the input, or of each input in order or by name.
Sizes = Sequence[Any] | Mapping[str, Sequence[Any]]


def from_keras(model: Any, *, input: Sizes | None = None, opaque: bool = False, compare: bool = True) -> Network:
    """The network of a live Keras model (Sequential, functional, or a subclass with a functional graph) or of a
    ``.keras`` file.

    ``input`` replaces the sizes of the input, without the batch: numbers, symbols, ``None`` for a new symbol; several
    inputs take one such shape each, in order or by name. With ``opaque`` a layer of an unknown class gets the output
    that Keras reports, as an assumption shown in reports.

    Keras then makes copies of the model for sizes that satisfy the hypotheses, whose sizes and parameters must agree:
    ``network.compared`` says what was compared; ``compare=False`` skips it.

    Raises :class:`symnet.ModelError` with the layer, its class and what to do.
    """
    if isinstance(model, str | PathLike):
        return read_keras(model, input=input, opaque=opaque, compare=compare)
    live = LiveModel(model)
    network = Reader(input, opaque, live, compare=compare).read(live.config)
    network.title = live.title
    return network.speaking(letters_of(input))


def read_keras(
    path: str | PathLike[str], *, input: Sizes | None = None, opaque: bool = False, compare: bool = True
) -> Network:
    """The network of a ``.keras`` file. Its ``config.json`` is read as data: no code in it is run, Keras is not
    needed, and the weights are not read.

    If Keras is installed and all classes in the file are Keras's own computational layers, it makes the model of that
    configuration for comparison. ``input`` and ``compare`` are as in :func:`from_keras`. With ``opaque`` a layer of an
    unknown class gets, as an assumption, the output that the next layer was made for and as many parameters as the
    file stores for it (which needs the package h5py); if the layer is trained, all of them count as trained.
    """
    file = fspath(path)
    network = Reader(input, opaque, None, compare=compare, stored=partial(stored_numbers, file)).read(
        with_shared_objects(read_archive(file))
    )
    network.title = file_stem(file)
    return network
