"""Every model of torchvision, and what PyTorch itself says of it: the output of each module, the parameters of each module."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import Any

from symnet.frontends.torch import trace, weightless, with_operators
from symnet.frontends.torch.tensors import is_value

#: What ``torchvision.models.list_models()`` lists, written down so that collecting tests imports nothing.
MODELS = (
    "alexnet", "convnext_base", "convnext_large", "convnext_small", "convnext_tiny", "deeplabv3_mobilenet_v3_large",
    "deeplabv3_resnet101", "deeplabv3_resnet50", "densenet121", "densenet161", "densenet169", "densenet201",
    "efficientnet_b0", "efficientnet_b1", "efficientnet_b2", "efficientnet_b3", "efficientnet_b4",
    "efficientnet_b5", "efficientnet_b6", "efficientnet_b7", "efficientnet_v2_l", "efficientnet_v2_m",
    "efficientnet_v2_s", "fasterrcnn_mobilenet_v3_large_320_fpn", "fasterrcnn_mobilenet_v3_large_fpn",
    "fasterrcnn_resnet50_fpn", "fasterrcnn_resnet50_fpn_v2", "fcn_resnet101", "fcn_resnet50", "fcos_resnet50_fpn",
    "googlenet", "inception_v3", "keypointrcnn_resnet50_fpn", "lraspp_mobilenet_v3_large", "maskrcnn_resnet50_fpn",
    "maskrcnn_resnet50_fpn_v2", "maxvit_t", "mc3_18", "mnasnet0_5", "mnasnet0_75", "mnasnet1_0", "mnasnet1_3",
    "mobilenet_v2", "mobilenet_v3_large", "mobilenet_v3_small", "mvit_v1_b", "mvit_v2_s", "quantized_googlenet",
    "quantized_inception_v3", "quantized_mobilenet_v2", "quantized_mobilenet_v3_large", "quantized_resnet18",
    "quantized_resnet50", "quantized_resnext101_32x8d", "quantized_resnext101_64x4d",
    "quantized_shufflenet_v2_x0_5", "quantized_shufflenet_v2_x1_0", "quantized_shufflenet_v2_x1_5",
    "quantized_shufflenet_v2_x2_0", "r2plus1d_18", "r3d_18", "raft_large", "raft_small", "regnet_x_16gf",
    "regnet_x_1_6gf", "regnet_x_32gf", "regnet_x_3_2gf", "regnet_x_400mf", "regnet_x_800mf", "regnet_x_8gf",
    "regnet_y_128gf", "regnet_y_16gf", "regnet_y_1_6gf", "regnet_y_32gf", "regnet_y_3_2gf", "regnet_y_400mf",
    "regnet_y_800mf", "regnet_y_8gf", "resnet101", "resnet152", "resnet18", "resnet34", "resnet50",
    "resnext101_32x8d", "resnext101_64x4d", "resnext50_32x4d", "retinanet_resnet50_fpn",
    "retinanet_resnet50_fpn_v2", "s3d", "shufflenet_v2_x0_5", "shufflenet_v2_x1_0", "shufflenet_v2_x1_5",
    "shufflenet_v2_x2_0", "squeezenet1_0", "squeezenet1_1", "ssd300_vgg16", "ssdlite320_mobilenet_v3_large",
    "swin3d_b", "swin3d_s", "swin3d_t", "swin_b", "swin_s", "swin_t", "swin_v2_b", "swin_v2_s", "swin_v2_t",
    "vgg11", "vgg11_bn", "vgg13", "vgg13_bn", "vgg16", "vgg16_bn", "vgg19", "vgg19_bn", "vit_b_16", "vit_b_32",
    "vit_h_14", "vit_l_16", "vit_l_32", "wide_resnet101_2", "wide_resnet50_2",
)  # fmt: skip

Call = tuple[str, list[tuple[Any, ...]]]


def zoo() -> Any:
    """``torchvision.models``."""
    import warnings

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return with_operators(lambda: import_module("torchvision.models"))


def built(name: str) -> Any:
    """The model without weights in evaluation mode; of a detector the backbone, of a quantizable model its float form."""
    import warnings

    models = zoo()
    more = {"weights_backbone": None} if "weights_backbone" in models.get_model_builder(name).__annotations__ else {}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with weightless():
            model = models.get_model(name, weights=None, **more)
    model = getattr(model, "backbone", model) if "detection" in type(model).__module__ else model
    return model.eval()


def first_kernel(model: Any) -> int:
    """How many axes the first convolution has."""
    return next(len(part.kernel_size) for part in model.modules() if type(part).__name__ in ("Conv2d", "Conv3d"))


def said(model: Any, sizes: tuple[int, ...], batch: int = 2) -> list[Call]:
    """What each module gives, in the order in which they are done, by running the model on tensors without numbers."""
    import torch
    import torch.utils._pytree as tree

    found: list[Call] = []
    hooks = []
    for path, module in model.named_modules():

        def hook(module: Any, args: Any, output: Any, path: str = path) -> None:
            found.append(
                (path, [tuple(item.shape) for item in tree.tree_leaves(_plain(output)) if hasattr(item, "shape")])
            )

        hooks.append(module.register_forward_hook(hook))
    try:
        with torch.no_grad():
            model.to("meta")(torch.empty((batch, *sizes), device="meta"))
    finally:
        for handle in hooks:
            handle.remove()
    return found


def _plain(output: Any) -> Any:
    """Named tuples and dicts as lists, in order."""
    if isinstance(output, dict):
        return [_plain(item) for item in output.values()]
    return [_plain(item) for item in output] if isinstance(output, tuple | list) else output


@contextmanager
def watched() -> Iterator[list[tuple[str, list[Any]]]]:
    """The tensors that each module call gives while a model is imported."""
    import torch.utils._pytree as tree

    found: list[tuple[str, list[Any]]] = []
    original = trace.Trace.call

    def call(self: Any, plain: Any, module: Any, args: Any, named: Any) -> Any:
        result = original(self, plain, module, args, named)
        if not self._paused:
            path = self.names.get(id(module), "?")
            seen = [
                (item.trace.builder._placed[item.tensor.place].name, item.sizes)
                if is_value(item)
                else tuple(item.shape)
                for item in tree.tree_leaves(_plain(result))
                if hasattr(item, "shape")
            ]
            found.append((path, seen))
        return result

    trace.Trace.call = call  # type: ignore[method-assign]
    try:
        yield found
    finally:
        trace.Trace.call = original  # type: ignore[method-assign]
