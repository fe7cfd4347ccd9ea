"""The chain of numbers goes through every operation back to a choice: an argument, a parameter, or the input."""

from __future__ import annotations

from pathlib import Path

import pytest

pytestmark = pytest.mark.frameworks

HEADER = "import torch\nimport torch.nn.functional as F\nfrom torch import nn\n\n\n"

MODEL = """class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.first = nn.Linear(20, 48)
        self.part = {part}
        self.w = nn.Parameter(torch.zeros(48, 48))
        self.last = nn.Linear(7, 5)

    def forward(self, x):
        x = self.first(x)
        x = {operation}
        return self.last(x)
"""

#: Operations on 9 × 48, the part that they may use, and the links that must be there.
OPERATIONS = {
    "torch.einsum('btd,de->bte', x, self.w)": ("None", ["48 of w"]),
    "F.linear(x, self.w)": ("None", ["48 of w"]),
    "F.linear(x, self.w[:30])": ("None", ["30 of getitem (net.py:16)"]),
    "x.masked_fill(x > 0, 0.0)": ("None", ["48 = out_features of first"]),
    "torch.where(x > 0, x, 2 * x)": ("None", ["48 = out_features of first"]),
    "self.part(x)[0]": ("nn.GRU(48, 30, batch_first=True)", ["30 = hidden_size of part"]),
    "self.part(x)[1][0][-1]": ("nn.LSTM(48, 30, batch_first=True)", ["30 = hidden_size of part"]),
    "self.part(x.view(-1, 9, 48, 1, 1).flatten(0, 1)).flatten(1)": (
        "nn.PixelShuffle(1)",
        ["48 = out_features of first"],
    ),
    "x * torch.sigmoid(x)": ("None", ["48 = out_features of first"]),
    "x[..., :24]": ("None", ["24 of getitem (net.py:16)"]),
    "x.chunk(2, dim=-1)[0]": ("None", ["24 = 48/2", "48 = out_features of first"]),
    "torch.stack([x, x], dim=1)": ("None", ["48 = out_features of first"]),
    "x.softmax(-1) @ self.w": ("None", ["48 of w"]),
    "x.repeat(1, 1, 2)": ("None", ["96 = 2·48", "48 = out_features of first"]),
    "torch.cat([x, x[..., :3]], -1)": ("None", ["51 = 48 + 3", "48 = out_features of first"]),
    "F.pad(x, (1, 2))": ("None", ["51", "48 = out_features of first"]),
    "x.unfold(-1, 4, 2).flatten(2)": ("None", ["48 = out_features of first"]),
    "F.max_pool1d(x, 2)": ("None", ["⌊(48 − 2)/2⌋ + 1", "48 = out_features of first"]),
    "F.glu(x)": ("None", ["24 = 48/2", "48 = out_features of first"]),
    "x.roll(1, -1)": ("None", ["48 = out_features of first"]),
    "x.flip(-1).cumsum(-1)": ("None", ["48 = out_features of first"]),
    "x.mean(1)": ("None", ["48 = out_features of first"]),
    "x.permute(0, 2, 1).transpose(1, 2)": ("None", ["48 = out_features of first"]),
    "F.scaled_dot_product_attention(x, x, x)": ("None", ["48 = out_features of first"]),
    "self.part(x, x, x)[0]": ("nn.MultiheadAttention(48, 4, batch_first=True)", ["48 = embed_dim of part"]),
    "F.layer_norm(x, (48,))": ("None", ["48 = out_features of first"]),
    "F.interpolate(x, scale_factor=2)": ("None", ["96 = 2·48", "48 = out_features of first"]),
    "torch.topk(x, 12).values": ("None", ["12 of topk"]),
}


@pytest.mark.parametrize("operation", OPERATIONS)
def test_numbers_are_followed_through_every_operation(operation: str, tmp_path: Path) -> None:
    from symnet.doctor.loading import diagnosed

    part, wanted = OPERATIONS[operation]
    file = tmp_path / "net.py"
    file.write_text(HEADER + MODEL.format(part=part, operation=operation))
    found = diagnosed(f"{file}:Net", ("9*20",))
    chain = [str(link) for link in found.chain]
    assert found.layer == "last"
    assert chain[0] == "7 = in_features of last (net.py:12)"
    for link in wanted:
        assert any(link in one for one in chain), chain


#: Calls that fail, with the condition that is named and a link that must be there.
FAILING = {
    "torch.einsum('btd,de->bte', x, self.w[:40])": ("48 = 40", "48 = out_features of first"),
    "F.linear(x, self.w[:, :40])": ("48 = 40", "48 = out_features of first"),
    "x.masked_fill(x[..., :40] > 0, 0.0)": ("48 = 40", "48 = out_features of first"),
    "torch.hypot(x, x[..., :40])": ("48 = 40", "48 = out_features of first"),
    "x.index_add(1, torch.zeros(2, dtype=torch.int64), x)": (None, "9 of the input"),
    "F.conv1d(x, torch.zeros(4, 5, 3))": ("9 = 5", "9 of the input"),
    "x.view(-1, 7)": (None, "48 = out_features of first"),
    "x.chunk(2, -1)[0] + x": ("24 = 48", "48 = out_features of first"),
    "x.clone().index_copy_(1, torch.arange(3), x)": (None, "9 of the input"),
    "x.expand(-1, 12, 48)": (None, "9 of the input"),
}


@pytest.mark.parametrize("operation", FAILING)
def test_a_function_that_fails_says_where_its_numbers_come_from_and_no_size_of_the_batch(
    operation: str, tmp_path: Path
) -> None:
    from symnet.doctor.loading import diagnosed

    condition, link = FAILING[operation]
    file = tmp_path / "net.py"
    file.write_text(HEADER + MODEL.format(part="None", operation=operation))
    found = diagnosed(f"{file}:Net", ("9*20",))
    assert found.where == "net.py:16"
    assert condition is None or found.condition == condition
    assert any(link in str(one) for one in found.chain), found.chain
    assert not {"13", "17", "19"} & set(found.why.replace(",", " ").replace("]", " ").replace("[", " ").split())
