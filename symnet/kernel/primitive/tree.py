"""The rule that gives all solutions of a question: it checks a certificate (:mod:`symnet.kernel.certificate`), and searches
for nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import reduce
from math import gcd, prod

from symnet.errors import KernelError
from symnet.kernel.certificate import At, Certificate, Each, Mod, No, Only, Piece, Run, Yes, parts_of
from symnet.kernel.polynomials import ONE, ZERO, Coefficients, NoForm, Quotient, add, number, scale, shown_nonnegative
from symnet.kernel.primitive.bounds import box_of
from symnet.kernel.sealed import Derived
from symnet.kernel.theorem import Theorem, rule
from symnet.kernel.verdicts import by_intervals, unfolded, verdict
from symnet.printing.text import text
from symnet.terms import term as terms
from symnet.terms.integer_sets import Members, dealt_by_remainder, meeting, progression
from symnet.terms.intervals import Interval, narrower
from symnet.terms.node import Node, children_first
from symnet.terms.propositions import And, Divides, Eq, Iff, In, Lt, Or, Proposition
from symnet.terms.term import Int, Symbol, symbols_of

__all__ = ["Refused", "tree"]


class Refused(KernelError):
    """A certificate does not show what is claimed."""


#: More pieces and values than this are not looked at: some seconds of work.
LIMIT = 500_000

Point = tuple[int, ...]
#: What an answer has of the last unknown, by the values of the others.
_Rows = dict[Point, Members]
#: So many numbers stand first in a node; the number of a condition is looked at where the condition is.
_NUMBERS: dict[type, int] = {Yes: 0, No: 0, At: 1, Mod: 1, Only: 3, Each: 0}
#: A certificate is to show the piece of the next unknown at the point.
_Task = tuple[Certificate, Point, Piece, Members]


@rule
def tree(
    proposition: Proposition,
    unknowns: tuple[Symbol, ...],
    bounds: tuple[Theorem, ...],
    answer: Proposition,
    certificate: Certificate,
) -> Derived:
    """All solutions, by a certificate. The bounds may rest on the proposition itself: without it both sides are false.

    Γᵢ, p ⊢ lᵢ ≤ xᵢ     Δᵢ, p ⊢ xᵢ ≤ hᵢ
    ───────────────────────────────────────────────────────  the tree shows it piece by piece within the bounds
    Γ, Δ ⊢ p ⇔ x ∈ {…}    or    p ⇔ ⋁ (x₁ = v₁ ∧ … ∧ xₙ ∈ {…})
    """
    if not unknowns or len(set(unknowns)) != len(unknowns):
        raise KernelError("tree: name each unknown once")
    for symbol in symbols_of(proposition):
        if symbol not in unknowns:
            raise KernelError(f"tree: {symbol.name} is neither an unknown nor a number")
    box = box_of(bounds, "tree")
    ranges = [box.get(symbol, (symbol.least, None)) for symbol in unknowns]
    rows = _rows(answer, unknowns)
    within = progression(0, 1, *ranges[-1])
    if any(meeting(members, within) != members for members in rows.values()):
        raise KernelError(f"tree: {text(answer)} goes past the bounds of {unknowns[-1].name}")
    _Check(proposition, unknowns, ranges, rows).run(certificate)
    inherited = frozenset[Proposition]().union(*(theorem.hypotheses for theorem in bounds))
    return Derived(Iff(proposition, answer), inherited - {proposition})


def _rows(answer: Proposition, unknowns: tuple[Symbol, ...]) -> _Rows:
    """What an answer says of the last unknown, by the values of the others."""
    rows: _Rows = {}
    for row in (answer,) if len(unknowns) == 1 else answer.args if type(answer) is Or else (answer,):
        *equations, last = row.args if type(row) is And and len(unknowns) > 1 else (row,)
        if not (type(last) is In and last.args[0] is unknowns[-1] and len(equations) == len(unknowns) - 1):
            raise KernelError(f"tree: {text(row)} does not say where the unknowns are")
        point = []
        for equation, symbol in zip(equations, unknowns, strict=False):
            if not (type(equation) is Eq and equation.args[0] is symbol and type(equation.args[1]) is Int):
                raise KernelError(f"tree: {text(equation)} does not say what {symbol.name} is")
            point.append(equation.args[1].args[0])
        if tuple(point) in rows:
            raise KernelError(f"tree: {text(row)} is not the only row for these values")
        rows[tuple(point)] = last.args[1].parts
    return rows


class _Check:
    """One certificate, walked through piece by piece. The first few unknowns have the values ``point``, the next one runs through
    ``piece``, and of the others no more is known than their ranges.
    """

    def __init__(self, asked: Proposition, unknowns: tuple[Symbol, ...], ranges: list[Interval], rows: _Rows) -> None:
        self.parts = [unfolded(part) for part in parts_of(asked)]
        self.unknowns, self.ranges, self.rows = unknowns, ranges, rows
        self.left = LIMIT
        self.point: Point = ()
        self.piece = Piece(1, 0, *ranges[0])
        self.level: dict[Node, int] = {symbol: level for level, symbol in enumerate(unknowns)}
        for node in children_first(*self.parts):  # the innermost unknown that stands in it; -1 where there is none
            if node not in self.level:
                self.level[node] = max((self.level[child] for child in node.children), default=-1)
        self.known: list[dict[Node, Quotient]] = [{} for _ in (*unknowns, None)]  # by level; the last is level -1

    def run(self, certificate: Certificate) -> None:
        """Refuse the certificate unless it shows each piece."""
        empty = any(low is not None and high is not None and low > high for low, high in self.ranges)
        stack = [] if empty else [self._fixed(certificate, ())]
        while stack:
            node, point, piece, members = stack.pop()
            kind = type(node)
            # These very integers: a subclass could compare otherwise.
            if kind in _NUMBERS and not all(type(number) is int for number in node[: _NUMBERS[kind]]):
                raise KernelError("tree: a certificate counts with integers")
            self._spend(1)
            self._enter(point, piece)
            if kind is Yes or kind is No:
                self._claimed(node, piece, members)
                self._shown(node)
            elif kind is Each:
                for first, last, inner in _runs(node, piece):
                    self._spend(last - first + 1)
                    if len(point) < len(self.unknowns) - 1:
                        values = [piece.modulus * t + piece.residue for t in range(last, first - 1, -1)]
                        stack += [self._fixed(inner, (*point, value)) for value in values]
                        continue
                    run = piece._replace(low=first, high=last)
                    self._claimed(inner, run, meeting(members, run.members()))
                    for t in range(first, last + 1):
                        self._enter(point, piece._replace(low=t, high=t))
                        self._shown(inner)
            else:
                smaller = list(self._split(node, piece, members))
                whole = smaller[0][1].modulus if kind is Mod else 1
                dealt = dealt_by_remainder(members, whole)
                for inner, part in smaller:
                    if (span := part.members()) is not None:
                        near = (*dealt.get(None, ()), *dealt.get(part.residue % whole, ()))
                        stack.append((inner, point, part, meeting(near, span)))
        if any(self.rows.values()):
            raise KernelError("tree: the answer has rows that the certificate does not reach")

    def _fixed(self, node: Certificate, point: Point) -> _Task:
        """All values of the next unknown, where those before it have these values."""
        level = len(point)
        members = self.rows.pop(point, ()) if level == len(self.unknowns) - 1 else ()
        return node, point, Piece(1, 0, *self.ranges[level]), members

    def _split(self, node: Certificate, piece: Piece, members: Members) -> Iterator[tuple[Certificate, Piece]]:
        """Smaller pieces that together are the piece, but for what cannot solve the question."""
        if type(node) is At:
            place, below, above = node
            yield below, Piece(*piece[:2], *narrower(piece[2:], (None, place)))
            yield above, Piece(*piece[:2], *narrower(piece[2:], (place + 1, None)))
        elif type(node) is Mod:
            modulus, branches = node
            if type(branches) is not tuple or not 1 <= modulus == len(branches):
                raise KernelError("tree: a split by remainders has one branch for each")
            for j, branch in enumerate(branches):
                yield branch, piece.of_class(modulus, j)
        elif type(node) is Only:
            modulus, j, index, rest = node
            if not 0 <= j < modulus:
                raise KernelError(f"tree: {j} is no remainder modulo {modulus}")
            kept = piece.of_class(modulus, j)
            if meeting(members, kept.members()) != members or not self._only(self._part(index), modulus, j):
                raise KernelError(f"tree: it is not shown that only {j} modulo {modulus} is left of {self._here()}")
            yield rest, kept
        else:
            raise KernelError("tree: a certificate is made of its nodes")

    def _claimed(self, node: Certificate, piece: Piece, members: Members) -> None:
        """Whether the answer agrees with a verdict on a piece: it has all of it or nothing."""
        if not (piece.members() in members if type(node) is Yes else type(node) is No and not members):
            raise KernelError(f"tree: the answer says otherwise of {self._here()} than the certificate")

    def _shown(self, node: Certificate) -> None:
        """Check a verdict on the piece at hand."""
        asked, wanted = (self.parts, True) if type(node) is Yes else ((self._part(node[0]),), False)  # type: ignore[misc]
        for part in asked:
            if verdict(part, self._compared) is not wanted:
                raise Refused(f"tree: {text(part)} is not {'true' if wanted else 'false'} on all of {self._here()}")

    def _compared(self, proposition: Proposition) -> bool | None:
        """A comparison, by arithmetic on the piece; where that does not tell, by the ends between which the letters lie."""
        try:
            shown = self._on_the_piece(proposition)
        except NoForm:
            shown = None
        if shown is not None:
            return shown
        box: dict[Node, Interval] = dict(zip(self.unknowns, self.ranges, strict=True))
        box.update((symbol, (value, value)) for symbol, value in zip(self.unknowns, self.point, strict=False))
        modulus, residue, *ends = self.piece
        low, high = [None if end is None else modulus * end + residue for end in ends]
        box[self.unknowns[len(self.point)]] = low, high
        return by_intervals(proposition, box)

    def _on_the_piece(self, proposition: Proposition) -> bool | None:
        kind = type(proposition)
        if kind is Divides:
            divisor, p = self._divisibility(proposition)
            if divisor == 0:
                return self._zero(p, 1)
            shared = gcd(divisor, *p[1:])
            return False if p[0] % shared else True if shared == divisor else None
        left, right = [self.value(term) for term in proposition.args]
        p, m = right - left
        return self._zero(p, m) if kind is Eq else self._nonnegative(add(p, (-m,)) if kind is Lt else p)

    def _zero(self, p: Coefficients, m: int) -> bool | None:
        """Whether ⌊p/m⌋ is 0: neither p nor m − 1 − p is negative."""
        shown = [self._nonnegative(p), self._nonnegative(add(scale(p, -1), (m - 1,)))]
        return False if False in shown else None if None in shown else True

    def _nonnegative(self, p: Coefficients) -> bool | None:
        return shown_nonnegative(p, self.piece.low, self.piece.high)

    def _divisibility(self, proposition: Proposition) -> tuple[int, Coefficients]:
        """Which number must divide which polynomial."""
        (divisor, *letters), _ = self.value(proposition.args[0])
        p, m = self.value(proposition.args[1])
        if letters or m != 1:
            raise NoForm
        return abs(divisor), p

    def _only(self, proposition: Proposition, modulus: int, j: int) -> bool:
        """Whether it fails at every t of the piece but, maybe, t = modulus·t′ + j."""
        kind = type(proposition)
        if verdict(proposition, self._compared) is False:
            return True
        if kind is And or kind is Or:
            return (all if kind is Or else any)(self._only(part, modulus, j) for part in proposition.args)
        try:
            divisor, p = self._divisibility(proposition) if kind is Divides else (0, ZERO.p)
        except NoForm:
            return False
        if divisor == 0 or any(a % divisor for a in p[2:]):
            return False
        constant, slope, *_ = (*p, 0)
        shared = gcd(divisor, slope)
        period = divisor // shared  # it divides where slope·t ≡ −constant, and there is such a t
        residue = -(constant // shared) * pow(slope // shared, -1, period)
        return period % modulus == 0 and (residue - j) % modulus == 0

    def value(self, term: Node) -> Quotient:
        """What a term comes to on the piece."""
        known, level, stack = self.known, self.level, [term]
        while stack:
            node = stack.pop()
            if waiting := [child for child in node.children if child not in known[level.get(child, -1)]]:
                stack += (node, *waiting)
            elif node not in (here := known[level.get(node, -1)]):
                here[node] = self._of(node, [known[level.get(child, -1)][child] for child in node.children])
        return known[level.get(term, -1)][term]

    def _of(self, node: Node, values: list[Quotient]) -> Quotient:
        """A node from the values of its children."""
        kind = type(node)
        constant: int | None = node.constant  # type: ignore[attr-defined]
        if constant is not None:
            return number(constant)
        if kind is Symbol:
            level, (modulus, residue, low, high) = self.level[node], self.piece
            if level < len(self.point):
                return number(self.point[level])
            if level > len(self.point):
                raise NoForm
            single = low is not None and low == high
            return number(modulus * low + residue) if single else Quotient((residue, modulus), 1)  # type: ignore[operator]
        if kind is terms.Sum:
            return sum(values, ZERO)
        if kind is terms.Product:
            return prod(sorted(values, key=lambda value: value.m), start=ONE)  # 0 and 1 times a quotient
        if kind is terms.Power:
            return prod(values * node.args[1], start=ONE)
        if kind is terms.FloorDiv:
            return values[0] // values[1]
        if kind is terms.CeilDiv:
            return -(-values[0] // values[1])
        if kind is terms.Mod:
            return values[0] - values[1] * (values[0] // values[1])
        if kind is terms.Windows:
            length, kernel, dilation, stride = values
            spare = length - (dilation * (kernel - ONE) + ONE)
            if not all(self._at_most(ONE, value) for value in values[1:]):
                raise NoForm
            return spare // stride + ONE if self._at_most(ZERO, spare) else ZERO
        if kind is terms.Entries:
            return prod(values, start=ONE) if all(self._at_most(ZERO, value) for value in values) else ZERO
        return reduce(lambda one, two: two if self._at_most(one, two) is (kind is terms.Max) else one, values)

    def _at_most(self, left: Quotient, right: Quotient) -> bool:
        shown = self._nonnegative((right - left).p)
        if shown is None:
            raise NoForm
        return shown

    def _enter(self, point: Point, piece: Piece) -> None:
        """Go to a piece: what was worked out with values that change is forgotten."""
        level = 0
        while level < min(len(point), len(self.point)) and point[level] == self.point[level]:
            level += 1
        self.known[level:-1] = [{} for _ in self.known[level:-1]]
        self.point, self.piece = point, piece

    def _part(self, index: object) -> Proposition:
        if type(index) is not int or not 0 <= index < len(self.parts):
            raise KernelError("tree: the certificate names a condition that is not there")
        return self.parts[index]

    def _spend(self, amount: int) -> None:
        self.left -= amount
        if self.left < 0:
            raise KernelError(f"tree: more than {LIMIT:,} pieces are out of reach")

    def _here(self) -> str:
        fixed = [f"{symbol.name} = {value}" for symbol, value in zip(self.unknowns, self.point, strict=False)]
        modulus, residue, low, high = self.piece
        return ", ".join([*fixed, f"{self.unknowns[len(fixed)].name} = {modulus}t + {residue}, {low} ≤ t ≤ {high}"])


def _runs(node: Certificate, piece: Piece) -> tuple[Run, ...]:
    """The runs, which must follow each other from end to end of a finite piece."""
    (runs,) = node  # type: ignore[misc]
    following, end = piece.low, piece.high
    if type(runs) is not tuple or following is None or end is None:
        raise KernelError("tree: only finitely many values are tried, one by one")
    for run in runs:
        if type(run) is not Run or not type(run.first) is type(run.last) is int:
            raise KernelError("tree: values are tried in runs of integers")
        following = run.last + 1 if run.first == following <= run.last else end + 2
    if following != end + 1:
        raise KernelError("tree: runs of values follow each other from end to end")
    return runs
