"""The command line: arguments in, text out, nothing else. Everything heavier than argparse is imported when it is used.

Exit codes: 0 answered, 1 a check failed, 2 the input is wrong.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, NamedTuple, NoReturn

from symnet import arguments
from symnet.endings import CODE, COQ, FIGURE, REPORT, format_of
from symnet.errors import NotationError, ProofError, SymnetError
from symnet.files import read_text, write_output, write_text

if TYPE_CHECKING:
    from symnet.coq.check import CoqResult
    from symnet.graph import Graph
    from symnet.public import Network

__all__ = ["Command", "main"]

MNIST = "(1*28*28) -> Conv|32|5*5|1 -> Maxpool|2*2 -> Conv|32|3*3|1 -> Maxpool|2*2 -> FC|256 -> FC|10"


class Command(NamedTuple):
    """A subcommand: what it does in a line, an example, its arguments, and what runs."""

    summary: str
    example: str
    arguments: Callable[[argparse.ArgumentParser], None]
    run: Callable[[argparse.Namespace], int]


def _network(options: argparse.Namespace, argument: str) -> Network:
    from symnet.frontends.source import load

    network = load(
        argument, run=options.run_code, input=options.input, opaque=options.opaque, usual=options.usual, tell=_tell
    )
    _note(network.graph)
    return network


def _note(graph: Graph) -> None:
    """Tell what was read otherwise than many people would mean it."""
    for note in graph.notes:
        _tell(f"note: {note}")


def _tell(message: str) -> None:
    print(f"symnet: {message}", file=sys.stderr)


def _model(options: argparse.Namespace) -> Network:
    network = _network(options, options.network)
    if options.exact:
        network.require_exact()
    return network


def _source(options: argparse.Namespace, question: str) -> Callable[[str], str]:
    """Reads what stands for a network in a question: a file or a model, as notation."""
    from symnet.frontends.source import question_reader

    return question_reader(
        question, run=options.run_code, input=options.input, opaque=options.opaque, usual=options.usual
    )


def _print(text: str, output: str | None = None) -> int:
    if output:
        write_text(output, text)
    else:
        write_output(text if text.endswith("\n") else text + "\n")
    return 0


def _report(options: argparse.Namespace) -> int:
    if options.json and options.format not in (None, "json"):
        raise SymnetError(f"--json and --format {options.format}: ask for one of them")
    wanted = format_of(options.output, "json" if options.json else options.format, REPORT)
    network = _model(options)
    if options.coq:
        result = _checked(_coq_file(network))
        if not result.ok:
            return 1
        network.checked_by = f"Coq {result.version}, no axioms"
    return _print(network.report(wanted), options.output)


def _table(options: argparse.Namespace) -> int:
    from symnet.render.formats import table

    return _print(table(_model(options), "json" if options.json else "text"))


def _figure(options: argparse.Namespace) -> int:
    import json

    from symnet.render.figures.kinds import figure

    wanted = format_of(options.output, "json" if options.json else None, FIGURE)
    network = _network(options, options.network)
    if options.at:
        from symnet.embed.content import assigned

        network = network.at(**assigned(options.at))
    drawing = figure(network, options.kind, options.layer)
    if wanted == "json":
        data = {"title": drawing.title, "description": drawing.description, "svg": drawing.svg}
        return _print(json.dumps(data), options.output)
    return _print(drawing.svg, options.output)


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


def _code(options: argparse.Namespace) -> int:
    from symnet.render.code import code, code_data

    wanted = format_of(options.output, "json" if options.json else None, CODE)
    network = _model(options)
    if wanted == "json":
        import json

        return _print(json.dumps(code_data(network, options.framework), indent=1), options.output)
    return _print(code(network, options.framework), options.output)


def _solve(options: argparse.Namespace) -> int:
    from symnet.notation.parse import parse_question
    from symnet.solving import solve

    text = read_text("-") if options.question == "-" else options.question
    read = _source(options, text)
    question = parse_question(text, load=read)
    _note(question.graph)
    found = solve(
        question,
        for_=options.for_,
        where=options.where,
        exact=options.exact,
        valid=options.valid,
        budget=options.budget,
    )
    if options.json:
        import json

        from symnet.render.checking import answer_data, written_out

        asked = {**vars(options), "for": options.for_}
        return _print(json.dumps(answer_data(found, written_out(text, read), asked), indent=1))
    from symnet.solving.explain import markdown, plain

    return _print((markdown if options.format == "markdown" else plain)(found, whole=options.all))


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


def _coq(options: argparse.Namespace) -> int:
    import json

    from symnet.coq.emit import emit
    from symnet.coq.statements import goals
    from symnet.notation.parse import parse_question

    wanted = format_of(options.output, None, COQ)
    text = read_text("-") if options.network == "-" else options.network
    question = parse_question(text, load=_source(options, text))
    _note(question.graph)
    narrowed = (question.counts, options.for_, options.where, options.exact, options.budget)
    if question.target is not None or any(narrowed):
        from symnet.solving import solve

        found = solve(question, for_=options.for_, where=options.where, exact=options.exact, budget=options.budget)
        source = emit(found.theorem, title=text)
    else:
        from symnet.public import Network

        source = _coq_file(Network.of(question.graph))
    data: dict[str, object] = {"text": source, "goals": goals(source)}
    checks = options.check or options.against
    if options.output:
        _print(json.dumps(data, indent=1) if wanted == "json" else source, options.output)
    elif not (checks or options.json):
        _print(source)
    if options.json and not checks:
        _print(json.dumps(data, indent=1))
    if options.against:
        from symnet.coq.statements import difference

        changed = difference(read_text(options.against), source)
        if changed is not None:
            print(f"symnet: {options.against}: {changed}", file=sys.stderr)
            return 1
    elif not options.check:
        return 0
    result = _checked(source)
    if options.json:
        verdict = {"checked": result.ok, "version": result.version, "axioms": list(result.axioms)}
        _print(json.dumps({**verdict, "goals": data["goals"]}, indent=1))
    elif result.ok:
        _print(f"checked by Coq {result.version}, no axioms")
    return 0 if result.ok else 1


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


def _compare(options: argparse.Namespace) -> int:
    from symnet.render.comparison import comparison

    left, right = _network(options, options.first), _network(options, options.second)
    return _print(comparison(left, right, "json" if options.json else options.format))


def _layers(options: argparse.Namespace) -> int:
    from symnet.render.catalogue import layers

    return _print(layers("json" if options.json else options.format))


def _check(options: argparse.Namespace) -> int:
    import json

    from symnet.render.checking import checked

    text = read_text(options.proof)
    try:
        data = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise SymnetError(f"{options.proof} is not JSON: {error}") from None
    try:
        found = checked(data)
    except ProofError as error:
        if options.json:
            _print(json.dumps({"checked": False, "reason": str(error)}))
        else:
            print(f"symnet: not a proof: {error}", file=sys.stderr)
        return 1
    if options.json:
        counts = {"goals": len(found.goals), "steps": found.steps, "fields": list(found.fields)}
        return _print(json.dumps({"checked": True, **counts}))
    return _print(str(found))


COMMANDS: dict[str, Command] = {
    "report": Command("the derivation report of a network", f'symnet report "{MNIST}"', arguments.report, _report),
    "table": Command("sizes and parameters, a row a layer", f'symnet table "{MNIST}"', arguments.takes_network, _table),
    "figure": Command(
        "a figure of a network as SVG",
        'symnet figure "(3*224*224) -> Conv|64|7|2|3" -o x.svg --kind windows',
        arguments.figure,
        _figure,
    ),
    "code": Command(
        "the network as Keras or PyTorch code", f'symnet code "{MNIST}" --framework torch', arguments.code, _code
    ),
    "sync": Command(
        "refresh what symnet wrote into Markdown files", "symnet sync README.md --check", arguments.sync, _sync
    ),
    "solve": Command(
        "all answers to a question about sizes, with proof",
        'symnet solve "(3,224,224) -> Conv|64|7*7|S|3 = (64,112,112)"',
        arguments.solve,
        _solve,
    ),
    "coq": Command(
        "the derivation as a Coq file, checked by coqc if asked", f'symnet coq "{MNIST}" --check', arguments.coq, _coq
    ),
    "explain": Command(
        "one kind of layer, or a fact: formulas, conditions, proof, sources",
        "symnet explain conv --framework torch",
        arguments.explain,
        _explain,
    ),
    "compare": Command(
        "two networks: proven equal, or where they differ",
        'symnet compare "(3*W*W) -> Conv|8|3|2|1" "(3*W*W) -> Conv|8|1|2"',
        arguments.compare,
        _compare,
    ),
    "layers": Command("all kinds of layers", "symnet layers", arguments.layers, _layers),
    "check": Command("replay a proof", "symnet check report.json", arguments.check, _check),
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
