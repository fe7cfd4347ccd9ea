"""Whether every name in a table is resolved where it stands: a letter of the network, or a size that the table defines."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from symnet import Network
from symnet.printing.text import unicode_text
from symnet.render.names import own_symbols, size_names
from symnet.terms.term import Symbol

__all__ = ["unresolved"]

#: A name with an index: symnet gives these to sizes.
_INDEXED = re.compile(r"(?<!\w)[^\W\d]\w*?(?:[₀-₉]+|_out\d+)")
#: What stands on the left of an equation after the beginning of a cell, or of a part of it.
_DEFINED = re.compile(rf"(?:^|[ ,|])({_INDEXED.pattern}) = ")
#: The number of a window in #{k₁ ≥ 0 : …}.
_BOUND = re.compile(rf"#{{({_INDEXED.pattern}) ≥ 0 : ")
_WORD = re.compile(r"[^\W\d]\w*")
#: The words of the grammar of expressions and conditions.
_GRAMMAR = {"and", "or", "min", "max", "ceildiv", "divides", "in"}


def unresolved(net: Network, table: str, data: dict[str, Any]) -> list[str]:
    """The names in a network's table as text, and in its data, that nothing there defines."""
    letters = own_symbols(net.proof)
    names = size_names(net.proof)
    defined = {unicode_text(letter, names) for letter in letters} | {found[1] for found in _DEFINED.finditer(table)}
    defined |= {found[1] for found in _BOUND.finditer(table)}
    missing = [name for name in _INDEXED.findall(table) if name not in defined]
    bases = (axis.form.base for axis in net.placed[0].axes)
    known = {letter.name for letter in letters} | {base.name for base in bases if isinstance(base, Symbol)}
    known |= {*_GRAMMAR, *data.get("sizes", {})}
    missing += [word for text in _texts(data) for word in _WORD.findall(text) if word not in known]
    return list(dict.fromkeys(missing))


def _texts(data: dict[str, Any]) -> Iterator[str]:
    """Yields the expressions and conditions of a table's data."""
    layers = data["layers"]
    of_layers = [
        layer[part] for layer in layers for part in ("parameters", "trainable", "activations", "multiply_adds")
    ]
    sizes = [size for layer in (data, *layers, *data.get("outputs", ())) for size in layer["output"]]
    totals = [data[part] for part in ("parameters", "trainable", "non_trainable", "activations", "multiply_adds")]
    fields = [size for part in ("size", "stride", "padding") for size in data["receptive_field"].get(part, ())]
    forms = [*data["closed_form"].values(), *data.get("sizes", {}).values(), *data["hypotheses"]]
    for value in (*data["input"], *sizes, *of_layers, *totals, *fields, *forms):
        if isinstance(value, str):
            yield value
