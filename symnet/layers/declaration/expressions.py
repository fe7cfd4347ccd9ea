"""A layer by itself as SymPy expressions: on D channels (or features) of W × W entries, or of T steps.

    conv = Conv("K", "F", "S", "P")
    conv.size, conv.parameters, conv.multiply_adds, conv.conditions, conv.receptive_field
    conv.size(W), conv(W), pool(conv(W))

If the layer treats its axes differently, their sizes are H and W (T, H and W for three axes), and ``size`` is a tuple
with one size per axis.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property, reduce
from operator import add, mul
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple

from symnet.errors import LayerError
from symnet.kernel.theorem import Theorem
from symnet.layers.declaration.shape import CHANNELS_FIRST, CHANNELS_LAST, SEQUENCE, VECTOR, Shape
from symnet.printing.text import text
from symnet.terms.propositions import Proposition
from symnet.terms.sympy_letters import Letters
from symnet.terms.term import Symbol, Term, integer

if TYPE_CHECKING:
    from symnet.layers.declaration.fields import FieldSpec
    from symnet.layers.declaration.formula import AxisRule
    from symnet.network.value import Value

__all__ = ["GENERAL", "Expressions", "expression"]

#: The input on which a kind of layer is shown by itself: one letter per size, and the layout of the shape.
GENERAL: Mapping[str, tuple[str, str]] = {
    "image": ("DWW", CHANNELS_FIRST),
    "line": ("DW", CHANNELS_FIRST),
    "volume": ("DWWW", CHANNELS_FIRST),
    "image, channels last": ("WWD", CHANNELS_LAST),
    "sequence": ("TD", SEQUENCE),
    "features": ("D", VECTOR),
    "words": ("T", VECTOR),
    "clip": ("TWWD", CHANNELS_LAST),
}
_AXES = {1: "W", 2: "HW", 3: "THW"}
_RANKED = {1: "line", 2: "image", 3: "volume"}


class _General(NamedTuple):
    """The layer on its general input: input shapes, result of ``apply``, one rule per axis of the output, the caller's
    letters.
    """

    layer: Any
    inputs: tuple[Shape, ...]
    applied: Any
    rules: tuple[AxisRule, ...]
    letters: Letters


class expression(cached_property[Any]):  # noqa: N801  # a decorator, as cached_property is
    """A property of a layer. On the class it is that of the general layer: ``Conv.size``."""

    def __get__(self, instance: Any, owner: Any = None) -> Any:
        if instance is None:
            return self if owner is None or self.attrname is None else getattr(owner.in_letters(), self.attrname)
        return super().__get__(instance, owner)


class Expressions:
    """The SymPy expressions of a layer by itself. Each is a value with a theorem."""

    if TYPE_CHECKING:  # declared here for type checking; defined in :class:`symnet.layers.declaration.base.Layer`

        @property
        def notation(self) -> str:
            """The layer in notation."""

        @classmethod
        def specs(cls) -> tuple[FieldSpec, ...]:
            """The fields of this kind of layer, in order."""

    #: the key in :data:`GENERAL` of the kind's general input; "" means an image, or a sequence if the kind reads one
    general: ClassVar[str] = ""

    @classmethod
    def in_letters(cls, **preset: Any) -> Any:
        """The general layer of this kind, with a letter as the value of each field. ``preset`` gives fields other
        values.

        >>> from symnet.layers.kinds.convolution import Conv
        >>> Conv.in_letters(), Conv.size
        (<Conv|K|F|S|P>, (W - F + 2*P)//S + 1)
        """
        values = dict(preset)
        for spec in cls.specs():
            if spec.name not in values and (spec.required or (spec.positional and spec.letter)):
                values[spec.name] = spec.letter or (spec.name[0] if spec.kind in ("count", "sizes") else "")
        return cls(**{name: value for name, value in values.items() if value != ""})

    @expression
    def size(self) -> Any:
        """The size of an axis after the layer, as a callable expression in W; a tuple with one size per axis if the
        axes differ. Raises :class:`LayerError` if no axis is left.
        """
        sizes = self._axis_sizes
        return sizes[0] if _alike(self._general_case.rules) else sizes

    @cached_property
    def _axis_sizes(self) -> tuple[Any, ...]:
        from symnet.layers.declaration.formula import Formula

        case = self._general_case
        if not case.rules:
            shown = _tuple_text(case.applied.output)
            raise LayerError(f"{self.notation} leaves no axis that has a size in W: its output is {shown}")
        return tuple(Formula(rule.formula(rule.hole), rule, case.letters) for rule in case.rules)

    def on_sizes(self, *sizes: Any, **named: Any) -> Any:
        """The size after the layer for one input size, or for one size per axis. Letters of the layer may be set by
        name: ``conv(W=28, F=5)``.
        """
        formulas, rules = self._axis_sizes, self._general_case.rules
        if len(sizes) not in (0 if named else 1, 1, len(rules)):
            raise LayerError(f"{self.notation} is called on one size, or {len(rules)}, one an axis; got {len(sizes)}")
        if len(sizes) < 2 and _alike(rules):
            return formulas[0](*sizes, **named)
        axes = {text(rule.hole) for rule in rules}
        every = [(size,) for size in sizes] if len(sizes) == len(rules) else [sizes] * len(rules)
        return tuple(
            formula(*size, **{name: one for name, one in named.items() if name == text(rule.hole) or name not in axes})
            for formula, rule, size in zip(formulas, rules, every, strict=True)
        )

    @property
    def axis_rules(self) -> tuple[AxisRule, ...]:
        """The rule of each output axis."""
        return self._general_case.rules

    @expression
    def parameters(self) -> Any:
        """The number of parameters in textbook form: (F·F·D + 1)·K."""
        from symnet.layers.laws.counting import total_of_sets

        case = self._general_case
        sets = tuple(weight.shape for weight in case.applied.weights)
        theorems = total_of_sets(sets, {}, case.applied.parameters)
        return self._proven(theorems, case.applied.parameters)

    @property
    def weight_count(self) -> tuple[tuple[Any, ...], Theorem]:
        """Its arrays on the general input, and that the textbook form is the number of their entries, added up. The features of a
        vector or a sequence are called a here, as in the formulas of textbooks.

        >>> from symnet.layers.kinds.recurrent import LSTM
        >>> LSTM.in_letters().weight_count[1]
        ⊢ (a + b + 1)*b*4 == 4*b*a + 4*b*b + 4*b
        """
        from symnet.kernel.rules import polynomial_identity

        case = self._general_case
        shape = case.inputs[0] if case.inputs else None
        if shape is not None and shape.layout in (SEQUENCE, VECTOR) and text(shape.dims[-1]) == "D":
            case = self._general_on("a" if shape.layout == VECTOR else "Ta", shape.layout)
        weights = case.applied.weights
        entries = _sum_of_products(tuple(weight.shape for weight in weights))
        return weights, polynomial_identity(case.applied.parameters, entries)

    @expression
    def multiply_adds(self) -> Any:
        """Multiply-adds for one example of the batch."""
        from symnet.layers.laws.counting import total_of_sets

        case = self._general_case
        axes = tuple(rule.formula(rule.hole) for rule in case.rules)
        output: Shape = case.applied.output
        output = output.resized(axes) if axes else output
        facts = {
            size: (rule.map.size(rule.hole), rule.prove(rule.hole))
            for size, rule in zip(axes, case.rules, strict=True)
            if rule.map is not None and size.constant is None
        }
        sets = case.layer.work(case.inputs, output)
        total = _sum_of_products(sets)
        return self._proven(total_of_sets(sets, facts, total), total)

    def _proven(self, theorems: tuple[Theorem, ...], term: Term) -> Value:
        from symnet.kernel.rules import polynomial_identity
        from symnet.network.value import Value

        # numbers are evaluated, terms with letters keep the form in which they are written
        number = term.constant is not None
        theorem = theorems[-1 if number else -2] if theorems else polynomial_identity(integer(0), integer(0))
        return Value(
            term if term.constant is None else integer(term.constant), lambda: theorem, self._general_case.letters
        )

    @expression
    def conditions(self) -> tuple[Any, ...]:
        """The conditions under which the layer accepts its input, as SymPy relations."""
        import sympy

        from symnet.terms.sympy_relations import to_relation

        case = self._general_case
        propositions: list[Proposition] = []
        for rule in case.rules:
            propositions += () if rule.map is None else rule.map.conditions(rule.hole)
        propositions += [condition.proposition for condition in case.applied.conditions]
        relations = [to_relation(proposition, case.letters) for proposition in dict.fromkeys(propositions)]
        return tuple(relation for relation in dict.fromkeys(relations) if relation is not sympy.true)

    @expression
    def receptive_field(self) -> dict[str, Any]:
        """The input window of one output entry: ``size``, ``stride`` and ``padding`` before the start, each a tuple
        with one value per axis (empty if an entry depends on the whole input). Raises :class:`LayerError` for a layer
        that inserts entries between those of its input.
        """
        from symnet.kernel.rules import polynomial_identity
        from symnet.network.value import Value

        case = self._general_case

        def value(term: Term) -> Value:
            return Value(term, lambda: polynomial_identity(term, term), case.letters)

        one, zero = integer(1), integer(0)
        parts: dict[str, list[Any]] = {"size": [], "stride": [], "padding": []}
        for rule in () if case.applied.mixes else case.rules:
            if rule.map is None and rule.size is not rule.hole:  # the size is fixed by the layer; no window leads to it
                continue
            field = None if rule.map is None else rule.map.field
            if rule.map is not None and field is None:
                raise LayerError(
                    f"{self.notation} adds entries between, so that no window by itself says what one entry sees; "
                    "a network's receptive_field does"
                )
            sizes = (one, one, zero) if field is None else (field.size, field.stride, field.padding)
            for name, term in zip(parts, sizes, strict=True):
                parts[name].append(value(term))
        return {name: tuple(terms) for name, terms in parts.items()}

    @property
    def general_shape(self) -> Shape:
        """The input shape on which the layer is shown by itself. Raises :class:`LayerError` if it reads no input."""
        inputs = self._general_case.inputs
        if not inputs:
            raise LayerError(f"{self.notation} reads nothing")
        return inputs[0]

    @cached_property
    def _general_case(self) -> _General:
        names = [self.general] if self.general else ["sequence"] if getattr(self, "sequential", False) else []
        rank = getattr(self, "rank", None)
        if not names:
            names = (
                [_RANKED[rank.constant]]
                if rank is not None and rank.constant in _RANKED
                else ["image", "line", "volume"]
            )
        errors: list[LayerError] = []
        for name in names:
            try:
                return self._general_on(*GENERAL[name])
            except LayerError as error:
                errors.append(error)
        raise LayerError(f"{self.notation} has no formula for every size: {errors[0]}")

    def _general_on(self, letters: str, layout: str) -> _General:
        """The layer on an input whose sizes have these letters; if its axes behave differently, each gets its own
        letter.
        """
        case = self._general_applied(letters, layout)
        axes = len(letters) - 1
        if letters.count("W") > 1 and not _alike(case.rules):
            case = self._general_applied(letters.replace("W" * axes, _AXES[axes]), layout)
        return case

    def _general_applied(self, letters: str, layout: str) -> _General:
        from symnet.layers.declaration.formula import AxisRule
        from symnet.layers.declaration.signs import signs_of
        from symnet.layers.declaration.substitution import put_in_layer

        layer: Any = self
        used = {symbol.name for symbol in layer.symbols}
        dims = tuple(Symbol(_free(letter, used)) for letter in letters)
        plain = put_in_layer(layer, signs_of(dims, (layer,)))
        shape = Shape(dims, layout)
        inputs = (shape,) * (2 if layer.reads == (2, None) else max(layer.reads[0], 1) if layer.reads[0] else 0)
        applied = plain.apply(inputs)
        before = [one.axes for one in inputs]
        rules = []
        maps = applied.maps or (None,) * len(applied.output.axes)
        for position, (map_, size) in enumerate(zip(maps, applied.output.axes, strict=True)):
            origin = (0, position) if applied.origins is None else applied.origins[position]
            has_origin = origin is not None and origin[0] < len(before) and origin[1] < len(before[origin[0]])
            # an axis without an origin (the steps of an embedding) is expressed in the last input size
            last = before[0][-1] if before and before[0] else dims[0]
            hole = before[origin[0]][origin[1]] if has_origin and origin else last
            rules.append(AxisRule(plain.notation, hole, map_ if has_origin else None, size, layer, position))
        return _General(plain, inputs, applied, tuple(rules), layer.letters)


def _alike(rules: tuple[AxisRule, ...]) -> bool:
    """Whether all axes follow the same rule."""
    return len({(rule.hole, rule.map, rule.size if rule.map is None else None) for rule in rules}) < 2


def _free(letter: str, used: set[str]) -> str:
    while letter in used:
        letter += "_in"
    return letter


def _sum_of_products(sets: tuple[tuple[Term, ...], ...]) -> Term:
    """The total number of entries of the index sets, as a sum of products without factors 1."""
    products = [[size for size in sizes if size.constant != 1] for sizes in sets]
    parts = [reduce(mul, sizes) if sizes else integer(1) for sizes in products]
    return reduce(add, parts) if parts else integer(0)


def _tuple_text(shape: Shape) -> str:
    return f"({', '.join(map(text, shape.dims))}{',' if len(shape.dims) == 1 else ''})"
