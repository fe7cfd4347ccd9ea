"""The value of a printed real expression, read from its text alone: nothing here is shared with the printer."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from mpmath import exp, log, mpf, sqrt

__all__ = ["Reader"]

#: A letter as it is printed, and what stands below it: ``("w′", ("1", "j"))``.
Look = Callable[[str, tuple[str, ...]], Any]

_FUNCTIONS: dict[str, Callable[..., Any]] = {
    "exp": exp, "abs": abs, "min": min, "max": max, "sign": lambda x: mpf((x > 0) - (x < 0)),
}  # fmt: skip
_TOKEN = re.compile(r"\s*(\d+|[^\W\d_]+′*(?:_\{[^{}]*\}|_[^\W_])?|Σ_\{[^{}]*\}|[−+·/^(){}|,√])")


@dataclass
class Reader:
    """``letter`` gives the value of a letter, ``integer`` that of one in a bound, a place or an exponent; ``open`` is what
    logarithms, roots and 1/0 are outside their domain.
    """

    text: str
    letter: Look
    integer: Callable[[str], int]
    open: Any
    at: int = 0

    def __post_init__(self) -> None:
        self.bound: dict[str, int] = {}

    def value(self) -> Any:
        """The value of the whole text."""
        found = self._sum()
        assert self.at == len(self.text), self.text[self.at :]
        return found

    def _peek(self) -> str:
        found = _TOKEN.match(self.text, self.at)
        return found[1] if found else ""

    def _take(self, wanted: str = "") -> str:
        found = _TOKEN.match(self.text, self.at)
        assert found, self.text[self.at :]
        assert not wanted or found[1] == wanted, (wanted, self.text[self.at :])
        self.at = found.end()
        return found[1]

    def _sum(self) -> Any:
        total = mpf(0)
        sign = 1
        if self._peek() == "−":
            self._take()
            sign = -1
        while True:
            total += sign * self._product()
            if self._peek() not in ("+", "−"):
                return total
            sign = 1 if self._take() == "+" else -1

    def _product(self) -> Any:
        found = self._power()
        while self._peek() in ("·", "/"):
            if self._take() == "·":
                found = found * self._power()
            else:
                by = self._power()
                found = found * (1 / by if by != 0 else self.open)
        return found

    def _power(self) -> Any:
        base = self._atom()
        if self._peek() != "^":
            return base
        self._take()
        if self.text[self.at] == "{":
            end = self.text.index("}", self.at)
            exponent, self.at = self.text[self.at + 1 : end], end + 1
        else:
            exponent, self.at = self.text[self.at], self.at + 1
        result = mpf(1)
        for _ in range(self._number(exponent)):
            result *= base
        return result

    def _number(self, text: str) -> int:
        return sum(
            self.bound[part] if part in self.bound else int(part) if part.isdigit() else self.integer(part)
            for part in text.split("+")
        )

    def _atom(self) -> Any:
        token = self._take()
        if token.isdigit():
            return mpf(int(token))
        if token == "(":
            found = self._sum()
            self._take(")")
            return found
        if token == "|":
            found = abs(self._sum())
            self._take("|")
            return found
        if token == "√":
            found = self._atom()
            return sqrt(found) if found >= 0 else self.open
        fold = re.fullmatch(r"(Σ|min|max)_\{([^<]*)<([^<]*)\}", token)
        if fold:
            return self._fold(*fold.groups())
        if token in ("log", *_FUNCTIONS) and self._peek() == "(":
            return self._call(token)
        return self._letter(token)

    def _call(self, name: str) -> Any:
        self._take("(")
        values = [self._sum()]
        while self._peek() == ",":
            self._take()
            values.append(self._sum())
        self._take(")")
        if name == "log":
            return log(values[0]) if values[0] > 0 else self.open
        return _FUNCTIONS[name](*values)

    def _fold(self, kind: str, index: str, bound: str) -> Any:
        start, values = self.at, []
        hidden = self.bound.get(index)
        number = self._number(bound)
        for place in range(max(number, 1)):  # to find the end, at least once
            self.at = start
            self.bound[index] = place
            found = self._product()
            values += [found] if place < number else []
        if hidden is None:
            del self.bound[index]
        else:
            self.bound[index] = hidden
        return {"Σ": lambda given: sum(given, mpf(0)), "min": min, "max": max}[kind](values)

    def _letter(self, token: str) -> Any:
        head, _, below = token.partition("_")
        places = tuple(below.strip("{}").split(",")) if below else ()
        if not places and head in self.bound:
            return mpf(self.bound[head])
        return self.letter(
            head, tuple(str(self._number(place)) if self._is_place(place) else place for place in places)
        )

    def _is_place(self, place: str) -> bool:
        return all(part in self.bound or part.isdigit() or self._known(part) for part in place.split("+"))

    def _known(self, part: str) -> bool:
        try:
            self.integer(part)
        except KeyError:
            return False
        return True
