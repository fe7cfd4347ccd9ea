"""The theorems about each axis of a layer: its size as a number, and its closed form."""

from __future__ import annotations

from dataclasses import dataclass

from symnet.kernel.theorem import Theorem
from symnet.layers.laws.law import AxisMap
from symnet.network.closed_forms import ClosedForm
from symnet.network.proof import FormStep, NumberStep, assumed_least, first_form, form_step, number_step
from symnet.network.propagate import Placed
from symnet.terms.term import Term

__all__ = ["AxisProof", "prove_axes"]


@dataclass(frozen=True, eq=False)
class AxisProof:
    """One axis of one tensor: its size as a number, if the input is given in numbers, and its closed form. ``at_number`` is the closed
    form on the last size that was a number, if a layer has letters.
    """

    form: FormStep
    number: NumberStep | None = None
    at_number: FormStep | None = None

    @property
    def size(self) -> Theorem:
        """⊢ size = value: the number if there is one, else the closed form."""
        return self.number.theorem if self.number else self.shown.closed

    @property
    def shown(self) -> FormStep:
        """The closed form for the input as given."""
        return self.at_number or self.form


def prove_axes(
    node: Placed,
    placed: tuple[Placed, ...],
    axes: list[tuple[AxisProof | None, ...]],
    bounds: dict[Term, Theorem | None],
) -> tuple[AxisProof | None, ...]:
    """The theorems about the axes of ``placed[node.index]``, from those of the tensors before it.

    ``bounds`` has the theorem l ≤ W for each symbol of the input; bounds of numbers are added to it.
    """
    if not node.sources:
        inputs = {axis.form.base: AxisProof(first_form(axis.form.base)) for axis in node.axes}
        return tuple(inputs[axis.form.base] for axis in node.axes)
    proofs: list[AxisProof | None] = []
    by_map_and_proof: dict[object, AxisProof] = {}  # equal axes share their theorems
    for axis, map_, origin in zip(node.axes, node.applied.maps, node.origins, strict=True):
        if origin is None:
            proofs.append(AxisProof(first_form(axis.size)))
            continue
        source = node.sources[origin[0]]
        before, proof = placed[source].axes[origin[1]], axes[source][origin[1]]
        if map_ is None or proof is None:
            proofs.append(proof)
            continue
        key = (map_, proof)
        if key not in by_map_and_proof:
            number = at_number = None
            if axis.at_number is not None:
                last = proof.at_number or first_form(before.size)
                at_number = _form_step(map_, last, bounds, axis.at_number)
            elif before.size.constant is not None:
                number = number_step(map_, before.size, proof.number.theorem if proof.number else None)
            by_map_and_proof[key] = AxisProof(_form_step(map_, proof.form, bounds, axis.form), number, at_number)
        proofs.append(by_map_and_proof[key])
    return tuple(proofs)


def _form_step(map_: AxisMap, before: FormStep, bounds: dict[Term, Theorem | None], form: ClosedForm) -> FormStep:
    return form_step(map_, before, _bound(before.form.base, bounds), form, plain=True)


def _bound(base: Term, bounds: dict[Term, Theorem | None]) -> Theorem | None:
    if base not in bounds:
        bounds[base] = assumed_least(base, 0) if base.constant is not None else None
    return bounds[base]
