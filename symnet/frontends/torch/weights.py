"""Which layer holds which of a model's parameters: each counts once, and as trained or not as in the model."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from symnet.errors import ModelError

__all__ = ["Given", "Weights"]

#: The model's arrays by the names of a layer's weights; several arrays if symnet has them as one.
Given = dict[str, list[Any]]


class Weights:
    """The parameters of a model, identified by their ids, which stay valid because the model keeps them alive."""

    def __init__(self, root: Any) -> None:
        self.names: dict[int, str] = {id(held): name for name, held in root.named_parameters()}
        self.holders: dict[int, str] = {}  # the layer that holds each parameter

    def given(self, holds: Mapping[str, Any]) -> Given:
        """The arrays of a layer, with a list for each name."""
        return {label: held if isinstance(held, list) else [held] for label, held in holds.items() if held is not None}

    def fresh(self, given: Given) -> dict[int, Any]:
        """The model's parameters among these that no layer holds yet."""
        arrays = [held for arrays in given.values() for held in arrays]
        return {id(held): held for held in arrays if id(held) in self.names and id(held) not in self.holders}

    def marks(self, given: Given, fresh: Mapping[int, Any]) -> dict[str, Any]:
        """The fields that mark a layer's weights as shared, borrowed or frozen. Weights that are not parameters of the
        model (buffers, or computed ones) are marked as borrowed.
        """
        marks: dict[str, Any] = {}
        here = {id(held) for arrays in given.values() for held in arrays}
        owners = {self.holders.get(one) for one in here - fresh.keys()}
        if owners and not fresh and len(owners) == 1 and None not in owners and self._whole(here, *owners):
            marks["shares"] = owners.pop()
        elif owners:
            marks["borrows"] = self._labels(given, lambda held: id(held) not in fresh)
        if fresh and not all(held.requires_grad for held in fresh.values()):
            if any(held.requires_grad for held in fresh.values()):
                marks["freezes"] = self._labels(given, lambda held: not held.requires_grad)
            else:
                marks["frozen"] = True
        return marks

    def forget(self, layers: set[str]) -> None:
        """Forgets these layers, which were removed."""
        self.holders = {one: name for one, name in self.holders.items() if name not in layers}

    def _whole(self, here: set[int], owner: str | None) -> bool:
        """Whether these are all weights of the layer that holds them."""
        return all(one in here for one, name in self.holders.items() if name == owner)

    def _labels(self, given: Given, chosen: Callable[[Any], bool]) -> str:
        """The names of the weights whose arrays are ``chosen``; all arrays of one weight must agree."""
        found = {label: [chosen(held) for held in arrays] for label, arrays in given.items()}
        mixed = [label for label, answers in found.items() if len(set(answers)) > 1]
        if mixed:
            raise ModelError(f"shares or trains only a part of {mixed[0]}, which symnet has as one array")
        return " ".join(label for label, answers in found.items() if answers[0])
