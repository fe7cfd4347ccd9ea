"""Every kind of layer in one place. ``declaration`` has what a layer can be given and the base that all share, ``laws`` the
theorems about one axis that layers put their values into, ``kinds`` the layers themselves: formulas, conditions, parameters,
sources and worked examples.

A new kind is one declaration in ``kinds``, and a law in ``laws`` where none fits. Declarations import laws, kinds import both.
"""
