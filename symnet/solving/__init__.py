"""Questions to proven solution sets: ``symnet.solve``.

A question is posed as a statement (``question``, ``statement``, ``repeats``), answered by a chain of equivalences that
ends in a list of solutions or in conditions (``search``, ``chain`` and the rewriting steps), and wrapped as
:class:`Solutions`. This room may import ``search``, ``network``, ``notation``, ``layers``, ``kernel`` and below; the
words around an answer are in ``render/answers.py``. A quantity that a question may bound is added in ``measures.py``,
a rewriting step as a function that returns ⊢ p ⇔ q, used in ``chain.py``.
"""

from symnet.solving.api import solve
from symnet.solving.solutions import Solutions

__all__ = ["Solutions", "solve"]
