"""The axes of one layer as theorems: the number of each where it is one, and its closed form."""

from __future__ import annotations

from dataclasses import dataclass

from symnet.kernel.theorem import Theorem
from symnet.layers.laws.law import AxisMap
from symnet.network.proof import FormStep, NumberStep, assumed_least, first_form, form_step, number_step
from symnet.network.propagate import Placed
from symnet.terms.term import Term

__all__ = ["AxisProof", "prove_axes"]


@dataclass(frozen=True)
class AxisProof:
    """One axis of one tensor: its number, where the input is a number, and its closed form; ``here`` is the closed form in the
    last size that was a number, where a layer has letters."""

    form: FormStep
    number: NumberStep | None = None
    here: FormStep | None = None

    @property
    def size(self) -> Theorem:
        """⊢ size = value, the number where there is one."""
        return self.number.theorem if self.number else self.shown.closed

    @property
    def shown(self) -> FormStep:
        """The closed form for the input as it is given."""
        return self.here or self.form


def prove_axes(
    place: Placed,
    placed: tuple[Placed, ...],
    axes: list[tuple[AxisProof | None, ...]],
    bounds: dict[Term, Theorem | None],
) -> tuple[AxisProof | None, ...]:
    """The axes of ``placed[place.index]``, from those ``axes`` of the layers before it; ``bounds`` has l ≤ W for the input's sizes."""
    if not place.sources:
        inputs = {axis.form.base: AxisProof(first_form(axis.form.base)) for axis in place.axes}
        return tuple(inputs[axis.form.base] for axis in place.axes)
    found: list[AxisProof | None] = []
    known: dict[object, AxisProof] = {}  # equal axes share their theorems
    for axis, map_, origin in zip(place.axes, place.applied.maps, place.origins, strict=True):
        if origin is None:
            found.append(AxisProof(first_form(axis.size)))
            continue
        source = place.sources[origin[0]]
        before, proof = placed[source].axes[origin[1]], axes[source][origin[1]]
        if map_ is None or proof is None:
            found.append(proof)
            continue
        key = (map_, proof)
        if key not in known:
            number = here = None
            if axis.here is not None:
                last = proof.here or first_form(before.size)
                here = _form_step(map_, last, bounds)
            elif before.size.constant is not None:
                number = number_step(map_, before.size, proof.number.theorem if proof.number else None)
            known[key] = AxisProof(_form_step(map_, proof.form, bounds), number, here)
        found.append(known[key])
    return tuple(found)


def _form_step(map_: AxisMap, before: FormStep, bounds: dict[Term, Theorem | None]) -> FormStep:
    return form_step(map_, before, _bound(before.form.base, bounds), plain=True)


def _bound(base: Term, bounds: dict[Term, Theorem | None]) -> Theorem | None:
    if base not in bounds:
        bounds[base] = assumed_least(base, 0) if base.constant is not None else None
    return bounds[base]
