"""The Python side of the page, run in the browser: JSON in, JSON out. It needs nothing that Pyodide does not have."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from symnet.embed.html import block_html
from symnet.embed.request import BLOCKS, Request, parse_request
from symnet.errors import SymnetError, refusal
from symnet.files import file_stem
from symnet.layers.declaration.registry import KINDS
from symnet.network.substitution import graph_symbols
from symnet.notation.parse import parse_network, parse_question, split_target
from symnet.render.figures.kinds import FIGURES

__all__ = ["EXAMPLES", "LARGEST", "answered", "kinds", "network_in_file"]

#: The examples that the page offers.
EXAMPLES = {
    "Digits (MNIST)": "(1*28*28) -> Conv|32|5*5|1 -> Maxpool|2*2 -> Conv|32|3*3|1 -> Maxpool|2*2 -> FC|256 -> FC|10",
    "A stem of any size": "(3*W*W) -> Conv|K|7|2|3 -> Maxpool|3|2|1",
    "Which stride?": "(3,224,224) -> Conv|64|7*7|S|3 = (64,112,112)",
    "Which sizes fit?": "(3*W*W) -> Conv|96|11|4 -> Maxpool|3|2 -> Conv|256|5|1|2 -> Maxpool|3|2 = (256,13,13)",
    "A residual block": "(64*W*W) -> ReLU @a -> Conv|64|3|1|1 -> BN -> ReLU -> Conv|64|3|1|1 -> BN -> Add|a -> ReLU",
    "Down and up again": "(1*W*W) -> Conv|16|3|2|1 @a -> Conv|32|3|2|1 -> Deconv|16|4|2|1 -> Concat|a -> Deconv|1|4|2|1",
}

#: The longest text that is answered, in characters.
LARGEST = 20_000

#: What the page says of files that it cannot read.
_ONNX = (
    "an .onnx file cannot be read in the browser, where the package onnx is not: on your machine, pip install 'symnet[onnx]' "
    "and symnet report model.onnx"
)
_OTHER = "it is no .keras or .net file; symnet on your machine reads PyTorch models and .onnx files, too"

#: The views of a network besides figures and code.
_PARTS = ("table", "derivation", "report")


def answered(request: str) -> str:
    """The page's answer to a request, both as JSON. In the request, ``text`` is a network or a question, ``at`` has numbers for
    letters, and ``show`` is the view: ``table``, ``derivation``, ``report``, ``keras``, ``torch`` or a kind of figure. An error is
    answered under the key ``error``.

    >>> found = json.loads(answered('{"text": "(3*W*W) -> Conv|8|3", "show": "table"}'))
    >>> found["letters"], found["html"][:36]
    (['W'], '<div class="symnet symnet-table"><di')
    >>> json.loads(answered('{"text": "784 -> FD|10", "show": "table"}'))["error"]["where"]
    'line 1, column 8'
    """
    fields = json.loads(request)
    text = str(fields.get("text", ""))
    if len(text) > LARGEST:
        words = f"more than {LARGEST:,} characters: the command line takes longer networks"
        return json.dumps({"error": {"message": words, "text": words}})
    try:
        return json.dumps(_question(text) if split_target(text)[1] else _network(text, fields))
    except SymnetError as refused:
        return json.dumps({"error": refusal(refused) | {"text": str(refused)}})
    except RecursionError:
        return json.dumps({"error": {"message": "this is nested too deeply for the browser", "text": ""}})


def _question(text: str) -> dict[str, Any]:
    parse_question(text)
    return {"kind": "question", "letters": [], "notes": [], "html": _block("solve", text, {})}


def _network(text: str, fields: dict[str, Any]) -> dict[str, Any]:
    graph = parse_network(text)
    letters = [symbol.name for symbol in graph_symbols(graph)]
    values = {name: number for name, number in dict(fields.get("at") or {}).items() if name in letters}
    at = ",".join(f"{name}={int(number)}" for name, number in values.items())
    options = {"at": at} if at else {}
    show = str(fields.get("show", "table"))
    if show in _PARTS:
        html = _block(show, text, options)
    elif show in ("keras", "torch"):
        html = _block("code", text, {**options, "framework": show})
    else:
        html = _block("figure", text, {**options, "kind": show})
    return {"kind": "network", "letters": letters, "notes": list(graph.notes), "html": html}


def _block(kind: str, text: str, options: dict[str, str]) -> str:
    request: Request = parse_request(kind, text, BLOCKS, kind, None, options)
    return block_html(request, "shown-")


def kinds() -> str:
    """What the page completes and offers, as JSON: the kinds of layers with what they do, the figures, the examples.

    >>> json.loads(kinds())["figures"][:2]
    ['network', 'windows']
    """
    named: dict[str, str] = {}
    for kind in KINDS:
        for name in (kind.kind, *_other_names(kind)):
            named.setdefault(name, (kind.__doc__ or "").strip().partition("\n")[0].rstrip("."))
    listed = [{"name": name, "does": does} for name, does in sorted(named.items(), key=lambda item: item[0].lower())]
    return json.dumps({"kinds": listed, "figures": list(FIGURES), "examples": EXAMPLES})


def _other_names(kind: Any) -> Sequence[str]:
    return tuple(getattr(kind, "aliases", ()))


def network_in_file(path: str) -> str:
    """The notation of a file dropped on the page, as JSON; no code in the file is run."""
    if not path.endswith((".keras", ".net")):
        return json.dumps({"error": {"message": _ONNX if path.endswith(".onnx") else _OTHER}})
    from symnet.frontends.source import read

    try:
        return json.dumps({"name": file_stem(path), "notation": read(path, compare=False).notation})
    except SymnetError as refused:
        return json.dumps({"error": {"message": " ".join(str(refused).split())}})
