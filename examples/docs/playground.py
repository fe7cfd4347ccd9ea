"""What MkDocs does after it has built the manual: the playground is written beside it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from symnet.playground.build import write_playground


def on_post_build(config: Any) -> None:
    """Write the page that runs symnet in the browser."""
    write_playground(str(Path(config["site_dir"]) / "playground"))
