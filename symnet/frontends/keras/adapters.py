"""Weights that Keras adds to a layer: two small factors for LoRA, scales for numbers quantized to 8 bits.

Source: keras/src/layers/core/dense.py, embedding.py and convolutional/base_conv.py: ``enable_lora`` freezes the kernel
and adds (… × rank) and (rank × outputs); ``quantize("int8")`` freezes it and adds a scale for each output (for each
row of an embedding).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from symnet.errors import LayerError
from symnet.frontends.keras.config import Config
from symnet.layers.declaration.base import Weight
from symnet.layers.kinds.inputs import Held
from symnet.terms.term import Term, integer
from symnet.terms.worked_out import times

__all__ = ["KERNEL", "TABLE", "Adapters"]

#: The weights that are adapted: the first size of a kernel counts the outputs, the last size of an embedding table.
KERNEL, TABLE = "kernel", "embeddings"


@dataclass(frozen=True)
class Adapters:
    """The ``rank`` of LoRA's factors if it is enabled, and whether the numbers are quantized to 8 bits."""

    rank: int | None
    in_8_bits: bool

    @classmethod
    def of(cls, config: Config) -> Adapters | None:
        """The adapters in a layer's configuration; ``None`` if there are none. Raises :class:`LayerError` for another
        quantization, whose parameters are not known.
        """
        rank = config.number("lora_rank") if config.get("lora_rank") is not None else None
        policy = config.get("dtype")
        inner = policy.get("config") if isinstance(policy, Mapping) else None
        mode = inner.get("mode") if isinstance(inner, Mapping) else None
        if mode not in (None, "int8"):
            raise LayerError(f"is quantized to {mode}: how many numbers Keras keeps for it is not known here")
        return cls(rank, mode == "int8") if rank is not None or mode is not None else None

    def held(self, weights: Sequence[Weight], *, frozen: bool) -> Held:
        """The parameters added to a layer with these weights; those of LoRA are trained unless it is ``frozen``."""
        adapted = [weight for weight in weights if weight.name in (KERNEL, TABLE)]
        total: Term = integer(1)
        for size in adapted[0].shape if adapted else ():
            total = times(total, size)
        table = bool(adapted) and adapted[0].name == TABLE
        outputs = adapted[0].shape[-1 if table else 0].constant if adapted else None
        if total.constant is None or not outputs:
            raise LayerError("has adapters for a kernel whose size depends on the input")
        inputs = total.constant // outputs
        factors = self.rank * (inputs + outputs) if self.rank is not None else 0
        scales = (inputs if table else outputs) if self.in_8_bits else 0
        return Held(factors + scales, trained=0 if frozen else factors)
