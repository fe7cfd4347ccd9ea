"""Facts that are not sizes, proven: batch normalization, penalties, losses, tensor tricks, dropout.

A small kernel of its own proves them: real expressions (:mod:`~symnet.facts.reals`), statements about them
(:mod:`~symnet.facts.statements`), theorems (:mod:`~symnet.facts.theorem`) that only the rules (:mod:`~symnet.facts.rules`)
make. Proofs are found by :mod:`~symnet.facts.tactics` and by the facts themselves; none of these is trusted.

>>> from symnet.facts.catalogue import get_fact
>>> get_fact("softmax-shift").proven[0].theorem
⊢ exp(z_k + c)/(Σ_{j<N} exp(z_j + c)) = exp(z_k)/(Σ_{j<N} exp(z_j))
"""
