"""Documents as a single HTML page with everything it needs: no script, font or image from elsewhere."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping
from hashlib import sha256
from html import escape
from importlib.resources import files

from symnet.printing.letters import one_line
from symnet.printing.text import unicode_text
from symnet.render.document import Code, Document, Formula, Heading, Inline, Line, Link, Math, Shape, Strong
from symnet.render.figures.svg import STYLE
from symnet.render.fragments import Style, fragment

__all__ = ["html", "plain_line"]

#: A longer title is shortened; a section that unfolds has it in full. In characters.
TITLE = 160


def html(document: Document, figures: Mapping[str, str] | None = None) -> str:
    """The page. ``figures`` are SVG by the anchor of the heading they follow, ``""`` before the first table."""
    style = files("symnet.render").joinpath("style.css").read_text(encoding="utf-8") + STYLE
    title = one_line(plain_line(document.title))
    body = fragment(document.blocks, document.names, Style(copied=True), inserts=figures)
    return _PAGE.format(
        title=escape(_short(title)),
        hash=b64encode(sha256(style.encode()).digest()).decode(),
        style=style,
        heading=_heading(title, document.title),
        menu=_menu(document),
        body=body,
    )


_PAGE = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'sha256-{hash}'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="generator" content="symnet">
<title>{title}</title>
<style>{style}</style>
</head>
<body>
<a class="skip" href="#content">To the content</a>
<header>
{heading}
{menu}</header>
<main id="content">
{body}
</main>
<footer>Derived by symnet; every number is a checked theorem.</footer>
</body>
</html>
"""


def _menu(document: Document) -> str:
    """Links to the sections, and to the sections of layers."""
    headings = [block for block in document.blocks if isinstance(block, Heading) and block.anchor]
    if len(headings) < 3:
        return ""
    parts = [_item(block) for block in headings if not block.anchor.startswith("layer-")]
    layers = [_item(block) for block in headings if block.anchor.startswith("layer-")]
    listed = f"<ul>{''.join(parts)}</ul>" + (f'<ol class="layers">{"".join(layers)}</ol>' if layers else "")
    return f'<nav aria-label="Contents"><details><summary>Contents</summary>{listed}</details></nav>\n'


def _item(heading: Heading) -> str:
    title = one_line(plain_line(heading.content))
    if heading.anchor.startswith("layer-"):  # its words follow the number and the name
        title = title.partition(":")[0]
    return f'<li><a href="#{escape(heading.anchor)}">{escape(_short(title))}</a></li>'


def plain_line(content: Line) -> str:
    """A line as text with formulas in Unicode."""
    return "".join(map(_plain, content))


def _plain(part: Inline) -> str:
    match part:
        case str():
            return part
        case Math(node):
            return unicode_text(node)
        case Formula(_, text):
            return text
        case Shape():
            return part.joined(unicode_text)
        case Code(text) | Link(text, _):
            return text
        case Strong(inner):
            return _plain(inner)


def _short(title: str) -> str:
    return title if len(title) <= TITLE else f"{title[: TITLE * 2 // 3]} … {title[-TITLE // 4 :]}"


def _heading(title: str, content: Line) -> str:
    code = any(isinstance(part, Code) for part in content)
    opening, closing = ("<code>", "</code>") if code else ("", "")
    heading = f"<h1>{opening}{escape(_short(title))}{closing}</h1>"
    if len(title) <= TITLE:
        return heading
    return (
        f"{heading}\n<details><summary>The network in full</summary><p>{opening}{escape(title)}{closing}</p></details>"
    )
