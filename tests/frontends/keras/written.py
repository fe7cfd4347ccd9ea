"""Configurations of models as Keras 3 writes them, by hand."""

from __future__ import annotations

from typing import Any

__all__ = ["IMAGE", "NO_LAYER", "ROW", "functional", "layer", "sequential", "tensor"]


def layer(kind: str, name: str, inbound: Any = (), module: str = "keras.layers", **config: Any) -> dict[str, Any]:
    """A layer as Keras 3 writes it; ``inbound`` has the name of what each call reads."""
    nodes = [{"args": [tensor(source)] if isinstance(source, str) else source, "kwargs": {}} for source in inbound]
    return {
        "module": module,
        "class_name": kind,
        "config": {"name": name, **config},
        "name": name,
        "inbound_nodes": nodes,
    }


def tensor(source: str, call: int = 0, output: int = 0) -> dict[str, Any]:
    """A tensor as Keras 3 writes it."""
    return {"class_name": "__keras_tensor__", "config": {"shape": None, "keras_history": [source, call, output]}}


def functional(*layers: Any, outputs: Any) -> dict[str, Any]:
    """A functional model whose first layer is its input."""
    config = {"name": "m", "layers": list(layers), "input_layers": [layers[0]["name"], 0, 0], "output_layers": outputs}
    return {"module": "keras.src.models.functional", "class_name": "Functional", "config": config}


def sequential(*layers: Any, **more: Any) -> dict[str, Any]:
    """A Sequential model."""
    return {"module": "keras", "class_name": "Sequential", "config": {"name": "m", "layers": list(layers), **more}}


IMAGE = layer("InputLayer", "image", batch_shape=[None, 8, 8, 3])
ROW = layer("InputLayer", "row", batch_shape=[None, 6])
NO_LAYER = {"class_name": "Dense"}
