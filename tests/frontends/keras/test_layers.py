"""Every class of layers against live Keras: shapes, parameters, what is trained; live and through a saved file."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from symnet import from_keras
from symnet.frontends.keras import read_keras
from symnet.network.network import Network
from symnet.printing.text import text
from tests.frontends.keras.cases import CASES, Case, build
from tests.frontends.keras.composed import COMPOSED
from tests.frontends.keras.tables import differences, keras_table

pytestmark = [pytest.mark.frameworks, pytest.mark.filterwarnings("ignore::")]


EVERY = (*CASES, *COMPOSED)


def compared(network: Network, model: Any) -> list[Any]:
    """Where network and model differ. The network has each of the model's outputs once."""
    import keras

    given = Counter(
        tuple(size.constant for size in network.placed[place].output.dims) for place in network.graph.outputs()
    )
    wanted = Counter(tuple(tensor.shape[1:]) for tensor in keras.tree.flatten(model.outputs))
    found = differences(network, keras_table(model))
    return found if given <= wanted and set(given) == set(wanted) else [*found, ("outputs", wanted, given)]


@pytest.mark.parametrize("case", EVERY, ids=str)
def test_a_layer_is_what_keras_says(case: Case, tmp_path: Path) -> None:
    model = build(case, case.inputs)
    network = from_keras(model)
    assert compared(network, model) == []
    path = tmp_path / "model.keras"
    model.save(path)
    again = read_keras(str(path))
    assert again.notation == network.notation
    assert compared(again, model) == []


@pytest.mark.parametrize("case", EVERY, ids=str)
def test_other_sizes_are_those_of_another_model(case: Case) -> None:
    model = build(case, case.others)
    network = from_keras(build(case, case.inputs), input=list(case.others))
    assert compared(network, model) == []


#: Cases that only stand for some sizes: fixed numbers of entries, or numbers of axes that must be known.
FIXED = ("Reshape", "shapes", "Dot along two axes", "matmul")


@pytest.mark.parametrize("case", [case for case in EVERY if not case.name.startswith(FIXED)], ids=str)
def test_symbolic_sizes_hold_for_other_sizes(case: Case) -> None:
    network = from_keras(
        build(case, case.inputs), input=[(*(None for _ in sizes[:-1]), sizes[-1]) for sizes in case.inputs]
    )
    inputs = [place.output.dims for place in network.placed if not place.sources]
    same = [(*other[:-1], sizes[-1]) for other, sizes in zip(case.others, case.inputs, strict=True)]
    values = {
        str(text(size)): number
        for sizes, other in zip(inputs, same, strict=True)
        for size, number in zip(sizes, other, strict=True)
        if size.constant is None
    }
    assert compared(network.at(**values), build(case, tuple(same))) == []
