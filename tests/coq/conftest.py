"""Tests that run coqc are skipped, with the reason, where there is none."""

from __future__ import annotations

import shutil

import pytest


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    if shutil.which("coqc") is None:
        skip = pytest.mark.skip(reason="coqc is not installed (Debian: apt-get install coq)")
        for item in items:
            if item.get_closest_marker("coq"):
                item.add_marker(skip)
