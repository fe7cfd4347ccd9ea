"""The arguments of the commands: one function for each command, which adds them to its parser."""

from __future__ import annotations

import argparse

from symnet.byte_counts import BYTES, OPTIMIZERS
from symnet.cli.file_formats import REPORT
from symnet.limits import MEMORY_LIMIT, TIME_LIMIT

__all__ = [
    "FIGURES", "NET", "annotate", "check", "code", "compare", "completion", "coq", "doctor", "explain", "figure", "layers", "playground",
    "prints", "reads_models", "report", "solve", "sync", "table", "takes_network",
]  # fmt: skip

#: The kinds of figures that ``symnet figure`` draws.
FIGURES = (
    "network",
    "windows",
    "transposed",
    "fibre",
    "staircase",
    "receptive-field",
    "parameters",
    "costs",
    "roofline",
)

#: The help text of an argument that names a network.
NET = "notation, a .net, .keras or .onnx file, module:factory, or - for standard input"


def prints(parser: argparse.ArgumentParser) -> None:
    """Add the options for printing, which every command has."""
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.add_argument("--ascii", action="store_true", help="write ASCII only: floor(x/y), <=, *, W_1")


def takes_network(parser: argparse.ArgumentParser) -> None:
    """Add one network and the options to read it."""
    parser.add_argument("network", metavar="NET", help=NET)
    reads_models(parser)
    parser.add_argument("--exact", action="store_true", help="refuse layers that drop part of their input")
    prints(parser)


def _numbers(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--at", action="append", metavar="W=224,K=32", help="numbers for letters, put in before anything is worked out"
    )


def _limits(parser: argparse.ArgumentParser) -> None:
    """Add the limits of the process that runs a model's code."""
    parser.add_argument(
        "--time-limit",
        type=float,
        metavar="SECONDS",
        default=TIME_LIMIT,
        help=f"so long a model's code may run (default: {TIME_LIMIT:g})",
    )
    parser.add_argument(
        "--memory-limit",
        type=float,
        metavar="GIB",
        default=MEMORY_LIMIT,
        help=f"so much memory it may take (default: {MEMORY_LIMIT:g})",
    )


def reads_models(parser: argparse.ArgumentParser) -> None:
    """Add the options with which a framework's model is read where it stands for a network."""
    parser.add_argument(
        "--import",
        dest="run_code",
        action="store_true",
        help="import module:factory or file.py:Class, which runs its code, in a process of its own",
    )
    _limits(parser)
    parser.add_argument(
        "--input",
        action="append",
        metavar="[NAME=]3*224*224",
        help="the shape of a model's input, the batch left out; of several inputs each, in their order or by name",
    )
    parser.add_argument(
        "--opaque",
        action="store_true",
        help="take from the framework what layers of unknown classes give, as an assumption",
    )
    parser.add_argument(
        "--usual",
        metavar="H=480,W=640",
        help="the sizes at which the code of a PyTorch model is followed where it compares sizes",
    )
    parser.add_argument(
        "--upto",
        metavar="MODULE",
        help="read a PyTorch model as far as this module, such as backbone.layer4, whose output is the network's",
    )
    _numbers(parser)
    parser.add_argument(
        "--no-compare",
        dest="compare",
        action="store_false",
        help="do not run the framework to compare the sizes with its own",
    )


def _counts_bytes(parser: argparse.ArgumentParser) -> None:
    """Add the options on what bytes are counted for."""
    parser.add_argument(
        "--batch", metavar="32", help="how many examples, as a number or a letter of its own (default: 1)"
    )
    parser.add_argument(
        "--dtype",
        choices=tuple(BYTES),
        help="of all numbers (default: float32)",
    )
    parser.add_argument("--train", choices=tuple(OPTIMIZERS), help="count gradients and what the optimizer keeps, too")


def _shows_costs(parser: argparse.ArgumentParser) -> None:
    """Add the options on what layers cost."""
    parser.add_argument(
        "--costs", action="store_true", help="add columns for parameter bytes, activations and multiply-adds"
    )
    _counts_bytes(parser)


def table(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of ``symnet table``."""
    takes_network(parser)
    _shows_costs(parser)


def report(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of ``symnet report``."""
    takes_network(parser)
    parser.add_argument("-o", "--output", metavar="FILE", help="write there instead of printing")
    parser.add_argument(
        "--format",
        choices=tuple(REPORT),
        help="default: by the ending of FILE (.md, .html, .tex, .txt, .json), else markdown",
    )
    parser.add_argument("--coq", action="store_true", help="have coqc check the derivation; the report says so")
    _shows_costs(parser)


def figure(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of ``symnet figure``."""
    parser.add_argument("network", metavar="NET", help=NET)
    reads_models(parser)
    parser.add_argument("-o", "--output", metavar="FILE", help="write there instead of printing")
    parser.add_argument("--kind", choices=FIGURES, default="network", help="what to draw (default: network)")
    parser.add_argument("--layer", metavar="N", help="the layer to draw, by number or name (default: the first)")
    prints(parser)


def sync(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of ``symnet sync``."""
    parser.add_argument("files", nargs="+", metavar="FILE", help="Markdown files")
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 with a diff where a file is stale")
    prints(parser)


def solve(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of ``symnet solve``."""
    parser.add_argument("question", metavar="QUESTION", help="a network with unknowns, and = (the shape it shall give)")
    reads_models(parser)
    parser.add_argument(
        "--for",
        dest="for_",
        action="append",
        metavar="S,P",
        help="the unknowns; other symbols are parameters of the answer",
    )
    parser.add_argument(
        "--where",
        action="append",
        metavar='"S<=4"',
        help="narrow the unknowns; also receptive_field, total_stride, field_padding, layers, and outputs: a == b",
    )
    parser.add_argument("--every", action="append", metavar="W", help="symbols for all of whose values it must hold")
    parser.add_argument("--exact", action="store_true", help="ask that every layer divides exactly")
    parser.add_argument("--valid", action="store_true", help="ask only that every layer is valid, whatever the target")
    parser.add_argument(
        "--budget",
        action="append",
        metavar='"parameters<=1000000"',
        help="bound parameters, trainable, multiply_adds, activations; bytes of a forward pass, memory in bytes",
    )
    _counts_bytes(parser)
    parser.add_argument("--all", action="store_true", help="list in numeric order, not the most usual first")
    parser.add_argument("--format", choices=("markdown", "text"), default="text")
    prints(parser)


def coq(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of ``symnet coq``."""
    parser.add_argument("network", metavar="NET", help="a network, or a question with its target")
    reads_models(parser)
    parser.add_argument("-o", "--output", metavar="FILE.v", help="write there instead of printing")
    parser.add_argument("--check", action="store_true", help="have coqc check it: exit code 1 if it does not")
    parser.add_argument("--against", metavar="FILE.v", help="check that file: it must be this one, and coqc accept it")
    parser.add_argument("--for", dest="for_", action="append", metavar="S,P", help="of a question: the unknowns")
    parser.add_argument("--where", action="append", metavar='"S<=4"', help="of a question: narrow the unknowns")
    parser.add_argument("--exact", action="store_true", help="of a question: every layer divides exactly")
    parser.add_argument("--budget", action="append", metavar='"parameters<=1000000"', help="of a question: a bound")
    _counts_bytes(parser)
    prints(parser)


def explain(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of ``symnet explain``."""
    parser.add_argument("kind", metavar="NAME", nargs="?", help="a kind of layer, by any of its names, or a fact")
    parser.add_argument("--facts", action="store_true", help="list the facts that are proven besides sizes")
    parser.add_argument(
        "--framework",
        choices=("keras", "torch", "tensorflow", "onnx"),
        help="in its words, and how the others write the same layer",
    )
    parser.add_argument("--format", choices=("markdown", "text"), default="text")
    prints(parser)


def compare(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of ``symnet compare``."""
    parser.add_argument("first", metavar="NET", help=NET)
    parser.add_argument("second", metavar="NET", help="the network to hold against it")
    reads_models(parser)
    parser.add_argument("--format", choices=("markdown", "text"), default="text")
    prints(parser)


def playground(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of ``symnet playground``."""
    parser.add_argument(
        "-o",
        "--output",
        metavar="DIR",
        help="write the page there; without it the page is served on 127.0.0.1 and opened",
    )
    parser.add_argument(
        "--pyodide",
        metavar="DIR",
        help="a folder of Pyodide, such as node_modules/pyodide: the page then needs nothing from outside",
    )
    parser.add_argument("--port", type=int, default=0, help="where to serve it (default: a free one)")
    prints(parser)


def doctor(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of ``symnet doctor``."""
    parser.add_argument(
        "model",
        metavar="MODEL",
        help="file.py:Class or module:factory, whose code is run; or what stands for a network",
    )
    parser.add_argument(
        "--input",
        action="append",
        metavar="3*224*224",
        help="the shape of the model's input, the batch left out; of several inputs each, in order; int:16 for integers",
    )
    _numbers(parser)
    _limits(parser)
    parser.add_argument("--format", choices=("text", "markdown", "html"), default="text")
    prints(parser)


def annotate(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of ``symnet annotate``."""
    parser.add_argument("model", metavar="FILE.py:Class", help="a model of PyTorch in a file of yours, which is run")
    parser.add_argument(
        "--input",
        action="append",
        metavar="3*H*W",
        help="the shape of the model's input, the batch left out; letters stay letters",
    )
    parser.add_argument(
        "--docstring", action="store_true", help="write a Shape section into the class's docstring instead"
    )
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 where the Shape section is stale")
    _limits(parser)
    prints(parser)


def layers(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of ``symnet layers``."""
    parser.add_argument("--format", choices=("markdown", "text"), default="text")
    prints(parser)


def check(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of ``symnet check``."""
    parser.add_argument(
        "proof", metavar="PROOF.json", help="a proof, a report or an answer as JSON; - for standard input"
    )
    prints(parser)


def completion(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of ``symnet completion``."""
    parser.add_argument("shell", choices=("bash", "zsh", "fish"), help="the shell that is to complete commands")
    prints(parser)


def code(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of ``symnet code``."""
    takes_network(parser)
    parser.add_argument("--framework", choices=("keras", "torch"), required=True, help="whose code")
    parser.add_argument("-o", "--output", metavar="FILE", help="write there instead of printing")
