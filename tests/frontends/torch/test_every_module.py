"""Every module of torch.nn, built with ordinary and unusual keywords: sizes, parameters and multiply-adds are those of torch."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from itertools import product
from typing import Any

import pytest

from symnet.errors import ModelError, SymnetError
from symnet.frontends.torch import from_torch
from symnet.public import Network
from tests.frontends.torch.torch_nn import CASES, REFUSED, WITHOUT_FORWARD, Case

pytestmark = [pytest.mark.frameworks, pytest.mark.filterwarnings("ignore")]

#: What torch does not count, or asks the numbers in its tensors for, so that an import is not compared.
UNCOUNTED, UNCOMPARED = ("Bilinear",), ("GaussianNLLLoss", "CTCLoss", "nn.utils.rnn")

#: Modules that give states or weights besides, which a network leaves out where nothing reads them.
WITH_STATES = ("RNN", "LSTM", "GRU", "Attention")

#: Modules whose last size is fixed, of which the first one may be a letter.
OF_FEATURES = (
    "RNN",
    "LSTM",
    "GRU",
    "Attention",
    "Transformer",
    "Embedding(",
    "Linear",
    "LayerNorm",
    "RMSNorm",
    "Pairwise",
)

#: A share of a letter that is no simple fraction, or a mask of one size only: they are refused with letters.
ONE_SIZE_ONLY = ("0.6", "1.3", "square_subsequent_mask(12)")

Sizes = tuple[int, ...]


def built(code: str) -> Any:
    """The module that a case makes, or one that calls it as the case says."""
    import torch
    from torch import nn

    made, _, call = code.partition(" : ")
    names = {"nn": nn, "torch": torch, "OrderedDict": OrderedDict}
    module: Any = eval(f"nn.{made}", names)  # our own table
    if ".train()" not in made:
        module.eval()
    if not call:
        return module

    class Calling(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.inner = module
            self.run = eval(f"lambda m, x, y=None, z=None: {call}", names)  # our own table

        def forward(self, *inputs: Any) -> Any:
            return self.run(self.inner, *inputs)

    return Calling().train(module.training)


def torchs(code: str, shapes: Sequence[Sizes]) -> tuple[list[Sizes], int]:
    """The sizes of all outputs without the batch, found by running with two batches, and the number of parameters."""
    found = [_run(code, shapes, batch) for batch in (3, 5)]
    pairs = zip(found[0][0], found[1][0], strict=True)
    return [tuple(one for one, two in zip(*pair, strict=True) if one == two) for pair in pairs], found[0][1]


def _run(code: str, shapes: Sequence[Sizes], batch: int) -> tuple[list[Sizes], int]:
    import torch
    import torch.utils._pytree as tree

    module, refused = built(code), None
    for kinds in product((torch.float32, torch.int64), repeat=len(shapes)):
        inputs = [torch.zeros((batch, *shape), dtype=kind) for shape, kind in zip(shapes, kinds, strict=True)]
        try:
            with torch.no_grad():
                result = module(*inputs)
        except Exception as why:  # noqa: BLE001  # an input of numbers of another kind
            refused = refused or why
            continue
        sizes = [tuple(item.shape) for item in tree.tree_leaves(result) if hasattr(item, "shape")]
        return sizes, sum(held.numel() for held in module.parameters())
    raise refused or AssertionError


def same(code: str, network: Network, theirs: Sequence[Sizes]) -> None:
    """The outputs of a network are torch's; equal ones are one output."""
    sizes = [[size.constant for size in network.placed[place].output.dims] for place in network.graph.outputs()]
    ours = list(dict.fromkeys(map(tuple, sizes)))
    assert ours[0] == theirs[0]
    assert set(ours) <= set(theirs)
    assert len(ours) == len(set(theirs)) or any(name in code for name in WITH_STATES)


def cases() -> list[Case]:
    return [case for family in CASES.values() for case in family]


def _names(found: Sequence[Case]) -> list[str]:
    return [f"{code} {index}" for index, (code, _) in enumerate(found)]


def test_no_module_of_torch_is_left_out() -> None:
    from torch import nn

    kinds = [
        name for name in dir(nn) if isinstance(getattr(nn, name), type) and issubclass(getattr(nn, name), nn.Module)
    ]
    assert set(kinds) == {*CASES, *WITHOUT_FORWARD}
    assert all(any(name in code for code, _ in family) for name, family in CASES.items())


@pytest.mark.parametrize("case", cases(), ids=_names(cases()))
def test_it_is_read(case: Case) -> None:
    code, shapes = case
    theirs, parameters = torchs(code, shapes)
    network = from_torch(built(code), shapes if len(shapes) > 1 else shapes[0])
    same(code, network, theirs)
    assert network.parameters == parameters
    assert not network.unproven
    assert network.compared or any(name in code for name in UNCOMPARED)
    assert all(run.multiply_adds for run in network.compared) or code.startswith(UNCOUNTED)


def with_letters() -> list[Case]:
    """The cases whose axes, or whose first size, may be letters: all inputs have as many dimensions."""
    return [
        (code, shapes)
        for code, shapes in cases()
        if all(len(shape) > 1 for shape in shapes)
        and (len(set(shapes)) == 1 or any(name in code for name in OF_FEATURES))
        and not any(words in code for words in ONE_SIZE_ONLY)
    ]


@pytest.mark.parametrize("case", with_letters(), ids=_names(with_letters()))
def test_it_is_read_with_letters(case: Case) -> None:
    """A letter for each axis, or for the number of steps where the features are fixed; then other sizes than the case's."""
    code, shapes = case
    one_each = len(set(shapes)) > 1
    features = any(name in code for name in OF_FEATURES)
    letters, sizes, numbers = [], [], {}
    for number, shape in enumerate(shapes):
        places = [0] if features else range(1, len(shape))
        names = {place: f"A{place}{number if one_each else ''}" for place in places}
        letters.append(tuple(names.get(place, size) for place, size in enumerate(shape)))
        sizes.append(tuple(size + 6 * (place + 1) if place in names else size for place, size in enumerate(shape)))
        numbers |= {name: sizes[-1][place] for place, name in names.items()}
    try:
        theirs, _ = torchs(code, sizes)
    except Exception:  # noqa: BLE001  # the case has sizes of its own
        with pytest.raises(SymnetError):
            from_torch(built(code), tuple(letters) if len(letters) > 1 else letters[0]).at(**numbers)
        return
    network = from_torch(built(code), tuple(letters) if len(letters) > 1 else letters[0])
    assert network.compared or any(name in code for name in UNCOMPARED)
    same(code, network.at(**numbers), theirs)


@pytest.mark.parametrize(("case", "words"), REFUSED, ids=_names([case for case, _ in REFUSED]))
def test_it_is_refused_in_words(case: Case, words: str) -> None:
    code, shapes = case
    with pytest.raises(ModelError) as refused:
        from_torch(built(code), shapes if len(shapes) > 1 else shapes[0])
    assert words in str(refused.value)
    assert "\n" not in str(refused.value)
