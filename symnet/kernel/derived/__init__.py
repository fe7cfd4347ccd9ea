"""Derived rules: named ways of using the primitive ones (:mod:`symnet.kernel.primitive`). Nothing here is trusted: what one of
them returns is a theorem that primitive rules made.

Most are a lemma, proven once with letters, which is then instantiated (:mod:`symnet.kernel.derived.lemmas`).
"""
