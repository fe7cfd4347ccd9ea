"""The configuration in a ``.keras`` file: a zip archive with a ``config.json``, which is read as data."""

from __future__ import annotations

import json
import zipfile
from typing import Any

from symnet.errors import ModelError

__all__ = ["read_archive"]

#: No honest configuration is larger.
BYTES = 64 * 2**20

_CONFIG = "config.json"


def read_archive(path: str) -> dict[str, Any]:
    """The configuration in the file. Raises :class:`ModelError` for what is no such file."""
    try:
        with zipfile.ZipFile(path) as archive, archive.open(_CONFIG) as member:
            text = member.read(BYTES + 1)
    except zipfile.BadZipFile:
        raise ModelError(
            f"{path}: not a .keras file, which is a zip archive; model.save('name.keras') writes one"
        ) from None
    except KeyError:
        raise ModelError(f"{path}: the archive has no {_CONFIG}, so it was not written by Keras") from None
    except OSError as refused:
        raise ModelError(f"{path}: {refused.strerror or refused}") from None
    except (RuntimeError, EOFError, ValueError) as refused:  # encrypted, of unknown compression, cut off
        raise ModelError(f"{path}: {_CONFIG} cannot be unpacked: {refused}") from None
    if len(text) > BYTES:
        raise ModelError(f"{path}: {_CONFIG} is larger than {BYTES // 2**20} MB")
    try:
        config = json.loads(text)
    except (ValueError, RecursionError) as refused:
        raise ModelError(f"{path}: {_CONFIG} is no JSON: {refused}") from None
    if not isinstance(config, dict):
        raise ModelError(f"{path}: {_CONFIG} holds no model")
    return config
