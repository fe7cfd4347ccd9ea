"""Source text of classes and functions that generated code defines where the framework has no such layer."""

from __future__ import annotations

__all__ = ["KERAS_HELPERS", "TORCH_HELPERS"]

TORCH_HELPERS = {
    "Scale": '''
class Scale(nn.Module):
    """A trained factor a channel, with bias=True also a trained offset."""

    def __init__(self, channels, axes, bias=False):
        super().__init__()
        self.gamma = nn.Parameter(torch.ones(channels, *[1] * axes))
        self.beta = nn.Parameter(torch.zeros(channels, *[1] * axes)) if bias else None

    def forward(self, x):
        x = x * self.gamma
        return x if self.beta is None else x + self.beta
''',
    "PositionEmbedding": '''
class PositionEmbedding(nn.Module):
    """Trained numbers for every place of a sequence, added to it."""

    def __init__(self, length, features):
        super().__init__()
        self.embeddings = nn.Parameter(torch.zeros(length, features))

    def forward(self, x):
        return x + self.embeddings[: x.size(1)]
''',
    "ClassToken": '''
class ClassToken(nn.Module):
    """One trained step before a sequence."""

    def __init__(self, features):
        super().__init__()
        self.token = nn.Parameter(torch.zeros(1, 1, features))

    def forward(self, x):
        return torch.cat([self.token.expand(x.size(0), -1, -1), x], dim=1)
''',
    "SqueezeExcitation": '''
class SqueezeExcitation(nn.Module):
    """The means of all channels give each channel a factor."""

    def __init__(self, channels, units, bias=True):
        super().__init__()
        self.squeeze = nn.Linear(channels, units, bias=bias)
        self.excite = nn.Linear(units, channels, bias=bias)

    def forward(self, x):
        means = x.flatten(2).mean(dim=2) if x.dim() > 2 else x
        factors = self.excite(self.squeeze(means).relu()).sigmoid()
        return x * factors.reshape(*factors.shape, *[1] * (x.dim() - 2))
''',
    "PReLU": '''
class PReLU(nn.Module):
    """A ReLU with trained slopes, the same along sizes of 1."""

    def __init__(self, *sizes):
        super().__init__()
        self.weight = nn.Parameter(torch.zeros(*sizes))

    def forward(self, x):
        return torch.where(x > 0, x, self.weight * x)
''',
    "freeze": '''
def freeze(module, *names):
    """The module with these arrays not trained."""
    for name in names:
        module.get_parameter(name).requires_grad_(False)
    return module
''',
    "one_bias": '''
def one_bias(module):
    """The recurrent module with one trained bias a gate: of PyTorch's two the second stays 0."""
    for name, array in module.named_parameters():
        if name.startswith("bias_hh"):
            nn.init.zeros_(array).requires_grad_(False)
    return module
''',
    "pad_same": '''
def pad_same(x, kernel, stride, dilation, lower=False, value=0.0):
    """What padding="same" adds: as many windows as strides, the odd entry after (or before)."""
    pads = []
    for size, k, s, d in zip(x.shape[2:], kernel, stride, dilation):
        total = max((-(-size // s) - 1) * s + d * (k - 1) + 1 - size, 0)
        before = (total + lower) // 2
        pads = [before, total - before, *pads]
    return nn.functional.pad(x, pads, value=value)
''',
    "crop": '''
def crop(x, like):
    """The middle of x, as large as the other tensor."""
    for dim in range(2, x.dim()):
        start = (x.size(dim) - like.size(dim)) // 2
        x = x.narrow(dim, start, like.size(dim))
    return x
''',
}

KERAS_HELPERS = {
    "Scale": '''
class Scale(layers.Layer):
    """A trained factor a channel, with bias=True also a trained offset."""

    def __init__(self, axis=-1, bias=False, **kwargs):
        super().__init__(**kwargs)
        self.axis = axis
        self.bias = bias

    def build(self, input_shape):
        shape = [1] * len(input_shape)
        shape[self.axis] = input_shape[self.axis]
        shape = shape[1:]
        self.gamma = self.add_weight(shape=shape, initializer="ones", name="gamma")
        if self.bias:
            self.beta = self.add_weight(shape=shape, initializer="zeros", name="beta")

    def call(self, x):
        x = x * self.gamma
        return x + self.beta if self.bias else x
''',
    "PositionEmbedding": '''
class PositionEmbedding(layers.Layer):
    """Trained numbers for every place of a sequence, added to it."""

    def __init__(self, length, **kwargs):
        super().__init__(**kwargs)
        self.length = length

    def build(self, input_shape):
        shape = (self.length, input_shape[-1])
        self.places = self.add_weight(shape=shape, initializer="zeros", name="places")

    def call(self, x):
        return x + self.places[: ops.shape(x)[1]]
''',
    "ClassToken": '''
class ClassToken(layers.Layer):
    """One trained step before a sequence."""

    def build(self, input_shape):
        shape = (1, 1, input_shape[-1])
        self.token = self.add_weight(shape=shape, initializer="zeros", name="token")

    def call(self, x):
        return ops.concatenate([self.token + ops.zeros_like(x[:, :1]), x], axis=1)
''',
    "crop_first": '''
def crop{rank}d(x, like):
    """The middle of x, as large as the other tensor."""
    pairs = zip(x.shape[2:], like.shape[2:])
    cut = [((a - b) // 2, a - b - (a - b) // 2) for a, b in pairs]
    return layers.Cropping{rank}D(cut, data_format="channels_first")(x)
''',
    "crop_last": '''
def crop{rank}d(x, like):
    """The middle of x, as large as the other tensor."""
    pairs = zip(x.shape[1:-1], like.shape[1:-1])
    cut = [((a - b) // 2, a - b - (a - b) // 2) for a, b in pairs]
    return layers.Cropping{rank}D(cut if len(cut) > 1 else cut[0])(x)
''',
}
