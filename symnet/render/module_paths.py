"""The module of an imported model that a layer is in, from the layer's origin."""

from __future__ import annotations

__all__ = ["block_of", "module_of"]


def module_of(origin: str) -> tuple[str, ...]:
    """The module of an imported layer, as the names on the path to it.

    >>> module_of("layer1.0.conv1 (torch.nn.Conv2d)")
    ('layer1', '0')
    >>> module_of("layer1.0 (torchvision.models.resnet.BasicBlock), add")
    ('layer1', '0')
    """
    path, _, rest = origin.partition(" (")
    path = path.removeprefix("the model")  # the importer's name of the outermost module
    names = tuple(name for name in path.replace("/", ".").split(".") if name)
    return names if rest.partition("), ")[2] else names[:-1]


def block_of(module: tuple[str, ...]) -> tuple[str, ...]:
    """The block of a model as people name it: the path to a module, up to the first name with a number.

    >>> block_of(("features", "1", "conv", "0")), block_of(("encoder", "layers", "encoder_layer_0", "mlp")), block_of(("head",))
    (('features', '1'), ('encoder', 'layers', 'encoder_layer_0'), ('head',))
    """
    numbered = (depth for depth, name in enumerate(module, 1) if any(map(str.isdigit, name)))
    return module[: next(numbered, 1)]
