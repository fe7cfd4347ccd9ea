"""Attention, squeeze-excitation and embeddings against the counts of Keras, PyTorch and published networks."""

from __future__ import annotations

from itertools import product as indices

import pytest

from tests.layers.asking import output, parameters, refusal, sizes, work

COUNTS = {
    # torch.nn.MultiheadAttention(512, 8): in_proj 3·512·512 + 3·512, out_proj 512·512 + 512
    "(10, 512) -> MHA|8": 1050624,
    "(10, 512) -> MHA|8|bias=no": 1048576,
    "(10, 512) -> MHA|8|framework=torch": 1050624,
    # keras.layers.MultiHeadAttention(num_heads=2, key_dim=2) on 16 features
    "(8, 16) -> MHA|2|2": 3 * (16 * 4 + 4) + 4 * 16 + 16,
    "(8, 16) -> MHA|2|2|3|output_dim=5": 2 * (16 * 4 + 4) + 16 * 6 + 6 + 6 * 5 + 5,
    "(8, 16) -> MHA|4|4|kv_heads=2": (16 * 16 + 16) + 2 * (16 * 8 + 8) + 16 * 16 + 16,
    "(64*7*7) -> SE": (64 + 1) * 4 + (4 + 1) * 64,
    "(70*7*7) -> SE|16": (70 + 1) * 4 + (4 + 1) * 70,
    "100 -> Embedding|5000|32": 160000,
    "(12, 8) -> PositionEmbedding|50": 400,
    "(12, 8) -> ClassToken": 8,
    # Keras's example text_classification_with_transformer: 646,080 in the embeddings, 10,656 in the block
    "200 -> Embedding|20000|32 -> PositionEmbedding @x -> MHA|2|32 -> Add|x -> LayerNorm @y"
    " -> FC|32 -> ReLU -> FC|32 -> Add|y -> LayerNorm": 646400 + 10656,
}


@pytest.mark.parametrize(("network", "expected"), COUNTS.items(), ids=str)
def test_counts(network: str, expected: int) -> None:
    assert parameters(network) == expected


def test_vision_transformer() -> None:
    """torchvision.models.vit_b_16: 86,567,656 parameters."""
    block = (
        "@x -> LayerNorm -> MHA|12 -> Add|x @y -> LayerNorm"
        " -> TimeDistributed|3072 -> GELU -> TimeDistributed|768 -> Add|y"
    )
    network = (
        "(3*224*224) -> Conv|768|16|16 -> Flatten|start_dim=2 -> Permute|2*1 -> ClassToken -> PositionEmbedding"
        f" -> 12 * [{block}] -> LayerNorm -> Slice|1|0|1 -> Squeeze|1 -> FC|1000"
    )
    assert parameters(network) == 86567656
    assert sizes(network) == (1000,)


SIZES = {
    "(8, 16) -> MHA|2": (8, 16),
    "(8, 16) -> MHA|2|2|3|output_dim=5": (8, 5),
    "HWC:4x5x16 -> MHA|2": (4, 5, 16),
    "(64*7*7) -> SE|16": (64, 7, 7),
    "100 -> Embedding|5000|32": (100, 32),
    "(12, 8) -> ClassToken": (13, 8),
}


@pytest.mark.parametrize(("network", "expected"), SIZES.items(), ids=str)
def test_sizes(network: str, expected: tuple[int, ...]) -> None:
    assert sizes(network) == expected


def test_symbols_stay() -> None:
    assert output("T -> Embedding|V|D -> MHA|h|k -> ClassToken") == ("T + 1", "D")


def attended(steps: int, features: int, heads: int, key: int, value: int) -> int:
    """The products of one self-attention, one by one."""
    total = 0
    for _ in indices(range(steps), range(heads)):
        total += sum(1 for _ in indices(range(features), range(key))) * 2  # queries and keys
        total += sum(1 for _ in indices(range(features), range(value)))
        total += sum(1 for _ in indices(range(steps), range(key)))  # one row of QKᵀ
        total += sum(1 for _ in indices(range(steps), range(value)))  # its weights times V
    return total + sum(1 for _ in indices(range(steps), range(features), range(heads), range(value)))


@pytest.mark.parametrize(("key", "value"), [(3, 3), (2, 5)])
def test_multiply_adds_are_those_of_a_run(key: int, value: int) -> None:
    assert work(f"(4, 6) -> MHA|2|{key}|{value}") == attended(4, 6, 2, key, value)
    assert work(f"HWC:2x2x6 -> MHA|2|{key}|{value}") == attended(4, 6, 2, key, value)


REFUSED = {
    "(2*T) -> Conv|32|8 -> MHA|4": "write Permute|2*1 before it, or the input channels last, TD:(T*C)",
    "(2*T) -> Maxpool|2 -> PositionEmbedding": "write Permute|2*1 before it",
    "(2*T) -> Avgpool|2 -> ClassToken": "write Permute|2*1 before it",
    "16 -> MHA|2": "needs a sequence (T, D), got one size",
    "(3*8*8) -> MHA|2": "make it (T, D) before",
    "(8, 15) -> MHA|2": "the heads share the features evenly: 2 ∣ 15 does not hold",
    "(8, 16) -> MHA|4|kv_heads=3": "heads of queries share those of keys evenly: 3 ∣ 4 does not hold",
    "(8, 16) -> MHA": "MultiHeadAttention needs heads",
    "(8, 16) -> MHA|2|4|framework=torch": "PyTorch has embed_dim / num_heads numbers a head",
    "(8*4*4) -> SE|16": "there is at least one unit: 16 ≤ 8 does not hold",
    "(8*4*4) -> SE|0": "ratio must be at least 1, got 0",
    "(8, 16) -> Embedding|100|8": "needs a row of words (T,), got 2 sizes",
    "8 -> Embedding|100": "Embedding needs dim",
    "(60, 8) -> PositionEmbedding|50": "every step has a place: 60 ≤ 50 does not hold",
    "HWC:4x4x8 -> ClassToken": "needs a sequence (T, D), got 3 sizes",
}


@pytest.mark.parametrize(("network", "expected"), REFUSED.items(), ids=str)
def test_refusals(network: str, expected: str) -> None:
    assert expected in refusal(network)
