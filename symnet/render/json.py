"""Tables and reports as JSON data: integers are numbers, symbolic values are texts in the grammar of expressions."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from functools import cached_property
from typing import Any

from symnet.kernel.theorem import Theorem
from symnet.kernel.walks import steps
from symnet.kernel.writing import write_proof
from symnet.layers.laws.counting import collected
from symnet.layers.laws.law import Field
from symnet.network.costs import parameter_sets, work_sets
from symnet.network.derivation import Derivation
from symnet.network.domain import domain
from symnet.network.layer_proofs import LayerProof
from symnet.network.memory import Memory
from symnet.network.network import Network
from symnet.network.proof import FormStep
from symnet.printing.text import text
from symnet.render.defined_sizes import by_definition
from symnet.render.names import size_names
from symnet.solving.contradiction import refuse_if_never_fits
from symnet.terms.integer_sets import Progression
from symnet.terms.node import Node, children_first
from symnet.terms.propositions import In, Le, Lt, Proposition
from symnet.terms.term import Int, Symbol, Term, Windows, substitute
from symnet.terms.walks import has_more_parts, outermost

#: What is longer than this in the network's own symbols is written with the names of sizes: in characters, and in parts of a term.
LONG, PARTS = 300, 150

__all__ = ["condition", "first_output", "hypotheses", "json_text", "plain_value", "report_data", "table_data"]


def json_text(data: dict[str, Any]) -> str:
    """The data as JSON, in which an entry of a list, as a layer or a step of a proof, takes one line.

    >>> print(json_text({"layers": [{"name": "fc1"}, {"name": "fc2"}], "steps": {"of": [1, 2]}}), end="")
    {
    "layers": [
    {"name": "fc1"},
    {"name": "fc2"}],
    "steps": {
    "of": [1, 2]}}
    """
    return "".join(_written(data, json.dumps)) + "\n"


def _written(data: Any, line: Callable[[Any], str]) -> Iterator[str]:
    if isinstance(data, dict) and data:
        for number, (key, value) in enumerate(data.items()):
            yield f"{',' if number else '{'}\n{line(key)}: "
            yield from _written(value, _without_spaces if key == "proof" else line)
        yield "}"
    elif isinstance(data, list) and any(isinstance(entry, dict | list) for entry in data):
        yield "[\n" + ",\n".join(map(line, data)) + "]"
    else:
        yield line(data)


#: A proof is long and read by programs.
_without_spaces = json.JSONEncoder(separators=(",", ":")).encode


def plain_value(term: Term | Fraction) -> int | str:
    """A number as a number, any other term as text; the stride of an upsampling as a fraction, 1/2."""
    if isinstance(term, Fraction):
        return str(term)
    return term.value if isinstance(term, Int) else text(term)


def condition(proposition: Proposition, names: dict[Term, str]) -> str:
    """A hypothesis as text with the symbol first, ``W >= 12``; membership in a set as conditions.

    >>> from symnet.terms.integer_sets import IntegerSet
    >>> from symnet.terms.term import Symbol
    >>> condition(In(Symbol("W"), IntegerSet.residue_class(0, 2, 4)), {})
    'W % 2 == 0 and W >= 4'
    """
    if isinstance(proposition, In) and proposition.args[1].parts:
        parts = [_within(text(proposition.args[0], names), part) for part in proposition.args[1].parts]
        return parts[0] if len(parts) == 1 else " or ".join(f"({part})" if " and " in part else part for part in parts)
    if isinstance(proposition, Le | Lt) and isinstance(proposition.args[0], Int):
        bound, size = proposition.args
        return f"{text(size, names)} {'>=' if isinstance(proposition, Le) else '>'} {text(bound)}"
    return text(proposition, names)


def _within(size: str, part: Progression) -> str:
    if part.minimum is not None and part.minimum == part.maximum:
        return f"{size} == {part.minimum}"
    conditions = [f"{size} % {part.modulus} == {part.residue}"] if part.modulus > 1 else []
    conditions += [f"{size} >= {part.minimum}"] if part.minimum is not None else []
    conditions += [f"{size} <= {part.maximum}"] if part.maximum is not None else []
    return " and ".join(conditions)


def table_data(network: Network, memory: Memory | None = None) -> dict[str, Any]:
    """The data that ``symnet table --json`` prints: the sizes and costs of all layers, outputs, totals, hypotheses; with ``memory`` also
    the bytes that layers and network take. Every number is that of a theorem, but for sizes of the layers in ``by_definition``, and
    for a receptive field with ``no_theorem``.
    """
    refuse_if_never_fits(network)
    proof, every = network.proof, network.placed[1:]
    sizes = _Sizes(proof)
    layers = []
    for layer in proof.layers[1:]:
        node = layer.placed
        origin = network.graph.nodes[node.index - 1].origin
        layers.append(
            {
                "index": node.index,
                "name": node.name,
                "kind": node.layer.kind if node.layer else "input",
                "output": list(map(sizes.value, node.output.dims)),
                "parameters": sizes.value(layer.parameters[-1].conclusion.args[1]) if layer.parameters else 0,
                "trainable": sizes.value(collected(parameter_sets(node, trainable=True))),
                "activations": sizes.count([node.output.dims]),
                "multiply_adds": sizes.value(layer.work[-1].conclusion.args[1], work_sets(node)) if layer.work else 0,
                **({"origin": origin} if origin else {}),
            }
        )
    field, positions = network.field_terms, network.graph.outputs()
    outputs = [
        {
            "index": position,
            "name": network.placed[position].name,
            "output": list(map(sizes.value, network.placed[position].output.dims)),
        }
        for position in positions
    ]
    return {
        "input": [plain_value(size) for size in network.graph.input.dims],
        "layers": layers,
        "output": list(map(sizes.value, network.placed[network.graph.first_output].output.dims)),
        **({} if positions == network.graph.unread() == (len(layers),) else {"outputs": outputs}),
        "by_definition": [node.name for node in network.placed[1:] if by_definition(node)],
        "parameters": plain_value(network.counted()),
        "trainable": plain_value(network.counted(True)),
        "non_trainable": plain_value(network.counted(False)),
        "activations": sizes.count([node.output.dims for node in every]),
        "multiply_adds": sizes.value(network.work, [each for node in every for each in work_sets(node)]),
        "closed_form": {name: text(term) for name, term in network.closed_terms.items()},
        "receptive_field": {
            **{part: [size if size is None else plain_value(size) for size in ends] for part, ends in field.items()},
            **_resting(proof.fields[network.last.index]),
            **({} if network.field_is_proven else {"no_theorem": True}),
        },
        **({} if memory is None else {"memory": _memory(memory)}),
        **_hypotheses(network, sizes),
        **({"elsewhere": list(proof.otherwise)} if proof.otherwise else {}),
        "notes": list(network.notes),
        **({"assumed": [f"{name} {what}" for name, what in network.unproven]} if network.unproven else {}),
        **_compared(network),
        "steps": len(proof.steps),
        "checked": True,
    }


def _memory(memory: Memory) -> dict[str, Any]:
    """The bytes of each part and in all, and what they are counted for."""
    parts = {part: plain_value(value.term) for part, value in memory.items()}
    counted_for = {"batch": plain_value(memory.examples), "dtype": memory.dtype, "train": memory.train}
    return {**parts, "total": plain_value(memory.total.term), **counted_for}


def hypotheses(network: Network) -> tuple[str, ...]:
    """The assumptions on the sizes of a network, as the JSON of its table has them."""
    return tuple(_hypotheses(network, _Sizes(network.proof))["hypotheses"])


def _resting(fields: tuple[Field | None, ...]) -> dict[str, list[str]]:
    """The sizes for which the padding is the stated one, if not all."""
    asks = [one for field in fields if field and field.exact is None for one in field.asks]
    return {"where": [condition(each, {}) for each in domain(asks).propositions]} if asks else {}


def _hypotheses(network: Network, sizes: _Sizes) -> dict[str, Any]:
    """The assumptions in the network's own symbols. A condition that would be too long is written with the names of ``sizes``; after it
    stand the definitions of all names that were written.
    """
    proof = network.proof
    conditions: list[str] = []
    # of an input of numbers without letters the conditions of its closed forms are told
    stated = proof.of_letters if network.letters_in_sizes or proof.of_letters else proof.stated
    for hypothesis in domain(stated, promises=proof.promises).propositions:
        own = condition(substitute(hypothesis, proof.forms), {})
        if len(own) > LONG:
            own = condition(hypothesis, sizes.names)
            sizes.define(hypothesis)
        conditions.append(own)
    return {"hypotheses": list(dict.fromkeys(conditions)), **({"sizes": sizes.defined} if sizes.defined else {})}


def _steps(layer: LayerProof) -> Iterator[FormStep]:
    for axis in layer.axes:
        if axis is not None:
            yield axis.form
            yield axis.shown


def _wants_names(term: Term) -> bool:
    """Whether a term is too long, or a number of windows, which the grammar of expressions does not have."""
    return has_more_parts(term, PARTS) or any(isinstance(node, Windows) for node in children_first(term))


class _Sizes:
    """Writes terms; what would be too long with the names of sizes, ``W_3``. ``defined`` are the definitions of all names that were
    written.
    """

    def __init__(self, proof: Derivation) -> None:
        self.proof = proof
        self.names = {size: name for size, name in size_names(proof).items() if not isinstance(size, Symbol)}
        self.defined: dict[str, str] = {}

    @cached_property
    def _formulas(self) -> dict[Term, Theorem]:
        steps = (step for layer in self.proof.layers for step in _steps(layer))
        return {step.size: step.formula for step in steps if step.formula is not None}

    @cached_property
    def _definitions(self) -> dict[Term, Term]:
        """For a size as the table has it, in the letters of the input: the size that has a name."""
        return {
            axis.size: proof.shown.size
            for layer in reversed(self.proof.layers)
            for axis, proof in zip(layer.placed.axes, layer.axes, strict=True)
            if proof is not None and axis.size.constant is None
        }

    def value(self, term: Term, sets: Sequence[tuple[Term, ...]] = ()) -> int | str:
        """A number as a number, any other term as text. ``sets`` are the shapes of the arrays whose entries it counts, if it is a count."""
        if not _wants_names(term):
            return plain_value(term)
        return self._named(collected(map(self._shape, sets)) if sets else self._definitions.get(term, term))

    def count(self, sets: Sequence[tuple[Term, ...]]) -> int | str:
        """The number of entries of arrays of these shapes."""
        if any(_wants_names(size) for shape in sets for size in shape):
            return self._named(collected(map(self._shape, sets)))
        return self.value(collected(sets), sets)

    def _shape(self, shape: tuple[Term, ...]) -> tuple[Term, ...]:
        """A shape to be counted, with a symbol for each size that has a name: a polynomial would order the parts of the size anew."""
        sizes = [self._definitions.get(size, size) for size in shape]
        for size in sizes:
            self.define(size)
        return tuple(Symbol(text(size, self.names), 0) if size in self.names else size for size in sizes)

    def _named(self, term: Term) -> int | str:
        self.define(term)
        return term.value if isinstance(term, Int) else text(term, self.names)

    def define(self, node: Node) -> None:
        """Add the definitions of the named sizes in ``node``, and of those in their formulas."""
        waiting = [node]
        while waiting:
            for size in outermost([waiting.pop()], self.names.__contains__):
                name = text(size, self.names)
                formula = self._formulas.get(self.proof.repeated.first.get(size, size))  # type: ignore[call-overload]
                if name not in self.defined and formula is not None:
                    self.defined[name] = text(formula.conclusion.args[1], self.names)
                    waiting.append(formula.conclusion.args[1])


def _compared(network: Network) -> dict[str, Any]:
    """Returns for an imported model the runs that it was compared with, or why there are none."""
    if network.not_compared is None and not network.compared:
        return {}
    why = {} if network.not_compared is None else {"not_compared": network.not_compared}
    outside = {} if network.outside is None else {"outside": network.outside.data}
    return {"compared": [run.data for run in network.compared], **why, **outside}


def first_output(network: Network) -> list[int | str]:
    """The sizes of the first output: of the first that a model names, or of the last layer."""
    return list(map(_Sizes(network.proof).value, network.placed[network.graph.first_output].output.dims))


def report_data(network: Network, memory: Memory | None = None) -> dict[str, Any]:
    """The data that ``symnet report --json`` prints: the table, the remarks on training, and the proof of everything; with ``memory``
    also the bytes, and their proof.
    """
    from symnet.render.training import training_data  # loads the kernel for real numbers, which a table does not need

    goals = (*network.proof.goals, *(() if memory is None else memory.theorems))
    training = training_data(network.placed, network.graph.outputs(), size_names(network.proof))
    return {
        "network": network.notation,
        **table_data(network, memory),
        "steps": len(steps(*goals)),
        "training": training,
        "proof": write_proof(*goals),
    }
