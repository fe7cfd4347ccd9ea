"""One call of a Keras layer: its configuration, its inputs, and the placement of the layers it becomes."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from symnet.errors import LayerError, ModelError
from symnet.frontends.building import Builder, Tensor
from symnet.frontends.flow import Flow
from symnet.frontends.keras.adapters import KERNEL, TABLE, Adapters
from symnet.frontends.keras.config import Config, Spec
from symnet.frontends.keras.time_distributed import Steps
from symnet.frontends.keras.values import flat
from symnet.frontends.ops.arranging import whole
from symnet.layers.declaration.base import Layer
from symnet.layers.declaration.penalized import Penalized
from symnet.layers.declaration.shape import CHANNELS_FIRST, CHANNELS_LAST, SEQUENCE
from symnet.layers.kinds.arrays import Parameter
from symnet.layers.kinds.attention import MultiHeadAttention
from symnet.layers.kinds.convolution import Conv
from symnet.layers.kinds.dense import Dense
from symnet.layers.kinds.elementwise import PReLU, Scale
from symnet.layers.kinds.embedding import Embedding
from symnet.layers.kinds.inputs import Held, Opaque
from symnet.layers.kinds.normalization import BatchNorm, GroupNorm, LayerNorm, RMSNorm
from symnet.layers.kinds.recurrent import Recurrent
from symnet.layers.kinds.rescaling import Normalization
from symnet.layers.kinds.reshaping import Layout
from symnet.printing.text import unicode_text
from symnet.terms.evaluation import holds
from symnet.terms.polynomial import from_polynomial, normal_form
from symnet.terms.propositions import Eq, Proposition
from symnet.terms.term import Term, symbols_of

__all__ = ["Handler", "Names", "Result", "Site", "Unknown"]

#: The result of a call: one tensor, or several.
Result = Tensor | list[Tensor]

#: Layers with weights: only these can be frozen and shared.
_HOLDING = (
    Penalized, BatchNorm, LayerNorm, GroupNorm, RMSNorm, Normalization, PReLU, Scale, Recurrent, Embedding,
    MultiHeadAttention, Held, Opaque, Parameter,
)  # fmt: skip


#: Layers made of inner layers, to which Keras does not pass the flag ``trainable`` that they are made with: only the flags of
#: the inner layers count, and inner layers that are not in the configuration are trained.
COMPOSED = frozenset(
    (
        "Bidirectional",
        "GroupQueryAttention",
        "GroupedQueryAttention",
        "MultiHeadAttention",
        "RNN",
        "SpectralNormalization",
    )
)

#: The layers that LoRA and quantization can adapt, and the weight that is frozen then.
_ADAPTED: dict[type[Layer], str] = {Dense: KERNEL, Conv: KERNEL, Embedding: TABLE}

_RANK = re.compile(r"([123])D(Transpose)?$")


class Unknown(Exception):
    """A layer, or a use of one, for which symnet has no kind. Keras may be asked for its output instead."""


@dataclass
class Names:
    """By the key of a layer object: the symnet layer that holds its weights, and the number of calls."""

    owners: dict[str, str] = field(default_factory=dict)
    #: tensors whose rows are merged with the batch
    merged: Steps = field(default_factory=Steps)
    calls: Counter[str] = field(default_factory=Counter)


@dataclass
class Site:
    """One call of a layer. ``path`` is its name within the whole model, ``args`` and ``kwargs`` are the arguments of
    the call.
    """

    builder: Builder
    spec: Spec
    path: str
    frozen: bool
    args: list[Any]
    kwargs: dict[str, Any]
    names: Names
    #: set if the layer is applied to every step of a sequence
    steps: Steps | None = None
    #: the shapes of its outputs in the configuration, with the batch first, by index
    recorded: dict[int, tuple[int | None, ...]] = field(default_factory=dict)
    #: the indices of the outputs that are used
    used: frozenset[int] = frozenset((0,))
    origin: str = ""
    #: identifies the layer object if it is known, so that a layer in several models counts once
    identity: str = ""
    config: Config = field(init=False)

    def __post_init__(self) -> None:
        self.config = Config(self.spec.config, self.origin)

    def placed(self, path: str, origin: str = "", trained: bool | None = None) -> None:
        """Sets the path of the layer within the whole model, and whether it is trained there; ``trained`` says it of a
        layer made of inner layers, if the live model is at hand.
        """
        self.path = path
        self.origin = origin or f"{path} ({self.spec.title})"
        self.config = Config(self.spec.config, self.origin)
        composed = self.spec.is_builtin and self.spec.class_name in COMPOSED
        own = trained is not False if composed else self.config.flag("trainable", True)
        self.frozen = self.frozen or not own

    def refused(self, why: str) -> ModelError:
        """An error that names this layer, to be raised."""
        return ModelError(f"Keras: {self.origin}: {why}")

    # ---- inputs ----

    @property
    def tensors(self) -> list[Tensor]:
        """All tensors among the arguments, in order."""
        return [value for value in flat([self.args, list(self.kwargs.values())]) if isinstance(value, Tensor)]

    @property
    def joined(self) -> list[Tensor]:
        """The tensors that the layer joins. Raises :class:`Unknown` if there are none."""
        tensors = self.tensors
        if not tensors:
            raise Unknown("is called on no tensor")
        return tensors

    @property
    def tensor(self) -> Tensor:
        """The single tensor that the layer reads. Raises :class:`Unknown` for another number."""
        return self.only(1)[0]

    def only(self, number: int) -> list[Tensor]:
        """The tensors that the layer reads. Raises :class:`Unknown` unless there are exactly ``number``."""
        tensors = self.tensors
        if len(tensors) != number:
            raise Unknown(f"is called on {len(tensors)} tensors, where symnet knows it with {number}")
        return tensors

    @property
    def rank(self) -> int | None:
        """The number of axes in the name of the class (2 for Conv2D), or ``None``."""
        match = _RANK.search(self.spec.class_name)
        return int(match[1]) if match else None

    def argument(self, position: int, name: str, otherwise: Any = None) -> Any:
        """An argument of the call, by position or name; else the value of the configuration, else ``otherwise``."""
        if len(self.args) > position:
            return self.args[position]
        return self.kwargs.get(name, self.config.get(name, otherwise))

    # ---- placing layers ----

    def owner(self, part: str = "") -> str | None:
        """The earlier layer that holds the weights of the same object, if there is one."""
        return self.names.owners.get(self._key(part))

    def _key(self, part: str) -> str:
        return f"{self.identity or self.path}/{part}"

    def put(
        self, kind: type[Layer], *values: Any, to: Tensor | list[Tensor] | None = None, part: str = "", **named: Any
    ) -> Tensor:
        """Places a layer of this kind on ``to``, or on the single input; returns its output. ``part`` names it if a
        Keras layer becomes several layers.
        """
        inputs = [self.tensor] if to is None else to if isinstance(to, list) else [to]
        path = f"{self.path}/{part}" if part else self.path
        holds = issubclass(kind, _HOLDING)
        if holds:
            named = {"shares": self.owner(part), "frozen": self.frozen, **named}
        try:
            adapters = Adapters.of(self.config) if kind in _ADAPTED else None
        except LayerError as error:
            raise Unknown(str(error)) from None
        if adapters is not None and not self.frozen:
            named["freezes"] = _ADAPTED[kind]
        try:
            layer = kind(*values, framework="keras", **named)
        except LayerError as error:
            raise self.refused(str(error)) from None
        found = self._added(layer, inputs, path)
        if holds:
            self.names.owners.setdefault(self._key(part), self.builder.last_name)
        if adapters is None:
            return found
        try:
            held = adapters.held(self.builder.weights_of(self.builder.last_name), frozen=self.frozen)
        except LayerError as error:
            raise self.refused(str(error)) from None
        return self.put(Held, held.parameters, to=found, part=f"{part}adapters", trained=held.trained)

    def _added(self, layer: Layer, inputs: list[Tensor], path: str) -> Tensor:
        """Adds a layer to the network; inside TimeDistributed, or on rows merged with the batch, in its form with one
        more axis.
        """
        steps = self.steps
        if steps is None and any(map(self.names.merged.has, inputs)):
            steps = self.names.merged
            if not all(map(steps.has, inputs)):
                raise Unknown("brings together tensors of which only some have more rows than the batch")
        if steps is not None:
            layer, inputs = steps.layer(layer, inputs), [steps.outside(tensor) for tensor in inputs]
        self.names.calls[path] += 1
        again = self.names.calls[path]
        name = f"{path}_{again}" if again > 1 else path
        found = self.builder.add(layer, *inputs, name=name, origin=self.origin)
        return found if steps is None else steps.inside(found)

    # ---- the interface of :class:`symnet.frontends.flow.Site` ----

    def layer(self, layer: Layer, *tensors: Tensor, name: str = "") -> Tensor:
        """Places a layer on tensors of the network; the layer with the operation's own name has no part."""
        part = name.removeprefix(self.word).strip(".").replace(".", "_")
        path = f"{self.path}/{part}" if part else self.path
        return self._added(replace(layer, framework="keras"), list(tensors), path)

    @property
    def word(self) -> str:
        """The name of the layer that the operation itself becomes."""
        return self.spec.class_name.lower()

    def refusal(self, what: str) -> Unknown:
        """An error for an operation that symnet cannot express; Keras may be asked for its output."""
        return Unknown(what)

    def suppose(self, proposition: Proposition) -> None:
        """Raises :class:`Unknown` if the proposition is never true; otherwise the network's own conditions cover it."""
        if self.decide(proposition) is False:
            raise Unknown(f"needs {unicode_text(proposition)}, which is never so")

    def decide(self, proposition: Proposition) -> bool | None:
        """Whether the proposition holds for all sizes; ``None`` if that is open."""
        if not symbols_of(proposition):
            return holds(proposition)
        left, right = (from_polynomial(normal_form(side)) for side in proposition.args)
        return True if isinstance(proposition, Eq) and left is right else None

    def usual(self, term: Term) -> int | None:
        """The value of a constant term; letters have no usual values here."""
        return term.constant

    def multiples(self) -> dict[Term, Term]:
        """No size is known to be a multiple of another."""
        return {}

    def note_merged_batch(self, sizes: str, share: str) -> None:
        """Tells the user that the batch is merged into one of the sizes of the layer added last."""
        self.builder.note_merged_batch(sizes, share)

    def flow(self, tensor: Tensor | None = None) -> Flow:
        """A tensor as a flow, with all its sizes and the batch first."""
        tensor = self.tensor if tensor is None else tensor
        merged = self.names.merged
        if not merged.has(tensor):
            return Flow.of(tensor)
        every = merged.outside(tensor)
        return Flow(every, tuple(range(len(every.shape.dims))), 0)

    def given(self, x: Flow) -> Tensor:
        """The output tensor of a flow, with the batch in front, alone or merged with other sizes. Raises
        :class:`Unknown` if the batch is elsewhere.
        """
        if x.batch != 0:
            raise Unknown("gives a tensor without the batch in front")
        x = whole(self, x, f"{self.word}.sizes")
        if x.batch_alone:
            return x.tensor
        if self.steps is not None:
            raise Unknown("merges the batch with other sizes within the steps of a sequence")
        tensor = x.tensor
        if len(tensor.shape.dims) < 2:
            raise Unknown("gives one number for each of several rows an example")
        if tensor.shape.layout == CHANNELS_FIRST:
            tensor = self.layer(Layout(CHANNELS_LAST), tensor, name="layout")
        return self.names.merged.inside(tensor)

    def image(self, to: Tensor | None = None, data_format: str | None = None) -> Tensor:
        """The input with its channels where the layer's data format expects them."""
        tensor = self.tensor if to is None else to
        wanted = data_format or self.config.word("data_format", CHANNELS_LAST)
        if wanted not in (CHANNELS_FIRST, CHANNELS_LAST):
            raise self.refused(f"its data_format {wanted!r} is neither channels_first nor channels_last")
        axes, rank = len(tensor.shape.dims) - 1, self.rank
        if rank is not None and axes != rank:
            raise Unknown(f"is for {rank} axes and channels, got {axes} axes")
        layout = tensor.shape.layout
        if len(tensor.shape.dims) < 2 or layout == wanted or (layout == SEQUENCE and wanted == CHANNELS_LAST):
            return tensor
        return self.put(Layout, wanted, to=tensor, part="layout")


Handler = Callable[[Site], Result]
