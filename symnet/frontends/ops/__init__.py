"""The algebra of tensors, once for all importers: what operators do to the sizes of a :class:`symnet.frontends.flow.Flow`.

Every function takes the :class:`symnet.frontends.flow.Site` where the importer is, tensors, and arguments as terms and plain numbers
of dimensions (the batch counts as one); it places the layers that the network needs and gives tensors. Nothing is guessed: sizes
that must agree are equal as polynomials, or the equation is a printed hypothesis, or the operation is refused with both sides.

=====================  ==============================================================================================
``arranging``          permute, reshape, flatten, unflatten, squeeze, unsqueeze
``joining``            number by number with stretching, concatenate, stack, expand, repeat
``selecting``          slice, one entry, chunks, parts of given lengths, entries by their numbers, gather
``reducing``           one number for all entries along dimensions
``calculating``        tensors of given sizes that depend on all entries of others
``multiplying``        matrix products, einsum
``windows``            padding and cutting off, windows as a dimension, images beside a merged batch
``products``           equal products, whole quotients, and the hypotheses that make them so
=====================  ==============================================================================================

An importer is a reader and rows that call these: it reads an operator's arguments, calls, and keeps what comes out.
"""

from __future__ import annotations

__all__: list[str] = []
