"""The entry point of the process that runs the user's code: it reads a request from a folder and writes its reply
there.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from symnet.doctor.process import REPLY, REQUEST, limit_memory
from symnet.errors import SymnetError, refusal

__all__ = ["main"]


def main(folder: str) -> None:
    """Answer the request in ``folder``."""
    request = json.loads((Path(folder) / REQUEST).read_text(encoding="utf-8"))
    limit_memory(request["memory"])
    try:
        reply = _answer(request)
    except SymnetError as refused:
        reply = {"error": {**refusal(refused), "kind": type(refused).__name__}}
    except KeyboardInterrupt:
        raise
    except BaseException as ended:  # noqa: BLE001  # the user's code may raise SystemExit as well
        words = " ".join(str(ended).split())
        reply = {"error": f"{request['model']} raised {type(ended).__name__}{': ' if words else ''}{words}"}
    waiting = Path(folder) / f"{REPLY}.part"
    waiting.write_text(json.dumps(reply), encoding="utf-8")
    waiting.replace(Path(folder) / REPLY)


def _answer(request: dict[str, Any]) -> dict[str, Any]:
    from symnet.doctor.loading import annotated_lines, diagnosed

    if request["do"] == "annotate":
        return annotated_lines(request["model"], request["inputs"])
    if request["do"] == "import":
        from symnet.doctor.importing import imported

        return imported(request)
    return diagnosed(request["model"], request["inputs"]).to_json()


if __name__ == "__main__":
    main(sys.argv[1])
