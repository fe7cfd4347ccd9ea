"""The network as statements: which modules are made, which variable each output has."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from symnet.errors import ModelError
from symnet.graph import Node
from symnet.layers.elementwise import Activation
from symnet.network.network import Network
from symnet.network.propagate import Placed
from symnet.render.code.python import Sizes, free, identifier
from symnet.render.code.python import placed as in_place
from symnet.render.code.said import Asked, Cannot, Handler, Said

__all__ = ["Step", "makes_of", "said_of", "variables"]


@dataclass(frozen=True)
class Step:
    """One statement: ``said`` on the outputs ``sources``, its modules by the names ``makes``."""

    place: int
    sources: tuple[int, ...]
    said: Said
    makes: tuple[str, ...]


def said_of(network: Network, handlers: Mapping[str, Handler], title: str, say: Sizes, where: str) -> dict[int, Said]:
    """Every layer as the framework says it, by its place; symbols in what is done stand after ``where``. Raises
    :class:`ModelError` naming all layers that it cannot say.
    """
    found: dict[int, Said] = {}
    refused: list[str] = []
    for placed in network.placed[1:]:
        layer = placed.layer
        if layer is None or layer.kind == "Input":
            continue
        name = "".join(sign if sign.isprintable() else ascii(sign)[1:-1] for sign in placed.name)
        title_ = f"layer {placed.index} ({name}, {layer.kind})"
        say.used = {}
        try:
            said = handlers.get(layer.kind, _unknown)(Asked(placed, say))
            if getattr(layer, "activation", None) is not None:
                said = _activated(said, placed, handlers, say)
        except Cannot as why:
            refused.append(f"{title_}: {why}")
            continue
        makes = tuple((end, in_place(make)) for end, make in said.makes)
        kept = tuple(name for name in say.used if in_place(said.do, where) != in_place(said.do) and where)
        done = in_place(said.do, where)
        found[placed.index] = replace(said, makes=makes, do=done, symbols=tuple(say.used), kept=kept)
    if refused:
        more = f"; and {len(refused) - SHOWN} more" if len(refused) > SHOWN else ""
        raise ModelError(f"no {title} code: {'; '.join(refused[:SHOWN])}{more}")
    return found


def _activated(said: Said, place: Placed, handlers: Mapping[str, Handler], say: Sizes) -> Said:
    """With the activation that the layer has, as a layer after it."""
    function = getattr(place.layer, "activation", "")
    after = replace(place, layer=Activation(function), inputs=(place.output,))
    (activation,) = handlers["Activation"](Asked(after, say)).makes
    whole = f"{{m{len(said.makes)}}}({said.do})"
    return replace(said, makes=(*said.makes, ("_activation", activation[1])), do=whole)


#: How many refusals are told.
SHOWN = 20


def _unknown(asked: Asked) -> Said:
    raise Cannot(_UNKNOWN.get(asked.layer.kind, "symnet does not know how it is said there"))


_UNKNOWN = {
    "Parameter": "numbers stand in layers there; write ClassToken, PositionEmbedding or Scale",
    "Opaque": "what an opaque layer computes is not known",
    "Held": "parameters that nothing uses have no layer; leave it out",
}


def makes_of(
    nodes: Sequence[Node], names: Sequence[str], saids: Sequence[Said], taken: set[str]
) -> list[tuple[str, ...]]:
    """Names for what every layer makes; a layer that shares weights uses what the other one made."""
    found: list[tuple[str, ...]] = []
    owners: dict[str, int] = {}
    numbers: dict[str, int] = {}
    for place, (node, name, said) in enumerate(zip(nodes, names, saids, strict=True)):
        owner = None if node.layer.shares is None else owners.get(node.layer.shares)
        if owner is not None:
            if saids[owner].makes != said.makes:
                raise ModelError(
                    f"layer {place + 1} ({identifier(name)}, {node.layer.kind}) shares the weights of a layer with other arguments"
                )
            found.append(found[owner])
        else:
            base = word = identifier(name)
            while any(base + end in taken for end, _ in said.makes):
                numbers[word] = numbers.get(word, 1) + 1
                base = f"{word}_{numbers[word]}"
            taken.update(base + end for end, _ in said.makes)
            found.append(tuple(base + end for end, _ in said.makes))
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
