"""The command line: arguments in, text out, nothing else. Everything heavier than argparse is imported when it is used.

Exit codes: 0 answered, 1 a check failed, 2 the input is wrong.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, NamedTuple, NoReturn

from symnet.errors import NotationError, ProofError, SymnetError
from symnet.files import read_source, read_text, write_output, write_text

if TYPE_CHECKING:
    from symnet.coq.check import CoqResult
    from symnet.public import Network

__all__ = ["Command", "main"]

MNIST = "(1*28*28) -> Conv|32|5*5|1 -> Maxpool|2*2 -> Conv|32|3*3|1 -> Maxpool|2*2 -> FC|256 -> FC|10"

FIGURES = ("network", "windows", "fibre", "staircase", "receptive-field", "parameters")


class Command(NamedTuple):
    """A subcommand: what it does in a line, an example, its arguments, and what runs."""

    summary: str
    example: str
    arguments: Callable[[argparse.ArgumentParser], None]
    run: Callable[[argparse.Namespace], int]


def _network(argument: str, exact: bool = False) -> Network:
    from symnet.public import Network

    network = Network.parse(read_source(argument))
    if argument.strip().endswith(".net") and network.title.startswith("a network"):
        network.title = argument.strip()
    if exact:
        network.require_exact()
    return network


def _print(text: str, output: str | None = None) -> int:
    if output:
        write_text(output, text)
    else:
        write_output(text if text.endswith("\n") else text + "\n")
    return 0


def _takes_network(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("network", metavar="NET", help="notation, a .net file, or - for standard input")
    parser.add_argument("--exact", action="store_true", help="refuse layers that drop part of their input")
    parser.add_argument("--json", action="store_true", help="print JSON")


def _report_arguments(parser: argparse.ArgumentParser) -> None:
    _takes_network(parser)
    parser.add_argument("-o", "--output", metavar="FILE", help="write there instead of printing")
    parser.add_argument("--format", choices=("markdown", "html", "latex", "text", "json"), default="markdown")
    parser.add_argument("--coq", action="store_true", help="have coqc check the derivation; the report says so")


def _report(options: argparse.Namespace) -> int:
    network = _network(options.network, options.exact)
    if options.coq:
        result = _checked(_coq_file(network))
        if not result.ok:
            return 1
        network.checked_by = f"Coq {result.version}, no axioms"
    return _print(network.report("json" if options.json else options.format), options.output)


def _table(options: argparse.Namespace) -> int:
    from symnet.render.formats import table

    return _print(table(_network(options.network, options.exact), "json" if options.json else "text"))


def _figure_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("network", metavar="NET", help="notation, a .net file, or - for standard input")
    parser.add_argument("-o", "--output", metavar="FILE", help="write there instead of printing")
    parser.add_argument("--kind", choices=FIGURES, default="network", help="what to draw (default: network)")
    parser.add_argument("--layer", type=int, metavar="N", help="the layer to draw (default: the first)")
    parser.add_argument("--at", metavar="W=224,K=32", help="numbers for symbols")
    parser.add_argument("--json", action="store_true", help="print JSON")


def _figure(options: argparse.Namespace) -> int:
    import json

    from symnet.embed.content import assigned
    from symnet.render.figures.kinds import figure

    network = _network(options.network)
    if options.at:
        network = network.at(**assigned(options.at))
    drawing = figure(network, options.kind, options.layer)
    if options.json:
        data = {"title": drawing.title, "description": drawing.description, "svg": drawing.svg}
        return _print(json.dumps(data), options.output)
    return _print(drawing.svg, options.output)


def _sync_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("files", nargs="+", metavar="FILE", help="Markdown files")
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 with a diff where a file is stale")
    parser.add_argument("--json", action="store_true", help="print JSON")


def _sync(options: argparse.Namespace) -> int:
    import json

    from symnet.embed.sync import sync

    stale = sync(options.files, check=options.check)
    if options.json:
        _print(json.dumps({"stale" if options.check else "changed": [file.name for file in stale]}))
    else:
        for file in stale:
            sys.stdout.write(file.diff() if options.check else f"{file.name}: refreshed\n")
    return 1 if stale and options.check else 0


def _solve_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("question", metavar="QUESTION", help="a network with unknowns, and = (the shape it shall give)")
    parser.add_argument(
        "--for", dest="for_", metavar="S,P", help="the unknowns; other symbols are parameters of the answer"
    )
    parser.add_argument("--where", metavar='"S<=4"', help="narrow the unknowns")
    parser.add_argument("--exact", action="store_true", help="ask that every layer divides exactly")
    parser.add_argument("--valid", action="store_true", help="ask only that every layer is valid, whatever the target")
    parser.add_argument(
        "--budget", metavar='"parameters<=1000000"', help="bound parameters, multiply_adds, activations"
    )
    parser.add_argument("--all", action="store_true", help="list in numeric order, not the most usual first")
    parser.add_argument("--format", choices=("markdown", "text"), default="text")
    parser.add_argument("--json", action="store_true", help="print JSON")


def _solve(options: argparse.Namespace) -> int:
    from symnet.network.notation import parse_question
    from symnet.solving import solve

    text = read_text("-") if options.question == "-" else options.question
    found = solve(
        parse_question(text, load=read_text),
        for_=options.for_,
        where=options.where,
        exact=options.exact,
        valid=options.valid,
        budget=options.budget,
    )
    if options.json:
        import json

        return _print(json.dumps(found.to_json(numeric=options.all), indent=1))
    from symnet.solving.explain import markdown, plain

    return _print((markdown if options.format == "markdown" else plain)(found))


def _coq_file(network: Network) -> str:
    """Everything that a report of the network states, as a Coq file."""
    from symnet.coq.emit import emit
    from symnet.render.names import size_names
    from symnet.solving.exactness import exact_sizes

    exact = exact_sizes(network)
    goals = (*network.proof.goals, *((exact.theorem,) if exact else ()))
    return emit(*goals, title=network.title, names=size_names(network.proof))


def _checked(source: str) -> CoqResult:
    """What coqc says of the file; a refusal is shown."""
    from symnet.coq.check import check

    result = check(source)
    if not result.ok:
        print(f"symnet: Coq {result.version} does not accept it:\n{result.output.strip()[-2000:]}", file=sys.stderr)
    return result


def _coq_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("network", metavar="NET", help="a network, or a question with its target")
    parser.add_argument("-o", "--output", metavar="FILE.v", help="write there instead of printing")
    parser.add_argument("--check", action="store_true", help="have coqc check it: exit code 1 if it does not")
    parser.add_argument("--for", dest="for_", metavar="S,P", help="of a question: the unknowns")
    parser.add_argument("--where", metavar='"S<=4"', help="of a question: narrow the unknowns")
    parser.add_argument("--exact", action="store_true", help="of a question: every layer divides exactly")
    parser.add_argument("--budget", metavar='"parameters<=1000000"', help="of a question: a bound")
    parser.add_argument("--json", action="store_true", help="print JSON")


def _coq(options: argparse.Namespace) -> int:
    import json

    from symnet.coq.emit import emit
    from symnet.network.notation import parse_question

    text = read_text("-") if options.network == "-" else options.network
    question = parse_question(text, load=read_text)
    if question.target is not None or options.for_ or options.where or options.exact or options.budget:
        from symnet.solving import solve

        found = solve(question, for_=options.for_, where=options.where, exact=options.exact, budget=options.budget)
        source = emit(found.theorem, title=text)
    else:
        from symnet.public import Network

        source = _coq_file(Network.of(question.graph))
    if options.output or not options.check:
        _print(source, options.output)
    if not options.check:
        return 0
    result = _checked(source)
    if options.json:
        _print(json.dumps({"checked": result.ok, "version": result.version, "axioms": list(result.axioms)}))
    elif result.ok:
        _print(f"checked by Coq {result.version}, no axioms")
    return 0 if result.ok else 1


def _explain_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("kind", metavar="NAME", nargs="?", help="a kind of layer, by any of its names, or a fact")
    parser.add_argument("--facts", action="store_true", help="list the facts that are proven besides sizes")
    parser.add_argument(
        "--framework",
        choices=("keras", "torch", "tensorflow", "onnx"),
        help="in its words, and how the others write the same layer",
    )
    parser.add_argument("--format", choices=("markdown", "text"), default="text")
    parser.add_argument("--json", action="store_true", help="print JSON")


def _explain(options: argparse.Namespace) -> int:
    from symnet.render.catalogue import explain
    from symnet.render.facts import facts

    wanted = "json" if options.json else options.format
    if options.facts:
        if options.kind is not None:
            raise SymnetError(f"--facts lists all facts; for one of them: symnet explain {options.kind}")
        return _print(facts(wanted))
    if options.kind is None:
        raise SymnetError("name a kind of layer or a fact, as in: symnet explain conv; --facts lists the facts")
    return _print(explain(options.kind, wanted, options.framework))


def _compare_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("first", metavar="NET", help="notation or a .net file")
    parser.add_argument("second", metavar="NET", help="the network to hold against it")
    parser.add_argument("--format", choices=("markdown", "text"), default="text")
    parser.add_argument("--json", action="store_true", help="print JSON")


def _compare(options: argparse.Namespace) -> int:
    from symnet.render.comparison import comparison

    left, right = _network(options.first), _network(options.second)
    return _print(comparison(left, right, "json" if options.json else options.format))


def _layers_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--format", choices=("markdown", "text"), default="text")
    parser.add_argument("--json", action="store_true", help="print JSON")


def _layers(options: argparse.Namespace) -> int:
    from symnet.render.catalogue import layers

    return _print(layers("json" if options.json else options.format))


def _check_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "proof", metavar="PROOF.json", help="a proof, a report or an answer as JSON; - for standard input"
    )
    parser.add_argument("--json", action="store_true", help="print JSON")


def _check(options: argparse.Namespace) -> int:
    import json

    from symnet.kernel.replay import check_proof
    from symnet.kernel.theorem import steps

    text = read_text(options.proof)
    try:
        data = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise SymnetError(f"{options.proof} is not JSON: {error}") from None
    try:
        goals = check_proof(data["proof"] if isinstance(data, dict) and "proof" in data else data)
    except ProofError as error:
        if options.json:
            _print(json.dumps({"checked": False, "reason": str(error)}))
        else:
            print(f"symnet: not a proof: {error}", file=sys.stderr)
        return 1
    count = len(steps(*goals))
    if options.json:
        return _print(json.dumps({"checked": True, "goals": len(goals), "steps": count}))
    return _print(f"checked: {len(goals)} theorems, {count} steps")


COMMANDS: dict[str, Command] = {
    "report": Command("the derivation report of a network", f'symnet report "{MNIST}"', _report_arguments, _report),
    "table": Command("sizes and parameters, a row a layer", f'symnet table "{MNIST}"', _takes_network, _table),
    "figure": Command(
        "a figure of a network as SVG",
        'symnet figure "(3*224*224) -> Conv|64|7|2|3" -o x.svg --kind windows',
        _figure_arguments,
        _figure,
    ),
    "sync": Command(
        "refresh what symnet wrote into Markdown files", "symnet sync README.md --check", _sync_arguments, _sync
    ),
    "solve": Command(
        "all answers to a question about sizes, with proof",
        'symnet solve "(3,224,224) -> Conv|64|7*7|S|3 = (64,112,112)"',
        _solve_arguments,
        _solve,
    ),
    "coq": Command(
        "the derivation as a Coq file, checked by coqc if asked", f'symnet coq "{MNIST}" --check', _coq_arguments, _coq
    ),
    "explain": Command(
        "one kind of layer, or a fact: formulas, conditions, proof, sources",
        "symnet explain conv --framework torch",
        _explain_arguments,
        _explain,
    ),
    "compare": Command(
        "two networks: proven equal, or where they differ",
        'symnet compare "(3*W*W) -> Conv|8|3|2|1" "(3*W*W) -> Conv|8|1|2"',
        _compare_arguments,
        _compare,
    ),
    "layers": Command("all kinds of layers", "symnet layers", _layers_arguments, _layers),
    "check": Command("replay a proof", "symnet check report.json", _check_arguments, _check),
}


class _Parser(argparse.ArgumentParser):
    """Says what is wrong in one line."""

    def error(self, message: str) -> NoReturn:
        self.exit(2, f"{self.prog}: {' '.join(message.split())}; {self.prog} --help shows how\n")


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="symnet",
        description="Derives the sizes and parameter counts of neural networks, and proves every line.",
        epilog=f'Example: symnet report "{MNIST}"',
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="store_true", help="print the version")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", title="commands")
    for name, command in COMMANDS.items():
        sub = commands.add_parser(
            name,
            help=command.summary,
            description=command.summary,
            epilog=f"Example: {command.example}",
            allow_abbrev=False,
        )
        command.arguments(sub)
        sub.set_defaults(run=command.run)
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    parser = _parser()
    options = parser.parse_args(arguments)
    if options.version:
        from symnet import __version__

        return _print(f"symnet {__version__}")
    if options.command is None:
        parser.print_help()
        return 0
    try:
        return int(options.run(options))
    except NotationError as error:
        print(f"symnet: {error}", file=sys.stderr)
    except SymnetError as error:
        print(f"symnet: {' '.join(str(error).split())}", file=sys.stderr)
    except KeyboardInterrupt:
        return 130
    return 2
