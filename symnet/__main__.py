"""``python -m symnet``, and the program ``symnet``."""

import signal
import sys

__all__ = ["main"]


def main() -> int:
    """Run the command line; an interrupt while it is loaded ends the program without a word."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    from symnet.cli import main as run

    return run()


if __name__ == "__main__":
    sys.exit(main())
