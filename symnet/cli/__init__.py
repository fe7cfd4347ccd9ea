"""The command line. ``program`` has the commands and how they end, ``arguments`` what each takes, ``commands`` what each does.

Everything heavier than argparse is imported when a command uses it, so that ``symnet --help`` is instant. A new command is
a parser in ``arguments`` and a function in ``commands``; completion, help and errors follow from the parser.
"""

from symnet.cli.program import COMMANDS, MNIST, main

__all__ = ["COMMANDS", "MNIST", "main"]
