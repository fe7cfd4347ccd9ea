"""The trusted part: theorems that only rules make, the rules, and the replay of written proofs.

The rules are imported here: Python runs this file before any module of the package, so whoever has ``rule`` finds the list
of rules closed.
"""

import symnet.kernel.primitive  # noqa: F401
