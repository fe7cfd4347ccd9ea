"""Real expressions and statements as LaTeX and as Unicode text, in textbook form.

Both are one traversal with a :class:`Style`. ``names`` maps an expression to another one that names it, such as ``σ``
for ``1/(1 + exp(−z))``; ``sizes`` does so for the sizes of the place where the formula is shown. An index under Σ
counts from 0, so ``Σ_{j<N}`` has N terms. Different objects are never printed alike: see
:mod:`symnet.kernel.real.letters`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import NamedTuple

from symnet.errors import TermError
from symnet.kernel.real import expressions as r
from symnet.kernel.real import statements as s
from symnet.kernel.real.letters import primes
from symnet.printing import latex as integer_latex
from symnet.printing import text as integer_text
from symnet.printing.names import GREEK, split_name
from symnet.terms.term import Symbol, Term

__all__ = ["Names", "Style", "latex", "unicode_text"]

#: Maps an expression to the expression that names it.
Names = Mapping[r.Node, r.Real]

SUM, FOLD, PRODUCT, POWER, ATOM = range(5)


class _Piece(NamedTuple):
    text: str
    level: int = ATOM


@dataclass(frozen=True)
class Style:
    """The differences between LaTeX and text."""

    integer: Callable[[Term, Mapping[Term, str]], str]
    variable: Callable[[str], str]
    prime: str
    words_taken: tuple[str, ...]
    minus: str
    dot: str
    number: Callable[[Fraction], _Piece]
    quotient: Callable[[_Piece, _Piece], _Piece]
    call: Callable[[str, str], _Piece]
    fold: Callable[[str, str, str], str]
    below: Callable[[str, str], str]
    above: Callable[[str, str], str]
    group: Callable[[str], str]
    relations: Mapping[type, str]
    partial: Callable[[str, bool, str], str]
    words: Callable[[str], str]


def latex(node: r.Node, names: Names | None = None, sizes: Mapping[Term, str] | None = None) -> str:
    r"""An expression or a statement as LaTeX, without dollar signs.

    >>> x, b = r.Variable("x"), r.Variable("beta")
    >>> print(latex(s.Equal(r.Exp(-x) / (1 + x), b)))
    \frac{e^{-x}}{1+x} = \beta
    """
    return _Writer(_LATEX, names or {}, sizes or {}, node).write(node).text


def unicode_text(node: r.Node, names: Names | None = None, sizes: Mapping[Term, str] | None = None) -> str:
    """An expression or a statement as text.

    >>> i, N = Symbol("i", 0), Symbol("N")
    >>> unicode_text(r.Total(i, N, 2 * r.Entry("x", i)))
    'Σ_{i<N} 2·x_i'
    """
    return _Writer(_TEXT, names or {}, sizes or {}, node).write(node).text


class _Writer:
    def __init__(self, style: Style, names: Names, sizes: Mapping[Term, str], node: r.Node):
        self.style, self.names = style, names
        self.primes = primes((node, *names.values()), style.words_taken)
        primed: dict[Term, str] = {
            symbol: self.lettered(symbol.name, marks)
            for symbol, marks in self.primes.items()
            if isinstance(symbol, Symbol) and marks
        }
        self.symbols: dict[Term, str] = {**primed, **sizes}

    def integer(self, term: Term) -> str:
        return self.style.integer(term, self.symbols)

    def lettered(self, name: str, marks: int) -> str:
        head, index = split_name(name)
        return self.below(head, index, marks) if marks else self.style.variable(name)

    def below(self, head: str, index: str, marks: int) -> str:
        letter = self.style.variable(head) + self.style.prime * marks
        return self.style.below(letter, index) if index else letter

    def write(self, node: r.Node) -> _Piece:
        if node in self.names:
            node = self.names[node]
        return _WRITE[type(node)](self, node)

    def within(self, node: r.Node, level: int) -> str:
        piece = self.write(node)
        return piece.text if piece.level >= level else self.style.group(piece.text)

    def indices(self, places: tuple[Term, ...]) -> str:
        return ",".join(map(self.tight, places))

    def tight(self, term: Term) -> str:
        written = self.integer(term)
        return written if self.style is _LATEX else written.replace(" ", "")  # in LaTeX a space may end a command


def _number(writer: _Writer, node: r.Node) -> _Piece:
    value = Fraction(*node.args)
    piece = writer.style.number(abs(value))
    return _Piece(writer.style.minus.strip() + piece.text, SUM) if value < 0 else piece


def _variable(writer: _Writer, node: r.Node) -> _Piece:
    return _Piece(writer.lettered(node.args[0], writer.primes.get(node, 0)))


def _entry(writer: _Writer, node: r.Node) -> _Piece:
    name, *places = node.args
    head, index = split_name(name)
    written = writer.indices(tuple(places))
    return _Piece(writer.below(head, f"{index},{written}" if index else written, writer.primes.get(name, 0)))


def _whole(writer: _Writer, node: r.Node) -> _Piece:
    term: Term = node.args[0]
    plain = isinstance(term, Symbol) or (term.constant is not None and term.constant >= 0)
    return _Piece(writer.integer(term), ATOM if plain else SUM)


def _delta(writer: _Writer, node: r.Node) -> _Piece:
    return _Piece(writer.below("delta", writer.indices(node.args), 0))


def _negated(node: r.Node) -> r.Real | None:
    """The expression without its leading minus sign."""
    if isinstance(node, r.Number) and node.value < 0:
        return r.Number(-node.value)
    if isinstance(node, r.Times) and node.args and isinstance(first := node.args[0], r.Number) and first.value < 0:
        rest = node.args[1:] if first.value == -1 and len(node.args) > 1 else (r.Number(-first.value), *node.args[1:])
        return rest[0] if len(rest) == 1 else r.Times(*rest)
    return None


def _plus(writer: _Writer, node: r.Node) -> _Piece:
    written = ""
    for part in node.args:
        positive = None if part in writer.names else _negated(part)
        sign = writer.style.minus if positive is not None else writer.style.minus.replace("−", "+").replace("-", "+")
        term = writer.within(part if positive is None else positive, FOLD)
        written += (sign if written else sign.strip() if positive is not None else "") + term
    signed = written.startswith(writer.style.minus.strip())
    return _Piece(written or "0", SUM if len(node.args) > 1 or signed else FOLD)


def _times(writer: _Writer, node: r.Node) -> _Piece:
    positive = _negated(node)
    if positive is not None:
        return _Piece(writer.style.minus.strip() + writer.within(positive, FOLD), SUM)
    factors = [writer.within(part, PRODUCT) for part in node.args[:-1]]
    factors += [writer.within(part, FOLD) for part in node.args[-1:]]
    written = factors[0] if factors else "1"
    for before, after in pairwise(factors):
        digits = after[:1].isdigit() or (before[-1:].isdigit() and after[:2] == "\\f")
        written += (r"\cdot " if digits and writer.style is _LATEX else writer.style.dot) + after
    ends_in_fold = bool(node.args) and writer.write(node.args[-1]).level == FOLD
    return _Piece(written, FOLD if ends_in_fold else PRODUCT)


def _quotient(writer: _Writer, node: r.Node) -> _Piece:
    return writer.style.quotient(writer.write(node.args[0]), writer.write(node.args[1]))


def _power(writer: _Writer, node: r.Node) -> _Piece:
    exponent = writer.tight(node.args[1])
    return _Piece(writer.style.above(writer.within(node.args[0], ATOM), exponent), POWER)


def _call(name: str) -> Callable[[_Writer, r.Node], _Piece]:
    return lambda writer, node: writer.style.call(name, ", ".join(writer.write(part).text for part in node.args))


def _fold(name: str) -> Callable[[_Writer, r.Node], _Piece]:
    def write(writer: _Writer, node: r.Node) -> _Piece:
        index, bound, body = node.args
        head = writer.style.fold(name, writer.integer(index), writer.tight(bound))
        return _Piece(head + writer.within(body, FOLD), FOLD)

    return write


def _relation(writer: _Writer, node: r.Node) -> _Piece:
    left, right = (writer.integer(part) if isinstance(part, Term) else writer.write(part).text for part in node.args)
    return _Piece(left + writer.style.relations[type(node)] + right)


def _nonzero(writer: _Writer, node: r.Node) -> _Piece:
    return _Piece(writer.write(node.args[0]).text + writer.style.relations[s.Nonzero] + "0")


def _derivative(writer: _Writer, node: r.Node) -> _Piece:
    function, at, result = node.args
    piece = writer.write(function)
    short = piece.level == ATOM and len(piece.text) < 6
    return _Piece(writer.style.partial(piece.text, short, writer.write(at).text) + " = " + writer.write(result).text)


def _for_all(writer: _Writer, node: r.Node) -> _Piece:
    index, inner = node.args
    return _Piece(writer.write(inner).text + writer.style.words(" for all ") + writer.integer(index))


_WRITE: dict[type[r.Node], Callable[[_Writer, r.Node], _Piece]] = {
    r.Number: _number, r.Variable: _variable, r.Entry: _entry, r.Whole: _whole, r.Delta: _delta, r.Plus: _plus,
    r.Times: _times, r.Quotient: _quotient, r.Power: _power, r.Exp: _call("exp"), r.Log: _call("log"),
    r.Sqrt: _call("sqrt"), r.Abs: _call("abs"), r.Sign: _call("sign"), r.Minimum: _call("min"), r.Maximum: _call("max"),
    r.Total: _fold("sum"), r.Smallest: _fold("min"), r.Largest: _fold("max"), s.Equal: _relation, s.Less: _relation,
    s.AtMost: _relation, s.Below: _relation, s.Nonzero: _nonzero, s.Derivative: _derivative, s.ForAll: _for_all,
}  # fmt: skip


# ---- LaTeX ------------------------------------------------------------------------------------------------------------


def _latex_group(inside: str) -> str:
    tall = r"\frac" in inside or r"\sum" in inside
    return rf"\left({inside}\right)" if tall else f"({inside})"


def _latex_call(name: str, inside: str) -> _Piece:
    if name == "exp":
        return _Piece(f"e^{{{inside}}}", POWER)
    if name == "sqrt":
        return _Piece(rf"\sqrt{{{inside}}}")
    if name == "abs":
        return _Piece(rf"\lvert {inside}\rvert")
    command = r"\mathrm{sign}" if name == "sign" else f"\\{name}"
    return _Piece(command + _latex_group(inside))


def _latex_number(value: Fraction) -> _Piece:
    if value.denominator == 1:
        return _Piece(str(value))
    return _Piece(rf"\frac{{{value.numerator}}}{{{value.denominator}}}", PRODUCT)


_LATEX = Style(
    integer=integer_latex.latex,
    variable=lambda name: integer_latex.latex(Symbol(name, None)),
    prime="'",
    words_taken=("e",),
    minus="-",
    dot=r"\,",
    number=_latex_number,
    quotient=lambda one, two: _Piece(rf"\frac{{{one.text}}}{{{two.text}}}", PRODUCT),
    call=_latex_call,
    fold=lambda name, index, bound: rf"\{name}_{{{index} \lt {bound}}} ",
    below=lambda name, places: f"{name}_{{{places}}}",
    above=lambda base, exponent: (
        f"{{{base}}}^{{{exponent}}}" if "^" in base or "_" in base else f"{base}^{{{exponent}}}"
    ),
    group=_latex_group,
    relations={s.Equal: " = ", s.Less: r" \lt ", s.AtMost: r" \le ", s.Below: r" \lt ", s.Nonzero: r" \ne "},
    partial=lambda f, short, x: (
        rf"\frac{{\partial {f}}}{{\partial {x}}}" if short else rf"\frac{{\partial}}{{\partial {x}}}{_latex_group(f)}"
    ),
    words=lambda words: rf"\text{{{words}}}",
)


# ---- text -------------------------------------------------------------------------------------------------------------


def _text_quotient(one: _Piece, two: _Piece) -> _Piece:
    above = one.text if one.level >= PRODUCT else f"({one.text})"
    return _Piece(f"{above}/{two.text if two.level >= POWER else f'({two.text})'}", PRODUCT)


def _text_call(name: str, inside: str) -> _Piece:
    if name == "abs":  # nested bars are ambiguous
        return _Piece(f"|{inside}|" if "|" not in inside else f"abs({inside})")
    if name == "sqrt":  # √x² would be read as the root of x²
        return _Piece("√" + (inside if inside.isalnum() else f"({inside})"), POWER)
    return _Piece(f"{name}({inside})")


def _indexed(mark: str) -> Callable[[str, str], str]:
    return lambda base, places: base + mark + (places if len(places) == 1 else f"{{{places}}}")


def _text_variable(name: str) -> str:
    head, index = split_name(name)
    return GREEK.get(head, head) + (f"_{index}" if index else "")


_TEXT = Style(
    integer=integer_text.unicode_text,
    variable=_text_variable,
    prime="′",
    words_taken=("exp", "log", "sqrt", "abs", "sign", "min", "max", "Σ"),
    minus=" − ",
    dot="·",
    number=lambda value: _Piece(str(value), ATOM if value.denominator == 1 else PRODUCT),
    quotient=_text_quotient,
    call=_text_call,
    fold=lambda name, index, bound: f"{'Σ' if name == 'sum' else name}_{{{index}<{bound}}} ",
    below=_indexed("_"),
    above=_indexed("^"),
    group=lambda inside: f"({inside})",
    relations={s.Equal: " = ", s.Less: " < ", s.AtMost: " ≤ ", s.Below: " < ", s.Nonzero: " ≠ "},
    partial=lambda f, short, x: f"∂{f}/∂{x}" if short else f"∂/∂{x} ({f})",
    words=lambda words: words,
)

if set(_WRITE) != {kind for kind in (*vars(r).values(), *vars(s).values()) if isinstance(kind, type)
                   and issubclass(kind, r.Node) and kind not in (r.Node, r.Real, r.Fold, s.Statement)
                   and not kind.__name__.startswith("_")}:  # fmt: skip
    raise TermError("a kind of expression has no way to be written")
