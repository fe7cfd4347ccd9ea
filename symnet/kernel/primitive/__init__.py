"""The primitive rules: the only makers of theorems. Each states its figure, its conditions, and its refusals.

When they are imported the list of rules is closed.
"""

from symnet.kernel.primitive import arithmetic, bounds, logic, tree  # noqa: F401
from symnet.kernel.theorem import close

close()
