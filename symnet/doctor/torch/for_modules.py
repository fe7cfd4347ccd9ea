"""Candidate changes for a module of torch that refuses its input."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from math import isqrt, prod
from typing import Any

from symnet.doctor.changes import Change
from symnet.doctor.torch.for_joins import channels_changed
from symnet.doctor.torch.for_states import for_rows, for_states
from symnet.doctor.torch.patient import Examined, Patient
from symnet.doctor.torch.recording import Call, written_in_torch

__all__ = ["for_module"]

Proposals = Iterator[Change | None]


def for_module(patient: Patient, examined: Examined, call: Call) -> Proposals:
    """Candidate changes for the module of a call that failed; ``None`` for impossible ones."""
    kind = written_in_torch(call.module) or ""
    if not call.shapes:
        return
    for start, family in _FAMILIES:
        if kind.startswith(start):
            yield from family(patient, examined, call)
            break


def _from_input(examined: Examined, call: Call) -> int | None:
    """The index of the model's input that the call takes unchanged; ``None`` if it takes another tensor."""
    source = call.sources[0] if call.sources else None
    return -1 - source if source is not None and source < 0 else None


def _other_input(patient: Patient, examined: Examined, place: int, shape: tuple[int, ...], why: str) -> Change:
    shapes = list(examined.shapes)
    shapes[place] = shape
    return patient.input(shapes, f"an input of {'*'.join(map(str, shape))}", 2, why)


class _Moved:
    """A factory of layers that permute dimensions."""

    def __new__(cls, *order: int) -> Any:
        import torch

        class Permute(torch.nn.Module):  # type: ignore[misc]
            """A permutation of the dimensions."""

            def forward(self, x: Any) -> Any:
                return x.permute(*order)

        return Permute()


def _permuted(patient: Patient, call: Call, order: tuple[int, ...], words: str, cost: float = 2) -> Change | None:
    if len(order) == 3:
        method, layer = ".transpose(1, 2)", "Transpose(1, 2)"
    else:
        method = f".permute({', '.join(map(str, order))})"
        layer = f"Permute({', '.join(map(str, order))})"
    return patient.before(call, words, layer, method, lambda: _Moved(*order), cost)


def _flatten(patient: Patient, call: Call, cost: float, **changed: Any) -> Change | None:
    import torch

    return patient.before(call, "Flatten", "nn.Flatten()", ".flatten(1)", torch.nn.Flatten, cost, **changed)


def _linear(patient: Patient, examined: Examined, call: Call) -> Proposals:
    shape, asked = call.shapes[0], call.module.in_features
    features = shape[-1]
    if len(shape) > 2:
        rest = prod(shape[1:])
        if rest == asked:
            yield _flatten(patient, call, 1.5)
        elif len(shape) > 3:
            yield _flatten(patient, call, 2.5, in_features=rest)
        if len(shape) == 3 and shape[1] == asked:
            yield _permuted(patient, call, (0, 2, 1), "the axes exchanged")
        if len(shape) == 4 and shape[1] == asked:
            yield patient.before(
                call, "the mean of each channel", "nn.AdaptiveAvgPool2d(1), nn.Flatten()", ".mean((2, 3))",
                _averaged, 2,
            )  # fmt: skip
    if features != asked:
        yield patient.arguments(call, "argument", 1 if len(shape) < 4 else 4, in_features=features)
    place = _from_input(examined, call)
    if place is not None and len(shape) == 2:
        yield _other_input(patient, examined, place, (asked,), "")
    if place is not None and len(shape) > 2 and prod(shape[1:]) == asked:
        yield _other_input(patient, examined, place, (asked,), "the image as one row")


def _averaged() -> Any:
    import torch

    return torch.nn.Sequential(torch.nn.AdaptiveAvgPool2d(1), torch.nn.Flatten())


def _conv(patient: Patient, examined: Examined, call: Call) -> Proposals:
    module, shape = call.module, call.shapes[0]
    axes, asked = len(module.kernel_size), module.in_channels
    place = _from_input(examined, call)
    if len(shape) != axes + 2:
        yield from _of_rank(patient, examined, call, axes + 1, asked)
        return
    if shape[1] != asked:
        if shape[-1] == asked:
            order = (0, axes + 1, *range(1, axes + 1))
            yield _permuted(patient, call, order, "channels first", 1.5)
            if place is not None:
                first = (shape[-1], *shape[1:-1])
                yield _other_input(patient, examined, place, first, "channels first")
        if module.groups == 1 or shape[1] % module.groups == 0:
            yield patient.arguments(call, "argument", 1, in_channels=shape[1])
        elif module.groups == asked:  # one filter for each channel
            several = module.out_channels // asked * shape[1]
            yield patient.arguments(call, "argument", 1.2, in_channels=shape[1], out_channels=several, groups=shape[1])
            yield patient.arguments(call, "argument", 1.5, in_channels=shape[1], groups=1)
        else:
            yield patient.arguments(call, "argument", 1.5, in_channels=shape[1], groups=1)
        if shape[1] == 1:
            times = ", ".join(["1", str(asked), *["1"] * axes])
            yield patient.before(
                call, f"the channel {asked} times", f"Repeat({times})", f".repeat({times})",
                partial(_Repeated, asked, axes), 2,
            )  # fmt: skip
        if place is not None:
            yield _other_input(patient, examined, place, (asked, *shape[2:]), f"{asked} channels")
        source = examined.run.source(call.sources[0])
        while source is not None and source.module is None and source.shapes:
            source = examined.run.source(source.sources[0])
        if source is not None and source.module is not None and hasattr(source.module, "out_channels"):
            yield patient.arguments(source, "argument", 1.6, out_channels=asked)
        return
    padding, stride = getattr(module, "output_padding", ()), min(_tuple(module.stride, 1))
    if padding and max(_tuple(padding, 1)) >= max(stride, *_tuple(module.dilation, 1)):
        for other in range(stride):
            yield patient.arguments(call, "output_padding", 1 + 0.1 * other, output_padding=other)
        yield patient.arguments(call, "stride", 1.1, stride=max(_tuple(padding, 1)) + 1)
    yield from _windows(patient, examined, call)


class _Repeated:
    def __new__(cls, times: int, axes: int) -> Any:
        import torch

        class Repeat(torch.nn.Module):  # type: ignore[misc]
            """The channels repeated several times."""

            def forward(self, x: Any) -> Any:
                return x.repeat(1, times, *[1] * axes)

        return Repeat()


def _of_rank(patient: Patient, examined: Examined, call: Call, rank: int, channels: int | None) -> Proposals:
    """Changes for a tensor with too many or too few dimensions: the module requires ``rank`` without the batch."""
    shape, place = call.shapes[0], _from_input(examined, call)
    there = len(shape) - 1
    if there == 1 and rank == 3 and channels and isqrt(shape[1] // channels) ** 2 * channels == shape[1]:
        import torch

        side = isqrt(shape[1] // channels)
        layer, method = f"nn.Unflatten(1, ({channels}, {side}, {side}))", f".unflatten(1, ({channels}, {side}, {side}))"
        make = partial(torch.nn.Unflatten, 1, (channels, side, side))
        yield patient.before(call, "an image", layer, method, make, 1.4)
    if there == rank - 1 and channels in (1, None):
        import torch

        yield patient.before(
            call, "a channel", "nn.Unflatten(1, (1, -1))", ".unsqueeze(1)", lambda: torch.nn.Unflatten(1, (1, shape[1])), 1.5
        )  # fmt: skip
        if place is not None:
            yield _other_input(patient, examined, place, (1, *shape[1:]), "one channel")
    if there == rank - 1 and channels is not None and place is not None and shape[-1] == channels:
        yield _other_input(patient, examined, place, (channels, *shape[1:]), "")
    if place is not None and there == rank - 1 and channels not in (1, None):
        yield _other_input(patient, examined, place, (channels or 1, *shape[1:]), f"{channels} channels")
    if place is not None and there == rank + 1:
        yield _other_input(patient, examined, place, shape[2:], "the batch left out, which symnet adds by itself")
    if there == rank + 1 and shape[-1] == 1:
        yield patient.before(call, "the last axis left out", "nn.Flatten(-2)", ".squeeze(-1)", _squeezed, 1.5)


def _squeezed() -> Any:
    import torch

    return torch.nn.Flatten(-2)


def _tuple(value: Any, count: int) -> tuple[int, ...]:
    return tuple(value) if isinstance(value, tuple | list) else (value,) * count


def _same(values: tuple[int, ...]) -> Any:
    return values[0] if len(set(values)) == 1 else values


def _windows(patient: Patient, examined: Examined, call: Call) -> Proposals:
    """Changes for a window that is larger than its input."""
    module, shape = call.module, call.shapes[0]
    sizes = shape[2:] if len(shape) > 2 else shape[1:]
    kernel = _tuple(module.kernel_size, len(sizes))
    dilation = _tuple(getattr(module, "dilation", 1), len(sizes))
    padding = getattr(module, "padding", 0)
    if not isinstance(padding, str):
        there = _tuple(padding, len(sizes))
        reach = [d * (k - 1) + 1 for d, k in zip(dilation, kernel, strict=True)]
        needed = max([0, *(-(-(r - n) // 2) for r, n in zip(reach, sizes, strict=True))])
        largest = min(kernel) // 2 if "Pool" in type(module).__name__ else max(reach)
        if max(there) < needed <= largest:
            yield patient.arguments(call, "padding", 1, padding=needed)
        usual = _same(tuple(r // 2 for r in reach))
        if usual != needed and usual != _same(there) and max(_tuple(usual, 1)) <= largest:
            yield patient.arguments(call, "padding", 1.1, padding=usual)
    smaller = _same(tuple(min(k, n) for k, n in zip(kernel, sizes, strict=True)))
    if smaller != _same(kernel):
        yield patient.arguments(call, "argument", 1.5, kernel_size=smaller)
    yield from _fewer_strides(patient, examined, call)


def _fewer_strides(patient: Patient, examined: Examined, call: Call) -> Proposals:
    """Changes that remove the stride of an earlier layer, or the layer itself."""
    seen: set[str] = set()
    pools = "Pool" in (written_in_torch(call.module) or "")
    if pools:
        yield patient.without(call, 2)
    for before in reversed(examined.run.calls[: call.number]):
        kind = written_in_torch(before.module) if before.module is not None else None
        if kind is None or before.name in seen or len(seen) > 3:
            continue
        seen.add(before.name)
        if "Pool" in kind and "Adaptive" not in kind:
            yield patient.without(before, 2.5 + 0.1 * len(seen))
        elif kind.startswith("Conv") and max(_tuple(before.module.stride, 1)) > 1 and "Transpose" not in kind:
            yield patient.arguments(before, "stride", 2 + 0.1 * len(seen), stride=1)


def _pool(patient: Patient, examined: Examined, call: Call) -> Proposals:
    kind = type(call.module).__name__
    axes = int(kind[-2]) if kind.endswith("d") else 2
    shape = call.shapes[0]
    if len(shape) == axes + 2:
        yield from _windows(patient, examined, call)
        return
    if len(shape) in (3, 4, 5):
        yield patient.other_class(call, f"{kind[:-2]}{len(shape) - 2}d", 1)
    yield from _of_rank(patient, examined, call, axes + 1, None)


def _batch_norm(patient: Patient, examined: Examined, call: Call) -> Proposals:
    shape, kind = call.shapes[0], type(call.module).__name__
    family = kind[:-2]
    wanted = {2: "1d", 3: "1d", 4: "2d", 5: "3d"}.get(len(shape))
    if wanted and not kind.endswith(wanted) and not kind.startswith("Sync"):
        yield patient.other_class(call, f"{family}{wanted}", 1)
    elif shape[1] != call.module.num_features:
        yield patient.arguments(call, "argument", 1, num_features=shape[1])
        yield from channels_changed(patient, examined, call.sources[0], call.module.num_features)
        if shape[-1] == call.module.num_features and len(shape) == 3:
            yield _permuted(patient, call, (0, 2, 1), "the axes exchanged")


def _layer_norm(patient: Patient, examined: Examined, call: Call) -> Proposals:
    shape, asked = call.shapes[0], tuple(call.module.normalized_shape)
    last = shape[-len(asked) :]
    yield patient.arguments(call, "argument", 1, normalized_shape=last[0] if len(last) == 1 else list(last))
    if len(asked) == 1 and len(shape) == 4 and shape[1] == asked[0]:
        yield _permuted(patient, call, (0, 2, 3, 1), "channels last")
    if len(asked) == 1 and len(shape) == 3 and shape[1] == asked[0]:
        yield _permuted(patient, call, (0, 2, 1), "the axes exchanged")


def _group_norm(patient: Patient, examined: Examined, call: Call) -> Proposals:
    channels = call.shapes[0][1]
    if channels % call.module.num_groups == 0:
        yield patient.arguments(call, "argument", 1, num_channels=channels)
    else:
        groups = max(n for n in range(1, call.module.num_groups + 1) if channels % n == 0)
        yield patient.arguments(call, "argument", 1.2, num_groups=groups, num_channels=channels)


def _recurrent(patient: Patient, examined: Examined, call: Call) -> Proposals:
    shape, asked = call.shapes[0], call.module.input_size
    if len(shape) == 4 and shape[1] == 1:
        yield patient.before(call, "the channel left out", "nn.Flatten(1, 2)", ".squeeze(1)", _squeezed_first, 1.5)
    if len(shape) == 2 and asked == 1:
        import torch

        yield patient.before(call, "a feature", "nn.Unflatten(1, (-1, 1))", ".unsqueeze(-1)", torch.nn.Identity, 1.5)
    if len(shape) == 3 and shape[-1] != asked:
        if shape[1] == asked:
            yield _permuted(patient, call, (0, 2, 1), "steps and features exchanged", 1.5)
            place = _from_input(examined, call)
            if place is not None:
                yield _other_input(patient, examined, place, (shape[2], shape[1]), "steps, then features")
        yield patient.arguments(call, "argument", 1, input_size=shape[-1])
    if not call.module.batch_first:
        yield patient.arguments(call, "argument", 0.9, batch_first=True)
    yield from for_states(patient, examined, call)
    if len(shape) == 4:
        yield patient.before(
            call, "each step as one row", "nn.Flatten(2)", ".flatten(2)", lambda: _flat_from(2), 2, input_size=prod(shape[2:])
        )  # fmt: skip


def _flat_from(dim: int) -> Any:
    import torch

    return torch.nn.Flatten(dim)


def _squeezed_first() -> Any:
    import torch

    return torch.nn.Flatten(1, 2)


def _attention(patient: Patient, examined: Examined, call: Call) -> Proposals:
    features, module = call.shapes[0][-1], call.module
    if not module.batch_first:
        yield patient.arguments(call, "argument", 0.9, batch_first=True)
    if features != module.embed_dim:
        if features % module.num_heads == 0:
            yield patient.arguments(call, "argument", 1, embed_dim=features)
        else:
            heads = max(n for n in range(1, module.num_heads + 1) if features % n == 0)
            yield patient.arguments(call, "argument", 1.2, embed_dim=features, num_heads=heads)
    widths = [shape[-1] for shape in call.shapes[1:3]]
    if len(widths) == 2 and any(width != module.embed_dim for width in widths):
        yield patient.arguments(call, "argument", 1.1, kdim=widths[0], vdim=widths[1])


def _pixel_shuffle(patient: Patient, examined: Examined, call: Call) -> Proposals:
    factor = call.module.upscale_factor
    channels = call.shapes[0][1]
    source = examined.run.source(call.sources[0])
    if source is not None and source.module is not None and hasattr(source.module, "out_channels"):
        up = -(-channels // factor**2) * factor**2
        yield patient.arguments(source, "argument", 1, out_channels=up)
    for other in range(factor - 1, 0, -1):
        if channels % other**2 == 0:
            yield patient.arguments(call, "argument", 1.5, upscale_factor=other)
            break


def _unflatten(patient: Patient, examined: Examined, call: Call) -> Proposals:
    module, shape = call.module, call.shapes[0]
    if not isinstance(module.dim, int):
        return
    total, sizes = shape[module.dim], list(module.unflattened_size)
    for place in range(len(sizes)):
        rest = prod(size for other, size in enumerate(sizes) if other != place and size > 0)
        if rest and total % rest == 0 and total // rest != sizes[place]:
            made = tuple(total // rest if other == place else size for other, size in enumerate(sizes))
            yield patient.arguments(call, "argument", 1.2, unflattened_size=made)
    source = examined.run.source(call.sources[0])
    if source is not None and source.module is not None and hasattr(source.module, "out_features") and min(sizes) > 0:
        yield patient.arguments(source, "argument", 1, out_features=prod(sizes))


_FAMILIES: tuple[tuple[str, Callable[[Patient, Examined, Call], Proposals]], ...] = (
    ("Linear", _linear),
    ("LayerNorm", _layer_norm),
    ("RMSNorm", _layer_norm),
    ("Conv", _conv),
    ("BatchNorm", _batch_norm),
    ("SyncBatchNorm", _batch_norm),
    ("InstanceNorm", _batch_norm),
    ("GroupNorm", _group_norm),
    ("MaxPool", _pool),
    ("AvgPool", _pool),
    ("AdaptiveAvgPool", _pool),
    ("AdaptiveMaxPool", _pool),
    ("LPPool", _pool),
    ("Embedding", for_rows),
    ("LSTM", _recurrent),
    ("GRU", _recurrent),
    ("RNN", _recurrent),
    ("MultiheadAttention", _attention),
    ("PixelShuffle", _pixel_shuffle),
    ("Unflatten", _unflatten),
)
