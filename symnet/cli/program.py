"""The commands and how they end. Everything heavier than argparse is imported when it is used.

Exit codes: 0 answered, 1 a check failed, 2 the input is wrong.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from typing import NamedTuple

from symnet.cli import arguments, commands
from symnet.cli.streams import screen_for, sign_of_life, write_error, write_output
from symnet.cli.usage import Parser, UsageError, refuse_misspelt
from symnet.errors import NotationError, SymnetError
from symnet.printing.screen import written_for
from symnet.temporary import Stopped, stopped_by_signals

__all__ = ["Command", "main"]

MNIST = "(1*28*28) -> Conv|32|5*5|1 -> Maxpool|2*2 -> Conv|32|3*3|1 -> Maxpool|2*2 -> FC|256 -> FC|10"


class Command(NamedTuple):
    """A subcommand: a summary in one line, an example, what adds its arguments to a parser, and what runs it."""

    summary: str
    example: str
    arguments: Callable[[Parser], None]
    run: Callable[[argparse.Namespace], int]


COMMANDS: dict[str, Command] = {
    "report": Command(
        "the derivation report of a network", f'symnet report "{MNIST}"', arguments.report, commands.report
    ),
    "table": Command("sizes and parameters, a row a layer", f'symnet table "{MNIST}"', arguments.table, commands.table),
    "figure": Command(
        "a figure of a network as SVG or PNG",
        'symnet figure "(3*224*224) -> Conv|64|7|2|3" -o x.svg --kind windows',
        arguments.figure,
        commands.figure,
    ),
    "code": Command(
        "the network as Keras or PyTorch code",
        f'symnet code "{MNIST}" --framework torch',
        arguments.code,
        commands.code,
    ),
    "sync": Command(
        "refresh what symnet wrote into Markdown files", "symnet sync README.md --check", arguments.sync, commands.sync
    ),
    "solve": Command(
        "all answers to a question about sizes, with proof",
        'symnet solve "(3,224,224) -> Conv|64|7*7|S|3 = (64,112,112)"',
        arguments.solve,
        commands.solve,
    ),
    "coq": Command(
        "the derivation as a Coq file, checked by coqc if asked",
        f'symnet coq "{MNIST}" --check',
        arguments.coq,
        commands.coq,
    ),
    "explain": Command(
        "one kind of layer, or a fact: formulas, conditions, proof, sources",
        "symnet explain conv --framework torch",
        arguments.explain,
        commands.explain,
    ),
    "compare": Command(
        "two networks: proven equal, or where they differ",
        'symnet compare "(3*W*W) -> Conv|8|3|2|1" "(3*W*W) -> Conv|8|1|2"',
        arguments.compare,
        commands.compare,
    ),
    "doctor": Command(
        "where a model breaks, why, and changes that are proven to mend it",
        "symnet doctor net.py:Net --input 3*224*224",
        arguments.doctor,
        commands.doctor,
    ),
    "annotate": Command(
        "the source of a PyTorch model with the sizes behind its lines",
        "symnet annotate net.py:Net --input 3*H*W",
        arguments.annotate,
        commands.annotate,
    ),
    "playground": Command(
        "a page that runs symnet in the browser",
        "symnet playground -o site",
        arguments.playground,
        commands.playground,
    ),
    "layers": Command("all kinds of layers", "symnet layers", arguments.layers, commands.layers),
    "completion": Command(
        "what makes a shell complete commands and options",
        "symnet completion bash",
        arguments.completion,
        commands.completion,
    ),
    "check": Command("replay a proof", "symnet check report.json", arguments.check, commands.check),
}


def _parser() -> tuple[Parser, dict[str, Parser]]:
    """The parser of the program, and those of the commands."""
    parser = Parser(
        prog="symnet",
        description="Derives the sizes and parameter counts of neural networks, and proves every line.",
        epilog=f'Example: symnet report "{MNIST}"',
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="store_true", help="print the version")
    subparsers = parser.add_subparsers(dest="command", metavar="COMMAND", title="commands")
    parsers: dict[str, Parser] = {}
    for name, command in COMMANDS.items():
        parsers[name] = subparsers.add_parser(
            name,
            help=command.summary,
            description=command.summary,
            epilog=f"Example: {command.example}",
            allow_abbrev=False,
        )
        command.arguments(parsers[name])
        parsers[name].set_defaults(run=command.run)
    return parser, parsers


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command (by default that of ``sys.argv``) and return its exit code."""
    arguments = [_decoded(argument) for argument in (sys.argv[1:] if arguments is None else arguments)]
    try:
        with stopped_by_signals():
            return _run(arguments)
    except Stopped as ended:
        return 128 + ended.number
    except KeyboardInterrupt:
        return 130


def _decoded(argument: str) -> str:
    """The argument read as UTF-8, whatever the locale is."""
    if not any("\udc80" <= letter <= "\udcff" for letter in argument):
        return argument
    return os.fsencode(argument).decode("utf-8", "replace")


def _run(arguments: list[str]) -> int:
    as_json, ascii_only = "--json" in arguments, "--ascii" in arguments
    try:
        parser, parsers = _parser()
        refuse_misspelt(arguments, parsers)
        parser.command = arguments[0] if arguments and arguments[0] in parsers else ""
        options = parser.parse_args(arguments, argparse.Namespace(parsers=parsers))
        if options.version:
            from symnet import __version__

            return commands.print_out(f"symnet {__version__}")
        if options.command is None:
            parser.print_help()
            return 0
        with written_for(screen_for(options.ascii, getattr(options, "output", None))), sign_of_life():
            return int(options.run(options))
    except SymnetError as error:
        spot = isinstance(error, (NotationError, UsageError))
        write_error(str(error) if spot else " ".join(str(error).split()), ascii_only)
        if as_json:
            _print_refusal(error)
    return 2


def _print_refusal(error: SymnetError) -> None:
    """Print the error as JSON on standard output."""
    import json
    from contextlib import suppress

    from symnet.errors import refusal

    with suppress(SymnetError):  # standard output itself may be what failed
        write_output(json.dumps({"error": refusal(error)}, indent=1) + "\n")
