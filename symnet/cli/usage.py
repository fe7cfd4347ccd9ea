"""The parser of the command line: refuses options given twice, and suggests near names for misspelt ones."""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NoReturn, TextIO

from symnet.cli.streams import write_output
from symnet.errors import SymnetError

__all__ = ["Parser", "UsageError", "refuse_misspelt"]

#: A network where a command is expected: an arrow, a file, a factory, or sizes.
_NETWORK = re.compile(
    r".*(?:->|→)|.*\.(?:net|keras|onnx|pt2|h5)(?:\s*=.*)?$|[A-Za-z_][\w.]*:[A-Za-z_][\w.]*$|\(?[0-9]+\s*[*x,].*|[0-9]+$",
    re.DOTALL,
)


class UsageError(SymnetError):
    """Arguments that the command does not take."""


class _Once(argparse.Action):
    """Refuses an option that is given twice, since the second value would hide the first."""

    def __call__(
        self,
        parser: argparse.ArgumentParser,
        namespace: argparse.Namespace,
        values: str | Sequence[Any] | None,
        option_string: str | None = None,
    ) -> None:
        if self.option_strings:
            if getattr(namespace, f"{self.dest} was given", False):
                parser.error(f"{'/'.join(self.option_strings)} is given twice: say it once")
            setattr(namespace, f"{self.dest} was given", True)
        setattr(namespace, self.dest, values)


class Parser(argparse.ArgumentParser):
    """A parser that reports an error in one line. ``declared`` has its arguments, for completion; ``command`` is the command that
    was given to it, whose help an error names."""

    def __init__(self, **settings: Any) -> None:
        self.declared: list[argparse.Action] = []
        self.command = ""
        super().__init__(**settings)
        self.register("action", None, _Once)

    def add_argument(self, *names: Any, **settings: Any) -> argparse.Action:
        action = super().add_argument(*names, **settings)
        self.declared.append(action)
        return action

    @property
    def options(self) -> dict[str, argparse.Action]:
        """The options by each of their names."""
        return {name: action for action in self.declared for name in action.option_strings}

    def error(self, message: str) -> NoReturn:
        wrong = re.match(r"argument ([^:]*): invalid choice: '?([^' ]*)'?", message)
        if wrong:
            names = {action.metavar or action.dest: action for action in self.declared} | self.options
            choices = tuple(map(str, getattr(names.get(wrong[1].split("/")[-1]), "choices", None) or ()))
            message = f"{wrong[1]} {wrong[2]!r}: choose from {', '.join(choices)}{_near(wrong[2], choices)}"
        if re.match("unrecognized arguments: ->?( |$)", message):
            message += '; a network stands in quotes, as in "784 -> FC|10"'
        asked = f"{self.prog} {self.command}" if self.command else self.prog
        end = "" if message.endswith(("?", ";")) else ";"
        raise UsageError(f"{' '.join(message.split())}{end} {asked} --help shows how")

    def print_help(self, file: TextIO | Any = None) -> None:
        write_output(self.format_help())


def _near(word: str, known: Iterable[str]) -> str:
    """The end of a message: the name most like ``word``, if one is."""
    from difflib import get_close_matches

    near = get_close_matches(word, list(known), 1, 0.6)
    return f"; did you mean {near[0]!r}?" if near else ";"


def refuse_misspelt(arguments: Sequence[str], commands: Mapping[str, Parser]) -> None:
    """Raise :class:`UsageError` for an unknown command or option, with the nearest name; and for a network where a command is
    expected, with the commands that take one.
    """
    if not arguments or arguments[0] in ("-h", "--help", "--version"):
        return
    first = arguments[0]
    if first in commands:
        parser = commands[first]
        for argument in arguments[1 : arguments.index("--") if "--" in arguments else None]:
            name = argument.partition("=")[0]
            if name.startswith("--") and " " not in name and name not in parser.options:
                raise UsageError(
                    f"{first} has no option {name}{_near(name, parser.options)} symnet {first} --help shows how"
                )
    elif first == "-" or _NETWORK.match(first):
        asked = "solve" if re.search(r"[^=<>!|\w]=(?!=)", first) else "report"
        given = first if len(first) <= 40 else f"{first[:30]}…"
        raise UsageError(
            f"{given!r} is a network, and the command before it is missing: symnet {asked} {given!r}, or table, solve, "
            "figure, code, coq, compare; symnet --help shows how"
        )
    elif first.startswith("-"):
        known = ("--help", "--version")
        raise UsageError(
            f"no option {first.partition('=')[0]} before a command{_near(first, known)} symnet --help shows how"
        )
    else:
        raise UsageError(f"unknown command {first!r}{_near(first, commands)} symnet --help shows how")
