"""Models of PyTorch that break as people's models break, each with the layer and the line where it does."""

from __future__ import annotations

from typing import NamedTuple

__all__ = ["BROKEN", "HEADER", "Broken"]

HEADER = "import torch\nimport torch.nn.functional as F\nfrom torch import nn\n\n\n"


class Broken(NamedTuple):
    """``layer`` is the one that is named, ``line`` what stands in the line that is executed there, ``inputs`` the shapes."""

    name: str
    inputs: tuple[str, ...]
    layer: str
    line: str
    made: str
    forward: str
    #: words of a change that must be among those that are offered
    fix: str = ""


BROKEN = (
    Broken("linear_after_convolutions", ("1*28*28",), "f", "self.f(x)",
           "self.c = nn.Conv2d(1, 16, 3, padding=1)\nself.p = nn.MaxPool2d(2)\nself.f = nn.Linear(4096, 10)",
           "x = self.p(F.relu(self.c(x)))\nx = x.flatten(1)\nreturn self.f(x)", "in_features=3136"),
    Broken("linear_after_convolutions_in_sequence", ("3*32*32",), "net.5", "self.net(x)",
           "self.net = nn.Sequential(\n    nn.Conv2d(3, 8, 5),\n    nn.ReLU(),\n    nn.MaxPool2d(2),\n    nn.Dropout(0.5),\n    nn.Flatten(),\n"
           "    nn.Linear(8 * 16 * 16, 10),\n)",
           "return self.net(x)", "in_features=1568"),
    Broken("view_then_linear", ("3*32*32",), "view", "x.view(-1, 400)",
           "self.c1 = nn.Conv2d(3, 6, 5)\nself.p = nn.MaxPool2d(2)\nself.c2 = nn.Conv2d(6, 16, 3)\nself.f = nn.Linear(400, 120)",
           "x = self.p(F.relu(self.c1(x)))\nx = self.p(F.relu(self.c2(x)))\nx = x.view(-1, 400)\nreturn self.f(x)", "576"),
    Broken("flatten_forgotten", ("1*28*28",), "f", "self.f(x)",
           "self.c = nn.Conv2d(1, 4, 3, padding=1)\nself.f = nn.Linear(4 * 28 * 28, 10)",
           "x = F.relu(self.c(x))\nreturn self.f(x)", "Flatten"),
    Broken("flatten_forgotten_in_sequence", ("1*28*28",), "net.2", "self.net(x)",
           "self.net = nn.Sequential(\n    nn.Conv2d(1, 4, 3),\n    nn.ReLU(),\n    nn.Linear(4 * 26 * 26, 10),\n)", "return self.net(x)", "Flatten"),
    Broken("flatten_forgotten_and_number", ("1*28*28",), "f", "self.f(self.c(x))",
           "self.c = nn.Conv2d(1, 4, 3)\nself.f = nn.Linear(100, 10)", "return self.f(self.c(x))", "Flatten"),
    Broken("image_into_linear", ("1*28*28",), "f", "self.f(x)", "self.f = nn.Linear(784, 10)", "return self.f(x)", "Flatten"),
    Broken("global_mean_forgotten", ("3*32*32",), "head", "self.head(x)",
           "self.c = nn.Conv2d(3, 64, 3, padding=1)\nself.head = nn.Linear(64, 10)", "x = self.c(x)\nreturn self.head(x)", "mean"),
    Broken("u_net_at_odd_sizes", ("3*127*127",), "cat", "torch.cat([a, u], 1)",
           "self.a = nn.Conv2d(3, 8, 3, padding=1)\nself.p = nn.MaxPool2d(2)\nself.b = nn.Conv2d(8, 16, 3, padding=1)\n"
           "self.u = nn.ConvTranspose2d(16, 8, 2, 2)\nself.o = nn.Conv2d(16, 1, 1)",
           "a = self.a(x)\nb = self.b(self.p(a))\nu = self.u(b)\nreturn self.o(torch.cat([a, u], 1))", "output_padding=1"),
    Broken("u_net_two_deep", ("1*30*30",), "cat", "torch.cat([b, u], dim=1)",
           "self.a = nn.Conv2d(1, 4, 3, padding=1)\nself.b = nn.Conv2d(4, 8, 3, padding=1)\nself.c = nn.Conv2d(8, 8, 3, padding=1)\n"
           "self.u = nn.Upsample(scale_factor=2)\nself.d = nn.Conv2d(16, 4, 3, padding=1)\nself.e = nn.Conv2d(8, 1, 1)",
           "a = self.a(x)\nb = self.b(F.max_pool2d(a, 2))\nc = self.c(F.max_pool2d(b, 2))\nu = self.u(c)\nd = self.d(torch.cat([b, u], dim=1))\n"
           "return self.e(torch.cat([a, self.u(d)], dim=1))", "an input of 1×32×32"),
    Broken("valid_u_net", ("1*64*64",), "cat", "torch.cat([u, a], 1)",
           "self.a = nn.Conv2d(1, 4, 3)\nself.b = nn.Conv2d(4, 8, 3)\nself.u = nn.ConvTranspose2d(8, 4, 2, 2)\nself.o = nn.Conv2d(8, 2, 1)",
           "a = self.a(x)\nu = self.u(self.b(F.max_pool2d(a, 2)))\nreturn self.o(torch.cat([u, a], 1))", "cropped"),
    Broken("autoencoder_one_short", ("1*28*28",), "mse_loss", "F.mse_loss(y, x)",
           "self.e = nn.Conv2d(1, 8, 3, 2, 1)\nself.d = nn.ConvTranspose2d(8, 1, 3, 2, 1)", "y = self.d(F.relu(self.e(x)))\nreturn F.mse_loss(y, x)",
           "output_padding=1"),
    Broken("transposed_padding", ("1*16*16",), "sub", "x - self.d(h)",
           "self.e = nn.Conv2d(1, 8, 4, 2, 1)\nself.d = nn.ConvTranspose2d(8, 1, 4, 2)", "h = self.e(x)\nreturn x - self.d(h)"),
    Broken("too_many_pools", ("3*16*16",), "p", "self.p(self.e(x))",
           "self.a = nn.Conv2d(3, 8, 3, padding=1)\nself.b = nn.Conv2d(8, 8, 3, padding=1)\nself.c = nn.Conv2d(8, 8, 3, padding=1)\n"
           "self.d = nn.Conv2d(8, 8, 3, padding=1)\nself.e = nn.Conv2d(8, 8, 3, padding=1)\nself.p = nn.MaxPool2d(2)",
           "x = self.p(self.a(x))\nx = self.p(self.b(x))\nx = self.p(self.c(x))\nx = self.p(self.d(x))\nreturn self.p(self.e(x))", "an input of 3×32×32"),
    Broken("kernel_larger_than_image", ("1*8*8",), "b", "self.b(self.a(x))",
           "self.a = nn.Conv2d(1, 4, 3, 2)\nself.b = nn.Conv2d(4, 4, 5)", "return self.b(self.a(x))", "padding=1"),
    Broken("one_number_a_channel_less", ("3*32*32",), "b", "self.b(self.a(x))",
           "self.a = nn.Conv2d(3, 16, 3)\nself.b = nn.Conv2d(32, 8, 3)", "return self.b(self.a(x))", "in_channels=16"),
    Broken("grayscale_into_colour", ("1*32*32",), "c", "self.c(x)", "self.c = nn.Conv2d(3, 8, 3)", "return self.c(x)", "in_channels=1"),
    Broken("channels_last", ("32*32*3",), "c", "self.c(x)", "self.c = nn.Conv2d(3, 8, 3)", "return self.c(x)", "channels first"),
    Broken("batch_given", ("1*3*32*32",), "c", "self.c(x)", "self.c = nn.Conv2d(3, 8, 3)", "return self.c(x)", "an input of 3*32*32"),
    Broken("channel_left_out", ("28*28",), "c", "self.c(x)", "self.c = nn.Conv2d(1, 8, 3)", "return self.c(x)", "channel"),
    Broken("wrong_groups", ("16*8*8",), "c", "groups=5", "self.c = nn.Conv2d(16, 24, 3, groups=5)", "return self.c(x)", "groups=4"),
    Broken("depthwise_of_other_channels", ("16*8*8",), "d", "self.d(x)",
           "self.d = nn.Conv2d(32, 32, 3, groups=32)", "return self.d(x)", "groups=16"),
    Broken("batch_norm_1d_on_images", ("3*8*8",), "n", "self.n(self.c(x))",
           "self.c = nn.Conv2d(3, 8, 3)\nself.n = nn.BatchNorm1d(8)", "return self.n(self.c(x))", "BatchNorm2d"),
    Broken("batch_norm_of_other_channels", ("3*8*8",), "n", "self.n(self.c(x))",
           "self.c = nn.Conv2d(3, 8, 3)\nself.n = nn.BatchNorm2d(16)", "return self.n(self.c(x))", "num_features=8"),
    Broken("group_norm", ("3*8*8",), "n", "num_channels=30", "self.n = nn.GroupNorm(num_groups=8, num_channels=30)\nself.c = nn.Conv2d(3, 30, 1)",
           "return self.n(self.c(x))", "num_groups"),
    Broken("layer_norm", ("16*64",), "n", "self.n(x)", "self.n = nn.LayerNorm(128)", "return self.n(x)", "normalized_shape=64"),
    Broken("layer_norm_of_channels", ("8*6*6",), "n", "self.n(x)", "self.n = nn.LayerNorm(8)", "return self.n(x)", "channels last"),
    Broken("conv1d_on_steps_and_features", ("100*16",), "c", "self.c(x)", "self.c = nn.Conv1d(16, 32, 3)", "return self.c(x)", "channels first"),
    Broken("lstm_of_other_features", ("20*8",), "r", "self.r(x)", "self.r = nn.LSTM(16, 32, batch_first=True)", "return self.r(x)[0]", "input_size=8"),
    Broken("lstm_axes", ("8*20",), "r", "self.r(x)", "self.r = nn.LSTM(8, 32, batch_first=True)", "return self.r(x)[0]", "exchanged"),
    Broken("lstm_batch_first", ("20*8",), "r", "self.r(x, (h, h))",
           "self.r = nn.LSTM(8, 16)", "h = torch.zeros(1, x.shape[0], 16)\ny, _ = self.r(x, (h, h))\nreturn y", "batch_first=True"),
    Broken("lstm_bidirectional_head", ("20*8",), "f", "self.f(y[:, -1])",
           "self.r = nn.LSTM(8, 16, batch_first=True, bidirectional=True)\nself.f = nn.Linear(16, 4)",
           "y, _ = self.r(x)\nreturn self.f(y[:, -1])", "in_features=32"),
    Broken("convolutions_into_gru", ("1*32*100",), "r", "self.r(x)",
           "self.c = nn.Conv2d(1, 8, 3, 2, 1)\nself.r = nn.GRU(64, 32, batch_first=True)",
           "x = self.c(x)\nx = x.permute(0, 3, 1, 2).flatten(2)\nreturn self.r(x)[0]", "input_size=128"),
    Broken("heads_do_not_divide", ("10*64",), "a", "nn.MultiheadAttention(64, 6",
           "self.a = nn.MultiheadAttention(64, 6, batch_first=True)", "return self.a(x, x, x)[0]", "num_heads"),
    Broken("heads_of_ones_own", ("10*64",), "view", "view(",
           "self.q = nn.Linear(64, 64)\nself.heads = 6",
           "q = self.q(x)\nq = q.view(x.shape[0], x.shape[1], self.heads, 64 // self.heads)\nreturn q.transpose(1, 2)"),
    Broken("attention_of_other_features", ("10*32",), "a", "self.a(x, x, x)",
           "self.a = nn.MultiheadAttention(64, 8, batch_first=True)", "return self.a(x, x, x)[0]", "embed_dim=32"),
    Broken("attention_scores", ("10*32",), "matmul", "q @ k",
           "self.q = nn.Linear(32, 32)\nself.k = nn.Linear(32, 32)", "q, k = self.q(x), self.k(x)\nreturn (q @ k).softmax(-1)", "transposed"),
    Broken("class_token", ("16*64",), "cat", "torch.cat([self.cls, x], 1)",
           "self.cls = nn.Parameter(torch.zeros(1, 1, 64))", "x = torch.cat([self.cls, x], 1)\nreturn x", "for each example"),
    Broken("positions", ("16*64",), "add", "x + self.pos",
           "self.cls = nn.Parameter(torch.zeros(1, 1, 64))\nself.pos = nn.Parameter(torch.zeros(1, 16, 64))",
           "x = torch.cat([self.cls.expand(x.shape[0], -1, -1), x], 1)\nreturn x + self.pos", "1 × 17 × 64"),
    Broken("residual_without_padding", ("8*16*16",), "add", "x + self.b(F.relu(self.a(x)))",
           "self.a = nn.Conv2d(8, 8, 3, padding=1)\nself.b = nn.Conv2d(8, 8, 3)", "return x + self.b(F.relu(self.a(x)))", "b: padding=1"),
    Broken("residual_of_other_channels", ("8*16*16",), "add", "x + self.a(x)", "self.a = nn.Conv2d(8, 16, 3, padding=1)", "return x + self.a(x)",
           "out_channels=8"),
    Broken("residual_with_a_stride", ("8*16*16",), "add", "y += self.s(x)",
           "self.a = nn.Conv2d(8, 16, 3, 2, 1)\nself.s = nn.Conv2d(8, 16, 1)", "y = self.a(x)\ny += self.s(x)\nreturn y", "s: stride=2"),
    Broken("joined_heads", ("3*16*16", "7"), "f", "self.f(torch.cat([a, b], 1))",
           "self.c = nn.Conv2d(3, 8, 3)\nself.f = nn.Linear(16, 2)",
           "a = self.c(x).mean((2, 3))\nb = y\nreturn self.f(torch.cat([a, b], 1))", "in_features=15"),
    Broken("pixel_shuffle", ("3*16*16",), "s", "self.s(self.c(x))", "self.c = nn.Conv2d(3, 10, 3, padding=1)\nself.s = nn.PixelShuffle(2)",
           "return self.s(self.c(x))", "out_channels=12"),
    Broken("decoder_of_wrong_number", ("16",), "view", "view(-1, 8, 7, 7)",
           "self.f = nn.Linear(16, 8 * 6 * 6)\nself.d = nn.ConvTranspose2d(8, 1, 4, 2, 1)",
           "x = self.f(x)\nx = x.view(-1, 8, 7, 7)\nreturn self.d(x)"),
    Broken("embedding_into_linear", ("int:12",), "f", "self.f(x)",
           "self.e = nn.Embedding(100, 32)\nself.f = nn.Linear(32, 2)\nself.g = nn.Linear(64, 2)\nself.f = nn.Linear(64, 2)",
           "x = self.e(x).mean(1)\nreturn self.f(x)", "in_features=32"),
    Broken("batch_lost_in_a_view", ("4*6*6",), "view", "x.view(-1, 72)", "self.f = nn.Linear(72, 3)",
           "x = x.view(-1, 72)\nreturn self.f(x)"),
)  # fmt: skip


def source(broken: Broken) -> str:
    """The model as a file."""
    names = ", ".join("xyz"[: len(broken.inputs)])
    made = "\n".join(f"        {line}" for line in broken.made.split("\n"))
    forward = "\n".join(f"        {line}" for line in broken.forward.split("\n"))
    return (
        f"{HEADER}class Net(nn.Module):\n    def __init__(self):\n        super().__init__()\n{made}\n\n"
        f"    def forward(self, {names}):\n{forward}\n"
    )
