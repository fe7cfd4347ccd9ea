"""Layers: what each kind accepts, and the size, parameters and conditions it gives.

``declaration`` has fields and the base class that all kinds share, ``laws`` the theorems about one axis that layers
instantiate, ``kinds`` the layers themselves with formulas, conditions, sources and worked examples. This room imports
``frameworks``, ``search``, ``kernel``, ``printing``, ``terms`` and below. A new kind is one class in ``kinds`` and its
line in ``declaration/registry.py``, and a law in ``laws`` if none fits. Declarations import laws, kinds import both.
"""
