"""The file that holds a proof: its keys, its format, and a digest by which a change after writing is seen. All of it can only refuse
a file; what the file proves is for :mod:`symnet.kernel.replay`.

    {"format", "nodes", "steps", "goals", "digest"}
"""

from __future__ import annotations

import json
from hashlib import sha256
from typing import Any

from symnet.errors import ProofError

__all__ = ["FORMAT", "digest", "require_intact"]

FORMAT = "symnet proof 2"


def digest(proof: dict[str, Any]) -> str:
    """Of all but the digest itself."""
    content = {key: item for key, item in proof.items() if key != "digest"}
    try:
        return sha256(json.dumps(content, sort_keys=True, separators=(",", ":")).encode()).hexdigest()
    except (TypeError, ValueError) as error:
        raise ProofError(f"a proof is JSON: {error}") from None
    except RecursionError:
        raise ProofError("the proof is nested too deeply") from None


def require_intact(proof: Any) -> None:
    """Refuse what is no proof of this format, or was changed after it was written, with a :class:`ProofError`."""
    keys = {"format", "nodes", "steps", "goals", "digest"}
    if not isinstance(proof, dict) or set(proof) != keys:
        raise ProofError(f"a proof has exactly the keys {', '.join(sorted(keys))}")
    for key in ("nodes", "steps", "goals"):
        if type(proof[key]) is not list:
            raise ProofError(f"{key}: expected a list, got {type(proof[key]).__name__}")
    if digest(proof) != proof["digest"]:
        raise ProofError("the proof was changed after it was written: its digest does not match")
    if proof["format"] != FORMAT:
        raise ProofError(f"the format is {proof['format']!r:.80}, this is a reader of {FORMAT!r}")
