"""Networks whose numbers are published or were counted by hand: what tests check and what reports/ shows."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["KNOWN", "Known"]


@dataclass(frozen=True)
class Known:
    """A network and what is known of it; ``sizes`` are the outputs of the layers that change them, in order."""

    name: str
    text: str
    sizes: tuple[tuple[int, ...], ...]
    parameters: int
    source: str
    non_trainable: int = 0
    multiply_adds: int | None = None
    closed_form: str | None = None
    #: size, stride and padding of what one unit of the last feature map sees
    field: tuple[int, int, int] | None = None

    def __str__(self) -> str:
        return self.name


KNOWN = (
    Known(
        "mnist",
        "(1*28*28) -> Conv|32|5*5|1 -> Maxpool|2*2 -> Conv|32|3*3|1 -> Maxpool|2*2 -> FC|256 -> FC|10",
        ((32, 24, 24), (32, 12, 12), (32, 10, 10), (32, 5, 5), (256,), (10,)),
        217_706,
        "the lecture notes' table",
        multiply_adds=1_589_760,
        closed_form="(W - 8)//4",
        field=(12, 4, 0),
    ),
    Known(
        "flappy_bird_dqn",
        "HWC:80x80x4 -> Conv|32|8*8|4|same -> Maxpool|2*2|2|same -> Conv|64|4*4|2|same -> Conv|64|3*3|1|same"
        " -> Flatten -> FC|512 -> FC|2",
        ((20, 20, 32), (10, 10, 32), (5, 5, 64), (1600,), (512,), (2,)),
        898_722,  # 8,224 + 32,832 + 36,928 + 819,712 + 1,026
        "the lecture notes: 20, 10, 5, 5, 1600, 512, 2",
        closed_form="(W + 15)//16",
    ),
    Known(
        "alexnet_conv1",
        "(3*227*227) -> Conv|96|11|4",
        ((96, 55, 55),),
        34_944,
        "cs231n: 55 × 55 × 96 outputs, 34,848 weights and 96 biases",
        multiply_adds=105_415_200,
        closed_form="(W - 7)//4",
        field=(11, 4, 0),
    ),
    Known(
        "vgg16",
        "(3*224*224) -> 2 * [Conv|64|3|1|1 -> ReLU] -> Maxpool|2 -> 2 * [Conv|128|3|1|1 -> ReLU] -> Maxpool|2"
        " -> 3 * [Conv|256|3|1|1 -> ReLU] -> Maxpool|2 -> 3 * [Conv|512|3|1|1 -> ReLU] -> Maxpool|2"
        " -> 3 * [Conv|512|3|1|1 -> ReLU] -> Maxpool|2 -> FC|4096 -> ReLU -> FC|4096 -> ReLU -> FC|1000",
        (
            (64, 224, 224),
            (64, 112, 112),
            (128, 112, 112),
            (128, 56, 56),
            (256, 56, 56),
            (256, 28, 28),
            (512, 28, 28),
            (512, 14, 14),
            (512, 7, 7),
            (4096,),
            (1000,),
        ),  # fmt: skip
        138_357_544,
        "Simonyan & Zisserman 2015; torchvision: 138,357,544 parameters, 15.47 G multiply-adds",
        multiply_adds=15_470_264_320,
        closed_form="W//32",
        field=(212, 32, 90),
    ),
    Known(
        "vgg16_features",
        "(3*W*W) -> 2 * [Conv|64|3|1|1] -> Maxpool|2 -> 2 * [Conv|128|3|1|1] -> Maxpool|2"
        " -> 3 * [Conv|256|3|1|1] -> Maxpool|2 -> 3 * [Conv|512|3|1|1] -> Maxpool|2 -> 3 * [Conv|512|3|1|1] -> Maxpool|2",
        (),
        14_714_688,
        "Araujo, Norris, Sim 2019: receptive field 212, stride 32, padding 90",
        closed_form="W//32",
        field=(212, 32, 90),
    ),
    Known(
        "world_models_vae",
        "HWC:64x64x3 -> Conv|32|4|2 -> Conv|64|4|2 -> Conv|128|4|2 -> Conv|256|4|2 -> Flatten @h -> FC|32|name=mu"
        " -> From|h -> FC|32|name=log_variance -> FC|1024 -> Reshape|1*1*1024 -> Deconv|128|5|2 -> Deconv|64|5|2"
        " -> Deconv|32|6|2 -> Deconv|3|6|2",
        (
            (31, 31, 32),
            (14, 14, 64),
            (6, 6, 128),
            (2, 2, 256),
            (1024,),
            (32,),
            (1024,),
            (1, 1, 1024),
            (5, 5, 128),
            (13, 13, 64),
            (30, 30, 32),
            (64, 64, 3),
        ),  # fmt: skip
        4_348_547,
        "Ha & Schmidhuber 2018, World Models, appendix: 4,348,547 parameters",
    ),
    Known(
        "lstm",
        "(16, 4096) -> LSTM|256",
        ((256,),),
        4_457_472,
        "the lecture notes, Keras: (4096 + 256 + 1)·256·4",
    ),
    Known(
        "world_models_rnn",
        "(1, 35) -> LSTM|256 -> FC|480",
        ((256,), (480,)),
        422_368,
        "Ha & Schmidhuber 2018, World Models, appendix: 422,368 parameters",
    ),
    Known(
        "dense_batch_norm",
        "784 -> FC|64|bias=no -> BN -> ReLU",
        ((64,),),
        50_432,  # 784·64 + 4·64
        "the lecture notes' Dense with batch norm, counted by hand",
        non_trainable=128,
        multiply_adds=50_176,
    ),
    Known(
        "conv_batch_norm",
        "HWC:28x28x1 -> Conv|64|3*3|bias=no -> BN -> ReLU",
        ((26, 26, 64),),
        832,  # 3·3·1·64 + 4·64
        "the lecture notes' Conv2D with batch norm, counted by hand",
        non_trainable=128,
        multiply_adds=389_376,  # 26·26·64·9
        closed_form="W - 2",
        field=(3, 1, 0),
    ),
)
