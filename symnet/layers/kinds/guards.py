"""A comparison of sizes in a model's own code, on which its control flow depends."""

from __future__ import annotations

from collections.abc import Callable

from symnet.errors import LayerError
from symnet.layers.declaration.axes import ANY, same_axes
from symnet.layers.declaration.base import Applied, Condition, Example, Layer, layer
from symnet.layers.declaration.fields import choice, count, words
from symnet.layers.declaration.shape import Shape
from symnet.terms.propositions import Eq, Le, Lt, Or, Proposition
from symnet.terms.term import Term

__all__ = ["Require", "negated"]

_RELATIONS: dict[str, Callable[[Term, Term], Proposition]] = {
    "equals": Eq,
    "differs": lambda left, right: Or(Lt(left, right), Lt(right, left)),
    "at_most": Le,
    "below": Lt,
}


def negated(proposition: Proposition) -> Proposition:
    """The opposite of a comparison.

    >>> from symnet.terms.term import Symbol, integer
    >>> negated(Lt(Symbol("H"), integer(32)))
    <Le 32 <= H>
    """
    left, right = proposition.args[0].args if isinstance(proposition, Or) else proposition.args
    if isinstance(proposition, Le | Lt):
        return Lt(right, left) if isinstance(proposition, Le) else Le(right, left)
    return Eq(left, right) if isinstance(proposition, Or) else _RELATIONS["differs"](left, right)


@layer
class Require(Layer):
    """A comparison of sizes that must hold: the network is what it is for such sizes only. The tensor passes through.

    >>> Require("H", "equals", 224).notation
    'Require|H|equals|224'
    """

    kind = "Require"
    prefix = "require"
    sources = ("PyTorch, torch._assert", "Python, an if on sizes in a model's forward")
    examples = (
        Example(
            "Require|224|equals|224", "(3*224*224)", "(3*224*224)", 0, "torchvision, vit_b_16: its image_size is 224"
        ),
    )

    left: Term = count("", "a size, or an expression of sizes", least=ANY)
    relation: str = choice("how the two compare", *_RELATIONS, kw_only=False)
    right: Term = count("", "what it is compared with", least=ANY)
    because: str | None = words("who asks for it")

    @classmethod
    def of(cls, proposition: Proposition, because: str) -> Require:
        """The layer that requires a comparison. Raises :class:`LayerError` for a proposition that is not a comparison."""
        for relation, state in _RELATIONS.items():
            left, right = proposition.args[0].args if isinstance(proposition, Or) else proposition.args
            if state(left, right) is proposition:
                return cls(left, relation, right, because=because)
        raise LayerError(f"not a comparison: {proposition!r}")

    @property
    def proposition(self) -> Proposition:
        """The comparison as a proposition."""
        return _RELATIONS[self.relation](self.left, self.right)

    def apply(self, inputs: tuple[Shape, ...]) -> Applied:
        (shape,) = inputs
        why = f"{self.because} asks for it" if self.because else "it is asked for"
        return Applied(shape, same_axes(shape), conditions=(Condition(self.proposition, why),))
