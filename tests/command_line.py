"""Runs of the command line: within this process, and as a program of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from symnet.cli import main

__all__ = ["ANSWER", "PRINTING", "ROOT", "SYMBOLIC", "run", "said"]

ROOT = Path(__file__).parent.parent
SYMBOLIC = "(3*H*W) -> Conv|K|F|S|P -> Maxpool|2|2|1|ceil_mode=yes -> Conv|8|3|2|same"
ANSWER = "(1,W,W) -> Conv|8|3 -> Maxpool|2 -> Conv|8|3 -> Maxpool|2"


def said(capsys: pytest.CaptureFixture[str], *arguments: str, code: int = 0) -> tuple[str, str]:
    assert main(arguments) == code
    captured = capsys.readouterr()
    return captured.out, captured.err


def run(*arguments: str, **settings: object) -> subprocess.CompletedProcess[bytes]:
    """symnet as a program of its own."""
    env = {**os.environ, **settings.pop("env", {})}  # type: ignore[dict-item]
    command = [sys.executable, *settings.pop("python", ()), "-m", "symnet", *arguments]  # type: ignore[misc]
    settings.setdefault("stdout", subprocess.PIPE)
    return subprocess.run(command, stderr=subprocess.PIPE, timeout=60, env=env, cwd=ROOT, **settings)  # type: ignore[call-overload,no-any-return]


PRINTING = [
    ["table", SYMBOLIC], ["report", SYMBOLIC], ["report", SYMBOLIC, "--format", "text"],
    ["report", SYMBOLIC, "--format", "html"], ["report", SYMBOLIC, "--format", "latex"], ["solve", ANSWER, "--exact"],
    ["solve", ANSWER, "--format", "markdown"], ["compare", SYMBOLIC, "(3*H*W) -> Conv|K|F|S|P"],
    ["explain", "conv"], ["explain", "conv", "--format", "markdown"], ["explain", "conv", "--framework", "torch"],
    ["explain", "--facts"], ["explain", "dropout-expectation"], ["layers"], ["coq", SYMBOLIC],
    ["figure", "(3*9*9) -> Conv|8|3|name=\"卷ü\""], ["code", '(3*9*9) -> Conv|8|3|name="卷ü"', "--framework", "torch"],
    ["table", '(3*9*9) -> Conv|8|3|name="卷ü\U0001f600"'], ["report", '(3*9*9) -> Conv|8|3|name="卷ü"'],
]  # fmt: skip
