"""The kernel for real numbers: expressions, statements, and theorems about them that only its rules make.

It is a separate package so that code on integers alone does not load it. It imports terms, the mechanism of sealed
theorems in :mod:`symnet.kernel.sealed`, and the text of terms. A new rule is a function in ``rules`` with the
decorator ``rule``; importing this package imports all rules and then closes the list, so that nothing else can add
one.
"""

import symnet.kernel.real.rules  # noqa: F401
