"""Pages in headless Chromium: what is drawn, how wide, with which messages and requests."""

from __future__ import annotations

import html
import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")

_FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage", "--virtual-time-budget=10000",
    "--enable-logging=stderr",
)  # fmt: skip

#: The page stands in a frame of the wanted width; its own policy forbids scripts, so the owner of the frame measures.
_OUTER = """<!DOCTYPE html><meta charset="utf-8"><body style="margin:0">
<iframe id="f" style="border:0;width:%dpx;height:900px"></iframe>
<script>
const frame = document.getElementById("f");
frame.onload = () => {
  const inner = frame.contentDocument, view = frame.contentWindow, root = inner.documentElement;
  inner.querySelectorAll("details").forEach(details => details.open = true);
  const width = root.clientWidth;
  const style = element => view.getComputedStyle(element);
  const scrolls = element => {
    for (; element && element !== inner.body; element = element.parentElement)
      if (["auto", "scroll", "hidden"].includes(style(element).overflowX)) return true;
    return false;
  };
  const outside = [...inner.body.querySelectorAll("*")].filter(element => !element.closest(".skip") &&
    element.getBoundingClientRect().right > width + 1 && !scrolls(element))
    .map(element => element.outerHTML.slice(0, 80));
  const clipped = [...inner.querySelectorAll("p,li,summary")].filter(element =>
    element.scrollHeight > element.clientHeight + 1).map(element => element.textContent.slice(0, 60));
  const scrolling = [...inner.querySelectorAll("p,li,.scroll")].filter(element =>
    element.scrollWidth > element.clientWidth + 1).map(element => element.textContent.slice(0, 60));
  const cells = [...inner.querySelectorAll("td")].map(cell => cell.getBoundingClientRect().height);
  const colour = text => text.match(/[0-9.]+/g).map(Number);
  const light = ([r, g, b]) => [r, g, b].map(c => c / 255)
    .map(c => c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)
    .reduce((sum, c, place) => sum + c * [0.2126, 0.7152, 0.0722][place], 0);
  const paper = light(colour(style(inner.body).backgroundColor));
  const contrast = [...inner.querySelectorAll("p,a,.reason,.number,th,td,h1,h2,h3")].map(element => {
    const ink = light(colour(style(element).color));
    return (Math.max(ink, paper) + 0.05) / (Math.min(ink, paper) + 0.05);
  });
  const sizes = [...inner.querySelectorAll("math")].map(math => math.getBoundingClientRect());
  const pre = document.createElement("pre");
  pre.id = "measured";
  pre.textContent = JSON.stringify({
    width, scroll: root.scrollWidth, outside, clipped, scrolling, tallest: Math.max(...cells), formulas: sizes.length,
    empty: sizes.filter(size => size.width < 3 || size.height < 5).length,
    contrast: Math.min(...contrast), dark: paper < 0.2,
    requests: view.performance.getEntriesByType("resource").map(entry => entry.name),
    targets: [...inner.querySelectorAll("a[href^='#']")].filter(link =>
      !inner.getElementById(link.getAttribute("href").slice(1))).length,
  });
  document.body.append(pre);
};
frame.srcdoc = %s;
</script>"""


def _run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    profile = folder / "profile"
    return subprocess.run(
        [str(CHROMIUM), *_FLAGS, f"--user-data-dir={profile}", *arguments],
        capture_output=True, text=True, encoding="utf-8", errors="replace", timeout=90, check=False,
    )  # fmt: skip


def measured(page: str, width: int, folder: Path, *, dark: bool = False) -> dict[str, Any]:
    """What a browser makes of the page at a width."""
    outer = folder / "outer.html"
    outer.write_text(_OUTER % (width, json.dumps(page).replace("</", "<\\/")), encoding="utf-8")
    scheme = f"--blink-settings=preferredColorScheme={0 if dark else 1}"
    done = _run(folder, scheme, "--window-size=1400,1000", "--dump-dom", outer.as_uri())
    found = re.search(r'<pre id="measured">(.*?)</pre>', done.stdout, re.DOTALL)
    assert found, done.stderr[-2000:]
    return {**json.loads(html.unescape(found[1])), "console": _console(done.stderr)}


def console(path: Path, folder: Path) -> list[str]:
    """What the page itself says on the console, its policy in force."""
    return _console(_run(folder, "--dump-dom", path.as_uri()).stderr)


def _console(errors: str) -> list[str]:
    return [line for line in errors.splitlines() if ":CONSOLE" in line]
