"""The public interface: networks and answers with the pages that are made of them, comparisons, explanations of kinds of layers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cached_property, wraps
from types import ModuleType
from typing import TYPE_CHECKING, Any, cast

import symnet.facts as _room
from symnet.errors import SymnetError
from symnet.network import network
from symnet.solving import api, solutions

if TYPE_CHECKING:
    from symnet.facts.fact import Fact
    from symnet.network.compare import Comparison
    from symnet.render.figures.canvas import Drawing
    from symnet.render.showing import Shown

__all__ = ["Compared", "Facts", "Network", "Solutions", "compare", "explain", "facts", "solve"]


class Network(network.Network):
    """A network of layers: notation, lists or functions in; proven sizes, closed forms, costs and reports out.

    From a list: ``input`` is a shape (``layout="HWC"`` for channels last), ``layers`` are constructors such as
    :class:`symnet.Conv`, with names, jumps and blocks. From functions: ``input`` is a :class:`symnet.Input` and ``layers`` what
    comes out, or lists of them. ``framework`` holds for all layers that name none. A plain SymPy symbol stands for a positive
    integer, where it is a padding for a nonnegative one; results speak in the symbols that were given. Raises
    :class:`symnet.LayerError` when a layer does not fit, saying which, why, and what would.

    A network is a collection of its layers: ``net["conv1"]``, ``net[1]``, ``net[1:3]``, ``len(net)``, ``for row in net``.

    >>> net = Network.parse("(1*28*28) -> Conv|32|5*5|1 -> Maxpool|2*2 -> FC|10")
    >>> net.output, net.parameters
    ((10,), 46922)
    >>> net.closed_form["W"]
    (W - 4)//2
    >>> net["maxpool1"].output
    (32, 12, 12)
    """

    def table(self, format: str = "markdown") -> Shown:
        """Sizes and parameters, a row a layer, as ``markdown``, ``text`` or ``json``."""
        from symnet.render.formats import table
        from symnet.render.showing import Shown

        return Shown(table(self, format), format)

    def report(self, format: str = "markdown") -> Shown:
        """The derivation report in one of ``symnet.render.formats.FORMATS``."""
        from symnet.render.formats import report
        from symnet.render.showing import Shown

        return Shown(report(self, format), format)

    @property
    def hypotheses(self) -> tuple[str, ...]:
        """What is assumed of its sizes, each condition as the JSON says it, in the network's own symbols.

        >>> Network.parse("(1*W) -> Conv|1|9").hypotheses
        ('W >= 9',)
        """
        from symnet.render.json import hypotheses

        return hypotheses(self)

    @property
    def assumed(self) -> tuple[tuple[str, str], ...]:
        """All that is assumed: what is taken from somewhere else, with the name of its layer, and the :attr:`hypotheses`, each
        with the word ``sizes``.

        >>> Network.parse("(1*W) -> Opaque|output=1*W|parameters=3 -> Conv|1|9").assumed[1:]
        (('sizes', 'W >= 9'),)
        """
        return (*self.unproven, *(("sizes", condition) for condition in self.hypotheses))

    def figure(self, kind: str = "network", layer: int | str | None = None) -> Drawing:
        """A figure of one of ``symnet.render.figures.kinds.FIGURES``, which notebooks show; ``.svg`` is the file.

        >>> Network.parse("(1*28*28) -> Conv|8|5|name=stem").figure("windows", "stem").title
        'The windows of stem along W'
        """
        from symnet.render.figures.kinds import figure

        return figure(self, kind, layer)

    def code(self, framework: str) -> str:
        """The network as a Python file of ``"keras"`` or ``"torch"`` that has the same shapes and parameters."""
        from symnet.render.code import code

        return code(self, framework)

    def __str__(self) -> str:
        return self.table("text").rstrip("\n")

    def _repr_markdown_(self) -> str:
        return str.__str__(self.table())


class Compared:
    """Two networks side by side; ``print`` shows the table, a notebook draws it, ``facts`` has every row with its theorem.

    >>> found = compare(Network.parse("(3*W*W) -> Conv|8|3|2|1"), Network.parse("(3*W*W) -> Conv|8|1|2"))
    >>> found.equal, [row.what for row in found.facts.rows if row.equal]
    (False, ['channels', 'H', 'W'])
    """

    def __init__(self, first: network.Network, second: network.Network) -> None:
        self.first, self.second = first, second

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Compared):
            return NotImplemented
        return (self.first, self.second) == (other.first, other.second)

    def __hash__(self) -> int:
        return hash((self.first, self.second))

    def __reduce__(self) -> tuple[Any, ...]:
        """Stored as the two networks: what is compared is proven again."""
        return Compared, (self.first, self.second)

    @cached_property
    def facts(self) -> Comparison:
        """What was compared, row by row."""
        from symnet.network.compare import compare as compared

        return compared(self.first, self.second)

    @property
    def equal(self) -> bool:
        """Whether everything is equal wherever both networks are defined, and they are somewhere."""
        return self.facts.equal

    def to_json(self) -> dict[str, Any]:
        """The comparison as JSON data."""
        import json

        return json.loads(self._written("json"))  # type: ignore[no-any-return]

    def _written(self, format: str) -> str:
        from symnet.render.comparison import comparison

        return comparison(self.first, self.second, format)

    def __str__(self) -> str:
        return self._written("text").rstrip("\n")

    def __repr__(self) -> str:
        return f"<{'equal' if self.equal else 'different'}: {self.first!r:.60}, {self.second!r:.60}>"

    def _repr_markdown_(self) -> str:
        return self._written("markdown")


def compare(first: network.Network | str, second: network.Network | str) -> Compared:
    """Two networks: proven equal where both are defined, or where and for which sizes they differ. Text is notation."""
    both = [Network.parse(one) if isinstance(one, str) else one for one in (first, second)]
    for one in both:
        if not isinstance(one, network.Network):
            raise SymnetError(f"compare takes two networks, got {one!r:.60}")
    return Compared(*both)


def explain(kind: Any, framework: str | None = None, format: str = "markdown") -> Shown:
    """One kind of layer, or a fact: what it is, how it is written, its laws and conditions, examples, sources; in the words of
    a ``framework`` its arguments, defaults and refusals. ``kind`` is a name, a class of layers, or a layer; ``format`` is
    ``markdown``, ``text`` or ``json``.

    >>> print(explain("ReLU", format="text").partition(":")[0])
    Activation
    """
    from symnet.render.catalogue import explain as explained
    from symnet.render.showing import Shown

    if format not in ("markdown", "text", "json"):
        raise SymnetError(f"unknown format {format!r}: use markdown, text, json")
    name = kind if isinstance(kind, str) else getattr(kind, "kind", None)
    name = getattr(name, "kind", name)  # another name of a kind: symnet.ReLU
    if not isinstance(name, str):
        raise SymnetError(f"explain takes the name of a kind of layer or of a fact, got {kind!r:.60}")
    return Shown(explained(name, format, framework), format)


class Facts(ModuleType):
    """The facts that are proven besides sizes, by their names; a notebook shows the list of them.

    ``symnet.facts["l2-gradient"]`` is proven when it is asked for, and has its ``theorems``; ``symnet.explain("l2-gradient")`` is its
    page. Raises :class:`symnet.NotationError` for a name that is none. ``symnet.facts()`` is the list as text.

    >>> "softmax-shift" in facts, len(facts) == len(list(facts))
    (True, True)
    >>> facts["softmax-shift"].theorems
    (⊢ exp(z_k + c)/(Σ_{j<N} exp(z_j + c)) = exp(z_k)/(Σ_{j<N} exp(z_j)),)
    """

    def __call__(self, format: str = "markdown") -> Shown:
        from symnet.render.facts import facts as listed
        from symnet.render.showing import Shown

        if format not in ("markdown", "text", "json"):
            raise SymnetError(f"unknown format {format!r}: use markdown, text, json")
        return Shown(listed(format), format)

    def __getitem__(self, name: str) -> Fact:
        from symnet.facts.catalogue import get_fact

        return get_fact(name)

    def __iter__(self) -> Iterator[str]:
        return iter(self._names())

    def __len__(self) -> int:
        return len(self._names())

    def __contains__(self, name: object) -> bool:
        return name in self._names()

    @staticmethod
    def _names() -> tuple[str, ...]:
        from symnet.facts.catalogue import fact_names

        return fact_names()

    def _repr_markdown_(self) -> str:
        return str.__str__(self())


# The room of the facts is shown and asked as the class above says: it is a module, which Python puts in the place of any other
# object of this name as soon as something in it is imported.
_room.__class__ = Facts
facts = cast(Facts, _room)


class Solutions(solutions.Solutions):
    """The answer to a question, which a notebook draws with its derivation."""

    def _repr_markdown_(self) -> str:
        from symnet.render.answers import markdown

        return markdown(self)

    def __reduce__(self) -> tuple[Callable[..., Any], tuple[Any, ...]]:
        again, _ = super().__reduce__()
        return _asked_again, (again,)


def _asked_again(again: Callable[[], solutions.Solutions]) -> Solutions:
    """The stored answer, found and proven again."""
    return _drawn(again())


def _drawn(found: solutions.Solutions) -> Solutions:
    return Solutions(found.problem, found.answer, found.letters, found.again)


@wraps(api.solve)
def solve(question: Any = None, *unknowns: Any, **options: Any) -> Any:
    """As in :mod:`symnet.solving.api`, with an answer that a notebook draws."""
    found = api.solve(question, *unknowns, **options)
    return _drawn(found) if isinstance(found, solutions.Solutions) else found
