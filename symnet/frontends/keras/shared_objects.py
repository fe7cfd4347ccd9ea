"""Layers that several models of a file share.

A file writes a layer wherever it stands, with the number of the object (``shared_object_id``) where Keras saw it before. A layer
within another model loses its number, because a model's configuration is a copy (keras/src/saving/serialization_lib.py,
``record_object_after_serialization``): the number then stands at one of the two places only.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

__all__ = ["with_shared_objects"]

NUMBER = "shared_object_id"


def with_shared_objects(configuration: Any) -> Any:
    """The configuration with the number of an object at its other place, too: at the first layer of the same class and
    configuration that has no number.

    >>> dense = {"class_name": "Dense", "config": {"name": "dense", "units": 3}}
    >>> with_shared_objects({"layers": [dense, {**dense, "shared_object_id": 7}]})["layers"][0]["shared_object_id"]
    7
    """
    layers = list(_layers(configuration))
    count = Counter(layer[NUMBER] for layer in layers if isinstance(layer.get(NUMBER), int))
    if not count:
        return configuration
    numbers: dict[int, Any] = {}
    for layer in layers:
        if count.get(layer.get(NUMBER)) == 1:
            same = (one for one in layers if NUMBER not in one and id(one) not in numbers and _alike(one, layer))
            other = next(same, None)
            if other is not None:
                numbers[id(other)] = layer[NUMBER]
    return _numbered(configuration, numbers) if numbers else configuration


def _layers(part: Any) -> Iterator[Mapping[str, Any]]:
    """All layers in a configuration, in order: what has a class and a name."""
    left = [part]
    while left:
        part = left.pop()
        if isinstance(part, Mapping):
            config = part.get("config")
            if "class_name" in part and isinstance(config, Mapping) and "name" in config:
                yield part
            left += reversed(list(part.values()))
        elif isinstance(part, list | tuple):
            left += reversed(part)


def _alike(one: Mapping[str, Any], two: Mapping[str, Any]) -> bool:
    same_name = one["class_name"] == two["class_name"] and one["config"]["name"] == two["config"]["name"]
    return bool(same_name and _without_numbers(one["config"]) == _without_numbers(two["config"]))


def _without_numbers(part: Any) -> Any:
    if isinstance(part, Mapping):
        return {name: _without_numbers(inner) for name, inner in part.items() if name != NUMBER}
    return [_without_numbers(inner) for inner in part] if isinstance(part, list | tuple) else part


def _numbered(part: Any, numbers: Mapping[int, Any]) -> Any:
    if isinstance(part, Mapping):
        found = {name: _numbered(inner, numbers) for name, inner in part.items()}
        return {**found, NUMBER: numbers[id(part)]} if id(part) in numbers else found
    return [_numbered(inner, numbers) for inner in part] if isinstance(part, list | tuple) else part
