"""Texts of networks drawn from the grammar, and texts that only look so: for tests that read, print and read again."""

from __future__ import annotations

from functools import cache
from random import Random

from symnet.layers.declaration.registry import KINDS, lookup
from symnet.notation.signatures import classes, signature

__all__ = ["damaged", "drawn"]

LETTERS = (
    "W",
    "H",
    "K",
    "C",
    "N",
    "S",
    "P",
    "F",
    "D",
    "T",
    "H1",
    "W_1",
    "k",
    "L",
    "x",
    "None",
    "alpha",
    "Px",
    "ß",
    "输入",
)
NAMES = ('"a b"', '"1"', '"x|y -> z"', '"ü\\u2192"', '"\\"q\\""', "stem.conv", '"["', '"@"', '"#"', '"None"')
SMALL = (1, 1, 2, 3, 4, 5, 7, 8, 16)


def drawn(random: Random) -> str:
    """The text of a network; most are networks, some are refused."""
    return _Draw(random).network()


def damaged(random: Random) -> str:
    """The text of a network with something done to it."""
    text = drawn(random)
    for _ in range(random.randint(1, 4)):
        place = random.randrange(len(text) + 1)
        kind = random.randrange(6)
        if kind == 0:
            text = text[:place] + text[place + random.randint(1, 5) :]
        elif kind == 1:
            text = text[:place] + random.choice(HOSTILE) + text[place:]
        elif kind == 2:
            other = random.randrange(len(text) + 1)
            text = text[:place] + text[min(place, other) : max(place, other)] + text[place:]
        elif kind == 3 and text:
            text = text.replace(random.choice(text), random.choice(HOSTILE), 1)
        elif kind == 4:
            text = text[:place] + text[place:].swapcase()
        else:
            text = text[:place] + str(10 ** random.choice((3, 18, 40, 1001))) + text[place:]
    return text


#: What people and programs put into texts by mistake, or in order to see what happens.
HOSTILE = (
    "(", ")", "[", "]", "{", "}", "|", "->", "→", "@", "=", ",", ";", "\n", "\t", "\r", "\x00", "\x1b[31m", "\ud800", "\u202e", '"',
    "'", "#", "\\", "*", "**", "//", "%", "-", "--", "+", "x", "×", "X", "?", "_", "None", "let ", "let K = ", "٣", "Ⅷ", "²", "½",
    "１２", "e9", "1e9", "0x10", "1_000", "0", "-1", ".5", "NaN", "inf", "True", "input", "From|", "3 * [", "(" * 120, "-" * 120,
    "[" * 60, "9" * 30, "a" * 250, "é", "\u200b", "\ufeff", "𝒲", "nn.", "Conv2d(", "same", "min(", "ceildiv(", " : ", "HWC:", "é|",
)  # fmt: skip


@cache
def _examples() -> tuple[str, ...]:
    return tuple(layer for kind in KINDS for example in kind.examples for layer in example.notation.split(" -> "))


class _Draw:
    def __init__(self, random: Random) -> None:
        self.random = random
        self.labels: list[str] = []
        self.lets: list[str] = []

    def network(self) -> str:
        lets = ""
        for name in self.random.sample(("A", "B", "Kout"), self.random.choice((0, 0, 0, 1, 2))):
            lets += f"let {name} = {self.expression(1)}{self.random.choice((chr(10), '; '))}"
            self.lets.append(name)
        if self.random.random() < 0.15:
            lets += f"let framework = {self.random.choice(('keras', 'torch', 'onnx', 'tensorflow'))}\n"
        text = lets + self.input()
        if self.random.random() < 0.3:
            text += self.label()
        return text + " -> " + self.chain(self.random.randint(1, 5), 0)

    def input(self) -> str:
        rank = self.random.choice((1, 2, 3, 3, 3, 4))
        sizes = [self.size() for _ in range(rank)]
        if rank == 3 and self.random.random() < 0.4:
            sizes = [
                str(self.random.choice((1, 3, 8, 64))),
                *[self.random.choice(("W", "32", "224", "?", "None", "H"))] * 2,
            ]
        kind = self.random.randrange(6)
        if kind == 0 and rank > 1:
            return (
                self.random.choice(("HWC:", "NHWC:", "NCHW:", "CHW:", "TD:", "NCL:", "DHWC:")) + f"({', '.join(sizes)})"
            )
        if kind == 1:
            return "x".join(sizes)
        if kind == 2:
            return f"[{', '.join(sizes)}]"
        if kind == 3:
            return f"({'*'.join(sizes)})"
        return f"({', '.join(sizes)})" if rank > 1 else sizes[0]

    def size(self) -> str:
        kind = self.random.random()
        if kind < 0.5:
            return str(self.random.choice((*SMALL, 28, 32, 64, 224)))
        if kind < 0.8:
            return self.random.choice((*LETTERS, *self.lets))
        return self.random.choice(("?", "None")) if kind < 0.85 else f"({self.expression(2)})"

    def expression(self, depth: int) -> str:
        if depth == 0 or self.random.random() < 0.3:
            return self.random.choice((*LETTERS[:9], "2", "3", "8", "16"))
        kind = self.random.randrange(9)
        one, two = self.expression(depth - 1), self.expression(depth - 1)
        patterns = (
            f"{one} + {two}", f"{one} - 1", f"2*{one}", f"{one}*{two}", f"{one}//2", f"({one} - {two})", f"-(-{one})",
            f"max({one}, {two})", f"+({one})",
        )  # fmt: skip
        return patterns[kind]

    def chain(self, length: int, depth: int) -> str:
        return " -> ".join(self.item(depth) for _ in range(length))

    def item(self, depth: int) -> str:
        kind = self.random.random()
        if kind < 0.08 and depth < 2:
            times = self.random.choice(("2", "3", "1", "A", "N"))
            return f"{times} * [{self.chain(self.random.randint(1, 2), depth + 1)}]"
        if kind < 0.12 and self.labels:
            return f"From|{self.random.choice(self.labels)} -> {self.layer()}"
        if kind < 0.2 and self.labels:
            join = self.random.choice(("Add", "Concat", "Multiply", "Maximum", "Crop"))
            return f"{join}|{self.random.choice(self.labels)}"
        if kind < 0.22:
            return self.label().strip()
        return self.layer() + (self.label() if self.random.random() < 0.25 else "")

    def label(self) -> str:
        name = self.random.choice(("a", "b", "c1", "layer1.0", "_t", "x", "é"))
        self.labels.append(name)
        return f" @{name}"

    def layer(self) -> str:
        kind = self.random.random()
        if kind < 0.35:
            return self.random.choice(_examples())
        if kind < 0.5:
            return self.call()
        spelled = self.random.choice(
            (
                "Conv",
                "Conv2d",
                "Maxpool",
                "FC",
                "Deconv",
                "Avgpool",
                "BN",
                "ReLU",
                "Flatten",
                "Depthwise",
                "LSTM",
                "Slice",
                "Reshape",
            )
        )
        found = lookup(spelled)
        assert found is not None
        parts = [spelled]
        for spec in found[0].specs():
            needed = spec.required and spec.name not in found[1]
            if (needed or (spec.positional and self.random.random() < 0.6)) and spec.name not in found[1]:
                if spec.kind in ("count", "sizes", "padding"):
                    parts.append(self.value(spec.kind) if spec.positional else f"{spec.name}={self.value(spec.kind)}")
                elif needed:
                    parts.append("relu")
        if self.random.random() < 0.1:
            parts.append(f"name={self.random.choice(NAMES)}")
        if self.random.random() < 0.1:
            parts.append(f"framework={self.random.choice(('keras', 'torch', 'onnx'))}")
        return "|".join(parts)

    def value(self, kind: str) -> str:
        choice = self.random.random()
        if kind == "padding" and choice < 0.4:
            return self.random.choice(
                ("same", "valid", "same_lower", "causal", "(0, 1)", "1*0", "(P, 1)*0", "1,1", "[1, 1]")
            )
        if kind == "sizes" and choice < 0.2:
            return self.random.choice(("3*5", "FxF", "3,3", "(2, K)", "[3, 3]", "kx1"))
        if choice < 0.7:
            return str(self.random.choice((0, *SMALL)))
        return self.random.choice((*LETTERS, "?", "no_bias")) if choice < 0.85 else f"({self.expression(2)})"

    def call(self) -> str:
        framework = self.random.choice(("torch", "keras"))
        name = self.random.choice(list(classes(framework)))
        found = signature(framework, name)
        assert found is not None
        order = found[0][: self.random.randint(0, 4)]
        values = ("3", "8", "(3, 3)", "1", "2", "True", "'same'", "None", "0.5", "K", "-1")
        given = [self.random.choice(values[:5] if place < 2 else values) for place in range(len(order))]
        if order and self.random.random() < 0.3:
            given[-1] = f"{order[-1].name}={given[-1]}"
        prefix = self.random.choice(("", {"torch": "nn.", "keras": "layers."}[framework]))
        return f"{prefix}{name}({', '.join(given)})"
