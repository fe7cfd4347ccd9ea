"""ONNX's own tests of its operators: the output shapes of every model that symnet can say, as they are recorded.

Inputs with as many dimensions as the first one, and its first dimension, stay inputs; the others become initializers. Where
that is refused, those with its first dimension stay, or the first alone, or all, or the last. A test is left out by one of
the rules of ``EXCLUDED``.
"""

from __future__ import annotations

import re
import warnings
from collections import Counter
from collections.abc import Iterator
from functools import cache
from typing import Any

import numpy as np
import pytest

from symnet.errors import ModelError
from symnet.frontends.flow import Flow
from symnet.frontends.onnx.constants.table import FOLDS
from symnet.frontends.onnx.importer import Importer
from symnet.frontends.onnx.ops.table import OPERATORS
from symnet.frontends.onnx.values import Array
from tests.frontends.onnx.protos import onnx

pytestmark = pytest.mark.frameworks

#: Why a test is not compared: what the refusal says, and the reason.
EXCLUDED = (
    (r"no layer is known for", "the operator is not one that symnet knows"),
    (
        r"batch|all samples|reads \(|vector|first dimension|each sample|each of them",
        "the first dimension is no batch: the node works along it",
    ),
    (r"dimension of size 0|at least one entry|got 0", "the tensor is empty"),
    (r"depends on the (model's )?input|known before|no numbers", "sizes are computed from data"),
    (r"number depends on their values", "how many come out depends on the data"),
    (r"is no tensor|has no input", "the input is a sequence, an optional, or none"),
    (r"one letter", "an equation that takes a diagonal or has no batch"),
    (
        r"kind of|kind than numbers|not known|unknown|looks up|more dimensions|other sizes",
        "weights of unusual shapes or types",
    ),
    (r"of an opset before 9", "Scan had another form up to opset 8"),
    (r"does not depend", "no output depends on the input"),
)


@cache
def cases() -> tuple[Any, ...]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from onnx.backend.test.case.node import collect_testcases

        return tuple(case for case in collect_testcases(None) if case.data_sets)


def dims(value: Any) -> tuple[int, ...]:
    return tuple(value.dims) if hasattr(value, "data_type") else np.shape(value)


def variants(case: Any) -> Iterator[Any]:
    """The model with some of its inputs as initializers, with the numbers that were recorded for them."""
    inputs, _ = case.data_sets[0]
    shapes = [
        dims(value) if isinstance(value, np.ndarray | np.generic) or hasattr(value, "dims") else None
        for value in inputs
    ]
    first = shapes[0] if shapes else None
    alike = {
        index
        for index, shape in enumerate(shapes)
        if shape is not None and first and len(shape) == len(first) and shape[:1] == first[:1]
    }
    leading = {
        index for index, shape in enumerate(shapes) if shape and first and shape[0] == first[0] and len(shape) > 1
    }
    for kept in (alike, leading, {0}, set(range(len(inputs))), {len(inputs) - 1}):
        found = onnx.ModelProto()
        found.CopyFrom(case.model)
        del found.graph.input[:]
        for index, (value, numbers) in enumerate(zip(case.model.graph.input, inputs, strict=True)):
            if index in kept or shapes[index] is None:
                found.graph.input.append(value)
                continue
            tensor = numbers if hasattr(numbers, "data_type") else onnx.numpy_helper.from_array(np.asarray(numbers))
            found.graph.initializer.append(tensor)
            found.graph.initializer[-1].name = value.name
        yield found


def compared(case: Any) -> list[Any]:
    """Where the outputs differ from those recorded. Raises :class:`ModelError` where no variant is imported."""
    refused: ModelError | None = None
    for proto in variants(case):
        try:
            importer = Importer(proto, None, opaque=False)
            importer.network("a node")
        except ModelError as error:
            refused = refused or error
            assert "\n" not in str(error)
            continue
        found = []
        for value, recorded in zip(case.model.graph.output, case.data_sets[0][1], strict=True):
            ours = importer.state.values.get(value.name)
            sizes = (
                importer.state.sizes(ours) if isinstance(ours, Flow) else ours.dims if isinstance(ours, Array) else None
            )
            if sizes is not None and tuple(size.constant for size in sizes) != dims(recorded):
                found.append((value.name, [size.constant for size in sizes], dims(recorded)))
        return found
    raise refused or ModelError("the model has no input")


@pytest.mark.filterwarnings("ignore::")
def test_output_shapes_are_those_recorded() -> None:
    counts: Counter[str] = Counter()
    wrong, unexplained = [], []
    for case in cases():
        try:
            found = compared(case)
        except ModelError as refused:
            reason = next((why for pattern, why in EXCLUDED if re.search(pattern, str(refused))), None)
            counts[reason or "?"] += 1
            if reason is None:
                unexplained.append((case.name, str(refused)))
            continue
        counts["compared"] += 1
        wrong += [(case.name, *difference) for difference in found]
    assert wrong == []
    assert unexplained == []
    assert counts["compared"] >= 1250, counts


@pytest.mark.filterwarnings("ignore::")
def test_operators_that_symnet_knows_are_left_out_for_a_reason_of_their_own() -> None:
    """Every operator with a handler is compared at least once, if ONNX tests it with a batch."""
    seen, known = set(), {*OPERATORS, *FOLDS}
    for case in cases():
        nodes = case.model.graph.node
        if len(nodes) != 1 or nodes[0].op_type not in known or nodes[0].op_type in seen:
            continue
        try:
            compared(case)
        except ModelError:
            continue
        seen.add(nodes[0].op_type)
    tested = {case.model.graph.node[0].op_type for case in cases() if len(case.model.graph.node) == 1}
    missing = (known & tested) - seen
    assert missing <= {
        "Binarizer",  # of the domain ai.onnx.ml
        "Compress", "NonMaxSuppression", "Unique", "NonZero",  # how many come out depends on the data
        "Constant", "ConstantOfShape", "If", "Range", "Shape", "Size", "Tile", "Trilu",  # no batch, or along it
        "HannWindow", "HammingWindow", "BlackmanWindow", "MelWeightMatrix",  # nothing that depends on an input
        "OptionalHasElement", "SequenceInsert", "SequenceMap", "SplitToSequence",  # sequences, compared elsewhere
    }  # fmt: skip
