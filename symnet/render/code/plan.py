"""The network as statements: which modules are made, which variable each output has."""

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
from symnet.render.code.python import Sizes, free, identifier
from symnet.render.code.python import placed as in_place
from symnet.render.code.statement import Cannot, Handler, Site, Statement
from symnet.terms.propositions import Le, Lt, Or, holds
from symnet.terms.term import symbols_of

__all__ = ["Step", "makes_of", "shown", "statements_of", "variables", "whole"]


#: What says of a layer's statement which weights are not trained.
Trained = Callable[[Site, Statement], Statement]


@dataclass(frozen=True)
class Step:
    """One statement on the outputs ``sources``: its modules by the names ``makes``, and the calls that make them, as text."""

    place: int
    sources: tuple[int, ...]
    statement: Statement
    makes: tuple[str, ...]
    constructors: tuple[str, ...] = ()


def shown(call: Call, say: Sizes) -> str:
    """A call as it stands in a constructor, symbols by their names."""
    return in_place(shortened(call, say))


def statements_of(
    network: Network, handlers: Mapping[str, Handler], trained: Trained, framework: str, say: Sizes, where: str
) -> dict[int, Statement]:
    """Every layer as the framework says it, by its place, with what is not ``trained``; symbols in what is done stand after
    ``where``. Raises :class:`ModelError` naming all layers that it cannot say.
    """
    found: dict[int, Statement] = {}
    refused: list[str] = []
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
            statement = whole(Site(placed if owner is None else _of_owner(placed, owner), say), handlers, trained)
            statement = statement.noted(*_for_some_values(placed, layer, framework, statement))
        except Cannot as why:
            refused.append(f"layer {placed.index} ({name}, {layer.kind}): {why}")
            continue
        for _, make in statement.makes:
            shown(make, say)  # so that its symbols are known
        done = in_place(statement.do, where)
        kept = tuple(name for name in say.used if done != in_place(statement.do) and where)
        found[placed.index] = replace(statement, do=done, symbols=tuple(say.used), kept=kept)
    if refused:
        more = f"; and {len(refused) - SHOWN} more" if len(refused) > SHOWN else ""
        raise ModelError(f"no {TITLES[framework]} code: {'; '.join(refused[:SHOWN])}{more}")
    return found


def _for_some_values(placed: Placed, layer: Layer, framework: str, statement: Statement) -> Iterator[str]:
    """What the framework takes for some values of the letters only, where the network takes all."""
    if framework not in CONVENTIONS.get(layer.kind, {}) or layer.framework not in (None, framework):
        return
    try:
        applied = replace(layer, framework=framework).apply(placed.inputs)
    except LayerError:  # it is written in another way
        return
    known = {condition.proposition for condition in placed.applied.conditions}
    for condition in applied.conditions:
        asked = condition.proposition
        if shown_by_signs(asked) or (isinstance(asked, Le) and len(statement.makes) > 1):
            continue  # it holds always, or the padding stands before
        if isinstance(asked, Or):
            parts = [part for part in asked.args if symbols_of(part) or holds(part)]
            if any(not symbols_of(part) for part in parts):
                continue
            asked = Or(*parts) if len(parts) > 1 else parts[0]
        elif not isinstance(asked, Lt | Le):
            continue
        if symbols_of(asked) and condition.proposition not in known:
            yield f"{condition.why}: it runs where {unicode_text(asked)}"


def _of_owner(placed: Placed, owner: Placed) -> Placed:
    """A layer that shares another one's weights: they are that one's, and trained as there."""
    layer, theirs = placed.layer, owner.layer
    if layer is None or theirs is None:
        return placed
    return replace(placed, layer=replace(layer, frozen=theirs.frozen, freezes=theirs.freezes), applied=owner.applied)


def whole(site: Site, handlers: Mapping[str, Handler], trained: Trained) -> Statement:
    """A layer with the activation that it has, as a layer after it, and what is said of its training."""
    layer = site.layer
    if layer.borrows:
        raise Cannot(f"its {layer.borrows} is another layer's, and symnet writes no such ties")
    statement = trained(site, handlers.get(layer.kind, _unknown)(site))
    if getattr(layer, "activation", None) is not None:
        statement = _activated(statement, site.place, handlers, site.say)
    loss = getattr(layer, "loss", None)
    return statement.noted(f"trained with the loss {loss}" if loss else "")


def _activated(statement: Statement, place: Placed, handlers: Mapping[str, Handler], say: Sizes) -> Statement:
    function = getattr(place.layer, "activation", "")
    after = replace(place, layer=Activation(function), inputs=(place.output,))
    activation = handlers["Activation"](Site(after, say))
    if not activation.makes:
        return replace(statement, do=activation.do.replace("{x0}", statement.do))
    ((_, call),) = activation.makes
    done = activation.do.replace("{m0}", f"{{m{len(statement.makes)}}}").replace("{x0}", statement.do)
    return replace(statement, makes=(*statement.makes, ("_activation", call)), do=done)


#: How many refusals are told.
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


def makes_of(
    nodes: Sequence[Node], names: Sequence[str], statements: Sequence[Statement], taken: set[str]
) -> list[tuple[str, ...]]:
    """Names for what every layer makes; a layer that shares weights uses what the other one made."""
    found: list[tuple[str, ...]] = []
    owners: dict[str, int] = {}
    numbers: dict[str, int] = {}
    for place, (node, name, statement) in enumerate(zip(nodes, names, statements, strict=True)):
        owner = None if node.layer.shares is None else owners.get(node.layer.shares)
        if owner is not None:
            if statements[owner].makes != statement.makes:
                raise ModelError(
                    f"layer {place + 1} ({identifier(name)}, {node.layer.kind}) shares the weights of a layer with other arguments"
                )
            found.append(found[owner])
        else:
            base = word = identifier(name)
            while any(base + end in taken for end, _ in statement.makes):
                numbers[word] = numbers.get(word, 1) + 1
                base = f"{word}_{numbers[word]}"
            taken.update(base + end for end, _ in statement.makes)
            found.append(tuple(base + end for end, _ in statement.makes))
        owners[name] = place if owner is None else owner
    return found


# ---- variables ---------------------------------------------------------------------------------------------------


def variables(
    steps: Sequence[Step], entry: Mapping[int, str], results: Sequence[int], working: str, own: Mapping[int, str]
) -> dict[int, str]:
    """The variable of every output: ``working`` where only the next statement reads it or it is the only result, else its
    ``own`` name. ``entry`` has the variables that are there before.
    """
    read: dict[int, set[int]] = {}
    for step in steps:
        for source in step.sources:
            read.setdefault(source, set()).add(step.place)
    found = dict(entry)
    taken = {*entry.values(), working}
    for step, after in zip(steps, [*steps[1:], None], strict=False):
        needed = read.get(step.place, set())
        passed = after is not None and needed == {after.place} and step.place not in results
        last = after is None and list(results) == [step.place]
        if passed or last:
            found[step.place] = working
        else:
            found[step.place] = free(own[step.place], taken)
            taken.add(found[step.place])
    return found
