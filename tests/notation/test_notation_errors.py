from __future__ import annotations

import re
from itertools import product

import pytest

from symnet.errors import NotationError
from symnet.notation.parse import parse_network, parse_question

# text, where the caret stands, the first line of the message
#: A layer's own fields first, then what all have.
OF_DENSE = "units, bias, inputs, axis, l2, l1, bias_l2, activation, name, framework, shares, borrows, frozen, freezes, penalties, loss"

NETWORKS = [
    ("", 0, "the network is empty: an input, then layers, as in 784 -> FC|10"),
    ("   # only a comment", 19, "the network is empty: an input, then layers, as in 784 -> FC|10"),
    ("784", 3, "the network has no layers: they follow the input, as in 784 -> FC|10"),
    ("Conv|32|5", 0, "the input is missing: its sizes come first, as in (1*28*28) -> Conv|32|5*5"),
    ("Flatten -> FC|10", 0, "the input is missing: its sizes come first, as in (1*28*28) -> Conv|32|5*5"),
    ("-> FC|10", 0, "the input is missing: its sizes come first, as in (1*28*28) -> Conv|32|5*5"),
    ("784 ->", 4, "a layer is missing between '->' and the end"),
    ("784 -> -> FC|10", 4, "a layer is missing between '->' and '->'"),
    ("784 -> FC|10 ->", 13, "a layer is missing between '->' and the end"),
    ("784 FC|10", 4, "'->' is missing before 'FC'"),
    ("(3,8,8) | Conv|8|3", 8, "'->' is missing after the input: a bar stands before an argument"),
    ("784 -> FC|10|softmax", 13, "too many arguments: without a name, FC takes only units; did you mean '-> softmax'?"),
    ("(3;8;8) -> ReLU", 2, "unexpected ';': use , between sizes"),
    ("(3,8,8) -> 3 * Conv|8|3", 15, "a repeat has brackets around its layers: 3 * [Conv|…]"),
    (
        "(3,8,8) -> Reshape(3, 64)",
        22,
        "Reshape takes no more than 1 argument without a name; did you mean 'Reshape((3, 64))'?",
    ),
    ("(3,8,8) @b -> ReLU @c -> Add|a", 29, "unknown label 'a'; there are b and c"),
    ("(3,8,8) -> F.relu(x)", 11, "F.relu(…) is a function of tensors: a network has its layer; did you mean 'relu'?"),
    (
        "(3,8,8) -> self.conv1(x)",
        11,
        "self.conv1 is a name in Python code: write the layer that it is, as in Conv|8|3; or let symnet read the code, symnet "
        "doctor file.py:Class",
    ),
    (
        "nn.Linear(784, 10)",
        0,
        "the input is missing: its sizes come first, then the layers one after another, as in (3*32*32) -> nn.Conv2d(3, 8, 3) -> "
        "nn.ReLU()",
    ),
    (
        "resnet18",
        0,
        "this is neither a network nor a file: a model is named with its module, as in torchvision.models:resnet18, with --import; a "
        "network is an input and layers, as in 784 -> FC|10",
    ),
    ("784 -> FC", 7, "FC needs units (number of units), as in FC|256"),
    ("784 -> FC|10|5", 13, "too many arguments: without a name, FC takes only units"),
    ("784 -> FC|10|units=5", 13, "FC has units twice"),
    ("784 -> FC|10|unit=5", 13, "FC has no 'unit'; did you mean 'units'?"),
    ("784 -> FC|10|bais=no", 13, "FC has no 'bais'; did you mean 'bias'?"),
    ("784 -> FC|10|bias=maybe", 18, "bias must be yes or no, got 'maybe'"),
    ("784 -> FC|2*K", 10, "units is one number; a product stands in parentheses, as in (2*K)"),
    ("784 -> FC|", 9, "an argument of FC is empty"),
    ("784 -> FC||3", 10, "an argument of FC is empty"),
    ("784 -> Cov|3|3", 7, "unknown layer kind 'Cov'; did you mean 'Conv'?"),
    ("784 -> FC|10 FC|3", 13, "'->' is missing before 'FC'"),
    ("784 -> FC|10 relu", 13, "'->' is missing before 'relu'"),
    ("(3,8,8) -> Conv 8 3", 11, "a layer's arguments stand between bars; did you mean 'Conv|8|3'?"),
    ("(3,8,8) -> Conv:8:3", 11, "a layer's arguments stand between bars; did you mean 'Conv|8|3'?"),
    ("784 -> nn.Sequential(nn.ReLU())", 7, "the layers inside are written one after another, with -> between them"),
    ("784 -> torch.relu", 7, "unknown layer kind 'torch.relu'; did you mean 'relu'?"),
    ("(3,8,8) -> Conv|8|3|'same'", 20, "stride is a number, and 'same' a padding; did you mean 'padding=same'?"),
    ("(-1,3,8,8) -> Conv|8|3", 1, "a size must be at least 1, got -1; the batch is left out"),
    ("784 -> BN relu", 10, "'->' is missing before 'relu'"),
    ("784 -> BN @a relu", 13, "'->' is missing before 'relu'"),
    ("(3*8*8) -> Conv|32|2.5", 20, "unexpected '.': all numbers here are integers"),
    ("(3*8*8) -> Conv|32|3|0", 21, "stride must be at least 1, got 0"),
    ("(3*8*8) -> Conv|32|3|1|-1", 23, "padding must be at least 0, got -1"),
    ("(3*8*8) -> Conv|0|3", 16, "filters must be at least 1, got 0"),
    ("(3*8*8) -> Conv|32|3*0", 21, "kernel must be at least 1, got 0"),
    ("(3*8*8) -> Conv|32|3|1|(0, -1)", 27, "padding must be at least 0, got -1"),
    ("(3*8*8) -> Conv|32|3|1|smae", 23, "unknown padding 'smae'; did you mean 'same'?"),
    (
        "(3*8*8) -> Maxpool|2|1|causal",
        23,
        "padding 'causal' does not exist here; use a number or valid or same or same_lower",
    ),
    ("(3*8*8) -> Conv|32|3*", 21, "a size is missing"),
    ("(3*8*8) -> Conv|32|3x3x3x3", 19, "kernel takes one size, or one an axis (at most 3), got 4"),
    ("(3*8*8) -> Conv|32|(3, 3, 3, 3)", 19, "kernel takes one size, or one an axis (at most 3), got 4"),
    ("(3*8*8) -> Conv|32|3|1|(1,2,3)", 23, "padding is an amount, a*b an axis, or (before, after), got 3 amounts"),
    ("(3*8*8) -> Conv2D|32|3|rank=3", 23, "rank is 2 by the layer's kind already"),
    ("(3*0*8) -> FC|3", 3, "a size must be at least 1, got 0"),
    ("(3*-5*8) -> FC|3", 3, "a size must be at least 1, got -5"),
    ("(3*8*8 -> FC|3", 0, "this parenthesis is not closed"),
    ("3*8)*8 -> FC|3", 3, "unexpected ')': no parenthesis is open"),
    (
        "HCW:3x4x5 -> FC|1",
        0,
        "unknown prefix 'HCW': CHW: stands for channels first, HWC: for channels last, NCHW: and NHWC: for a batch before them",
    ),
    ("NHWC:3x4 -> FC|1", 0, "NHWC: stands before 3 sizes after the batch, got 2"),
    ("(3,,4) -> FC|1", 3, "a size is missing"),
    ("() -> FC|1", 1, "a size is missing"),
    ("784 -> 3 * [FC|3", 11, "this bracket is not closed"),
    ("784 -> FC|3]", 11, "unexpected ']': no bracket is open"),
    ("784 -> [FC|3]", 7, "unexpected '[': a repeat is written 3 * [ … ], other brackets are ( and )"),
    ("784 -> 3 * []", 11, "a layer is missing between '[' and ']'"),
    ("784 -> 0 * [FC|3]", 7, "a repeat counts from 1, got 0"),
    ("784 -> n * [FC|3]", 7, "a repeat needs a number, and 'n' has none: set it with a let"),
    ("784 -> 20001 * [FC|3]", 16, "more than 20,000 layers and labels, repeats written out"),
    ("784 -> FC|[3|2]", 10, "unexpected '[': a repeat is written 3 * [ … ], other brackets are ( and )"),
    ("784 -> 3 [FC|2]", 9, "unexpected '[': a repeat is written 3 * [ … ], other brackets are ( and )"),
    ("784 -> FC|3 @", 12, "a label's name is missing after '@'"),
    ("784 -> FC|3 @a -> FC|3 @a", 24, "the label 'a' is used twice"),
    ("784 -> FC|3 @input", 13, "'input' is a reserved word"),
    ("784 -> FC|3 @abc -> From|abd -> FC|3", 25, "unknown label 'abd'; did you mean 'abc'?"),
    ("784 -> From|a", 12, "unknown label 'a'; @ gives an output its label, as in Conv|8|3 @a"),
    ("784 -> From -> FC|3", 7, "From takes one label, as in From|a"),
    ("784 @a -> From|a", 10, "no layer follows From"),
    ("784 -> FC|input", 10, "'input' is a reserved word, no symbol"),
    ("784 -> FC|_", 10, "'_' is a reserved word, no symbol"),
    ("let K -> FC", 6, "a let is written let K = 32"),
    ("let = 3", 4, "a let is written let K = 32"),
    ("let K = \n784 -> FC|3", 6, "let K has no value"),
    ("let K = 3 784 -> FC|3", 14, "a let ends with its line or at ';', before the input"),
    ("let K = J\nlet J = 3\n784 -> FC|K", 8, "'J' is not set yet"),
    ("let K = K\n784 -> FC|K", 8, "'K' is not set yet"),
    ("let K=1;let K=2;784->FC|K", 12, "'K' is set twice"),
    ("let input = 3;784->FC|3", 4, "'input' is a reserved word"),
    (
        "let framework = tensorfow\n784->FC|3",
        16,
        "framework must be one of keras, torch, tensorflow, onnx, got 'tensorfow'; did you mean 'tensorflow'?",
    ),
    ("784 -> let K = 3 -> FC|K", 7, "a let stands before the input"),
    ("let K = (3\n784 -> FC|3", 8, "this parenthesis is not closed"),
    ("784 -> FC|3 = (3)", 12, "unexpected '=': an argument is name=value, and a target makes it a question"),
    ('784 -> FC|3|name="a', 17, "this quote is not closed"),
    ('784 -> FC|3|name="a\\x"', 17, 'in quotes, write \\\\ for \\ and \\" for "'),
    ("784 -> FC|3|name=a b", 17, 'write name in quotes, as in name="a b"'),
    ("784 -> FC|3\x00", 11, "the text holds the control character U+0000"),
    ("784 -> FC|3\u202e", 11, "the text holds the control character U+202E"),
    ("784 -> FC|³", 10, "unexpected '³': use ** for a power"),
    ("784 -> ＦＣ|3", 7, "unknown layer kind 'ＦＣ'"),
    ("784 -> FC|10**9**9", 15, "a power of a power needs parentheses: (a**b)**c"),
    ("784 -> Dropout|high", 15, "rate must be a number, got 'high'"),
    ("784 -> FC|a/b", 11, "unexpected '/': use // for division rounded down, ceildiv(a, b) for division rounded up"),
    ("784 -> FC|(a", 10, "this parenthesis is not closed"),
    ("784 => FC|10", 4, "'->' is missing before '='"),
    (
        "784 -> LSTM|3|return_sequences",
        14,
        "too many arguments: without a name, LSTM takes only units; did you mean 'return_sequences=yes'?",
    ),
    ("784 - > FC|3", 8, "'->' is missing before 'FC'"),
    ("784 | FC", 4, "'->' is missing after the input: a bar stands before an argument"),
    ("let K = 32", 10, "the network is empty: an input, then layers, as in 784 -> FC|10"),
    ("784 -> FC|10,20", 10, "units is one number"),
    ("784 -> From|", 7, "From takes one label, as in From|a"),
    ("784 -> |3", 4, "a layer is missing between '->' and '|'"),
    ("(3*8*8) -> Conv|32|3|same", 21, "stride is a number, and 'same' a padding; did you mean 'padding=same'?"),
    ("\ud800 -> FC|3", 0, "the text holds the control character U+D800"),
    ("784 -> Add", 7, "Add joins its input with labelled outputs: name them, as in Add|a"),
    ("784 -> FC|784 @a -> Add|b", 24, "unknown label 'b'; there is a"),
    ("784 -> FC|8 @a -> Crop|a|a", 18, "Crop takes 1 label, as in Crop|a, got 2"),
    ("784 @a -> Concat|a|axes=1", 19, "Concat has no 'axes'; did you mean 'axis'?"),
    ("784 @a -> Concat|(a)", 17, "'(a)' is not a label: letters, digits, _ and ."),
    ("784 @a -> Add|a FC|3", 16, "'->' is missing before 'FC'"),
    ("(3*8*8) -> Conv|32|valid", 19, "kernel is a number, and 'valid' a padding; did you mean 'padding=valid'?"),
    ("784 -> 3 * [FC|8 @a] -> Add|a", 28, "unknown label 'a'; @ gives an output its label, as in Conv|8|3 @a"),
    ("784 -> 2 * [FC|8 @a -> FC|8 @a]", 29, "the label 'a' is used twice"),
    ("784 -> FC|3|framework=caffe", 22, "framework must be one of keras, torch, tensorflow, onnx, got 'caffe'"),
    ("784 -> FC|3 @a [", 15, "'->' is missing before '['"),
    (
        "(3*8*8) -> Conv|K|F|S|P|D",
        24,
        "too many arguments: without a name, Conv takes only filters, kernel, stride, padding",
    ),
    ("784 -> relu|tanh|1|2", 17, "too many arguments: without a name, Activation takes only alpha"),
    ("784 -> relu|function=tanh", 12, "function is relu by the layer's kind already"),
    ("784 -> FC|x*", 12, "a size is missing"),
    ("784 -> FC|F**G", 13, "unexpected 'G': expected a numeral from 0 to 64 as exponent"),
    ("784 -> FC|10|bias", 13, "too many arguments: without a name, FC takes only units; did you mean 'bias=yes'?"),
    (
        "784 -> FC|10|strange=1",
        13,
        "FC has no 'strange'; it has " + OF_DENSE,
    ),
    ("784\n-> FC|10\n-> FCC|3", 16, "unknown layer kind 'FCC'; did you mean 'FC'?"),
    ("784 -> FC|10 # FC|3\n FC|2", 21, "'->' is missing before 'FC'"),
    ("(3*8*8) -> Conv|8|3|1|(1 2)", 25, "unexpected '2': expected * between factors: 1*2"),
    ("(3*8*8) -> Conv|8|3|1|a b", 24, "unexpected 'b': expected * between factors: a*b"),
    ("784 -> N * [FC|3]", 7, "a repeat needs a number, and 'N' has none: set it with a let"),
    ("let N = M\n784 -> N * [FC|3]", 17, "a repeat needs a number, and 'N' has none: set it with a let"),
    (
        "let K = 1/2\n784 -> FC|K",
        9,
        "unexpected '/': use // for division rounded down, ceildiv(a, b) for division rounded up",
    ),
    ("let K = 3.5\n784 -> FC|K", 9, "unexpected '.': all numbers here are integers"),
    ("let 3 = K\n784 -> FC|K", 4, "a let is written let K = 32"),
    ("784 -> let -> FC|3", 7, "a let stands before the input"),
    ("let framework = caffe\n784 -> FC|3", 16, "framework must be one of keras, torch, tensorflow, onnx, got 'caffe'"),
]
QUESTIONS = [
    ("784 -> FC|3 =", 12, "the target is missing after '=', as in = (64, 112, 112)"),
    ("784 -> FC|3 = (3) = (4)", 18, "unexpected '=': the target ends a question"),
    ("784 -> FC|3 = (3) -> FC|3", 18, "unexpected '->': the target ends a question"),
    ("784 -> FC|3 = (0)", 15, "a size must be at least 1, got 0"),
    (
        "784 -> FC|3|foo=(3)",
        12,
        "FC has no 'foo'; it has " + OF_DENSE,
    ),
    ("(3*8*8) -> Conv|3|3|strid = 2", 20, "Conv has no 'strid'; did you mean 'stride'?"),
    ("784 -> FC|3 = (input, 3)", 15, "'input' is a reserved word, no symbol"),
    ("784 -> FC|3 = (3, _ + 1)", 18, "'_ + 1' is no size: write commas, as in (64, _, 7)"),
    ("784 -> FC|3 = 64x_a", 17, "'_a' is no size: write commas, as in (64, _, 7)"),
    ("784 -> FC|3 = (3,,4)", 17, "a size is missing"),
    ("784 -> FC|3 = (3", 14, "this parenthesis is not closed"),
    ("784 -> FC|3 = x.net", 15, "unexpected '.': all numbers here are integers"),
    (" = (3)", 1, "the input is missing: its sizes come first, as in (1*28*28) -> Conv|32|5*5"),
    ("784 = (3)", 4, "the network has no layers: they follow the input, as in 784 -> FC|10"),
    ("784 -> From|input = (784)", 7, "no layer follows From"),
    ("784 @a -> FC|3 -> From|a = (784)", 18, "no layer follows From"),
]


@pytest.mark.parametrize(("text", "position", "message"), NETWORKS)
def test_networks(text: str, position: int, message: str) -> None:
    with pytest.raises(NotationError) as refused:
        parse_network(text)
    assert str(refused.value).splitlines()[0] == message
    assert refused.value.position == position


@pytest.mark.parametrize(("text", "position", "message"), QUESTIONS)
def test_questions(text: str, position: int, message: str) -> None:
    with pytest.raises(NotationError) as refused:
        parse_question(text)
    assert str(refused.value).splitlines()[0] == message
    assert refused.value.position == position


def test_the_caret_stands_under_the_spot() -> None:
    with pytest.raises(NotationError) as refused:
        parse_network("(3*8*8)\t-> Conv|32|3\r\n\t-> Maxpol|2")
    assert str(refused.value) == "unknown layer kind 'Maxpol'; did you mean 'Maxpool'?\n   -> Maxpol|2\n      ^"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("784 -> " + "2*[" * 51 + "FC|3" + "]" * 51, "more than 50 repeats inside each other"),
        ("784 -> FC|8 -> 20000 * [FC|3]", "more than 20,000 layers and labels, repeats written out"),
        ("x" * 1_000_001, "a text of 1,000,001 characters is out of reach (at most 1,000,000)"),
        ("784 -> " + "y" * 300 + "|3", "unknown layer kind 'yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy…'"),
        ("784 -> FC|" + "y" * 300, "a name of 300 characters is out of reach (at most 200)"),
        ("784 -> FC|" + "9" * 2000, "a number of 2000 digits is out of reach (at most 1000)"),
        ("let a = 1;" * 1001 + "784 -> FC|3", "more than 1000 lets"),
    ],
    ids=range(7),
)
def test_too_much(text: str, message: str) -> None:
    with pytest.raises(NotationError) as refused:
        parse_network(text)
    assert str(refused.value).splitlines()[0] == message


AMOUNTS = ["1", "2", "0", "(1,2)", "(3, 4)", "W-1", "(W+1)", "P"]


@pytest.mark.parametrize("listed", ["{},{}", "[{}, {}]", "[{},{},1]", "{},{},0"])
def test_padding_that_is_advised_is_read(listed: str) -> None:
    """Whatever list of amounts is refused, every padding= in the advice is one that the parser takes."""
    advised = 0
    for one, two in product(AMOUNTS, AMOUNTS):
        amounts = listed.format(one, two)
        try:
            parse_network(f"(1,32,32) -> Conv|16|3|1|{amounts}")
        except NotationError as refused:
            advice = refused.message.partition("write ")[2]
            assert advice, (amounts, refused.message)
            for line in advice.split(", or "):
                argument = line.removesuffix(" an axis").removesuffix(" before and after")
                parse_network(f"(1,32,32) -> Conv|16|3|1|{argument}")
                advised += 1
    assert advised > 40


def test_pairs_that_are_the_same_on_every_axis_are_pairs() -> None:
    assert parse_network("(1,28,28) -> Conv|8|3|1|(1,2),(1,2)") == parse_network("(1,28,28) -> Conv|8|3|1|(1,2)*(1,2)")
    for amounts in ("1,2,3,4", "[(1,2,3),0]", "(1,2),(1,2),(1,2),(1,2)"):
        with pytest.raises(NotationError, match=r"three at most\), or \(before, after\), as in padding=\(1, 2\)\*0"):
            parse_network(f"(1,28,28) -> Conv|8|3|1|{amounts}")


@pytest.mark.parametrize("text", ["3xx32x32", "3x32xx32", "3xxx32", "3XX32x32"])
def test_a_size_that_is_missing_between_two_cuts(text: str) -> None:
    for network in (f"{text} -> Conv|8|3", f"(3,64,64) -> Conv|8|{text}"):
        with pytest.raises(NotationError, match="a size is missing"):
            parse_network(network)


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("covn", "Conv"), ("flaten", "Flatten"), ("fc1", "FC"), ("embed", "Embedding"), ("lin", "linear"),
        ("floor", "Activation|floor"), ("sqrt", "Activation|sqrt"),
    ],
)  # fmt: skip
def test_a_word_that_nearly_is_a_kind(word: str, meant: str) -> None:
    with pytest.raises(NotationError, match=f"unknown layer kind '{word}'; did you mean '{re.escape(meant)}'"):
        parse_network(f"(3*8*8) -> {word}")


@pytest.mark.parametrize(
    "word", ["foo", "bar", "resblock", "mod", "xyz", "pool", "poolin", "backbone", "head", "cell", "proj", "stage1"]
)
def test_another_word_has_no_advice(word: str) -> None:
    with pytest.raises(NotationError) as refused:
        parse_network(f"(3*8*8) -> {word}")
    assert "did you mean" not in str(refused.value)


def test_no_activation_is_made_of_a_word_that_is_none() -> None:
    [note] = parse_network("(3*8*8) -> Conv|8|3|activation=foo").notes
    assert "write" not in note
    [note] = parse_network("(3*8*8) -> Conv|8|3|activation=softmx").notes
    assert "write softmax" in note
