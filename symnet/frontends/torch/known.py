"""The numbers taken for symbols while a model's code runs, and the conditions its code imposed on them."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from types import CodeType, FrameType
from typing import Any, NamedTuple

from symnet.errors import ModelError, SymnetError
from symnet.frontends.checking import Point
from symnet.frontends.flow import BATCH, tidy
from symnet.frontends.ops.products import whole_size
from symnet.layers.kinds.guards import negated
from symnet.network.joins import members
from symnet.printing.text import unicode_text
from symnet.terms.bounds import never_above
from symnet.terms.evaluation import holds
from symnet.terms.integer_sets import IntegerSet
from symnet.terms.polynomial import from_polynomial, normal_form
from symnet.terms.propositions import Eq, Le, Lt, Proposition
from symnet.terms.term import Symbol, Term, as_term, symbols_of

__all__ = ["Known", "Line", "line_of"]

#: The number taken for the batch. A comparison with it must come out the same for every batch of at least so many
#: examples.
USUAL_BATCH = 2


#: A line of code that runs: the function it belongs to, and its number.
Line = tuple[CodeType, int]


def line_of(frame: FrameType) -> Line:
    """The line at which a frame stands."""
    return frame.f_code, frame.f_lineno


class _Text(NamedTuple):
    """The number of a term as text, and the line of the model's code that asked for it."""

    text: str
    term: Term
    line: Line


class Known(Point):
    """The numbers taken for symbols during a run, and the conditions that the model's code imposed.

    A model's forward is Python: it compares sizes and branches. If the answer is the same for all sizes, that answer
    is given; otherwise the answer for these sizes, which is recorded in ``asked`` as a condition.
    """

    def __init__(self, sizes: Mapping[Symbol, int], batch: int = USUAL_BATCH) -> None:
        super().__init__({BATCH: batch, **sizes}, batch)
        self.sizes = dict(sizes)
        self.asked: dict[Proposition, None] = {}
        self.supposed: dict[Proposition, None] = {}  # further conditions under which the model runs
        self.multiples: dict[Term, Term] = {}  # sizes that conditions make multiples of a number: H is 7·⌊H/7⌋
        self._told: list[_Text] = []  # sizes that were formatted into texts as numbers
        self._showing = False  # whether texts are made for a person only
        # makes the error for a message, with the module that is running
        self.refusal: Callable[[str], ModelError] = ModelError

    def decide(self, proposition: Proposition) -> bool:
        """Whether the proposition holds: for all sizes, or for these, with the condition recorded."""
        symbols = symbols_of(proposition)
        if not symbols:
            return holds(proposition)
        answer = holds(proposition, {symbol: self.value(symbol) for symbol in symbols})
        if _settled(proposition, symbols):
            return answer
        if BATCH in symbols:
            if len(symbols) > 1:
                raise self.refusal("compares the size of the batch with other sizes, which symnet does not follow")
            if _happens(negated(proposition) if answer else proposition):
                raise self.refusal("goes one way or another by the size of the batch, which symnet leaves open")
            return answer
        self._ask(proposition if answer else negated(proposition))
        return answer

    def _ask(self, proposition: Proposition) -> None:
        self.asked[proposition] = None
        found = whole_size(proposition)
        if found is not None:
            self.multiples.setdefault(*found)

    def require(self, proposition: Proposition, why: str) -> None:
        """Adds a condition under which the model runs; raises the refusal ``why`` if it does not hold for these sizes."""
        if not self.decide(proposition):
            raise self.refusal(why)

    def suppose(self, proposition: Proposition) -> None:
        """Adds a condition under which the model runs, even if it excludes these sizes."""
        symbols = symbols_of(proposition)
        if not symbols and not holds(proposition):
            raise self.refusal("is given sizes that do not fit")
        if BATCH in symbols and not _settled(proposition, symbols):
            raise self.refusal(f"needs {_in_words(proposition)}, and the batch is left open")
        if not symbols:
            return
        if _settled(proposition, symbols):
            if not holds(proposition, {symbol: self.value(symbol) for symbol in symbols}):
                raise self.refusal(f"needs {unicode_text(proposition)}, which holds for no sizes")
        else:
            if isinstance(proposition, Eq):  # L = 8·(5·(5·T)) − 800 and L = 200·(T − 4) are one condition
                proposition = Eq(*map(tidy, proposition.args))
            self.supposed[proposition] = None
            found = whole_size(proposition)
            if found is not None:
                self.multiples.setdefault(*found)

    def pin(self, term: Term) -> int:
        """The number of a term for these sizes, at which the term stays fixed by a recorded condition."""
        number = self.value(term)
        if BATCH in symbols_of(term):
            raise self.refusal(
                "takes the size of the batch for a number, which symnet leaves open (a // b stays an expression, int(a / b) does not)"
            )
        if term.constant is None:
            self.asked[Eq(term, as_term(number))] = None
        return number

    def tell(self, term: Term, form: str = "") -> str:
        """The number of a term as text. The term stays fixed at it, unless the text turns out to belong to a message
        only.
        """
        text = format(self.value(term), form)
        if not self._showing:
            self._told.append(_Text(text, term, line_of(sys._getframe(2))))
        return text

    @contextmanager
    def showing(self) -> Iterator[None]:
        """Text that is made of sizes meanwhile is shown to a person, and no use of their numbers."""
        before, self._showing = self._showing, True
        try:
            yield
        finally:
            self._showing = before

    def forget(self, message: Any) -> None:
        """Releases sizes that were formatted into a message that was never shown."""
        self._told = [one for one in self._told if one.text not in str(message)]

    def forget_line(self, message: str, line: Line) -> None:
        """Releases sizes that a line of the model's code formatted into the message it prints."""
        self._told = [one for one in self._told if one.line != line or one.text not in message]

    def conditions(self) -> list[Proposition]:
        """All recorded conditions."""
        for one in self._told:
            self.pin(one.term)
        return list({**self.asked, **self.supposed})

    def fixed(self) -> dict[Symbol, int]:
        """The symbols that conditions fix to a number."""
        pairs = [asked.args for asked in self.asked if isinstance(asked, Eq)]
        sides = [pair for left, right in pairs for pair in ((left, right), (right, left))]
        return {one: two.constant for one, two in sides if isinstance(one, Symbol) and two.constant is not None}


def _in_words(proposition: Proposition) -> str:
    """The proposition as messages write it, where the batch has no letter."""
    return unicode_text(proposition).replace(BATCH.name, "batch")


def _happens(proposition: Proposition) -> bool:
    """Whether the proposition may hold for a batch of several examples."""
    try:
        found = members(proposition)
    except SymnetError:
        return True
    return found is None or any(part.maximum is None or part.maximum >= USUAL_BATCH for part in found.parts)


def _settled(proposition: Proposition, symbols: list[Symbol]) -> bool:
    """Whether the answer is evidently the same for all sizes."""
    left, right = (from_polynomial(normal_form(side)) for side in proposition.args)
    gap = from_polynomial(normal_form(right - left))
    if gap.constant is not None:
        return True
    back = from_polynomial(normal_form(left - right))
    if isinstance(proposition, Le) and (never_above(left, right) or never_above(tidy(right + 1), left)):
        return True
    strict = 0 if isinstance(proposition, Le) else 1
    opposite = 0 if isinstance(proposition, Lt) else 1
    if any(side.least is not None and side.least >= bound for side, bound in ((gap, strict), (back, opposite))):
        return True
    if BATCH in symbols:
        return False
    try:
        found = members(proposition)
    except SymnetError:
        return False
    return found is not None and (not found.parts or found == IntegerSet.interval(symbols[0].least, None))
