"""The one entry point: a question in, all solutions out."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import TYPE_CHECKING, Any

from symnet.errors import NotationError, TermError
from symnet.notation.parse import Question
from symnet.solving.chain import Listed
from symnet.solving.listed_question import listed_question
from symnet.solving.python_questions import (
    budget_in,
    constraints_in,
    declared_of_letters,
    letter_names,
    of_relations,
    question_with,
    spoken_letters,
)
from symnet.solving.repeats import pose_question, solve_problem
from symnet.solving.sign_cases import solutions_by_signs
from symnet.solving.solutions import Solutions
from symnet.solving.sympy_sets import boxes_set
from symnet.terms.sympy_letters import Letters
from symnet.terms.sympy_relations import is_relation

if TYPE_CHECKING:
    from symnet.network.network import Network

__all__ = ["joined", "solve"]


def solve(
    question: str | Question | Network | Any = None,
    *unknowns: Any,
    input: Any = None,
    layers: Any = None,
    output: Any = None,
    for_: Any = None,
    where: Any = None,
    exact: bool = False,
    valid: bool = False,
    budget: Any = None,
    every: Any = None,
) -> Any:
    """All values of the unknowns for which every layer is valid, every join agrees, and the output is the target.

    The question is text, or a network with an ``output``: sizes, ``None`` or ``"_"`` for any, or ``"input"`` for the input's
    own shape; a network alone is asked for which sizes it is defined. In place of a network stand its ``input`` and ``layers``, too,
    where a block may be repeated as often as a letter says: ``Repeat(n, [...])``. The ``unknowns`` (or ``for_``) are what is asked for, by
    name or SymPy symbol (the other letters become parameters of the answer); ``where`` narrows them, as text or SymPy
    relations; ``exact`` asks that no layer drops an entry, ``valid`` leaves a target aside, ``budget`` bounds parameters,
    trainable, multiply_adds, activations: as text, as ``{net.parameters: 10**6}``, or as a relation. Each of the three may be
    several, which add up. ``every`` names letters for all of whose values the question must hold. The answer is a
    :class:`symnet.Solutions`.

    Of SymPy (in)equalities instead of a question the answer is a SymPy set, of integers, or of tuples of them where several
    symbols are asked for; an expression is asked to be 0. What is declared of a symbol is part of the question.

    >>> solve("(3,224,224) -> Conv|64|7*7|S|3 = (64,112,112)")
    S ∈ {2}
    >>> solve("(1,W,W) -> Conv|8|3 -> Maxpool|2 -> Conv|8|3 -> Maxpool|2", exact=True)
    W ≡ 2 (mod 4), W ≥ 10
    >>> solve("(1,W,W) -> Conv|1|3", where=["W<=5", "W>=4"])
    W ∈ {4, 5}
    >>> import sympy
    >>> x = sympy.Symbol("x")
    >>> solve(sympy.Eq(x // 4, 5), x)
    {20, 21, 22, 23}
    >>> solve("(1,W,W) -> Conv|8|3|1|P = (_,W,W)", every="W")
    P ∈ {1}
    """
    if for_ is not None and unknowns:
        raise TermError("what is asked for is given twice: as arguments, and as for_")
    if unknowns:
        names = [one for each in unknowns for one in (each if isinstance(each, list | tuple | set) else [each])]
        for_ = names
    if layers is not None or input is not None:
        return _about_list(question, input, layers, output, for_, where, exact, valid, budget, every)
    if _is_about_integers(question):
        return _in_integers(question, for_, where)
    if not isinstance(question, str) and not hasattr(question, "graph"):
        raise NotationError(
            f"solve takes a question such as '(3,224,224) -> Conv|64|7|S|3 = (64,112,112)', a network, or SymPy relations, "
            f"got {question!r:.60}"
            + ("; == compares, and Eq(a, b) is SymPy's equation" if isinstance(question, bool) else "")
        )
    network: Any = None if isinstance(question, str | Question) else question
    own = {} if network is None else network.letters
    return _ask(question, output, for_, where, exact, valid, budget, every, own)


def _about_list(
    question: Any,
    input: Any,
    layers: Any,
    output: Any,
    for_: Any,
    where: Any,
    exact: bool,
    valid: bool,
    budget: Any,
    every: Any,
) -> Solutions:
    """The answer for an input and a list of layers."""
    if question is not None or input is None:
        raise NotationError("solve takes a question, or input and layers: solve(input=(3, 224, 224), layers=[...])")
    posed, letters = listed_question(input, () if layers is None else layers)
    return _ask(posed, output, for_, where, exact, valid, budget, every, letters)


def _ask(
    question: Any, output: Any, for_: Any, where: Any, exact: bool, valid: bool, budget: Any, every: Any, own: Letters
) -> Solutions:
    """The answer for a network. ``own`` are the SymPy symbols of its letters."""
    posed = question_with(question, output)
    bounds, others = budget_in(budget, None if isinstance(question, str | Question) else question)
    letters = spoken_letters(own, output, for_, where, budget, every)
    constraints = [*constraints_in(where), *others, *declared_of_letters(letters, posed)]
    return _solve(posed, letter_names(for_), constraints, exact, valid, bounds, letter_names(every), letters)


def _solve(
    posed: Any,
    unknowns: Any,
    constraints: Any,
    exact: bool,
    valid: bool,
    bounds: Any,
    every: Any,
    letters: Letters | None,
) -> Solutions:
    """The answer, which is pickled as its question."""
    problem = pose_question(posed, unknowns, constraints, exact=exact, valid=valid, budget=bounds, every=every)
    again = partial(_solve, posed, unknowns, constraints, exact, valid, bounds, every, letters)
    return Solutions(problem, solve_problem(problem), letters, again)


def joined(value: str | Iterable[str] | None) -> str | None:
    """One or several texts of comparisons as one text, joined by commas; ``None`` if there are none.

    >>> joined(["W<=5", "W>=4, K<9"])
    'W<=5, W>=4, K<9'
    """
    if value is None:
        return None
    return ", ".join(text for text in ([value] if isinstance(value, str) else value) if text.strip()) or None


def _is_about_integers(question: Any) -> bool:
    """Whether the question consists of SymPy (in)equalities or expressions only."""
    several = question if isinstance(question, list | tuple | set | frozenset) else [question]
    return bool(several) and all(is_relation(one) or hasattr(one, "free_symbols") for one in several)


def _in_integers(question: Any, unknowns: Any, where: Any) -> Any:
    """The SymPy set of all integers, or tuples of integers, for which the relations hold."""
    problem, letters = of_relations(question, unknowns, where)
    answer = solve_problem(problem)
    if not isinstance(answer.solution_set, Listed):  # without a list, try each choice of signs of the letters
        boxes = solutions_by_signs(problem)
        if boxes is not None:
            return boxes_set(boxes)
    return Solutions(problem, answer, letters).set
