"""What an installed symnet must be able to do, away from its repository: python -I tests/installed.py SDIST

Needs nothing but what was installed with it; .ci/run has fresh environments run it. Ends with a line for what was tried.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

MNIST = "(1*28*28) -> Conv|32|5*5|1 -> Maxpool|2*2 -> Conv|32|3*3|1 -> Maxpool|2*2 -> FC|256 -> FC|10"

#: What of the repository the source distribution holds, since the help, the README and the manual name it.
SOURCES = (
    "README.md", "CONTRIBUTING.md", "LICENSE", "examples/mymodel.py", "examples/broken.py", "examples/digits.keras",
    "examples/resnet50.net", "examples/docs/mkdocs.yml", "examples/sphinx/conf.py", "tests/test_readme.py", "reports/mnist.md",
    "symnet/py.typed", "symnet/coq/Symnet.v", "symnet/render/style.css", "symnet/playground/page/index.html",
)  # fmt: skip


def symnet(*arguments: str) -> str:
    """What the installed program prints."""
    program = Path(sys.executable).parent / "symnet"
    done = subprocess.run(
        [str(program), *arguments], capture_output=True, text=True, encoding="utf-8", check=False, timeout=300
    )
    if done.returncode:
        raise SystemExit(f"symnet {' '.join(arguments)}: {done.returncode}\n{done.stderr}")
    return done.stdout


def main(sdist: str) -> None:
    """Try the program, the library, the Markdown extension, and look into the source distribution."""
    import markdown

    import symnet as library

    home = Path(library.__file__).parent
    require("site-packages" in str(home), f"this is not the installed package: {home}")
    require((home / "py.typed").is_file(), "py.typed is missing")
    require("217,706" in symnet("table", MNIST), "table")
    require(json.loads(symnet("report", MNIST, "--format", "json"))["checked"], "report")
    require("S = 2" in symnet("solve", "(3,224,224) -> Conv|64|7*7|S|3 = (64,112,112)"), "solve")
    require("Require" in symnet("coq", MNIST), "coq")
    require("<svg" in symnet("figure", MNIST), "figure")
    for page in ("html", "latex"):
        require(len(symnet("report", MNIST, "--format", page)) > 5000, page)
    html = markdown.markdown("{symnet parameters: 784 -> FC|10}", extensions=["symnet"])
    require("7,850" in html, "the Markdown extension is not found by its name")
    with tempfile.TemporaryDirectory() as folder:
        symnet("playground", "-o", folder)
        require((Path(folder) / "symnet.zip").stat().st_size > 100_000, "playground")
    with tarfile.open(sdist) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    require(not set(SOURCES) - names, f"the source distribution lacks {sorted(set(SOURCES) - names)}")
    print(f"symnet {library.__version__} on Python {sys.version.split()[0]}: installed, complete, and it runs")  # noqa: T201


def require(true: object, otherwise: str) -> None:
    """End with a word about what is wrong."""
    if not true:
        raise SystemExit(f"the installed symnet: {otherwise}")


if __name__ == "__main__":
    main(sys.argv[1])
