"""The configuration in a file of Keras, which is read as data: a ``.keras`` file is a zip archive with a ``config.json``, an
``.h5`` file has it as an attribute, and a ``.json`` file is the configuration itself.
"""

from __future__ import annotations

import json
import zipfile
import zlib
from typing import Any

from symnet.errors import ModelError

__all__ = ["read_archive", "stored_numbers"]

#: Limits on the size of a configuration, the number of files in an archive and the length of their list.
BYTES = 16 * 2**20
FILES, NAMES = 10_000, 4 * 2**20

#: The longest name in a configuration, in characters.
NAME = 10_000

_CONFIG, _WEIGHTS = "config.json", "model.weights.h5"


def read_archive(path: str) -> dict[str, Any]:
    """The configuration in the file. Raises :class:`ModelError` for anything but a file that Keras wrote."""
    if path.endswith((".h5", ".hdf5")):
        return _parsed(path, "model_config", _attribute(path))
    if path.endswith(".json"):
        return _parsed(path, "it", _text(path))
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
    return _parsed(path, _CONFIG, text)


def _parsed(path: str, what: str, text: bytes | str) -> dict[str, Any]:
    if len(text) > BYTES:
        raise ModelError(f"{path}: {what} is larger than {BYTES // 2**20} MB")
    try:
        config = json.loads(text)
    except (ValueError, RecursionError) as refused:
        raise ModelError(f"{path}: {what} is no JSON: {refused}") from None
    if not isinstance(config, dict) or "class_name" not in config:
        raise ModelError(f"{path}: {what} holds no model of Keras")
    _refuse_long_names(config, path)
    return config


def _text(path: str) -> bytes:
    """The first bytes of a file, one more than a configuration may have."""
    try:
        with open(path, "rb") as file:
            return file.read(BYTES + 1)
    except OSError as refused:
        raise ModelError(f"{path}: {refused.strerror or refused}") from None


def _attribute(path: str) -> bytes | str:
    """The configuration in an HDF5 file; its arrays are not read."""
    _text(path)  # a file that cannot be opened is refused with the reason
    try:
        import h5py
    except ImportError:
        raise ModelError(f"{path}: reading an HDF5 file takes the package h5py: pip install h5py") from None
    try:
        with h5py.File(path, "r") as stored:
            found = stored.attrs.get("model_config")
    except (OSError, RuntimeError, ValueError):
        raise ModelError(f"{path}: no HDF5 file; model.save('name.keras') writes one that symnet reads") from None
    if not isinstance(found, bytes | str):
        raise ModelError(f"{path}: the file has weights without a model; model.save('name.keras') writes both")
    return found


def _refuse_long_names(config: dict[str, Any], path: str) -> None:
    waiting: list[Any] = [config]
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict):
            name = value.get("name")
            if isinstance(name, str) and len(name) > NAME:
                raise ModelError(f"{path}: a name of {len(name):,} characters is out of reach (at most {NAME:,})")
            waiting.extend(value.values())
        elif isinstance(value, list):
            waiting.extend(value)


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
