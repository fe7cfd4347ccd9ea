"""Puts the output of commands in ASCII: each format has its own way to write other characters."""

from __future__ import annotations

import io
import re
import tokenize

from symnet.printing.letters import ascii_text

__all__ = ["in_ascii"]


def in_ascii(text: str, format: str) -> str:
    r"""The text in ASCII, in its format: HTML and SVG get character references, Markdown escapes signs, Python strings keep
    their values.

    >>> in_ascii("<p>3 × W</p>", "html"), in_ascii("3·W ≤ 4", "markdown"), in_ascii("x = 'ü'  # 3 × 4", "Python")
    ('<p>3 &#215; W</p>', '3\\*W &lt;= 4', "x = '\\xfc'  # 3 x 4")
    """
    if text.isascii():
        return text
    if format in ("html", "svg"):
        return text.encode("ascii", "xmlcharrefreplace").decode("ascii")
    if format == "markdown":
        from symnet.render.markdown import escaped

        return ascii_text(text, escaped)
    return _python(text) if format == "Python" else ascii_text(text)


def _python(text: str) -> str:
    """Python code in ASCII: comments in ASCII signs, strings with escapes, names with the code points of their letters."""
    lines = re.findall(r"[^\n]*\n|[^\n]+", text)
    tokens = list(tokenize.generate_tokens(io.StringIO(text).readline))
    for token in reversed(tokens):
        (row, start), (last, end) = token.start, token.end
        if token.string.isascii() or row != last:
            continue
        if token.type == tokenize.NAME:
            replacement = re.sub(r"[^\x00-\x7f]", lambda found: f"u{ord(found[0]):04x}", token.string)
        elif token.type == tokenize.STRING:
            replacement = token.string.encode("ascii", "backslashreplace").decode("ascii")
        else:
            replacement = ascii_text(token.string)
        lines[row - 1] = lines[row - 1][:start] + replacement + lines[row - 1][end:]
    return "".join(line if line.isascii() else ascii_text(line) for line in lines)
