"""Scripts with which shells complete commands, options and their values, made from the parsers of the commands."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Final

from symnet.cli.usage import Parser

__all__ = ["SHELLS", "completion"]

Parsers = Mapping[str, Parser]


def completion(shell: str, commands: Parsers, values: Mapping[str, tuple[str, ...]]) -> str:
    """The completion script for ``bash``, ``zsh`` or ``fish``.

    ``commands`` are the parsers by command, ``values`` the words that a command takes as its argument.
    """
    return "\n".join(SHELLS[shell](commands, values)) + "\n"


def _options(parser: Parser) -> Iterator[tuple[str, bool, tuple[str, ...], str]]:
    """Every option: its name, whether it takes a value, its choices, and its help text."""
    for name, action in parser.options.items():
        yield name, action.nargs != 0, tuple(map(str, action.choices or ())), str(action.help or "")


def _words(command: str, parser: Parser, values: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    """The words that may stand after the command, besides options and files."""
    chosen = (
        tuple(map(str, action.choices)) for action in parser.declared if not action.option_strings and action.choices
    )
    return values.get(command) or next(chosen, ())


def _bash(commands: Parsers, values: Mapping[str, tuple[str, ...]]) -> Iterator[str]:
    yield '# bash completion of symnet: eval "$(symnet completion bash)"'
    yield "_symnet() {"
    yield '    local word="${COMP_WORDS[COMP_CWORD]}" before="${COMP_WORDS[COMP_CWORD-1]}" choice=""'
    yield "    COMPREPLY=()"
    yield '    if [ "$COMP_CWORD" -eq 1 ]; then'
    yield f'        mapfile -t COMPREPLY < <(compgen -W "{" ".join(commands)} --help --version" -- "$word")'
    yield "        return"
    yield "    fi"
    yield '    case "${COMP_WORDS[1]} $before" in'
    for command, parser in commands.items():
        for name, _, choices, _ in _options(parser):
            if choices:
                yield f'        "{command} {name}") choice="{" ".join(choices)}" ;;'
    yield "    esac"
    yield '    if [ -z "$choice" ]; then'
    yield '        case "$word" in'
    yield '            -*) case "${COMP_WORDS[1]}" in'
    for command, parser in commands.items():
        yield f'                {command}) choice="{" ".join(name for name in parser.options if name.startswith("--"))}" ;;'
    yield "            esac ;;"
    yield '            *) case "${COMP_WORDS[1]} $before" in'
    for command, parser in commands.items():
        words = _words(command, parser, values)
        if words:
            yield f'                "{command} {command}") choice="{" ".join(words)}" ;;'
    yield "            esac ;;"
    yield "        esac"
    yield "    fi"
    yield '    if [ -n "$choice" ]; then'
    yield '        mapfile -t COMPREPLY < <(compgen -W "$choice" -- "$word")'
    yield "    else"
    yield '        mapfile -t COMPREPLY < <(compgen -f -- "$word")'
    yield "    fi"
    yield "}"
    yield "complete -o filenames -F _symnet symnet"


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "'\\''") + "'"


def _zsh(commands: Parsers, values: Mapping[str, tuple[str, ...]]) -> Iterator[str]:
    def plain(text: str) -> str:
        return text.replace("\\", "").replace("[", "(").replace("]", ")").replace(":", ",")

    yield "#compdef symnet"
    yield "_symnet() {"
    yield "    local -a commands"
    yield "    commands=("
    for command, parser in commands.items():
        yield f"        {_quoted(f'{command}:{plain(parser.description or str())}')}"
    yield "    )"
    yield "    if (( CURRENT == 2 )); then"
    yield "        _describe 'command' commands"
    yield "        return"
    yield "    fi"
    yield "    local command=$words[2]"
    yield "    shift words"
    yield "    (( CURRENT-- ))"
    yield "    case $command in"
    for command, parser in commands.items():
        yield f"        {command}) _arguments \\"
        for name, takes, choices, about in _options(parser):
            value = f":value:({' '.join(choices)})" if choices else ":value:_files" if takes else ""
            yield f"            {_quoted(f'*{name}[{plain(about)}]{value}')} \\"
        words = _words(command, parser, values)
        yield f"            {_quoted(f'*:what:({chr(32).join(words)})' if words else '*:file:_files')} ;;"
    yield "    esac"
    yield "}"
    yield 'if [ "$funcstack[1]" = "_symnet" ]; then _symnet "$@"; else compdef _symnet symnet; fi'


def _fish(commands: Parsers, values: Mapping[str, tuple[str, ...]]) -> Iterator[str]:
    def quoted(text: str) -> str:
        return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"

    yield "# fish completion of symnet: symnet completion fish | source"
    for command, parser in commands.items():
        yield f"complete -c symnet -f -n __fish_use_subcommand -a {command} -d {quoted(parser.description or '')}"
    for command, parser in commands.items():
        condition = f"-n '__fish_seen_subcommand_from {command}'"
        for name, takes, choices, about in _options(parser):
            flag = f"-l {name[2:]}" if name.startswith("--") else f"-s {name[1:]}"
            value = f" -x -a {quoted(' '.join(choices))}" if choices else " -r" if takes else ""
            yield f"complete -c symnet {condition} {flag}{value} -d {quoted(about)}"
        words = _words(command, parser, values)
        if words:
            yield f"complete -c symnet {condition} -f -a {quoted(' '.join(words))}"


SHELLS: Final[Mapping[str, Callable[[Parsers, Mapping[str, tuple[str, ...]]], Iterator[str]]]] = {
    "bash": _bash,
    "zsh": _zsh,
    "fish": _fish,
}
