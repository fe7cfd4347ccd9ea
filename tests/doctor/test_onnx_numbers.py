"""ONNX models that work, each broken in one number: the doctor finds what onnxruntime refuses, and onnxruntime runs what it offers."""

from __future__ import annotations

import random
import zlib

import pytest

from tests.doctor.onnx_models import MODELS, Graph, broken, made, put, run

pytestmark = pytest.mark.frameworks

#: So many numbers of each model are broken.
EACH = 6


def refused(graph: Graph) -> bool:
    try:
        run(made(graph), graph.input)
    except Exception:  # noqa: BLE001  # whatever onnxruntime raises
        return True
    return False


def wrong_numbers(name: str, graph: Graph) -> list[tuple[str, Graph]]:
    """The same of them in every run."""
    ways = list(broken(graph))
    random.Random(zlib.crc32(name.encode())).shuffle(ways)
    return [(words, one) for words, one in ways if refused(one)][:EACH]


@pytest.mark.parametrize("name", MODELS)
def test_one_number_that_is_wrong_is_found_and_mended(name: str) -> None:
    from symnet import doctor

    graph = MODELS[name]
    assert run(made(graph), graph.input)
    assert doctor(made(graph), graph.input).ok
    for words, wrong in wrong_numbers(name, graph):
        found = doctor(made(wrong), wrong.input)
        assert not found.ok, words
        assert found.layer
        for fix in found.fixes:
            assert fix.tried, (words, fix)
            if fix.kind == "input":
                run(made(wrong), tuple(map(int, fix.code.split()[1].split("*"))))
            else:
                run(put(made(wrong), fix.code, found.layer), wrong.input)
        assert found.fixes, words


#: A model broken as people's are: the node, and words of a change that must be offered.
BROKEN = {
    "dense after convolutions": ("arrays", "w2", (10, 100), "gemm_3", "w2 of 10 × 196"),
    "reshape": ("numbers", "s", [-1, 100], "reshape_2", "s [-1, 196]"),
    "u net": ("input", None, (3, 15, 13), "concat_3", "output_padding=[1, 1]"),
    "channels last": ("input", None, (3, 8, 9), "conv_1", "an input of 8 × 9 × 3"),
    "residual": ("arrays", "w2", (5, 4, 1, 1), "add_2", "w2 of 6 × 4 × 1 × 1"),
    "depthwise": ("arrays", "w1", (8, 4, 3, 3), "conv_0", "group=2"),
    "autoencoder": ("input", None, (1, 27, 27), "sub_3", "an input of 1 × 28 × 28"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_the_node_its_rows_and_where_its_numbers_come_from(name: str) -> None:
    from symnet import doctor

    part, key, value, layer, change = BROKEN[name]
    graph = MODELS[name]
    wrong = graph._replace(**{part: value if key is None else {**getattr(graph, part), key: value}})
    found = doctor(made(wrong), wrong.input)
    assert found.layer == layer
    assert any(change in fix.change for fix in found.fixes), [fix.change for fix in found.fixes]
    first = layer.endswith("_0")
    assert bool(found.rows) != first
    assert first or any(str(link).endswith("of the input") for link in found.chain)


def test_an_error_of_from_onnx_carries_what_mends_the_model() -> None:
    import symnet

    graph = MODELS["u net"]._replace(input=(3, 15, 13))
    with pytest.raises(symnet.ModelError, match=r"output_padding=\[1, 1\] would fit") as refusal:
        symnet.from_onnx(made(graph), input=graph.input)
    assert refusal.value.layer == "concat_3"
    assert refusal.value.condition == "15 = 14, 13 = 12"
    assert refusal.value.fixes[0]["tried"].startswith("onnxruntime")
