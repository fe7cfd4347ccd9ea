"""The configuration in a ``.keras`` file: a zip archive with a ``config.json``, which is read as data."""

from __future__ import annotations

import json
import zipfile
import zlib
from typing import Any

from symnet.errors import ModelError

__all__ = ["read_archive", "stored_numbers"]

#: Limits on the size of a configuration, the number of files in an archive and the length of their list.
BYTES = 64 * 2**20
FILES, NAMES = 10_000, 4 * 2**20

_CONFIG, _WEIGHTS = "config.json", "model.weights.h5"


def read_archive(path: str) -> dict[str, Any]:
    """The configuration in the file. Raises :class:`ModelError` for anything but a ``.keras`` file."""
    try:
        _refuse_directory(path)
        with zipfile.ZipFile(path) as archive:
            if archive.getinfo(_CONFIG).compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
                raise ModelError(f"{path}: {_CONFIG} is packed otherwise than Keras does")
            with archive.open(_CONFIG) as member:
                text = member.read(BYTES + 1)
    except zipfile.BadZipFile:
        raise ModelError(
            f"{path}: not a .keras file, which is a zip archive; model.save('name.keras') writes one"
        ) from None
    except KeyError:
        raise ModelError(f"{path}: the archive has no {_CONFIG}, so it was not written by Keras") from None
    except OSError as refused:
        raise ModelError(f"{path}: {refused.strerror or refused}") from None
    except (
        RuntimeError,
        EOFError,
        ValueError,
        zlib.error,
        NotImplementedError,
    ) as refused:  # encrypted, truncated or damaged
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


def stored_numbers(path: str, layer: tuple[str, ...]) -> int | None:
    """The number of real numbers that the file stores for a layer, found by its path; ``None`` if it is not found.
    Weights are an HDF5 file inside the archive, with a group for each layer; only the sizes of arrays are read. Raises
    :class:`ModelError` without the package h5py.
    """
    try:
        import h5py
    except ImportError:
        raise ModelError(
            f"{path}: counting the parameters of a layer takes the package h5py: pip install h5py"
        ) from None
    try:
        with zipfile.ZipFile(path) as archive, archive.open(_WEIGHTS) as member, h5py.File(member, "r") as stored:
            group = stored
            for name in layer:
                group = _group_named(group, name)
                if group is None:
                    return None
            return _numbers(group)
    except (OSError, KeyError, RuntimeError, ValueError, zipfile.BadZipFile, zlib.error):
        return None


def _group_named(group: Any, name: str) -> Any:
    """The group of the layer with this name, directly inside ``group``."""
    groups = [one for one in (group.get("layers"), *group.values()) if hasattr(one, "values")]
    for one in (inner for outer in groups for inner in (outer, *outer.values())):
        own = one.get("vars") if hasattr(one, "values") else None
        if own is not None and own.attrs.get("name") == name:
            return one
    return None


def _numbers(group: Any) -> int:
    """The number of entries of all real arrays in a group; states of random generators are integers."""
    total, stack = 0, [group]
    while stack:
        for one in stack.pop().values():
            if hasattr(one, "values"):
                stack.append(one)
            elif one.dtype.kind == "f":
                total += int(one.size)
    return total


#: The signature and length of the end record of an archive, and those of the locator before it in a large archive.
_END, _END_LENGTH, _LOCATOR, _LOCATOR_LENGTH = b"PK\x05\x06", 22, b"PK\x06\x07", 20


def _refuse_directory(path: str) -> None:
    """Raises :class:`ModelError` for an archive whose end record announces too long a directory, before the directory
    is read.
    """
    with open(path, "rb") as file:
        size = file.seek(0, 2)
        file.seek(max(0, size - _END_LENGTH - _LOCATOR_LENGTH - 2**16))
        tail = file.read()
        end = tail.rfind(_END)
        if end < 0 or len(tail) - end < _END_LENGTH:
            return  # not an archive; opening it will say so
        files, length = _number(tail, end + 10, 2), _number(tail, end + 12, 4)
        locator = end - _LOCATOR_LENGTH
        if locator >= 0 and tail.startswith(_LOCATOR, locator):
            file.seek(min(_number(tail, locator + 8, 8), size))
            larger = file.read(56)
            files, length = max(files, _number(larger, 32, 8)), max(length, _number(larger, 40, 8))
    if files > FILES or length > NAMES:
        raise ModelError(f"{path}: the archive's directory is too long: {files:,} files in {length:,} bytes")


def _number(data: bytes, start: int, length: int) -> int:
    return int.from_bytes(data[start : start + length], "little")
