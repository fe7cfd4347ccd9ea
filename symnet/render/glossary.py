"""Words of the field that are no layer: what they mean, and the laws in which they stand."""

from __future__ import annotations

from dataclasses import dataclass

from symnet.layers.law import Law
from symnet.network.network import Network

__all__ = ["WORDS", "Word", "laws_of", "word_named"]


@dataclass(frozen=True)
class Word:
    """A word with its other spellings, its meaning in sentences, and ``networks`` whose laws show it."""

    name: str
    also: tuple[str, ...]
    meaning: tuple[str, ...]
    networks: tuple[str, ...] = ()
    see: tuple[str, ...] = ()


WORDS = (
    Word(
        "padding",
        ("pad amounts", "zero padding"),
        (
            "Entries added before and after an axis, so that windows may start earlier and end later; zeros unless said otherwise.",
            "An amount P is added on both sides; (before, after) are two amounts; valid, same, same_lower and causal are rules.",
        ),
        ("(1*W) -> Conv|1|F|S|P",),
        ("symnet explain same", "symnet explain valid", "symnet explain ZeroPad"),
    ),
    Word(
        "same",
        ("same padding", "same_upper", "same_lower"),
        (
            "As much padding as gives ⌈W/S⌉ windows: the output is as large as the input where the stride is 1.",
            "An odd entry is added after the axis (same_lower: before it). How much is added depends on W where S > 1.",
        ),
        ("(1*W) -> Conv|1|F|S|same",),
        ("symnet explain conv --framework torch",),
    ),
    Word(
        "valid",
        ("valid padding", "no padding"),
        ("No padding: every window lies within the input. In the law P is 0.",),
        ("(1*W) -> Conv|1|F|S",),
    ),
    Word(
        "causal",
        ("causal padding",),
        ("All padding stands before the axis, so that no output depends on a later entry.",),
        ("(1*W) -> Conv|1|F|S|causal",),
    ),
    Word(
        "output_padding",
        ("output padding",),
        (
            "S sizes in a row are taken to the same size by a convolution with stride S. A transposed convolution gives the least of"
            " them; output_padding O asks for the one that is O larger.",
            "No zeros are added to the output: O more positions are calculated at its end.",
        ),
        ("(1*W) -> Deconv|1|F|S|P", "(1*W) -> Deconv|1|F|S|P|output_padding=O"),
        ("symnet explain deconv", "symnet figure \"(1*5) -> Deconv|1|3|2\" --kind fibre -o fibre.svg"),
    ),
    Word("stride", ("strides",), ("The step S from one window to the next.",), ("(1*W) -> Conv|1|F|S",)),
    Word(
        "dilation",
        ("dilation rate", "atrous"),
        ("The step D from one entry of a window to the next: F entries then span D(F − 1) + 1 of the input.",),
        ("(1*W) -> Conv|1|F|S|dilation=D",),
    ),
    Word(
        "ceil_mode",
        ("ceil mode",),
        (
            "The number of windows is rounded up: a last window may reach past the end, unless it would start in the padding after"
            " the input.",
        ),
        ("(1*W) -> Maxpool|F|S|P|ceil_mode=yes",),
    ),
    Word(
        "receptive field",
        ("receptive-field", "field of view"),
        (
            "The entries of the input that one output entry depends on. A layer with kernel F on outputs that stand j entries of the"
            " input apart adds (F − 1)·j to its size; then they stand S·j apart. With dilation D it adds D(F − 1)·j.",
            "It starts as one entry, j = 1. Attention and recurrence see everything: no window bounds it.",
        ),
        (),
        ("symnet report NET", "symnet figure NET --kind receptive-field -o field.svg"),
    ),
    Word(
        "flops",
        ("flop", "macs", "mac", "multiply-adds", "multiply-accumulate", "madds"),
        (
            "symnet counts multiply-adds (MACs): one multiplication and the addition of its result. One is 2 FLOPs, so FLOPs are twice"
            " as many; some tools print multiply-adds and call them FLOPs.",
            "A convolution has one for every output entry, tap and input channel of its group: K·H'·W'·F·F·C/g. A dense layer has as"
            " many as weights. Biases, activations and pools are not counted.",
        ),
        (),
        ("symnet table NET",),
    ),
    Word(
        "gates",
        ("gate", "lstm gates", "cell state", "hidden state"),
        (
            "A gate is a dense layer on the step x and the state h before it, (a + b + 1)·b numbers, whose outputs in (0, 1) are factors.",
            "LSTM: i, f, o = σ(U x + V h + c) and g = tanh(U x + V h + c), each with weights of its own: four; then"
            " s' = f·s + i·g and h' = o·tanh(s').",
            "GRU: r, z = σ(…), n = tanh(U x + c + r·(V h + d)): three; then h' = (1 − z)·n + z·h. A plain RNN has the one tanh.",
        ),
        (),
        ("symnet explain lstm", "symnet explain gru"),
    ),
)  # fmt: skip


def _spelled(name: str) -> str:
    return " ".join(name.lower().replace("_", " ").replace("-", " ").split())


def word_named(name: str) -> Word | None:
    """The word that goes by this name.

    >>> word_named("Output-Padding").name
    'output_padding'
    """
    wanted = _spelled(name)
    return next((word for word in WORDS if wanted in map(_spelled, (word.name, *word.also))), None)


def laws_of(word: Word) -> list[tuple[str, Law]]:
    """The laws that show it, each with the network whose it is."""
    found: list[tuple[str, Law]] = []
    for text in word.networks:
        for place in Network.parse(text).placed[1:]:
            found += [(text, map_.law) for map_ in place.applied.maps if map_ is not None]
    return found
