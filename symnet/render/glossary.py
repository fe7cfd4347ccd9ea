"""Words of the field that are no layers: their meaning, and the laws in which they occur."""

from __future__ import annotations

from dataclasses import dataclass

from symnet.layers.laws.law import Law
from symnet.network.network import Network

__all__ = ["WORDS", "Word", "laws_of", "word_named"]


@dataclass(frozen=True)
class Word:
    """A word with its other spellings, its meaning in sentences, the ``networks`` whose laws show it, and commands to ``see``."""

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
        "l2",
        ("l1", "regularizer", "regularization", "kernel_regularizer", "weight decay", "penalty", "penalties"),
        (
            "A penalty on a layer's weights is added to the loss: λ Σ w² (L2) or λ Σ |w| (L1), λ as Keras writes it, without a half.",
            "Its gradient is 2λw, or λ·sign(w): a step of plain gradient descent with rate η shrinks each weight by 2ηλw, which is weight"
            " decay d = 2λ; with momentum or Adam the two are not the same. Sizes and parameters do not change.",
        ),
        (),
        (
            "symnet report \"784 -> FC|64|l2=0.001 -> FC|10\"",
            "symnet explain l2-gradient",
            "symnet explain weight-decay-sgd",
            "symnet explain weight-decay-adam",
        ),
    ),
    Word(
        "loss",
        ("losses", "loss function", "objective", "cross-entropy", "crossentropy"),
        (
            "What training makes small: one number made of the outputs and the labels, with the penalties on weights added.",
            "Binary cross-entropy −(y ln p + (1 − y) ln(1 − p)) goes with one sigmoid unit, categorical cross-entropy −Σ y ln p with a"
            " softmax; before the sigmoid or softmax the gradient of either is p − y. A loss has no parameters and changes no size.",
        ),
        (),
        (
            "symnet report \"784 -> FC|10 -> Softmax|loss=categorical_crossentropy\"",
            "symnet explain binary-crossentropy-gradient",
            "symnet explain categorical-crossentropy-gradient",
        ),
    ),
    Word(
        "gates",
        (
            "gate",
            "lstm gates",
            "gru gates",
            "cell state",
            "hidden state",
            "forget gate",
            "input gate",
            "output gate",
            "cell gate",
            "candidate",
            "reset gate",
            "update gate",
        ),
        (
            "A gate is a dense layer on the step x and the state h before it, (a + b + 1)·b numbers, whose outputs in (0, 1) are factors.",
            "LSTM: the input gate i, the forget gate f and the output gate o are σ(U x + V h + c), the candidate (cell gate) g is"
            " tanh(U x + V h + c), each with weights of its own: four; then s' = f·s + i·g and h' = o·tanh(s').",
            "So an LSTM has (a + b + 1)·b·4 numbers: a gate has b units, each with a weight for the a features of x, one for the b of h,"
            " and a bias; and there are four gates.",
            "GRU: the reset gate r and the update gate z are σ(…), the candidate n = tanh(U x + c + r·(V h + d)): three; then"
            " h' = (1 − z)·n + z·h. A plain RNN has the one tanh.",
        ),
        (),
        ("symnet explain lstm", "symnet explain gru"),
    ),
    Word(
        "kernel",
        ("kernels", "filter", "filters", "kernel size", "kernel_size", "window"),
        (
            "The window of F × F entries that moves along the input in steps of the stride: one number comes out for each place.",
            "A convolution has K filters, each with a kernel over all C input channels and a bias: (F·F·C + 1)·K parameters, and K"
            " channels come out.",
        ),
        ("(1*W) -> Conv|1|F|S",),
        ("symnet explain conv",),
    ),
    Word(
        "channels",
        ("channel", "feature map", "feature maps", "features", "depth"),
        (
            "How many numbers stand at each place: 3 for a colour image. A convolution with K filters gives K channels, each of which is"
            " a feature map; pools and activations keep them, Concat adds them.",
        ),
        (),
        ("symnet table \"(3,32,32) -> Conv|16|3 @a -> Conv|16|1 -> Concat|a\"",),
    ),
    Word(
        "groups",
        ("group", "grouped convolution", "depthwise"),
        (
            "The channels are divided into g groups, and every filter sees the C/g channels of its group: (F·F·C/g + 1)·K parameters. g"
            " divides C and K; with g = C the convolution is depthwise.",
        ),
        (),
        ("symnet table \"(32,28,28) -> Conv|64|3|groups=4\"", "symnet explain depthwiseconv"),
    ),
    Word(
        "parameters",
        ("parameter", "weight", "weights", "bias", "biases", "trainable parameters"),
        (
            "The numbers of a layer that training may change: the entries of its weight arrays (kernels, biases, scales). A bias is one"
            " number for each output unit or filter, the + 1 in (F·F·C + 1)·K and (a + 1)·b.",
            "The count is that of the entries, which is proven to be the formula; statistics such as the running mean of a batch"
            " normalization are counted and told apart, for they are not trained.",
        ),
        (),
        ("symnet table NET", "symnet explain batchnorm"),
    ),
    Word(
        "total stride",
        ("output stride", "total_stride", "jump", "downsampling factor"),
        (
            "How far apart the fields of two neighbouring outputs stand in the input: the product of the strides of all layers.",
            "A size near the input's divided by it comes out; questions can ask for it.",
        ),
        (),
        ("symnet solve \"(3,W,W) -> Conv|8|3|S|1 -> Maxpool|T\" --where \"total_stride=8\"",),
    ),
    Word(
        "exact",
        ("exactly", "divides exactly", "dropped", "dropped entries", "nothing dropped"),
        (
            "A layer divides exactly where its last window ends at the end of the padded input: S divides W − F + 2P. Otherwise the last"
            " (W − F + 2P) mod S entries are in no window: they are dropped.",
        ),
        ("(1*W) -> Conv|1|F|S|P",),
        ("symnet solve examples/vgg16.net --for W --exact",),
    ),
    Word(
        "hypothesis",
        ("hypotheses", "assumption", "assumed", "domain"),
        (
            "What a formula needs to be true, such as W ≥ 12: below that some window does not fit. Each one is printed, and a proof uses"
            " no other.",
        ),
        (),
        ("symnet report NET", "symnet check PROOF.json"),
    ),
    Word(
        "residue class",
        ("residue", "congruent", "congruence", "mod", "modulo"),
        (
            "W ≡ 12 (mod 16) says that W − 12 is a multiple of 16: W is 12, 28, 44, … Sizes at which every layer divides exactly are such"
            " a class: with total stride 16 every 16th size.",
        ),
        (),
        ("symnet solve examples/unet.net --for W --exact",),
    ),
    Word(
        "skip connection",
        ("skip", "skip connections", "residual connection", "shortcut", "branch"),
        (
            "An earlier output goes around some layers and is added (Add) or put beside the channels (Concat): both must have the same"
            " height and width, and for Add the same channels.",
        ),
        (),
        ("symnet explain add", "symnet explain concat", "symnet table \"(8,28,28) @a -> Conv|8|3|1|1 -> Add|a\""),
    ),
)  # fmt: skip


def _spelled(name: str) -> str:
    return " ".join(name.lower().replace("_", " ").replace("-", " ").split())


def word_named(name: str) -> Word | None:
    """The word with this name or spelling, or ``None``.

    >>> word_named("Output-Padding").name
    'output_padding'
    """
    wanted = _spelled(name)
    return next((word for word in WORDS if wanted in map(_spelled, (word.name, *word.also))), None)


def laws_of(word: Word) -> list[tuple[str, Law]]:
    """The laws that show the word, each with the text of its network."""
    laws: list[tuple[str, Law]] = []
    for text in word.networks:
        for node in Network.parse(text).placed[1:]:
            laws += [(text, map_.law) for map_ in node.applied.maps if map_ is not None]
    return laws
