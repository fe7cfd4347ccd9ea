"""A network as Keras code: a function ``model`` that makes a functional model."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from symnet.frameworks.convention import KERAS
from symnet.layers.declaration.shape import Shape
from symnet.network.network import Network
from symnet.render.code.definitions import KERAS_HELPERS
from symnet.render.code.heading import heading
from symnet.render.code.keras_layers import KERAS_LAYERS
from symnet.render.code.keras_training import trained_in_keras
from symnet.render.code.plan import Step, makes_of, shown, statements_of, variables
from symnet.render.code.python import INDENT, Sizes, broken, comment, filled, free, identifier, placed
from symnet.render.code.repeats import Repeat, outline
from symnet.render.code.statement import CHAIN, Statement
from symnet.terms.term import Term, symbols_of

__all__ = ["keras_code"]


def keras_code(network: Network) -> tuple[str, dict[int, str]]:
    """The file, and by its place the name in the model of every layer that is given one."""
    say = Sizes()
    writer = _Writer(network, statements_of(network, KERAS_LAYERS, trained_in_keras, KERAS, say, ""), say)
    body = writer.body()
    lines: list[str] = []
    for helper in dict.fromkeys(helper for statement in writer.statements.values() for helper in statement.helpers):
        name, _, rank = helper.partition(":")
        lines += ["", "", *KERAS_HELPERS[name].replace("{rank}", rank).strip("\n").split("\n")]
    lines += ["", "", *broken(f"def model({', '.join(writer.arguments)}):"), *body]
    imports = [name for name in ("layers", "ops") if any(re.search(rf"\b{name}\.", line) for line in lines)]
    from_keras = [f"from keras import {', '.join(imports)}"] if imports else []
    return "\n".join([*heading(network), "", "import keras", *from_keras, *lines]) + "\n", writer.named


#: Where Keras's functions are found in the file.
_MODULES = {"ops": "ops", "activations": "keras.activations"}


@dataclass
class _Writer:
    """A network on its way to a function."""

    network: Network
    statements: dict[int, Statement]
    say: Sizes

    def __post_init__(self) -> None:
        self.graph = self.network.graph
        self.names = self.graph.names()
        self.pieces = outline(self.graph, self.statements)
        self.arguments = self._arguments()
        self.taken = {"x", "y", "inputs", "factors", *self.arguments}
        self.named = self._named()
        self.made: set[str] = set()
        #: every place's own name
        self.own: dict[int, str] = {0: "inputs"}

    def body(self) -> list[str]:
        """The statements of the function."""
        graph, lines = self.graph, []
        entry, own = {0: "inputs"}, self.own
        for place, node in enumerate(graph.nodes, 1):
            own[place] = identifier(node.label or self.names[place - 1])
            if node.layer.kind == "Input":
                entry[place] = own[place] = free(own[place], self.taken)
                self.taken.add(own[place])
        for place, name in entry.items():
            lines += broken(f"{name} = {self._input(place)}", INDENT)
        variable = self._kept_layers()
        steps = [
            Step(piece.last, (piece.start - 1,), Statement(do=CHAIN), ())
            if isinstance(piece, Repeat)
            else self._step(piece, variable.get(piece, ()))
            for piece in self.pieces
            if isinstance(piece, Repeat) or piece in self.statements
        ]
        results = list(graph.ends())
        found = variables(steps, dict(entry), results, "x", own)
        repeats = {piece.last: piece for piece in self.pieces if isinstance(piece, Repeat)}
        for step in steps:
            if step.place in repeats:
                lines += self._loop(repeats[step.place], found, variable)
            else:
                lines += self._statement(step, found, INDENT)
        outputs = [found[place] for place in results]
        last = outputs[0] if len(outputs) == 1 else f"[{', '.join(outputs)}]"
        first = "inputs" if len(entry) == 1 else f"[{', '.join(entry.values())}]"
        return [*lines, *broken(f"return keras.Model({first}, {last})", INDENT)]

    def _kept_layers(self) -> dict[int, tuple[str, ...]]:
        """The variables of layers that are used again: for other outputs, or in a statement about them."""
        graph = self.graph
        shares = {node.layer.shares for node in graph.nodes if node.layer.shares}
        repeated = {
            place for piece in self.pieces if isinstance(piece, Repeat)
            for place in range(piece.start, piece.start + piece.length)
        }  # fmt: skip
        alone = {piece for piece in self.pieces if not isinstance(piece, Repeat)}
        kept = [
            place
            for place, statement in self.statements.items()
            if self.names[place - 1] in shares
            or graph.nodes[place - 1].layer.shares
            or (_made_once(statement) and place in alone | repeated)
        ]
        nodes = [graph.nodes[place - 1] for place in kept]
        titles, statements = [self.names[place - 1] for place in kept], [self.statements[place] for place in kept]
        return dict(zip(kept, makes_of(nodes, titles, statements, self.taken), strict=True))

    # ---- what comes in ----

    def _arguments(self) -> list[str]:
        """The symbols that layers or weights depend on; what else the input has may be any size, ``None``."""
        found: dict[str, None] = {}
        fixed: list[Term] = list(self.network.input)
        for placed_ in self.network.placed[1:]:
            statement = self.statements.get(placed_.index)
            found |= dict.fromkeys(statement.symbols if statement else ())
            sizes = [size for weight in placed_.applied.weights for size in weight.shape]
            sizes += [size for shape in placed_.inputs for size in shape.dims] if statement and statement.fixed else []
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
        calls = [
            make.target.rpartition(".")[2] for statement in self.statements.values() for _, make in statement.makes
        ]
        functions = re.findall(
            r"\.(\w+)\(|^(\w+)\(", "\n".join(found.do for found in self.statements.values()), re.MULTILINE
        )
        theirs = {_snake(word) for word in (*calls, *(word for pair in functions for word in pair)) if word}
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
            ends = [end for end, _ in self.statements[place].makes] if place in self.statements else []
            while any(name + end in taken for end in (*ends, "")):
                numbers[word] = numbers.get(word, 1) + 1
                name = f"{word}_{numbers[word]}"
            found[place] = name
            taken.update(name + end for end in (*ends, ""))
        return found

    def _step(self, place: int, makes: tuple[str, ...]) -> Step:
        """The statement of a layer, which has its name in the model."""
        statement, sources = self.statements[place], self.graph.nodes[place - 1].sources
        calls = [
            make.having(name=self.named[place] + end) if place in self.named else make for end, make in statement.makes
        ]
        return Step(place, sources, statement, makes, tuple(shown(call, self.say) for call in calls))

    def _statement(
        self, step: Step, found: Mapping[int, str], indent: str, working: str = "x", into: str | None = None
    ) -> list[str]:
        lines = [indent + line for note in step.statement.notes for line in comment(note)]
        names = {f"m{index}": make for index, make in enumerate(step.constructors)}
        for index, (name, make) in enumerate(zip(step.makes, step.constructors, strict=False)):
            names[f"m{index}"] = name
            if name not in self.made:
                self.made.add(name)
                lines += broken(f"{name} = {make}", indent)
        read = [found[source] for source in step.sources]
        names |= {f"x{index}": variable for index, variable in enumerate(read)} | {"factors": "factors"} | _MODULES
        for first in step.statement.before:
            lines += broken(f"factors = {filled(first, names)}", indent)
        if step.statement.chained:
            for index in range(len(step.statement.makes) - 1):
                lines += broken(f"{working} = {names[f'm{index}']}({read[0]})", indent)
                read = [working]
            value = f"{names[f'm{len(step.statement.makes) - 1}']}({read[0]})"
        else:
            value = filled(step.statement.do, names)
        lines += broken(f"{into or found[step.place]} = {value}", indent)
        return [*lines, *(line for after in step.statement.after for line in broken(filled(after, names), indent))]

    def _loop(self, repeat: Repeat, around: Mapping[int, str], variable: Mapping[int, tuple[str, ...]]) -> list[str]:
        """A repeated part: ``x`` goes in and comes out."""
        places = range(repeat.start, repeat.start + repeat.length)
        first = repeat.start - 1
        steps = [self._step(place, variable.get(place, ())) for place in places]
        again = any(first in step.sources for step in steps[1:])
        working = "y" if again else "x"
        found = variables(steps, {first: "x"}, [places[-1]], working, self.own)
        lines = [f"{INDENT}x = {around[first]}"] if around[first] != "x" else []
        lines.append(f"{INDENT}for _ in range({repeat.times}):")
        for step in steps:
            lines += self._statement(step, found, INDENT * 2, working, "x" if step is steps[-1] else None)
        return [*lines, *([f"{INDENT}{around[repeat.last]} = x"] if around[repeat.last] != "x" else [])]


def _made_once(statement: Statement) -> bool:
    """Whether a layer of it stands in more than one place: it is called twice, or something is said about it."""
    return bool(statement.after) or any(
        statement.do.count(f"{{m{index}}}") > 1 for index in range(len(statement.makes))
    )


def _snake(name: str) -> str:
    """Keras's name for a layer of a class."""
    return re.sub(r"([a-z])([A-Z])", r"\1_\2", re.sub(r"(.)([A-Z][a-z0-9]+)", r"\1_\2", name)).lower()
