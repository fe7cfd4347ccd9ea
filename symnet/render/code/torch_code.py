"""Writes a network as PyTorch code: a class ``Model``, an ``nn.Sequential`` where the network is one chain."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from symnet.frameworks.calls import Call
from symnet.frameworks.convention import TORCH
from symnet.graph import Graph, Node
from symnet.network.network import Network
from symnet.render.code.definitions import TORCH_HELPERS
from symnet.render.code.program import Step, constructor_text, module_names_of, statements_of, variables
from symnet.render.code.python import INDENT, SizePrinter, broken, comment, filled, free, identifier
from symnet.render.code.repeated_blocks import Block, blocks_of
from symnet.render.code.repeated_parts import Repeat, outline, with_similar_parts
from symnet.render.code.statement import CHAIN, Statement
from symnet.render.code.torch_layers import TORCH_LAYERS
from symnet.render.code.torch_layout import moved_to_front
from symnet.render.code.torch_training import trained_in_torch

__all__ = ["MODULE", "torch_code"]

#: Names that every module already has, which no layer may have.
MODULE = frozenset({
    "T_destination", "add_module", "apply", "bfloat16", "buffers", "call_super_init", "children", "compile", "cpu",
    "cuda", "double", "dump_patches", "eval", "extra_repr", "float", "forward", "get_buffer", "get_extra_state",
    "get_parameter", "get_submodule", "half", "ipu", "load_state_dict", "modules", "mtia", "named_buffers",
    "named_children", "named_modules", "named_parameters", "parameters", "register_backward_hook",
    "register_buffer", "register_forward_hook", "register_forward_pre_hook", "register_full_backward_hook",
    "register_full_backward_pre_hook", "register_load_state_dict_post_hook", "register_load_state_dict_pre_hook",
    "register_module", "register_parameter", "register_state_dict_post_hook", "register_state_dict_pre_hook",
    "requires_grad_", "set_extra_state", "set_submodule", "share_memory", "state_dict", "to", "to_empty", "train",
    "training", "type", "xpu", "zero_grad", "append", "extend", "insert", "pop",
})  # fmt: skip


@dataclass
class _Scope:
    """The content of a class: its steps, the variables of its inputs, the indices of its outputs, and each layer's own name.
    Layer indices count from 1; index 0 is the network's input.
    """

    steps: list[Step]
    entry: dict[int, str]
    results: list[int]
    own: Mapping[int, str]

    @property
    def symbols(self) -> list[str]:
        """Returns the argument names of the constructor."""
        return list(dict.fromkeys(name for step in self.steps for name in step.statement.symbols))

    @property
    def chained(self) -> bool:
        """Whether the steps apply one module after another, each used once, without remarks."""
        indices = [*self.entry, *(step.index for step in self.steps)]
        follows = all(step.sources == (previous,) for step, previous in zip(self.steps, indices, strict=False))
        made = [name for step in self.steps for name in step.makes]
        single = len(self.entry) == 1 and len(made) == len(set(made)) and self.results == indices[-1:]
        return (
            bool(self.steps)
            and follows
            and single
            and all(step.statement.chained and not step.statement.notes for step in self.steps)
        )

    def modules(self) -> dict[str, str]:
        """Returns the constructor call of every module by the module's name."""
        return {name: make for step in self.steps for name, make in zip(step.makes, step.constructors, strict=True)}

    def constructor(self, sequential: bool) -> list[str]:
        """Returns the lines of ``__init__``."""
        lines = broken(f"def __init__({', '.join(['self', *self.symbols])}):", INDENT)
        inner = INDENT * 2
        if sequential:
            made = [make.removeprefix("nn.Sequential(").removesuffix(")") if make.startswith("nn.Sequential(*[") else make
                    for make in self.modules().values()]  # fmt: skip
            if len(made) == 1:
                return [*lines, *broken(f"super().__init__({made[0]})", inner)]
            constructor_lines = [line for make in made for line in broken(make, inner + INDENT, ",")]
            return [*lines, f"{inner}super().__init__(", *constructor_lines, f"{inner})"]
        lines.append(f"{inner}super().__init__()")
        kept = dict.fromkeys(name for step in self.steps for name in step.statement.kept)
        lines += [f"{inner}self.{name} = {name}" for name in kept]
        for name, make in self.modules().items():
            lines += broken(f"self.{name} = {make}", inner)
        return lines

    def forward(self) -> list[str]:
        """Returns the lines of ``forward``."""
        first = next(iter(self.entry))
        again = any(first in step.sources for step in self.steps[1:]) or first in self.results
        working = "y" if again else "x"
        variable_of = variables(self.steps, self.entry, self.results, working, self.own)
        inner = INDENT * 2
        lines = broken(f"def forward({', '.join(['self', *self.entry.values()])}):", INDENT)
        for step in self.steps:
            lines += [f"{inner}{line}" for note in step.statement.notes for line in comment(note)]
            read = [variable_of[source] for source in step.sources]
            if step.statement.chained:
                for name in step.makes[:-1]:
                    lines.append(f"{inner}{working} = self.{name}({read[0]})")
                    read = [working]
                value = f"self.{step.makes[-1]}({read[0]})"
            else:
                names = {f"m{index}": f"self.{name}" for index, name in enumerate(step.makes)}
                names["entry"] = self.entry[first]
                value = filled(
                    step.statement.do, names | {f"x{index}": variable for index, variable in enumerate(read)}
                )
            if step is self.steps[-1] and self.results == [step.index]:
                return [*lines, *broken(f"return {value}", inner)]
            lines += broken(f"{variable_of[step.index]} = {value}", inner)
        return [*lines, *broken(f"return {', '.join(variable_of[index] for index in self.results)}", inner)]

    def lines(self, name: str, sequential: bool) -> list[str]:
        """Returns the lines of the class called ``name``."""
        if sequential:
            return [f"class {name}(nn.Sequential):", *self.constructor(sequential=True)]
        return [f"class {name}(nn.Module):", *self.constructor(sequential=False), "", *self.forward()]


@dataclass
class _Writer:
    """Writes the file of one network."""

    graph: Graph
    statements: dict[int, Statement]
    say: SizePrinter
    taken: set[str] = field(default_factory=lambda: set(MODULE))

    def show(self, call: Call) -> str:
        """Returns a constructor call as text."""
        return constructor_text(call, self.say)

    def steps(self, indices: Sequence[int], names: Sequence[str], taken: set[str]) -> list[Step]:
        """Returns the step of each layer in ``places``, whose modules are called after ``names`` but not as in ``taken``."""
        nodes = [self.graph.nodes[index - 1] for index in indices]
        statements = [self.statements[index] for index in indices]
        module_names = module_names_of(nodes, names, statements, taken)
        return [
            Step(index, node.sources, statement, names_, tuple(self.show(make) for _, make in statement.makes))
            for index, node, statement, names_ in zip(indices, nodes, statements, module_names, strict=True)
        ]

    def scope(self, repeat: Repeat) -> _Scope:
        """Returns the scope of one repetition, with names of its own."""
        indices = range(repeat.start, repeat.start + repeat.length)
        local_names = Graph(self.graph.input, tuple(_local(self.graph.nodes[index - 1]) for index in indices)).names()
        own = {index: identifier(name) for index, name in zip(indices, local_names, strict=True)}
        return _Scope(self.steps(indices, local_names, set(MODULE)), {repeat.start - 1: "x"}, [indices[-1]], own)


def _local(node: Node) -> Node:
    """Returns the node with the last part of its name: layer1.0.conv1 is conv1 inside its block."""
    name = node.layer.name
    return Node(node.layer if name is None else node.layer.with_name(name.rpartition(".")[2]), (), node.label)


def torch_code(network: Network) -> tuple[str, dict[int, str]]:
    """Returns the text of the file, and the path of each layer's module in the model, as ``blocks.0.conv1``, by layer index."""
    graph, say = network.graph, SizePrinter()
    writer = _Writer(graph, statements_of(network, TORCH_LAYERS, trained_in_torch, TORCH, say, "self."), say)
    names = graph.names()
    pieces = with_similar_parts(outline(graph, writer.statements), graph, writer.statements, writer.show)
    repeats = [piece for piece in pieces if isinstance(piece, Repeat)]
    scopes = {repeat: writer.scope(repeat) for repeat in repeats}
    blocks = blocks_of([(scope.modules(), _shape(scope), scope.symbols) for scope in scopes.values()])
    block_of = dict(zip(repeats, blocks, strict=True))

    single_layers = [piece for piece in pieces if not isinstance(piece, Repeat) and piece in writer.statements]
    single_steps = iter(writer.steps(single_layers, [names[index - 1] for index in single_layers], writer.taken))
    steps: list[Step] = []
    for piece in pieces:
        if isinstance(piece, Repeat):
            word = "block" if piece.times == 1 else "blocks"
            name = free(word if len(repeats) == 1 else f"{word}{repeats.index(piece) + 1}", writer.taken)
            writer.taken.add(name)
            make = _made(scopes[piece], block_of[piece])
            make = make if piece.times == 1 else f"nn.Sequential(*[{make} for _ in range({piece.times})])"
            statement = Statement((("", Call("")),), CHAIN, symbols=tuple(scopes[piece].symbols))
            steps.append(Step(piece.last, (piece.start - 1,), statement, (name,), (make,)))
        elif piece in writer.statements:
            steps.append(next(single_steps))
    entry, own = _entries(graph, names)
    model = _Scope(steps, entry, list(graph.ends()), own)
    sequential = model.chained and not any(node.layer.name for node in graph.nodes)
    lines = _definitions(writer, scopes, block_of)
    lines += ["", "", *model.lines("Model", sequential)]
    return _head(network, lines), _paths(model, sequential, scopes)


def _entries(graph: Graph, names: Sequence[str]) -> tuple[dict[int, str], dict[int, str]]:
    """Returns the arguments of ``forward``, and the own name of every layer, both by layer index."""
    entry, own = {0: "x"}, {0: "x"}
    for index, node in enumerate(graph.nodes, 1):
        own[index] = identifier(node.label or names[index - 1])
        if node.layer.kind == "Input":
            entry[index] = own[index] = free(own[index], {"x", "y", *entry.values()})
    return entry, own


def _shape(scope: _Scope) -> tuple[object, ...]:
    """Returns a key that is equal for scopes with the same ``forward``."""
    return (scope.chained, *scope.forward())


def _made(scope: _Scope, block: Block) -> str:
    """Returns the constructor call of one repetition."""
    if scope.chained:
        return f"nn.Sequential({', '.join(scope.modules().values())})"
    return f"{block.name}({', '.join([*scope.symbols, *block.values])})"


def _definitions(writer: _Writer, scopes: Mapping[Repeat, _Scope], block_of: Mapping[Repeat, Block]) -> list[str]:
    """Returns the lines that define the helpers and the blocks, each once."""
    lines: list[str] = []
    for helper in dict.fromkeys(helper for statement in writer.statements.values() for helper in statement.helpers):
        lines += ["", "", *TORCH_HELPERS[helper].strip("\n").split("\n")]
    defined: set[str] = set()
    for repeat, scope in scopes.items():
        block = block_of[repeat]
        if scope.chained or block.name in defined:
            continue
        defined.add(block.name)
        body = scope.lines(block.name, sequential=False)
        start = next(index for index, line in enumerate(body) if "super().__init__()" in line)
        arguments = ", ".join(["self", *scope.symbols, *block.arguments])
        made = [line for name, make in block.makes.items() for line in broken(f"self.{name} = {make}", INDENT * 2)]
        kept = [line for line in body[start + 1 : body.index("")] if " = " in line and "(" not in line]
        head = [body[0], *broken(f"def __init__({arguments}):", INDENT), body[start]]
        lines += ["", "", *head, *kept, *made, *body[body.index("") :]]
    return lines


def _paths(model: _Scope, sequential: bool, scopes: Mapping[Repeat, _Scope]) -> dict[int, str]:
    paths: dict[int, str] = {}
    position = 0
    repeat_ending_at = {repeat.last: (repeat, scope) for repeat, scope in scopes.items()}
    for step in model.steps:
        main = next((index for index, (suffix, _) in enumerate(step.statement.makes) if not suffix), None)
        if step.index in repeat_ending_at:
            repeat, scope = repeat_ending_at[step.index]
            for time in range(repeat.times):
                module_path = f"{step.makes[0]}.{time}" if repeat.times > 1 else step.makes[0]
                prefix = str(position + time) if sequential else module_path
                for index, path in _inner(scope).items():
                    paths[index + time * repeat.length] = f"{prefix}.{path}"
            position += repeat.times
            continue
        if main is not None:
            paths[step.index] = str(position + main) if sequential else step.makes[main]
        position += len(step.makes)
    return paths


def _inner(scope: _Scope) -> dict[int, str]:
    paths: dict[int, str] = {}
    position = 0
    for step in scope.steps:
        main = next((index for index, (suffix, _) in enumerate(step.statement.makes) if not suffix), None)
        if main is not None:
            paths[step.index] = str(position + main) if scope.chained else step.makes[main]
        position += len(step.makes)
    return paths


def _head(network: Network, lines: list[str]) -> str:
    from symnet.render.code.heading import heading

    imports = ["import torch", "from torch import nn"]
    if not any("torch." in line for line in lines):
        imports = imports[1:]
    remark = "PyTorch has channels first: the model takes them so." if moved_to_front(network.graph.input) else ""
    return "\n".join([*heading(network, remark), "", *imports, *lines]) + "\n"
