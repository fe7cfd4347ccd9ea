from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from symnet.errors import NotationError, SymnetError
from symnet.graph import Graph, Node, input_layout
from symnet.layers.declaration.registry import KINDS
from symnet.layers.declaration.shape import CHANNELS_FIRST, CHANNELS_LAST, SEQUENCE, VECTOR, Shape
from symnet.layers.kinds.convolution import Conv
from symnet.layers.kinds.dense import Dense
from symnet.layers.kinds.elementwise import Activation, Dropout
from symnet.layers.kinds.joins import Concat, Crop
from symnet.layers.kinds.merges import Add
from symnet.layers.kinds.normalization import BatchNorm
from symnet.layers.kinds.pooling import MaxPool
from symnet.layers.kinds.recurrent import LSTM
from symnet.layers.laws.padding import EXPLICIT, SAME, Padding
from symnet.notation.parse import INPUT, parse_network, parse_question
from symnet.notation.writer import write_network
from symnet.terms.term import Symbol, Term, integer, symbols_of

MNIST = "(1*28*28) -> Conv|32|5*5|1 -> Maxpool|2*2 -> Conv|32|3*3|1 -> Maxpool|2*2 -> FC|256 -> FC|10"
DQN = (
    "HWC:80x80x4 -> Conv|32|8*8|4|same -> Maxpool|2*2|2|same -> Conv|64|4*4|2|same -> Conv|64|3|1|same"
    " -> Flatten -> FC|512 -> FC|2"
)


def shape(*sizes: int | Term, layout: str = CHANNELS_FIRST) -> Shape:
    return Shape(tuple(size if isinstance(size, Term) else integer(size) for size in sizes), layout)


def chain(text: str) -> list[object]:
    return [node.layer for node in parse_network(text).nodes]


INPUTS = [
    ("(1*28*28)", shape(1, 28, 28)),
    ("1*28*28", shape(1, 28, 28)),
    ("(1, 28, 28)", shape(1, 28, 28)),
    ("1, 28, 28", shape(1, 28, 28)),
    ("3x224x224", shape(3, 224, 224)),
    ("3 x 224 × 224", shape(3, 224, 224)),
    ("CHW:3x224x224", shape(3, 224, 224)),
    ("HWC:80x80x4", shape(80, 80, 4, layout=CHANNELS_LAST)),
    ("hwc: (80, 80, 4)", shape(80, 80, 4, layout=CHANNELS_LAST)),
    ("784", shape(784, layout=VECTOR)),
    ("(784,)", shape(784, layout=VECTOR)),
    ("((2*K))", shape(2 * Symbol("K"), layout=VECTOR)),
    ("(T, D)", shape(Symbol("T"), Symbol("D"))),
    ("TD:16x4096", shape(16, 4096, layout=SEQUENCE)),
    ("(C*H*W)", shape(Symbol("C"), Symbol("H"), Symbol("W"))),
    ("(1, 2*W + 1, W**2)", shape(1, 2 * Symbol("W") + 1, Symbol("W") ** 2)),
    ("3x(2*W)xmax(W, 7)", None),
    ("xs*max*x", shape(Symbol("xs"), Symbol("max_"), Symbol("x"))),
]


@pytest.mark.parametrize(("text", "expected"), INPUTS[:-2])
def test_inputs(text: str, expected: Shape | None) -> None:
    found = parse_network(f"{text} -> FC|10").input
    assert expected is None or found == expected


def test_an_x_inside_a_name_is_a_letter() -> None:
    assert [size.name for size in parse_network("xs*axes*x -> FC|1").input.dims if isinstance(size, Symbol)] == [
        "xs",
        "axes",
        "x",
    ]
    assert len(parse_network("3x(2*W)xmax(W, 7) -> FC|1").input.dims) == 3
    assert chain("3x8x8 -> Conv|8|3 x 5") == [Conv(8, (3, 5))]


def test_channels_last_stays_with_a_vector() -> None:
    graph = parse_network("HWC:32 -> FC|1024")
    assert graph.input.layout == VECTOR
    assert graph.input.data_format == CHANNELS_LAST
    assert write_network(graph) == "HWC:32 -> FC|1024"


K, P = Symbol("K"), Symbol("P", 0)
LAYERS = [
    ("Conv|32|5*5|1", Conv(32, (5, 5))),
    ("conv|32|5x3", Conv(32, (5, 3))),
    ("CONV2D|32|3", Conv(32, 3, rank=2)),
    ("Conv|32|(3, 5)", Conv(32, (3, 5))),
    ("Conv|filters=32|kernel_size=3", Conv(32, 3)),
    ("Conv|kernel=3|32", Conv(32, 3)),
    ("Conv | 32 |\n 3 | pad = 1", Conv(32, 3, padding=1)),
    ("Conv|32|3|2|SAME", Conv(32, 3, 2, Padding(SAME))),
    ("Conv|32|3|2|same-lower", Conv(32, 3, 2, "same_lower")),
    ("Conv|32|3|1|causal", Conv(32, 3, 1, "causal")),
    ("Conv|32|3|1|1*2", Conv(32, 3, 1, (1, 2))),
    ("Conv|32|3|1|(1, 2)", Conv(32, 3, 1, ((1, 2),))),
    ("Conv|32|3|1|(1, 2)*(0, 1)", Conv(32, 3, 1, ((1, 2), (0, 1)))),
    ("Conv|(2*K)|3|2|P", Conv(2 * K, 3, 2, P)),
    ("Conv|K + 1|3|2|(P + 1, P)", Conv(K + 1, 3, 2, ((P + 1, P),))),
    ("Conv|32|3|bias=no|dilation_rate=2", Conv(32, 3, bias=False, dilation=2)),
    ("Maxpool|2*2", MaxPool((2, 2))),
    ("MaxPooling2D|3|2", MaxPool(3, 2, rank=2)),
    ("dense|10", Dense(10)),
    ("Linear|10|axis=last", Dense(10, axis="last")),
    ("ReLU", Activation("relu")),
    ('Activation|"tanh"', Activation("tanh")),
    ("activation|tanh", Activation("tanh")),
    ("Dropout|0.5", Dropout("0.5")),
    ("LSTM|20|biases=2|return_sequences=yes", LSTM(20, return_sequences=True, biases="2")),
    ("FC|10|framework=torch", Dense(10, framework="torch")),
    (r'FC|10|name="a \"b\" | -> # \\ ü"', Dense(10, name='a "b" | -> # \\ ü')),
    ("FC|10|name=conv1", Dense(10, name="conv1")),
]


@pytest.mark.parametrize(("text", "layer"), LAYERS)
def test_layers(text: str, layer: object) -> None:
    assert chain(f"(3*8*8) -> {text}") == [layer]


def test_lets() -> None:
    text = """let K = 8  # filters
        let L = 2*K + F; let n = 2 let framework = Torch
        (3*F*F) -> n * [Conv|K|F] -> FC|L|framework=keras"""
    conv, again, dense = parse_network(text).nodes
    assert conv.layer == again.layer == Conv(8, Symbol("F"), framework="torch")
    assert dense.layer == Dense(2 * integer(8) + Symbol("F"), framework="keras")
    assert chain("let K = 4*8\n784 -> FC|K") == [Dense(32)]


def test_lines_comments_and_arrows() -> None:
    text = "# a network\r\n(1*28*28) # the input -> with an arrow\n\t→ Conv|32|\n5*5 -> # and so on\nFC|10 # the end"
    assert chain(text) == [Conv(32, (5, 5)), Dense(10)]


def leasts(text: str) -> dict[str, int | None]:
    graph = parse_network(text)
    terms = [*graph.input.dims]
    for node in graph.nodes:
        for spec in node.layer.specs():
            value = getattr(node.layer, spec.name)
            values = [term for pair in value.pairs for term in pair] if isinstance(value, Padding) else value
            terms += [
                term for term in (values if isinstance(values, list | tuple) else [values]) if isinstance(term, Term)
            ]
    return {symbol.name: symbol.least for symbol in symbols_of(*terms)}


SIGNS = [
    ("(3*W*W) -> Conv|K|F|S|P", {"W": 1, "K": 1, "F": 1, "S": 1, "P": 0}),
    ("(3*W*W) -> Conv|8|3|1|q", {"W": 1, "q": 0}),
    ("(3*W*W) -> Conv|8|q|1|q", {"W": 1, "q": 1}),
    ("(3*W*W) -> Conv|8|3|1|q -> Conv|8|(q + 1)", {"W": 1, "q": 0}),  # q + 1 is a kernel when q is 0
    ("(3*W*W) -> Conv|8|(2*P + 1)|1|P", {"W": 1, "P": 0}),
    ("(3*W*W) -> Conv|8|3|1|P -> Conv|8|P", {"W": 1, "P": 1}),
    ("let q = P\n(3*W*W) -> Conv|8|3|1|P -> Conv|8|q", {"W": 1, "P": 1}),
    ("let q = r + 1\n(3*W*W) -> Conv|8|3|1|q", {"W": 1, "r": 0}),
    ("(3*P*P) -> Conv|8|3|1|1", {"P": 1}),
]


@pytest.mark.parametrize(("text", "expected"), SIGNS)
def test_a_symbol_has_one_sign(text: str, expected: dict[str, int]) -> None:
    assert leasts(text) == expected


GRAPHS = [
    ("784 @a -> FC|784 -> Add|a", [(0,), (1, 0)]),
    ("784 -> FC|784 -> Add|input", [(0,), (1, 0)]),
    ("784 -> FC|8 @h -> FC|2 @mu -> From|h -> FC|2 @logvar", [(0,), (1,), (1,)]),
    ("784 -> FC|8 @a -> FC|8 @b -> FC|8 -> Concat|a|b|axis=1", [(0,), (1,), (2,), (3, 1, 2)]),
    ("784 -> 2 * [@a -> FC|784 -> Add|a]", [(0,), (1, 0), (2,), (3, 2)]),
    ("784 -> FC|784 @x -> 2 * [FC|784 -> Add|x @x] -> Add|x", [(0,), (1,), (2, 1), (3,), (4, 3), (5, 5)]),
    ("784 -> 2 * [2x[FC|8] -> BN]", [(0,), (1,), (2,), (3,), (4,), (5,)]),
    ("(1*8*8) @a -> Conv|1|3 @b -> From|a -> Crop|b", [(0,), (0, 1)]),
]


@pytest.mark.parametrize(("text", "sources"), GRAPHS)
def test_labels_and_repeats(text: str, sources: list[tuple[int, ...]]) -> None:
    graph = parse_network(text)
    assert [node.sources for node in graph.nodes] == sources
    assert parse_network(write_network(graph)) == graph


def test_labels_that_are_kept() -> None:
    graph = parse_network("784 @in -> FC|8 @a -> FC|8 @_b -> 2 * [FC|8 @c] -> Add|a|_b|in @layer1.0")
    assert graph.input_label == "in"
    assert [node.label for node in graph.nodes] == ["a", None, None, None, "layer1.0"]
    assert write_network(graph) == "784 @in -> FC|8 @a -> FC|8 @_2 -> FC|8 -> FC|8 -> Add|a|_2|in @layer1.0"


def test_writing() -> None:
    assert write_network(parse_network(DQN)).startswith("HWC:(80*80*4) -> Conv|32|8*8|4|same -> Maxpool|2*2|2|same")
    assert (
        write_network(parse_network("let framework=keras\n784->FC|8->ReLU"))
        == "let framework = keras;\n784 -> FC|8 -> ReLU"
    )
    wide = write_network(parse_network("784 -> 40 * [FC|8]"))
    assert max(map(len, wide.splitlines())) <= 100
    odd = Graph(
        shape(784, layout=VECTOR),
        (Node(Dense(8, name="a\nb\x00\ud800"), (0,), "not a label"), Node(Add(), (1, 0), "input")),
    )
    assert [node.layer for node in parse_network(write_network(odd)).nodes] == [Dense(8, name="a\nb\x00\ud800"), Add()]
    padded = Graph(shape(3, 8, 8), (Node(Conv(8, 3, 1, Padding(EXPLICIT, ((Symbol("valid", 0),) * 2,))), (0,)),))
    assert parse_network(write_network(padded)) == padded


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.kind)
def test_the_examples_of_every_kind(kind: type) -> None:
    for example in kind.examples:  # type: ignore[attr-defined]
        graph = parse_network(f"{example.input} -> {example.notation}")
        assert any(isinstance(node.layer, kind) for node in graph.nodes)
        assert parse_network(write_network(graph)) == graph


QUESTIONS = [
    ("(3,224,224) -> Conv|64|7*7|S|3 = (64,112,112)", (64, 112, 112)),
    ("(3,224,224) -> Conv|64|7*7|S|3=(64,112,112)", (64, 112, 112)),
    ("(1,W,W) -> Conv|8|5|4|0 = (_,10,10)", (None, 10, 10)),
    ("(3,224,224) -> Conv|64|F|S|P = (64*112*112)", (64, 112, 112)),
    ("(3,224,224) -> Conv|64|F|S|P=(64,112,112)", (64, 112, 112)),
    ("(3,8,8) -> Conv|64|3|pad = (1, 2) = 64 x _ x _", (64, None, None)),
    ("(3,8,8) -> Conv|64|3|padding=(1, 2)", None),
    ("(1,7,7) -> Conv|1|3|2|same = (1, 4, 4)", (1, 4, 4)),
    ("(1,7,7) -> Maxpool|3|2|same=(1,4,4)", (1, 4, 4)),
    ("784 -> FC|10 -> relu = 10", (10,)),
    ("784 -> FC|10\n= input # itself", INPUT),
    ("784 -> FC|10", None),
]


@pytest.mark.parametrize(("text", "target"), QUESTIONS)
def test_questions(text: str, target: tuple[int | None, ...] | str | None) -> None:
    found = parse_question(text)
    wanted = tuple(None if size is None else integer(size) for size in target) if isinstance(target, tuple) else target
    assert found.target == wanted
    assert found.source == text


def test_a_target_has_the_symbols_of_the_network() -> None:
    question = parse_question("(1,N,N) -> Conv|1|F|S|P = (1,o,P)")
    assert question.target is not None
    assert question.target[1:] == (Symbol("o"), Symbol("P"))
    assert symbols_of(*question.graph.nodes[0].layer.padding.pairs[0]) == [Symbol("P")]  # type: ignore[attr-defined]


def test_a_file_may_stand_for_the_network() -> None:
    asked: list[str] = []

    def load(name: str) -> str:
        asked.append(name)
        if name == "none.net":
            raise FileNotFoundError(2, "No such file or directory")
        return "(3*W*W) -> Conv|8|3|1|P  # no more" + ("\n= input" if name == "whole.net" else "")

    question = parse_question("examples/my net.net = (_, 7, 7)", load)
    assert question.target == (None, integer(7), integer(7))
    assert parse_question("whole.net", load).target == INPUT
    assert parse_question("a.net", load).target is None
    assert asked == ["examples/my net.net", "whole.net", "a.net"]
    for text, message in [
        ("none.net = input", "cannot read none.net: No such file or directory"),
        ("whole.net = input", "whole.net has a target already"),
    ]:
        with pytest.raises(NotationError, match=message):
            parse_question(text, load)
    with pytest.raises(NotationError, match="a network's file cannot be read here"):
        parse_question("a.net")


# ---- round trips -----------------------------------------------------------------------------------------------------

positive = st.sampled_from([Symbol(name) for name in ("W", "F", "K1", "x", "D_2")])
padding_like = st.sampled_from([Symbol(name, 0) for name in ("P", "P_2", "output_padding")])


def expressions(symbols: st.SearchStrategy[Symbol], least: int) -> st.SearchStrategy[Term]:
    numbers = st.integers(least, 20).map(integer)
    plain = symbols | numbers
    return (
        plain | st.builds(lambda a, b: a * b, plain, symbols) | st.builds(lambda a, b: (a + 3) // 2 - b, plain, symbols)
    )


counts = expressions(positive, 1)
amounts = expressions(padding_like, 0)
words = st.none() | st.text(max_size=6).map(lambda text: text.replace("\t", " "))
per_axis = st.lists(counts, min_size=1, max_size=3).map(tuple)
pairs = st.lists(st.tuples(amounts, amounts), min_size=1, max_size=3)
paddings = st.sampled_from(["valid", "same", "same_lower"]) | st.lists(amounts, min_size=1, max_size=3) | pairs
plain_layers = st.one_of(
    st.builds(
        Conv, counts, per_axis, per_axis, paddings, dilation=per_axis, groups=counts, bias=st.booleans(), name=words
    ),
    st.builds(Conv, counts, per_axis, framework=st.sampled_from([None, "torch", "keras"])),
    st.builds(MaxPool, per_axis, st.none() | per_axis, paddings),
    st.builds(Dense, counts, axis=st.sampled_from([None, "last", "all"]), name=words),
    st.builds(Activation, st.sampled_from(["relu", "tanh", "my own"])),
    st.builds(Dropout, st.none() | st.sampled_from(["0.5", "1e-3"])),
    st.builds(BatchNorm, momentum=st.none() | st.just(0.9)),
    st.builds(LSTM, counts, biases=st.sampled_from("012")),
)


@st.composite
def graphs(draw: st.DrawFn) -> Graph:
    layout = draw(st.sampled_from([CHANNELS_FIRST, CHANNELS_LAST, SEQUENCE, VECTOR]))
    number = {VECTOR: 1, SEQUENCE: 2}.get(layout) or draw(st.integers(2, 4))
    labels = draw(st.lists(st.none() | st.from_regex(r"[a-z][a-z.0-9_]{0,4}", fullmatch=True), min_size=1, max_size=8))
    labels = [None if label == "input" or label in labels[:index] else label for index, label in enumerate(labels)]
    nodes: list[Node] = []
    for place, label in enumerate(labels[1:]):
        places = st.integers(0, place)
        source = draw(st.just(place) | places)
        joined = draw(st.lists(places, max_size=2))
        joins = st.builds(Add) | st.builds(Concat, axis=st.none() | st.integers(1, 3), name=words)
        layer = draw(joins | st.builds(Crop) if len(joined) == 1 else joins) if joined else draw(plain_layers)
        nodes.append(Node(layer, (source, *joined), label))
    sizes = tuple(draw(st.lists(counts, min_size=number, max_size=number)))
    nodes = nodes or [Node(Dense(10), (0,))]
    if layout == CHANNELS_FIRST:
        layout = input_layout(number, [node.layer for node in nodes if 0 in node.sources])
    return Graph(Shape(sizes, layout), tuple(nodes), labels[0])


@given(graphs())
def test_every_graph_comes_back(graph: Graph) -> None:
    # a symbol that stands in paddings only is made non-negative: give all the others a place of their own
    declared = Conv(8, tuple(Symbol(name) for name in ("W", "F", "K1")), (Symbol("x"), Symbol("D_2"), integer(1)))
    graph = Graph(graph.input, (*graph.nodes, Node(declared, (len(graph.nodes),))), graph.input_label)
    text = write_network(graph)
    assert parse_network(text) == graph
    assert write_network(parse_network(text)) == text


@pytest.mark.parametrize("text", [MNIST, DQN])
def test_the_networks_of_the_notes_come_back(text: str) -> None:
    graph = parse_network(text)
    assert parse_network(write_network(graph)) == graph


# ---- whatever the text, only a SymnetError ---------------------------------------------------------------------------

pieces = st.sampled_from(
    [
        *"()[]|=@*x,;:\"#_→\n 0379", *["->"] * 4, "Conv", "FC|10", "Add|a", "From|a", "let", "let K = 3\n", "784",
        "(1*8*8)", "HWC:", "2 * [", "input", "same", "(1, 2)", "name=", "@a", "min", "//", "**", "P", "\\", "-1", ".5",
        "x.net",
    ]
)  # fmt: skip


@given(
    st.text()
    | st.lists(pieces, max_size=25).map("".join)
    | st.lists(pieces, max_size=12).map(lambda words: f"{MNIST} -> {''.join(words)}")
)
def test_any_text_is_read_or_refused(text: str) -> None:
    for parse in (parse_network, parse_question):
        with suppress(SymnetError):
            parse(text)
