"""Writes a network as Keras code: a function ``model`` that returns a functional model."""

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
from symnet.render.code.program import Step, constructor_text, module_names_of, statements_of, variables
from symnet.render.code.python import INDENT, SizePrinter, broken, comment, filled, free, identifier, with_symbols_after
from symnet.render.code.repeated_parts import Repeat, outline
from symnet.render.code.statement import CHAIN, Statement
from symnet.terms.term import Term, symbols_of

__all__ = ["keras_code"]


def keras_code(network: Network) -> tuple[str, dict[int, str]]:
    """Returns the text of the file, and the name in the Keras model of each layer that has one, by layer index from 1."""
    say = SizePrinter()
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


#: The names by which the file reaches Keras's modules of functions.
_MODULES = {"ops": "ops", "activations": "keras.activations"}


@dataclass
class _Writer:
    """Writes the function ``model`` of one network. Layer indices count from 1; index 0 is the network's input."""

    network: Network
    statements: dict[int, Statement]
    say: SizePrinter

    def __post_init__(self) -> None:
        self.graph = self.network.graph
        self.names = self.graph.names()
        self.pieces = outline(self.graph, self.statements)
        self.arguments = self._arguments()
        self.taken = {"x", "y", "inputs", "factors", *self.arguments}
        self.named = self._named()
        self.made: set[str] = set()
        #: the identifier of each layer, from its label
        self.own: dict[int, str] = {0: "inputs"}

    def body(self) -> list[str]:
        """Returns the lines of the function's body."""
        graph, lines = self.graph, []
        entry, own = {0: "inputs"}, self.own
        for index, node in enumerate(graph.nodes, 1):
            own[index] = identifier(node.label or self.names[index - 1])
            if node.layer.kind == "Input":
                entry[index] = own[index] = free(own[index], self.taken)
                self.taken.add(own[index])
        for index, name in entry.items():
            lines += broken(f"{name} = {self._input(index)}", INDENT)
        variable = self._kept_layers()
        steps = [
            Step(piece.last, (piece.start - 1,), Statement(do=CHAIN), ())
            if isinstance(piece, Repeat)
            else self._step(piece, variable.get(piece, ()))
            for piece in self.pieces
            if isinstance(piece, Repeat) or piece in self.statements
        ]
        results = list(graph.ends())
        variable_names = variables(steps, dict(entry), results, "x", own)
        repeats = {piece.last: piece for piece in self.pieces if isinstance(piece, Repeat)}
        for step in steps:
            if step.index in repeats:
                lines += self._loop(repeats[step.index], variable_names, variable)
            else:
                lines += self._statement(step, variable_names, INDENT)
        outputs = [variable_names[index] for index in results]
        last = outputs[0] if len(outputs) == 1 else f"[{', '.join(outputs)}]"
        first = "inputs" if len(entry) == 1 else f"[{', '.join(entry.values())}]"
        return [*lines, *broken(f"return keras.Model({first}, {last})", INDENT)]

    def _kept_layers(self) -> dict[int, tuple[str, ...]]:
        """Returns the variables for layers that are used more than once: shared, called twice in a statement, or referred to
        after it.
        """
        graph = self.graph
        shares = {node.layer.shares for node in graph.nodes if node.layer.shares}
        repeated = {
            index for piece in self.pieces if isinstance(piece, Repeat)
            for index in range(piece.start, piece.start + piece.length)
        }  # fmt: skip
        alone = {piece for piece in self.pieces if not isinstance(piece, Repeat)}
        kept = [
            index
            for index, statement in self.statements.items()
            if self.names[index - 1] in shares
            or graph.nodes[index - 1].layer.shares
            or (_made_once(statement) and index in alone | repeated)
        ]
        nodes = [graph.nodes[index - 1] for index in kept]
        titles, statements = [self.names[index - 1] for index in kept], [self.statements[index] for index in kept]
        return dict(zip(kept, module_names_of(nodes, titles, statements, self.taken), strict=True))

    # ---- inputs ----

    def _arguments(self) -> list[str]:
        """Returns the symbols that layers or weights depend on. Other symbols of the input sizes are ``None``, any size."""
        needed: dict[str, None] = {}
        fixed: list[Term] = list(self.network.graph.input.dims)
        for record in self.network.placed[1:]:
            statement = self.statements.get(record.index)
            needed |= dict.fromkeys(statement.symbols if statement else ())
            sizes = [size for weight in record.applied.weights for size in weight.shape]
            sizes += [size for shape in record.inputs for size in shape.dims] if statement and statement.fixed else []
            needed |= dict.fromkeys(self._names(*sizes))
            if record.layer is not None and record.layer.kind == "Input":
                fixed += record.output.dims
        leading = [name for name in self._names(*fixed) if name in needed]
        return list(dict.fromkeys([*leading, *needed]))

    def _names(self, *sizes: Term) -> list[str]:
        return [with_symbols_after(self.say(symbol)) for symbol in symbols_of(*sizes)]

    def _input(self, index: int) -> str:
        shape: Shape = self.network.placed[index].output
        sizes = [
            with_symbols_after(self.say(size)) if all(name in self.arguments for name in self._names(size)) else "None"
            for size in shape.dims
        ]
        readers = [node.layer.kind for node in self.graph.nodes if index in node.sources]
        dtype = ', dtype="int32"' if readers and set(readers) == {"Embedding"} else ""
        name = f', name="{self.named[index]}"' if index in self.named else ""
        return f"keras.Input(({', '.join(sizes)}{',' * (len(sizes) == 1)}){dtype}{name})"

    # ---- layers ----

    def _named(self) -> dict[int, str]:
        """Returns the names of layers that are named in the network, distinct from those that Keras gives to the others."""
        inside = {
            index for piece in self.pieces if isinstance(piece, Repeat) for index in range(piece.start, piece.last + 1)
        }
        calls = [
            make.target.rpartition(".")[2] for statement in self.statements.values() for _, make in statement.makes
        ]
        functions = re.findall(
            r"\.(\w+)\(|^(\w+)\(", "\n".join(statement.do for statement in self.statements.values()), re.MULTILINE
        )
        keras_names = {_snake(word) for word in (*calls, *(word for pair in functions for word in pair)) if word}
        keras_names |= {"get_item", "input_layer", "keras_tensor"}
        names: dict[int, str] = {}
        taken: set[str] = set()
        numbers: dict[str, int] = {}
        for index, node in enumerate(self.graph.nodes, 1):
            if node.layer.name is None or index in inside or node.layer.shares:
                continue
            name = word = identifier(node.layer.name)
            if re.sub(r"(_\d+)+$", "", name) in keras_names:
                name = word = f"{name}_"
            suffixes = [suffix for suffix, _ in self.statements[index].makes] if index in self.statements else []
            while any(name + suffix in taken for suffix in (*suffixes, "")):
                numbers[word] = numbers.get(word, 1) + 1
                name = f"{word}_{numbers[word]}"
            names[index] = name
            taken.update(name + suffix for suffix in (*suffixes, ""))
        return names

    def _step(self, index: int, makes: tuple[str, ...]) -> Step:
        """Returns the step of a layer; its constructor calls get the argument ``name`` if the layer has a name in the model."""
        statement, sources = self.statements[index], self.graph.nodes[index - 1].sources
        calls = [
            make.having(name=self.named[index] + suffix) if index in self.named else make
            for suffix, make in statement.makes
        ]
        return Step(index, sources, statement, makes, tuple(constructor_text(call, self.say) for call in calls))

    def _statement(
        self, step: Step, variable_names: Mapping[int, str], indent: str, working: str = "x", into: str | None = None
    ) -> list[str]:
        lines = [indent + line for note in step.statement.notes for line in comment(note)]
        names = {f"m{index}": make for index, make in enumerate(step.constructors)}
        for index, (name, make) in enumerate(zip(step.makes, step.constructors, strict=False)):
            names[f"m{index}"] = name
            if name not in self.made:
                self.made.add(name)
                lines += broken(f"{name} = {make}", indent)
        read = [variable_names[source] for source in step.sources]
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
        lines += broken(f"{into or variable_names[step.index]} = {value}", indent)
        return [*lines, *(line for after in step.statement.after for line in broken(filled(after, names), indent))]

    def _loop(self, repeat: Repeat, around: Mapping[int, str], variable: Mapping[int, tuple[str, ...]]) -> list[str]:
        """Returns the lines of a loop over a repeated part: the variable ``x`` is both its input and its output."""
        indices = range(repeat.start, repeat.start + repeat.length)
        first = repeat.start - 1
        steps = [self._step(index, variable.get(index, ())) for index in indices]
        again = any(first in step.sources for step in steps[1:])
        working = "y" if again else "x"
        variable_names = variables(steps, {first: "x"}, [indices[-1]], working, self.own)
        lines = [f"{INDENT}x = {around[first]}"] if around[first] != "x" else []
        lines.append(f"{INDENT}for _ in range({repeat.times}):")
        for step in steps:
            lines += self._statement(step, variable_names, INDENT * 2, working, "x" if step is steps[-1] else None)
        return [*lines, *([f"{INDENT}{around[repeat.last]} = x"] if around[repeat.last] != "x" else [])]


def _made_once(statement: Statement) -> bool:
    """Returns whether a layer of the statement needs a variable: it is called twice, or is referred to after the statement."""
    return bool(statement.after) or any(
        statement.do.count(f"{{m{index}}}") > 1 for index in range(len(statement.makes))
    )


def _snake(name: str) -> str:
    """Returns the name that Keras gives to a layer of this class: its snake_case."""
    return re.sub(r"([a-z])([A-Z])", r"\1_\2", re.sub(r"(.)([A-Z][a-z0-9]+)", r"\1_\2", name)).lower()
