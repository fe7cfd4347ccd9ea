"""Draws figures of networks, as SVG, LaTeX and PNG.

Each file below ``kinds`` draws one kind of figure on a ``canvas`` of ``shapes``, which ``svg`` and ``latex_picture`` write. The figure of
the whole network takes several steps: ``units`` are its boxes, ``arrangement`` nests them, ``blocks`` folds repeats and modules,
``piece_layout`` finds positions, ``labels`` writes beside boxes, ``diagram`` draws. May import ``solving``, ``network`` and what is
below. A new figure is a function in a file of its own, and a row in ``kinds``.
"""
