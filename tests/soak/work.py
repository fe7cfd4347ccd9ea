"""The kinds of work of the soak: each draws its input from a random generator and raises :class:`Fault` for what must not be."""

from __future__ import annotations

import io
import json
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from random import Random
from typing import Any

from symnet import Network, SymnetError
from symnet.cli import main as command
from symnet.solving import solve
from tests.notation.networks import damaged, drawn

__all__ = ["THREADED", "WORK", "Fault", "signalled"]

ROOT = Path(__file__).parents[2]
COMMANDS = (
    ["table"], ["table", "--format", "json"], ["report"], ["report", "--format", "html"], ["report", "--format", "latex"],
    ["report", "--format", "json"], ["solve"], ["solve", "--exact", "--format", "json"], ["figure"], ["coq"],
    ["code", "--framework", "torch"], ["code", "--framework", "keras"],
)  # fmt: skip


class Fault(Exception):
    """What the program must not do."""


def _command(arguments: list[str]) -> tuple[int, str]:
    out, err = io.StringIO(), io.StringIO()
    try:
        with redirect_stdout(out), redirect_stderr(err):
            code = command(arguments)
    except SystemExit as end:
        code = int(end.code or 0)
    if code not in (0, 1, 2):
        raise Fault(f"{arguments} ends with {code}")
    if "Traceback" in err.getvalue():
        raise Fault(f"{arguments} gives a traceback")
    return code, out.getvalue()


def commands(random: Random, folder: Path) -> None:
    """A drawn network, or a damaged one, through a command; with a file, the file is whole or not there."""
    text = drawn(random) if random.random() < 0.7 else damaged(random)
    first, *more = random.choice(COMMANDS)
    path = folder / f"out{random.randrange(10**9)}.md"
    writes = first == "report" and "--format" not in more
    code, _ = _command([first, text, *more, *(["-o", str(path)] if writes else [])])
    if writes and path.exists() is (code != 0):
        raise Fault(f"{first} {text!r} ends with {code} and the file is {'there' if path.exists() else 'missing'}")
    path.unlink(missing_ok=True)


def networks(random: Random, folder: Path) -> None:
    """A drawn network by the Python interface; numbers put in give what its own notation gives."""
    try:
        network = Network.parse(drawn(random))
        again = Network.parse(network.notation)
        if again.output != network.output or str(again.parameters) != str(network.parameters):
            raise Fault(f"{network.notation!r} is another network when it is read again")
        network.report()
    except SymnetError as refused:
        if "\n" in str(refused).split("\n  ")[0]:
            raise Fault(f"an error of several lines: {refused}") from None


def questions(random: Random, folder: Path) -> None:
    """A question whose answer is counted: every size up to 40 is in the answer just when the windows come out."""
    kernel, stride, padding, size = (
        random.randint(1, 7),
        random.randint(1, 4),
        random.randint(0, 3),
        random.randint(1, 9),
    )
    answer = solve(f"(1,W) -> Conv|2|{kernel}|{stride}|{padding} = (2,{size})")
    for width in range(1, 41):
        starts = len(range(0, width + 2 * padding - kernel + 1, stride))
        if (width in answer) is not (starts == size):
            raise Fault(f"kernel {kernel}, stride {stride}, padding {padding}: {size} from {width}, {answer}")


def _places(value: Any) -> list[tuple[Any, Any]]:
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [found for key, inner in items for found in ((value, key), *_places(inner))]


def altered_proofs(random: Random, folder: Path) -> None:
    """One value of a report as data is changed: it is checked and refused, or it is what was there before."""
    size, kernel = random.randint(9, 40), random.randint(1, 5)
    text = f"(1,{size},{size}) -> Conv|{random.randint(1, 9)}|{kernel} -> Maxpool|2"
    document = json.loads(Network.parse(text).report("json"))
    holder, key = random.choice(_places(document))
    before = holder[key]
    if not isinstance(before, int) or isinstance(before, bool):
        return
    holder[key] = before + random.choice((-1, 1, 7))
    path = folder / f"altered{random.randrange(10**9)}.json"
    path.write_text(json.dumps(document), encoding="utf-8")
    code, out = _command(["check", str(path)])
    path.unlink()
    if code == 0 and key not in ("time", "version"):
        raise Fault(f"{text!r}: {key} changed from {before} to {holder[key]} passes: {out[:200]}")


def model_files(random: Random, folder: Path) -> None:
    """The saved Keras model of the examples with bytes changed, cut or doubled."""
    data = bytearray((ROOT / "examples" / "digits.keras").read_bytes())
    for _ in range(random.randint(1, 20)):
        data[random.randrange(len(data))] = random.randrange(256)
    if random.random() < 0.3:
        data = data[: random.randrange(len(data))]
    path = folder / f"damaged{random.randrange(10**9)}.keras"
    path.write_bytes(bytes(data))
    _command(["table", str(path)])
    path.unlink()


def signalled(random: Random, folder: Path) -> None:
    """A program of its own is ended at a random moment: no traceback, no half file, nothing left beside it."""
    place = folder / f"signal{random.randrange(10**9)}"
    place.mkdir()
    path = place / "report.md"
    text = f"(3*W*W) -> {random.randint(1, 60)} * [Conv|8|3|1|1]"
    process = subprocess.Popen(
        [sys.executable, "-m", "symnet", "report", text, "-o", str(path)], stderr=subprocess.PIPE, cwd=ROOT
    )
    time.sleep(random.random() * 2)
    process.send_signal(random.choice((signal.SIGTERM, signal.SIGINT, signal.SIGHUP)))
    _, err = process.communicate(timeout=120)
    if (
        b"Traceback" in err and b"symnet" in err
    ):  # Python tells of an interrupt of its own start; nothing can be done there
        raise Fault(f"a traceback after a signal: {err[-300:]!r}")
    left = [inner.name for inner in place.iterdir() if inner != path]
    if left:
        raise Fault(f"left behind after a signal: {left}")
    if path.exists() and not path.read_text(encoding="utf-8").endswith("\n"):
        raise Fault("half a report after a signal")


WORK: dict[str, Callable[[Random, Path], None]] = {
    "commands": commands,
    "networks": networks,
    "questions": questions,
    "altered proofs": altered_proofs,
    "model files": model_files,
}
#: The kinds that leave the streams of this process alone, and so can run side by side.
THREADED = ("networks", "questions")
