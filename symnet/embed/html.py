"""Blocks, inline formulas and errors as HTML, for Markdown, Sphinx and the playground."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from html import escape
from urllib.parse import urlencode

from symnet.embed.content import Content, content
from symnet.embed.request import Request
from symnet.errors import NotationError, SymnetError
from symnet.printing.letters import one_line, visible
from symnet.printing.mathml import mathml
from symnet.render.document import Math, Paragraph
from symnet.render.fragments import FORMULAS, PREFIX, Style, fragment

__all__ = ["CSS", "block_html", "error_html", "inline_html", "message_of", "playground_frame"]

#: The style rules of blocks.
CSS = (
    ".symnet .scroll,.symnet .figure,.symnet p,.symnet-figure{overflow-x:auto}.symnet .r{text-align:right}"
    ".symnet :is(td,th){padding:.3em .7em}"
    ".symnet .kept,.symnet math,.symnet td code{white-space:nowrap}.symnet math{math-style:normal}"
    ".symnet svg{max-width:none;height:auto}@media screen{.symnet .sn{max-width:max(100%,attr(width px)*.75)}}"
    ".symnet .number{margin-right:.6em}.symnet .reason{opacity:.75}"
    ".symnet summary :is(h2,h3,h4,h5,h6){display:inline;font-size:1em}"
    "@media(max-width:40rem){.symnet :is(table,tbody,tr,td){display:block}.symnet :is(thead,td:empty){display:none}"
    ".symnet tbody td:nth-child(n){border:0;padding:.1em 0}"
    ".symnet tbody :is(td:nth-child(1),td:nth-child(2)){display:inline-block;padding-right:.8em}"
    ".symnet td[data-label]::before{content:attr(data-label) ': ';opacity:.75;font-size:.85em}}"
    ".symnet-try{font-size:.85em;margin:.2em 0 1em}.symnet-try summary{cursor:pointer}"
    ".symnet-try iframe{width:100%;height:38rem;border:1px solid;border-radius:4px;display:block;margin:.4em 0}"
    "div.symnet-error{border-left:4px solid #d55e00;padding:.4em .8em}div.symnet-error pre{white-space:pre-wrap}"
    "span.symnet-error{border-bottom:2px solid #d55e00}"
)


def block_html(request: Request, prefix: str, formulas: str = "mathml") -> str:
    """A block as HTML; its ids begin with ``prefix``, and ``formulas`` is a key of :data:`symnet.render.fragments.FORMULAS`.

    >>> from symnet.embed.request import BLOCKS, parse_request
    >>> block_html(parse_request("code framework=torch", "784 -> FC|10", BLOCKS, "table"), "a-")[:55]
    '<div class="symnet symnet-code"><pre><code class="langu'
    """
    return f'<div class="symnet symnet-{request.kind}">{_block(request, formulas).replace(PREFIX, prefix)}</div>'


@lru_cache(maxsize=512)
def _block(request: Request, formulas: str) -> str:
    """The inside of a block with a placeholder for the prefix of its ids, so that it is computed once for each request."""
    shown = content(request)
    if shown.drawing is not None:
        return shown.drawing.svg.partition("\n")[2].strip()
    if shown.listing:
        return f'<pre><code class="language-python">{escape(shown.listing, quote=False)}</code></pre>'
    if shown.formulas:
        return "".join(f"<p>{_display(shown, index, formulas)}</p>" for index in range(len(shown.formulas)))
    deeper = (request.integer("level") or 2) - 2
    return fragment(shown.blocks, shown.names, Style(formulas, deeper, prefix=PREFIX))


def _display(shown: Content, index: int, formulas: str) -> str:
    node = shown.formulas[index]
    if formulas == "mathml":
        return mathml(node, shown.names, display=True)
    return (
        FORMULAS[formulas](node, shown.names)
        .replace(r"\(", r"\[")
        .replace(r"\)", r"\]")
        .replace("<span", "<div")
        .replace("</span", "</div")
    )


@lru_cache(maxsize=2048)
def inline_html(request: Request, formulas: str = "mathml") -> str:
    """An inline formula or value as HTML.

    >>> from symnet.embed.request import INLINE, parse_request
    >>> inline_html(parse_request("parameters", "784 -> FC|10", INLINE, "output"))
    '7,850'
    """
    shown = content(request)
    pieces = shown.inline or _between(shown)
    html = fragment((Paragraph(tuple(pieces)),), shown.names, Style(formulas))
    return html.removeprefix("<p>").removesuffix("</p>")


def _between(shown: Content) -> Iterator[Math | str]:
    """The formulas with commas between them."""
    for index, node in enumerate(shown.formulas):
        if index:
            yield ", "
        yield Math(node)


def playground_frame(request: Request, playground: str) -> str:
    """A part of the page that unfolds to the playground with the network or question of a block; '' for blocks that it cannot show.
    The playground is loaded when it is unfolded.

    >>> print(playground_frame(Request("table", "784 -> FC|10"), "play/"))
    <details class="symnet-try"><summary>Try it</summary>
    <iframe src="play/#n=784+-%3E+FC%7C10" loading="lazy" title="The playground with 784 -&gt; FC|10"></iframe>
    <a href="play/#n=784+-%3E+FC%7C10">On a page of its own</a>
    </details>
    """
    if request.kind not in _PLAYGROUND_FIELDS:
        return ""
    fields = {"n": request.source, **_PLAYGROUND_FIELDS[request.kind]}
    if request.kind == "figure":
        fields["show"] = request.text("kind") or "network"
    address = f"{escape(playground)}#{escape(urlencode(fields))}"
    title = escape(f"The playground with {visible(one_line(request.label or request.source))}")
    return (
        f'<details class="symnet-try"><summary>Try it</summary>\n<iframe src="{address}" loading="lazy" title="{title}"></iframe>\n'
        f'<a href="{address}">On a page of its own</a>\n</details>'
    )


#: The blocks that the playground can show, with the fields of its address.
_PLAYGROUND_FIELDS: dict[str, dict[str, str]] = {
    "table": {},
    "solve": {},
    "figure": {},
    "report": {"show": "report"},
    "derivation": {"show": "derivation"},
}


def message_of(error: SymnetError, in_a_line: bool = False) -> str:
    """An error's message with invisible characters made visible; within a line of text it has no caret."""
    words = str(error)
    if in_a_line and isinstance(error, NotationError):
        words = error.message + (f"; did you mean {error.suggestion!r}?" if error.suggestion else "")
    return "\n".join(map(visible, words.split("\n")))


def error_html(error: SymnetError, in_a_line: bool = False) -> str:
    """An error as HTML at the place where it happens.

    >>> error_html(SymnetError("a < b"), in_a_line=True)
    '<span class="symnet-error" role="alert"><strong>symnet:</strong> <code>a &lt; b</code></span>'
    """
    outer, inner = ("span", "code") if in_a_line else ("div", "pre")
    message = escape(message_of(error, in_a_line), quote=False)
    return f'<{outer} class="symnet-error" role="alert"><strong>symnet:</strong> <{inner}>{message}</{inner}></{outer}>'
