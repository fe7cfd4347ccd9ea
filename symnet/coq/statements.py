"""The claims of an emitted file: its goals in full, with the definitions that they mention; and whether a file is the one that
a derivation gives.
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
    """The goals of a file, and the definitions, variables and hypotheses that they mention, by name.

    >>> from symnet.kernel.rules import value
    >>> from symnet.terms.term import integer
    >>> statements(emit(value(integer(28) - 5)))
    {'goal_1': ': 28 - 5 = 23'}
    """
    sentences = {match[2]: match[3].strip() for match in _SENTENCE.finditer(source)}
    stated: dict[str, str] = {}
    waiting = [name for name in sentences if re.fullmatch(r"goal_\d+", name)]
    while waiting:
        name = waiting.pop()
        if name not in stated:
            stated[name] = sentences[name]
            waiting += [word for word in re.findall(r"\w+", sentences[name]) if word in sentences]
    return stated


def goals(source: str) -> dict[str, str]:
    r"""Only the goals of a file, in their order, as Coq states them.

    >>> goals("Theorem goal_1 :\n  1 + 1 = 2.\nProof. reflexivity. Qed.\n")
    {'goal_1': '1 + 1 = 2'}
    """
    theorems = [match for match in _SENTENCE.finditer(source) if re.fullmatch(r"goal_\d+", match[2])]
    return {match[2]: match[3].partition(":")[2].strip() for match in theorems}


def difference(source: str, expected: str) -> str | None:
    """The first difference of a file from the expected one, as a sentence; ``None`` if they are equal."""
    if source == expected:
        return None
    pairs = zip_longest(source.splitlines(), expected.splitlines(), fillvalue="")
    number, line = next(((n, one) for n, (one, two) in enumerate(pairs, 1) if one != two), (0, "its line ends"))
    changed = statements(source) != statements(expected)
    what = "it claims something else" if changed else "its proofs differ"
    return f"the file is not the one emitted for this derivation ({what}): line {number}: {line[:200]}"


def check_file(
    source: str,
    *goals: Theorem,
    title: str = "A derivation by symnet",
    names: Mapping[Term, str] | None = None,
    timeout: float = 600,
) -> CoqResult:
    """Have coqc check a file that should prove ``goals``: they are emitted again, and a different file is refused."""
    changed = difference(source, emit(*goals, title=title, names=names))
    if changed is not None:
        return CoqResult(False, coq_version(find_coqc()), (), changed)
    return check(source, timeout)
