"""Functions of torch along a size W that is open: for each W from 1 to 13 the hypotheses either leave it out, or torch runs the
function and gives the size that was derived."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

import symnet

pytestmark = pytest.mark.frameworks


def written(x: Any, entries: int) -> Any:
    """Zeros into whose first entries those of ``x`` are written."""
    made = x.new_zeros(x.shape[0], 2, 5)
    made[:, :, 0:entries] = x[..., :entries]
    return made


def shifted(x: Any) -> Any:
    """Each entry but the first is the one before it."""
    made = x.new_zeros(*x.shape)
    made[..., 1:] = x[..., :-1]
    return made


def after(x: Any, *writes: Callable[[Any], Any]) -> Any:
    """A copy of ``x`` after functions have written into it."""
    made = x.clone()
    for write in writes:
        write(made)
    return made


#: By name, a function of the modules ``torch`` and ``torch.nn.functional`` and of a tensor of sizes (3, 2, W).
FUNCTIONS: dict[str, Callable[[Any, Any, Any], Any]] = {
    "squeeze": lambda torch, nn, x: x.squeeze(),
    "squeeze last": lambda torch, nn, x: x.squeeze(-1),
    "squeeze pool": lambda torch, nn, x: nn.max_pool1d(x, 2, ceil_mode=True).squeeze(),
    "kth": lambda torch, nn, x: x.kthvalue(2, -1)[0],
    "kth keep": lambda torch, nn, x: x.kthvalue(3, -1, keepdim=True)[0],
    "topk": lambda torch, nn, x: x.topk(3, -1)[0],
    "pad neg": lambda torch, nn, x: nn.pad(x, (-2, 3)),
    "pad neg2": lambda torch, nn, x: nn.pad(x, (3, -5)),
    "pad neg3": lambda torch, nn, x: nn.pad(x, (-2, -2)),
    "pad reflect": lambda torch, nn, x: nn.pad(x, (2, 3), mode="reflect"),
    "pad rep": lambda torch, nn, x: nn.pad(x, (2, -3), mode="replicate"),
    "setitem": lambda torch, nn, x: written(x, 3),
    "tsplit0": lambda torch, nn, x: torch.tensor_split(x, 3, -1)[0],
    "tsplit1": lambda torch, nn, x: torch.tensor_split(x, 3, -1)[1],
    "tsplit2": lambda torch, nn, x: torch.tensor_split(x, 3, -1)[2],
    "tsplit i": lambda torch, nn, x: torch.tensor_split(x, (2, 5), -1)[2],
    "tsplit i1": lambda torch, nn, x: torch.tensor_split(x, (2, 5), -1)[1],
    "chunk0": lambda torch, nn, x: x.chunk(3, -1)[0],
    "chunk1": lambda torch, nn, x: x.chunk(3, -1)[1],
    "chunk last": lambda torch, nn, x: x.chunk(3, -1)[-1],
    "split2": lambda torch, nn, x: x.split(2, -1)[0],
    "split2 1": lambda torch, nn, x: x.split(2, -1)[1],
    "split last": lambda torch, nn, x: x.split(4, -1)[-1],
    "split list": lambda torch, nn, x: x.split([2, x.shape[-1] - 2], -1)[1],
    "slice1": lambda torch, nn, x: x[..., 2:5],
    "slice2": lambda torch, nn, x: x[..., -3:],
    "slice3": lambda torch, nn, x: x[..., :-3],
    "slice4": lambda torch, nn, x: x[..., 1::3],
    "slice6": lambda torch, nn, x: x[..., -4:-1],
    "slice7": lambda torch, nn, x: x[..., -6:4],
    "idx": lambda torch, nn, x: x[..., 3],
    "idxneg": lambda torch, nn, x: x[..., -3],
    "select": lambda torch, nn, x: x.select(-1, 4),
    "narrow": lambda torch, nn, x: x.narrow(-1, 2, 3),
    "narrow neg": lambda torch, nn, x: x.narrow(-1, -3, 2),
    "unfold": lambda torch, nn, x: x.unfold(-1, 3, 2),
    "roll": lambda torch, nn, x: x.roll(2, -1),
    "cumsum": lambda torch, nn, x: x.cumsum(-1),
    "max": lambda torch, nn, x: x.max(-1)[0],
    "median": lambda torch, nn, x: x.median(-1)[0],
    "gather": lambda torch, nn, x: x.gather(-1, torch.zeros(x.shape[0], 2, 3, dtype=torch.long)),
    "index select": lambda torch, nn, x: x.index_select(-1, torch.tensor([0, 3])),
    "expand": lambda torch, nn, x: x[..., :1].expand(-1, -1, 5),
    "expand2": lambda torch, nn, x: x.unsqueeze(-1).expand(-1, -1, -1, 4),
    "expand bad": lambda torch, nn, x: x.expand(-1, -1, 5),
    "repeat": lambda torch, nn, x: x.repeat(1, 2, 3),
    "repint": lambda torch, nn, x: x.repeat_interleave(3, -1),
    "tile": lambda torch, nn, x: x.tile(
        2,
    ),
    "view": lambda torch, nn, x: x.view(x.shape[0], -1, 2),
    "view2": lambda torch, nn, x: x.reshape(x.shape[0], 2, x.shape[-1] // 2, 2),
    "unflatten": lambda torch, nn, x: x.unflatten(-1, (-1, 3)),
    "unflatten2": lambda torch, nn, x: x.unflatten(-1, (2, -1)),
    "mm": lambda torch, nn, x: x @ x.transpose(1, 2),
    "mm bad": lambda torch, nn, x: x @ torch.ones(5, 3),
    "add bad": lambda torch, nn, x: x + torch.ones(5),
    "cat": lambda torch, nn, x: torch.cat([x, x[..., 1:]], -1),
    "stack bad": lambda torch, nn, x: torch.stack([x[..., 2:], x[..., :-2]], 1),
    "conv": lambda torch, nn, x: nn.conv1d(x, torch.ones(4, 2, 5), stride=2, padding=1),
    "pool": lambda torch, nn, x: nn.max_pool1d(x, 3, 2, ceil_mode=True),
    "pool dil": lambda torch, nn, x: nn.max_pool1d(x, 3, 2, 1, 2),
    "avg": lambda torch, nn, x: nn.avg_pool1d(x, 4, 3, 2, ceil_mode=True),
    "lp": lambda torch, nn, x: nn.lp_pool1d(x, 2, 3, 2),
    "adaptive": lambda torch, nn, x: nn.adaptive_avg_pool1d(x, 5),
    "interp": lambda torch, nn, x: nn.interpolate(x, scale_factor=0.5),
    "interp2": lambda torch, nn, x: nn.interpolate(x, size=7),
    "convt": lambda torch, nn, x: nn.conv_transpose1d(x, torch.ones(2, 4, 3), stride=2, padding=2),
    "convt2": lambda torch, nn, x: nn.conv_transpose1d(x, torch.ones(2, 4, 3), stride=2, padding=1, output_padding=1),
    "rfft": lambda torch, nn, x: torch.fft.rfft(x).abs(),
    "irfft": lambda torch, nn, x: torch.fft.irfft(x.to(torch.complex64)),
    "flip": lambda torch, nn, x: x.flip(-1),
    "triu": lambda torch, nn, x: x.triu(1),
    "diagonal": lambda torch, nn, x: x.diagonal(1, 1, 2),
    "movedim": lambda torch, nn, x: x.movedim(1, 2),
    "unbindsum": lambda torch, nn, x: sum(x.unbind(1)),
    "glu": lambda torch, nn, x: nn.glu(x, -1),
    "pixel": lambda torch, nn, x: nn.pixel_shuffle(x.unsqueeze(1).repeat(1, 4, 1, 1), 2),
    "unpixel": lambda torch, nn, x: nn.pixel_unshuffle(x.unsqueeze(1), 2),
    "ins": lambda torch, nn, x: nn.instance_norm(x),
    "gn": lambda torch, nn, x: nn.group_norm(x, 2),
    "ln": lambda torch, nn, x: nn.layer_norm(x, (x.shape[-1],)),
    "ln bad": lambda torch, nn, x: nn.layer_norm(x, (6,)),
    "F unfold": lambda torch, nn, x: nn.unfold(x.unsqueeze(1), (2, 3), stride=(1, 2)),
    "sdpa": lambda torch, nn, x: nn.scaled_dot_product_attention(x, x, x),
    "cosine": lambda torch, nn, x: nn.cosine_similarity(x, x.flip(-1), dim=-1),
    "cdist": lambda torch, nn, x: torch.cdist(x, x),
    "outer": lambda torch, nn, x: torch.einsum("bcw,bcv->bwv", x, x),
    "where": lambda torch, nn, x: torch.where(x > 0, x, torch.zeros(1)),
    "hstack": lambda torch, nn, x: torch.hstack([x, x]),
    "dstack": lambda torch, nn, x: torch.dstack([x, x]),
    "std": lambda torch, nn, x: x.std(-1),
    "sliced set": lambda torch, nn, x: shifted(x),
    "slice scatter": lambda torch, nn, x: torch.slice_scatter(torch.zeros_like(x), x[..., :2], -1, 0, 2),
    "select scatter": lambda torch, nn, x: torch.select_scatter(x, x[..., 0], -1, 2),
    "index copy": lambda torch, nn, x: x.index_copy(2, torch.tensor([0, 3]), x[..., :2]),
    "scatter": lambda torch, nn, x: torch.zeros(x.shape[0], 2, 4).scatter(
        2, torch.zeros(x.shape[0], 2, 3, dtype=torch.long), x
    ),
    "masked fill": lambda torch, nn, x: x.masked_fill(torch.ones(5, dtype=torch.bool), 0.0),
    "lerp": lambda torch, nn, x: torch.lerp(x, x[..., :4], 0.5),
    "baddbmm": lambda torch, nn, x: torch.baddbmm(torch.ones(x.shape[0], 2, 3), x, torch.ones(x.shape[0], 4, 3)),
    "linear": lambda torch, nn, x: nn.linear(x, torch.ones(3, 4)),
    "vander": lambda torch, nn, x: torch.linalg.vector_norm(x, dim=-1),
    "renorm": lambda torch, nn, x: x.renorm(2, 1, 1.0),
    "block": lambda torch, nn, x: x.unfold(-1, 4, 4).mean(-1),
    "as strided no": lambda torch, nn, x: x.swapaxes(1, 2)[:, ::2],
    "rot90": lambda torch, nn, x: x.rot90(1, (1, 2)),
    "cov": lambda torch, nn, x: torch.logcumsumexp(x, -1),
    "cumprod": lambda torch, nn, x: torch.cummax(x, -1)[0],
    "nll": lambda torch, nn, x: nn.softmax(x, -1)[..., 1:],
    "addb": lambda torch, nn, x: x[..., 1:] - x[..., :-1],
    "mulout": lambda torch, nn, x: x[..., ::2] * x[..., 1::2],
    "empty": lambda torch, nn, x: torch.cat([x, x[..., 3:]], -1),
    "movemean": lambda torch, nn, x: x.view(x.shape[0], 2, -1, 3).mean(-1),
    "sum to size": lambda torch, nn, x: x.sum_to_size(x.shape[0], 2, 1),
    "pool2": lambda torch, nn, x: nn.max_pool1d(nn.max_pool1d(x, 2), 2),
    "adapt max": lambda torch, nn, x: nn.adaptive_max_pool1d(x, 3),
    "local response": lambda torch, nn, x: nn.local_response_norm(x, 2),
    "sort": lambda torch, nn, x: x.sort(-1)[0][..., 1],
    "combine": lambda torch, nn, x: torch.broadcast_to(x, (x.shape[0], 2, 5)),
    "atleast": lambda torch, nn, x: torch.atleast_3d(x),
    "bmm": lambda torch, nn, x: torch.bmm(x, x),
    "tril": lambda torch, nn, x: torch.tril_indices(3, 3)[0] + x[..., :1, :1],
    "copy_ slice": lambda torch, nn, x: after(x, lambda z: z[:, :, 2:5].copy_(x[..., :3])),
    "copy_ row": lambda torch, nn, x: after(x, lambda z: z.copy_(torch.ones(5))),
    "copy_ narrow": lambda torch, nn, x: after(x, lambda z: z.narrow(-1, 2, 3).copy_(x[..., 1:4])),
    "copy_ select": lambda torch, nn, x: after(x, lambda z: z.select(-1, 2).copy_(x[..., 1])),
    "copy_ turned": lambda torch, nn, x: after(x, lambda z: z.mT.copy_(torch.ones(5, 2))),
    "copy_ data": lambda torch, nn, x: after(x, lambda z: z.data.copy_(x[..., :4])),
    "fill_": lambda torch, nn, x: after(x, lambda z: z[:, :, 2:5].fill_(1.0)),
    "add_ slice": lambda torch, nn, x: after(x, lambda z: z[:, :, 2:5].add_(x[..., :3])),
    "add_ row": lambda torch, nn, x: after(x, lambda z: z.add_(torch.ones(5))),
    "mul_": lambda torch, nn, x: after(x, lambda z: z[..., :3].mul_(x[..., :1])),
    "index_add_": lambda torch, nn, x: after(x, lambda z: z.index_add_(2, torch.tensor([1, 3]), x[..., :2])),
    "index_copy_": lambda torch, nn, x: after(x, lambda z: z.index_copy_(2, torch.tensor([1, 3]), x[..., :2])),
    "index_fill_": lambda torch, nn, x: after(x, lambda z: z.index_fill_(2, torch.tensor([1, 3]), 1.0)),
    "index_reduce_": lambda torch, nn, x: after(
        x, lambda z: z.index_reduce_(2, torch.tensor([1, 3]), x[..., :2], "amax")
    ),
    "scatter_add_": lambda torch, nn, x: after(
        x, lambda z: z.scatter_add_(2, torch.zeros(x.shape[0], 2, 3, dtype=torch.long), x)
    ),
    "scatter_reduce_": lambda torch, nn, x: after(
        x, lambda z: z.scatter_reduce_(2, torch.zeros(x.shape[0], 2, 3).long(), x, "amax")
    ),
    "masked_fill_": lambda torch, nn, x: after(x, lambda z: z.masked_fill_(torch.ones(5, dtype=torch.bool), 0.0)),
    "lerp_": lambda torch, nn, x: after(x, lambda z: z.lerp_(x[..., :4], 0.5)),
    "addcmul_": lambda torch, nn, x: after(x, lambda z: z.addcmul_(x[..., :4], x[..., :1])),
    "squeeze_": lambda torch, nn, x: after(x, lambda z: z.squeeze_(-1)),
    "transpose_": lambda torch, nn, x: after(x, lambda z: z.transpose_(1, 2)),
    "tril_": lambda torch, nn, x: after(x, lambda z: z.tril_()),
    "cumsum_": lambda torch, nn, x: after(x, lambda z: z.cumsum_(-1)),
    "zero_ entry": lambda torch, nn, x: after(x, lambda z: z[..., 3].zero_()),
    "zero_ last": lambda torch, nn, x: after(x, lambda z: z[..., -2:].zero_()),
    "zero_ windows": lambda torch, nn, x: after(x, lambda z: z.unfold(-1, 3, 1).zero_()),
    "zero_ pairs": lambda torch, nn, x: after(x, lambda z: z.view(x.shape[0], -1, 2).zero_()),
    "clamp_": lambda torch, nn, x: after(x, lambda z: z.clamp_(max=x[..., :3])),
    "put_": lambda torch, nn, x: after(x, lambda z: z.put_(torch.tensor([7]), torch.tensor([1.0]))),
    "atan2_": lambda torch, nn, x: after(x, lambda z: z.atan2_(x[..., :2])),
    "bernoulli_": lambda torch, nn, x: after(x, lambda z: z.bernoulli_(x[..., :3])),
    "relu_": lambda torch, nn, x: after(x, lambda z: nn.relu(z[..., 2:5], inplace=True)),
    "diagonal fill_": lambda torch, nn, x: after(x, lambda z: z.diagonal(0, 1, 2).fill_(1.0)),
    "set entries": lambda torch, nn, x: after(x, lambda z: z.__setitem__((..., [0, 3]), 1.0)),
    "set entries to": lambda torch, nn, x: after(x, lambda z: z.__setitem__((..., [0, 3]), x[..., :2])),
    "set half": lambda torch, nn, x: after(
        x, lambda z: z.__setitem__((..., slice(x.shape[-1] // 2, None)), x[..., :3])
    ),
    "set entry": lambda torch, nn, x: after(x, lambda z: z.__setitem__((..., 2), x[..., 0])),
    "set mask": lambda torch, nn, x: after(
        x, lambda z: z.__setitem__((slice(None), slice(None), torch.arange(4) > 1), 0.0)
    ),
    "copy_ into": lambda torch, nn, x: after(x.new_zeros(x.shape[0], 2, 5), lambda z: z[..., 1:4].copy_(x)),
    "copy_ over": lambda torch, nn, x: after(x.new_zeros(x.shape[0], 2, 5), lambda z: z.copy_(x)),
    "swap": lambda torch, nn, x: after(
        x, lambda z: z[..., :3].copy_(x[..., 3:]), lambda z: z[..., 3:].copy_(x[..., :3])
    ),
    "out": lambda torch, nn, x: after(x, lambda z: torch.add(z, x[..., :3], out=z)),
}


def _size_in_torch(function: Callable[..., Any], width: int) -> tuple[int, ...] | None:
    """The sizes of one example in torch; ``None`` where torch refuses."""
    import torch

    try:
        made = function(torch, torch.nn.functional, torch.rand(3, 2, width))
    except (RuntimeError, ValueError, IndexError):
        return None
    return tuple((made[0] if isinstance(made, tuple) else made).shape)


@pytest.mark.filterwarnings("ignore")  # of torch, about sizes 0
@pytest.mark.parametrize("name", FUNCTIONS)
def test_every_size_is_torchs_or_left_out(name: str) -> None:
    import torch

    class Model(torch.nn.Module):  # type: ignore[misc]
        def forward(self, x: Any) -> Any:
            return FUNCTIONS[name](torch, torch.nn.functional, x)

    network = symnet.from_torch(Model(), (2, "W"))
    kept = []
    for width in range(1, 14):
        try:
            size = tuple(int(entry) for entry in network.at(W=width).output)
        except symnet.SymnetError:
            continue
        there = _size_in_torch(FUNCTIONS[name], width)
        assert there is not None, f"W = {width}: torch refuses"
        assert there in ((3, *size), size), f"W = {width}"
        kept.append(width)
    assert kept or name in PINNED


#: These take W, or how many parts it has, for the number that it usually is (224).
PINNED = {"split2", "split2 1", "split last", "ln"}


def test_hypotheses_are_about_the_letters_of_the_inputs() -> None:
    import torch

    class Joined(torch.nn.Module):  # type: ignore[misc]
        def forward(self, x: Any, y: Any) -> Any:
            return torch.cat([x.mean(1, keepdim=True), y], 1)

    assert symnet.from_torch(Joined(), [("T", 6), ("S", 6)]).assumed == ()
