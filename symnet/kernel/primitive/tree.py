"""The rule that gives all solutions of a question: it checks a certificate (:mod:`symnet.kernel.certificate`), and searches
for nothing.
"""

from __future__ import annotations

from collections.abc import Iterator

from symnet.errors import KernelError
from symnet.kernel.certificate import At, Certificate, Each, Mod, No, Only, Run, Yes
from symnet.kernel.floored import Floor, Stuck, floored
from symnet.kernel.intervals import Interval, must_be_false, must_be_true
from symnet.kernel.pieces import Piece, common, ends, inside, refined
from symnet.kernel.polynomials import compose
from symnet.kernel.primitive.bounds import box_of
from symnet.kernel.sealed import Derived
from symnet.kernel.theorem import Theorem, rule
from symnet.kernel.values import Values, parts_of
from symnet.printing.text import text
from symnet.terms.integer_sets import Progression
from symnet.terms.node import Node, children_first
from symnet.terms.propositions import And, Eq, Iff, In, Or, Proposition
from symnet.terms.term import Int, Symbol, Term, symbols_of

__all__ = ["Refused", "tree"]


class Refused(KernelError):
    """A certificate does not show what is claimed."""


#: More pieces and values than this are not looked at: some seconds of work.
LIMIT = 500_000

Point = tuple[int, ...]
Members = tuple[Progression, ...]
#: A certificate is to show the piece of the next unknown at the point; of what is claimed, that which meets the piece.
_Task = tuple[Certificate, Point, Piece, Members, "_Known | None"]
#: Values of terms on a piece.
_Known = tuple[Piece, dict[Node, Floor]]


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
    low, high = ranges[-1]
    for members in rows.values():
        for part in members:
            above = low is None or (part.minimum is not None and low <= part.minimum)
            below = high is None or (part.maximum is not None and part.maximum <= high)
            if not (above and below):
                raise KernelError(f"tree: {text(answer)} goes past the bounds of {unknowns[-1].name}")
    _Check(parts_of(proposition), unknowns, ranges, rows).run(certificate)
    inherited = frozenset[Proposition]().union(*(theorem.hypotheses for theorem in bounds))
    return Derived(Iff(proposition, answer), inherited - {proposition})


def _rows(answer: Proposition, unknowns: tuple[Symbol, ...]) -> dict[Point, Members]:
    """What an answer says of the last unknown, by the values of the others."""
    rows: dict[Point, Members] = {}
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


class _Check(Values):
    """One certificate, walked through piece by piece. The first few unknowns have the values ``point``, the next one runs through
    ``piece``, and of the others no more is known than their ranges.
    """

    def __init__(
        self,
        parts: tuple[Proposition, ...],
        unknowns: tuple[Symbol, ...],
        ranges: list[Interval],
        rows: dict[Point, Members],
    ) -> None:
        self.parts, self.unknowns, self.ranges, self.rows = parts, unknowns, ranges, rows
        self.left = LIMIT
        self.point: Point = ()
        self.piece = Piece(1, 0, *ranges[0])
        self.around: _Known | None = None
        self.level: dict[Node, int] = {symbol: level for level, symbol in enumerate(unknowns)}
        for node in children_first(*parts):  # the innermost unknown that stands in it; -1 where there is none
            if node not in self.level:
                self.level[node] = max((self.level[child] for child in node.children), default=-1)
        self.known: list[dict[Node, Floor]] = [{} for _ in (*unknowns, None)]  # by level; the last one is level -1

    def run(self, certificate: Certificate) -> None:
        """Refuse the certificate unless it shows each piece."""
        if any(low is not None and high is not None and low > high for low, high in self.ranges):
            certificate, self.ranges = Yes(), [(1, 0)]  # there is nothing to show
        stack = self._fixed(certificate, ())
        while stack:
            node, point, piece, members, around = stack.pop()
            self._spend(1)
            self._enter(point, piece, around)
            kind = type(node)
            if kind is Yes or kind is No:
                self._claimed(node, piece, members)
                self._shown(node)
            elif kind is Each:
                for first, last, inner in _runs(node, piece):
                    self._spend(last - first + 1)
                    run = piece._replace(low=first, high=last)
                    if len(point) < len(self.unknowns) - 1:
                        for t in range(last, first - 1, -1):
                            stack += self._fixed(inner, (*point, piece.modulus * t + piece.residue))
                        continue
                    self._claimed(inner, run, _in_piece(members, run))
                    for t in range(first, last + 1):
                        self._enter(point, piece._replace(low=t, high=t), around)
                        self._shown(inner)
            else:
                near = _Dealt(members, piece, node[0]) if type(node) is Mod else None
                for inner, smaller in self._split(node, piece, members):
                    if smaller is not None and not _empty(smaller):
                        here = self.known[len(point)]
                        nearest = (piece, here) if here else around
                        claimed = _in_piece(members if near is None else near.to(smaller), smaller)
                        stack.append((inner, point, smaller, claimed, nearest))
        if self.rows:
            raise KernelError("tree: the answer has rows that the certificate does not reach")

    def _fixed(self, node: Certificate, point: Point) -> list[_Task]:
        """All values of the next unknown, where those before it have these values."""
        level = len(point)
        members = self.rows.pop(point, ()) if level == len(self.unknowns) - 1 else ()
        piece = Piece(1, 0, *self.ranges[level])
        return [] if _empty(piece) else [(node, point, piece, members, None)]

    def _split(self, node: Certificate, piece: Piece, members: Members) -> Iterator[tuple[Certificate, Piece | None]]:
        """Smaller pieces that together are the piece, but for what cannot solve the question."""
        if type(node) is At:
            place, below, above = node
            _integers(place)
            yield below, piece._replace(high=place if piece.high is None else min(place, piece.high))
            yield above, piece._replace(low=place + 1 if piece.low is None else max(place + 1, piece.low))
        elif type(node) is Mod:
            modulus, branches = node
            _integers(modulus)
            if type(branches) is not tuple or not 1 <= modulus == len(branches):
                raise KernelError("tree: a split by remainders has one branch for each")
            for j, branch in enumerate(branches):
                yield branch, refined(piece, modulus, j)
        elif type(node) is Only:
            modulus, j, index, rest = node
            _integers(modulus, j)
            if not 0 <= j < modulus:
                raise KernelError(f"tree: {j} is no remainder modulo {modulus}")
            kept = piece.residue + piece.modulus * j, piece.modulus * modulus, None, None
            claimed = [met for part in members if (met := common(piece, part)) is not None]
            if not all(inside(met, *kept) for met in claimed) or not self._only(self._part(index), modulus, j):
                raise KernelError(f"tree: it is not shown that only {j} modulo {modulus} is left of {self._here()}")
            yield rest, refined(piece, modulus, j)
        else:
            raise KernelError("tree: a certificate is made of its nodes")

    def _claimed(self, node: Certificate, piece: Piece, members: Members) -> None:
        """Whether the answer agrees with a verdict on a piece: it has all of it or nothing."""
        covered = any(inside(piece, *part) for part in members)
        if not (covered if type(node) is Yes else type(node) is No and not members):
            raise KernelError(f"tree: the answer says otherwise of {self._here()} than the certificate")

    def _shown(self, node: Certificate) -> None:
        """Check a verdict on the piece at hand."""
        asked, wanted = (self.parts, True) if type(node) is Yes else ((self._part(node[0]),), False)  # type: ignore[misc]
        for part in asked:
            if self._verdict(part) is not wanted:
                raise Refused(f"tree: {text(part)} is not {'true' if wanted else 'false'} on all of {self._here()}")

    def _verdict(self, part: Proposition) -> bool | None:
        """Whether a condition holds on all of the piece, or nowhere; ``None`` where neither is plain."""
        try:
            return self.holds(part, self.piece)
        except Stuck:
            return None

    def holds(self, proposition: Proposition, piece: Piece) -> bool:
        """By arithmetic on the piece; a comparison where that is stuck, by the ends between which its letters lie."""
        try:
            return super().holds(proposition, piece)
        except Stuck:
            if type(proposition) in (And, Or, In):
                raise
            box: dict[Node, Interval] = dict(zip(self.unknowns, self.ranges, strict=True))
            box.update((symbol, (value, value)) for symbol, value in zip(self.unknowns, self.point, strict=False))
            box[self.unknowns[len(self.point)]] = ends(self.piece)
            if must_be_false(proposition, box):
                return False
            if must_be_true(proposition, box):
                return True
            raise

    def _only(self, part: Proposition, modulus: int, j: int) -> bool:
        try:
            return self.only(part, self.piece, modulus, j)
        except Stuck:
            return False

    def value(self, term: Term, piece: Piece) -> Floor:
        """A term; one with an unknown of which only the range is known has none."""
        if term.constant is not None:
            return Floor((term.constant,), 1)
        if self.level[term] > len(self.point):
            raise Stuck
        found = self.known[self.level[term]].get(term) or self._recalled(term)
        stack: list[Node] = [] if found else [term]
        while stack:
            node = stack[-1]
            values: list[Floor] = []
            for child in node.children:
                constant: int | None = child.constant  # type: ignore[attr-defined]
                if constant is not None:
                    values.append(Floor((constant,), 1))
                    continue
                known = self.known[self.level[child]].get(child) or self._recalled(child)
                if known is None:
                    stack.append(child)
                else:
                    values.append(known)
            if stack[-1] is node:
                stack.pop()
                found = self._unknown(node) if type(node) is Symbol else self.node(node, values, piece)
                self.known[self.level[node]][node] = found
        return found  # type: ignore[return-value]

    def _recalled(self, node: Node) -> Floor | None:
        """What is known of a node on the piece around this one holds here too, in this piece's t."""
        if self.around is None or self.level[node] != len(self.point):
            return None
        where, known = self.around
        found = known.get(node)
        if found is None:
            return None
        modulus, residue, low, high = self.piece
        start, factor = (residue - where.residue) // where.modulus, modulus // where.modulus
        inner = (start + factor * low,) if low is not None and low == high else (start, factor)
        found = self.known[len(self.point)][node] = floored(compose(found.p, inner), found.m)
        return found

    def _unknown(self, symbol: Symbol) -> Floor:
        level = self.level[symbol]
        if level < len(self.point):
            return Floor((self.point[level],), 1)
        modulus, residue, low, high = self.piece
        return Floor((modulus * low + residue,) if low is not None and low == high else (residue, modulus), 1)

    def _enter(self, point: Point, piece: Piece, around: _Known | None) -> None:
        """Go to a piece: what was worked out with values that change is forgotten."""
        level, common = 0, min(len(point), len(self.point))
        while level < common and point[level] == self.point[level]:
            level += 1
        self.known[level:-1] = [{} for _ in self.known[level:-1]]
        self.point, self.piece, self.around = point, piece, around

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


class _Dealt:
    """Claimed progressions by the only branch of a split by remainders that they can meet; some may meet any."""

    def __init__(self, members: Members, piece: Piece, modulus: object) -> None:
        self.any: list[Progression] = []
        self.by_residue: dict[int, list[Progression]] = {}
        self.whole = whole = piece.modulus * modulus if type(modulus) is int and modulus > 0 else 1
        for part in members:
            if part.minimum is not None and part.minimum == part.maximum:
                self.by_residue.setdefault(part.minimum % whole, []).append(part)
            elif part.modulus % whole == 0:
                self.by_residue.setdefault(part.residue % whole, []).append(part)
            else:
                self.any.append(part)

    def to(self, branch: Piece) -> Members:
        """Those that may meet a branch."""
        return (*self.any, *self.by_residue.get(branch.residue % self.whole, ()))


def _empty(piece: Piece) -> bool:
    return piece.low is not None and piece.high is not None and piece.low > piece.high


def _in_piece(members: Members, piece: Piece) -> Members:
    """Those of the claimed progressions that have a member in the piece."""
    return tuple([part for part in members if common(piece, part) is not None])


def _integers(*numbers: object) -> None:
    """These very integers: a subclass could compare otherwise."""
    if not all(type(number) is int for number in numbers):
        raise KernelError("tree: a certificate counts with integers")


def _runs(node: Certificate, piece: Piece) -> Iterator[Run]:
    """The runs, which must follow each other from end to end of a finite piece."""
    (runs,) = node  # type: ignore[misc]
    following, end = piece.low, piece.high
    if type(runs) is not tuple or following is None or end is None:
        raise KernelError("tree: only finitely many values are tried, one by one")
    for run in runs:
        if type(run) is not Run:
            raise KernelError("tree: values are tried in runs")
        first, last, _ = run
        _integers(first, last)
        if not first == following <= last <= end:
            raise KernelError("tree: runs of values follow each other from end to end")
        following = last + 1
        yield run
    if following != end + 1:
        raise KernelError("tree: runs of values follow each other from end to end")
