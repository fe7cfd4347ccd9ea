"""The names in a network's text: lets that have a value, and symbols, each with one sign wherever it stands."""

from __future__ import annotations

import re
from collections.abc import Mapping
from contextlib import suppress

from symnet.errors import NotationError, TermError
from symnet.layers.declaration.signs import Signs, enough_at_zero
from symnet.notation.outline import UNNAMED, Let, Source, Span, quoted
from symnet.printing.text import as_printed
from symnet.terms.parse import FUNCTIONS, parse_expression
from symnet.terms.term import Symbol, Term, integer

__all__ = ["RESERVED", "SymbolTable"]

#: Words with a meaning of their own: no symbol, let or label has these names.
RESERVED = ("input", "_")

#: Bounds that no honest network meets; past them the text is refused in words.
LETS, LENGTH = 1000, 200

#: Text that may say no more than the name in it.
_SIGNS = re.compile(r"[-+()\s]*[^\W\d]\w*[()\s]*")
_NAME = re.compile(r"[^\W\d]\w*")


class SymbolTable:
    """First :meth:`declare` every place where names stand, then :meth:`settle`, then :meth:`term` reads them.

    Where a symbol stands says whether it may be 0 (:class:`symnet.layers.declaration.signs.Signs`). ``values`` stand for symbols, as lets
    would.
    """

    def __init__(self, source: Source, lets: list[Let], values: Mapping[str, int]) -> None:
        self.source = source
        self._lets = {let.name: let for let in lets}
        self._inside: dict[str, tuple[str, ...]] = {}  # the symbols in each let
        self._signs = Signs()
        self._known: dict[str, Term] = {name: integer(number) for name, number in values.items()}
        self._unnamed: dict[Span, tuple[str, int]] = {}  # the letter and the least value of each size that has no name
        self._found: dict[Span, Symbol] = {}
        if len(lets) > LETS:
            raise source.error(f"more than {LETS} lets", lets[LETS].at)
        for let in lets:
            if let.name in RESERVED or let.name in FUNCTIONS:
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

    def declare(self, span: Span, least: int, letter: str = "N") -> None:
        """The names at ``span`` stand where a value is at least ``least``; a size without a name gets ``letter``, if that is free."""
        word = self.source.code[span[0] : span[1]]
        if word.isdigit():
            return
        if UNNAMED.fullmatch(word):
            self._unnamed.setdefault(span, (letter, max(least, 0)))
            return
        if word.isidentifier() and word not in self._lets and word not in FUNCTIONS:
            self._signs.note(word, least, alone=True)
            return
        if self._enough_at_zero(word, least):
            return
        for name in self._symbols_in(span):
            self._signs.note(name, least, alone=self._plain(word) == name)

    def _enough_at_zero(self, word: str, least: int) -> bool:
        """Whether an expression without lets is at least ``least`` when its letters are 0: a stride T + 1."""
        if least <= 0 or any(name in self._lets for name in _NAME.findall(word)):
            return False
        with suppress(NotationError, TermError):
            return enough_at_zero(parse_expression(word), least)
        return False

    def _plain(self, word: str) -> str:
        """``word`` without parentheses and signs that do nothing, or what the let of that name says."""
        if _SIGNS.fullmatch(word):
            with suppress(NotationError):
                word = getattr(parse_expression(word), "name", word)
        let = self._lets.get(word)
        if let is None or len(self._inside[word]) != 1:
            return word
        return self._plain(self.source.code[slice(*let.value)])

    def settle(self) -> None:
        """All places are known: name what has no name, and work out the lets, each from those before it."""
        taken = {name[0] for name in _NAME.finditer(self.source.code)} if self._unnamed else set()
        for span, (letter, least) in self._unnamed.items():
            name, count = letter, 1
            while name in taken:
                name, count = f"{letter}{count}", count + 1
            taken.add(name)
            self._found[span] = Symbol(name, least)
        for name, let in self._lets.items():
            term = self.term(let.value)
            self._known[name] = term if term.constant is None else integer(term.constant)

    def term(self, span: Span) -> Term:
        """What the text at ``span`` says, as written."""
        word = self.source.code[span[0] : span[1]]
        if span in self._found:
            return self._found[span]
        if word.isdigit() and word.isascii() and len(word) < 19:
            return integer(int(word))
        if word.isidentifier() and word not in FUNCTIONS:
            try:
                return self.symbol(word)
            except TermError as refused:
                raise self.source.error(str(refused), span[0]) from None
        term = parse_expression(word, self.symbol, whole=self.source.text, offset=span[0])
        try:
            return as_printed(term)
        except NotationError as refused:  # what is printed needs more parentheses than the text
            raise self.source.error(refused.message, span[0]) from None

    @property
    def unnamed(self) -> list[tuple[str, str]]:
        """Every size that has no name, as it is written, and the letter it has."""
        return [(self.source.code[slice(*span)], symbol.name) for span, symbol in self._found.items()]

    def symbol(self, name: str) -> Term:
        """What a name stands for: the value of a let, or a symbol."""
        found = self._known.get(name)
        if found is None:
            if name in RESERVED:
                raise TermError(f"{name!r} is a reserved word, no symbol")
            if len(name) > LENGTH:
                raise TermError(f"a name of {len(name):,} characters is out of reach (at most {LENGTH})")
            found = self._known[name] = Symbol(name, self._signs.least(name))
        return found
