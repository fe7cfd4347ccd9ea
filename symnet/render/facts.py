"""Explains facts: the theorems with their conditions, and the derivation rule by rule."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from symnet.docstrings import docstring
from symnet.facts.catalogue import fact_names, get_fact
from symnet.facts.coq import coq_name
from symnet.facts.domain import undefined_unless
from symnet.facts.fact import TOPICS, Fact, Proven, is_integral, is_real
from symnet.kernel.real import theorem as real
from symnet.kernel.real.expressions import Node
from symnet.kernel.real.printing import Names, latex, unicode_text
from symnet.kernel.real.theorem import RealTheorem
from symnet.kernel.theorem import RULES, Theorem
from symnet.kernel.walks import steps
from symnet.printing.latex import latex as integer_latex
from symnet.printing.text import unicode_text as integer_text
from symnet.render.document import (
    Block,
    Bullets,
    Code,
    Document,
    Formula,
    Heading,
    Inline,
    Line,
    Math,
    Paragraph,
    Row,
    Step,
    Strong,
    Table,
    line,
)  # fmt: skip
from symnet.render.markdown import markdown, markdown_blocks
from symnet.render.real_formulas import formula
from symnet.render.text import plain, terminal, text_blocks

__all__ = ["explain_fact", "fact_document", "fact_named", "facts", "facts_blocks", "facts_page", "is_fact"]


def facts(format: str = "text") -> str:
    """All facts by topic, a row for each, as ``text``, ``markdown`` or ``json``."""
    if format == "json":
        return json.dumps([_data(get_fact(name)) for name in fact_names()], indent=1)
    blocks = facts_blocks()
    return markdown_blocks(blocks, {}) if format == "markdown" else text_blocks(blocks, {}, terminal())


def facts_blocks(topics: Iterable[str] = TOPICS) -> tuple[Block, ...]:
    """The facts of these topics as tables, a row for each."""
    blocks: list[Block] = []
    for topic in topics:
        facts_of_topic = [fact for fact in map(get_fact, fact_names()) if fact.topic == topic]
        rows = tuple(Row(((Code(fact.name),), (fact.title,), (f"{_steps_of(fact)}",))) for fact in facts_of_topic)
        blocks += [Heading(2, (TOPICS[topic],)), Table((("name",), ("what is proven",), ("steps",)), rows, "llr")]
    return tuple(blocks)


def facts_page(topic: str) -> str:
    """All facts of a topic with their derivations, as a Markdown page."""
    blocks: list[Block] = []
    for fact in (one for one in map(get_fact, fact_names()) if one.topic == topic):
        document = fact_document(fact)
        blocks.append(Heading(2, document.title, fact.name))
        blocks.append(Paragraph(("This is what ", Code(f"symnet explain {fact.name}"), " shows.")))
        blocks += [Heading(3, block.content) if isinstance(block, Heading) else block for block in document.blocks]
    return markdown(Document((TOPICS[topic],), tuple(blocks)))


def is_fact(name: str) -> bool:
    """Returns whether a fact or a rule about real numbers has this name."""
    return _spelled(name) in fact_names() or name.replace("-", "_") in real.RULES


def fact_named(name: str) -> Fact | None:
    """The fact of this name, or ``None``."""
    return get_fact(_spelled(name)) if _spelled(name) in fact_names() else None


def _spelled(name: str) -> str:
    return name.lower().replace("_", "-")


def explain_fact(name: str, format: str = "text") -> str:
    """A fact with its derivation, or a rule with its figure. Raises :class:`symnet.NotationError` for an unknown name."""
    rule = real.RULES.get(name.replace("-", "_"))
    if rule is not None:
        return _explain_rule(rule, format)
    fact = get_fact(_spelled(name))
    if format == "json":
        return json.dumps(_data(fact), indent=1)
    document = fact_document(fact)
    return markdown(document) if format == "markdown" else plain(document, terminal())


def _explain_rule(rule: Callable[..., object], format: str) -> str:
    name, figure = rule.__name__, docstring(rule)
    if format == "json":
        return json.dumps({"rule": name, "figure": figure}, indent=1)
    return f"# {name}\n\n```text\n{figure}\n```\n" if format == "markdown" else f"{name}\n\n{figure}\n"


def fact_document(fact: Fact) -> Document:
    """The page of a fact as a document."""
    blocks: list[Block] = []
    for proven in fact.proven:
        blocks += _statement(proven, fact.names)
    blocks += _definitions(fact.names)
    if fact.rows:
        head, *rows = fact.rows
        table = tuple(Row(tuple((cell,) for cell in row)) for row in rows)
        blocks.append(Table(tuple((cell,) for cell in head), table, "l" * len(head)))
    blocks += [Paragraph((remark,)) for remark in fact.remarks]
    derivation = _Derivation(fact)
    blocks += [Heading(2, ("Derivation",), "derivation"), *derivation.blocks]
    blocks += [Heading(2, ("The rules used",), "rules"), Bullets(tuple(map(_rule, derivation.rules)))]
    blocks += [Heading(2, ("Sources",)), Bullets(tuple((source,) for source in fact.sources))]
    blocks.append(Paragraph(line(
        Strong("Checked."), f" {derivation.count} steps, each made by its rule. An index under Σ, min or max counts from 0. ",
        Strong("Trusted:"), " the rules above, and that the definitions say what the frameworks compute, in exact arithmetic.",
    )))  # fmt: skip
    names = [name for proven in fact.proven if (name := _coq_name(proven)) is not None]
    if names:
        all_of_it = len(names) == len(fact.proven)
        what = (
            "it" if len(fact.proven) == 1 else "all of it" if all_of_it else f"{len(names)} of these {len(fact.proven)}"
        )
        listed: list[Inline] = []
        for name in names:
            listed += [", " if listed else "", Code(name)]
        blocks.append(
            Paragraph(
                line(
                    f"Coq proves {what} as well, word for word, from its Reals: ", *listed, " in symnet/facts/Facts.v."
                )
            )
        )
    return Document((fact.title,), tuple(blocks))


def _statement(proven: Proven, names: Names) -> list[Block]:
    theorem = proven.theorem
    if is_integral(theorem):
        return [Paragraph(line(Strong(f"{proven.says}:"), " ", Math(theorem.conclusion), "."))]
    if not is_real(theorem):
        return []
    blocks: list[Block] = [Paragraph(line(
        Strong(f"{proven.says}:"), " ", formula(theorem.conclusion, names), *_listed(" if ", theorem.hypotheses, names), ".",
    ))]  # fmt: skip
    wanted = undefined_unless(theorem)
    if wanted:
        blocks.append(Paragraph(line("Every part is defined", *_listed(" where ", wanted, names), ".")))
    return blocks


def _listed(before: str, statements: Sequence[Node] | frozenset[Any], names: Names) -> list[Inline]:
    ordered = sorted(statements, key=lambda statement: unicode_text(statement, names))
    parts: list[Inline] = []
    for index, statement in enumerate(ordered):
        parts += [", " if index else before, formula(statement, names)]
    return parts


def _definitions(names: Names) -> list[Block]:
    if not names:
        return []
    items = []
    for expression, short_name in names.items():
        others = {key: name for key, name in names.items() if key is not expression}
        meaning = formula(expression, others)
        items.append(
            line(Formula(f"{latex(short_name)} = {meaning.latex}", f"{unicode_text(short_name)} = {meaning.text}"))
        )
    return [Paragraph(("Here",)), Bullets(tuple(items))]


class _Derivation:
    """The numbered steps of all theorems of a fact, each theorem once."""

    def __init__(self, fact: Fact):
        self.blocks: list[Block] = []
        self.rules: list[Callable[..., object]] = []
        self.count = 0
        numbers: dict[object, int] = {}
        for proven in fact.proven:
            theorem = proven.theorem
            theorem_steps: Sequence[RealTheorem | Theorem] = ()
            if is_real(theorem) or is_integral(theorem):
                theorem_steps = steps(theorem)
            for step in theorem_steps:
                if step in numbers:
                    continue
                same = (step.conclusion, step.hypotheses)  # equal theorems have one step
                if same in numbers:
                    numbers[step] = numbers[same]
                    continue
                numbers[step] = numbers[same] = self.count = self.count + 1
                self._step(step, numbers, fact.names)

    def _step(self, step: RealTheorem | Theorem, numbers: Mapping[object, int], names: Names) -> None:
        rules: Mapping[str, Callable[..., object]] = real.RULES if is_real(step) else RULES
        maker = rules[step.rule]
        if maker not in self.rules:
            self.rules.append(maker)
        used = ", ".join(f"[{numbers[premise]}]" for premise in step.premises)
        reason = line(step.rule.replace("_", " "), f", {used}" if used else "")
        statement: Line = ()
        if is_integral(step):
            statement = (Math(step.conclusion),)
        elif is_real(step):
            conditions = [] if step.rule == "assume" else _listed(" if ", step.hypotheses, names)
            statement = line(formula(step.conclusion, names), *conditions)
        self.blocks.append(Step(self.count, statement, reason))


def _rule(maker: Callable[..., object]) -> Line:
    """A rule's name, and the first paragraph of its docstring."""
    words = docstring(maker).split("\n\n")[0]
    return line(Code(maker.__name__.replace("_", " ")), ": ", " ".join(words.replace("``", "").split()))


def _steps_of(fact: Fact) -> int:
    return _Derivation(fact).count


def _data(fact: Fact) -> dict[str, Any]:
    return {
        "name": fact.name,
        "topic": fact.topic,
        "title": fact.title,
        "theorems": [_theorem_data(proven) for proven in fact.proven],
        "remarks": list(fact.remarks),
        "table": [list(row) for row in fact.rows],
        "sources": list(fact.sources),
        "steps": _steps_of(fact),
        "checked": True,
        "coq": all(_coq_name(proven) is not None for proven in fact.proven),
    }


def _coq_name(proven: Proven) -> str | None:
    """The theorem of ``Facts.v`` with the same statement, or ``None``."""
    return coq_name(proven.theorem) if is_real(proven.theorem) else None


def _theorem_data(proven: Proven) -> dict[str, Any]:
    theorem = proven.theorem
    if is_real(theorem):
        return {
            "says": proven.says,
            "statement": unicode_text(theorem.conclusion),
            "latex": latex(theorem.conclusion),
            "conditions": sorted(map(unicode_text, theorem.hypotheses)),
            "defined_where": sorted(map(unicode_text, undefined_unless(theorem))),
            "coq": _coq_name(proven),
        }
    if is_integral(theorem):
        return {
            "says": proven.says,
            "statement": integer_text(theorem.conclusion),
            "latex": integer_latex(theorem.conclusion),
            "conditions": sorted(map(integer_text, theorem.hypotheses)),
        }
    return {}
