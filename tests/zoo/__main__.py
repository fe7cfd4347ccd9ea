"""``python -m tests.zoo timm``: what symnet makes of the models of a zoo.

    python -m tests.zoo timm                     one model of each family
    python -m tests.zoo timm resnet18 vit_*      these models
    python -m tests.zoo timm --all --of 8 --part 3    every eighth model, from the third one
    python -m tests.zoo --report reports/zoo.md  the table, of all that was asked

Each model is built without weights and asked with letters for its sizes where it takes several, else with numbers. A line says
what came of it; all outcomes stand in a file of JSON lines, from which the table is made and refusals are sorted.
"""

from __future__ import annotations

import argparse
import fnmatch
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from tests.zoo.models import Zoo
from tests.zoo.processes import outcomes
from tests.zoo.timm_models import TIMM
from tests.zoo.transformers_models import TRANSFORMERS

ZOOS = {zoo.name: zoo for zoo in (TIMM, TRANSFORMERS)}


def chosen(zoo: Zoo, patterns: Sequence[str], every: bool, of: int, part: int) -> list[str]:
    """The names that are asked: of the patterns, or all, or the first one of each family; of these every ``of``-th one."""
    names = list(zoo.names())
    if patterns:
        names = [name for name in names if any(fnmatch.fnmatch(name, pattern) for pattern in patterns)]
    elif not every:
        names = list({zoo.family(name): name for name in reversed(names)}.values())[::-1]
    return names[part % of :: of]


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.zoo", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("zoo", choices=ZOOS)
    parser.add_argument("names", nargs="*", help="models; * stands for any letters")
    parser.add_argument("--all", action="store_true", help="all models, not one of each family")
    parser.add_argument("--of", type=int, default=1, help="of these every so many-th one")
    parser.add_argument("--part", type=int, default=0, help="from which one on")
    parser.add_argument("--sizes", choices=("numbers", "letters", "best"), default="best")
    parser.add_argument("--limit", type=float, default=60.0, help="seconds that a model has")
    parser.add_argument("-o", "--outcomes", type=Path, help="a file to which each outcome is added as a line of JSON")
    given = parser.parse_args(arguments)
    zoo = ZOOS[given.zoo]
    names = chosen(zoo, given.names, given.all, given.of, given.part)
    counts: dict[str, int] = {}
    for outcome in outcomes(zoo, names, given.sizes, given.limit):
        line = f"{outcome.name} ({outcome.sizes}): {outcome.result} {outcome.seconds} s {outcome.why}"
        print(line.rstrip(), flush=True)  # noqa: T201
        counts[outcome.result] = counts.get(outcome.result, 0) + 1
        if given.outcomes:
            with given.outcomes.open("a", encoding="utf-8") as file:
                file.write(json.dumps({"zoo": zoo.name, **vars(outcome)}, ensure_ascii=False) + "\n")
    print(", ".join(f"{count} {result}" for result, count in sorted(counts.items())))  # noqa: T201
    return 1 if counts.get("wrong") or counts.get("crashed") else 0


if __name__ == "__main__":
    sys.exit(main())
