"""The kernel for real numbers: expressions, statements, and theorems about them that only its rules make.

It is a package of its own so that what needs integers only does not load it. As in :mod:`symnet.kernel`, the rules are
imported here: whoever has ``rule`` finds the list of rules closed.
"""

import symnet.kernel.real.rules  # noqa: F401
