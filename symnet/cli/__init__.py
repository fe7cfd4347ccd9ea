"""The command line. ``program`` lists the commands and their exit codes, ``arguments`` has their parsers, ``commands`` what
they do; ``networks`` reads what stands for a network, ``streams`` writes to terminals, ``usage`` refuses wrong arguments.

May import everything, but only inside the function that uses it, so that ``symnet --help`` is instant. A new command is a
parser in ``arguments`` and a function in ``commands``; completion, help and errors follow from the parser.
"""

from symnet.cli.program import COMMANDS, MNIST, main

__all__ = ["COMMANDS", "MNIST", "main"]
