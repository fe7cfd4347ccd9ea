"""symnet: a symbolic formula engine with proof-style derivations for neural-network layer arithmetic.

>>> import symnet
>>> symnet.Network.parse("(3*W*W) -> Conv|64|7|2|3").closed_form["W"]
(W + 1)//2

Names are loaded when they are first used, so that ``symnet --help`` answers at once.
"""

from __future__ import annotations

from difflib import get_close_matches
from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from symnet import doctor
    from symnet.doctor.models import from_keras, from_onnx, from_torch, read
    from symnet.errors import KernelError, LayerError, ModelError, NotationError, ProofError, SymnetError, TermError
    from symnet.kernel.theorem import Theorem
    from symnet.layers.declaration.blocks import From, Label
    from symnet.network.composing import compose
    from symnet.network.tensors import Input
    from symnet.public import Network, Solutions, compare, explain, facts, figure, memory, solve
    from symnet.sympy_functions.division import CeilDiv, FloorDiv
    from symnet.terms.standard_symbols import symbols

__version__ = "0.1.0"

_HOMES = {
    "CeilDiv": "symnet.sympy_functions.division",
    "FloorDiv": "symnet.sympy_functions.division",
    "From": "symnet.layers.declaration.blocks",
    "Input": "symnet.network.tensors",
    "KernelError": "symnet.errors",
    "Label": "symnet.layers.declaration.blocks",
    "LayerError": "symnet.errors",
    "ModelError": "symnet.errors",
    "Network": "symnet.public",
    "NotationError": "symnet.errors",
    "ProofError": "symnet.errors",
    "SymnetError": "symnet.errors",
    "TermError": "symnet.errors",
    "Solutions": "symnet.public",
    "Theorem": "symnet.kernel.theorem",
    "compare": "symnet.public",
    "compose": "symnet.network.composing",
    "explain": "symnet.public",
    "facts": "symnet.public",
    "figure": "symnet.public",
    "from_keras": "symnet.doctor.models",
    "from_onnx": "symnet.doctor.models",
    "from_torch": "symnet.doctor.models",
    "memory": "symnet.public",
    "read": "symnet.doctor.models",
    "solve": "symnet.public",
    "symbols": "symnet.terms.standard_symbols",
}

__all__ = [
    "CeilDiv",
    "FloorDiv",
    "From",
    "Input",
    "KernelError",
    "Label",
    "LayerError",
    "ModelError",
    "Network",
    "NotationError",
    "ProofError",
    "Solutions",
    "SymnetError",
    "TermError",
    "Theorem",
    "compare",
    "compose",
    "doctor",
    "explain",
    "facts",
    "figure",
    "from_keras",
    "from_onnx",
    "from_torch",
    "memory",
    "read",
    "solve",
    "symbols",
]  # fmt: skip


def __getattr__(name: str) -> Any:
    if name == "doctor":  # the room, which is called
        return import_module("symnet.doctor")
    if name in _HOMES:
        return getattr(import_module(_HOMES[name]), name)
    if name[:1].isupper():  # a kind of layer: symnet.Conv
        from symnet.layers.declaration.aliases import constructor_named
        from symnet.layers.declaration.registry import HOMES

        if name in HOMES:
            return getattr(import_module(f"symnet.layers.kinds.{HOMES[name]}"), name)
        if (made := constructor_named(name)) is not None:  # another name of notation: FC
            return made
        near = get_close_matches(name, __dir__(), n=1)
        hint = f"; did you mean {near[0]}?" if near else ""
        raise AttributeError(f"module 'symnet' has no attribute {name!r}{hint}")
    raise AttributeError(f"module 'symnet' has no attribute {name!r}")


def __dir__() -> list[str]:
    from symnet.layers.declaration.aliases import alias_names
    from symnet.layers.declaration.registry import HOMES

    return sorted({*__all__, *HOMES, *alias_names()})
