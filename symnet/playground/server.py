"""Serves the page on this machine only, and opens it in the browser."""

from __future__ import annotations

import webbrowser
from collections.abc import Callable
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from symnet.errors import SymnetError
from symnet.playground.build import write_playground

__all__ = ["serve", "server"]


class _Handler(SimpleHTTPRequestHandler):
    """Serves the files of one folder without logging each request."""

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""


_Handler.extensions_map = {
    **SimpleHTTPRequestHandler.extensions_map,
    ".js": "text/javascript",
    ".mjs": "text/javascript",
    ".wasm": "application/wasm",
}


def server(folder: Path, port: int = 0) -> ThreadingHTTPServer:
    """A server of the folder on 127.0.0.1; port 0 picks a free one. Raises :class:`symnet.SymnetError` if the port is taken."""
    try:
        return ThreadingHTTPServer(("127.0.0.1", port), partial(_Handler, directory=str(folder)))
    except (OSError, OverflowError) as error:
        raise SymnetError(f"cannot listen on port {port}: {getattr(error, 'strerror', None) or error}") from None


def serve(pyodide_folder: str | None, port: int, tell: Callable[[str], Any]) -> None:
    """Write the page into a temporary folder, serve it and open it, until an interrupt; ``tell`` prints messages."""
    with TemporaryDirectory(prefix="symnet-") as name, server(Path(name), port) as running:
        write_playground(name, pyodide_folder)
        address = f"http://127.0.0.1:{running.server_port}/"
        tell(f"{address} (Ctrl-C ends it)")
        webbrowser.open(address)
        try:
            running.serve_forever()
        except KeyboardInterrupt:
            tell("ended")
