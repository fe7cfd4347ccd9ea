"""Display names of the sizes between layers: W₃ is the width after layer 3, whatever counts define it.

Laws of this file
-----------------
* A size has a name if the law of some layer defines it; other sizes (``h//2`` in a layer's arguments) are written out.
* Equal sizes have one name: that of the first, or the input's own symbol.
* No name is printed like a symbol of the network, in any notation.
"""

from __future__ import annotations

from itertools import count

from symnet.network.derivation import Derivation
from symnet.network.layer_proofs import LayerProof
from symnet.printing.names import look, look_alikes, split_name
from symnet.terms.term import Symbol, Term, symbols_of

__all__ = ["axis_letters", "axis_words", "own_symbols", "size_names"]


def size_names(proof: Derivation) -> dict[Term, str]:
    """The display name of every size that a layer's law defines, ``W_{3}`` from the axis and the layer's position. Symbols that
    would be printed like other symbols keep their plain names.

    >>> from symnet.network.network import Network
    >>> net = Network.parse("(D1*W1*H1) -> Conv|K|3")
    >>> sorted(size_names(net.proof).values())
    ['H_{out1}', 'W_{out1}']
    """
    symbols = _symbols(proof)
    taken = {look(symbol.name) for symbol in symbols}
    alike = set(look_alikes(symbol.name for symbol in symbols))
    defined = _defined(proof)
    for more in count():
        names = {size: f"{letter}_{{{'out' * more}{index}}}" for size, (letter, index) in defined.items()}
        if not any(look(name) in taken for name in names.values()):
            break
    for size, first in proof.repeated.first.items():
        if first is not size:
            if isinstance(first, Symbol):
                names[size] = first.name if first.name in alike else _as_display_name(first.name)
            elif first in names:
                names[size] = names[first]
    return {**names, **{symbol: symbol.name for symbol in symbols if symbol.name in alike}}


def own_symbols(proof: Derivation) -> list[Symbol]:
    """The symbols of the network: of its input and of its layers."""
    nodes = [layer.placed for layer in proof.layers]
    letters = (symbol for node in nodes if node.layer for symbol in node.layer.symbols)
    return symbols_of(*nodes[0].output.dims, *letters)


def _symbols(proof: Derivation) -> list[Symbol]:
    """Returns every symbol that a report may print: of the network, its closed forms, and the laws of its layers."""
    nodes = [layer.placed for layer in proof.layers]
    symbols = [*own_symbols(proof), *symbols_of(*(axis.form.base for node in nodes for axis in node.axes))]
    laws = {map_.law: None for node in nodes for map_ in node.applied.maps if map_ is not None}
    return [*dict.fromkeys([*symbols, *(symbol for law in laws for symbol in law.symbols if symbol.least is not None)])]


def _defined(proof: Derivation) -> dict[Term, tuple[str, int]]:
    """The sizes that laws define first, each with the letter of its axis and the position of its layer."""
    defined: dict[Term, tuple[str, int]] = {}
    for layer in proof.layers[1:]:
        own: dict[Term, tuple[str, int]] = {}
        for letter, axis, map_ in zip(axis_letters(layer), layer.axes, layer.placed.applied.maps, strict=False):
            if axis is None or map_ is None:
                continue
            general = () if axis.at_number else (axis.form.size,)  # otherwise W₁ would mean two sizes
            for size in (*general, axis.shown.size, *((axis.number.size,) if axis.number else ())):
                if size.children and proof.repeated.first.get(size, size) is size:
                    own[size] = letter, layer.placed.index
        for size, letter_and_position in own.items():
            defined.setdefault(size, letter_and_position)  # a layer that keeps a size gives it no new name
    return defined


def _as_display_name(name: str) -> str:
    head, index = split_name(name)
    return f"{head}_{{{index}}}" if index else head


def axis_letters(layer: LayerProof) -> tuple[str, ...]:
    """The letters of a layer's axes: the input's own symbols, if each is one letter that belongs to one axis or to equal axes; else
    H, W, … by position.
    """
    default = layer.placed.output.axis_names
    letters: dict[str, object] = {}
    own: list[str] = []
    for axis in layer.axes:
        base = None if axis is None else axis.form.form.base
        if axis is None or not isinstance(base, Symbol) or len(base.name) > 1:
            return default
        if letters.setdefault(base.name, axis.form.size) is not axis.form.size:
            return default
        own.append(base.name)
    return tuple(own) if len(own) == len(default) else default


def axis_words(layer: LayerProof, proof: Derivation) -> tuple[str, ...]:
    """The axes' names in sentences: their letters if these differ; ``the W axis`` if W is also a symbol of the network that is not this
    axis's.
    """
    letters = axis_letters(layer)
    if len(set(letters)) < len(letters):
        letters = layer.placed.output.axis_names
    own = [None if axis is None else axis.form.form.base for axis in layer.axes]
    symbols = {look(symbol.name) for symbol in own_symbols(proof)}
    return tuple(
        f"the {letter} axis" if look(letter) in symbols and not _is_called(base, letter) else letter
        for letter, base in zip(letters, own, strict=True)
    )


def _is_called(base: Term | None, letter: str) -> bool:
    return isinstance(base, Symbol) and base.name == letter
