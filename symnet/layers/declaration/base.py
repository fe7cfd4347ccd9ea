"""The base of every layer: what a layer declares, and what applying it to a shape gives."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from functools import cached_property, reduce
from operator import mul
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple, Protocol, TypeVar, runtime_checkable

from symnet.errors import LayerError, TermError
from symnet.layers.declaration.constructor import constructor
from symnet.layers.declaration.expressions import Expressions
from symnet.layers.declaration.fields import FieldSpec, Sizes, choice, flag, specs, words
from symnet.layers.declaration.shape import Shape
from symnet.layers.declaration.training import loss_terms, penalty_terms
from symnet.layers.laws.law import AxisMap
from symnet.terms.propositions import Proposition
from symnet.terms.sympy_letters import Letters, letters_of
from symnet.terms.term import Symbol, Term, integer, symbols_of

__all__ = [
    "ZERO", "Applied", "Condition", "Example", "Layer", "Origin", "Symbolic", "Weight", "as_conditions", "layer", "per_axis",
    "product",
]  # fmt: skip

L = TypeVar("L", bound="Layer")


#: The parameter count of a layer without parameters.
ZERO = integer(0)

#: The (input, axis) that an axis of the output comes from; ``None`` for a new axis.
Origin = tuple[int, int] | None


class Weight(NamedTuple):
    """An array of numbers a layer holds: ``kernel`` of shape (K, C, F, F), ``bias`` of shape (K,), …"""

    name: str
    shape: tuple[Term, ...]
    trainable: bool = True


class Condition(NamedTuple):
    """A requirement on a layer's input besides its laws. ``why`` is the reason in words. ``otherwise`` says what the layer
    does with other inputs, if it accepts them but then does something else (a Squeeze where a size is 1).
    """

    proposition: Proposition
    why: str
    otherwise: str = ""


class Applied(NamedTuple):
    """The result of applying a layer to shapes.

    ``maps[i]`` is the law that gives axis i of the output its size from the same axis of the input, or ``None`` where
    ``output`` holds the size itself. ``parameters`` is the parameter count in textbook form, (F·F·C + 1)·K.
    ``origins[i]`` is the (input, axis) that axis i of the output comes from, or ``None`` for a new axis; without
    ``origins`` axis i comes from axis i of the first input. ``buffers`` are arrays that the framework stores with the
    layer but does not count as parameters. ``mixes``: every output entry may depend on every input entry (attention,
    recurrence, global pooling), so the receptive field is unbounded. ``assumed`` lists in words what is taken on trust
    and not proven.
    """

    output: Shape
    maps: tuple[AxisMap | None, ...] = ()
    weights: tuple[Weight, ...] = ()
    parameters: Term = ZERO
    conditions: tuple[Condition, ...] = ()
    origins: tuple[Origin, ...] | None = None
    buffers: tuple[Weight, ...] = ()
    mixes: bool = False
    assumed: tuple[str, ...] = ()


@runtime_checkable
class Symbolic(Protocol):
    """Anything a layer can be called on (:mod:`symnet.network.tensors`)."""

    def through(self, layer: Layer, inputs: tuple[Any, ...]) -> Any:
        """The output of ``layer`` on ``inputs``, of which this tensor is one."""


@dataclass(frozen=True)
class Example:
    """A worked example: on ``input``, ``notation`` gives the shape ``output`` and ``parameters`` in all, according to
    ``source``.
    """

    notation: str
    input: str
    output: str
    parameters: int
    source: str


@dataclass(frozen=True, repr=False)
class Layer(Expressions):
    """One layer. A kind of layer is a frozen dataclass that derives from this, declares its fields with the functions
    of :mod:`symnet.layers.declaration.fields`, and says in :meth:`apply` what it does to a shape.
    """

    kind: ClassVar[str] = ""
    #: other names of the kind, each with the field values it implies
    aliases: ClassVar[Mapping[str, Mapping[str, Any]]] = {}
    #: the default name of a layer is this prefix and a number
    prefix: ClassVar[str] = ""
    sources: ClassVar[tuple[str, ...]] = ()
    examples: ClassVar[tuple[Example, ...]] = ()
    #: the least and the greatest number of outputs it reads (``None``: no limit); all but the first are named by
    #: labels
    reads: ClassVar[tuple[int, int | None]] = (1, 1)
    #: the sets of indices over which multiply-adds are counted, in words
    multiplied: ClassVar[str] = "one for each output entry and weight it uses"
    #: why it has as many parameters as it has, in the letters of its page
    parameter_reason: ClassVar[str] = ""
    #: whether it reads a sequence: an input of two sizes is then (T, D), not channels and one axis
    sequential: ClassVar[bool] = False
    #: the field that takes all arguments without a name together
    gathers: ClassVar[str] = ""
    #: positional arguments of a join: the outputs that it joins with the current one
    labels: ClassVar[tuple[Any, ...]] = ()

    if TYPE_CHECKING:  # the constructor takes more types (5, "2*K", a SymPy expression) than the fields hold

        def __init__(self, *values: Any, **named: Any) -> None: ...

    name: str | None = words("the layer's name")
    framework: str | None = choice(
        "whose defaults and refusals", "keras", "torch", "tensorflow", "onnx", default=None,
        same=(("pytorch", "torch"), ("tf", "tensorflow")),
    )  # fmt: skip
    shares: str | None = words("the name of an earlier layer whose weights it uses; they count once")
    borrows: str | None = words("which of its weights are another layer's and count there, by name: kernel bias")
    frozen: bool = flag("its parameters are not trained", default=False)
    freezes: str | None = words("which of its weights are not trained, by name: bias")
    penalties: str | None = words("penalties on its arrays: recurrent_kernel:l2:0.01; output:l1:λ is on what comes out")
    loss: str | None = words("what is trained for, on an output: mean_squared_error, or with a weight mse:0.5")

    #: the caller's own SymPy symbols that the layer was made with, by name
    letters: ClassVar[Letters] = MappingProxyType({})

    def __post_init__(self) -> None:
        taken: list[Any] = []
        for spec in _specs(type(self)):
            value = getattr(self, spec.name)
            if value is None and spec.default is None:
                continue
            if not isinstance(value, int | str | Term):
                taken.append(value)
            try:
                value = spec.coerce(value)
            except LayerError as error:
                raise LayerError(f"{self.kind}: {error}") from None
            object.__setattr__(self, spec.name, value)
        if self.penalties is not None or self.loss is not None:
            self._check_training()
        self._remember(taken)

    def _check_training(self) -> None:
        try:
            penalty_terms(self.penalties)
            loss_terms(self.loss)
        except LayerError as error:
            raise LayerError(f"{self.kind}: {error}") from None

    def _remember(self, values: list[Any]) -> None:
        """Keeps the caller's SymPy symbols that occur in ``values``. A copy made by ``replace`` does not have them."""
        try:
            letters = letters_of(*values)
        except TermError as error:
            raise LayerError(f"{self.kind}: {error}") from None
        if letters:
            object.__setattr__(self, "letters", MappingProxyType(letters))

    def __repr__(self) -> str:
        return f"<{self.notation}>"

    def __getstate__(self) -> dict[str, Any]:
        """A pickled layer holds its fields, letters and labels; cached properties are computed again."""
        kept = {item.name: getattr(self, item.name) for item in fields(self)}
        return {**kept, "letters": dict(self.letters), "labels": self.labels}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state, letters=MappingProxyType(state["letters"]))

    @classmethod
    def specs(cls) -> tuple[FieldSpec, ...]:
        """The fields of this kind of layer, in the order of declaration."""
        return _specs(cls)

    def with_name(self, name: str) -> Layer:
        """A copy of the layer with this name."""
        named = replace(self, name=name)
        object.__setattr__(named, "letters", self.letters)
        return named

    def __call__(self, *inputs: Any, **named: Any) -> Any:
        """Applies the layer to symbolic tensors, as in ``Conv(64, 3)(x)``, and returns a symbolic tensor; applied to a
        size, or one size per axis (also by name), returns the size after the layer.
        """
        tensors = inputs[0] if len(inputs) == 1 and isinstance(inputs[0], tuple | list) else inputs
        for one in tensors:
            if isinstance(one, Symbolic):
                return one.through(self, tuple(tensors))
        if not inputs and not named:
            raise LayerError(f"{self.kind} is called on symbolic tensors such as Input(3, 'H', 'W'), or on a size")
        return self.on_sizes(*inputs, **named)

    def apply(self, inputs: tuple[Shape, ...]) -> Applied:
        """The layer's output on these input shapes. Raises :class:`LayerError` if it does not accept them."""
        raise NotImplementedError

    def work(self, inputs: tuple[Shape, ...], output: Shape) -> tuple[tuple[Term, ...], ...]:
        """Index sets whose entries are the layer's multiply-adds, one for one; none for layers that only move, compare
        or scale numbers.
        """
        return ()

    @cached_property
    def symbols(self) -> tuple[Symbol, ...]:
        """The symbols that occur in its sizes and counts."""
        terms = [term for spec in self.specs() for term in spec.terms(getattr(self, spec.name))]
        return tuple(symbols_of(*terms))

    @cached_property
    def unnamed(self) -> Layer:
        """The same layer without its name: layers that compute the same compare equal in this form."""
        return self if self.name is None else replace(self, name=None)

    @cached_property
    def notation(self) -> str:
        """The layer in notation, which parses back to it."""
        parts, named = [self.kind], []
        skipped = False
        for spec in self.specs():
            value = getattr(self, spec.name)
            if not spec.required and value == _default(spec):
                skipped = skipped or spec.positional
            elif spec.positional and not skipped:
                parts.append(spec.show(value))
            else:
                named.append(f"{spec.name}={spec.show(value)}")
        return "|".join([*parts, *named])


_SPECS: dict[type, tuple[FieldSpec, ...]] = {}


def _specs(cls: type[Layer]) -> tuple[FieldSpec, ...]:
    cached = _SPECS.get(cls)
    if cached is None:
        cached = _SPECS[cls] = specs(cls)
    return cached


def _default(spec: FieldSpec) -> Any:
    return None if spec.default is None else spec.coerce(spec.default)


def as_conditions(pairs: tuple[tuple[Proposition, str], ...]) -> tuple[Condition, ...]:
    """Pairs (proposition, reason) as conditions of a layer."""
    return tuple(Condition(*pair) for pair in pairs)


def per_axis(values: Sizes, rank: int, what: str) -> Sizes:
    """One value per axis from ``values``, which has one value for all axes or exactly ``rank``. Raises
    :class:`LayerError` otherwise.
    """
    if len(values) == rank:
        return values
    if len(values) == 1:
        return values * rank
    raise LayerError(f"{what} has {len(values)} sizes for {rank} axes")


def product(*factors: Term) -> Term:
    """The product ``a · b · …``, unevaluated; 1 without factors."""
    return reduce(mul, factors) if factors else integer(1)


def layer(cls: type[L]) -> type[L]:
    """Class decorator that makes a kind of layer: a frozen dataclass whose constructor takes numbers, text, terms or
    SymPy expressions.
    """
    made = dataclass(frozen=True, repr=False)(cls)
    joins = cls.reads[1] not in (0, 1)
    made.__init__ = constructor(made.__init__, "labels" if joins else cls.gathers)  # type: ignore[method-assign]
    return made
