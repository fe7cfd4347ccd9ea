"""What is read otherwise than most people mean gets one line; what is read as it is meant gets none."""

from __future__ import annotations

import json

import pytest

from symnet import Conv, LayerError, Network
from symnet.layers.declaration.registry import HOMES, lookup
from symnet.layers.declaration.registry import _names as names_of

NOTED = {
    "(224,224,3) -> Conv|64|7|2|3": "224 channels, which stand first; with channels last it is HWC:224x224x3",
    "(480,640,3) -> ReLU -> Maxpool|2": "with channels last it is HWC:480x640x3",
    "(28,28,1) -> BN": "with channels last it is HWC:28x28x1",
    "(H,W,3) -> Conv|8|3": "with channels last it is HWC:HxWx3",
    "224x224x4 -> GlobalAvgPool": "with channels last it is HWC:224x224x4",
    "28x28 -> Conv|32|5": "28 channels along one axis of 28; an image of one channel is (1, 28, 28)",
    "(32,32) -> Conv|8|3": "an image of one channel is (1, 32, 32)",
    "640x480 -> Maxpool|2": "an image of one channel is (1, 640, 480)",
    "WxW -> Conv|8|3": "an image of one channel is (1, W, W)",
    "HxW -> Conv|8|3": "an image of one channel is (1, H, W)",
    "(1,3,224,224) -> Conv|64|7|2|3": "1 channel along three axes; the batch is left out, as in (3, 224, 224)",
    "(32,3,224,224) -> Conv|64|7|2|3": "the batch is left out, as in (3, 224, 224)",
    "(N,3,H,W) -> Conv|64|3": "the batch is left out, as in (3, H, W)",
    "(batch,3,224,224) -> Conv|64|3": "the batch is left out, as in (3, 224, 224)",
    "(1,224,224,3) -> Conv|64|7|2|3": "the batch is left out, as in HWC:224x224x3",
    "HWC:(1,224,224,3) -> Conv|8|3|1|1": "the batch is left out, as in HWC:224x224x3",
    "(32,784) -> FC|10": "flattened before FC; the batch is left out, as in 784",
    "NCHW:(8,3,32,32) -> Conv|8|3": "the batch, 8, is left out",
    "(3,224,224) -> Conv|64|3|no_bias": "no_bias is read as a symbol, the stride of Conv; write bias=no if that is meant",
    "(3,224,224) -> Conv|64|3|relu": 'relu is read as a symbol, the stride of Conv; write activation="relu" if that is meant',
    "(3,224,224) -> Maxpool|2|ceil_mode": "write ceil_mode=yes if that is meant",
    "(3,224,224) -> Conv|wide|3": "wide is read as a symbol, the filters of Conv",
    "784 -> FC|hidden -> FC|10": "hidden is read as a symbol, the units of FC",
    "(3,8,8) -> Conv|8|k3|s2|p1": "k3, s2 and p1 of Conv are read as symbols; write k=3|s=2|p=1 if that is meant",
    "(3,32,32) -> Conv|8|3, FC|10": "FC is read as a symbol, the kernel of Conv; write -> FC if that is meant",
    "(3,8,8) -> Conv|8|k3": "k3 of Conv is read as a symbol; write k=3 if that is meant",
    "(3,8,8) -> Maxpool|k2|s2": "k2 and s2 of Maxpool are read as symbols; write k=2|s=2 if that is meant",
    "(3,8,8) -> Conv|8|3|1|p1": "p1 of Conv is read as a symbol; write p=1 if that is meant",
    "(3,8,8) -> Conv|8|3|sam": "sam is read as a symbol, the stride of Conv; write padding=same if that is meant",
    "(3,8,8) -> Conv|8|3|activation=softmx": "no activation that is known here; write softmax if that is meant",
    "784 -> FC|8|activation=foo": "'foo', the activation of FC, is no activation that is known here",
    "784 -> Activation|sigmod": "write sigmoid if that is meant",
    "(batch,3,W) -> Conv|8|3": "batch is read as a symbol, a size of the input; the batch is left out",
    "seq*16 -> LSTM|8": "seq is read as a symbol, a size of the input",
    "HWC:height*width*3 -> Conv|8|3": "height and width are read as symbols, sizes of the input",
    "features -> FC|10": "features is read as a symbol",
    "(batch_size,784) -> FC|10": "is flattened before FC; the batch is left out, as in 784",
    "(?,None,8) -> Flatten": "? and None stand for sizes without a name: C and H",
}  # fmt: skip

SILENT = [
    "(3,224,224) -> Conv|64|7|2|3", "HWC:224x224x3 -> Conv|8|3", "CHW:224x224x3 -> Conv|8|3", "(3*W*W) -> Conv|K|F|S|P",
    "(512,4,4) -> Deconv|8|4|2", "(100,1,1) -> Deconv|512|4", "(C,H,3) -> Conv|8|3", "(1,28,28) -> Conv|32|5",
    "(3,16,112,112) -> Conv|64|3", "(1,32,32,32) -> Conv|8|3", "(64,100) -> Conv1d|8|3", "(1,W) -> Conv|8|3", "(80,3000) -> Conv|8|3",
    "784 -> FC|8|activation=hard_sigmoid", "784 -> FC|8|activation=squareplus", "784 -> Activation|halfway",
    "(T,D) -> LSTM|8", "784 -> FC|10", "(224,224,3) -> Flatten -> FC|10", "NCHW:(3,32,32) -> Conv|8|3",
    "(3,width,width) -> Conv|8|3", "(C_in,Hin,W_out) -> Conv|8|3", "let wide = 4\n(wide,8,8) -> Conv|8|3", "seq*16 -> Reshape|16*seq",
    "(3,W,W) -> Conv|filters|kernel|stride|padding", "let wide = 64\n(3,8,8) -> Conv|wide|3", "(channels,8,8) -> Conv|channels|3",
    "(3,W,W) -> Conv|K1|F1|S1|P1", "(3,k1,k1) -> Conv|8|k1", "let s2 = 2\n(3,8,8) -> Conv|8|3|s2", "(1,x1,x1) -> Conv|c1|3",
]  # fmt: skip


@pytest.mark.parametrize("text", NOTED)
def test_noted(text: str) -> None:
    network = Network.parse(text)
    assert [NOTED[text] in note for note in network.notes] == [True]
    assert "\n" not in network.notes[0]
    assert json.loads(network.report("json"))["notes"] == list(network.notes)


@pytest.mark.parametrize("hole", ["None", "?"])
@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("(_,28,28,3) -> Conv|8|3", "the batch is left out, as in HWC:28x28x3"),
        ("(_,3,28,28) -> Conv|8|3", "the batch is left out, as in (3, 28, 28)"),
        ("(_,3,_,_) -> Maxpool|2", "the batch is left out, as in (3, H, W)"),
        ("HWC:(_,28,28,3) -> Conv|8|3", "the batch is left out, as in HWC:28x28x3"),
        ("(_,_,3) -> Conv|8|3", "which stand first; with channels last it is HWC:CxHx3"),
    ],
)
def test_a_size_without_a_name_may_be_a_batch(text: str, message: str, hole: str) -> None:
    notes = Network.parse(text.replace("_", hole)).notes
    assert [message in note for note in notes] == [False, True]
    assert "without a name" in notes[0]


def test_a_size_without_a_name_before_three_axes_is_no_batch() -> None:
    assert len(Network.parse("(None,16,112,112) -> Conv3d|8|3").notes) == 1


@pytest.mark.parametrize("text", SILENT)
def test_silent(text: str) -> None:
    assert Network.parse(text).notes == ()


def test_networks_in_python_have_notes_too() -> None:
    assert len(Network((224, 224, 3), [Conv(64, 7, 2, 3)]).notes) == 1
    assert Network((3, 224, 224), [Conv(64, 7, 2, 3)]).notes == ()
    assert Network((224, 224, 3), [Conv(64, 7, 2, 3)], layout="CHW").notes == ()


RANKED = [
    (name, rank)
    for home in HOMES
    for name in names_of(home)
    for rank in (1, 2, 3)
    if name.endswith(f"{rank}d") and not name.startswith(("softmax", "convlstm"))
]


@pytest.mark.parametrize(("name", "rank"), RANKED)
def test_a_kind_that_says_how_many_axes_means_it(name: str, rank: int) -> None:
    found = lookup(name)
    assert found is not None
    needed = "".join(f"|{spec.name}=2" for spec in found[0].specs() if spec.required and spec.name not in found[1])
    for axes in (1, 2, 3):
        text = f"({', '.join(['4', *['16'] * axes])}) -> {name}{needed}"
        if axes == rank:
            assert Network.parse(text).output
        else:
            with pytest.raises(LayerError, match=f"is for channels and {rank} ax[ie]s, got {axes} ax[ie]s"):
                Network.parse(text)


def test_a_two_dimensional_kind_on_one_axis_says_how_an_image_is_written() -> None:
    with pytest.raises(LayerError, match=r"an image of one channel is \(1, 28, 28\)"):
        Network.parse("28x28 -> Conv2d|32|5")
    with pytest.raises(LayerError, match=r"the batch is left out, as in \(3, 224, 224\)"):
        Network.parse("(1,3,224,224) -> Conv2d|64|7")
