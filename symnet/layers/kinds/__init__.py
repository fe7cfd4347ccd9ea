"""The kinds of layers, one family per file. A kind is a class decorated with ``layer``: its docstring is shown to
users, ``apply`` gives shape, weights and conditions, ``examples`` are checked against their source.

This folder may import ``layers.declaration``, ``layers.laws``, ``frameworks`` and below. The module of a kind is
imported when ``declaration/registry.py`` looks it up: a new kind is a class here and a line in ``HOMES`` there.
"""
