"""What random questions are answered, and how long that takes: ``python -m tests.benchmarks.decisions write FILE [COUNT]`` in one
checkout, ``… compare FILE`` in another one, which must answer every question that the first one answers, with the same set.

The questions are drawn from a seed, so both ask the same. One in four has two or three unknowns.
"""

from __future__ import annotations

import hashlib
import json
import random
import sys
from collections.abc import Iterator
from pathlib import Path
from time import perf_counter
from typing import Any

from symnet.errors import SymnetError
from symnet.kernel.theorem import Theorem
from symnet.search.cases import cases
from symnet.solving.bounds import find_bounds
from symnet.terms.integer_sets import IntegerSet
from symnet.terms.propositions import And, Congruent, Divides, Eq, In, Le, Lt, Or, Proposition
from symnet.terms.term import CeilDiv, Entries, FloorDiv, Max, Min, Mod, Power, Symbol, Term, Windows, integer

UNKNOWNS = (Symbol("W"), Symbol("F"), Symbol("S"), Symbol("P", 0), Symbol("y", None))


def number(chance: random.Random, low: int, high: int) -> Term:
    return integer(chance.randint(low, high))


def term(chance: random.Random, letters: list[Symbol], depth: int) -> Term:
    """A term of the letters, as layers and people write them."""
    if depth == 0 or chance.random() < 0.15:
        return chance.choice(letters) if chance.random() < 0.75 else number(chance, -9, 30)
    one = term(chance, letters, depth - 1)
    positive = [letter for letter in letters if letter.least == 1]
    divisor = chance.choice(positive) if positive and chance.random() < 0.15 else number(chance, 1, 7)
    kind = chance.randrange(13)
    if kind < 3:
        return (one + number(chance, -9, 9)) // divisor + chance.randint(-2, 2)
    if kind < 5:
        return Windows(one + 2 * number(chance, 0, 3), number(chance, 1, 7), number(chance, 1, 2), divisor)
    other = term(chance, letters, depth - 1)
    return {
        5: lambda: one + other,
        6: lambda: one - other,
        7: lambda: chance.randint(-4, 9) * one,
        8: lambda: one * other,
        9: lambda: chance.choice([Mod, CeilDiv, FloorDiv])(one, divisor),
        10: lambda: chance.choice([Min, Max])(one, other),
        11: lambda: Entries(one, other),
        12: lambda: Power(one, chance.choice([2, 2, 3])),
    }[kind]()


def condition(chance: random.Random, letters: list[Symbol]) -> Proposition:
    left, right = term(chance, letters, chance.randint(1, 4)), number(chance, -5, 60)
    kind = chance.randrange(9)
    if kind < 2:
        return Divides(number(chance, 1, 8), left)
    if kind == 2:
        return Congruent(left, number(chance, 0, 9), number(chance, 1, 9))
    if kind == 3:
        values = [chance.randint(-9, 60) for _ in range(chance.randint(1, 5))]
        return In(left, chance.choice([IntegerSet.of(*values), IntegerSet.residue_class(values[0], 5, 3)]))
    if chance.random() < 0.3:
        right = term(chance, letters, 2)
    return chance.choice([Eq, Le, Le, Lt])(*chance.choice([(left, right), (right, left)]))


def question(chance: random.Random) -> tuple[Proposition, tuple[Symbol, ...]]:
    letters = chance.sample(UNKNOWNS, 1 if chance.random() < 0.75 else chance.choice([2, 2, 3]))
    parts = [condition(chance, letters) for _ in range(chance.randint(1, 4))]
    if chance.random() < 0.2:
        parts.append(Or(*(condition(chance, letters) for _ in range(chance.randint(2, 3)))))
    if len(letters) > 1:
        parts += [Le(letter, number(chance, 3, 40)) for letter in letters]
        parts += [Le(integer(-10), letter) for letter in letters if letter.least is None]
    elif chance.random() < 0.4:
        parts.append(Le(letters[0], number(chance, 5, 900)))
    return And(*parts), tuple(letters)


def answered(asked: Proposition, unknowns: tuple[Symbol, ...]) -> Theorem | None:
    try:
        if len(unknowns) == 1:
            try:
                return cases(asked, unknowns, ())
            except SymnetError:
                return cases(asked, unknowns, tuple(find_bounds(asked, unknowns).theorems))
        return cases(asked, unknowns, tuple(find_bounds(asked, unknowns).theorems))
    except SymnetError:
        return None


def told(answer: Proposition) -> str:
    """An answer as text that does not depend on how its sets are put together."""
    if isinstance(answer, In):
        members = answer.args[1]
        near = {end for part in members.parts for end in part[2:] if end is not None}
        places = {*range(-2000, 4000), *(end + step for end in near for step in range(-60, 61))}
        bits = (
            "".join("01"[place in members] for place in sorted(places)) if members.size is None else str(list(members))
        )
        return hashlib.sha256(bits.encode()).hexdigest()
    return repr([(repr(row.args[:-1]), told(row.args[-1])) for row in answer.args])


def questions(count: int, start: int = 0) -> Iterator[tuple[Proposition, tuple[Symbol, ...]]]:
    for seed in range(start, start + count):
        chance = random.Random(seed)
        while True:
            try:
                yield question(chance)
                break
            except SymnetError:  # a divisor that may be 0, a power that is too large
                continue


def run(count: int, start: int) -> list[dict[str, Any]]:
    rows = []
    for asked, unknowns in questions(count, start):
        began = perf_counter()
        theorem = answered(asked, unknowns)
        spent = perf_counter() - began
        rows.append(
            {
                "answer": None
                if theorem is None
                else hashlib.sha256(told(theorem.conclusion.args[1]).encode()).hexdigest(),
                "asked": repr(asked),
                "seconds": spent,
            }
        )
    return rows


def main(what: str, file: str, count: str = "20000", start: str = "0") -> None:
    if what == "write":
        Path(file).write_text(json.dumps({"start": int(start), "rows": run(int(count), int(start))}), encoding="utf-8")
        return
    before = json.loads(Path(file).read_text(encoding="utf-8"))
    rows = run(len(before["rows"]), before["start"])
    pairs = list(enumerate(zip(before["rows"], rows, strict=True), before["start"]))
    lost = [seed for seed, (old, new) in pairs if old["answer"] is not None and new["answer"] is None]
    won = [seed for seed, (old, new) in pairs if old["answer"] is None and new["answer"] is not None]
    other = [
        seed
        for seed, (old, new) in pairs
        if None not in (old["answer"], new["answer"]) and old["answer"] != new["answer"]
    ]
    changed = [seed for seed, (old, new) in pairs if old["asked"] != new["asked"]]
    decided = sum(row["answer"] is not None for row in rows)
    print(
        f"{len(rows)} questions, {decided} answered; no longer answered: {lost[:20]} ({len(lost)}); answered only now: {len(won)}"
    )
    print(f"answered otherwise: {other[:20]} ({len(other)}); asked otherwise: {changed[:5]} ({len(changed)})")
    old, new = (sum(pair[which]["seconds"] for _, pair in pairs) for which in (0, 1))
    slower = sorted(pairs, key=lambda one: one[1][0]["seconds"] - one[1][1]["seconds"])[:5]
    beside = [f"{seed}: {before['seconds']:.3f} → {now['seconds']:.3f}" for seed, (before, now) in slower]
    print(f"{old:.1f} s before, {new:.1f} s now; what has become slowest: {', '.join(beside)}")


if __name__ == "__main__":
    main(*sys.argv[1:])
