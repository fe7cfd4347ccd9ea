"""What every layer shares: the declaration of its fields (:mod:`fields`), its base class (:mod:`base`), shapes, the
names it goes by (:mod:`registry`, :mod:`aliases`) and its formulas as SymPy expressions (:mod:`expressions`).

This folder may import ``layers.laws`` and what is below it (``frameworks``, ``search``, ``kernel``, ``terms``). A new
sort of field is a function in ``fields.py``; a new kind of layer belongs to ``layers/kinds``.
"""
