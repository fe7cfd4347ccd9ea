"""The import of a model named by ``--import`` in a process of its own, which returns notation; the network is made
from it here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, replace
from typing import Any

from symnet.doctor.advising import advised
from symnet.doctor.process import run_apart
from symnet.errors import ModelError, SymnetError
from symnet.graph import Graph
from symnet.network.framework_runs import FrameworkRun, RunOutside
from symnet.public import Network

__all__ = ["imported", "imported_apart"]


def imported_apart(
    name: str,
    *,
    input: Sequence[str] | None,
    opaque: bool,
    usual: str | None,
    compare: bool,
    limit: float,
    memory: float,
    upto: str | None = None,
) -> Network:
    """The network of ``net.py:Class`` or ``module:factory``. Its code runs in a process of its own, and this process
    parses and proves the notation that it returns. The arguments are those of :func:`symnet.frontends.source.load`.
    Raises :class:`symnet.SymnetError`, which ends with the first change that mends the model if sizes are wrong.
    """
    asked = {"input": input, "opaque": opaque, "usual": usual, "upto": upto, "compare": compare}
    reply, _ = run_apart({"do": "import", "model": name, **asked}, limit, memory)
    try:
        return _network(reply)
    except SymnetError:
        raise
    except (KeyError, TypeError, ValueError, AttributeError, IndexError):
        raise ModelError(f"{name} gave no answer that can be read") from None


def imported(request: Mapping[str, Any]) -> dict[str, Any]:
    """The network as data. This runs the model's code."""
    from symnet.doctor.loading import diagnosed
    from symnet.frontends.source import load

    name, reading = request["model"], {key: request[key] for key in ("input", "opaque", "usual", "upto", "compare")}
    try:
        network = load(name, run=True, **reading)
        network.proof.stated  # noqa: B018  # what cannot be worked out is refused here, where the model can be asked
    except SymnetError as refused:
        raise advised(refused, lambda: diagnosed(name, request["input"] or ())) from None
    return _data(network)


def _data(network: Network) -> dict[str, Any]:
    graph = network.graph
    return {
        "notation": network.notation,
        "title": network.title,
        "origins": [node.origin for node in graph.nodes],
        "declared": list(graph.declared),
        "notes": list(graph.notes),
        "compared": [asdict(one) for one in network.compared],
        "not_compared": network.not_compared,
        "outside": None if network.outside is None else asdict(network.outside),
    }


def _network(data: Mapping[str, Any]) -> Network:
    from symnet.notation.parse import parse_network

    graph = parse_network(str(data["notation"]))
    network = Network.of(_with_origins(graph, data))
    network.title = str(data["title"])
    network.compared = tuple(FrameworkRun(**_shapes(one)) for one in data["compared"])
    network.not_compared = _optional(str, data["not_compared"])
    network.outside = None if data["outside"] is None else RunOutside(**_shapes(data["outside"]))
    return network


def _with_origins(graph: Graph, data: Mapping[str, Any]) -> Graph:
    """The graph with the data that notation cannot carry: the origin of each layer, and the outputs of the model."""
    origins = [str(origin) for origin in data["origins"]]
    if len(origins) != len(graph.nodes):
        return graph
    nodes = tuple(replace(node, origin=origin) for node, origin in zip(graph.nodes, origins, strict=True))
    declared = tuple(int(place) for place in data["declared"])
    if any(not 0 <= place <= len(nodes) for place in declared):
        raise ValueError("an output of no layer")
    return replace(graph, nodes=nodes, declared=declared, notes=tuple(map(str, data["notes"])))


def _shapes(one: Mapping[str, Any]) -> dict[str, Any]:
    shapes = tuple(tuple(int(size) for size in sizes) for sizes in one["input"])
    return {**one, "input": shapes}


def _optional(make: Callable[[Any], str], value: Any) -> str | None:
    return None if value is None else make(value)
