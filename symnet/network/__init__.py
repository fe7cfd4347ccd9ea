"""Networks: sizes, closed forms, costs and receptive fields, with the theorems about them.

``listed`` and ``tensors`` make a graph from Python; ``propagate`` applies each layer to its inputs, with ``closed_forms`` for closed
forms and ``joins`` where branches meet; ``axes``, ``proof`` and ``derivation`` prove the results; ``network`` is the class that
users see. ``advice`` and ``repairs`` help with networks that do not fit, ``compare`` and ``ports`` with two networks. May import
``notation``, ``layers``, ``kernel`` and what is below. A new quantity of a network is a theorem in ``derivation`` and an
attribute in ``network`` and ``rows``.
"""
