"""Functions whose result is decided by the numbers in a tensor: how many entries there are, or which way the code goes."""

from __future__ import annotations

from typing import Any

from symnet.frontends.torch.trace import Handler, Trace

__all__ = ["FUNCTIONS"]

#: Functions that give as many entries as the numbers in their tensors say.
_COUNTED = (
    "nonzero", "argwhere", "masked_select", "unique", "unique_consecutive", "unique_dim", "_unique2", "bincount", "nms", "segment_reduce",
    "_segment_reduce", "_nested_tensor_from_mask",
)  # fmt: skip

#: Functions that give a truth value which code goes by.
_ANSWERS = ("equal", "allclose", "is_nonzero")


def _refused(what: str) -> Handler:
    def handler(trace: Trace, *_: Any, **named: Any) -> Any:
        raise trace.by_values(what)

    return handler


FUNCTIONS: dict[str, Handler] = {
    **{name: _refused(f"{name.strip('_')} gives as many entries as the values of a tensor say") for name in _COUNTED},
    **{name: _refused(f"asks for the values of a tensor ({name})") for name in _ANSWERS},
}
