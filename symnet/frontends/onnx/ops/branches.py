"""If, with a condition that is known before the model runs: the nodes of one branch are imported in its place."""

from __future__ import annotations

from collections.abc import Sequence

from symnet.errors import LayerError
from symnet.frontends.onnx.call import Call, Handler
from symnet.frontends.onnx.values import Value

__all__ = ["BRANCHES"]


def _if(call: Call) -> Sequence[Value | None]:
    (condition,) = call.entries(0)
    if not isinstance(condition, bool):
        raise LayerError("depends on the size of its input")
    graph = call.attribute("then_branch" if condition else "else_branch")
    return call.branch(call.node, graph.g)


BRANCHES: dict[str, Handler] = {"If": _if}
