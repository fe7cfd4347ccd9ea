"""EinsumDense: a sum of products of the input with a kernel, whose sizes Keras reads off the equation.

Source: keras/src/layers/core/einsum_dense.py, ``_analyze_einsum_string``.
"""

from __future__ import annotations

from symnet.errors import LayerError
from symnet.frontends.building import Tensor
from symnet.frontends.flow import BATCH, Flow
from symnet.frontends.keras.adapters import Adapters
from symnet.frontends.keras.call_site import Site, Unknown
from symnet.frontends.keras.features import activated
from symnet.frontends.ops.joining import joined
from symnet.frontends.ops.multiplying import einsum
from symnet.layers.kinds.arrays import Parameter
from symnet.layers.kinds.merges import Add
from symnet.terms.term import Term, integer, symbols_of

__all__ = ["einsum_dense"]

#: What adds numbers of its own, or changes the objective.
_FURTHER = ("kernel_regularizer", "bias_regularizer", "activity_regularizer")


def einsum_dense(site: Site) -> Tensor:
    """The product, plus a bias along some letters, through an activation."""
    equation = site.config.word("equation").replace(" ", "")
    left, arrow, result = equation.partition("->")
    given, comma, kernel = left.partition(",")
    if not arrow or not comma or "," in kernel or "." in kernel:
        raise Unknown(f"has the equation {equation!r}, which is no product of an input with a kernel")
    _require_plain(site)
    x = site.flow()
    sizes = _known(site, given, result, x)
    missing = [letter for letter in kernel if letter not in sizes]
    if missing:
        raise Unknown(f"does not say the size {missing[0]} of its kernel")
    made = einsum(site, equation, [x, _weights(site, "kernel", [sizes[letter] for letter in kernel])], site.word)
    bias = site.config.word("bias_axes")
    if bias:
        letters = result.replace(".", "")
        first = min(letters.index(letter) if letter in letters else len(letters) for letter in bias)
        if any(letter not in letters for letter in bias) or result.endswith("."):
            raise Unknown(f"has a bias along {bias}, which its output {result} does not have")
        dims = [sizes[letter] if letter in bias else integer(1) for letter in letters[first:]]
        made = joined(site, Add(), [made, _weights(site, "bias", dims)], f"{site.word}.add")
    tensor = site.given(made)
    function = site.config.function()
    return tensor if function is None else activated(site, function, to=tensor, part="activation")


def _require_plain(site: Site) -> None:
    """Raises for numbers besides the kernel and the bias, and for what the objective of training would say."""
    try:
        adapted = Adapters.of(site.config) is not None
    except LayerError as refused:
        raise Unknown(str(refused)) from None
    if adapted:
        raise Unknown("has adapters beside its kernel")
    found = next((name for name in _FURTHER if site.config.get(name)), None)
    if found is not None:
        raise Unknown(f"has a {found}")


def _known(site: Site, given: str, result: str, x: Flow) -> dict[str, Term]:
    """The sizes of the letters: those of the input, and in the output those that ``output_shape`` says."""
    letters = given.replace(".", "")
    dims = list(x.sizes) if len(letters) == x.ndim else _beside(given, x)
    sizes = dict(zip(letters, dims, strict=True))
    written = site.config.get("output_shape")
    shape = [written] if isinstance(written, int) else list(written or ())
    out = result.replace(".", "")
    pairs = zip(out[1:], shape, strict=False) if result.endswith(".") else zip(out[::-1], shape[::-1], strict=False)
    for letter, size in pairs:
        if size is None:
            continue
        if not isinstance(size, int) or isinstance(size, bool) or size < 1:
            raise Unknown(f"has the output_shape {written!r}")
        known = sizes.setdefault(letter, integer(size))
        if known.constant not in (None, size):
            raise Unknown(f"says {size} for the size {letter}, and its input has {known.constant}")
    return sizes


def _beside(given: str, x: Flow) -> list[Term]:
    """The sizes of the input's letters where ``...`` stands for the others, before or behind them."""
    count = len(given.replace(".", ""))
    if count > x.ndim or not (given.startswith("...") or given.endswith("...")):
        raise Unknown(f"reads {given}, and gets {x.ndim} dimensions")
    return list(x.sizes[x.ndim - count :] if given.startswith("...") else x.sizes[:count])


def _weights(site: Site, name: str, sizes: list[Term]) -> Flow:
    """Numbers of the layer as a tensor, the same for all examples."""
    if BATCH in symbols_of(*sizes):
        raise Unknown(f"has a {name} of as many numbers as there are examples in the batch")
    tensor = site.put(Parameter, tuple(sizes), to=[], part=name)
    return Flow(tensor, tuple(range(len(sizes))), None)
