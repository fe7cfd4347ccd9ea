"""Every module of torch.nn with ordinary and unusual keywords, and the shapes of what it reads without the batch.

A case is what is made from torch.nn, after ``: `` how it is called with its inputs x, y, z where that is not all of them in order, and
the shapes of the inputs.
"""

from __future__ import annotations

__all__ = ["CASES", "REFUSED", "WITHOUT_FORWARD", "Case"]

_SIGNAL, _IMAGE, _CLIP, _TOKENS, _VECTOR = (8, 40), (8, 17, 20), (8, 9, 16, 18), (12, 32), (24,)
_OF_RANK = {1: _SIGNAL, 2: _IMAGE, 3: _CLIP}
_RANKS = (1, 2, 3)

Case = tuple[str, tuple[tuple[int, ...], ...]]


def _case(made: str, *shapes: tuple[int, ...]) -> Case:
    return made, shapes


def _activations() -> dict[str, list[Case]]:
    """Modules that act entry by entry, with their keywords."""
    keywords = {
        "ReLU": "inplace=True", "ReLU6": "inplace=True", "Sigmoid": "", "Tanh": "", "ELU": "0.5, inplace=True", "CELU": "alpha=2.0",
        "SELU": "inplace=True", "GELU": "approximate='tanh'", "SiLU": "inplace=True", "Mish": "inplace=True", "Hardswish": "True",
        "Hardsigmoid": "inplace=True", "Hardtanh": "-2.0, 3.0", "LeakyReLU": "negative_slope=0.2", "LogSigmoid": "",
        "Softplus": "beta=2.0, threshold=10.0", "Softsign": "", "Hardshrink": "lambd=0.1", "Softshrink": "0.25", "Tanhshrink": "",
        "RReLU": "lower=0.1, upper=0.2", "Softmax2d": "", "Dropout": "p=0.25, inplace=True", "Dropout1d": "0.1", "Dropout2d": "0.1",
        "Dropout3d": "0.1", "AlphaDropout": "p=0.1", "FeatureAlphaDropout": "0.2", "Identity": "54, unused=True",
    }  # fmt: skip
    shapes = {"Dropout1d": _SIGNAL, "Dropout3d": _CLIP}
    found = {
        name: [
            _case(f"{name}({words})", shapes.get(name, _IMAGE)),
            _case(f"{name}({words}).train()", shapes.get(name, _IMAGE)),
        ]
        for name, words in keywords.items()
    }
    for name in keywords:
        if name not in ("Dropout1d", "Dropout2d", "Dropout3d", "Softmax2d", "Identity"):
            found[name].append(_case(f"{name}()", _VECTOR))
    return {
        **found,
        "Threshold": [_case("Threshold(0.1, 20.0)", _IMAGE), _case("Threshold(-1, 2, inplace=True)", _VECTOR)],
        "PReLU": [_case("PReLU()", _IMAGE), _case("PReLU(num_parameters=8, init=0.1)", _SIGNAL)],
        "GLU": [_case("GLU()", _VECTOR), _case("GLU(dim=1)", _IMAGE)],
        **{
            name: [_case(f"{name}(dim={dim})", _IMAGE) for dim in (1, -1)]
            for name in ("Softmax", "LogSoftmax", "Softmin")
        },
    }


def _windows(rank: int) -> dict[str, list[Case]]:
    """Modules whose names end in the number of axes."""
    x = _OF_RANK[rank]
    each, odd = "2, " * rank, ", ".join(map(str, range(3, 3 + rank)))
    lengths = ", ".join(str(size) for size in x[1:])
    pads = [(f"({', '.join(['1', '2'] * rank)})", x), ("2", x)]
    return {
        f"Conv{rank}d": [
            _case(f"Conv{rank}d(8, 6, 3)", x),
            _case(f"Conv{rank}d(8, 16, ({odd},), stride=({each}), padding=1, dilation=2, groups=4, bias=False)", x),
            _case(f"Conv{rank}d(8, 8, 4, padding='same', dilation=3)", x),
            _case(f"Conv{rank}d(8, 8, 2, padding='valid', groups=8)", x),
            *(_case(f"Conv{rank}d(8, 8, 3, padding=2, padding_mode='{mode}')", x) for mode in ("reflect", "replicate", "circular")),
            *(_case(f"Conv{rank}d(8, 8, 4, padding='same', padding_mode='{mode}')", x) for mode in ("reflect", "circular")),
            _case(f"Conv{rank}d(8, 8, 3, padding='valid', padding_mode='replicate')", x),
        ],
        f"ConvTranspose{rank}d": [
            _case(f"ConvTranspose{rank}d(8, 4, 3)", x),
            _case(f"ConvTranspose{rank}d(8, 4, ({odd},), ({each}), 1, 1, groups=2, bias=False)", x),
            _case(f"ConvTranspose{rank}d(8, 4, 3, stride=3, dilation=2, output_padding=2)", x),
            _case(f"ConvTranspose{rank}d(8, 4, 3, stride=2) : m(x, output_size=[{', '.join(str(2 * size + 2) for size in x[1:])}])", x),
        ],
        f"LazyConv{rank}d": [_case(f"LazyConv{rank}d(6, 3, stride=2, groups=2)", x), _case(f"LazyConv{rank}d(6, 3, bias=False)", x)],
        f"LazyConvTranspose{rank}d": [_case(f"LazyConvTranspose{rank}d(6, 3, stride=2, output_padding=1)", x)],
        f"MaxPool{rank}d": [
            _case(f"MaxPool{rank}d(3)", x),
            _case(f"MaxPool{rank}d(({odd},), stride=2, padding=1, dilation=2, ceil_mode=True)", x),
            _case(f"MaxPool{rank}d(2, return_indices=True)", x),
        ],
        f"MaxUnpool{rank}d": [
            _case(f"ModuleList([nn.MaxPool{rank}d(2, return_indices=True), nn.MaxUnpool{rank}d(2)]) : m[1](*m[0](x))", x),
            _case(
                f"ModuleList([nn.MaxPool{rank}d(3, stride=2, padding=1, return_indices=True), nn.MaxUnpool{rank}d(3, stride=2, "
                f"padding=1)]) : m[1](*m[0](x), output_size=x.shape)", x),
            _case(f"ModuleList([nn.MaxPool{rank}d(2, return_indices=True), nn.MaxUnpool{rank}d(2)]) : "
                  f"m[1](*m[0](x), output_size=[{lengths}])", x),
        ],
        f"AvgPool{rank}d": [
            _case(f"AvgPool{rank}d(3)", x),
            _case(f"AvgPool{rank}d(({odd},), stride=2, padding=1, ceil_mode=True, count_include_pad=False)", x),
            *([_case(f"AvgPool{rank}d(2, divisor_override=3)", x)] if rank > 1 else []),
        ],
        f"LPPool{rank}d": [_case(f"LPPool{rank}d(2, 3)", x),
        _case(f"LPPool{rank}d(1.2, {'3' if rank == 1 else f'({odd})'}, stride=2, ceil_mode=True)", x)],
        f"AdaptiveAvgPool{rank}d": [
            _case(f"AdaptiveAvgPool{rank}d(5)", x), _case(f"AdaptiveAvgPool{rank}d(({'None, ' * (rank - 1)}3,))", x),
        ],
        f"AdaptiveMaxPool{rank}d": [
            _case(f"AdaptiveMaxPool{rank}d(5)", x), _case(f"AdaptiveMaxPool{rank}d(4, return_indices=True)", x),
            *([_case(f"AdaptiveMaxPool{rank}d(({'None, ' * (rank - 1)}3,))", x)] if rank > 1 else []),
        ],
        **({f"FractionalMaxPool{rank}d": [
            _case(f"FractionalMaxPool{rank}d(2, output_size=5)", x),
            _case(f"FractionalMaxPool{rank}d(2, output_size=({odd}), return_indices=True)", x),
            _case(f"FractionalMaxPool{rank}d(3, output_ratio=0.5)", x),
            _case(f"FractionalMaxPool{rank}d(2, output_ratio=({'0.6, ' * rank}))", x),
        ]} if rank > 1 else {}),
        **{f"{name}Pad{rank}d": [_case(f"{name}Pad{rank}d({amount})", shape) for amount, shape in pads]
           for name in ("Zero", "Reflection", "Replication", "Circular")},
        f"ZeroPad{rank}d": [_case(f"ZeroPad{rank}d({amount})", shape) for amount, shape in [*pads, ("-1", x)]],
        f"ConstantPad{rank}d": [_case(f"ConstantPad{rank}d({amount}, 3.5)", shape) for amount, shape in [*pads, ("-2", x)]],
        f"BatchNorm{rank}d": [
            _case(f"BatchNorm{rank}d(8)", x), _case(f"BatchNorm{rank}d(8, eps=1e-3, momentum=None, affine=False)", x),
            _case(f"BatchNorm{rank}d(8, track_running_stats=False)", x), _case(f"BatchNorm{rank}d(8, bias=False)", x),
        ],
        f"LazyBatchNorm{rank}d": [_case(f"LazyBatchNorm{rank}d()", x), _case(f"LazyBatchNorm{rank}d(affine=False)", x)],
        f"InstanceNorm{rank}d": [
            _case(f"InstanceNorm{rank}d(8)", x), _case(f"InstanceNorm{rank}d(8, affine=True, track_running_stats=True)", x),
            _case(f"InstanceNorm{rank}d(8, affine=True, bias=False)", x),
        ],
        f"LazyInstanceNorm{rank}d": [_case(f"LazyInstanceNorm{rank}d()", x), _case(f"LazyInstanceNorm{rank}d(affine=False)", x)],
    }  # fmt: skip


def _features() -> dict[str, list[Case]]:
    """Dense layers, normalization, embedding, rearranging, resizing, distances."""
    x = _IMAGE
    return {
        "Linear": [_case("Linear(24, 5)", _VECTOR), _case("Linear(20, 7, bias=False)", x)],
        "Bilinear": [_case("Bilinear(12, 7, 5)", (12,), (7,)), _case("Bilinear(12, 7, 5, bias=False)", (4, 12), (4, 7))],
        "LazyLinear": [_case("LazyLinear(5)", _VECTOR), _case("LazyLinear(5, bias=False)", _TOKENS)],
        "LayerNorm": [_case("LayerNorm(32)", _TOKENS), _case("LayerNorm((17, 20), eps=1e-3, bias=False)", x),
                      _case("LayerNorm([8, 17, 20], elementwise_affine=False)", x)],
        "RMSNorm": [_case("RMSNorm(32)", _TOKENS), _case("RMSNorm((17, 20), eps=1e-3, elementwise_affine=False)", x)],
        "GroupNorm": [_case("GroupNorm(4, 8)", x), _case("GroupNorm(8, 8, affine=False)", _SIGNAL),
        _case("GroupNorm(1, 8, bias=False)", x)],
        "LocalResponseNorm": [_case("LocalResponseNorm(3)", x), _case("LocalResponseNorm(5, alpha=1e-3, beta=0.5, k=2.0)", _SIGNAL)],
        "CrossMapLRN2d": [_case("CrossMapLRN2d(3)", x)],
        "SyncBatchNorm": [_case("SyncBatchNorm(8)", x), _case("SyncBatchNorm(8, affine=False)", _SIGNAL)],
        "Embedding": [_case("Embedding(100, 16)", (12,)), _case("Embedding(100, 16, padding_idx=0, sparse=True)", (3, 4)),
                      _case("Embedding(100, 16, max_norm=1.0, scale_grad_by_freq=True)", (12,))],
        "EmbeddingBag": [*(_case(f"EmbeddingBag(100, 16, mode='{mode}')", (7,)) for mode in ("mean", "sum", "max")),
                         _case("EmbeddingBag(100, 16, padding_idx=0)", (7,)),
                         _case("EmbeddingBag(100, 16, mode='sum') : m(x.long(), per_sample_weights=y)", (7,), (7,))],
        "Flatten": [_case("Flatten()", x), _case("Flatten(2, 3)", x), _case("Flatten(start_dim=1, end_dim=-2)", x)],
        "Unflatten": [_case("Unflatten(1, (2, 4))", x), _case("Unflatten(-1, torch.Size([4, 5]))", x), _case("Unflatten(1, [-1, 2])", x)],
        "Fold": [_case("Fold((4, 5), (2, 2))", (24, 12)),
        _case("Fold(output_size=10, kernel_size=3, dilation=2, padding=1, stride=2)", (18, 16))],
        "Unfold": [_case("Unfold(3)", x), _case("Unfold((2, 3), dilation=2, padding=(1, 2), stride=2)", x)],
        "ChannelShuffle": [_case("ChannelShuffle(4)", x), _case("ChannelShuffle(2)", _CLIP), _case("ChannelShuffle(2)", _SIGNAL)],
        "PixelShuffle": [_case("PixelShuffle(2)", x), _case("PixelShuffle(2)", (3, 8, 5, 6))],
        "PixelUnshuffle": [_case("PixelUnshuffle(2)", (8, 16, 20))],
        "Upsample": [_case("Upsample(scale_factor=2)", x),
        _case("Upsample(scale_factor=(1.5, 2.5), mode='bilinear', align_corners=True)", x),
                     _case("Upsample(size=(9, 33), mode='bicubic')", x), _case("Upsample(30, mode='linear')", _SIGNAL),
                     _case("Upsample(scale_factor=0.5, recompute_scale_factor=True)", x),
                     _case("Upsample(scale_factor=2, mode='trilinear')", _CLIP),
                     _case("Upsample(scale_factor=3, mode='nearest-exact')", _SIGNAL), _case("Upsample(scale_factor=1.3, mode='area')", x)],
        "UpsamplingNearest2d": [_case("UpsamplingNearest2d(scale_factor=3)", x), _case("UpsamplingNearest2d(size=(9, 7))", x)],
        "UpsamplingBilinear2d": [_case("UpsamplingBilinear2d(scale_factor=3)", x), _case("UpsamplingBilinear2d(size=9)", x)],
        "PairwiseDistance": [_case("PairwiseDistance()", _VECTOR, _VECTOR),
        _case("PairwiseDistance(p=1.0, keepdim=True)", _VECTOR, _VECTOR),
                             _case("PairwiseDistance()", _TOKENS, _TOKENS)],
        "CosineSimilarity": [_case("CosineSimilarity()", _VECTOR, _VECTOR), _case("CosineSimilarity(dim=-1, eps=1e-4)", x, x),
                             _case("CosineSimilarity(dim=1)", _TOKENS, _TOKENS), _case("CosineSimilarity(dim=1)", _TOKENS, (1, 32))],
    }  # fmt: skip


def _recurrent() -> dict[str, list[Case]]:
    """Recurrent layers and cells; without ``batch_first`` they read transposed sequences."""
    found = {}
    for name in ("RNN", "LSTM", "GRU"):
        both = "(y, z)" if name == "LSTM" else "y"
        states = [(6, 16), (6, 16)] if name == "LSTM" else [(6, 16)]
        turned = both.replace("y", "y.transpose(0, 1)").replace("z", "z.transpose(0, 1)")
        found[name] = [
            _case(f"{name}(32, 16, batch_first=True)", _TOKENS),
            _case(
                f"{name}(32, 16, num_layers=2, bias=False, dropout=0.1, bidirectional=True, batch_first=True)", _TOKENS
            ),
            _case(f"{name}(32, 16) : m(x.transpose(0, 1))[0].transpose(0, 1)", _TOKENS),
            _case(f"{name}(32, 16, 3, bidirectional=True, batch_first=True) : m(x, {turned})", _TOKENS, *states),
            _case(f"{name}(32, 16, batch_first=True) : m(x)[0][:, -1]", _TOKENS),
        ]
    found["RNN"].append(_case("RNN(32, 16, nonlinearity='relu', batch_first=True)", _TOKENS))
    found["LSTM"].append(_case("LSTM(32, 16, proj_size=5, num_layers=2, batch_first=True)", _TOKENS))
    packed = "m(nn.utils.rnn.pack_padded_sequence(x, torch.full((x.shape[0],), x.shape[1]), batch_first=True))[0]"
    unpacked = f"nn.utils.rnn.pad_packed_sequence({packed}, batch_first=True)[0]"
    found["GRU"] += [
        _case(f"GRU(32, 16, batch_first=True) : {unpacked}", _TOKENS),
        _case(f"GRU(32, 16) : {packed}.data.view(x.shape[0], -1)", _TOKENS),
    ]
    unsorted = "nn.utils.rnn.pack_padded_sequence(x, torch.full((x.shape[0],), x.shape[1]), True, enforce_sorted=False)"
    found["LSTM"].append(
        _case(
            f"LSTM(32, 16, bidirectional=True, batch_first=True) : "
            f"nn.utils.rnn.pad_packed_sequence(m({unsorted})[0], batch_first=True, total_length=15)[0]",
            _TOKENS,
        )
    )
    for name in ("RNNCell", "GRUCell"):
        found[name] = [
            _case(f"{name}(24, 16)", _VECTOR), _case(f"{name}(24, 16, bias=False)", _VECTOR, (16,)),
            _case(f"{name}(32, 32) : torch.stack([m(x[:, t]) for t in range(3)], 1)", _TOKENS),
        ]  # fmt: skip
    found["RNNCell"].append(_case("RNNCell(24, 16, nonlinearity='relu')", _VECTOR))
    found["LSTMCell"] = [
        _case("LSTMCell(24, 16)", _VECTOR), _case("LSTMCell(24, 16, bias=False) : m(x, (y, z))", _VECTOR, (16,), (16,)),
    ]  # fmt: skip
    return found


def _attention() -> dict[str, list[Case]]:
    """Attention and transformers, with masks and without ``batch_first``."""
    x, y = _TOKENS, (9, 32)
    small = "32, 4, 64"
    square, causal = "torch.zeros(12, 12)", "nn.Transformer.generate_square_subsequent_mask(12)"
    padding = "torch.zeros(x.shape[0], 12, dtype=torch.bool)"
    return {
        "MultiheadAttention": [
            _case("MultiheadAttention(32, 4, batch_first=True) : m(x, x, x)", x),
            _case("MultiheadAttention(32, 4, bias=False, batch_first=True) : m(x, x, x, need_weights=False)[0]", x),
            _case("MultiheadAttention(32, 4) : m(x.transpose(0, 1), x.transpose(0, 1), x.transpose(0, 1))[0].transpose(0, 1)", x),
            _case("MultiheadAttention(32, 4, kdim=20, vdim=24, batch_first=True)", x, (9, 20), (9, 24)),
            _case("MultiheadAttention(32, 4, batch_first=True) : m(x, y, y, average_attn_weights=False)", x, y),
            _case("MultiheadAttention(32, 4, add_bias_kv=True, batch_first=True) : m(x, x, x)", x),
            _case("MultiheadAttention(32, 4, add_zero_attn=True, batch_first=True) : m(x, y, y)", x, y),
            _case("MultiheadAttention(32, 4, add_bias_kv=True, add_zero_attn=True, batch_first=True) : m(x, y, y)[0]", x, y),
            _case(f"MultiheadAttention(32, 4, batch_first=True) : m(x, x, x, attn_mask={square})", x),
            _case(f"MultiheadAttention(32, 4, batch_first=True) : m(x, x, x, key_padding_mask={padding})", x),
            _case(f"MultiheadAttention(32, 4, batch_first=True) : m(x, x, x, attn_mask={causal}, is_causal=True, "
                f"need_weights=False)[0]", x),
        ],
        "TransformerEncoderLayer": [
            _case(f"TransformerEncoderLayer({small}, batch_first=True)", x),
            _case(f"TransformerEncoderLayer({small}, batch_first=True, norm_first=True, activation='gelu', bias=False)", x),
            _case(f"TransformerEncoderLayer({small}, 0.0, torch.tanh, 1e-3, batch_first=True) : m(x, src_mask={square})", x),
            _case(f"TransformerEncoderLayer({small}) : m(x.transpose(0, 1)).transpose(0, 1)", x),
            _case(f"TransformerEncoderLayer({small}, batch_first=True) : m(x, src_key_padding_mask={padding})", x),
        ],
        "TransformerEncoder": [
            _case(f"TransformerEncoder(nn.TransformerEncoderLayer({small}, batch_first=True), 3, norm=nn.LayerNorm(32))", x),
            _case(f"TransformerEncoder(nn.TransformerEncoderLayer({small}, batch_first=True), 2) : m(x, mask={causal}, is_causal=True)", x),
            _case(f"TransformerEncoder(nn.TransformerEncoderLayer({small}, batch_first=True), 2, enable_nested_tensor=False) : "
                f"m(x, src_key_padding_mask={padding})", x),
            _case(f"TransformerEncoder(nn.TransformerEncoderLayer({small}, batch_first=True), 2) : m(x, "
                f"src_key_padding_mask={padding})", x),
            _case(f"TransformerEncoder(nn.TransformerEncoderLayer({small}), 2) : m(x.transpose(0, 1)).transpose(0, 1)", x),
        ],
        "TransformerDecoderLayer": [
            _case(f"TransformerDecoderLayer({small}, batch_first=True)", x, y),
            _case(f"TransformerDecoderLayer({small}, norm_first=True, batch_first=True) : m(x, y, tgt_mask={causal}, "
                f"tgt_is_causal=True)", x, y),
        ],
        "TransformerDecoder": [
            _case(f"TransformerDecoder(nn.TransformerDecoderLayer({small}, batch_first=True), 2, nn.LayerNorm(32))", x, y),
            _case(f"TransformerDecoder(nn.TransformerDecoderLayer({small}, batch_first=True), 2) : m(x, y, "
                f"memory_mask=torch.zeros(12, 9), tgt_key_padding_mask={padding})", x, y),
        ],
        "Transformer": [
            _case("Transformer(32, 4, 2, 2, 64, batch_first=True)", y, x),
            _case("Transformer(32, 4, 1, 2, 64, norm_first=True, bias=False, batch_first=True)", y, x),
            _case(f"Transformer(32, 4, 2, 2, 64, batch_first=True) : m(x, x, src_mask={square}, tgt_mask={causal}, "
                f"memory_mask={square}, src_key_padding_mask={padding}, tgt_key_padding_mask={padding}, "
                    f"memory_key_padding_mask={padding})", x),
            _case("Transformer(32, 4, 1, 1, 64) : m(x.transpose(0, 1), y.transpose(0, 1)).transpose(0, 1)", y, x),
        ],
    }  # fmt: skip


def _losses() -> dict[str, list[Case]]:
    """Losses are networks of two inputs or three, whose output is a number, or one number an entry or an example."""
    x = _VECTOR
    reductions = ("mean", "sum", "none")
    alike = {
        "L1Loss": "", "MSELoss": "", "SmoothL1Loss": "beta=0.5, ", "HuberLoss": "delta=2.0, ", "SoftMarginLoss": "",
        "HingeEmbeddingLoss": "margin=0.5, ", "KLDivLoss": "log_target=True, ", "PoissonNLLLoss": "log_input=False, full=True, ",
        "MultiLabelSoftMarginLoss": "weight=torch.ones(24), ", "BCEWithLogitsLoss": "pos_weight=torch.ones(24), ",
    }  # fmt: skip
    found = {
        name: [*(_case(f"{name}({more}reduction='{how}')", x, x) for how in reductions), _case(f"{name}()", x, x)]
        for name, more in alike.items()
    }
    found["KLDivLoss"].append(_case("KLDivLoss(reduction='batchmean')", x, x))
    found["MSELoss"].append(_case("MSELoss(reduction='none')", _IMAGE, _IMAGE))
    found["BCELoss"] = [
        _case(f"BCELoss(weight=torch.ones(24), reduction='{how}') : m(x.sigmoid(), y)", x, x) for how in reductions
    ]
    found["MultiLabelMarginLoss"] = [
        _case(f"MultiLabelMarginLoss(reduction='{how}') : m(x, y.long())", x, x) for how in reductions
    ]
    found["MultiMarginLoss"] = [
        _case(f"MultiMarginLoss(p=2, weight=torch.ones(24), reduction='{how}') : m(x, y[:, 0].long())", x, (1,))
        for how in reductions
    ]
    for name in ("CrossEntropyLoss", "NLLLoss"):
        smooth = "label_smoothing=0.1, " if name == "CrossEntropyLoss" else ""
        found[name] = [
            *(_case(f"{name}({smooth}reduction='{how}') : m(x, y[:, 0].long())", x, (1,)) for how in reductions),
            *(_case(f"{name}(weight=torch.ones(8), ignore_index=-1, reduction='{how}') : m(x, y.long())", _IMAGE, (17, 20))
                for how in reductions),
        ]  # fmt: skip
    found["CrossEntropyLoss"].append(_case("CrossEntropyLoss(reduction='none')", x, x))
    found["NLLLoss2d"] = [_case("NLLLoss2d() : m(x, y.long())", _IMAGE, (17, 20))]
    found["GaussianNLLLoss"] = [
        _case(f"GaussianNLLLoss(full=True, reduction='{how}') : m(x, y, z.exp())", x, x, x) for how in reductions
    ]
    found["MarginRankingLoss"] = [_case(f"MarginRankingLoss(0.5, reduction='{how}')", x, x, x) for how in reductions]
    found["CosineEmbeddingLoss"] = [
        _case(f"CosineEmbeddingLoss(0.5, reduction='{how}') : m(x, y, z[:, 0])", x, x, (1,)) for how in reductions
    ]
    found["TripletMarginLoss"] = [
        _case(f"TripletMarginLoss(swap=True, p=1.0, reduction='{how}')", x, x, x) for how in reductions
    ]
    found["TripletMarginWithDistanceLoss"] = [
        *(_case(f"TripletMarginWithDistanceLoss(swap=True, reduction='{how}')", x, x, x) for how in reductions),
        _case("TripletMarginWithDistanceLoss(distance_function=nn.CosineSimilarity(), reduction='none')", x, x, x),
    ]
    found["CTCLoss"] = [
        _case(f"CTCLoss(blank=1, zero_infinity=True, reduction='{how}') : m(x.transpose(0, 1).log_softmax(2), y.long() + 2, "
              "torch.full((x.shape[0],), 12), torch.full((x.shape[0],), 5))", _TOKENS, (5,)) for how in reductions
    ]  # fmt: skip
    found["LinearCrossEntropyLoss"] = [_case(f"LinearCrossEntropyLoss(24, 10, bias=True, reduction='{how}') : m(x, y[:, "
        f"0].long())", x, (1,))
                                       for how in ("mean", "sum")]  # fmt: skip
    found["AdaptiveLogSoftmaxWithLoss"] = [
        _case("AdaptiveLogSoftmaxWithLoss(24, 30, [5, 12], head_bias=True) : m.log_prob(x)", x)
    ]
    return found


def _containers() -> dict[str, list[Case]]:
    """Modules that hold others, or parameters; weights that are computed from others."""
    x, weights = _IMAGE, "nn.utils.parametrizations"
    return {
        "Sequential": [
            _case("Sequential(nn.Conv2d(8, 8, 3), nn.ReLU(inplace=True), nn.Flatten(), nn.LazyLinear(4))", x),
            _case("Sequential(OrderedDict(conv=nn.Conv2d(8, 8, 3), act=nn.GELU())) : m.act(m.conv(x)) + m[0](x)", x),
            _case(f"Sequential({weights}.weight_norm(nn.Conv2d(8, 4, 3)), {weights}.spectral_norm(nn.Conv2d(4, 4, 3)))", x),
            _case(f"Sequential({weights}.orthogonal(nn.Linear(24, 24)), {weights}.weight_norm(nn.Linear(24, 4), dim=None))", _VECTOR),
            _case("Sequential(nn.utils.weight_norm(nn.Linear(24, 8)), nn.utils.spectral_norm(nn.Linear(8, 4)))", _VECTOR),
        ],
        "ModuleList": [_case("ModuleList([nn.Linear(24, 24), nn.Linear(24, 5)]) : m[1](m[0](x))", _VECTOR)],
        "ModuleDict": [_case("ModuleDict({'a': nn.Linear(24, 24), 'b': nn.PReLU()}) : m['b'](m['a'](x))", _VECTOR)],
        "ParameterList": [_case("ParameterList([torch.zeros(24, 5), torch.zeros(5)]) : x @ m[0] + m[1]", _VECTOR)],
        "ParameterDict": [_case("ParameterDict({'w': torch.zeros(24, 5)}) : x @ m['w']", _VECTOR)],
        "DataParallel": [_case("DataParallel(nn.Linear(24, 5))", _VECTOR)],
    }  # fmt: skip


CASES: dict[str, list[Case]] = {
    **_activations(), **{name: cases for rank in _RANKS for name, cases in _windows(rank).items()},
    **_features(), **_recurrent(), **_attention(), **_losses(), **_containers(),
}  # fmt: skip

#: Modules of torch that read nothing: the classes that others are made from.
WITHOUT_FORWARD = ("Container", "Module", "RNNBase", "RNNCellBase")

#: What is refused, with words of the reason: the sizes depend on numbers, or the batch is taken for steps.
REFUSED: list[tuple[Case, str]] = [
    (_case("AdaptiveLogSoftmaxWithLoss(24, 30, [5, 12]) : m(x, y[:, 0].long())", _VECTOR, (1,)), "as the values of a tensor say"),
    (_case("AdaptiveLogSoftmaxWithLoss(24, 30, [5, 12]) : m.predict(x)", _VECTOR), "depends on the values of a tensor"),
    (_case("EmbeddingBag(100, 16) : m(x[:, 0].long(), y[:, 0].long())", (1,), (1,)), "numbers of the batch together by offsets"),
    (_case("GRU(32, 16)", _TOKENS), "was batch_first=True meant?"),
    (_case("MultiheadAttention(32, 4) : m(x, x, x)", _TOKENS), "was batch_first=True meant?"),
    (_case("Softmax2d()", _VECTOR), "is for images"),
    (_case("LazyConv1d(4, 3)", _IMAGE), "its code raises RuntimeError"),
    (_case("LazyConv2d(4, 30)", _IMAGE), "does not hold"),
    (_case("ModuleList([nn.ReLU()])", _VECTOR), "its code raises NotImplementedError"),
    (_case("ParameterList([torch.zeros(3)])", _VECTOR), "its code raises RuntimeError"),
]  # fmt: skip
