"""A diagnosis as text for a terminal of 80 columns, as Markdown and as HTML."""

from __future__ import annotations

import html as escaping
import textwrap
from collections.abc import Iterator, Sequence

from symnet.doctor.findings import Findings, Fix, Sizes

__all__ = ["html", "markdown", "text"]

#: The number of columns of a terminal, and the largest number of rows of the table.
WIDTH, ROWS = 80, 12

#: No further change is shown after so many lines, so that all stands on one screen.
SCREEN = 38


def _size(sizes: Sizes) -> str:
    return " × ".join(map(str, sizes)) or "1"


def _sizes(shapes: Sequence[Sizes]) -> str:
    return " and ".join(map(_size, shapes))


def _wrapped(words: str, indent: str = "", first: str = "") -> str:
    return textwrap.fill(
        words, WIDTH, initial_indent=first or indent, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False
    )  # fmt: skip


def _head(found: Findings) -> str:
    given = f" on {_sizes(found.inputs)}" if found.inputs else ""
    if found.ok:
        return f"{found.title}{given}: nothing breaks."
    place = f", {found.where}" if found.where else ""
    return f"{found.title}{given} breaks at {found.layer or 'a line of its own'}{place}."


def _table(found: Findings) -> list[tuple[str, str, str, str]]:
    """Rows of name, size, formula and line; only the last rows of a long table."""
    rows = list(found.rows)
    cells = [("input", _sizes(found.inputs), "", "")] if found.inputs else []
    if len(rows) > ROWS:
        cells.append(("⋮", f"{len(rows) - ROWS + 1} more", "", ""))
        rows = rows[1 - ROWS :]
    files = {where.rpartition(":")[0] for where in [*(row.where for row in rows), found.where or ""] if where}

    def place(where: str, line: str) -> str:
        """The line with its number, and with the file name if there are several files."""
        short = where.rpartition(":")[2] if len(files) == 1 else where
        return f"{short:>3}  {line}".rstrip() if where else line

    cells += [(row.name, _sizes(row.output), row.formula, place(row.where, row.line)) for row in rows]
    if not found.ok:
        cells.append((found.layer or "?", "✗", "", place(found.where or "", found.line)))
    return cells


def _columns(cells: Sequence[tuple[str, str, str, str]]) -> Iterator[str]:
    """Rows of at most 80 columns: the formula if there is room for it, and as much of the line as fits."""
    first = min(22, max(len(name) for name, *_ in cells))
    second = max(len(size) for _, size, *_ in cells)
    third = max([0, *(len(formula) for _, _, formula, _ in cells if len(formula) <= 36)])
    if first + second + third > 50:  # the line of code is worth more than the formula
        third = 0
    for name, size, formula, line in cells:
        name = name if len(name) <= first else "…" + name[1 - first :]
        middle = f"{formula if len(formula) <= third else '…':{third}}  " if third else ""
        left = f"  {name:{first}}  {size:{second}}  {middle}"
        room = WIDTH - len(left)
        yield (left + (line if len(line) <= room else line[: max(0, room - 1)] + "…")).rstrip()


def _marks(fix: Fix) -> str:
    """How far a change is known to work, and why it is offered, in parentheses."""
    marks = ", ".join(["proven"] * fix.proven + [f"run by {fix.tried}"] * bool(fix.tried))
    words = "; ".join(filter(None, (marks, fix.note)))
    return f" ({words})" if words else ""


def _fix_lines(number: int, fix: Fix) -> Iterator[str]:
    yield _wrapped(f"{fix.change}{_marks(fix)}", "     ", f"  {number}. ")
    places = fix.where.split(", ")
    for place, line in enumerate(fix.code.split("\n") if fix.code else ()):
        where = f"{places[place]}:  " if place < len(places) and places[place] else ""
        yield _wrapped(line, " " * 11, f"       {where}")


def text(found: Findings) -> str:
    """The diagnosis for one screen: the sizes up to the failure, the reason, the origin of the numbers, and the fixes."""
    lines = [_wrapped(_head(found)), ""]
    cells = _table(found)
    if cells:
        lines += [*_columns(cells), ""]
    if not found.ok:
        lines.append(_wrapped(f"{found.why}."))
        lines += [_wrapped(str(link), "      ", "    ") for link in found.chain]
        lines.append("")
        if found.fixes:
            lines.append("What mends it, least change first:" if len(found.fixes) > 1 else "What mends it:")
            for number, fix in enumerate(found.fixes, 1):
                made = list(_fix_lines(number, fix))
                if number > 1 and len(lines) + len(made) > SCREEN:
                    lines.append(f"  and {len(found.fixes) - number + 1} more, which --json lists")
                    break
                lines += made
            lines.append("")
    if found.fits:
        words = _fitting(found)
        lines.append(_wrapped(f"As it stands it takes inputs with {words}."))
    lines += [_wrapped(note) for note in found.notes]
    return "\n".join(lines).rstrip() + "\n"


def _fitting(found: Findings) -> str:
    apart = any(" = " in words for words in found.fits.values()) and len(found.fits) > 1
    return (" or " if apart else " and ").join(found.fits.values())


def _cell(words: str) -> str:
    return words.replace("|", "\\|").replace("\n", " ")


def _code(words: str) -> str:
    ticks = "``" if "`" in words else "`"
    return f"{ticks} {words} {ticks}" if "`" in words else f"{ticks}{words}{ticks}"


def markdown(found: Findings) -> str:
    """The diagnosis in Markdown."""
    lines = [f"**{_plain(_head(found))}**", "", "| layer | size | line |", "| --- | --- | --- |"]
    for name, size, formula, line in _table(found):
        shown = f"{formula} → {size}" if formula else size
        lines.append(f"| {_cell(_code(name))} | {_cell(_plain(shown))} | {_cell(_code(line)) if line else ''} |")
    lines.append("")
    if not found.ok:
        lines += [_plain(f"{found.why}."), ""]
        lines += [f"- {_plain(str(link))}" for link in found.chain]
        lines += ["", "**What mends it, least change first**", ""] if found.fixes else [""]
        for number, fix in enumerate(found.fixes, 1):
            lines.append(f"{number}. {_plain(fix.change + _marks(fix))}")
            if fix.code:
                where = f"{fix.where}: " if fix.where else ""
                lines += ["", *(f"       {line}" for line in f"{where}{fix.code}".split("\n")), ""]
    if found.fits:
        lines.append(_plain(f"As it stands it takes inputs with {_fitting(found)}."))
    lines += [_plain(note) for note in found.notes]
    return "\n".join(lines) + "\n"


def _plain(words: str) -> str:
    for letter in "\\`*_[]<>#":
        words = words.replace(letter, "\\" + letter)
    return words


_STYLE = (
    "font-family:ui-monospace,Menlo,Consolas,monospace;font-size:13px;border-collapse:collapse;margin:.4em 0;"
    "text-align:left"
)


def html(found: Findings) -> str:
    """The diagnosis as HTML, a page or a part of one."""
    e = escaping.escape
    parts = [f"<div class='symnet-doctor'><p><strong>{e(_head(found))}</strong></p>"]
    parts.append(f"<div style='overflow-x:auto'><table style='{_STYLE}'>")
    for name, size, formula, line in _table(found):
        wrong = size == "✗"
        colour = " style='background:#fde8e8;color:#7a1212'" if wrong else ""
        cells = "".join(
            f"<td style='text-align:left;padding:.15em .9em .15em 0;white-space:pre'>{e(words)}</td>"
            for words in (name, size, formula, line)
        )
        parts.append(f"<tr{colour}>{cells}</tr>")
    parts.append("</table></div>")
    if not found.ok:
        parts.append(f"<p>{e(found.why)}.</p>")
        if found.chain:
            parts.append("<ul>" + "".join(f"<li>{e(str(link))}</li>" for link in found.chain) + "</ul>")
        if found.fixes:
            parts.append("<p><strong>What mends it, least change first</strong></p><ol>")
            for fix in found.fixes:
                shown = f"<pre style='margin:.2em 0;white-space:pre-wrap'>{e(_placed(fix))}</pre>" if fix.code else ""
                parts.append(f"<li>{e(fix.change)}<small>{e(_marks(fix))}</small>{shown}</li>")
            parts.append("</ol>")
    if found.fits:
        parts.append(f"<p>As it stands it takes inputs with {e(_fitting(found))}.</p>")
    parts += [f"<p>{e(note)}</p>" for note in found.notes]
    return "".join([*parts, "</div>"])


def _placed(fix: Fix) -> str:
    places = fix.where.split(", ")
    lines = fix.code.split("\n")
    shown = []
    for number, line in enumerate(lines):
        where = f"{places[number]}:  " if number < len(places) and places[number] else ""
        shown.append(f"{where}{line}")
    return "\n".join(shown)
