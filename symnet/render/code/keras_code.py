"""A network as Keras code: a function ``model`` that makes a functional model."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from symnet.layers.profile import KERAS, TITLES
from symnet.layers.shape import Shape
from symnet.network.network import Network
from symnet.render.code.definitions import KERAS_HELPERS
from symnet.render.code.heading import heading
from symnet.render.code.keras_layers import KERAS_LAYERS
from symnet.render.code.plan import Step, makes_of, said_of, variables
from symnet.render.code.python import INDENT, Sizes, broken, filled, free, identifier, placed
from symnet.render.code.repeats import Repeat, outline
from symnet.render.code.said import CHAIN, Said
from symnet.terms.term import Term, symbols_of

__all__ = ["keras_code"]


def keras_code(network: Network) -> tuple[str, dict[int, str]]:
    """The file, and by its place the name in the model of every layer that is given one."""
    say = Sizes()
    writer = _Writer(network, said_of(network, KERAS_LAYERS, TITLES[KERAS], say, ""), say)
    body = writer.body()
    lines: list[str] = []
    for helper in dict.fromkeys(helper for said in writer.saids.values() for helper in said.helpers):
        name, _, rank = helper.partition(":")
        lines += ["", "", *KERAS_HELPERS[name].replace("{rank}", rank).strip("\n").split("\n")]
    lines += ["", "", *broken(f"def model({', '.join(writer.arguments)}):"), *body]
    imports = [name for name in ("layers", "ops") if any(re.search(rf"\b{name}\.", line) for line in lines)]
    from_keras = [f"from keras import {', '.join(imports)}"] if imports else []
    return "\n".join([*heading(network), "", "import keras", *from_keras, *lines]) + "\n", writer.named


@dataclass
class _Writer:
    """A network on its way to a function."""

    network: Network
    saids: dict[int, Said]
    say: Sizes

    def __post_init__(self) -> None:
        self.graph = self.network.graph
        self.names = self.graph.names()
        self.pieces = outline(self.graph, self.saids)
        self.arguments = self._arguments()
        self.taken = {"x", "y", "inputs", "factors", *self.arguments}
        self.named = self._named()
        self.made: set[str] = set()

    def body(self) -> list[str]:
        """The statements of the function."""
        graph, lines = self.graph, []
        entry, own = {0: "inputs"}, {0: "inputs"}
        for place, node in enumerate(graph.nodes, 1):
            own[place] = identifier(node.label or self.names[place - 1])
            if node.layer.kind == "Input":
                entry[place] = own[place] = free(own[place], self.taken)
                self.taken.add(own[place])
        for place, name in entry.items():
            lines += broken(f"{name} = {self._input(place)}", INDENT)
        shares = {node.layer.shares for node in graph.nodes if node.layer.shares}
        shared = [
            place for place in self.saids if self.names[place - 1] in shares or graph.nodes[place - 1].layer.shares
        ]
        nodes = [graph.nodes[place - 1] for place in shared]
        titles, saids = [self.names[place - 1] for place in shared], [self.saids[place] for place in shared]
        variable = dict(zip(shared, makes_of(nodes, titles, saids, self.taken), strict=True))
        steps = [
            Step(piece.last, (piece.start - 1,), Said(do=CHAIN), ())
            if isinstance(piece, Repeat)
            else Step(piece, graph.nodes[piece - 1].sources, self._said(piece), variable.get(piece, ()))
            for piece in self.pieces
            if isinstance(piece, Repeat) or piece in self.saids
        ]
        results = list(graph.ends())
        found = variables(steps, dict(entry), results, "x", own)
        repeats = {piece.last: piece for piece in self.pieces if isinstance(piece, Repeat)}
        for step in steps:
            if step.place in repeats:
                lines += self._loop(repeats[step.place], found, own)
            else:
                lines += self._statement(step, found, INDENT)
        outputs = [found[place] for place in results]
        last = outputs[0] if len(outputs) == 1 else f"[{', '.join(outputs)}]"
        first = "inputs" if len(entry) == 1 else f"[{', '.join(entry.values())}]"
        return [*lines, *broken(f"return keras.Model({first}, {last})", INDENT)]

    # ---- what comes in ----

    def _arguments(self) -> list[str]:
        """The symbols that layers or weights depend on; what else the input has may be any size, ``None``."""
        found: dict[str, None] = {}
        fixed: list[Term] = list(self.network.input)
        for placed_ in self.network.placed[1:]:
            said = self.saids.get(placed_.index)
            found |= dict.fromkeys(said.symbols if said else ())
            sizes = [size for weight in placed_.applied.weights for size in weight.shape]
            sizes += [size for shape in placed_.inputs for size in shape.dims] if said and said.fixed else []
            found |= dict.fromkeys(self._names(*sizes))
            if placed_.layer is not None and placed_.layer.kind == "Input":
                fixed += placed_.output.dims
        ahead = [name for name in self._names(*fixed) if name in found]
        return list(dict.fromkeys([*ahead, *found]))

    def _names(self, *sizes: Term) -> list[str]:
        return [placed(self.say(symbol)) for symbol in symbols_of(*sizes)]

    def _input(self, place: int) -> str:
        shape: Shape = self.network.placed[place].output
        sizes = [
            placed(self.say(size)) if all(name in self.arguments for name in self._names(size)) else "None"
            for size in shape.dims
        ]
        readers = [node.layer.kind for node in self.graph.nodes if place in node.sources]
        words = ', dtype="int32"' if readers and set(readers) == {"Embedding"} else ""
        name = f', name="{self.named[place]}"' if place in self.named else ""
        return f"keras.Input(({', '.join(sizes)}{',' * (len(sizes) == 1)}){words}{name})"

    # ---- layers ----

    def _named(self) -> dict[int, str]:
        """Names for the layers that have one in the network; Keras's own names for others stay free."""
        inside = {
            place for piece in self.pieces if isinstance(piece, Repeat) for place in range(piece.start, piece.last + 1)
        }
        texts = [text for said in self.saids.values() for text in (said.do, *(make for _, make in said.makes))]
        theirs = {
            _snake(word)
            for text in texts
            for word in re.findall(r"(?:layers|ops|activations)\.(\w+)|^(\w+)\(", text)
            for word in word
            if word
        }
        theirs |= {"get_item", "input_layer", "keras_tensor"}
        found: dict[int, str] = {}
        taken: set[str] = set()
        numbers: dict[str, int] = {}
        for place, node in enumerate(self.graph.nodes, 1):
            if node.layer.name is None or place in inside or node.layer.shares:
                continue
            name = word = identifier(node.layer.name)
            if re.sub(r"(_\d+)+$", "", name) in theirs:
                name = word = f"{name}_"
            while name in taken:
                numbers[word] = numbers.get(word, 1) + 1
                name = f"{word}_{numbers[word]}"
            found[place] = name
            taken.add(name)
        return found

    def _said(self, place: int) -> Said:
        """With its name, and whether it is trained."""
        said, node = self.saids[place], self.graph.nodes[place - 1]
        more = ["trainable=False"] * node.layer.frozen
        makes = []
        for end, make in said.makes:
            name = [f'name="{self.named[place]}"'] if place in self.named and not end else []
            given = ", ".join([*(more if end not in ("_pad", "_flatten", "_step") else []), *name])
            makes.append((end, f"{make[:-1]}{'' if make.endswith('()') else ', '}{given})" if given else make))
        return replace(said, makes=tuple(makes))

    def _statement(
        self, step: Step, found: Mapping[int, str], indent: str, working: str = "x", into: str | None = None
    ) -> list[str]:
        lines = [f"{indent}# {step.said.note}"] if step.said.note else []
        names = {f"m{index}": make for index, (_, make) in enumerate(step.said.makes)}
        for index, (name, (_, make)) in enumerate(zip(step.makes, step.said.makes, strict=False)):
            names[f"m{index}"] = name
            if name not in self.made:
                self.made.add(name)
                lines += broken(f"{name} = {make}", indent)
        read = [found[source] for source in step.sources]
        names |= {f"x{index}": variable for index, variable in enumerate(read)} | {"factors": "factors"}
        for first in step.said.before:
            lines += broken(f"factors = {filled(first, names)}", indent)
        if step.said.chained:
            for index in range(len(step.said.makes) - 1):
                lines += broken(f"{working} = {names[f'm{index}']}({read[0]})", indent)
                read = [working]
            value = f"{names[f'm{len(step.said.makes) - 1}']}({read[0]})"
        else:
            value = filled(step.said.do, names)
        return [*lines, *broken(f"{into or found[step.place]} = {value}", indent)]

    def _loop(self, repeat: Repeat, around: Mapping[int, str], own: Mapping[int, str]) -> list[str]:
        """A repeated part: ``x`` goes in and comes out."""
        places = range(repeat.start, repeat.start + repeat.length)
        first = repeat.start - 1
        steps = [Step(place, self.graph.nodes[place - 1].sources, self._said(place), ()) for place in places]
        again = any(first in step.sources for step in steps[1:])
        working = "y" if again else "x"
        found = variables(steps, {first: "x"}, [places[-1]], working, own)
        lines = [f"{INDENT}x = {around[first]}"] if around[first] != "x" else []
        lines.append(f"{INDENT}for _ in range({repeat.times}):")
        for step in steps:
            lines += self._statement(step, found, INDENT * 2, working, "x" if step is steps[-1] else None)
        return [*lines, *([f"{INDENT}{around[repeat.last]} = x"] if around[repeat.last] != "x" else [])]


def _snake(name: str) -> str:
    """Keras's name for a layer of a class."""
    return re.sub(r"([a-z])([A-Z])", r"\1_\2", re.sub(r"(.)([A-Z][a-z0-9]+)", r"\1_\2", name)).lower()
