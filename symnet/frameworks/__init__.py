"""What each framework calls every kind of layer, its defaults, and what it cannot express: one table by kind and
framework.

This room is data. It imports ``terms``, ``printing`` and below only. A framework's layer is
added in ``tables`` as a :class:`symnet.frameworks.convention.Convention`; a restriction that is arithmetic is a
function in ``rules.py``, whose docstring (its source) is shown to users.
"""
