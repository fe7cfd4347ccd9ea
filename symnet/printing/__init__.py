"""Writes terms and propositions as plain text, Unicode, Python, LaTeX, MathML and Coq.

Each notation is a table of strings (a :class:`Notation`) over one shared writer in ``structure``; ``sets`` writes integer
sets, ``names`` splits names for display, ``letters`` and ``screen`` know what a terminal can show. May import ``terms`` and
what is below. A new notation is a file with such a table; a new kind of term is a row in each table.
"""

from __future__ import annotations

__all__: list[str] = []
