"""Terms and propositions in text, Unicode, LaTeX and MathML: a table a notation, over one shared structure."""

from __future__ import annotations

__all__: list[str] = []
