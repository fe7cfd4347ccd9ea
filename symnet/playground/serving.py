"""Serves the page on this machine alone, and opens it."""

from __future__ import annotations

import webbrowser
from collections.abc import Callable
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from symnet.errors import SymnetError
from symnet.playground.writing import write_playground

__all__ = ["serve", "server"]


class _Handler(SimpleHTTPRequestHandler):
    """Files of one folder, and no word about each of them."""

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""


_Handler.extensions_map = {
    **SimpleHTTPRequestHandler.extensions_map,
    ".js": "text/javascript",
    ".mjs": "text/javascript",
    ".wasm": "application/wasm",
}


def server(folder: Path, port: int = 0) -> ThreadingHTTPServer:
    """A server of the folder on 127.0.0.1; a port of 0 takes a free one. Raises :class:`symnet.SymnetError` where it is taken."""
    try:
        return ThreadingHTTPServer(("127.0.0.1", port), partial(_Handler, directory=str(folder)))
    except (OSError, OverflowError) as error:
        raise SymnetError(f"cannot listen on port {port}: {getattr(error, 'strerror', None) or error}") from None


def serve(pyodide_folder: str | None, port: int, tell: Callable[[str], Any]) -> None:
    """Write the page into a folder that is kept as long as the server runs, and open it; an interrupt ends it."""
    with TemporaryDirectory(prefix="symnet-") as name, server(Path(name), port) as running:
        write_playground(name, pyodide_folder)
        address = f"http://127.0.0.1:{running.server_port}/"
        tell(f"{address} (Ctrl-C ends it)")
        webbrowser.open(address)
        try:
            running.serve_forever()
        except KeyboardInterrupt:
            tell("ended")
