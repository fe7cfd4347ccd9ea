"""Sums of products of two tensors."""

from __future__ import annotations

from symnet.errors import LayerError
from symnet.layers.declaration.axes import origins, same_axes
from symnet.layers.declaration.base import Applied, Condition, Example, Layer, layer
from symnet.layers.declaration.fields import REQUIRED, words
from symnet.layers.declaration.shape import Shape
from symnet.terms.propositions import Eq
from symnet.terms.term import Term

__all__ = ["Einsum", "MatMul"]


@layer
class MatMul(Layer):
    """The matrix product of two tensors: (…, T, K) and (…, K, U) become (…, T, U).

    The sizes before the last two are the same in both; a 1, or a size that is not there, stretches. A vector (K,) on the left
    is one row.

    >>> MatMul().notation
    'MatMul'
    """

    kind = "MatMul"
    prefix = "matmul"
    reads = (2, 2)
    aliases = {"bmm": {}}
    sources = ("ONNX, MatMul", "PyTorch, torch.matmul", "Keras, keras.ops.matmul")
    examples = (Example("Permute|2*1 -> MatMul|a", "(10, 64) @a", "(64, 64)", 0, "PyTorch, torch.matmul(x.T, x)"),)

    def apply(self, inputs: tuple[Shape, ...]) -> Applied:
        one, two = inputs
        if not one.dims or len(two.dims) < 2:
            raise LayerError(f"needs (…, T, K) and (…, K, U), got {len(one.dims)} sizes and {len(two.dims)} sizes")
        lead, from_index, conditions = self._lead(one.dims[:-2], two.dims[:-2])
        if one.dims[-1] is not two.dims[-2]:
            conditions.append(Condition(Eq(one.dims[-1], two.dims[-2]), "MatMul sums over equal sizes"))
        row = one.dims[-2:-1]
        output = one.new((*lead, *row, two.dims[-1]))
        all_from_index = (*from_index, *((len(one.dims) - 2,) if row else ()), None)
        return Applied(
            output,
            same_axes(output),
            conditions=tuple(conditions),
            origins=origins(one, output, all_from_index),
            mixes=True,
        )

    def _lead(
        self, one: tuple[Term, ...], two: tuple[Term, ...]
    ) -> tuple[tuple[Term, ...], tuple[int | None, ...], list[Condition]]:
        """The sizes before the matrices, the index of each in the first tensor, and the conditions on them."""
        count = max(len(one), len(two))
        sizes: list[Term] = []
        from_index: list[int | None] = []
        conditions: list[Condition] = []
        for index in range(count):
            i, j = index - count + len(one), index - count + len(two)
            if i < 0 or (one[i].constant == 1 and j >= 0):
                sizes.append(two[j])
                from_index.append(None)
                continue
            sizes.append(one[i])
            from_index.append(i)
            if j >= 0 and two[j] is not one[i] and two[j].constant != 1:
                stretches = "MatMul stretches a size that is 1 before the matrices and refuses others that differ"
                why = "MatMul needs equal sizes before the matrices"
                conditions.append(Condition(Eq(one[i], two[j]), why, stretches))
        return tuple(sizes), tuple(from_index), conditions

    def work(self, inputs: tuple[Shape, ...], output: Shape) -> tuple[tuple[Term, ...], ...]:
        return ((*output.dims, inputs[0].dims[-1]),)


@layer
class Einsum(Layer):
    """Sums of products as an equation says them: ``hik,hjk->hij`` has one letter for each size, the batch left out.

    Equal letters are equal sizes; a letter that is not on the right is summed over.

    >>> Einsum(equation="hik,hjk->hij").notation
    'Einsum|equation="hik,hjk->hij"'
    """

    kind = "Einsum"
    prefix = "einsum"
    reads = (1, None)
    sources = ("PyTorch, torch.einsum", "Keras, keras.ops.einsum", "NumPy, numpy.einsum")
    examples = (
        Example(
            'Einsum|a|equation="ik,jk->ij"', "(10, 64) @a", "(10, 10)", 0, "PyTorch, torch.einsum: the product x xᵀ"
        ),
    )

    equation: str = words("the letters of each tensor's sizes, ->, and those of the result", default=REQUIRED)

    def apply(self, inputs: tuple[Shape, ...]) -> Applied:
        sizes, conditions = self._sizes(inputs)
        right = self._sides()[1]
        output = inputs[0].new(tuple(sizes[letter] for letter in right))
        first = self._sides()[0][0]
        from_index = tuple(first.index(letter) if letter in first else None for letter in right)
        return Applied(
            output,
            same_axes(output),
            conditions=conditions,
            origins=origins(inputs[0], output, from_index),
            mixes=len(inputs) > 1,
        )

    def work(self, inputs: tuple[Shape, ...], output: Shape) -> tuple[tuple[Term, ...], ...]:
        sizes, _ = self._sizes(inputs)
        return (tuple(sizes.values()),) if len(inputs) > 1 else ()

    def _sides(self) -> tuple[list[str], str]:
        left, arrow, right = self.equation.replace(" ", "").partition("->")
        if not arrow or not all(letter.isalpha() for letter in left.replace(",", "") + right):
            raise LayerError(f"{self.equation!r} is no equation such as hik,hjk->hij")
        return left.split(","), right

    def _sizes(self, inputs: tuple[Shape, ...]) -> tuple[dict[str, Term], tuple[Condition, ...]]:
        """The size of each letter, and the conditions that equal letters have equal sizes."""
        left, right = self._sides()
        if len(left) != len(inputs):
            raise LayerError(f"{self.equation!r} is for {len(left)} tensors, got {len(inputs)}")
        sizes: dict[str, Term] = {}
        conditions: list[Condition] = []
        for letters, shape in zip(left, inputs, strict=True):
            if len(letters) != len(shape.dims):
                raise LayerError(f"{letters!r} has {len(letters)} letters for {len(shape.dims)} sizes")
            for letter, size in zip(letters, shape.dims, strict=True):
                if sizes.setdefault(letter, size) is not size:
                    conditions.append(
                        Condition(Eq(sizes[letter], size), f"the size {letter} is the same in all tensors")
                    )
        missing = sorted(set(right) - set(sizes))
        if missing:
            raise LayerError(f"{self.equation!r} has {', '.join(missing)} on the right only")
        return sizes, tuple(conditions)
