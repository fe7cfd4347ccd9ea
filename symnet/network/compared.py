"""What an imported model was held against: its own framework, run at sizes that nobody chose."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Comparison", "Outside"]


@dataclass(frozen=True)
class Comparison:
    """One run of the framework whose sizes and counts were those of the network.

    ``framework`` is its name and version, ``input`` the sizes that came in (the batch left out), ``batch`` that batch, ``layers``
    how many calls of layers gave the same sizes. ``output`` is true, since another answer is an error;
    ``multiply_adds`` says whether the framework counts those of every layer, and counted the same; so does ``parameters``.

    >>> Comparison("torch 2.13.0", ((3, 97, 131),), 3, 124, True).data["input"]
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
        """As JSON has it."""
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
class Outside:
    """One run at sizes for which the network is not defined, and what came of it: ``refused``, ``other sizes`` than the
    formulas give, or ``the same sizes``, which says that the hypotheses ask for more than the framework does.

    >>> Outside("torch 2.13.0", ((3, 2, 2),), "refused").data
    {'with': 'torch 2.13.0', 'input': [[3, 2, 2]], 'result': 'refused'}
    """

    framework: str
    input: tuple[tuple[int, ...], ...]
    result: str

    @property
    def data(self) -> dict[str, object]:
        """As JSON has it."""
        return {"with": self.framework, "input": [list(sizes) for sizes in self.input], "result": self.result}
