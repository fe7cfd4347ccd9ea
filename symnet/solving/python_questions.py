"""Questions written in Python: a network with SymPy relations, or SymPy relations alone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from symnet.errors import NotationError, SymnetError, TermError
from symnet.layers.declaration.fields import FieldSpec
from symnet.notation.parse import INPUT, Question
from symnet.printing.text import text
from symnet.solving.budgets import Budget
from symnet.solving.quantities import QUANTITIES
from symnet.solving.question import Problem, read
from symnet.solving.statement import WHERE, Statement
from symnet.terms.propositions import And, Eq, Le, Lt, Or, Proposition
from symnet.terms.sympy_letters import Letters, letters_of, merged
from symnet.terms.sympy_relations import from_relation, is_relation
from symnet.terms.term import Mod, Symbol, Term, integer, substitute, symbols_of

if TYPE_CHECKING:
    from symnet.network.network import Network

__all__ = [
    "budget_in", "constraints_in", "declared_of_letters", "letter_names", "of_relations", "question_with", "spoken_letters",
]  # fmt: skip

_SIZE = FieldSpec("count", "a size", name="a size of the output")


def question_with(question: str | Question | Network, output: Any) -> Question:
    """The question with ``output`` as its target: sizes, with ``None``, ``...`` or ``"_"`` for any size, or
    ``"input"`` for the input's own shape. Raises :class:`NotationError` if it has a target already.
    """
    parsed = read(question)
    if output is None:
        return parsed
    if parsed.target is not None:
        raise NotationError("the question has a target already: leave output out")
    if isinstance(output, str) and output == INPUT:
        return replace(parsed, target=INPUT, source=f"{_notation(question, parsed)} = {INPUT}")
    sizes = output if isinstance(output, tuple | list) else (output,)
    target = tuple(None if _is_hole(size) else _SIZE.coerce(size) for size in sizes)
    # a letter of the target that occurs in the network gets the sign it has there
    network_symbols = {symbol.name: symbol for node in parsed.graph.nodes for symbol in node.layer.symbols}
    network_symbols |= {symbol.name: symbol for symbol in symbols_of(*parsed.graph.input.dims)}
    same: dict[Term, Term] = {
        symbol: network_symbols[symbol.name]
        for symbol in symbols_of(*(size for size in target if size is not None))
        if symbol.name in network_symbols
    }
    target = tuple(None if size is None else substitute(size, same) for size in target)
    shown = ", ".join("_" if size is None else text(size) for size in target)
    shown = f"({shown})" if len(target) > 1 else shown
    return replace(parsed, target=target, source=f"{_notation(question, parsed)} = {shown}")


def _is_hole(size: Any) -> bool:
    return size is None or size is ... or (isinstance(size, str) and size == "_")


def _notation(question: str | Question | Network, asked: Question) -> str:
    return asked.source if isinstance(question, str | Question) else question.notation


def letter_names(letters: Any) -> list[str] | None:
    """The names of letters given as text, as SymPy symbols, or both; ``None`` for ``None``."""
    if letters is None:
        return None
    plain = isinstance(letters, str) or hasattr(letters, "free_symbols") or not isinstance(letters, Iterable)
    names: list[str] = []
    for one in [letters] if plain else letters:
        names += [name.strip() for name in one.split(",")] if isinstance(one, str) else [_name(one)]
    return names


def _name(symbol: Any) -> str:
    name = getattr(symbol, "name", None)
    if not isinstance(name, str):
        raise TermError(f"what is asked for is a letter, by name or as a SymPy symbol, got {symbol!r:.60}")
    return name


def constraints_in(where: Any) -> list[str | Proposition]:
    """Constraints as texts or propositions, from text, SymPy relations, or several of both."""
    several = where if isinstance(where, list | tuple | set | frozenset) else [] if where is None else [where]
    return [one if isinstance(one, str) else from_relation(one) for one in several]


def spoken_letters(own: Letters, *options: Any) -> Letters:
    """The caller's SymPy symbols: the network's ``own``, then those in the options. If two have the same name, a
    standard symbol (a positive integer, as in values of a network) gives way to the other.
    """
    spoken = _symbols_in(options)
    if not spoken:  # without SymPy symbols in the question SymPy need not be loaded
        return own
    import sympy

    candidates: dict[str, list[Any]] = {name: [symbol] for name, symbol in own.items()}
    for symbol in sorted(spoken, key=sympy.default_sort_key):
        same_name = candidates.setdefault(symbol.name, [])
        if symbol not in same_name:
            same_name.append(symbol)
    return merged(
        {name: symbol}
        for name, symbols in candidates.items()
        for symbol in ([one for one in symbols if not _is_standard(one)] if len(symbols) > 1 else symbols)
    )


def _is_standard(symbol: Any) -> bool:
    import sympy

    return symbol in [sympy.Symbol(symbol.name, integer=True, **{sign: True}) for sign in ("positive", "nonnegative")]


def _symbols_in(value: Any) -> set[Any]:
    if isinstance(value, Mapping):
        value = [*value, *value.values()]
    if isinstance(value, list | tuple | set | frozenset):
        return {symbol for one in value for symbol in _symbols_in(one)}
    return {one for one in getattr(value, "free_symbols", ()) if hasattr(one, "name")}


def declared_of_letters(letters: Letters, asked: Question) -> list[Proposition]:
    """The declared properties of the caller's symbols that the network's letters do not have."""
    known = {symbol.name: symbol for node in asked.graph.nodes for symbol in node.layer.symbols}
    known |= {symbol.name: symbol for symbol in symbols_of(*asked.graph.input.dims)}
    propositions: list[Proposition] = []
    for name, symbol in letters.items():
        if name in known:
            letter = known[name]
            propositions += [Le(integer(1), letter)] if symbol.is_positive and letter.least == 0 else []
            propositions += _parity(symbol, letter)
    return propositions


def budget_in(budget: Any, network: Network | None) -> tuple[str | Budget | None, list[Proposition]]:
    """A budget as text with bounds on named quantities, and as propositions for bounds on other expressions.

    A bound is ``{net.parameters: 10**6}`` or ``{"parameters": 10**6}``, at most; or a relation, ``net.parameters <=
    10**6``.
    """
    if budget is None or isinstance(budget, str | Budget):
        return budget, []
    named: list[str] = []
    others: list[Proposition] = []
    for bound in _bounds(budget):
        if isinstance(bound, str):
            named += [bound] if bound.strip() else []
            continue
        relation, quantity = bound
        name = quantity if isinstance(quantity, str) else _quantity(quantity, network)
        if name is None:
            others.append(relation)
        else:
            named.append(f"{name}{_SIGNS[type(relation)]}{text(_bound_of(relation))}")
    return ", ".join(named) or None, others


_SIGNS: dict[type, str] = {Le: "<=", Lt: "<", Eq: "=="}


def _bound_of(relation: Proposition) -> Term:
    return relation.args[1]  # type: ignore[no-any-return]


def _bounds(budget: Any) -> Iterable[Any]:
    """Each bound as text, or as a relation ``quantity <= bound`` with the quantity in its original form."""
    if isinstance(budget, Mapping):
        for quantity, most in budget.items():
            bound = FieldSpec("count", "a bound", name="a bound of the budget", least=0).coerce(most)
            yield Le(_term(quantity), bound), quantity
        return
    for one in budget if isinstance(budget, Sequence | set | frozenset) else [budget]:
        if isinstance(one, str):
            yield one
            continue
        relation = from_relation(one)
        upper = getattr(one, "gts", None) is not None and isinstance(relation, Le | Lt)
        yield relation, (one.lts if upper else None)


def _term(quantity: Any) -> Term:
    return integer(0) if isinstance(quantity, str) else _SIZE_OR_ZERO.coerce(quantity)


_SIZE_OR_ZERO = FieldSpec("count", "a quantity", name="what a budget bounds", least=0)


def _quantity(value: Any, network: Network | None) -> str | None:
    """The name of the network's quantity that has this value; ``None`` if none has."""
    if network is None or value is None:
        return None
    return next((name for name in QUANTITIES if getattr(network, name) == value), None)


# ---- relations alone
# ---------------------------------------------------------------------------------------------------


def of_relations(question: Any, unknowns: Any, where: Any = None) -> tuple[Problem, Letters]:
    """SymPy (in)equalities in integers as a problem, and the symbol of each letter. An expression is set equal to 0.
    Properties declared of a symbol become part of the question; a plain symbol is any integer.
    """
    several = [one for each in (question, where) for one in _several(each)]
    asked_for = _several(unknowns)
    letters = merged(letters_of(one) for one in (*several, *(one for one in asked_for if not isinstance(one, str))))
    chosen = [_named(one, letters) for one in asked_for] or [letters[name] for name in sorted(letters)]
    if not chosen:
        raise TermError("there is no symbol to solve for")
    propositions = [declared for name in sorted(letters) for declared in _declared(letters[name])]
    propositions += [from_relation(one, _read) if is_relation(one) else Eq(_read(one), integer(0)) for one in several]
    signs = _signs(propositions)
    statement = Statement()
    for proposition in propositions:
        statement.ask(substitute(proposition, signs), WHERE)
    wanted = tuple(dict.fromkeys(_signed(_letter(symbol), signs) for symbol in chosen))
    every = [_signed(_letter(symbol), signs) for symbol in letters.values()]
    parameters = tuple(symbol for symbol in every if symbol not in wanted)
    return Problem(", ".join(map(str, several)), wanted, parameters, statement, False, None), letters


def _signs(asked: Iterable[Proposition]) -> dict[Term, Term]:
    """A substitution for letters that are asked to be at least 1 or 0: letters with this lower bound."""
    signed: dict[Term, Term] = {}
    for proposition in asked:
        for part in proposition.args if isinstance(proposition, And) else (proposition,):
            match part:
                case Le(args=(bound, Symbol() as letter)) | Lt(args=(bound, Symbol() as letter)):
                    least = -1 if bound.constant is None else bound.constant + isinstance(part, Lt)
                    if least >= 0 and (letter.least is None or letter.least < min(least, 1)):
                        signed[letter] = Symbol(letter.name, min(least, 1))
    return signed


def _signed(letter: Symbol, signs: Mapping[Term, Term]) -> Symbol:
    symbol = signs.get(letter, letter)
    return symbol if isinstance(symbol, Symbol) else letter


def _several(value: Any) -> list[Any]:
    return list(value) if isinstance(value, list | tuple | set | frozenset) else [] if value is None else [value]


def _named(unknown: Any, letters: Letters) -> Any:
    if not isinstance(unknown, str):
        _name(unknown)
        return unknown
    if unknown not in letters:
        raise TermError(f"{unknown!r} is not in the question, which has {', '.join(sorted(letters)) or 'no symbols'}")
    return letters[unknown]


def _letter(symbol: Any) -> Symbol:
    least = 1 if symbol.is_positive else 0 if symbol.is_nonnegative else None
    return Symbol(_name(symbol), least)


def _read(value: Any) -> Term:
    """The term of an expression in integers; a symbol without declared properties is any integer."""
    import sympy

    from symnet.sympy_functions.reading import from_sympy

    expression = sympy.sympify(value, strict=True)
    signs: dict[Any, Any] = {}
    for symbol in expression.free_symbols:
        if not isinstance(symbol, sympy.Symbol) or symbol.is_integer is False or not symbol.is_commutative:
            raise TermError(f"{symbol} is no integer: symnet.solve answers in integers")
        least = _letter(symbol).least
        signs[symbol] = sympy.Symbol(
            symbol.name, integer=True, **({} if least is None else {"positive" if least else "nonnegative": True})
        )
    return from_sympy(expression.xreplace(signs))


def _declared(symbol: Any) -> list[Proposition]:
    """The declared properties of a symbol besides its sign, as propositions about integers."""
    letter = _letter(symbol)
    propositions: list[Proposition] = []
    if symbol.is_negative:
        propositions.append(Le(letter, integer(-1)))
    elif symbol.is_nonpositive:
        propositions.append(Le(letter, integer(0)))
    elif symbol.is_nonzero and letter.least is None:
        propositions.append(Or(Le(letter, integer(-1)), Le(integer(1), letter)))
    return propositions + _parity(symbol, letter)


def _parity(symbol: Any, letter: Term) -> list[Proposition]:
    """The declared parity of a symbol as a proposition. Raises :class:`SymnetError` for a symbol declared prime or
    composite.
    """
    if symbol.is_prime or symbol.is_composite:
        raise SymnetError(f"{symbol} is declared prime or composite, which is out of reach")
    if symbol.is_even:
        return [Eq(Mod(letter, integer(2)), integer(0))]
    return [Eq(Mod(letter, integer(2)), integer(1))] if symbol.is_odd else []
