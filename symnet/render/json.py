"""Tables and reports as JSON data: integers are integers, symbolic values are strings in the expression grammar."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from symnet.kernel.propositions import Le, Lt, Proposition
from symnet.kernel.replay import write_proof
from symnet.network.costs import collected, parameter_sets
from symnet.network.network import Network
from symnet.printing.text import text
from symnet.render.names import size_names
from symnet.terms.term import Int, Term

__all__ = ["condition", "plain_value", "report_data", "table_data"]


def plain_value(term: Term | Fraction) -> int | str:
    """A number as a number, anything else in the expression grammar; the stride of an upsampling as a fraction, 1/2."""
    if isinstance(term, Fraction):
        return str(term)
    return term.value if isinstance(term, Int) else text(term)


def condition(proposition: Proposition, names: dict[Term, str]) -> str:
    """A hypothesis as it is said: the symbol first, ``W >= 12``."""
    if isinstance(proposition, Le | Lt) and isinstance(proposition.args[0], Int):
        bound, size = proposition.args
        return f"{text(size, names)} {'>=' if isinstance(proposition, Le) else '>'} {text(bound)}"
    return text(proposition, names)


def table_data(network: Network) -> dict[str, Any]:
    """What ``symnet table --json`` prints: INTERFACE, Commands."""
    proof = network.proof
    names = size_names(proof)
    layers = []
    for layer in proof.layers[1:]:
        place = layer.placed
        layers.append(
            {
                "index": place.index,
                "name": place.name,
                "kind": place.layer.kind if place.layer else "input",
                "output": [plain_value(size) for size in place.output.dims],
                "parameters": plain_value(layer.parameters[-1].conclusion.args[1]) if layer.parameters else 0,
                "trainable": plain_value(collected(parameter_sets(place, trainable=True))),
                "activations": plain_value(collected([place.output.dims])),
                "multiply_adds": plain_value(layer.work[-1].conclusion.args[1]) if layer.work else 0,
            }
        )
    field = network.field_terms
    return {
        "input": [plain_value(size) for size in network.input],
        "layers": layers,
        "output": layers[-1]["output"] if layers else [plain_value(size) for size in network.input],
        "parameters": plain_value(network.parameters.term),
        "trainable": plain_value(network.trainable.term),
        "non_trainable": plain_value(network.non_trainable.term),
        "activations": plain_value(network.activations.term),
        "multiply_adds": plain_value(network.multiply_adds.term),
        "closed_form": {name: text(term) for name, term in network.closed_terms.items()},
        "receptive_field": {part: [plain_value(size) for size in sizes] for part, sizes in field.items()},
        "hypotheses": [condition(hypothesis, names) for hypothesis in proof.hypotheses],
        "steps": len(proof.steps),
        "checked": True,
    }


def report_data(network: Network) -> dict[str, Any]:
    """The table and the proof of everything in it."""
    return {"network": network.notation, **table_data(network), "proof": write_proof(*network.proof.goals)}
