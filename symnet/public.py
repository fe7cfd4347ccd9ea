"""The public interface: networks and answers that show themselves, comparisons, and explanations of layers and facts."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cached_property, wraps
from types import ModuleType
from typing import TYPE_CHECKING, Any, cast

import symnet.facts as _facts_module
from symnet.byte_counts import BYTES
from symnet.errors import SymnetError
from symnet.network import memory as network_memory
from symnet.network import network
from symnet.render.notebook_text import Shown
from symnet.solving import api, solutions

if TYPE_CHECKING:
    from symnet.facts.fact import Fact
    from symnet.kernel.theorem import Theorem
    from symnet.network.compare import Comparison
    from symnet.render.figures.canvas import Drawing

__all__ = [
    "Compared",
    "Explanation",
    "Facts",
    "Memory",
    "Network",
    "Solutions",
    "compare",
    "explain",
    "facts",
    "figure",
    "memory",
    "solve",
]


class Network(network.Network):
    """A network of layers: notation, lists or functions in; proven sizes, closed forms, costs and reports out.

    From a list: ``input`` is a shape (``layout="HWC"`` for channels last), ``layers`` are constructors such as
    :class:`symnet.Conv`, with names, jumps and blocks. From functions: ``input`` is a :class:`symnet.Input` and ``layers`` are the
    outputs, or lists of them. ``framework`` holds for all layers that name none. A plain SymPy symbol stands for a positive integer,
    as a padding for a nonnegative one; results use the symbols that were passed in. Raises :class:`symnet.LayerError` when a layer
    does not fit: which layer, why, and what would fit.

    A network is a collection of its layers: ``net["conv1"]``, ``net[1]``, ``net[1:3]``, ``len(net)``, ``for row in net``.

    >>> net = Network.parse("(1*28*28) -> Conv|32|5*5|1 -> Maxpool|2*2 -> FC|10")
    >>> net.output, net.parameters
    ((10,), 46922)
    >>> net.closed_form["W"]
    (W - 4)//2
    >>> net["maxpool1"].output
    (32, 12, 12)
    """

    def table(self, format: str = "markdown", memory: Memory | None = None, costs: bool = False) -> Shown:
        """A table of sizes and parameters with a row for each layer, as ``markdown``, ``text`` or ``json``; with ``costs`` also of
        parameter bytes, activations and multiply-adds, and with ``memory`` (:meth:`memory`) the bytes below."""
        from symnet.render.formats import table

        return Shown(table(self, format, None, memory, costs), format)

    def report(self, format: str = "markdown", memory: Memory | None = None, costs: bool = False) -> Shown:
        """The report with the derivation of every size, in one of the formats ``symnet.render.formats.FORMATS``; ``memory`` and
        ``costs`` as in :meth:`table`."""
        from symnet.render.formats import report

        return Shown(report(self, format, memory, costs), format)

    @property
    def hypotheses(self) -> tuple[str, ...]:
        """The conditions on sizes that the results assume, as texts in the network's own symbols.

        >>> Network.parse("(1*W) -> Conv|1|9").hypotheses
        ('W >= 9',)
        """
        from symnet.render.json import hypotheses

        return hypotheses(self)

    @property
    def assumed(self) -> tuple[tuple[str, str], ...]:
        """All assumptions as pairs: (layer name, what is taken from its framework unproven), and ("sizes", condition) for each
        of the :attr:`hypotheses`.

        >>> Network.parse("(1*W) -> Opaque|output=1*W|parameters=3 -> Conv|1|9").assumed[1:]
        (('sizes', 'W >= 9'),)
        """
        return (*self.unproven, *(("sizes", condition) for condition in self.hypotheses))

    def figure(self, kind: str = "network", layer: int | str | None = None) -> Drawing:
        """A figure of one of the kinds ``symnet.render.figures.kinds.FIGURES``, which notebooks show; its ``.svg`` is the file's text.

        >>> Network.parse("(1*28*28) -> Conv|8|5|name=stem").figure("windows", "stem").title
        'The windows of stem along W'
        """
        from symnet.render.figures.kinds import figure

        return figure(self, kind, layer)

    def memory(self, batch: Any = 1, train: str | None = None, dtype: str = "float32") -> Memory:
        """The bytes of the parameters and activations, and in training of gradients and the optimizer's state: a mapping from the
        part to its bytes, which notebooks show as a table (:class:`symnet.network.memory.Memory` has the definitions).

        ``batch`` is the number of examples, or a letter for it; ``train`` is ``"sgd"``, ``"momentum"`` or ``"adam"``; ``dtype`` is
        one of ``symnet.byte_counts.BYTES``. A dtype may stand alone: ``net.memory("float16")``. Raises
        :class:`symnet.TermError` for other arguments.

        >>> net = Network.parse("784 -> FC|10")
        >>> net.memory("float16")
        {'parameters': 15700, 'activations': 20}
        >>> net.memory(batch="N", train="adam").total
        40*N + 125600
        """
        if isinstance(batch, str) and batch in BYTES:
            batch, dtype = 1, batch
        return Memory(self, batch, train, dtype)

    def code(self, framework: str) -> str:
        """The network as a Python file of ``"keras"`` or ``"torch"`` that has the same shapes and parameters."""
        from symnet.render.code import code

        return code(self, framework)

    def __str__(self) -> str:
        return self.table("text").rstrip("\n")

    def _repr_markdown_(self) -> str:
        return str.__str__(self.table())


class Memory(network_memory.Memory):
    """The bytes of a network's parts (:class:`symnet.network.memory.Memory`): ``print`` and notebooks show them as a table.

    >>> print(Network.parse("784 -> FC|10").memory(batch=32))
    A batch of 32 examples in float32, without training.
    <BLANKLINE>
                  bytes  what is counted
    ───────────  ──────  ─────────────────────────────────────────────────────────
    parameters   31,400  all parameters and buffers
    activations   1,280  the outputs of all layers, for every example of the batch
    total        32,680
    """

    def __str__(self) -> str:
        from symnet.render.memory import memory_table

        return memory_table(self)

    def _repr_markdown_(self) -> str:
        from symnet.render.memory import memory_table

        return memory_table(self, "markdown")


class Compared:
    """Two networks compared: ``print`` shows the table, a notebook draws it, ``facts`` has each row with its theorem.

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
        """Pickled as the two networks; the comparison is proven again."""
        return Compared, (self.first, self.second)

    @cached_property
    def facts(self) -> Comparison:
        """The rows of the comparison, each with its theorem."""
        from symnet.network.compare import compare as compared

        return compared(self.first, self.second)

    @property
    def equal(self) -> bool:
        """Whether all rows are equal for all sizes on which both networks are defined, and there are such sizes."""
        return self.facts.equal

    @property
    def theorem(self) -> Theorem:
        """The conjunction of the theorems of all rows. Raises :class:`symnet.SymnetError` if the networks are not proven equal.

        >>> compare("(3*W) -> Conv|8|3|1|1", "(3*W) -> Conv|8|3|1|same").theorem
        ⊢ 8 == 8 and W == W and 80 == 80 and 72*W == 72*W
        """
        from symnet.kernel.rules import both

        theorems = tuple(row.theorem for row in self.facts.rows if row.equal and row.theorem is not None)
        if not self.equal or len(theorems) < len(self.facts.rows):
            raise SymnetError("the networks are not proven equal; facts.rows has the theorem of each row that is")
        return both(theorems)

    def to_json(self) -> dict[str, Any]:
        """The comparison as JSON data."""
        import json

        return json.loads(self._text_in("json"))  # type: ignore[no-any-return]

    def _text_in(self, format: str) -> str:
        from symnet.render.comparison import comparison

        return comparison(self.first, self.second, format)

    def __str__(self) -> str:
        return self._text_in("text").rstrip("\n")

    def __repr__(self) -> str:
        return f"<{'equal' if self.equal else 'different'}: {self.first!r:.60}, {self.second!r:.60}>"

    def _repr_markdown_(self) -> str:
        return self._text_in("markdown")


def compare(first: network.Network | str, second: network.Network | str) -> Compared:
    """Compare two networks: they are proven equal where both are defined, or it is shown where and for which sizes they differ.
    A text is read as notation. Raises :class:`symnet.SymnetError` for anything else.

    >>> found = compare("(3*W*W) -> Conv|8|3|1|1", "(3*W*W) -> Conv|8|5|1|2")
    >>> found.equal, [row.what for row in found.facts.rows if not row.equal]
    (False, ['parameters', 'multiply-adds'])
    """
    both = [Network.parse(one) if isinstance(one, str) else one for one in (first, second)]
    for one in both:
        if not isinstance(one, network.Network):
            raise SymnetError(f"compare takes two networks, got {one!r:.60}")
    return Compared(*both)


def memory(net: Network | str, batch: Any = 1, train: str | None = None, dtype: str = "float32") -> Memory:
    """The memory of a network in bytes, as :meth:`Network.memory`; a text is read as notation.

    >>> memory("784 -> FC|10", batch=32)
    {'parameters': 31400, 'activations': 1280}
    """
    return _one_network(net, "memory").memory(batch, train, dtype)


def figure(net: Network | str, kind: str = "network", layer: int | str | None = None) -> Drawing:
    """A figure of a network, as :meth:`Network.figure`; a text is read as notation.

    >>> figure("(1*28*28) -> Conv|8|5", "windows").title
    'The windows of conv1 along W'
    """
    return _one_network(net, "figure").figure(kind, layer)


def _one_network(net: Any, function: str) -> Network:
    read = Network.parse(net) if isinstance(net, str) else net
    if not isinstance(read, Network):
        raise SymnetError(f"{function} takes a network or its notation, got {read!r:.60}")
    return read


class Explanation(Shown):
    """The page of :func:`explain` as text, which a notebook shows, with the ``theorems`` that it states.

    >>> explain("Dense").theorems
    (⊢ (a + 1)*N == N*a + N,)
    """

    __slots__ = ("framework", "name")

    name: str
    framework: str | None

    @property
    def theorems(self) -> tuple[Any, ...]:
        """The laws of a kind and the count of its parameters, or what a fact proves."""
        from symnet.render.catalogue import theorems_of

        return theorems_of(self.name, self.framework)

    def __reduce__(self) -> tuple[Any, ...]:
        """Stored as what it explains."""
        return explain, (self.name, self.framework, self.format_name)


def explain(kind: Any, framework: str | None = None, format: str = "markdown") -> Explanation:
    """The page of a kind of layer, or of a fact: formulas, laws, conditions, examples and sources; ``theorems`` are those it states.

    ``kind`` is a name, a class of layers, or a layer. With a ``framework`` the page has that framework's arguments, defaults
    and refusals. ``format`` is ``markdown``, ``text`` or ``json``. Raises :class:`symnet.SymnetError` for an unknown kind.

    >>> print(explain("ReLU", format="text").partition(":")[0])
    Activation
    """
    from symnet.render.catalogue import explain as explained

    if format not in ("markdown", "text", "json"):
        raise SymnetError(f"unknown format {format!r}: use markdown, text, json")
    name = kind if isinstance(kind, str) else getattr(kind, "kind", None)
    name = getattr(name, "kind", name)  # an alias of a kind, as symnet.ReLU
    if not isinstance(name, str):
        raise SymnetError(f"explain takes the name of a kind of layer or of a fact, got {kind!r:.60}")
    page = Explanation(explained(name, format, framework), format)
    page.name, page.framework = name, framework
    return page


class Facts(ModuleType):
    """The proven facts besides sizes, by their names; a notebook shows the list of them.

    ``symnet.facts["l2-gradient"]`` is proven when it is looked up, and has its ``theorems``; ``symnet.explain("l2-gradient")``
    is its page. Raises :class:`symnet.NotationError` for an unknown name. ``symnet.facts()`` is the list as text.

    >>> "softmax-shift" in facts, len(facts) == len(list(facts))
    (True, True)
    >>> facts["softmax-shift"].theorems
    (⊢ exp(z_k + c)/(Σ_{j<N} exp(z_j + c)) = exp(z_k)/(Σ_{j<N} exp(z_j)),)
    """

    def __call__(self, format: str = "markdown") -> Shown:
        """The list of the proven facts besides sizes, as ``markdown``, ``text`` or ``json``. ``symnet.facts[name]`` is a fact, proven
        when it is looked up, with its ``theorems``; ``symnet.explain(name)`` is its page. Raises :class:`symnet.SymnetError` for
        another format.

        >>> "softmax-shift" in facts, facts["softmax-shift"].theorems
        (True, (⊢ exp(z_k + c)/(Σ_{j<N} exp(z_j + c)) = exp(z_k)/(Σ_{j<N} exp(z_j)),))
        """
        from symnet.render.facts import facts as listed

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


# ``symnet.facts`` is the folder of facts as a module, since Python sets that attribute when anything in the folder is imported.
# So the module itself gets the class above, and can be called and indexed.
_facts_module.__class__ = Facts
facts = cast(Facts, _facts_module)


class Solutions(solutions.Solutions):
    """The answer to a question, which a notebook shows with its derivation."""

    def _repr_markdown_(self) -> str:
        from symnet.render.answers import markdown

        return markdown(self)

    def __reduce__(self) -> tuple[Callable[..., Any], tuple[Any, ...]]:
        again, _ = super().__reduce__()
        return _solve_again, (again,)


def _solve_again(again: Callable[[], solutions.Solutions]) -> Solutions:
    """A stored answer, worked out and proven again."""
    return _with_notebook_view(again())


def _with_notebook_view(found: solutions.Solutions) -> Solutions:
    return Solutions(found.problem, found.answer, found.letters, found.again)


@wraps(api.solve)
def solve(question: Any = None, *unknowns: Any, **options: Any) -> Any:
    """As :func:`symnet.solving.api.solve`, with an answer that a notebook shows."""
    found = api.solve(question, *unknowns, **options)
    return _with_notebook_view(found) if isinstance(found, solutions.Solutions) else found
