"""What an emitted file claims: its goals in full, with every definition that they mention; and whether a file is the
one that a derivation gives.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import zip_longest

from symnet.coq.check import CoqResult, check, coq_version, find_coqc
from symnet.coq.emit import emit
from symnet.kernel.theorem import Theorem
from symnet.terms.term import Term

__all__ = ["check_file", "difference", "goals", "statements"]

_SENTENCE = re.compile(r"^(Definition|Theorem|Variable|Hypothesis) (\w+)\b(.*?)\.$", re.MULTILINE | re.DOTALL)


def statements(source: str) -> dict[str, str]:
    """The goals of a file and the definitions, variables and hypotheses that they speak of, by name.

    >>> from symnet.kernel.rules import value
    >>> from symnet.terms.term import integer
    >>> statements(emit(value(integer(28) - 5)))
    {'goal_1': ': 28 - 5 = 23'}
    """
    said = {match[2]: match[3].strip() for match in _SENTENCE.finditer(source)}
    found: dict[str, str] = {}
    waiting = [name for name in said if re.fullmatch(r"goal_\d+", name)]
    while waiting:
        name = waiting.pop()
        if name not in found:
            found[name] = said[name]
            waiting += [word for word in re.findall(r"\w+", said[name]) if word in said]
    return found


def goals(source: str) -> dict[str, str]:
    r"""The goals of a file alone, in their order, as Coq states them.

    >>> goals("Theorem goal_1 :\n  1 + 1 = 2.\nProof. reflexivity. Qed.\n")
    {'goal_1': '1 + 1 = 2'}
    """
    found = [match for match in _SENTENCE.finditer(source) if re.fullmatch(r"goal_\d+", match[2])]
    return {match[2]: match[3].partition(":")[2].strip() for match in found}


def difference(source: str, expected: str) -> str | None:
    """Where a file is not the expected one, in words; ``None`` where they are the same."""
    if source == expected:
        return None
    pairs = zip_longest(source.splitlines(), expected.splitlines(), fillvalue="")
    place, line = next(((n, one) for n, (one, two) in enumerate(pairs, 1) if one != two), (0, "its line ends"))
    changed = statements(source) != statements(expected)
    what = "it claims something else" if changed else "its proofs differ"
    return f"the file is not the one emitted for this derivation ({what}): line {place}: {line[:200]}"


def check_file(
    source: str,
    *goals: Theorem,
    title: str = "A derivation by symnet",
    names: Mapping[Term, str] | None = None,
    timeout: float = 600,
) -> CoqResult:
    """Have coqc check a file that is said to prove ``goals``: it is emitted again, and a changed one is refused."""
    found = difference(source, emit(*goals, title=title, names=names))
    if found is not None:
        return CoqResult(False, coq_version(find_coqc()), (), found)
    return check(source, timeout)
