"""Writes the memory of a network as a table: its parts in bytes, what each of them holds, and the total."""

from __future__ import annotations

from symnet.byte_counts import BYTES
from symnet.network.memory import HELD, Memory
from symnet.render.document import Block, Math, Paragraph, Row, Strong, Table, line
from symnet.render.markdown import markdown_blocks
from symnet.render.table import assumptions
from symnet.render.text import text_blocks

__all__ = ["memory_blocks", "memory_table", "width_of_numbers"]


def memory_table(memory: Memory, format: str = "text") -> str:
    """The table as ``text`` or ``markdown``."""
    blocks = (*memory_blocks(memory), *map(Paragraph, assumptions(memory.network)))
    return markdown_blocks(blocks, {}) if format == "markdown" else text_blocks(blocks, {})


def width_of_numbers(memory: Memory | None, costs: bool) -> int | None:
    """The bytes of one number for the columns of costs, those of float32 where nothing is said; ``None`` without these columns."""
    return BYTES[memory.dtype if memory else "float32"] if costs else None


def memory_blocks(memory: Memory | None) -> tuple[Block, ...]:
    """A sentence on what is counted, and the table; nothing for ``None``."""
    if memory is None:
        return ()
    head = (("",), ("bytes",), ("what is counted",))
    rows = [Row(((part,), (Math(value.term),), (HELD[part],))) for part, value in memory.items()]
    total = Row((("total",), (Strong(Math(memory.total.term)),), ()))
    examples = line("One example")
    if memory.examples.constant != 1:
        examples = line("A batch of ", Math(memory.examples), " examples")
    training = (f", trained with {memory.train}",) if memory.train else (", without training",)
    words = Paragraph((*examples, f" in {memory.dtype}", *training, "."))
    return words, Table(head, (*rows, total), "lrl")
