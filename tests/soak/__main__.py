"""``python -m tests.soak [MINUTES] [--seed N]``: random work for a long time, all kinds at once; run by hand.

Drawn networks and damaged ones through every command, altered proofs, damaged model files, several threads at a time, and
programs of their own that get a signal at a random moment. A fault is a traceback, an exit code that no command has, a
proof that was altered and passes, a file that is left behind, or memory that grows. The log says what ran; the exit code is
1 when anything was found.
"""

from __future__ import annotations

import argparse
import json
import resource
import sys
import tempfile
import threading
import time
import traceback
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from random import Random

from tests.soak.work import THREADED, WORK, Fault, signalled

#: Growth of the resident set that is no leak: caches have bounds, and fill up in the first tenth of the time.
GROWTH = 1.3


class Soak:
    """What was done, how often, and what was found."""

    def __init__(self, seed: int, folder: Path) -> None:
        self.random, self.folder = Random(seed), folder
        self.done: Counter[str] = Counter()
        self.faults: list[str] = []

    def once(self, name: str, work: Callable[[Random, Path], None], seed: int) -> None:
        """One piece of work; what it raises is a fault, told with the seed that draws it again."""
        try:
            work(Random(seed), self.folder)
        except Fault as fault:
            self.faults.append(f"{name}, seed {seed}: {fault}")
        except Exception:  # noqa: BLE001
            self.faults.append(f"{name}, seed {seed}: {traceback.format_exc()}")
        self.done[name] += 1

    def round(self) -> None:
        """Each kind of work once, then four at a time in threads, then one that a signal ends."""
        for name, work in WORK.items():
            self.once(name, work, self.random.randrange(10**9))
        threads = [
            threading.Thread(target=self.once, args=(name, WORK[name], self.random.randrange(10**9)))
            for name in self.random.choices(THREADED, k=4)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(timeout=120)
            if thread.is_alive():
                self.faults.append("a thread did not end in two minutes")
        self.once("signals", signalled, self.random.randrange(10**9))


def resident() -> float:
    """Megabytes of memory that this process holds now."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * resource.getpagesize() / 1e6


def main() -> int:
    """Run until the time is over and print the log."""
    parser = argparse.ArgumentParser(prog="python -m tests.soak", description=__doc__)
    parser.add_argument("minutes", nargs="?", type=float, default=30.0)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    start, warm, rounds = time.monotonic(), 0.0, 0
    with tempfile.TemporaryDirectory() as folder:
        soak = Soak(options.seed, Path(folder))
        while (passed := time.monotonic() - start) < 60 * options.minutes and len(soak.faults) < 20:
            soak.round()
            rounds += 1
            if not warm and passed > 6 * options.minutes:
                warm = resident()
            if sys.stderr.isatty():
                print(f"\r{passed / 60:.1f} min, {rounds} rounds, {len(soak.faults)} faults ", end="", file=sys.stderr)
    print(json.dumps({"minutes": round(passed / 60, 1), "rounds": rounds, **soak.done}, indent=1))
    print(f"resident: {warm:.0f} MB after a tenth of the time, {resident():.0f} MB at the end")
    for fault in soak.faults:
        print(fault)
    leaks = warm and resident() > GROWTH * warm
    if leaks:
        print("memory grew")
    return int(bool(soak.faults) or bool(leaks))


if __name__ == "__main__":
    sys.exit(main())
