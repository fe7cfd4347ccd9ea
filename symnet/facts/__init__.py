"""Proven facts besides sizes: batch normalization, weight penalties, losses, tensor tricks, dropout.

Each fact is a function that proves theorems with the kernel for real numbers (:mod:`symnet.kernel.real`), partly by the search in
:mod:`~symnet.facts.tactics`; neither is trusted. ``objective``, ``constants`` and ``lints`` apply facts to a network. May import
``layers``, ``kernel`` and what is below. A new fact is a decorated function, and a row in ``catalogue``.

>>> from symnet.facts.catalogue import get_fact
>>> get_fact("softmax-shift").proven[0].theorem
⊢ exp(z_k + c)/(Σ_{j<N} exp(z_j + c)) = exp(z_k)/(Σ_{j<N} exp(z_j))
"""
