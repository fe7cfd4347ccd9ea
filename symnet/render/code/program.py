"""Turns a network into statements with modules and variables, shared by the writers of Keras and PyTorch code."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from symnet.errors import LayerError, ModelError
from symnet.frameworks.calls import Call, shortened
from symnet.frameworks.convention import TITLES
from symnet.frameworks.tables import CONVENTIONS
from symnet.graph import Node
from symnet.layers.declaration.base import Layer
from symnet.layers.kinds.elementwise import Activation
from symnet.network.network import Network
from symnet.network.propagate import Placed
from symnet.printing.text import unicode_text
from symnet.render.code.framework_calls import shown_by_signs
from symnet.render.code.python import SizePrinter, free, identifier, with_symbols_after
from symnet.render.code.statement import Cannot, Handler, Site, Statement
from symnet.terms.evaluation import holds
from symnet.terms.propositions import Le, Lt, Or
from symnet.terms.term import symbols_of

__all__ = ["Step", "constructor_text", "module_names_of", "statement_of", "statements_of", "variables"]


#: A function that marks the frozen weights in the statement of a layer.
Trained = Callable[[Site, Statement], Statement]


@dataclass(frozen=True)
class Step:
    """One statement of the program: it reads the outputs of layers ``sources``, uses the modules named ``makes``, and
    ``constructors`` are the calls that make these, as text. ``index`` is that of the layer, from 1.
    """

    index: int
    sources: tuple[int, ...]
    statement: Statement
    makes: tuple[str, ...]
    constructors: tuple[str, ...] = ()


def constructor_text(call: Call, say: SizePrinter) -> str:
    """Returns the text of a constructor call; symbols are plain names there."""
    return with_symbols_after(shortened(call, say))


def statements_of(
    network: Network, handlers: Mapping[str, Handler], trained: Trained, framework: str, say: SizePrinter, where: str
) -> dict[int, Statement]:
    """Returns the statement of every layer by its index from 1. ``handlers`` make the statement of each kind, ``trained`` marks
    frozen weights; symbols used at run time get the prefix ``where`` (``self.``). Raises :class:`ModelError` naming all
    layers that the framework cannot express.
    """
    statements: dict[int, Statement] = {}
    refusals: list[str] = []
    owners: dict[str, Placed] = {}
    for placed in network.placed[1:]:
        layer = placed.layer
        if layer is None or layer.kind == "Input":
            continue
        name = "".join(sign if sign.isprintable() else ascii(sign)[1:-1] for sign in placed.name)
        say.used = {}
        try:
            owner = owners.get(layer.shares or "")
            owners[placed.name] = placed if owner is None else owner
            statement = statement_of(
                Site(placed if owner is None else _of_owner(placed, owner), say), handlers, trained
            )
            statement = statement.noted(*_for_some_values(placed, layer, framework, statement))
        except Cannot as why:
            refusals.append(f"layer {placed.index} ({name}, {layer.kind}): {why}")
            continue
        for _, make in statement.makes:
            constructor_text(make, say)  # records the symbols of the constructor in say.used
        expression = with_symbols_after(statement.do, where)
        kept = tuple(name for name in say.used if expression != with_symbols_after(statement.do) and where)
        statements[placed.index] = replace(statement, do=expression, symbols=tuple(say.used), kept=kept)
    if refusals:
        more = f"; and {len(refusals) - SHOWN} more" if len(refusals) > SHOWN else ""
        raise ModelError(f"no {TITLES[framework]} code: {'; '.join(refusals[:SHOWN])}{more}")
    return statements


def _for_some_values(placed: Placed, layer: Layer, framework: str, statement: Statement) -> Iterator[str]:
    """Yields remarks on conditions of the framework that restrict the values of symbols more than the network does."""
    if framework not in CONVENTIONS.get(layer.kind, {}) or layer.framework not in (None, framework):
        return
    try:
        applied = replace(layer, framework=framework).apply(placed.inputs)
    except LayerError:  # it is written with other calls
        return
    known_propositions = {condition.proposition for condition in placed.applied.conditions}
    for condition in applied.conditions:
        proposition = condition.proposition
        if shown_by_signs(proposition) or (isinstance(proposition, Le) and len(statement.makes) > 1):
            continue  # it always holds, or a padding layer goes before
        if isinstance(proposition, Or):
            parts = [part for part in proposition.args if symbols_of(part) or holds(part)]
            if any(not symbols_of(part) for part in parts):
                continue
            proposition = Or(*parts) if len(parts) > 1 else parts[0]
        elif not isinstance(proposition, Lt | Le):
            continue
        if symbols_of(proposition) and condition.proposition not in known_propositions:
            yield f"{condition.why}: it runs where {unicode_text(proposition)}"


def _of_owner(placed: Placed, owner: Placed) -> Placed:
    """Returns the layer with the weights of the layer that it shares them with, frozen as there."""
    layer, owner_layer = placed.layer, owner.layer
    if layer is None or owner_layer is None:
        return placed
    return replace(
        placed, layer=replace(layer, frozen=owner_layer.frozen, freezes=owner_layer.freezes), applied=owner.applied
    )


def statement_of(site: Site, handlers: Mapping[str, Handler], trained: Trained) -> Statement:
    """Returns the statement of a layer with its activation, its frozen weights and a remark on its loss."""
    layer = site.layer
    if layer.borrows:
        raise Cannot(f"its {layer.borrows} is another layer's, and symnet writes no such ties")
    statement = trained(site, handlers.get(layer.kind, _unknown)(site))
    if getattr(layer, "activation", None) is not None:
        statement = _activated(statement, site.record, handlers, site.say)
    loss = getattr(layer, "loss", None)
    return statement.noted(f"trained with the loss {loss}" if loss else "")


def _activated(statement: Statement, record: Placed, handlers: Mapping[str, Handler], say: SizePrinter) -> Statement:
    function = getattr(record.layer, "activation", "")
    after = replace(record, layer=Activation(function), inputs=(record.output,))
    activation = handlers["Activation"](Site(after, say))
    if not activation.makes:
        return replace(statement, do=activation.do.replace("{x0}", statement.do))
    ((_, call),) = activation.makes
    expression = activation.do.replace("{m0}", f"{{m{len(statement.makes)}}}").replace("{x0}", statement.do)
    return replace(statement, makes=(*statement.makes, ("_activation", call)), do=expression)


#: The most refusals that the error message lists.
SHOWN = 20


def _unknown(site: Site) -> Statement:
    raise Cannot(_UNKNOWN.get(site.layer.kind, "symnet does not know how it is written there"))


_UNKNOWN = {
    "Parameter": "numbers stand in layers there; write ClassToken, PositionEmbedding or Scale",
    "Opaque": "what an opaque layer computes is not known",
    "Held": "parameters that nothing uses have no layer; leave it out",
    "Unused": "a layer whose output nothing uses is no part of a model there; leave it out",
    "ConvLSTM": "PyTorch has no such layer; write its steps as a loop of convolutions",
}


def module_names_of(
    nodes: Sequence[Node], names: Sequence[str], statements: Sequence[Statement], taken: set[str]
) -> list[tuple[str, ...]]:
    """Returns the names of the modules that each layer makes, and adds them to ``taken``; a layer that shares weights uses the
    modules of their owner.
    """
    names_of_layers: list[tuple[str, ...]] = []
    owners: dict[str, int] = {}
    numbers: dict[str, int] = {}
    for index, (node, name, statement) in enumerate(zip(nodes, names, statements, strict=True)):
        owner = None if node.layer.shares is None else owners.get(node.layer.shares)
        if owner is not None:
            if statements[owner].makes != statement.makes:
                raise ModelError(
                    f"layer {index + 1} ({identifier(name)}, {node.layer.kind}) shares the weights of a layer with other arguments"
                )
            names_of_layers.append(names_of_layers[owner])
        else:
            base = word = identifier(name)
            while any(base + suffix in taken for suffix, _ in statement.makes):
                numbers[word] = numbers.get(word, 1) + 1
                base = f"{word}_{numbers[word]}"
            taken.update(base + suffix for suffix, _ in statement.makes)
            names_of_layers.append(tuple(base + suffix for suffix, _ in statement.makes))
        owners[name] = index if owner is None else owner
    return names_of_layers


# ---- variables ---------------------------------------------------------------------------------------------------


def variables(
    steps: Sequence[Step], entry: Mapping[int, str], results: Sequence[int], working: str, own: Mapping[int, str]
) -> dict[int, str]:
    """Returns the variable of every output: ``working`` where only the next statement reads it or it is the only result, else
    the layer's ``own`` name. ``entry`` are the variables that exist before, ``results`` the indices of the returned outputs.
    """
    readers: dict[int, set[int]] = {}
    for step in steps:
        for source in step.sources:
            readers.setdefault(source, set()).add(step.index)
    variable_of = dict(entry)
    taken = {*entry.values(), working}
    for step, after in zip(steps, [*steps[1:], None], strict=False):
        needed = readers.get(step.index, set())
        passed_on = after is not None and needed == {after.index} and step.index not in results
        last = after is None and list(results) == [step.index]
        if passed_on or last:
            variable_of[step.index] = working
        else:
            variable_of[step.index] = free(own[step.index], taken)
            taken.add(variable_of[step.index])
    return variable_of
