"""Records of runs of an imported model in its own framework, at random sizes, to check the network against it."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["FrameworkRun", "RunOutside"]


@dataclass(frozen=True)
class FrameworkRun:
    """A run of the framework whose sizes and counts were those of the network.

    ``framework`` is its name and version, ``input`` the input shapes (without the batch), ``batch`` the batch size, ``layers`` the
    number of layer calls that gave the same sizes. ``output`` is always true, since a difference is an error; ``multiply_adds``
    and ``parameters`` say whether the framework counts them for every layer, with the same result.

    >>> FrameworkRun("torch 2.13.0", ((3, 97, 131),), 3, 124, True).data["input"]
    [[3, 97, 131]]
    """

    framework: str
    input: tuple[tuple[int, ...], ...]
    batch: int
    layers: int
    multiply_adds: bool
    output: bool = True
    parameters: bool = True

    @property
    def data(self) -> dict[str, object]:
        """The record as JSON data."""
        return {
            "with": self.framework,
            "input": [list(sizes) for sizes in self.input],
            "batch": self.batch,
            "layers": self.layers,
            "output": self.output,
            "parameters": self.parameters,
            "multiply_adds": self.multiply_adds,
        }


@dataclass(frozen=True)
class RunOutside:
    """A run at sizes for which the network is not defined. ``result`` is ``refused``, ``other sizes`` than the formulas give, or ``the
    same sizes``: then the hypotheses are stronger than the framework needs.

    >>> RunOutside("torch 2.13.0", ((3, 2, 2),), "refused").data
    {'with': 'torch 2.13.0', 'input': [[3, 2, 2]], 'result': 'refused'}
    """

    framework: str
    input: tuple[tuple[int, ...], ...]
    result: str

    @property
    def data(self) -> dict[str, object]:
        """The record as JSON data."""
        return {"with": self.framework, "input": [list(sizes) for sizes in self.input], "result": self.result}
