"""The expression grammar: text to terms, unevaluated, without Python's own evaluator.

    constraints =  constraint, { ( "," | "and" ), constraint } ;  compare = "<" | "<=" | ">" | ">=" | "==" | "=" | "!=" ;
    constraint  =  sum, compare, sum, { compare, sum } | sum, "in", "{", sum, { ",", sum }, "}" ;
    sum         =  product, { ("+" | "-"), product } ;
    product     =  factor, { ("*" | "//" | "%"), factor } ;      from the left, as in Python: a//b*c is (a//b)*c
    factor      =  { "-" | "+" }, atom, [ "**", numeral ] ;      -x**2 is -(x**2), -x//2 is (-x)//2
    atom        =  numeral | symbol | "(", sum, ")" | ("min" | "max" | "ceildiv"), "(", sum, { ",", sum }, ")" ;

A sum without parentheses is one ``Sum``, a product one ``Product``, so that the text printed by
:func:`symnet.printing.text.text` parses to the same term.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence
from typing import NamedTuple, TypeVar

from symnet.errors import NotationError, TermError
from symnet.terms.term import CeilDiv, FloorDiv, Int, Max, Min, Mod, Power, Product, Sum, Symbol, Term, integer
from symnet.terms.tokens import Token, tokens

__all__ = ["FUNCTIONS", "Constraint", "Membership", "default_symbol", "parse_constraints", "parse_expression"]

#: Limits on nesting and exponents; an expression beyond them is refused.
DEPTH, EXPONENT = 100, 64

T = TypeVar("T", bound=Term)

#: A long number or name, which messages shorten.
_LONG = re.compile(r"(\w{40})\w{20,}")
_BRACKETS = {"{": "}", "(": ")", "[": "]"}
_COMPARISONS = ("<=", "<", ">=", ">", "==", "!=")
_CALLS: dict[str, tuple[type[Term], int | None]] = {"min": (Min, None), "max": (Max, None), "ceildiv": (CeilDiv, 2)}

#: The names of functions, which no symbol can have.
FUNCTIONS = tuple(_CALLS)


class Constraint(NamedTuple):
    """``left operator right`` with an operator from ``<= < >= > == !=``."""

    operator: str
    left: Term
    right: Term


class Membership(NamedTuple):
    """``left in {members}``."""

    left: Term
    members: tuple[Term, ...]


def default_symbol(name: str) -> Symbol:
    """The symbol of a name by default: a padding is at least 0, everything else at least 1.

    >>> default_symbol("P").least, default_symbol("P_2").least, default_symbol("output_padding").least
    (0, 0, 0)
    >>> default_symbol("W").least, default_symbol("Pool").least
    (1, 1)
    """
    is_padding = re.fullmatch(r"[Pp](?:_?[0-9]+)?|(?:output_)?padding(?:_?[0-9]+)?", name)
    return Symbol(name, 0 if is_padding else 1)


def parse_expression(
    text: str, symbol: Callable[[str], Term] = default_symbol, *, whole: str | None = None, offset: int = 0
) -> Term:
    """The term written in ``text``; ``symbol`` maps names to terms. Raises :class:`NotationError`, whose caret is
    placed in the text ``whole``, in which ``text`` begins at ``offset``.

    >>> parse_expression("(W - F + 2*P)//S + 1")
    <Sum (W - F + 2*P)//S + 1>
    >>> print(parse_expression("(W - 1)/2"))
    Traceback (most recent call last):
    symnet.errors.NotationError: unexpected '/': use // for division rounded down, ceildiv(a, b) for division rounded up
      (W - 1)/2
             ^
    """
    parser = _Parser(text, symbol, whole, offset)
    term = parser.sum()
    parser.end("an operator (+ - * // % **)")
    return term


def parse_constraints(
    text: str,
    symbol: Callable[[str], Term] = default_symbol,
    *,
    whole: str | None = None,
    offset: int = 0,
    units: bool = False,
    in_bytes: Collection[str] = (),
) -> tuple[Constraint | Membership, ...]:
    """Comparisons separated by commas or ``and``; a chain ``1 <= S <= 5`` is two of them. Numbers may be written as 1M
    and 4e9, with ``units`` even if a symbol is called M; as 8GB beside one of the names ``in_bytes``. Other arguments as for
    :func:`parse_expression`.

    >>> [type(c).__name__ for c in parse_constraints("F<=11, 1 <= S <= 5 and P%2 = 0, F in {3, 5, 7}")]
    ['Constraint', 'Constraint', 'Constraint', 'Constraint', 'Membership']
    """
    parser = _Parser(text, symbol, whole, offset, quantities=True)
    parser.units, parser.in_bytes = units, in_bytes
    constraints = list(parser.comparison())
    while parser.take(",") or parser.word("and"):
        constraints += parser.comparison()
    parser.end("a comparison (<= < >= > == !=) or a comma")
    return tuple(constraints)


class _Parser:
    """Recursive descent over a list of tokens, with at most ``DEPTH`` nested parentheses."""

    def __init__(
        self, text: str, symbol: Callable[[str], Term], whole: str | None, offset: int, *, quantities: bool = False
    ) -> None:
        self.whole, self.offset = (text if whole is None else whole), offset
        self.symbol = symbol
        self.units = False
        self.in_bytes: Collection[str] = ()
        self.depth = 0
        self.next = 0
        self.tokens = tokens(text, self.error, quantities=quantities)

    def error(self, message: str, position: int) -> NotationError:
        return NotationError(_LONG.sub(r"\1…", message), self.whole, self.offset + position)

    def unexpected(self, expected: str) -> NotationError:
        token = self.tokens[self.next]
        if token.kind == "end":
            return self.error(f"the expression ends too early: expected {expected}", token.position)
        before = self.tokens[self.next - 1] if self.next else token
        if (token.kind != "sign" or token.text == "(") and (before.kind != "sign" or before.text == ")"):
            expected = f"* between factors: {before.text}*{token.text}"
        if token.text == "or":
            expected = "a comma or and: all constraints hold"
        return self.error(f"unexpected {token.text!r}: expected {expected}", token.position)

    def take(self, *signs: str) -> str:
        """The next token if it is one of ``signs``, which is then consumed; else the empty string."""
        token = self.tokens[self.next]
        if token.kind == "sign" and token.text in signs:
            self.next += 1
            return token.text
        return ""

    def word(self, text: str) -> bool:
        """Whether the next token is this word, which is then consumed."""
        token = self.tokens[self.next]
        is_word = token.kind == "name" and token.text == text
        self.next += is_word
        return is_word

    def build(self, position: int, kind: Callable[..., T], *args: Term | int) -> T:
        """A term, or a :class:`NotationError` at ``position`` with the reason why it cannot be built."""
        try:
            return kind(*args)
        except TermError as error:
            raise self.error(str(error), position) from None

    def end(self, expected: str) -> None:
        token = self.tokens[self.next]
        if token.kind == "end":
            return
        if token.text == ")":
            raise self.error("unexpected ')': no parenthesis is open", token.position)
        raise self.unexpected(expected)

    def comparison(self) -> Sequence[Constraint | Membership]:
        start = self.next
        found = self.chain()
        compared = self.tokens[start : self.next]
        number = next((token for token in compared if token.in_bytes), None)
        if number is not None and not any(token.text.lower() in self.in_bytes for token in compared):
            counted = " and ".join(self.in_bytes)
            only = f"only {counted} are counted in bytes" if counted else "nothing here is counted in bytes"
            raise self.error(f"B stands for bytes, and {only}: 10⁹ is written 1G or 1e9", number.position)
        return found

    def chain(self) -> Sequence[Constraint | Membership]:
        chain: list[Constraint] = []
        left = self.sum()
        if self.word("in") or self.take("∈"):
            return [Membership(left, self.members())]
        while operator := self.take(*_COMPARISONS):
            right = self.sum()
            chain.append(Constraint(operator, left, right))
            left = right
        if not chain:
            raise self.unexpected("a comparison such as <= or ==")
        return chain

    def members(self) -> tuple[Term, ...]:
        """The members of a set: {3, 5, 7}, or in other brackets."""
        opening = self.take(*_BRACKETS)
        if not opening:
            token = self.tokens[self.next]
            raise self.error("a set is missing after 'in', such as {3, 5, 7}", token.position)
        terms = [self.sum()]
        while self.take(","):
            terms.append(self.sum())
        if not self.take(_BRACKETS[opening]):
            raise self.unexpected(f", or {_BRACKETS[opening]}")
        return tuple(terms)

    def sum(self) -> Term:
        start = self.tokens[self.next].position
        terms = [self.product()]
        while sign := self.take("+", "-"):
            terms.append(self.product(subtract=sign == "-"))
        return terms[0] if len(terms) == 1 else self.build(start, Sum, *terms)

    def product(self, *, subtract: bool = False) -> Term:
        start = self.tokens[self.next].position
        factors = self.factor()
        while operator := self.take("*", "//", "%"):
            if operator == "*":
                factors += self.operand()
            else:
                kind = FloorDiv if operator == "//" else Mod
                position = self.tokens[self.next].position
                divisor = self.divisor(self.operand()[0], position)
                factors = [self.build(start, kind, self.joined(start, factors), divisor)]
        if subtract:
            factors = _negated(factors)
        return self.joined(start, factors)

    def divisor(self, term: Term, position: int) -> Term:
        if term.constant == 0:
            raise self.error("division by 0: a divisor is at least 1", position)
        return term

    def joined(self, start: int, factors: list[Term]) -> Term:
        if len(factors) == 2 and factors[0] is integer(-1) and type(factors[1]) is Int and factors[1].value > 0:
            return integer(-factors[1].value)  # -5 is a numeral
        return factors[0] if len(factors) == 1 else self.build(start, Product, *factors)

    def operand(self) -> list[Term]:
        """A factor after the first of its product: a sign belongs to it alone."""
        start = self.tokens[self.next].position
        return [self.joined(start, self.factor())]

    def factor(self) -> list[Term]:
        """The factors of a signed power: ``-x`` has two."""
        start = self.next
        minuses = 0
        while sign := self.take("-", "+"):
            minuses += sign == "-"
            if self.next - start > DEPTH:
                raise self.error(f"more than {DEPTH} signs in a row", self.tokens[self.next].position)
        first = self.tokens[self.next]
        factors = [self.atom()]
        bare = first.kind == "number"
        if self.take("**"):
            factors, bare = [self.build(first.position, Power, factors[0], self.exponent())], False
        for _ in range(minuses):
            if bare:
                factors, bare = _negated(factors), False
            else:
                factors = [integer(-1), self.joined(first.position, factors)]
        return factors

    def exponent(self) -> int:
        token = self.tokens[self.next]
        if token.kind != "number":
            raise self.unexpected(f"a numeral from 0 to {EXPONENT} as exponent")
        value = int(token.text)
        if value > EXPONENT:
            raise self.error(f"an exponent is an integer from 0 to {EXPONENT}", token.position)
        self.next += 1
        if self.take("**"):
            self.next -= 1
            raise self.error("a power of a power needs parentheses: (a**b)**c", self.tokens[self.next].position)
        return value

    def atom(self) -> Term:
        token = self.tokens[self.next]
        if token.kind == "number":
            self.next += 1
            if token.unit and not (self.units or token.in_bytes) and self.is_symbol(token.unit):
                raise self.error(
                    f"{token.unit} is a symbol here: a product has a *, and a number all its digits", token.position
                )
            return integer(int(token.text))
        if token.kind == "name":
            self.next += 1
            return self.call(token) if token.text in _CALLS else self.name(token)
        if not self.take("("):
            raise self.unexpected("an integer, a symbol or (")
        return self.inside(token)[0]

    def is_symbol(self, name: str) -> bool:
        """Whether a unit is also the name of a symbol."""
        try:
            self.symbol(name)
        except TermError:
            return False
        return True

    def name(self, token: Token) -> Term:
        if self.tokens[self.next].text == "(":
            raise self.error(f"{token.text!r} is not a function: min, max and ceildiv are", token.position)
        return self.build(token.position, lambda: self.symbol(token.text))

    def call(self, token: Token) -> Term:
        kind, arity = _CALLS[token.text]
        if not self.take("("):
            raise self.unexpected(f"arguments: {token.text}(a, b)")
        arguments = self.inside(token, commas=True)
        if arity is not None and len(arguments) != arity:
            raise self.error(f"{token.text} takes {arity} arguments, got {len(arguments)}", token.position)
        if kind is CeilDiv:
            self.divisor(arguments[1], token.position)
        return self.build(token.position, kind, *arguments)

    def inside(self, opening: Token, *, commas: bool = False) -> list[Term]:
        """The terms between parentheses; consumes the closing parenthesis."""
        self.depth += 1
        if self.depth > DEPTH:
            raise self.error(f"more than {DEPTH} parentheses inside each other", opening.position)
        terms = [self.sum()]
        while commas and self.take(","):
            terms.append(self.sum())
        if not self.take(")"):
            if self.tokens[self.next].kind == "end":
                raise self.error("this parenthesis is not closed", opening.position)
            raise self.unexpected(", or )" if commas else "an operator or )")
        self.depth -= 1
        return terms


def _negated(factors: list[Term]) -> list[Term]:
    """The factors with the opposite sign. A leading numeral is negated, but 0 and 1 stay visible: ``a - 1*b``."""
    first = factors[0]
    if type(first) is Int and first.value >= 2:
        return [integer(-first.value), *factors[1:]]
    return [integer(-1), *factors]
