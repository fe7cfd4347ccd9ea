"""The network of the public interface: proven sizes and costs, with the reports that are made of them."""

from __future__ import annotations

from symnet.network import network

__all__ = ["Network"]


class Network(network.Network):
    """A network of layers: notation or layers in; proven sizes, closed forms, costs and reports out.

    ``input`` is a shape in the network's data format, ``layers`` are constructors such as :class:`symnet.Conv`. Raises
    :class:`symnet.LayerError` when a layer does not fit, saying which, why, and what would.

    >>> net = Network.parse("(1*28*28) -> Conv|32|5*5|1 -> Maxpool|2*2 -> FC|10")
    >>> net.output, net.parameters
    ((10,), 46922)
    >>> net.closed_form["W"]
    (W - 4)//2
    """

    def table(self) -> str:
        """Sizes and parameters, a row a layer, as Markdown."""
        from symnet.render.formats import table

        return table(self)

    def report(self, format: str = "markdown") -> str:
        """The derivation report in one of ``symnet.render.formats.FORMATS``."""
        from symnet.render.formats import report

        return report(self, format)

    def code(self, framework: str) -> str:
        """The network as a Python file of ``"keras"`` or ``"torch"`` that has the same shapes and parameters."""
        from symnet.render.code import code

        return code(self, framework)

    def _repr_markdown_(self) -> str:
        return self.table()
