"""Facts that are not sizes, proven: batch normalization, penalties, losses, tensor tricks, dropout.

The kernel for real numbers (:mod:`symnet.kernel.real`) proves them. Proofs are found by :mod:`~symnet.facts.tactics` and by
the facts themselves; none of these is trusted.

>>> from symnet.facts.catalogue import get_fact
>>> get_fact("softmax-shift").proven[0].theorem
⊢ exp(z_k + c)/(Σ_{j<N} exp(z_j + c)) = exp(z_k)/(Σ_{j<N} exp(z_j))
"""
