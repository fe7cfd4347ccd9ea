"""Figures, pages and Markdown grow with what they show, and not with its square."""

from __future__ import annotations

import sys
from collections.abc import Callable

import pytest
from markdown import Markdown

from symnet.embed.markdown_extension import SymnetExtension
from symnet.embed.sync import refreshed
from symnet.errors import SymnetError
from symnet.public import Network, compare
from symnet.render.figures.kinds import figure
from symnet.render.html import html
from symnet.render.report import report_document
from tests.counting_calls import grows_linearly

pytestmark = pytest.mark.slow

STACKS = {
    "activations": "784 -> {} * [ReLU]",
    "one name": '(1*8*8) -> Conv|2|3|name="{}"',
    "convolutions": "(1*9*9) -> {} * [Conv|1|3|1|1]",
    "joins": "(1*9*9) -> @a -> {} * [Conv|1|3|1|1 -> Add|a]",
}


def network(which: str, size: int) -> Network:
    made = Network.parse(STACKS[which].format("x" * (20 * size) if which == "one name" else size))
    _ = made.proof, made.parameters
    return made


@pytest.mark.parametrize("which", STACKS)
def test_a_figure_of_the_network(which: str) -> None:
    def work(size: int) -> Callable[[], object]:
        made = network(which, size)
        return lambda: figure(made).svg

    assert grows_linearly(work, 60)


SYMBOLIC = {
    "sizes that stay": lambda size: f"(8,W,W) -> {size} * [Conv|8|3|1|1 -> ReLU]",
    "smaller sizes": lambda size: f"(8,W,W) -> {size} * [Conv|8|3]",
    "half sizes": lambda size: f"(8,W,W) -> {size} * [Conv|8|3|2|1]",
    "two axes": lambda size: f"(8,H,W) -> {size} * [Conv|8|3 -> BN]",
    "residual": lambda size: f"(8,W,W) -> {size} * [@x -> Conv|8|3|1|1 -> Add|x]",
    "dense": lambda size: f"(8,W,W) -> {size} * [@x -> Conv|8|3|1|1 -> Concat|x]",
    "up and down": lambda size: f"(8,W,W) -> {size} * [Deconv|8|3|1|1 -> Upsample|2 -> Maxpool|2]",
    "own filters": lambda size: "(8,W,W) -> " + " -> ".join(f"Conv|K{number}|3|1|1" for number in range(size)),
}


@pytest.mark.parametrize("which", SYMBOLIC)
@pytest.mark.parametrize("write", [Network.table, Network.report])
def test_a_symbolic_network(which: str, write: Callable[[Network], object]) -> None:
    def work(size: int) -> Callable[[], object]:
        made = Network.parse(SYMBOLIC[which](size))
        return lambda: str(write(made))

    assert grows_linearly(work, 50)


OWN_LETTERS = {
    "kernels": lambda size: "(1*W*W) -> " + " -> ".join(f"Conv|1|F{number}" for number in range(size)),
    "kernels, strides and padding": lambda size: (
        "(1*W*W) -> " + " -> ".join(f"Conv|1|F{number}|S{number}|P{number}" for number in range(size))
    ),
}
WRITERS: dict[str, Callable[[Network], str]] = {
    "table": lambda made: str(made.table()),
    "report": lambda made: str(made.report()),
    "page": lambda made: str(made.report("html")),
    "comparison": lambda made: str(compare(made, made)),
    "comparison with a wider one": lambda made: str(compare(made, Network.parse(f"{made.notation} -> Conv|1|3"))),
}


@pytest.mark.parametrize("which", OWN_LETTERS)
@pytest.mark.parametrize("write", WRITERS)
def test_layers_with_letters_of_their_own_name_their_sizes(which: str, write: str) -> None:
    """The steps up to a long closed form are shown in both; what more layers add is a few lines each."""
    short, long = (len(WRITERS[write](Network.parse(OWN_LETTERS[which](size)))) for size in (40, 80))
    assert long < 2.5 * short


def test_data_of_layers_with_kernels_of_their_own() -> None:
    short, long = (len(str(Network.parse(OWN_LETTERS["kernels"](size)).report("json"))) for size in (25, 50))
    assert long < 2.2 * short


@pytest.mark.parametrize("which", STACKS)
def test_a_page(which: str) -> None:
    def work(size: int) -> Callable[[], object]:
        document = report_document(network(which, size))
        return lambda: html(document)

    assert grows_linearly(work, 100)


MARKDOWN = {
    "beginnings": lambda size: "<!-- symnet" * size,
    "beginnings and an end": lambda size: "<!-- symnet " * size + "-->",
    "ticks": lambda size: "".join("`" * (place % 50 + 1) + "a" for place in range(size)),
    "ticks without an end": lambda size: "`a``b" * size,
    "items": lambda size: "- " * size + "x\n",
    "quotes": lambda size: "> " * size + "x\n",
    "markers": lambda size: "<!-- symnet parameters: 784 -> FC|10 -->7<!-- /symnet --> " * size,
    "fences": lambda size: "```\n" * size,
}


@pytest.mark.parametrize("which", MARKDOWN)
def test_sync(which: str) -> None:
    def work(size: int) -> Callable[[], object]:
        text = MARKDOWN[which](size)

        def done() -> None:
            try:
                refreshed(text)
            except SymnetError as refused:
                assert "line 1:" in str(refused)

        return done

    assert grows_linearly(work, 120)


FENCES = {
    "never closed": lambda size: "```symnet table\n" * size,
    "of two kinds": lambda size: "~~~~\n```\n" * size,
    "closed": lambda size: "```symnet table\n784 -> FC|10\n```\n\n" * size,
}


@pytest.mark.parametrize("which", FENCES)
def test_fences(which: str) -> None:
    def work(size: int) -> Callable[[], object]:
        converter = Markdown(extensions=[SymnetExtension()])
        text = FENCES[which](size)
        return lambda: converter.convert(text)

    assert grows_linearly(work, 60)


def test_many_openings_are_read_once() -> None:
    """Regular expressions work out of sight: a text that took a minute is read at once, or this test does not end."""
    with pytest.raises(SymnetError, match=r"no end|takes lines"):
        refreshed("<!-- symnet table: 784 -> FC|10 -->" + "<!-- symnet" * 300_000)
    assert sys.getprofile() is None
