"""Derivations for Coq: emits a file that proves a derivation again, and has coqc check it.

``emit`` writes one lemma a step, by ``proofs`` and ``solving``; ``networks``, ``stacks`` and ``evaluation`` write long
derivations as data that Coq evaluates; ``check`` runs coqc with the library in the ``.v`` files. May import ``network``,
``kernel`` and what is below. A new kernel rule needs a lemma ``rule_<name>`` in a ``.v`` file and a function in ``proofs``.
"""
