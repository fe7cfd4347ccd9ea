"""The names in a network's text: lets with their values, and symbols, each with the same lower bound everywhere."""

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

#: Words with a fixed meaning, which no symbol, let or label may have as its name.
RESERVED = ("input", "_")

#: The largest number of lets, and the longest name in characters.
LETS, LENGTH = 1000, 200

#: A name, perhaps with signs and parentheses around it.
_SIGNS = re.compile(r"[-+()\s]*[^\W\d]\w*[()\s]*")
_NAME = re.compile(r"[^\W\d]\w*")


class SymbolTable:
    """The names of one text: first :meth:`declare` all occurrences, then :meth:`settle`, then read terms by :meth:`term`.

    Its occurrences decide whether a symbol may be 0 (:class:`symnet.layers.declaration.signs.Signs`). ``values`` are substituted for
    symbols, like lets.
    """

    def __init__(self, source: Source, lets: list[Let], values: Mapping[str, int]) -> None:
        self.source = source
        self._lets = {let.name: let for let in lets}
        self._inside: dict[str, tuple[str, ...]] = {}  # the symbols in each let
        self._signs = Signs()
        self._known: dict[str, Term] = {name: integer(number) for name, number in values.items()}
        self._unnamed: dict[Span, tuple[str, int]] = {}  # the letter and the lower bound of each size without a name
        self._symbol_of_unnamed: dict[Span, Symbol] = {}
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
        names = [name[0] for name in _NAME.finditer(self.source.code, *span)]
        return tuple(dict.fromkeys(symbol for name in names for symbol in self._inside.get(name, (name,))))

    def declare(self, span: Span, least: int, letter: str = "N") -> None:
        """Notes that the names at ``span`` are in a value of at least ``least``; a size without a name gets ``letter``, if it is free."""
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
        """``word`` without parentheses and signs that change nothing, or the value of the let with this name."""
        if _SIGNS.fullmatch(word):
            with suppress(NotationError):
                word = getattr(parse_expression(word), "name", word)
        let = self._lets.get(word)
        if let is None or len(self._inside[word]) != 1:
            return word
        return self._plain(self.source.code[slice(*let.value)])

    def settle(self) -> None:
        """After all declarations: name the sizes without names, and work out the lets, each from those before it."""
        taken = {name[0] for name in _NAME.finditer(self.source.code)} if self._unnamed else set()
        for span, (letter, least) in self._unnamed.items():
            name, count = letter, 1
            while name in taken:
                name, count = f"{letter}{count}", count + 1
            taken.add(name)
            self._symbol_of_unnamed[span] = Symbol(name, least)
        for name, let in self._lets.items():
            term = self.term(let.value)
            self._known[name] = term if term.constant is None else integer(term.constant)

    def term(self, span: Span) -> Term:
        """The term that the text at ``span`` writes. Raises :class:`symnet.NotationError`."""
        word = self.source.code[span[0] : span[1]]
        if span in self._symbol_of_unnamed:
            return self._symbol_of_unnamed[span]
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
        except NotationError as refused:  # the printed form needs more parentheses than the text
            raise self.source.error(refused.message, span[0]) from None

    @property
    def unnamed(self) -> list[tuple[str, str]]:
        """All sizes without a name: its text, and the name that it got."""
        return [(self.source.code[slice(*span)], symbol.name) for span, symbol in self._symbol_of_unnamed.items()]

    def symbol(self, name: str) -> Term:
        """The term of a name: the value of a let, or a symbol."""
        term = self._known.get(name)
        if term is None:
            if name in RESERVED:
                raise TermError(f"{name!r} is a reserved word, no symbol")
            if len(name) > LENGTH:
                raise TermError(f"a name of {len(name):,} characters is out of reach (at most {LENGTH})")
            term = self._known[name] = Symbol(name, self._signs.least(name))
        return term
