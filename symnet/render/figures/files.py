"""Figures as files: SVG, JSON, or PNG by an installed converter: CairoSVG for Python, or the programs rsvg-convert or Chromium."""

from __future__ import annotations

import json
import shutil
import subprocess
from contextlib import suppress
from pathlib import Path

from symnet.errors import SymnetError
from symnet.files import write_bytes
from symnet.render.figures.canvas import Drawing
from symnet.temporary import temporary_folder

__all__ = ["drawn_as", "png", "write_png"]

#: Pixels of a PNG for each pixel of the figure, so that text is sharp; and the longest time of a converter, in seconds.
SCALE, SECONDS = 2, 60

_CHROMIUM = ("chromium", "chromium-browser", "google-chrome", "chrome")


def png(drawing: Drawing) -> bytes:
    """The figure as PNG on white. Raises :class:`symnet.SymnetError` if there is no converter, or it fails."""
    with suppress(ImportError, OSError):  # its own library may be missing
        from cairosvg import svg2png

        return bytes(svg2png(bytestring=drawing.svg.encode(), scale=SCALE, background_color="white"))
    with temporary_folder() as folder:
        source, target = Path(folder, "figure.svg"), Path(folder, "figure.png")
        source.write_text(drawing.svg, encoding="utf-8")
        _run(_command(drawing, folder, source, target))
        if not target.is_file():
            raise SymnetError("the converter wrote no PNG; write the figure as .svg instead")
        return target.read_bytes()


def write_png(name: str, drawing: Drawing) -> int:
    """Replace a file by the figure as PNG. Returns 0."""
    write_bytes(name, png(drawing))
    return 0


def drawn_as(drawing: Drawing, format: str) -> str:
    """The figure as ``svg``, or as ``json`` with its title and description."""
    data = {"title": drawing.title, "description": drawing.description, "svg": drawing.svg}
    return json.dumps(data) if format == "json" else drawing.svg


def _command(drawing: Drawing, folder: str, source: Path, target: Path) -> list[str]:
    """The command line of the first converter that is installed."""
    if converter := shutil.which("rsvg-convert"):
        return [converter, f"--zoom={SCALE}", "--background-color=white", f"--output={target}", str(source)]
    browser = next(filter(None, map(shutil.which, _CHROMIUM)), None)
    if browser is None:
        raise SymnetError(
            "a PNG takes a converter: pip install cairosvg, or install rsvg-convert or Chromium; a .svg file takes none"
        )
    return [
        browser, "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--no-first-run", "--disable-sync",
        "--disable-background-networking", "--disable-dev-shm-usage", "--blink-settings=preferredColorScheme=1",
        f"--force-device-scale-factor={SCALE}", f"--user-data-dir={folder}/profile",
        f"--window-size={drawing.width},{drawing.height}", f"--screenshot={target}", source.as_uri(),
    ]  # fmt: skip


def _run(command: list[str]) -> None:
    try:
        done = subprocess.run(command, capture_output=True, timeout=SECONDS, check=False)  # noqa: S603  # a list, no shell
    except (OSError, subprocess.TimeoutExpired) as error:
        raise SymnetError(f"{Path(command[0]).name} could not write the PNG: {error}") from None
    if done.returncode:
        reason = done.stderr.decode(errors="replace").strip().splitlines()[-1:] or ["no reason"]
        raise SymnetError(f"{Path(command[0]).name} could not write the PNG: {reason[0][:200]}")
