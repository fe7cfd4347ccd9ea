"""Solutions: the set of all answers to a question, with the proof that it is complete.

The class is long because it is the one object a caller handles: a set (``in``, ``len``, iteration), the judgement of
each solution, and the answer as text, JSON and SymPy.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cached_property, partial
from itertools import islice
from typing import TYPE_CHECKING, Any, Final

from symnet.errors import KernelError, SymnetError
from symnet.kernel.theorem import Theorem
from symnet.kernel.walks import steps
from symnet.kernel.writing import write_proof
from symnet.printing.text import text
from symnet.solving.by_stride import WithStride, stride_by_stride, strides_of
from symnet.solving.chain import Answer, Family, Listed
from symnet.solving.derivation import Step
from symnet.solving.listing import listing
from symnet.solving.nearest import Reachable, nearest
from symnet.solving.other_cases import other_cases
from symnet.solving.parametric import conditions_on, family_cases, symbolic_classes
from symnet.solving.question import Problem
from symnet.solving.ranking import Dropped, Judge, Judges, judge
from symnet.solving.repeats import solve_problem
from symnet.solving.solution import Numbers, Solution, assignment_of, numbers_of
from symnet.terms.integer_sets import IntegerSet, Progression
from symnet.terms.listed_sets import count_of
from symnet.terms.propositions import Proposition
from symnet.terms.sympy_letters import Letters
from symnet.terms.term import Symbol, Term

if TYPE_CHECKING:
    import sympy

__all__ = ["LISTED", "Solutions", "TooMany"]

#: At most this many solutions of a finite answer are listed; ``count`` is their number.
LISTED: Final = 10_000

#: ``len`` works up to this number, because Python allocates that many entries before it lists them.
LENGTH: Final = 10_000_000


class TooMany(SymnetError, TypeError):
    """There are too many solutions for ``len``; a ``TypeError``, so that ``list`` continues without a length."""


class Solutions:
    """All solutions of a question, and the theorem ⊢ question ⇔ membership.

    >>> from symnet.solving.api import solve
    >>> found = solve("(1,W,W) -> Conv|8|5|4|0 = (_,10,10)")
    >>> found, len(found), 42 in found, found.smallest
    (W ∈ 41..44, 4, True, 41)
    """

    def __init__(
        self, problem: Problem, answer: Answer, letters: Letters | None = None, again: Callable[[], Any] | None = None
    ) -> None:
        """``letters`` are the caller's SymPy symbols by name; ``again`` asks the same question anew."""
        self._problem, self._answer, self._own = (
            problem,
            answer.without_parameters(problem.unknowns),
            dict(letters or {}),
        )
        self._again = again

    def __reduce__(self) -> tuple[Callable[[], Any], tuple[()]]:
        """Pickled as its question: reading it back solves and proves the question again."""
        if self._again is None:
            raise SymnetError("this answer is a part of another one, which can be stored")
        return self._again, ()

    @property
    def unknowns(self) -> tuple[str, ...]:
        """The names of the unknowns, in the order of the question."""
        return tuple(symbol.name for symbol in self._problem.unknowns)

    @property
    def listed_parameters(self) -> tuple[str, ...]:
        """The names of the parameters whose values are part of each listed solution."""
        return tuple(symbol.name for symbol in self._letters[len(self._problem.unknowns) :])

    @cached_property
    def _letters(self) -> tuple[Symbol, ...]:
        found, problem = self._answer.solution_set, self._problem
        along = isinstance(found, Listed) and len(found.unknowns) > len(problem.unknowns)
        return (*problem.unknowns, *(problem.parameters if along else ()))

    @property
    def complete(self) -> bool:
        """Whether these are all solutions; if not, :attr:`reason` says why."""
        return self._answer.solution_set is not None

    @property
    def reason(self) -> str | None:
        """Why the question is out of reach; ``None`` if it is answered."""
        return self._answer.reason

    @property
    def theorem(self) -> Theorem:
        """⊢ question, on sizes by definition ⇔ membership. Raises :class:`SymnetError` if there is no answer."""
        if self._answer.theorem is None:
            raise SymnetError(f"there is no answer to prove: {self.reason}")
        return self._answer.theorem

    @cached_property
    def derivation(self) -> tuple[Step, ...]:
        """The derivation of the answer, line by line; a single line if the readable derivation is out of reach."""
        try:
            return self._answer.steps()
        except KernelError:
            return (Step("list", self.theorem, "all cases"),)

    @property
    def conditions(self) -> Proposition:
        """The answer as a proposition."""
        return self.theorem.conclusion.args[1]  # type: ignore[no-any-return]

    @property
    def set(self) -> sympy.Set:
        """All solutions as a SymPy set: of numbers for one unknown, of tuples for several."""
        return self.to_sympy()

    @property
    def members(self) -> IntegerSet:
        """The solutions of a question with one unknown as a set of integers. Raises :class:`SymnetError` for other
        answers.
        """
        found = self._answer.solution_set
        if isinstance(found, Listed) and len(found.unknowns) == 1:
            return found.rows[0][1]
        raise SymnetError("the answer is not a set of integers: see conditions")

    # ---- a set ----

    @cached_property
    def count(self) -> int | None:
        """The number of solutions; ``None`` for infinitely many, or if it depends on parameters."""
        found = self._answer.solution_set
        if isinstance(found, Family) and not family_cases(found):
            return 0
        if not isinstance(found, Listed):
            return None
        sizes = [members.size for _, members in found.rows]
        return None if None in sizes else sum(size for size in sizes if size is not None)

    @property
    def finite(self) -> bool:
        """Whether there are finitely many solutions."""
        return self.count is not None

    def __len__(self) -> int:
        if self.count is None:
            many = (
                "as many solutions as the parameters allow" if self._problem.parameters else "infinitely many solutions"
            )
            raise SymnetError(f"there are {many}" if self.complete else f"not known: {self.reason}")
        if self.count > LENGTH:
            raise TooMany(f"there are {self.count:,} solutions, more than a length can say: see count")
        return self.count

    def __bool__(self) -> bool:
        return self.count != 0

    def __iter__(self) -> Iterator[Any]:
        """Values for one unknown, dictionaries for several; the most usual first, infinite answers from the smallest
        up.
        """
        return iter(map(self._each, self._usual)) if self.finite else map(self._each, self.numeric())

    @property
    def solutions(self) -> list[Solution]:
        """The solutions of a finite answer, at most ``LISTED``, the most usual first: values by SymPy symbol, or by
        name.

        >>> from symnet.solving.api import solve
        >>> [one] = solve("(3,224,224) -> Conv|64|7*7|S|3 = (64,112,112)").solutions
        >>> one, one["S"]
        ({S: 2}, 2)
        """
        if not self.finite:
            raise SymnetError(
                f"there are no solutions to list: {self}" if self.complete else f"not known: {self.reason}"
            )
        return [self._speaking(one) for one in self._usual]

    def _speaking(self, one: Numbers) -> Solution:
        from symnet.terms.sympy_bridge import to_sympy

        symbols = {symbol.name: symbol for symbol in self._letters}
        return Solution({to_sympy(symbols[name], self._own): value for name, value in one.items()})

    def _each(self, one: Numbers) -> Any:
        return next(iter(one.values())) if len(one) == 1 else self._speaking(one)

    def __contains__(self, value: object) -> bool:
        """Whether a value is a solution: a number, one number per letter in order, or numbers by symbol or name, which
        may include parameters. Raises :class:`SymnetError` if that depends on letters without a value.
        """
        free = tuple(symbol for symbol in self._problem.parameters if symbol not in self._letters)
        try:
            point, open_ = assignment_of(value, self._letters, free, self._own)
        except (SymnetError, TypeError):
            return False
        found = self._answer.solution_set
        if isinstance(found, Listed) and not set(open_).intersection(found.unknowns):
            *outer, last = (point[symbol] for symbol in found.unknowns)
            return last in self._rows.get(tuple(outer), IntegerSet(()))
        if found is None:
            raise SymnetError(f"not known: {self.reason}")
        if isinstance(found, Family) and not open_:
            return found.holds(point)
        verdict = Family(self._letters[0], self.conditions).decided(point)
        if verdict is None:
            names = ", ".join(symbol.name for symbol in open_)
            raise SymnetError(
                f"undecided: whether {value!r:.60} is a solution depends on {names}; tell numbers of these, too"
            )
        return verdict

    def __eq__(self, other: object) -> bool:
        if isinstance(other, set | frozenset):
            return self.finite and {self._plain(one) for one in self.numeric()} == other
        return self is other

    __hash__ = object.__hash__

    @cached_property
    def _rows(self) -> Mapping[tuple[int, ...], IntegerSet]:
        found = self._answer.solution_set
        return dict(found.rows) if isinstance(found, Listed) else {}

    def _point(self, value: object) -> dict[Term, int]:
        letters = (*self._letters, *(self._problem.parameters if isinstance(self._answer.solution_set, Family) else ()))
        return numbers_of(value, letters, self._own)

    def numeric(self) -> Iterator[Numbers]:
        """The solutions in numeric order, by the first unknown, then the second, …"""
        found = self._answer.solution_set
        if not isinstance(found, Listed):
            if self.count == 0:
                return iter(())
            raise SymnetError(
                f"not known: {self.reason}" if found is None else "the answer has parameters: see conditions"
            )
        if self.finite:
            return iter(self._sorted)
        return self._endless(found)

    def _endless(self, found: Listed) -> Iterator[Numbers]:
        if len(found.rows) != 1:
            raise SymnetError("infinitely many solutions of several unknowns have no order: see conditions")
        [(outer, members)] = found.rows
        return ({**_named(found.unknowns[:-1], outer), found.unknowns[-1].name: last} for last in members)

    @cached_property
    def _sorted(self) -> list[Numbers]:
        """At most ``LISTED`` solutions in numeric order."""
        found = self._answer.solution_set
        if not isinstance(found, Listed):
            return []
        names = [symbol.name for symbol in self._letters]
        total = self.count or 0
        candidates = (
            {**_named(found.unknowns[:-1], outer), found.unknowns[-1].name: last}
            for outer, members in found.rows
            for last in members
        )
        if total > 20 * LISTED:  # the rows are in numeric order of the unknowns as they were enumerated
            return [{name: one[name] for name in names} for one in islice(candidates, LISTED)]
        ordered = sorted(candidates, key=lambda one: [one[name] for name in names])
        return [{name: one[name] for name in names} for one in ordered[:LISTED]]

    @cached_property
    def _usual(self) -> list[Numbers]:
        return sorted(self._sorted, key=lambda one: (*self.rank(one), [*one.values()]))

    @cached_property
    def stride(self) -> str | None:
        """The name of the unknown that is the stride of a window, if exactly one is."""
        found = strides_of(self._problem)
        return found[0].name if len(found) == 1 else None

    @cached_property
    def by_stride(self) -> tuple[WithStride, ...]:
        """If the answer is conditions on a stride and other unknowns: the conditions for each of the usual strides,
        the most usual first, each with its theorem.
        """
        found = self._answer.solution_set
        return stride_by_stride(self._problem, found, self.theorem, self.rank) if isinstance(found, Family) else ()

    def rank(self, solution: Mapping[str, int]) -> tuple[int, ...]:
        """How unusual a solution (by the names of its letters) is: a tuple compared from left to right, 0 for usual."""
        symbols: dict[str, Term] = {symbol.name: symbol for symbol in self._letters}
        return self._judge.rank({symbols[name]: value for name, value in solution.items()})

    def usual(self, most: int) -> list[Numbers]:
        """The ``most`` most usual solutions of a finite answer."""
        return self._usual[:most]

    @cached_property
    def _judge(self) -> Judge | Judges:
        listed = isinstance(self._answer.solution_set, Listed)
        return judge(self._problem, set(self._problem.parameters).difference(self._letters) if listed else ())

    def _plain(self, one: Numbers) -> Any:
        return next(iter(one.values())) if len(one) == 1 else one

    @property
    def smallest(self) -> Any:
        """The first solution in numeric order; ``None`` if there is none."""
        return next(map(self._plain, self.numeric()), None)

    # ---- each solution ----

    @property
    def exact(self) -> tuple[bool, ...]:
        """For each solution in order of iteration (or each infinite class as a whole): whether every layer divides
        without dropping an entry. :attr:`exactly` has the exact part of a class.
        """
        if self.finite:
            return tuple(self.is_exact(one) for one in self._usual)
        if not self.exactly.complete:
            return ()
        found = self._answer.solution_set
        if isinstance(found, Listed):
            return tuple(
                _within(part, self.exactly._rows.get(outer)) for outer, members in found.rows for part in members.parts
            )
        return tuple(True for _ in self.classes) if self.classes == self.exactly.classes else ()

    def is_exact(self, solution: object) -> bool:
        """Whether every layer divides without dropping an entry at this solution; for every size, if the question is
        quantified over sizes.
        """
        if self._problem.every:
            return self._problem.exact or solution in self.exactly
        return self._judge.exact(self._point(solution))

    def dropped(self, solution: object) -> tuple[Dropped, ...]:
        """The entries that each layer drops at this solution."""
        return self._judge.dropped(self._point(solution))

    @cached_property
    def nearest(self) -> tuple[Reachable, ...]:
        """For a question without solutions: the nearest reachable sizes, each with an example."""
        return nearest(self._problem) if self.complete and self.count == 0 else ()

    @cached_property
    def exactly(self) -> Solutions:
        """The solutions at which no layer drops an entry, with their theorem."""
        if self._problem.exact:
            return self
        problem = self._problem.exactly()
        return type(self)(problem, solve_problem(problem), self._own, partial(getattr, self, "exactly"))

    # ---- as text and data ----

    @cached_property
    def classes(self) -> list[dict[str, Any]]:
        """The parts of an infinite set as residue classes; an interval has modulus 1."""
        found = self._answer.solution_set
        if isinstance(found, Family):
            return symbolic_classes(found)
        if found is None or self.finite:
            return []
        last = found.unknowns[-1].name
        return [
            {**_named(found.unknowns[:-1], outer), "symbol": last, **part._asdict()}
            for outer, members in found.rows
            for part in members.parts
        ]

    def __str__(self) -> str:
        found = self._answer.solution_set
        if found is None:
            return f"not known: {self.reason}"
        if isinstance(found, Family):
            return conditions_on(found, self._problem.unknowns)
        return listing(self)

    __repr__ = __str__

    def to_json(self, *, numeric: bool = False, proof: bool = True) -> dict[str, Any]:
        """The answer as JSON data, with keys as in the command line's ``--json``. ``numeric`` orders solutions by
        value; ``proof`` adds a proof that ``symnet check`` replays.
        """
        theorem = self._answer.theorem
        listed = (self._sorted if numeric else self._usual) if self.finite else []
        exact = [self.is_exact(one) for one in listed] if self.finite else list(self.exact)
        data: dict[str, Any] = {
            "unknowns": list(self.unknowns), "finite": self.finite, "solutions": listed, "set": str(self),
            "classes": self.classes, "count": self.count, "complete": self.complete, "exact": exact,
            "steps": len(steps(theorem)) if theorem is not None else 0, "checked": theorem is not None,
            "reason": self.reason,
        }  # fmt: skip
        if theorem is not None and theorem.hypotheses:
            data["hypotheses"] = sorted(text(hypothesis) for hypothesis in theorem.hypotheses)
        if self.classes and self.exactly.complete:
            data["exact_classes"] = self.exactly.classes
        if others := other_cases(self.problem):
            data["elsewhere"] = list(others)
        if self.nearest:
            data["nearest"] = [near.to_json() for near in self.nearest]
        if proof and theorem is not None:
            data["proof"] = write_proof(theorem)
        return data

    def to_sympy(self) -> Any:
        """The solutions as a SymPy set: of numbers for one unknown, of tuples for several."""
        from symnet.solving.sympy_sets import family_set, in_own_symbols, integer_set, tuples

        found = self._answer.solution_set
        if found is None:
            raise SymnetError(f"not known: {self.reason}")
        if isinstance(found, Family):
            return in_own_symbols(family_set(found, self._letters), self._own)
        if len(found.unknowns) == 1:
            return integer_set(self.members)
        if not self.finite:
            return in_own_symbols(family_set(Family(found.unknowns[-1], self.conditions), self._letters), self._own)
        return tuples([tuple(one.values()) for one in self.numeric()])

    @property
    def letters(self) -> Letters:
        """The caller's SymPy symbols by name."""
        return self._own

    @property
    def again(self) -> Callable[[], Any] | None:
        """Asks the same question anew; ``None`` for a part of another answer."""
        return self._again

    @property
    def problem(self) -> Problem:
        """The question as a problem: unknowns, parameters, conditions."""
        return self._problem

    @property
    def answer(self) -> Answer:
        """The answer as data."""
        return self._answer

    @property
    def source(self) -> str:
        """The question in notation."""
        return self._problem.source

    def __format__(self, form: str) -> str:
        return format(str(self), form)


def _within(part: Progression, members: IntegerSet | None) -> bool:
    """Whether a class is contained in a set whose members are all in the class."""
    if members is None or part in members.parts:
        return members is not None
    size = count_of(part)
    return size is not None and size <= LISTED and all(one in members for one in IntegerSet((part,)))


def _named(symbols: tuple[Symbol, ...], values: tuple[int, ...]) -> Numbers:
    return {symbol.name: value for symbol, value in zip(symbols, values, strict=True)}
