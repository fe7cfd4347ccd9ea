"""``.keras`` files that are damaged or made to be too much: every one is refused in words, and most before they are read."""

from __future__ import annotations

import json
import struct
import tracemalloc
import zipfile
from pathlib import Path

import pytest

from symnet.errors import ModelError
from symnet.frontends.keras.archive import NAMES, read_archive

CONFIG = json.dumps({"class_name": "Sequential", "config": {"layers": [{"name": f"layer{n}"} for n in range(20)]}})


def _archive(path: Path, packed: int = zipfile.ZIP_DEFLATED, text: str = CONFIG) -> bytes:
    with zipfile.ZipFile(path, "w", packed) as archive:
        archive.writestr("config.json", text)
        archive.writestr("metadata.json", "{}")
    return path.read_bytes()


def test_every_byte_may_be_damaged(tmp_path: Path) -> None:
    path = tmp_path / "model.keras"
    whole = _archive(path)
    read = 0
    for place in range(0, len(whole), 3):
        for other in (whole[place] ^ 0xFF, whole[place] ^ 0x01):
            path.write_bytes(whole[:place] + bytes([other]) + whole[place + 1 :])
            try:
                read += read_archive(str(path)) == json.loads(CONFIG)
            except ModelError as refused:
                assert str(path) in str(refused)
    assert 0 < read < len(whole)


def test_every_length_may_be_cut(tmp_path: Path) -> None:
    path = tmp_path / "model.keras"
    whole = _archive(path)
    for length in range(0, len(whole), 3):
        path.write_bytes(whole[:length])
        with pytest.raises(ModelError):
            read_archive(str(path))


@pytest.mark.parametrize("packed", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_other_ways_to_pack_are_refused(packed: int, tmp_path: Path) -> None:
    path = tmp_path / "model.keras"
    _archive(path, packed)
    with pytest.raises(ModelError, match="packed otherwise"):
        read_archive(str(path))


@pytest.mark.parametrize("larger", [False, True])
def test_a_long_directory_is_refused_before_it_is_read(larger: bool, tmp_path: Path) -> None:
    path = tmp_path / "model.keras"
    with zipfile.ZipFile(path, "w") as archive:
        for number in range(NAMES // 60_000 + 2):
            archive.writestr(f"{number}{'x' * 60_000}", "")
    data = path.read_bytes()
    end = data.rindex(b"PK\x05\x06")
    if larger:  # the same in the form for large archives, and an end that says little
        record = struct.pack(
            "<4sQHHLLQQQQ", b"PK\x06\x06", 44, 45, 45, 0, 0, 70, 70, *struct.unpack("<LL", data[end + 12 : end + 20])
        )
        locator = struct.pack("<4sLQL", b"PK\x06\x07", 0, end, 1)
        small = data[end : end + 8] + b"\xff\xff\x01\x00" + b"\x10\x00\x00\x00" + b"\xff" * 4 + b"\x00\x00"
        path.write_bytes(data[:end] + record + locator + small)
    tracemalloc.start()
    with pytest.raises(ModelError, match="directory is too long"):
        read_archive(str(path))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 2**20


def test_what_unpacks_to_too_much_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("symnet.frontends.keras.archive.BYTES", 2**20)
    path = tmp_path / "model.keras"
    assert len(_archive(path, text=" " * 2**23)) < 2**15
    with pytest.raises(ModelError, match="larger than 1 MB"):
        read_archive(str(path))


@pytest.mark.parametrize("ending", [".keras", ".json"])
def test_long_names_are_refused(ending: str, tmp_path: Path) -> None:
    path = tmp_path / f"model{ending}"
    text = CONFIG.replace("layer7", "x" * 10_001)
    if ending == ".keras":
        _archive(path, text=text)
    else:
        path.write_text(text, encoding="utf-8")
    with pytest.raises(ModelError, match="a name of 10,001 characters is out of reach"):
        read_archive(str(path))
