"""Comparing a network that was read from an ONNX model with a runtime, at sizes chosen here: onnxruntime if it is
installed, else ONNX's reference evaluator for small models.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from math import prod
from time import process_time
from typing import Any

from symnet.errors import ModelError, SymnetError
from symnet.frontends.checking import (
    SECONDS,
    Point,
    inner_points,
    outer_point,
    parameters_at,
    shown_shapes,
    work_at,
)
from symnet.frontends.onnx.probe import REAL, NotRun, Probe
from symnet.frontends.onnx.runtimes import TooSlow, by_evaluator, by_onnxruntime
from symnet.frontends.onnx.state import State
from symnet.network.framework_runs import FrameworkRun, RunOutside
from symnet.public import Network

__all__ = ["compare_with_runtime"]

#: Limits for the slow reference evaluator: multiply-adds and nodes.
SMALL_WORK, SMALL_NODES = 20_000_000, 500

#: Runs a model at chosen sizes and returns its outputs by name.
Engine = Callable[[Probe, Point], dict[str, Any]]


def compare_with_runtime(state: State, network: Network) -> None:
    """Compares the network with a runtime and stores on it what was compared, or why nothing was. Raises
    :class:`ModelError` if the runtime gives other sizes.
    """
    probe = Probe(state, network)
    try:
        _same_number_of_parameters(probe)
        _compare(probe)
    except NotRun as why:
        network.compared, network.not_compared = (), str(why)


def _compare(probe: Probe) -> None:
    network = probe.network
    points = inner_points(network, probe.symbols)
    if not points:
        raise NotRun("no sizes were found for which all layers fit")
    engine = _engine(probe, points[0])
    end = process_time() + SECONDS
    found: list[FrameworkRun] = []
    refusals: list[tuple[Point, Exception]] = []
    for point in points:
        if process_time() > end:
            break
        probe.refuse_large(point)
        try:
            results = engine(probe, point)
        except NotRun:
            raise
        except Exception as error:  # noqa: BLE001  # the runtime's own errors
            refusals.append((point, error))
            continue
        found.append(
            FrameworkRun(
                probe.title,
                probe.given(point),
                probe.batch(point),
                probe.agreeing(results, point),
                False,
                parameters=False,
            )
        )
    if refusals and found:
        point, refused = refusals[0]
        words = f"{probe.title} refuses the model there{_where(refused)}, and symnet does not"
        raise ModelError(
            f"ONNX: at the input {shown_shapes(probe.given(point))}: {words}: symnet read the model wrongly"
        )
    if refusals:
        point, refused = refusals[0]
        if _where(refused) and type(refused).__name__ in ("InvalidArgument", "Fail") and not network.unproven:
            raise ModelError(
                f"ONNX: {probe.title} refuses to run the model at the input {shown_shapes(probe.given(point))}{_where(refused)}: the "
                "file contradicts an operator, or symnet read it wrongly"
            )
        raise NotRun(f"{probe.title} does not run the model ({type(refused).__name__}){_where(refused)}")
    network.compared = tuple(found)
    beyond = outer_point(network, points[0]) if process_time() < end else None
    if beyond is not None:
        network.outside = _outside(probe, engine, beyond)


def _where(refused: Exception) -> str:
    """At which node a runtime stops, as far as it says so."""
    found = re.search(r"while running (\w+) node\. Name:'([^']*)'", str(refused))
    return f" at {found[2] or 'a node'} ({found[1]})" if found else ""


def _outside(probe: Probe, engine: Engine, point: Point) -> RunOutside | None:
    """The runtime's verdict at sizes for which the network is not defined; ``None`` if it cannot be run there."""
    try:
        probe.refuse_large(point)
        results = engine(probe, point)
    except (NotRun, ArithmeticError, TypeError):
        return None
    except Exception:  # noqa: BLE001
        return RunOutside(probe.title, probe.given(point), "refused")
    try:
        probe.agreeing(results, point)
    except (SymnetError, ArithmeticError, TypeError):
        return RunOutside(probe.title, probe.given(point), "other sizes")
    return RunOutside(probe.title, probe.given(point), "the same sizes")


def _same_number_of_parameters(probe: Probe) -> None:
    """Raises :class:`ModelError` if symnet counts more parameters than the file has real numbers."""
    sizes = [prod(tensor.dims) for tensor in probe.state.graph.initializer if tensor.data_type in REAL]
    sizes += [prod(value.dims) for value in _constants(probe.state.graph)]
    point = next(iter(inner_points(probe.network, probe.symbols)), None)
    if (
        point is None
        or probe.network.unproven
        or any(tensor.data_type not in (*REAL, 6, 7, 9) for tensor in probe.state.graph.initializer)
    ):
        return
    ours = parameters_at(probe.network, point)
    if probe.state.graph.sparse_initializer or ours <= sum(sizes):
        return
    raise ModelError(
        f"ONNX: the file has {sum(sizes)} real numbers, and symnet counts {ours} parameters: symnet read the model wrongly, and "
        "gives no report of it"
    )


def _constants(graph: Any) -> list[Any]:
    """The tensors of ``Constant`` nodes, including those of nested graphs."""
    found = []
    for node in graph.node:
        for attribute in node.attribute:
            if attribute.type == 4:
                found.append(attribute.t)
            for inner in [attribute.g, *attribute.graphs] if attribute.type in (5, 10) else []:
                found += [*_constants(inner), *inner.initializer]
    return found


# ---- the runtimes ------------------------------------------------------------------------------------------------


def _engine(probe: Probe, point: Point) -> Engine:
    """A function that runs the model. Raises :class:`NotRun` if there is none."""
    try:
        import onnxruntime
    except ImportError:
        import onnx

        small = work_at(probe.network, point) * probe.batch(point) <= SMALL_WORK
        if not small or len(probe.state.graph.node) > SMALL_NODES:
            raise NotRun(
                "onnxruntime is not installed, and the model is too large for ONNX's reference evaluator"
            ) from None
        probe.title = f"the reference evaluator of onnx {onnx.__version__}"
        return _evaluated
    probe.title = f"onnxruntime {onnxruntime.__version__}"
    return _computed


def _computed(probe: Probe, point: Point) -> dict[str, Any]:
    """The outputs that onnxruntime computes."""
    model = probe.model(point)
    try:
        return by_onnxruntime(model, probe.feeds(model, point), SECONDS)
    except TooSlow as slow:
        raise NotRun(str(slow)) from None


def _evaluated(probe: Probe, point: Point) -> dict[str, Any]:
    """The outputs that ONNX's reference evaluator computes."""
    model = probe.model(point)
    return by_evaluator(model, probe.feeds(model, point))
