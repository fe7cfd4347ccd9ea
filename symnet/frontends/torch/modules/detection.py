"""torchvision's detectors, which are read as far as the step that keeps some boxes by their scores."""

from __future__ import annotations

import inspect
from pathlib import Path
from typing import Any

from symnet.frontends.torch.arguments import with_numbers
from symnet.frontends.torch.tensors import Value
from symnet.frontends.torch.trace import Handler, Trace

__all__ = ["MODULES"]


def _images(trace: Trace, module: Any, images: Value) -> Value:
    """What the detector's backbone gets from images of the same sizes, which torchvision's own code works out: each is
    resized, and filled up with zeros to a multiple of the detector's strides.
    """
    import torch
    from torch.nn import functional

    image = with_numbers(tuple(images.shape[1:]))
    with trace.paused():
        batch, _ = module.transform([torch.empty(image, device="meta")])
    height, width = batch.image_sizes[0]
    below, right = batch.tensors.shape[-2] - height, batch.tensors.shape[-1] - width
    resized = functional.interpolate(
        module.transform.normalize(images), size=(height, width), mode="bilinear", align_corners=False
    )
    return functional.pad(resized, (0, right, 0, below)) if below or right else resized


def _detector(head: str, chooses: str) -> Handler:
    """A detector whose module ``head`` scores all boxes, before the method ``chooses`` keeps some of them."""

    def handler(trace: Trace, module: Any, images: Value, targets: Any = None) -> Any:
        if module.training:
            raise trace.refusal("wants targets in training; call its eval() first")
        features = module.backbone(_images(trace, module, images))
        scores, last = module, module
        for name in head.split("."):
            last, scores = scores, getattr(scores, name)
        scores([features] if hasattr(features, "sizes") else list(features.values()))
        raise trace.by_values(
            f"{chooses}, at {_line_of(getattr(type(last), chooses))}, keeps as many boxes as the values of their scores say"
        )

    return handler


def _line_of(method: Any) -> str:
    code = inspect.unwrap(method).__code__
    return f"{Path(code.co_filename).name}, line {code.co_firstlineno}"


MODULES: dict[str, Handler] = {
    "torchvision.models.detection.generalized_rcnn.GeneralizedRCNN": _detector("rpn.head", "filter_proposals"),
    "torchvision.models.detection.retinanet.RetinaNet": _detector("head", "postprocess_detections"),
    "torchvision.models.detection.fcos.FCOS": _detector("head", "postprocess_detections"),
    "torchvision.models.detection.ssd.SSD": _detector("head", "postprocess_detections"),
}
