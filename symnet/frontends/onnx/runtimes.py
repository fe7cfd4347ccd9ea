"""The two programs that run ONNX models: onnxruntime, and ONNX's own reference evaluator."""

from __future__ import annotations

from threading import Timer
from typing import Any

__all__ = ["TooSlow", "by_evaluator", "by_onnxruntime"]


class TooSlow(Exception):
    """A run takes longer than it may."""


def by_onnxruntime(model: Any, feeds: dict[str, Any], seconds: float) -> dict[str, Any]:
    """The outputs of an ``onnx.ModelProto`` by name, as onnxruntime computes them without optimizing the graph. ``feeds`` has an
    array for each input. Raises :class:`TooSlow` after so many seconds, and whatever error the runtime has.
    """
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.log_severity_level = 4
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    session = onnxruntime.InferenceSession(model.SerializeToString(), options, providers=["CPUExecutionProvider"])
    names = [output.name for output in session.get_outputs()]
    how = onnxruntime.RunOptions()
    how.log_severity_level = 4
    timer = Timer(seconds, _stop, [how])
    timer.daemon = True
    timer.start()
    try:
        return dict(zip(names, session.run(names, feeds, how), strict=True))
    except Exception:
        if how.terminate:
            raise TooSlow(f"onnxruntime takes longer than {seconds:g} seconds") from None
        raise
    finally:
        timer.cancel()


def _stop(how: Any) -> None:
    how.terminate = True


def by_evaluator(model: Any, feeds: dict[str, Any]) -> dict[str, Any]:
    """The outputs of an ``onnx.ModelProto`` by name, as ONNX's reference evaluator computes them; it has no time limit."""
    from onnx.reference import ReferenceEvaluator

    names = [output.name for output in model.graph.output]
    return dict(zip(names, ReferenceEvaluator(model).run(None, feeds), strict=True))
