"""Keras models as networks: live ones, and ``.keras`` files, of which only the configuration is read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from os import PathLike, fspath
from typing import Any

from symnet.files import file_stem
from symnet.frontends.keras.archive import read_archive, stored_numbers
from symnet.frontends.keras.live import LiveModel
from symnet.frontends.keras.reader import Reader
from symnet.public import Network
from symnet.terms.sympy_letters import letters_of

__all__ = ["from_keras", "read_keras"]

#: The sizes of the input, or of each input in order, or of each input by name.
Sizes = Sequence[Any] | Mapping[str, Sequence[Any]]


def from_keras(model: Any, *, input: Sizes | None = None, opaque: bool = False, compare: bool = True) -> Network:
    """The network of a live Keras model: Sequential, functional, or a subclass with a functional graph; or of a ``.keras`` file.

    ``input`` has other sizes for the input, the batch left out: numbers, symbols, ``None`` for a symbol of its own; several
    inputs take one such shape each, in order or by name. With ``opaque`` a layer of an unknown class gives what Keras says
    it gives, and reports say so. Keras then makes a copy of the model for sizes inside the hypotheses, and must give the same
    sizes and parameters: ``network.compared`` says what was compared, ``compare=False`` leaves it out. Raises
    :class:`symnet.ModelError` naming the layer, its class and what to do.
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
    """The network of a ``.keras`` file. Its ``config.json`` is read as data: no code in it is run, Keras is not needed, and the
    weights stay where they are. Where Keras is installed, it makes the model of that configuration, to compare sizes and
    parameters, if all classes in it are Keras's own and only calculate.

    ``input`` is as in :func:`from_keras`. With ``opaque`` a layer of an unknown class gives what the next layer was made for, and
    holds as many numbers as the file stores for it (which takes the package h5py), as an assumption; if the layer is trained,
    all of them are taken to be.
    """
    file = fspath(path)
    network = Reader(input, opaque, None, compare=compare, stored=partial(stored_numbers, file)).read(
        read_archive(file)
    )
    network.title = file_stem(file)
    return network
