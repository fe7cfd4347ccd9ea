"""The names in a network's text: lets that have a value, and symbols, each with one sign wherever it stands."""

from __future__ import annotations

import re
from collections.abc import Mapping

from symnet.errors import TermError
from symnet.notation.outline import Let, Source, Span, quoted
from symnet.terms.parse import default_symbol, parse_expression
from symnet.terms.term import Symbol, Term, integer

__all__ = ["RESERVED", "SymbolTable"]

#: Words with a meaning of their own: no symbol, let or label has these names.
RESERVED = ("input", "_")

#: Bounds that no honest network meets; past them the text is refused in words.
LETS, LENGTH = 1000, 200

_FUNCTIONS = ("min", "max", "ceildiv")
_NAME = re.compile(r"[^\W\d]\w*")


class SymbolTable:
    """First :meth:`note` every place where names stand, then :meth:`settle`, then :meth:`term` reads them.

    A symbol may be 0 if its name is a padding's or if it stands only where 0 may stand; but a name that is by itself a
    kernel, a stride, … somewhere is at least 1 everywhere. ``values`` stand for symbols, as lets would.
    """

    def __init__(self, source: Source, lets: list[Let], values: Mapping[str, int]) -> None:
        self.source = source
        self._lets = {let.name: let for let in lets}
        self._inside: dict[str, tuple[str, ...]] = {}  # the symbols in each let
        self._bare: set[str] = set()
        self._positive: set[str] = set()
        self._padding: set[str] = set()
        self._known: dict[str, Term] = {name: integer(number) for name, number in values.items()}
        if len(lets) > LETS:
            raise source.error(f"more than {LETS} lets", lets[LETS].at)
        for let in lets:
            if let.name in RESERVED or let.name in _FUNCTIONS:
                raise source.error(f"{quoted(let.name)} is a reserved word", let.at)
            if let.name in self._inside:
                raise source.error(f"{quoted(let.name)} is set twice", let.at)
            for name in _NAME.finditer(source.code, *let.value):
                if name[0] in self._lets and name[0] not in self._inside:
                    raise source.error(f"{quoted(name[0])} is not set yet", name.start())
            self._inside[let.name] = self._symbols_in(let.value)

    def _symbols_in(self, span: Span) -> tuple[str, ...]:
        found = [name[0] for name in _NAME.finditer(self.source.code, *span)]
        return tuple(dict.fromkeys(symbol for name in found for symbol in self._inside.get(name, (name,))))

    def note(self, span: Span, least: int) -> None:
        """The names at ``span`` stand where a value is at least ``least``."""
        word = self.source.code[span[0] : span[1]]
        if word.isdigit():
            return
        if word.isidentifier() and word not in self._lets and word not in _FUNCTIONS:
            (self._padding if least <= 0 else self._bare).add(word)
            return
        for name in self._symbols_in(span):
            (self._padding if least <= 0 else self._positive).add(name)
            if least > 0 and self._plain(word) == name:
                self._bare.add(name)

    def _plain(self, word: str) -> str:
        """``word`` without parentheses, or what the let of that name says."""
        while word.startswith("(") and word.endswith(")"):
            word = word[1:-1].strip()
        let = self._lets.get(word)
        return word if let is None or len(self._inside[word]) != 1 else self._inside[word][0]

    def settle(self) -> None:
        """All places are known: work out the lets, each from those before it."""
        for name, let in self._lets.items():
            term = self.term(let.value)
            self._known[name] = term if term.constant is None else integer(term.constant)

    def term(self, span: Span) -> Term:
        """What the text at ``span`` says, as written."""
        word = self.source.code[span[0] : span[1]]
        if word.isdigit() and word.isascii() and len(word) < 19:
            return integer(int(word))
        if word.isidentifier() and word not in _FUNCTIONS:
            try:
                return self.symbol(word)
            except TermError as refused:
                raise self.source.error(str(refused), span[0]) from None
        return parse_expression(word, self.symbol, whole=self.source.text, offset=span[0])

    def symbol(self, name: str) -> Term:
        """What a name stands for: the value of a let, or a symbol."""
        found = self._known.get(name)
        if found is None:
            if name in RESERVED:
                raise TermError(f"{name!r} is a reserved word, no symbol")
            if len(name) > LENGTH:
                raise TermError(f"a name of {len(name):,} characters is out of reach (at most {LENGTH})")
            found = self._known[name] = Symbol(name, 0 if self._may_be_zero(name) else 1)
        return found

    def _may_be_zero(self, name: str) -> bool:
        if name in self._bare:
            return False
        return default_symbol(name).least == 0 or (name in self._padding and name not in self._positive)
