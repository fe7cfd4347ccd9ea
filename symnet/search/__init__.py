"""The search for all solutions of a question in integers, with a certificate that the kernel checks.

Nothing here is trusted: a wrong answer fails the kernel's rule ``tree``. The entry is
:func:`symnet.search.cases.cases`. The theory: a proposition about one integer x is decided on arithmetic progressions
x = m·t + r, where floors of linear terms become polynomials in t (:mod:`symnet.search.deciding`); several unknowns are
enumerated, all but the last (:mod:`symnet.search.enumeration`); the pieces of the answer are united to few progressions
(:mod:`symnet.search.unions`). This room may import ``kernel``, ``terms`` and below. A new kind of condition is decided
in ``deciding.py`` and checked in ``kernel/primitive``.
"""

from __future__ import annotations

__all__: list[str] = []
