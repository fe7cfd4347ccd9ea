"""Operations of keras.ops that take parts of tensors, pad, repeat and move them: at every size what Keras itself says, or refused."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from symnet import from_keras, solve
from symnet.errors import SymnetError
from symnet.notation.parse import Question

pytestmark = [pytest.mark.frameworks, pytest.mark.filterwarnings("ignore")]


def ops() -> Any:
    import keras

    return keras.ops


def built(shape: tuple[Any, ...], run: Any) -> Any:
    import keras

    x = keras.Input(shape)
    return keras.Model(x, run(x))


#: What is done to a tensor of these sizes, and what comes out.
CASES: dict[str, tuple[tuple[Any, ...], Any, str]] = {
    "an entry": ((5, 4), lambda x: x[:, 0], "(4,)"),
    "the last entry": ((5, 4), lambda x: x[:, -1], "(4,)"),
    "an entry of an open size": ((None, 4), lambda x: x[:, 3], "(4,)"),
    "of the last dimension": ((5, 4), lambda x: x[..., 0], "(5,)"),
    "slices": ((6, 5, 4), lambda x: x[:, 1:-1, ::2], "(4, 3, 4)"),
    "a new dimension": ((5, 4), lambda x: x[:, :, None, :2], "(5, 1, 2)"),
    "backwards": ((5, 4), lambda x: x[:, ::-1], "(5, 4)"),
    "equal parts": ((6, 4), lambda x: ops().split(x, 3, 1)[2], "(2, 4)"),
    "parts between ends": ((6, 4), lambda x: ops().split(x, [1, 3], 1)[1], "(2, 4)"),
    "one of many": ((6, 4), lambda x: ops().unstack(x, axis=1)[2], "(4,)"),
    "padding": ((6, 4), lambda x: ops().pad(x, ((0, 0), (1, 2), (0, 0))), "(9, 4)"),
    "entries by numbers": ((6, 4), lambda x: ops().take(x, [0, 2], 1), "(2, 4)"),
    "repeated": ((6, 4), lambda x: ops().repeat(x, 2, 1), "(12, 4)"),
    "turned": ((6, 4), lambda x: ops().roll(ops().flip(x, 1), 1, 1), "(6, 4)"),
    "moved": ((6, 4, 3), lambda x: ops().moveaxis(x, 1, -1), "(4, 3, 6)"),
    "summed up and sorted": ((6, 4), lambda x: ops().sort(ops().cumsum(x, 1), 1), "(6, 4)"),
    "the place of the largest": ((6, 4), lambda x: ops().argmax(x, -1), "(6,)"),
    "chosen": ((6, 4), lambda x: ops().where(x > 0, x, x[:, :1]), "(6, 4)"),
    "examples one after another": ((6, 4), lambda x: ops().concatenate([x, x], 0), "(2, 6, 4)"),
    "beside each other": ((6, 4), lambda x: ops().hstack([x, x]), "(12, 4)"),
    "the batch in a reshape": ((6, 4), lambda x: ops().reshape(x, (ops().shape(x)[0], 24)), "(24,)"),
    "parts of merged rows": ((6, 4), lambda x: ops().split(ops().reshape(x, (-1, 4)), 2, 1)[1], "(6, 2)"),
}


@pytest.mark.parametrize("name", CASES)
def test_parts(name: str, tmp_path: Path) -> None:
    shape, run, wanted = CASES[name]
    model = built(shape, run)
    model.save(tmp_path / "model.keras")
    for source in (model, tmp_path / "model.keras"):
        net = from_keras(source)
        assert str(net.output) == wanted
        assert net.compared, net.not_compared


def test_entries_of_an_open_size_ask_for_so_many() -> None:
    for run, wanted in (
        (lambda x: x[:, 3], "T ≥ 4"),
        (lambda x: x[:, -2], "T ≥ 2"),
        (lambda x: ops().take(x, [0, 2], 1), "T ≥ 3"),
        (lambda x: ops().split(x, 2, 1)[0], "T ≡ 0 (mod 2), T ≥ 2"),
    ):
        net = from_keras(built((None, 4), run))
        assert str(solve(Question(net.graph, None, ""), valid=True)) == wanted


def test_the_batch_is_not_taken_apart() -> None:
    for run in (lambda x: x[0], lambda x: ops().split(x, 2, 0)[0], lambda x: ops().pad(x, 1)):
        with pytest.raises(SymnetError, match="batch"):
            from_keras(built((6, 4), run))


STEPS: tuple[Any, ...] = (
    lambda x: x[:, 0],
    lambda x: x[:, -1],
    lambda x: x[:, 1:],
    lambda x: x[:, ::2],
    lambda x: x[..., :2],
    lambda x: x[:, None],
    lambda x: x[..., None],
    lambda x: ops().split(x, 2, -1)[1],
    lambda x: ops().split(x, [1], 1)[1],
    lambda x: ops().pad(x, [(0, 0), (1, 2), *[(0, 0)] * (len(x.shape) - 2)]),
    lambda x: ops().take(x, [0, 1], 1),
    lambda x: ops().repeat(x, 3, 1),
    lambda x: ops().moveaxis(x, 1, -1),
    lambda x: ops().concatenate([x, x], 0),
    lambda x: ops().concatenate([x, x[:, :1]], 1),
    lambda x: ops().reshape(x, (-1, x.shape[-1])),
    lambda x: ops().transpose(x, (0, *range(len(x.shape) - 1, 0, -1))),
    lambda x: ops().argmax(x, -1),
    lambda x: ops().max(x, 1, keepdims=True),
    lambda x: ops().expand_dims(x, 1),
    lambda x: ops().squeeze(x, 1),
    lambda x: ops().tile(x, [1, 2, *[1] * (len(x.shape) - 2)]),
    lambda x: x + x[:, :1],
    lambda x: ops().stack([x, x], 1),
    lambda x: ops().where(x > 0, x, 0),
)


@given(
    st.lists(st.integers(0, len(STEPS) - 1), min_size=1, max_size=5),
    st.sampled_from([(None, 4), (6, 4), (4,), (3, None, 2), (1, 2)]),
)
@settings(max_examples=60)
def test_steps_drawn_at_random(steps: list[int], shape: tuple[Any, ...]) -> None:
    """Keras is asked when the model is read: a disagreement with it is an error that says so."""

    def run(x: Any) -> Any:
        for step in steps:
            x = STEPS[step](x)
        return x

    try:
        model = built(shape, run)
    except Exception:  # noqa: BLE001  # Keras refuses it
        return
    try:
        net = from_keras(model)
    except SymnetError as refused:
        assert "symnet read the model wrongly" not in str(refused)
        assert "\n" not in str(refused)
        return
    assert net.compared or "no sizes were found" in (net.not_compared or "")
