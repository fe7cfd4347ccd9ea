"""The network of the public interface: proven sizes and costs, with the reports that are made of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from symnet.network import network

if TYPE_CHECKING:
    from symnet.render.showing import Shown

__all__ = ["Network"]


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

    def code(self, framework: str) -> str:
        """The network as a Python file of ``"keras"`` or ``"torch"`` that has the same shapes and parameters."""
        from symnet.render.code import code

        return code(self, framework)

    def __str__(self) -> str:
        return self.table("text").rstrip("\n")

    def _repr_markdown_(self) -> str:
        return str.__str__(self.table())
