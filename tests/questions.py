"""The questions that symnet is asked in its examples: for the committed page of answers, and for its test."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from symnet.notation.parse import parse_question
from symnet.render.answers import markdown
from symnet.solving.api import solve

__all__ = ["QUESTIONS", "questions_page"]

ROOT = Path(__file__).parent.parent

#: What a person asks, the question, and its options.
QUESTIONS: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ("Which stride takes 224 to 112?", "(3,224,224) -> Conv|64|7*7|S|3 = (64,112,112)", {}),
    (
        "Which images does the tutorial's network flatten to 400?",
        "(3,H,W) -> Conv|6|5 -> Maxpool|2 -> Conv|16|5 -> Maxpool|2 -> Flatten = (400)",
        {},
    ),
    ("Which inputs give 10?", "(1,W,W) -> Conv|8|5|4|0 = (_,10,10)", {}),
    (
        "Which small kernels, strides and paddings take 224 to 112?",
        "(3,224,224) -> Conv|64|F|S|P = (64,112,112)",
        {"where": "F<=11, S<=5, P<=5"},
    ),
    ("Which stride takes N to o?", "(1,N,N) -> Conv|1|F|S|P = (1,o,o)", {"for_": "S"}),
    (
        "Which outputs may a transposed convolution of 2 have?",
        "(1,2,2) -> Deconv|1|3|2|same|output=O = (1,O,O)",
        {"for_": "O"},
    ),
    ("Which U-Net sizes divide exactly?", "examples/unet.net", {"for_": "W", "exact": True}),
    ("Which VGG16 sizes divide exactly?", "examples/vgg16.net", {"for_": "W", "exact": True}),
    ("Which VGG16 sizes work at all?", "examples/vgg16.net", {"for_": "W"}),
    ("For which inputs is ResNet-50's last map 7 × 7?", "examples/resnet50.net = (_,7,7)", {"for_": "W"}),
    ("Which inputs does the autoencoder give back in their own size?", "examples/autoencoder.net", {"for_": "W"}),
    ("How wide may the layers be?", "examples/mlp.net", {"for_": "K", "budget": "parameters<=1000000"}),
    (
        "How many filters under two budgets?",
        "(3,64,64) -> Conv|K|3|1|1 -> Conv|K|3|2|1",
        {"for_": "K", "budget": "multiply_adds<=100000000, activations<=400000"},
    ),
    (
        "Which paddings make two branches meet?",
        "(8,28,28) @x -> Conv|8|3|2|P1 @a -> From|x -> Conv|8|5|2|P2 -> Add|a",
        {"where": "P1<=3, P2<=3"},
    ),
    (
        "Which padding equals SAME at 224 with a 7 × 7 kernel and stride 2?",
        "(3,224,224) -> Conv|64|7|2|P = (64,112,112)",
        {},
    ),
    ("Which stride in the middle?", "(1,64,64) -> Conv|8|3|1|1 -> Conv|8|3|S|1 -> Maxpool|2 = (8,8,8)", {}),
    ("How many unpadded convolutions take 64 to 10?", "(8,64,64) -> N * [Conv|8|3] = (8,10,10)", {"where": "N<=50"}),
    (
        "How many of them, and from which size?",
        "(8,W,W) -> N * [Conv|8|3] = (8,10,10)",
        {"where": "N<=10, W<=24"},
    ),
    (
        "How often, and with which stride?",
        "(8,64,64) -> N * [Conv|8|3|S|1] = (8,8,8)",
        {"where": "N<=5"},
    ),
    (
        "How deep may a network of 256 units a layer be?",
        "784 -> N * [FC|256] -> FC|10",
        {"where": "N<=20", "budget": "parameters<=1000000"},
    ),
    (
        "How often may an image be halved, from which sizes?",
        "(3,W,W) -> N * [Conv|8|3|1|1 -> Maxpool|2]",
        {"where": "N<=4", "exact": True},
    ),
    (
        "Which heights and widths divide exactly?",
        "(1*H*W) -> Conv|1|3|2|1 -> Conv|1|3|2|0",
        {"for_": "W", "exact": True},
    ),
    ("Which kernel keeps every size?", "(1,W,W) -> Conv|8|F|1|P = (_,W,W)", {"for_": "F"}),
    ("Which padding keeps the size, whatever it is?", "(1,W,W) -> Conv|8|3|1|P = (_,W,W)", {"every": "W"}),
    (
        "How many 3 × 3 convolutions see 65 pixels?",
        "(3,W,W) -> N * [Conv|8|3|1|1]",
        {"where": "receptive_field>=65, N<=40"},
    ),
    ("Which padding belongs to a kernel that keeps every size?", "(3,W,W) -> Conv|64|F|1|P = (64,W,W)", {"for_": "P"}),
    ("Which stride of a transposed convolution gives 9?", "(1*W) -> Deconv|1|2|S|P = (_,9)", {"for_": "S"}),
    ("Which stride takes 224 to 100?", "(3,224,224) -> Conv|64|7*7|S|3 = (64,100,100)", {}),
)


def questions_page() -> str:
    """All of them with their answers and derivations, as Markdown."""
    parts = [
        "# Questions, answered completely",
        "Each answer is a theorem: a value solves the question ⇔ it is in the set.",
    ]
    for asked, question, options in QUESTIONS:
        found = solve(parse_question(question, load=lambda name: (ROOT / name).read_text(encoding="utf-8")), **options)
        shown = ", ".join(f"{name.rstrip('_')} {value}" for name, value in options.items())
        parts += [f"## {asked}", f"`{question}`" + (f" ({shown})" if shown else ""), markdown(found).rstrip()]
    return "\n\n".join(parts) + "\n"
