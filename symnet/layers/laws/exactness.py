"""The input entries after the end of the last window, which a layer drops. Gaps between windows (a kernel smaller than
the stride) do not count.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache

from symnet.kernel.primitive.arithmetic import extent
from symnet.layers.laws.law import Exactness, Law
from symnet.layers.laws.window import Window
from symnet.printing.text import unicode_text
from symnet.terms.polynomial import least, normal_form
from symnet.terms.propositions import Divides, Le
from symnet.terms.term import Max, Mod, Symbol, Term, integer

__all__ = ["by_last_window", "dropped", "drops", "last_fits"]

ONE = integer(1)


def drops(exact: Exactness) -> Term:
    """The number of entries dropped: 0 exactly if ``exact`` holds.

    >>> drops(Divides(integer(2), integer(7))), drops(Le(integer(3), integer(1)))
    (<Mod 7 % 2>, <Max max(3 - 1, 0)>)
    """
    left, right = exact.args
    return Mod(right, left) if isinstance(exact, Divides) else Max(left - right, integer(0))


def dropped(exact: Exactness) -> str:
    """Why entries are dropped, in words, for an ``exact`` condition on numbers that is false.

    >>> dropped(Divides(integer(2), integer(8) - 1)), dropped(Le(integer(3), integer(1)))
    ('8 − 1 = 7 is not divisible by the stride 2; 1 of the padded input would be dropped',
     'the last window starts 3 entries before the end and spans 1; 2 at the end would be dropped')
    """
    left, right = exact.args
    why = f"the last window starts {left.constant} entries before the end and spans {right.constant}"
    where = "at the end"
    if isinstance(exact, Divides):
        why = f"{unicode_text(right)} = {right.constant} is not divisible by the stride {left.constant}"
        where = "of the padded input"
    return f"{why}; {drops(exact).constant} {where} would be dropped"


def last_fits(length: Term, span: Term, stride: Term) -> Exactness:
    """The condition that no entry after the last window is dropped, for windows that start at every ``stride``-th of
    ``length`` entries and span ``span`` of them. From the start of the last window to the end there are (L − 1) mod S
    + 1 entries.

    >>> last_fits(integer(8), integer(2), integer(4)), last_fits(integer(8), integer(1), integer(4))
    (<Le (8 - 1) % 4 + 1 <= 2>, <Divides 4 divides 8 - 1>)
    """
    return Divides(stride, length - 1) if span.constant == 1 else Le(Mod(length - 1, stride) + 1, span)


def by_last_window(law: Law, window: Window, length: Term) -> Law:
    """The law with the exactness condition of :func:`last_fits` for this window: none if the numbers, or the signs of
    the symbols, show that the window is no shorter than the stride; a divisibility for windows of one entry.
    """
    # for symbols the comparison may succeed with the kernel or with its extent
    reaches = window.kernel, extent(window.kernel, window.dilation)
    spare = [least(normal_form(reach - window.stride)) for reach in reaches]
    if window.stride.constant == 1 or any(one is not None and one >= 0 for one in spare):
        return _with_exactness(law, None)
    return _with_exactness(law, last_fits(length, ONE, Symbol("S"))) if window.kernel.constant == 1 else law


@cache
def _with_exactness(law: Law, exact: Exactness | None) -> Law:
    return replace(law, exact=exact)
