"""Derivations for Coq: emit one lemma a step, have coqc check them."""
