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
    "ZERO", "Applied", "Condition", "Example", "Layer", "Origin", "Symbolic", "Weight", "asked", "layer", "per_axis",
    "product",
]  # fmt: skip

L = TypeVar("L", bound="Layer")


#: What a layer without parameters holds.
ZERO = integer(0)

#: (input, axis) an axis comes from; ``None`` for a new one.
Origin = tuple[int, int] | None


class Weight(NamedTuple):
    """An array of numbers a layer holds: ``kernel`` of shape (K, C, F, F), ``bias`` of shape (K,), …"""

    name: str
    shape: tuple[Term, ...]
    trainable: bool = True


class Condition(NamedTuple):
    """Something a layer asks of its input besides its laws, and why, in words. ``acts_otherwise`` where the layer takes other
    inputs, too, and does something else to them: a Squeeze where a size is 1."""

    proposition: Proposition
    why: str
    acts_otherwise: bool = False


class Applied(NamedTuple):
    """A layer on a shape.

    ``maps`` has, for each axis of the output, the law with its values by which the same axis of the input became it, or
    ``None`` where the size is given by ``output`` itself. ``parameters`` writes the parameter count as a person does:
    (F·F·C + 1)·K. ``origins`` has, for each axis of the output, which axis of which input it is, (0, 1) for the second
    axis of the first one, or ``None`` for an axis that is new; without ``origins`` an axis is the first input's in the
    same place. ``buffers`` are arrays that the framework keeps with the layer and does not count as parameters.
    ``mixes``: entries along an axis see each other, so that no window bounds what they see. ``assumed`` says in words what
    is taken from somewhere else and not proven.
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
    """What a layer can be called on (:mod:`symnet.network.tensors`)."""

    def through(self, layer: Layer, inputs: tuple[Any, ...]) -> Any:
        """What comes out of the layer on these inputs, of which this is one."""


@dataclass(frozen=True)
class Example:
    """A worked example: on ``input``, ``notation`` gives ``output`` and ``parameters`` in all, as ``source`` says."""

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
    #: other spellings, each with the field values it implies
    aliases: ClassVar[Mapping[str, Mapping[str, Any]]] = {}
    #: default names are this and a number
    prefix: ClassVar[str] = ""
    sources: ClassVar[tuple[str, ...]] = ()
    examples: ClassVar[tuple[Example, ...]] = ()
    #: how many outputs it reads, at least and at most; ``None`` for any number. All but the first are named by labels
    reads: ClassVar[tuple[int, int | None]] = (1, 1)
    #: what there is one multiply-add for
    multiplied: ClassVar[str] = "one for each output entry and weight it uses"
    #: whether it reads a sequence: an input of two sizes is then (T, D), not channels and an axis
    sequential: ClassVar[bool] = False
    #: the field that is given as arguments without a name, all of them together
    gathers: ClassVar[str] = ""
    #: what a join was given without a name: the outputs that it joins with the current one
    labels: ClassVar[tuple[Any, ...]] = ()

    if TYPE_CHECKING:  # what a field is given (5, "2*K", a SymPy expression) is not yet what it holds

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

    #: the person's own SymPy symbols that it was made with, by their names
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
        """Keep the SymPy symbols in what the layer was given; those of a copy are the network's to keep."""
        try:
            letters = letters_of(*values)
        except TermError as refused:
            raise LayerError(f"{self.kind}: {refused}") from None
        if letters:
            object.__setattr__(self, "letters", MappingProxyType(letters))

    def __repr__(self) -> str:
        return f"<{self.notation}>"

    def __getstate__(self) -> dict[str, Any]:
        """What is stored of a layer is its fields and whose letters they are; what follows from them is worked out again."""
        kept = {item.name: getattr(self, item.name) for item in fields(self)}
        return {**kept, "letters": dict(self.letters), "labels": self.labels}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state, letters=MappingProxyType(state["letters"]))

    @classmethod
    def specs(cls) -> tuple[FieldSpec, ...]:
        """The fields of this kind of layer, in order."""
        return _specs(cls)

    def with_name(self, name: str) -> Layer:
        """The same layer with a name."""
        named = replace(self, name=name)
        object.__setattr__(named, "letters", self.letters)
        return named

    def __call__(self, *inputs: Any, **named: Any) -> Any:
        """The layer on symbolic tensors, as in ``Conv(64, 3)(x)``: what comes out, a symbolic tensor again. On a size, or one
        an axis, by its name, too: the size that comes out."""
        flat = inputs[0] if len(inputs) == 1 and isinstance(inputs[0], tuple | list) else inputs
        for one in flat:
            if isinstance(one, Symbolic):
                return one.through(self, tuple(flat))
        if not inputs and not named:
            raise LayerError(f"{self.kind} is called on symbolic tensors such as Input(3, 'H', 'W'), or on a size")
        return self.on_sizes(*inputs, **named)

    def apply(self, inputs: tuple[Shape, ...]) -> Applied:
        """What the layer does to its input. Raises :class:`LayerError` where it cannot stand on such a shape."""
        raise NotImplementedError

    def work(self, inputs: tuple[Shape, ...], output: Shape) -> tuple[tuple[Term, ...], ...]:
        """Index sets with one entry a multiply-add; none for layers that only move, compare or scale numbers."""
        return ()

    @cached_property
    def symbols(self) -> tuple[Symbol, ...]:
        """The symbols that its sizes and counts are written with."""
        terms = [term for spec in self.specs() for term in spec.terms(getattr(self, spec.name))]
        return tuple(symbols_of(*terms))

    @cached_property
    def unnamed(self) -> Layer:
        """The same layer without a name: equal for layers that do the same."""
        return self if self.name is None else replace(self, name=None)

    @cached_property
    def notation(self) -> str:
        """The layer in notation: what parses back to it."""
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


_known: dict[type, tuple[FieldSpec, ...]] = {}


def _specs(cls: type[Layer]) -> tuple[FieldSpec, ...]:
    found = _known.get(cls)
    if found is None:
        found = _known[cls] = specs(cls)
    return found


def _default(spec: FieldSpec) -> Any:
    return None if spec.default is None else spec.coerce(spec.default)


def asked(pairs: tuple[tuple[Proposition, str], ...]) -> tuple[Condition, ...]:
    """What a framework asks, as conditions of a layer."""
    return tuple(Condition(*pair) for pair in pairs)


def per_axis(values: Sizes, rank: int, what: str) -> Sizes:
    """One value an axis, from one for all or exactly ``rank``."""
    if len(values) == rank:
        return values
    if len(values) == 1:
        return values * rank
    raise LayerError(f"{what} has {len(values)} sizes for {rank} axes")


def product(*factors: Term) -> Term:
    """``a · b · …`` as written; 1 for none."""
    return reduce(mul, factors) if factors else integer(1)


def layer(cls: type[L]) -> type[L]:
    """Make a class a kind of layer: a frozen dataclass whose constructor takes numbers, text, terms or SymPy expressions."""
    made = dataclass(frozen=True, repr=False)(cls)
    joins = cls.reads[1] not in (0, 1)
    made.__init__ = constructor(made.__init__, "labels" if joins else cls.gathers)  # type: ignore[method-assign]
    return made
