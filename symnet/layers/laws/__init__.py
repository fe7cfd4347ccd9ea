"""How the size of one axis changes, as theorems with symbols: windows (explicit padding, SAME, causal), ceil mode,
transposed convolution, padding and cropping, and the number of entries of index sets.

This folder may import ``search``, ``kernel``, ``printing``, ``terms`` and below, and nothing of layers. A new law is a
cached function that returns a :class:`symnet.layers.laws.law.Law`, in the file of its family; ``dumoulin.py`` derives
the relationships of the published guide from the laws.
"""
