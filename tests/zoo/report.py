"""The table of what was asked: how many models a zoo has, how many of them were read and compared, and why others were not."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timezone
from importlib.metadata import PackageNotFoundError, version
from typing import Any

__all__ = ["report"]

#: Packages whose versions stand above the table.
PACKAGES = ("torch", "torchvision", "timm", "transformers")

#: So many causes of refusals are listed for a zoo.
CAUSES = 12

Record = Mapping[str, Any]


def report(outcomes: Sequence[Record], today: date | None = None) -> str:
    """Markdown, from outcomes as ``-o`` writes them; of a model that was asked several times the last one counts."""
    last: dict[tuple[str, ...], Record] = {}
    for one in outcomes:
        last[one["zoo"], one.get("name", one.get("function", "")), str(one.get("sample", ""))] = one
    found = list(last.values())
    models = [one for one in found if one["zoo"] != "functions"]
    day = today or datetime.now(timezone.utc).date()
    parts = [
        "# What people really have",
        f"Asked on {day.isoformat()} with {', '.join(_versions())}; written by `python -m tests.zoo report`. Only what was run "
        "stands here.",
        *_of_models(models),
        *_of_functions([one for one in found if one["zoo"] == "functions"]),
    ]
    return "\n\n".join(parts) + "\n"


def _versions() -> list[str]:
    found = []
    for name in PACKAGES:
        try:
            found.append(f"{name} {version(name).partition('+')[0]}")
        except PackageNotFoundError:
            continue
    return found


def _of_models(models: Sequence[Record]) -> list[str]:
    if not models:
        return []
    zoos = sorted({one["zoo"] for one in models})
    rows = []
    for zoo in zoos:
        mine = [one for one in models if one["zoo"] == zoo]
        counts = Counter(one["result"] for one in mine)
        read = [one for one in mine if one["result"] == "read"]
        rows.append((
            zoo, len(mine), counts["left out"], counts["read"], sum(one["sizes"] == "letters" for one in read),
            sum(one["compared"] > 0 for one in read), sum(bool(one["multiply_adds"]) for one in read), counts["refused"],
            counts["crashed"], counts["wrong"],
        ))  # fmt: skip
    words = [
        "A model is *left out* where it has more than 150 million parameters or does not run in PyTorch itself; *compared* says that "
        "PyTorch gave the same sizes for every module at sizes that nobody chose, *as many multiply-adds* that its own counter counts "
        "the same number (it leaves out what is no product of matrices, and so do models whose attention is written otherwise); *no "
        "answer* are those that took more than a minute or 6 GB.",
    ]
    head = (
        "zoo", "asked", "left out", "read", "with letters", "compared", "as many multiply-adds", "refused", "no answer", "wrong",
    )  # fmt: skip
    return ["## Models", *words, _table(head, rows), *_causes(models, zoos)]


def _causes(models: Sequence[Record], zoos: Sequence[str]) -> list[str]:
    parts = []
    for zoo in zoos:
        refused = [one for one in models if one["zoo"] == zoo and one["result"] in ("refused", "crashed", "wrong")]
        if not refused:
            continue
        causes: dict[str, list[str]] = {}
        for one in refused:
            causes.setdefault(_cause(one["why"]), []).append(one["name"])
        ordered = sorted(causes.items(), key=lambda pair: (-len(pair[1]), pair[0]))
        rows = [(len(names), cause, ", ".join(f"`{name}`" for name in names[:3])) for cause, names in ordered[:CAUSES]]
        more = sum(len(names) for _, names in ordered[CAUSES:])
        parts += [f"### Why models of {zoo} are not read", _table(("models", "cause", "such as"), rows)]
        if more:
            parts.append(f"{more} more, each with a cause of its own.")
    return parts


def _cause(why: str) -> str:
    """The words of a refusal without the module, the numbers and the line of code, so that equal causes are one."""
    words = re.sub(r"^PyTorch: .*?\)(, [\w.]+)?: ", "", why)
    words = re.sub(r", at \S+, line \d+.*$", "", words).removesuffix("; --opaque takes from PyTorch what it gives")
    words = re.sub(r"\d+", "…", words)
    words = words if len(words) <= 110 else words[:110].rpartition(" ")[0] + " …"
    return words.replace("|", "\\|").replace("<", "‹").replace(">", "›")


def _of_functions(found: Sequence[Record]) -> list[str]:
    if not found:
        return []
    counts = Counter(one["result"] for one in found)
    batches = Counter(one["batch"] for one in found)
    names = {one["function"] for one in found}
    refused = Counter(one["function"] for one in found if one["result"] == "refused")
    rows = sorted(refused.items(), key=lambda pair: (-pair[1], pair[0]))[:CAUSES]
    return [
        "## Functions of torch",
        f"{len(names)} functions, each on the first 12 samples of PyTorch's own tests (`op_db`), with tensors that have entries and no "
        f"batch: {counts['read']} read and {counts['refused']} refused; {counts['wrong']} have other sizes than in torch, and "
        f"{counts['crashed']} gave no answer. With the first size as the batch {batches['read']} were read and compared. Of calls that "
        f"torch refuses {counts['refused by both']} are refused and {counts['accepted']} are not: torch refuses those for the numbers, "
        "the dtypes or the memory of their arguments.",
        *([_table(("function", "samples refused"), rows)] if rows else []),
    ]


def _table(head: Sequence[str], rows: Sequence[Sequence[Any]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(map(str, row))} |" for row in lines)
