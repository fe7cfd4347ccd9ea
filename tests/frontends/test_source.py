"""What NET may be: a model's file, module:factory, and questions about them. The models here need no framework."""

from __future__ import annotations

import subprocess
import sys
from io import BytesIO, TextIOWrapper
from pathlib import Path

import pytest

from symnet.cli import main
from symnet.errors import ModelError
from symnet.frontends.source import input_sizes, load, source
from symnet.public import Network

ROOT = Path(__file__).parent.parent.parent
DIGITS = str(ROOT / "examples" / "digits.keras")


def said(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str]:
    code = main(arguments)
    captured = capsys.readouterr()
    return code, captured.out + captured.err


def test_a_file_stands_for_its_network() -> None:
    assert Network.parse(source(DIGITS)).graph == load(DIGITS).graph
    assert load(DIGITS, input=["28*28*1"]).input == (28, 28, 1)


def test_questions_about_a_model(capsys: pytest.CaptureFixture[str]) -> None:
    code, text = said(capsys, "solve", DIGITS, "--input", "W*W*1", "--for", "W", "--valid")
    assert code == 0
    assert text.startswith("W ≥ 3.")


@pytest.mark.parametrize("command", ["report", "table", "figure", "code"])
def test_every_command_reads_a_model(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    more = ["--framework", "keras"] if command == "code" else []
    code, text = said(capsys, command, DIGITS, *more)
    assert code == 0
    assert "stem" in text


def test_two_models_are_compared(capsys: pytest.CaptureFixture[str]) -> None:
    code, text = said(capsys, "compare", DIGITS, DIGITS)
    assert code == 0
    assert "proven equal" in text


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["table", "json:loads"], "add --import"),
        (["solve", "json:loads = (1,_)"], "add --import"),
        (["table", "no_such_module:f", "--import"], "cannot import no_such_module"),
        (["table", "json:no_such", "--import"], "json has no no_such"),
        (["table", "json:loads", "--import"], "json:loads() raised TypeError"),
        *(
            pytest.param(["table", source, "--import"], words, marks=pytest.mark.slow)
            for source, words in (
                ("json:__name__", "is no model and makes none"),
                ("collections:OrderedDict", "made a OrderedDict, which is no model"),
            )
        ),
        (["table", "missing.keras"], "missing.keras"),
        (["table", "(3*8*8) -> ReLU", "--input", "3*9*9"], "notation says its input itself"),
        (["table", DIGITS, "--input", "28*"], "write it as in --input 3*224*224"),
        (
            ["table", DIGITS, "--input", "28*28*1", "--input", "5"],
            "the model has 1 input (image): give a shape for each",
        ),
        (["table", DIGITS, "--input", "picture=28*28*1"], "the model has no input 'picture'; it has image"),
        (["table", DIGITS, "--input", "image=28*28*1", "--input", "5"], "names some inputs only"),
        (["table", DIGITS, "--input", "image=28*28*1", "--input", "image=5"], "gives image twice"),
        (["solve", "(3*W*W) -> Conv|8|3 = (8,_,9)", "--input", "3*9*9"], "notation says its input itself"),
        (["solve", "(3*W*W) -> Conv|8|3 = (8,_,9)", "--opaque"], "notation says its input itself"),
        (["coq", "(3*W*W) -> Conv|8|3", "--input", "3*9*9"], "notation says its input itself"),
        (["coq", "examples/mnist.net", "--opaque"], "notation says its input itself"),
    ],
)
def test_refusals_are_one_line(arguments: list[str], words: str, capsys: pytest.CaptureFixture[str]) -> None:
    code, text = said(capsys, *arguments)
    assert code == 2
    assert words in text
    assert len(text.strip().splitlines()) == 1


#: What is asked where no framework is installed, and what is answered.
WITHOUT_FRAMEWORKS = {
    "main(['report', 'nosuch.onnx'])": "symnet: cannot read nosuch.onnx: No such file or directory",
    "main(['table', 'empty.onnx'])": "symnet: reading an ONNX model takes the package onnx: pip install symnet[onnx]",
    "symnet.from_onnx('empty.onnx')": "reading an ONNX model takes the package onnx: pip install symnet[onnx]",
    "symnet.from_keras(3)": "reading a live Keras model takes the package keras: pip install symnet[keras]",
    "symnet.from_torch(3, (3,))": "reading a PyTorch model takes the package torch: pip install symnet[torch]",
}


def test_without_frameworks_and_numpy(tmp_path: Path) -> None:
    """All in one process of its own, in which the packages cannot be imported."""
    (tmp_path / "empty.onnx").write_bytes(b"")
    asked = "\n".join(
        f"try: {read}\nexcept symnet.SymnetError as error: print(error, file=sys.stderr)" for read in WITHOUT_FRAMEWORKS
    )
    program = f"""
import sys
sys.modules.update(dict.fromkeys(['numpy', 'onnx', 'torch', 'keras', 'tensorflow']))
sys.path.insert(0, {str(ROOT)!r})
import symnet
from symnet.cli import main
{asked}
"""
    ended = subprocess.run([sys.executable, "-c", program], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert ended.stderr.splitlines() == list(WITHOUT_FRAMEWORKS.values())
    assert ended.stdout == ""


def test_a_module_that_breaks_is_told_in_a_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "broken_module.py").write_text("raise ZeroDivisionError('at import')\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("sys.path", [path for path in sys.path if path])
    with pytest.raises(ModelError, match="ZeroDivisionError: at import"):
        load("broken_module:model", run=True)


QUESTION = "(3,224,224) -> Conv|64|7*7|S|3 = (64,112,112)"
COMMANDS = ["report", "table", "figure", "code", "compare"]


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("question", [QUESTION, "file", "-", f"{DIGITS} = (_)"])
def test_of_a_question_its_network_is_taken(
    command: str, question: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    if question == "file":
        (tmp_path / "asked.net").write_text(f"# a question\n{QUESTION}\n", encoding="utf-8")
        question = str(tmp_path / "asked.net")
    if question == "-":
        monkeypatch.setattr("sys.stdin", TextIOWrapper(BytesIO(QUESTION.encode())))
    target = "(_)" if DIGITS in question else "(64,112,112)"
    second = QUESTION.partition(" =")[0]
    more = {"code": ["--framework", "keras"], "compare": [second]}.get(command, [])
    assert main([command, question, *more]) == 0
    captured = capsys.readouterr()
    assert captured.err == f"symnet: the target = {target} is left aside: symnet solve answers the question\n"
    assert main([command, DIGITS if DIGITS in question else second, *more]) == 0
    if not question.endswith(".net"):
        plain = capsys.readouterr()
        assert (plain.out.replace(DIGITS, ""), plain.err) == (captured.out.replace(DIGITS, ""), "")


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("784 -> FC|10 = (10,3)", "the target has 2 sizes, but the network gives 1"),
        ("784 -> FC|10 = (10", "this parenthesis is not closed"),
        ("784 -> FC|10 = (10) = (3)", "unexpected '=': the target ends a question"),
        ("(3*W*W) -> N * [Conv|3|3] = (3,4,4)", "a repeat needs a number, and 'N' has none"),
        ("784 -> FC|u=10", "FC has no 'u'"),
    ],
)
@pytest.mark.parametrize("command", ["report", "table", "code"])
def test_questions_that_are_none(command: str, question: str, words: str, capsys: pytest.CaptureFixture[str]) -> None:
    code, said_ = said(capsys, command, question, *(["--framework", "torch"] if command == "code" else []))
    assert code == 2
    assert words in said_.splitlines()[0]


def test_a_symbol_before_the_target_is_a_symbol(capsys: pytest.CaptureFixture[str]) -> None:
    code, text = said(capsys, "table", "(3,20,20) -> Conv|8|5|2|P = (8,9,9)")
    assert code == 0
    assert "⌊(20 − 5 + 2·P)/2⌋ + 1" in text


def test_sizes() -> None:
    assert [size.constant for size in input_sizes(["(3, 224, 224)"])] == [3, 224, 224]
    assert [len(shape) for shape in input_sizes(["3*8*8", "5"])] == [3, 1]
    assert {name: len(shape) for name, shape in input_sizes(["a = 3*8*8", "b=5"]).items()} == {"a": 3, "b": 1}


@pytest.mark.frameworks
def test_a_class_in_a_file_is_a_model(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The class by its name, or the file's only model; without --import the file is not run."""
    file = tmp_path / "mynet.py"
    file.write_text(
        "import torch\n\n\nclass Net(torch.nn.Sequential):\n    def __init__(self):\n        super().__init__(torch.nn.Linear(8, 2))\n"
    )
    for name in (f"{file}:Net", str(file)):
        assert main(["table", name, "--import", "--input", "8"]) == 0
        assert "(8 + 1)·2 = 18" in capsys.readouterr().out
        assert main(["table", name, "--input", "8"]) == 2
        assert "add --import" in capsys.readouterr().err
    assert main(["table", f"{file}:Other", "--import", "--input", "8"]) == 2
    assert "mynet.py has no Other; it has Net" in capsys.readouterr().err
