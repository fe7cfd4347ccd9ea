"""The function that runs each command, given its options. Heavy modules are imported only when they are used.

Each function returns its exit code: 0 for an answer, 1 for a failed check; a wrong input raises a SymnetError.
"""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from symnet.cli.file_formats import CODE, COQ, FIGURE, REPORT, format_of
from symnet.cli.in_ascii import in_ascii
from symnet.cli.networks import byte_budget, note, numbers, read_network, reader, tell
from symnet.cli.streams import write_output
from symnet.errors import ProofError, SymnetError
from symnet.files import read_text, write_text
from symnet.printing.screen import screen

if TYPE_CHECKING:
    from symnet.coq.check import CoqResult
    from symnet.network.memory import Memory
    from symnet.public import Network

__all__ = [
    "annotate", "check", "code", "compare", "completion", "coq", "doctor", "explain", "figure", "layers", "playground", "print_out",
    "report", "solve", "sync", "table",
]  # fmt: skip


def _model(options: argparse.Namespace) -> Network:
    network = read_network(options, options.network)
    if options.exact:
        network.require_exact()
    return network


def print_out(text: str, output: str | None = None, format: str = "text") -> int:
    """Print the text, or write it to the file ``output``; ``format`` decides how it is put in ASCII. Returns 0."""
    if screen().ascii:
        text = in_ascii(text, format)
    if output is not None and output != "-":
        write_text(output, text)
    else:
        write_output(text if text.endswith("\n") else text + "\n")
    return 0


def report(options: argparse.Namespace) -> int:
    """Run ``symnet report``."""
    from symnet.network.memory import memory_where_asked
    from symnet.render.formats import report as written

    if options.json and options.format not in (None, "json"):
        raise SymnetError(f"--json and --format {options.format}: ask for one of them")
    file_format = format_of(options.output, "json" if options.json else options.format, REPORT)
    network = _model(options)
    memory = memory_where_asked(network, options.batch, options.dtype, options.train)
    if options.coq:
        result = _checked(_coq_file(network, memory))
        if not result.ok:
            return 1
        network.checked_by = f"Coq {result.version}, no axioms"
    return print_out(written(network, file_format, memory, options.costs), options.output, file_format)


def table(options: argparse.Namespace) -> int:
    """Run ``symnet table``."""
    from symnet.cli.symbolic import symbolic_network
    from symnet.network.memory import Memory, memory_where_asked
    from symnet.render.formats import table

    network = _model(options)
    memory = memory_where_asked(network, options.batch, options.dtype, options.train)
    if options.costs and memory is None:
        memory = Memory(network)
    if options.json:
        return print_out(table(network, "json", memory=memory))
    in_letters = symbolic_network(options, network)
    return print_out(table(network, "text", in_letters, memory, options.costs))


def figure(options: argparse.Namespace) -> int:
    """Run ``symnet figure``."""
    from symnet.render.figures.files import drawn_as, write_png
    from symnet.render.figures.kinds import figure

    file_format = format_of(options.output, "json" if options.json else None, FIGURE)
    drawing = figure(read_network(options, options.network), options.kind, options.layer)
    if file_format == "png":
        return write_png(options.output, drawing)
    return print_out(drawn_as(drawing, file_format), options.output, file_format)


def sync(options: argparse.Namespace) -> int:
    """Run ``symnet sync``."""
    import json

    from symnet.embed.sync import sync

    stale = sync(options.files, check=options.check)
    if options.json:
        print_out(json.dumps({"stale" if options.check else "changed": [file.name for file in stale]}))
    else:
        for file in stale:
            print_out(file.diff() if options.check else f"{file.name}: refreshed")
    return 1 if stale and options.check else 0


def code(options: argparse.Namespace) -> int:
    """Run ``symnet code``."""
    from symnet.render.code import code, code_data

    file_format = format_of(options.output, "json" if options.json else None, CODE)
    network = _model(options)
    if file_format == "json":
        import json

        return print_out(json.dumps(code_data(network, options.framework), indent=1), options.output)
    return print_out(code(network, options.framework), options.output, file_format)


def solve(options: argparse.Namespace) -> int:
    """Run ``symnet solve``."""
    from symnet.network.at_numbers import question_at
    from symnet.notation.parse import parse_question
    from symnet.solving import solve
    from symnet.solving.search import NothingAsked

    text = read_text("-") if options.question == "-" else options.question
    read = reader(options, text)
    question = question_at(parse_question(text, load=read), numbers(options))
    note(question.graph)
    try:
        answer = solve(
            question,
            for_=options.for_,
            where=options.where,
            exact=options.exact,
            valid=options.valid,
            budget=byte_budget(options),
            every=options.every,
        )
    except NothingAsked as plain_value:
        if options.json:
            raise
        print_out(
            f"{plain_value.given}. There is no unknown, and the question "
            f"{'holds' if plain_value.holds else 'does not hold'}; symnet report proves the sizes."
        )
        return int(not plain_value.holds)
    if options.json:
        import json

        from symnet.render.checking import answer_data, written_out
        from symnet.solving.api import joined

        texts_of_options = ((name, getattr(options, name)) for name in ("for_", "where", "at", "budget", "every"))
        asked = vars(options) | {name.rstrip("_"): joined(texts) for name, texts in texts_of_options}
        return print_out(json.dumps(answer_data(answer, written_out(text, read), asked), indent=1))
    from symnet.render.answers import markdown, plain

    return print_out(
        (markdown if options.format == "markdown" else plain)(answer, whole=options.all), None, options.format
    )


def _coq_file(network: Network, memory: Memory | None = None) -> str:
    """The Coq file of everything that a report of the network states, with its ``memory``."""
    from symnet.coq.emit import emit
    from symnet.render.names import size_names
    from symnet.solving.contradiction import refuse_if_never_fits
    from symnet.solving.exactness import exact_sizes

    refuse_if_never_fits(network)
    exact = exact_sizes(network)
    goals = (*network.proof.goals, *((exact.theorem,) if exact else ()), *(memory.theorems if memory else ()))
    return emit(*goals, title=network.title, names=size_names(network.proof))


def _checked(source: str) -> CoqResult:
    """Returns the verdict of coqc on the file; prints the message of coqc if it refuses the file."""
    from symnet.coq.check import check

    result = check(source)
    if not result.ok:
        tell(f"Coq {result.version} does not accept it:\n{result.output.strip()[-2000:]}")
    return result


def coq(options: argparse.Namespace) -> int:
    """Run ``symnet coq``."""
    import json

    from symnet.coq.emit import emit
    from symnet.coq.statements import goals
    from symnet.network.at_numbers import question_at
    from symnet.notation.parse import parse_question

    wanted = format_of(options.output, None, COQ)
    text = read_text("-") if options.network == "-" else options.network
    question = question_at(parse_question(text, load=reader(options, text)), numbers(options))
    note(question.graph)
    narrowed = (question.counts, options.for_, options.where, options.exact, options.budget)
    if question.target is not None or any(narrowed):
        from symnet.solving import solve

        budget = byte_budget(options)
        found = solve(question, for_=options.for_, where=options.where, exact=options.exact, budget=budget)
        source = emit(found.theorem, title=text)
    else:
        from symnet.public import Network

        source = _coq_file(Network.of(question.graph))
    data: dict[str, object] = {"text": source, "goals": goals(source)}
    checks = options.check or options.against
    if options.output:
        print_out(json.dumps(data, indent=1) if wanted == "json" else source, options.output)
    elif not (checks or options.json):
        print_out(source)
    if options.json and not checks:
        print_out(json.dumps(data, indent=1))
    if options.against:
        from symnet.coq.statements import difference

        changed = difference(read_text(options.against), source)
        if changed is not None:
            tell(f"{options.against}: {changed}")
            return 1
    elif not options.check:
        return 0
    result = _checked(source)
    if options.json:
        verdict = {"checked": result.ok, "version": result.version, "axioms": list(result.axioms)}
        print_out(json.dumps({**verdict, "goals": data["goals"]}, indent=1))
    elif result.ok:
        print_out(f"checked by Coq {result.version}, no axioms")
    return 0 if result.ok else 1


def explain(options: argparse.Namespace) -> int:
    """Run ``symnet explain``."""
    from symnet.render.catalogue import explain
    from symnet.render.facts import facts

    wanted = "json" if options.json else options.format
    if options.facts:
        if options.kind is not None:
            raise SymnetError(f"--facts lists all facts; for one of them: symnet explain {options.kind}")
        return print_out(facts(wanted), None, wanted)
    if options.kind is None:
        raise SymnetError("name a kind of layer or a fact, as in: symnet explain conv; --facts lists the facts")
    return print_out(explain(options.kind, wanted, options.framework), None, wanted)


def compare(options: argparse.Namespace) -> int:
    """Run ``symnet compare``."""
    from symnet.render.comparison import comparison

    used: set[str] = set()
    left, right = read_network(options, options.first, used), read_network(options, options.second, used)
    unknown = [name for name in numbers(options) if name not in used]
    if unknown:
        raise SymnetError(f"no letter {', '.join(unknown)} in either network: --at has numbers for letters of theirs")
    return print_out(comparison(left, right, "json" if options.json else options.format), None, options.format)


def playground(options: argparse.Namespace) -> int:
    """Run ``symnet playground``."""
    if options.output is None:
        from symnet.playground.server import serve

        serve(options.pyodide, options.port, tell)
        return 0
    import json

    from symnet.playground.build import write_playground

    page = write_playground(options.output, options.pyodide)
    return print_out(
        f'{{"page": {json.dumps(page)}}}' if options.json else f"{page} is written: any server of files shows it"
    )


def doctor(options: argparse.Namespace) -> int:
    """Run ``symnet doctor``."""
    import json

    from symnet.doctor.examining import diagnosed
    from symnet.frontends.source import is_factory

    if is_factory(options.model.strip()):
        tell(f"runs {options.model} in a process of its own")
    found = diagnosed(options.model, options.input or (), options.time_limit, options.memory_limit, numbers(options))
    if options.json:
        print_out(json.dumps(found.to_json(), indent=1))
    else:
        from symnet.doctor.writing import html, markdown, text

        written = {"text": text, "markdown": markdown, "html": html}[options.format](found)
        print_out(written, None, options.format)
    return 0 if found.ok else 1


def annotate(options: argparse.Namespace) -> int:
    """Run ``symnet annotate``."""
    import json

    from symnet.doctor.annotating import annotated_apart, annotated_source, source_of, with_shape_section, write_source

    tell(f"runs {options.model} in a process of its own")
    found = annotated_apart(options.model, options.input or (), options.time_limit, options.memory_limit)
    if options.docstring or options.check:
        text, encoding = source_of(found["class_file"])
        renewed = with_shape_section(text, found["name"], found)
        stale = renewed != text
        if stale and not options.check:
            write_source(found["class_file"], renewed, encoding)
        if options.json:
            print_out(json.dumps({"stale" if options.check else "changed": [options.model] if stale else []}))
        elif stale:
            print_out(f"{options.model}: the Shape section is {'stale' if options.check else 'renewed'}")
        return 1 if stale and options.check else 0
    print_out(json.dumps(found, indent=1) if options.json else annotated_source(found))
    return 0 if found["refused"] is None else 1


def completion(options: argparse.Namespace) -> int:
    """Run ``symnet completion``."""
    import json

    from symnet.cli.completion import completion
    from symnet.layers.declaration.registry import KINDS

    script = completion(options.shell, options.parsers, {"explain": tuple(kind.kind for kind in KINDS)})
    return print_out(json.dumps({"shell": options.shell, "script": script}) if options.json else script)


def layers(options: argparse.Namespace) -> int:
    """Run ``symnet layers``."""
    from symnet.render.catalogue import layers

    return print_out(layers("json" if options.json else options.format), None, options.format)


def check(options: argparse.Namespace) -> int:
    """Run ``symnet check``."""
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
            print_out(json.dumps({"checked": False, "reason": str(error)}))
        else:
            tell(f"not a proof: {error}")
        return 1
    if options.json:
        counts = {"goals": len(found.goals), "steps": found.steps, "fields": list(found.fields)}
        return print_out(json.dumps({"checked": True, **counts}))
    return print_out(str(found))
