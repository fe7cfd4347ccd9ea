"""These tests build ONNX models while they are collected; without the package there is nothing to collect, and pytest says so."""

from __future__ import annotations

from importlib.util import find_spec

import pytest

MISSING = any(find_spec(name) is None for name in ("onnx", "torch"))
collect_ignore_glob = ["test_*.py", "protos.py", "several_sizes.py"] if MISSING else []


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    if MISSING and "frameworks" in config.getoption("-m") and "not" not in config.getoption("-m"):
        terminalreporter.write_line("tests/frontends/onnx was left out: it takes the packages onnx and torch")
