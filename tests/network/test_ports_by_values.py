"""What is said of ports between PyTorch and Keras is so of the values: a layer of each with the same weights is run on numbers."""

from __future__ import annotations

import random
from typing import Any

import pytest

import symnet

pytestmark = [
    pytest.mark.frameworks,
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),  # Keras within numpy
]


def compared(module: Any, layers: list[Any], shape: tuple[int, ...]) -> tuple[dict[str, Any], float, Any]:
    """The comparison of a module of PyTorch with layers of Keras, and the largest difference of what they give for the weights that
    Keras has; of channels first and last only the order of dimensions is changed. The third is Keras's model.
    """
    import keras
    import torch

    channels_last = (*shape[1:], shape[0]) if len(shape) == 3 else shape
    made = keras.Sequential([keras.Input(channels_last), *layers])
    found = symnet.compare(
        symnet.from_torch(module, shape, compare=False), symnet.from_keras(made, compare=False)
    ).to_json()
    generator = torch.Generator().manual_seed(1)
    x = torch.rand((2, *shape), generator=generator)
    with torch.no_grad():
        ours = module.eval()(x)
    ours = ours[0] if isinstance(ours, tuple) else ours
    theirs = torch.tensor(keras.ops.convert_to_numpy(made(x.movedim(1, -1).numpy() if len(shape) == 3 else x.numpy())))
    theirs = theirs.movedim(-1, 1) if theirs.ndim == 4 else theirs
    apart = float((ours - theirs).abs().max()) if ours.shape == theirs.shape else float("inf")
    return found, apart, made


def kinds(found: dict[str, Any]) -> set[str]:
    return {note["what"] for note in found["ports"]}


CLOSE = 1e-4


@pytest.mark.parametrize("number", range(30))
def test_windows_are_aligned_exactly_if_the_values_are_equal(number: int) -> None:
    import torch
    from keras import layers

    draw = random.Random(number)
    kernel, stride, dilation = draw.choice([2, 3, 4, 5]), draw.choice([1, 2, 3]), 1
    if stride == 1:
        dilation = draw.choice([1, 2])
    size = draw.randint(9, 16)
    padding = draw.randint(0, kernel // 2 * dilation)
    transposed = number % 3 == 2 and dilation == 1
    weights = torch.rand(
        (3, 4, kernel, kernel) if transposed else (4, 3, kernel, kernel),
        generator=torch.Generator().manual_seed(number),
    )
    if transposed:
        module = torch.nn.ConvTranspose2d(
            3, 4, kernel, stride, min(padding, kernel // 2), draw.randint(0, stride - 1), bias=False
        )
        layer = layers.Conv2DTranspose(4, kernel, stride, draw.choice(["same", "valid"]), use_bias=False)
        order = (2, 3, 1, 0)
    else:
        module = torch.nn.Conv2d(3, 4, kernel, stride, padding, dilation, bias=False)
        layer = layers.Conv2D(4, kernel, stride, draw.choice(["same", "valid"]), dilation_rate=dilation, use_bias=False)
        order = (2, 3, 1, 0)
    module.weight.data = weights
    layer.build((None, size, size, 3))
    layer.set_weights([weights.permute(*order).numpy()])
    found, apart, _ = compared(module, [layer], (3, size, size))
    if apart == float("inf"):
        assert not found["equal"]
    else:
        assert found["aligned"] is (apart < CLOSE), (module, layer.get_config(), size, apart, found)


@pytest.mark.parametrize("ceil_mode", [False, True])
@pytest.mark.parametrize("size", [8, 9, 10, 11])
@pytest.mark.parametrize("kernel", [2, 3])
def test_max_pools(kernel: int, size: int, ceil_mode: bool) -> None:
    import torch
    from keras import layers

    for padding in range(kernel // 2 + 1):
        for theirs in ("same", "valid"):
            module = torch.nn.MaxPool2d(kernel, 2, padding, ceil_mode=ceil_mode)
            found, apart, _ = compared(module, [layers.MaxPooling2D(kernel, 2, theirs)], (3, size, size))
            if apart < CLOSE:
                assert found["equal"], (module, theirs)
            elif apart != float("inf"):
                assert found["aligned"] is False, (module, theirs)


def test_what_is_added_to_the_variance() -> None:
    import torch
    from keras import layers

    found, apart, _ = compared(torch.nn.BatchNorm2d(3), [layers.BatchNormalization()], (3, 5, 5))
    assert apart > CLOSE
    assert "epsilon" in kinds(found)
    found, apart, _ = compared(torch.nn.BatchNorm2d(3), [layers.BatchNormalization(epsilon=1e-5)], (3, 5, 5))
    assert apart < CLOSE
    assert "epsilon" not in kinds(found)


@pytest.mark.parametrize("kind", ["LSTM", "GRU"])
@pytest.mark.parametrize("reset_after", [True, False])
def test_gates_and_biases_as_they_are_told(kind: str, reset_after: bool) -> None:
    """The weights are ported as the notes say: rows reordered, biases added up."""
    import keras
    import torch
    from keras import layers

    torch.manual_seed(0)
    module = getattr(torch.nn, kind)(3, 4, batch_first=True)
    more = {"reset_after": reset_after} if kind == "GRU" else {}
    layer = getattr(layers, kind)(4, return_sequences=True, recurrent_activation="sigmoid", **more)
    layer.build((None, 6, 3))
    rows = [1, 0, 2] if kind == "GRU" else [0, 1, 2, 3]

    def ordered(held: Any) -> Any:
        return torch.cat([held.detach().chunk(len(rows))[row] for row in rows])

    first, second = (ordered(held) for held in (module.bias_ih_l0, module.bias_hh_l0))
    both = torch.stack([first, second]) if kind == "GRU" and reset_after else first + second
    layer.set_weights([ordered(module.weight_ih_l0).T.numpy(), ordered(module.weight_hh_l0).T.numpy(), both.numpy()])
    found, apart, _ = compared(module, [layer], (6, 3))
    assert ("reset" in kinds(found)) == (kind == "GRU" and not reset_after) == (apart > CLOSE)
    assert ("gates" in kinds(found)) == (kind == "GRU")
    assert ("biases" in kinds(found)) == (kind == "LSTM")
    assert keras.__version__


@pytest.mark.parametrize("channels", [1, 4])
def test_a_flatten_of_channels(channels: int) -> None:
    import torch
    from keras import layers

    torch.manual_seed(0)
    module = torch.nn.Sequential(torch.nn.Flatten(), torch.nn.Linear(channels * 12, 5))
    weights, bias = (held.detach() for held in (module[1].weight, module[1].bias))
    layer = layers.Dense(5)
    layer.build((None, channels * 12))
    layer.set_weights([weights.T.numpy(), bias.numpy()])
    found, apart, _ = compared(module, [layers.Flatten(), layer], (channels, 3, 4))
    assert ("order" in kinds(found)) == (channels > 1) == (apart > CLOSE)
    permuted = weights.view(5, channels, 12).transpose(1, 2).reshape(5, -1)  # as the note says
    layer.set_weights([permuted.T.numpy(), bias.numpy()])
    assert compared(module, [layers.Flatten(), layer], (channels, 3, 4))[1] < CLOSE
