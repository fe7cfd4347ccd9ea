"""The fields a layer declares: letter, other names, default and documentation of each. Parsing, constructors and
documentation are derived from these declarations.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field, fields
from difflib import get_close_matches
from typing import Any, Protocol

from symnet.errors import LayerError, SymnetError
from symnet.layers.declaration.rationals import rational, shortened
from symnet.layers.laws.padding import CAUSAL, EXPLICIT, SAME, SAME_LOWER, VALID, Padding
from symnet.printing.text import as_printed, text
from symnet.terms.parse import default_symbol, parse_expression
from symnet.terms.size_names import is_one_size
from symnet.terms.term import Symbol, Term, integer

__all__ = [
    "MODES", "REQUIRED", "FieldSpec", "HasFields", "Sizes", "choice", "count", "flag", "mode_of", "number", "padding", "sizes",
    "specs", "words",
]  # fmt: skip

#: The default value that marks a field as required.
REQUIRED: Any = object()


class HasFields(Protocol):
    """An object with declared fields: a layer."""

    def specs(self) -> tuple[FieldSpec, ...]:
        """Its fields, in the order of declaration."""

    @property
    def symbols(self) -> tuple[Symbol, ...]:
        """The symbols that occur in its sizes and counts."""


#: One size for all axes, or one per axis.
Sizes = tuple[Term, ...]


@dataclass(frozen=True)
class FieldSpec:
    """One field of a layer: its name, default and documentation, and what it accepts.

    ``kind`` is count, sizes, padding, flag, choice, number or words. ``letter`` stands for the field in formulas,
    ``aliases`` are its other names. ``least`` bounds counts and sizes from below, ``most`` bounds how many sizes there
    may be, ``within`` bounds a number, ``options`` are the words allowed, ``same`` maps other words to those.
    ``positional`` fields may be set without a name.
    """

    kind: str
    doc: str
    letter: str = ""
    aliases: tuple[str, ...] = ()
    least: int = 1
    most: int = 3
    within: tuple[int, int] | None = None
    options: tuple[str, ...] = ()
    same: tuple[tuple[str, str], ...] = ()
    name: str = ""
    default: Any = REQUIRED
    positional: bool = False

    @property
    def required(self) -> bool:
        return self.default is REQUIRED

    def coerce(self, value: Any) -> Any:
        """``value`` converted to what the field holds. Raises :class:`LayerError`, with what would be right, for a
        value it does not accept.
        """
        return _COERCE[self.kind](self, value)

    def show(self, value: Any) -> str:
        """The value in notation."""
        return _SHOW[self.kind](value)

    def terms(self, value: Any) -> tuple[Term, ...]:
        """The terms (sizes and counts) in a value; none for flags, words and numbers."""
        return () if value is None or self.kind not in _TERMS else _TERMS[self.kind](value)


def _spec(kind: str, doc: str, default: Any, kw_only: bool, **more: Any) -> Any:
    spec = FieldSpec(kind, doc, default=default, positional=not kw_only, **more)
    if default is REQUIRED:
        return field(metadata={"spec": spec}, kw_only=kw_only)
    return field(default=default, metadata={"spec": spec}, kw_only=kw_only)


def count(letter: str, doc: str, *aliases: str, default: Any = REQUIRED, least: int = 1, kw_only: bool = False) -> Any:
    """A field for a number of things: filters, units, groups."""
    return _spec("count", doc, default, kw_only, letter=letter, aliases=aliases, least=least)


def sizes(
    letter: str, doc: str, *aliases: str, default: Any = REQUIRED, least: int = 1, most: int = 3, kw_only: bool = False
) -> Any:
    """A field for one size per axis: kernel, stride, dilation. A single value is meant for all axes."""
    return _spec("sizes", doc, default, kw_only, letter=letter, aliases=aliases, least=least, most=most)


def padding(
    doc: str,
    *aliases: str,
    options: tuple[str, ...] = (VALID, SAME, SAME_LOWER),
    required: bool = False,
    kw_only: bool = False,
) -> Any:
    """A field for padding: amounts, or one of the modes in ``options``."""
    usual = REQUIRED if required else Padding()
    return _spec("padding", doc, usual, kw_only, letter="P", aliases=aliases, least=0, options=options)


def flag(doc: str, *aliases: str, default: bool | None, kw_only: bool = True) -> Any:
    """A field for yes or no."""
    return _spec("flag", doc, default, kw_only, aliases=aliases)


def choice(
    doc: str,
    *options: str,
    default: Any = REQUIRED,
    aliases: tuple[str, ...] = (),
    same: tuple[tuple[str, str], ...] = (),
    kw_only: bool = True,
) -> Any:
    """A field for one of a few words; ``same`` lists (other word, option) pairs."""
    return _spec("choice", doc, default, kw_only, options=options, aliases=aliases, same=same)


def number(
    doc: str, *aliases: str, default: Any = None, kw_only: bool = True, within: tuple[int, int] | None = None
) -> Any:
    """A field for a rate or coefficient, kept as text because no size depends on it; ``within`` gives inclusive
    bounds.
    """
    return _spec("number", doc, default, kw_only, aliases=aliases, within=within)


def words(doc: str, *aliases: str, default: Any = None, kw_only: bool = True) -> Any:
    """A field for a name or another text."""
    return _spec("words", doc, default, kw_only, aliases=aliases)


def specs(layer: Any) -> tuple[FieldSpec, ...]:
    """The fields of a layer class, in the order of declaration."""
    result = []
    for item in fields(layer):
        spec: FieldSpec | None = item.metadata.get("spec")
        if spec is not None:
            result.append(FieldSpec(**{**spec.__dict__, "name": item.name}))
    return tuple(result)


# ---- reading values: numbers, text, SymPy expressions and tuples
# -------------------------------------------------------


def _term(spec: FieldSpec, value: Any) -> Term:
    if isinstance(value, bool | float):
        raise LayerError(f"{spec.name} must be an integer or a symbol, got {value!r}")
    if isinstance(value, int):
        value = integer(value)
    elif isinstance(value, str):
        value = as_printed(parse_expression(value, default_symbol))
    elif not isinstance(value, Term):
        value = _from_sympy(spec, value)
    if value.constant is not None and value.constant < spec.least:
        raise LayerError(f"{spec.name} must be at least {spec.least}, got {value.constant}")
    return value  # type: ignore[no-any-return]


def _from_sympy(spec: FieldSpec, value: Any) -> Term:
    if not (hasattr(value, "free_symbols") or hasattr(value, "_sympy_") or hasattr(value, "__index__")):
        raise LayerError(f"{spec.name} must be an integer or a symbol, got {value!r:.60}")
    from symnet.terms.sympy_letters import read_expression

    try:
        return read_expression(value)
    except SymnetError as error:
        raise LayerError(f"{spec.name} must be an integer or a symbol: {error}") from None


def _sizes(spec: FieldSpec, value: Any) -> Sizes:
    if isinstance(value, tuple | list):
        if not 1 <= len(value) <= spec.most:
            raise LayerError(f"{spec.name} takes one size, or one an axis (at most {spec.most}), got {len(value)}")
        return tuple(_term(spec, item) for item in value)
    return (_term(spec, value),)


#: The padding modes.
MODES = (VALID, SAME, SAME_LOWER, CAUSAL)


def mode_of(word: str) -> str | None:
    """The padding mode named ``word``, or ``None`` if it is none. Raises :class:`LayerError` for a misspelled mode.

    >>> mode_of("SAME-lower"), mode_of("P")
    ('same_lower', None)
    >>> mode_of("smae")
    Traceback (most recent call last):
    symnet.errors.LayerError: unknown padding 'smae'; did you mean 'same'?
    """
    mode = word.lower().replace("-", "_")
    if mode in MODES:
        return mode
    if len(word) > 3 and word.isalpha() and (near := get_close_matches(mode, MODES, n=1, cutoff=0.7)):
        raise LayerError(f"unknown padding {word!r}; did you mean {near[0]!r}?")
    return None


def _padding(spec: FieldSpec, value: Any) -> Padding:
    if isinstance(value, str) and (mode := mode_of(value)):
        value = Padding(mode)
    if isinstance(value, Padding):
        if value.mode != EXPLICIT and value.mode not in spec.options:
            raise LayerError(
                f"padding {value.mode!r} does not exist here; use {' or '.join(('a number', *spec.options))}"
            )
        return Padding(value.mode, tuple((_term(spec, one), _term(spec, two)) for one, two in value.pairs))
    if isinstance(value, tuple | list):
        pairs = [item if isinstance(item, tuple | list) else (item, item) for item in value]
        if not 1 <= len(pairs) <= 3 or any(len(pair) != 2 for pair in pairs):
            raise LayerError(f"padding takes a number an axis or (before, after) pairs, got {len(pairs)} of them")
        return Padding(EXPLICIT, tuple((_term(spec, one), _term(spec, two)) for one, two in pairs))
    one = _term(spec, value)
    return Padding(EXPLICIT, ((one, one),))


_TRUE, _FALSE = ("yes", "true", "on", "1"), ("no", "false", "off", "0")


def _flag(spec: FieldSpec, value: Any) -> bool:
    if isinstance(value, bool):
        return value
    word = str(value).lower()
    if word in _TRUE or word in _FALSE:
        return word in _TRUE
    raise LayerError(f"{spec.name} must be yes or no, got {value!r}{_near(word, (*_TRUE[:3], *_FALSE[:3]))}")


def _near(word: str, options: tuple[str, ...]) -> str:
    """A "did you mean" hint if the word resembles an option, else ""."""
    near = get_close_matches(word, options, n=1, cutoff=0.7)
    return f"; did you mean {near[0]!r}?" if near else ""


def _choice(spec: FieldSpec, value: Any) -> str | None:
    if value is None and spec.default is None:
        return None
    word = str(value).lower()
    word = dict(spec.same).get(word, word)
    if word not in spec.options:
        raise LayerError(
            f"{spec.name} must be one of {', '.join(spec.options)}, got {value!r}{_near(word, spec.options)}"
        )
    return word


def _number(spec: FieldSpec, value: Any) -> str | None:
    if value is None:
        return None
    try:
        digits = str(value)
    except ValueError:  # Python refuses to print an integer of several thousand digits
        raise LayerError(f"{spec.name} is out of reach: it has thousands of digits") from None
    amount = rational(digits, spec.name)
    if spec.within is not None and not spec.within[0] <= amount <= spec.within[1]:
        raise LayerError(f"{spec.name} must be from {spec.within[0]} to {spec.within[1]}, got {shortened(digits)}")
    return digits


def _words(spec: FieldSpec, value: Any) -> str | None:
    return None if value is None else str(value)


_COERCE: dict[str, Callable[[FieldSpec, Any], Any]] = {
    "count": _term,
    "sizes": _sizes,
    "padding": _padding,
    "flag": _flag,
    "choice": _choice,
    "number": _number,
    "words": _words,
}


_TERMS: dict[str, Callable[[Any], tuple[Term, ...]]] = {
    "count": lambda value: (value,),
    "sizes": lambda value: value,
    "padding": lambda value: tuple(amount for pair in value.pairs for amount in pair),
}


# ---- writing values in notation
# -----------------------------------------------------------------------------------------


def _show_term(term: Term) -> str:
    plain = text(term)
    return plain if plain.isdigit() or (is_one_size(plain) and plain.lower() not in MODES) else f"({plain})"


def _show_amount(term: Term) -> str:
    plain = _show_term(term)
    try:
        taken = mode_of(plain) is not None
    except LayerError:
        taken = True
    return f"({plain})" if taken else plain  # in parentheses, because a symbol with this name would be read as a mode


def _show_words(value: str) -> str:
    return json.dumps(value, ensure_ascii=not value.isprintable())


def _show_padding(value: Padding) -> str:
    if value.mode != EXPLICIT:
        return value.mode
    if all(one is two for one, two in value.pairs):
        return "*".join(_show_amount(one) for one, _ in value.pairs)
    pairs = [f"({text(one)}, {text(two)})" for one, two in value.pairs]
    return "*".join(pairs)


_SHOW: dict[str, Callable[[Any], str]] = {
    "count": _show_term,
    "sizes": lambda value: "*".join(map(_show_term, value)),
    "padding": _show_padding,
    "flag": lambda value: "yes" if value else "no",
    "choice": str,
    "number": str,
    "words": _show_words,
}
