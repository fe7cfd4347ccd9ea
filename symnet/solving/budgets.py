"""Budgets: bounds on what a network has, as ``parameters<=1M, memory<=8Gi``.

The counts (:data:`symnet.solving.quantities.QUANTITIES`) are those of one example. Two quantities are in bytes: ``bytes``, what a
forward pass holds at most at one time (the parameters and :func:`held_at_once`), and ``memory``, what :meth:`symnet.Network.memory`
counts: the parameters and all activations, in training also the gradients and what the optimizer keeps.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from symnet.byte_counts import BYTES, OPTIMIZERS, require_known
from symnet.errors import SymnetError, TermError
from symnet.graph import Graph
from symnet.solving.constraints import proposition
from symnet.solving.quantities import QUANTITIES
from symnet.solving.statement import BUDGET, Statement, Tensor
from symnet.terms.parse import Constraint, Membership, parse_constraints, parse_expression
from symnet.terms.propositions import Or
from symnet.terms.term import Max, Product, Sum, Symbol, Term, integer, substitute, symbols_of

__all__ = ["BYTE_QUANTITIES", "Budget", "ask_budget", "held_at_once"]

#: The quantities of a budget in bytes.
BYTE_QUANTITIES = ("bytes", "memory")

#: The prefix of symbols that represent a budget's totals while it is parsed.
TOTAL = "total_"

ONE = integer(1)


@dataclass(frozen=True)
class Budget:
    """The bounds as text, and what bytes are counted for: ``batch`` examples, a number or a letter of its own; numbers of a ``dtype``;
    training with the optimizer ``train``. Raises :class:`symnet.TermError` for other values.

    >>> from symnet.solving import solve
    >>> solve("784 -> FC|K", budget=Budget("memory<=1M", batch="32", train="adam"))
    K ∈ 1..78
    >>> solve("784 -> FC|10", budget=Budget("bytes<=50K", batch="N"))
    N ∈ 1..5
    """

    text: str
    batch: str = "1"
    dtype: str = "float32"
    train: str | None = None

    def __post_init__(self) -> None:
        require_known(self.dtype, self.train)

    @classmethod
    def of(cls, budget: str | Budget | None) -> Budget | None:
        """The budget of a text, for one example in float32; ``None`` if there is none."""
        return cls(budget) if isinstance(budget, str) and budget.strip() else budget or None  # type: ignore[return-value]

    @property
    def examples(self) -> Term:
        """The number of examples as a term."""
        try:
            term = parse_expression(self.batch)
        except SymnetError as wrong:
            words = str(wrong).partition("\n")[0]
            raise TermError(f"the batch is a number or a letter, got {self.batch!r:.60} ({words})") from None
        if not (isinstance(term, Symbol) or (term.constant is not None and term.constant >= 1)):
            raise TermError(f"the batch is a number of at least 1 or a letter, got {self.batch!r:.60}")
        return Symbol(term.name, 1) if isinstance(term, Symbol) else term

    def letters(self, names: Iterable[str]) -> tuple[Symbol, ...]:
        """The letter of the batch, if it has one. Raises :class:`symnet.TermError` if it is one of the question's ``names``."""
        symbols = symbols_of(self.examples)
        for symbol in symbols:
            if symbol.name in set(names):
                raise TermError(f"{symbol.name} is a letter of the network: name the batch otherwise")
        return tuple(symbols)


def ask_budget(budget: Budget, statement: Statement, graph: Graph, names: Mapping[str, Term]) -> None:
    """Adds every bound of a budget to the statement; what is counted are entries of index sets. ``names`` are the letters of the
    question and of the budget.
    """
    totals: dict[Term, tuple[Term, ...]] = {}

    def resolve(name: str) -> Term:
        if name in names:
            return names[name]
        quantity = name.lower()
        if quantity not in QUANTITIES and quantity not in BYTE_QUANTITIES:
            known = (*QUANTITIES, *BYTE_QUANTITIES)
            near = get_close_matches(name, known, n=1)
            raise TermError(f"a budget speaks of {', '.join(known)}" + (f"; did you mean {near[0]!r}?" if near else ""))
        symbol = Symbol(TOTAL + quantity, 0)
        if symbol not in totals:
            totals[symbol] = _totals(quantity, budget, statement, graph)
        return symbol

    for constraint in parse_constraints(budget.text, resolve, units=True, in_bytes=BYTE_QUANTITIES):
        _ask(constraint, statement, totals)


def _ask(constraint: Constraint | Membership, statement: Statement, totals: Mapping[Term, tuple[Term, ...]]) -> None:
    """Adds one bound. A quantity that is the largest of several is at most a number if each of them is."""
    total = constraint.left
    of_total = isinstance(total, Symbol) and total in totals
    name = total.name.removeprefix(TOTAL).replace("_", "-") if of_total and isinstance(total, Symbol) else ""
    what = "bytes of memory" if name == "memory" else name
    stated = proposition(constraint)
    several = [symbol for symbol in symbols_of(stated) if len(totals.get(symbol, ())) > 1]
    single: dict[Term, Term] = {symbol: parts[0] for symbol, parts in totals.items() if len(parts) == 1}
    choices = [single]
    if several == [total]:
        choices = [{**single, total: part} for part in totals[total]]
    elif several:
        choices = [{**single, **{symbol: _largest(totals[symbol]) for symbol in several}}]
    asked = [substitute(stated, chosen) for chosen in choices]
    operator = constraint.operator if isinstance(constraint, Constraint) else ""
    if operator in ("<", "<="):
        for each in asked:
            statement.ask(each, BUDGET, what=what)
    elif operator in (">", ">="):
        statement.ask(Or(*asked) if len(asked) > 1 else asked[0], BUDGET, what=what)
    else:
        largest: dict[Term, Term] = {symbol: _largest(parts) for symbol, parts in totals.items()}
        statement.ask(substitute(stated, largest), BUDGET, what=what)


def _largest(parts: Sequence[Term]) -> Term:
    return Max(*parts) if len(parts) > 1 else parts[0]


def _totals(quantity: str, budget: Budget, statement: Statement, graph: Graph) -> tuple[Term, ...]:
    """The value of a quantity: one term, or several of which it is the largest."""

    def counted(name: str, factor: Term = ONE) -> list[Term]:
        shapes = (shape for tensor in statement.tensors for shape in QUANTITIES[name](tensor))
        counts = (statement.formulas.entry_count(shape) for shape in shapes)
        return [count if factor.constant == 1 else Product(factor, count) for count in counts]

    if quantity in QUANTITIES:
        return (_sum(counted(quantity)),)
    width = integer(BYTES[budget.dtype])
    per_entry = width if budget.examples.constant == 1 else Product(width, budget.examples)
    parameters = counted("parameters", width)
    if quantity == "memory":
        kept = 0 if budget.train is None else 1 + OPTIMIZERS[budget.train]
        trained = counted("trainable", integer(kept * BYTES[budget.dtype])) if kept else []
        return (_sum([*parameters, *counted("activations", per_entry), *trained]),)
    return tuple(
        _sum([*parameters, *(Product(per_entry, statement.formulas.entry_count(each.shape.dims)) for each in held)])
        for held in held_at_once(statement.tensors, graph)
    )


def _sum(terms: Sequence[Term]) -> Term:
    return Sum(*terms) if len(terms) > 1 else [*terms, integer(0)][0]


def held_at_once(tensors: Sequence[Tensor], graph: Graph) -> list[list[Tensor]]:
    """The tensors that are held while each layer works: what it reads and gives, and earlier ones that are outputs or that later layers
    read. Those that are held together with more are left out.

    >>> from symnet.notation.parse import parse_network
    >>> from symnet.solving.statement import Statement, state
    >>> graph, statement = parse_network("(3*8*8) @a -> Conv|4|3|1|1 -> ReLU -> Concat|a"), Statement()
    >>> state(statement, graph, exact=False)
    >>> [[each.name for each in held] for held in held_at_once(statement.tensors, graph)]
    [['input', 'conv1', 'activation1'], ['input', 'activation1', 'concat1']]
    """
    last_read = dict.fromkeys(range(len(tensors)), 0) | dict.fromkeys(graph.outputs(), len(tensors))
    for index, node in enumerate(graph.nodes, start=1):
        for source in node.sources:
            last_read[source] = max(last_read[source], index)
    steps = [
        frozenset(each for each in range(index + 1) if each == index or last_read[each] >= index)
        for index in range(1, len(tensors))
    ]
    largest = [step for step in steps if not any(step < other for other in steps)]
    return [[tensors[each] for each in sorted(step)] for step in dict.fromkeys(largest or [frozenset({0})])]
