"""``python -m tests.zoo timm``: what symnet makes of the models of a zoo, and of the functions of torch.

    python -m tests.zoo timm                     one model of each family
    python -m tests.zoo timm resnet18 vit_*      these models
    python -m tests.zoo timm --all --of 8 --part 3    every eighth model, from the third one
    python -m tests.zoo functions                all functions of torch that its own tests have samples of
    python -m tests.zoo report zoo.jsonl -o reports/zoo.md    the table, of all that was asked

Each model is built without weights and asked with letters for its sizes where it takes several, else with numbers. A line says
what came of it; ``-o zoo.jsonl`` adds each outcome to a file of JSON lines, from which the table is made.
"""

from __future__ import annotations

import argparse
import fnmatch
import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from tests.zoo.functions import BY_NUMBERS, Asked, asked, functions, refused_by_torch
from tests.zoo.models import Zoo
from tests.zoo.processes import alone, outcomes
from tests.zoo.report import report
from tests.zoo.timm_models import TIMM
from tests.zoo.torchvision_models import TORCHVISION
from tests.zoo.transformers_models import TRANSFORMERS

ZOOS = {zoo.name: zoo for zoo in (TIMM, TORCHVISION, TRANSFORMERS)}

#: Outcomes that say: this is a fault.
FAULTS = ("wrong", "crashed", "accepted")


def chosen(zoo: Zoo, patterns: Sequence[str], every: bool, of: int, part: int) -> list[str]:
    """The names that are asked: of the patterns, or all, or the first one of each family; of these every ``of``-th one."""
    names = list(zoo.names())
    if patterns:
        names = [name for name in names if any(fnmatch.fnmatch(name, pattern) for pattern in patterns)]
    elif not every:
        names = list({zoo.family(name): name for name in reversed(names)}.values())[::-1]
    return names[part % of :: of]


def of_functions(names: Sequence[str], of: int, part: int, limit: float) -> Iterator[Asked]:
    """What comes of each sample of the functions, and of the calls that torch refuses."""
    found = [one for one in functions() if (one.name in names if names else one.name not in BY_NUMBERS)]
    for function in found[part % of :: of]:

        def both(function: Any = function) -> list[Asked]:
            return [*asked(function), *refused_by_torch(function)]

        yield from alone(both, (), limit, lambda why, name=function.name: [Asked(name, 0, "crashed", why)])  # type: ignore[misc]


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.zoo", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("zoo", choices=(*ZOOS, "functions", "report"))
    parser.add_argument("names", nargs="*", help="models, where * stands for any letters; functions; files of outcomes")
    parser.add_argument("--all", action="store_true", help="all models, not one of each family")
    parser.add_argument("--of", type=int, default=1, help="of these every so many-th one")
    parser.add_argument("--part", type=int, default=0, help="from which one on")
    parser.add_argument("--sizes", choices=("numbers", "letters", "best"), default="best")
    parser.add_argument("--limit", type=float, default=60.0, help="seconds that a model has")
    parser.add_argument("-o", "--output", type=Path, help="a file to which each outcome is added; that of the table")
    given = parser.parse_args(arguments)
    if given.zoo == "report":
        lines = [line for name in given.names for line in Path(name).read_text(encoding="utf-8").splitlines()]
        table = report([json.loads(line) for line in lines])
        given.output.write_text(table, encoding="utf-8")
        return 0
    counts: dict[str, int] = {}
    for outcome in _asked(given):
        if given.zoo != "functions" or outcome.result not in ("read", "nothing", "refused by both"):
            print(_line(outcome), flush=True)  # noqa: T201
        counts[outcome.result] = counts.get(outcome.result, 0) + 1
        if given.output:
            with given.output.open("a", encoding="utf-8") as file:
                file.write(json.dumps({"zoo": given.zoo, **vars(outcome)}, ensure_ascii=False) + "\n")
    print(", ".join(f"{count} {result}" for result, count in sorted(counts.items())))  # noqa: T201
    return 1 if any(counts.get(fault) for fault in FAULTS) else 0


def _asked(given: argparse.Namespace) -> Iterator[Any]:
    if given.zoo == "functions":
        return of_functions(given.names, given.of, given.part, given.limit)
    zoo = ZOOS[given.zoo]
    return outcomes(zoo, chosen(zoo, given.names, given.all, given.of, given.part), given.sizes, given.limit)


def _line(outcome: Any) -> str:
    if isinstance(outcome, Asked):
        return f"{outcome.function} {outcome.sample}: {outcome.result} {outcome.why}".rstrip()
    return f"{outcome.name} ({outcome.sizes}): {outcome.result} {outcome.seconds} s {outcome.why}".rstrip()


if __name__ == "__main__":
    sys.exit(main())
