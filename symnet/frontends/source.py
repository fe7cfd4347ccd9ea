"""The NET argument of a command: notation, a file of notation, a model's file, or module:factory."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from functools import partial
from importlib import import_module
from inspect import signature
from os import PathLike, fspath
from typing import TYPE_CHECKING, Any
from warnings import catch_warnings, simplefilter

from symnet.errors import ModelError, NotationError, SymnetError
from symnet.files import file_stem, read_source
from symnet.frontends.framework_of import KERAS_FILES, MODEL_FILES, framework_of
from symnet.frontends.python_file import loaded_file, model_in, named_in_file
from symnet.network.at_numbers import at_numbers, refuse_unknown
from symnet.network.substitution import graph_symbols
from symnet.notation.parse import named_file, parse_network, parse_question, split_target

if TYPE_CHECKING:
    from symnet.public import Network
    from symnet.terms.term import Symbol

__all__ = ["Importer", "input_sizes", "is_factory", "load", "model_named", "question_reader", "read", "source"]

#: Loads the network of a factory, with the arguments of :func:`load` that concern models.
Importer = Callable[..., "Network"]

_FACTORY = re.compile(r"[A-Za-z_]\w*(\.[A-Za-z_]\w*)*:[A-Za-z_]\w*(\.[A-Za-z_]\w*)*")


def load(
    argument: str,
    *,
    run: bool | Importer = False,
    input: Sequence[str] | None = None,
    opaque: bool = False,
    usual: str | None = None,
    upto: str | None = None,
    at: Mapping[str, int] | None = None,
    used: set[str] | None = None,
    compare: bool = True,
    tell: Callable[[str], None] | None = None,
) -> Network:
    """The network that ``argument`` names.

    ``run`` permits importing a factory's module, which runs its code, or is a function that does this elsewhere.
    ``input`` has the shapes of a model's inputs, each as ``3*224*224`` or ``name=3*224*224``. ``opaque`` takes outputs
    of unknown layers from the framework. ``usual``, as in ``H=480,W=640``, are the sizes at which a PyTorch model's
    control flow is followed, and ``upto`` is the module as far as which it is read. With ``compare`` the framework is
    run and must give the same sizes. ``at`` are values of letters, substituted before anything is computed; unknown
    letters are refused, unless ``used`` is passed, to which the letters that exist are added. If ``argument`` is a
    question its network is taken, and ``tell`` is called with the remark that the target is ignored.

    >>> load("(3*W*W) -> Conv|64|7|2|3").output
    (64, (W + 1)//2, (W + 1)//2)
    """
    name, asked = named_file(argument) or (argument.strip(), "")
    if _is_model_name(name):
        sizes, usual_sizes = None if input is None else input_sizes(input), _numbers(usual)
        if callable(run) and is_factory(name):
            network = run(name, input=input, opaque=opaque, usual=usual, upto=upto, compare=compare)
        else:
            code = {"usual": usual_sizes, "upto": upto}
            network = _loaded(name, bool(run), sizes, opaque, compare, code)
        chosen = _of_the_network(at or {}, graph_symbols(network.graph), used)
        if chosen:
            compared, network = network, network.at(**chosen)
            network.compared, network.not_compared, network.outside = (
                compared.compared,
                compared.not_compared,
                compared.outside,
            )
    else:
        notation, target = split_target(
            source(name, input=input, opaque=opaque, usual=usual, upto=upto, compare=compare)
        )
        if asked and target:
            raise NotationError(f"{name} has a target already: = {target}")
        asked = asked or target
        network = _parsed(notation, at or {}, used)
        if name.endswith(".net"):
            network.title = file_stem(name)
    if asked:
        _fits(network, asked)
        if tell is not None:
            tell(f"the target = {asked} is left aside: symnet solve answers the question")
    return network


def read(path: str | PathLike[str], *, input: Any = None, opaque: bool = False, compare: bool = True) -> Network:
    """The network in a file: notation (``.net``), or a model of Keras or ONNX, whose code is not run. ``input``,
    ``opaque`` and ``compare`` are as in :func:`symnet.from_onnx`. Raises :class:`symnet.SymnetError` if the file
    cannot be read.

    >>> read("missing.net")
    Traceback (most recent call last):
    symnet.errors.ModelError: cannot read missing.net: there is no such file
    """
    from pathlib import Path

    from symnet.terms.sympy_letters import letters_of

    name = fspath(path)
    if not Path(name).is_file():
        raise ModelError(f"cannot read {name}: there is no such file")
    if name.endswith(".net"):
        if input is not None:
            raise ModelError(f"{name} is notation, which says its input itself")
        return load(name)
    if not name.endswith(MODEL_FILES):
        raise ModelError(f"cannot read {name}: it is no .net, .keras, .h5, .json or .onnx file")
    return _loaded(name, False, input, opaque, compare, {}).speaking(letters_of(input))


def _parsed(notation: str, at: Mapping[str, int], used: set[str] | None) -> Network:
    from symnet.public import Network

    if not at:
        return Network.parse(notation)
    graph = parse_network(notation)
    chosen = _of_the_network(at, graph_symbols(graph), used)
    return Network.of(at_numbers(graph, chosen)) if chosen else Network.parse(notation)


def _of_the_network(at: Mapping[str, int], symbols: Sequence[Symbol], used: set[str] | None) -> dict[str, int]:
    """The values of letters that occur in the network. Raises for other letters if ``used`` is ``None``, else adds the
    used ones to it.
    """
    if used is None:
        refuse_unknown(at, symbols)
    chosen = {symbol.name: at[symbol.name] for symbol in symbols if symbol.name in at}
    if used is not None:
        used.update(chosen)
    return chosen


def _is_model_name(name: str) -> bool:
    return name.endswith(MODEL_FILES) or is_factory(name)


def is_factory(name: str) -> bool:
    """Whether the argument names an object in a Python module or file: ``torchvision.models:resnet18``,
    ``net.py:Net``, ``net.py``.
    """
    return bool(_FACTORY.fullmatch(name)) or named_in_file(name) is not None


def _numbers(usual: str | None) -> dict[str, int]:
    """The numbers of ``--usual H=480,W=640``."""
    numbers = {}
    for part in (usual or "").split(",") if usual is not None else ():
        name, _, number = (word.strip() for word in part.partition("="))
        if not name.isidentifier() or not number.isdecimal():
            raise ModelError(f"--usual {usual}: write it as in --usual H=480,W=640")
        numbers[name] = int(number)
    return numbers


def _loaded(name: str, run: bool, sizes: Any, opaque: bool, compare: bool, code: Mapping[str, Any]) -> Network:
    """The network of a framework's model; ``code`` has the options ``usual`` and ``upto`` for models whose code is followed."""
    if name.endswith(MODEL_FILES):
        _refuse_without_code(code)
    if name.endswith(KERAS_FILES):
        from symnet.frontends.keras import read_keras

        return read_keras(name, input=sizes, opaque=opaque, compare=compare)
    if name.endswith(".onnx"):
        from symnet.frontends.onnx import from_onnx

        return from_onnx(name, input=sizes, opaque=opaque, compare=compare)
    if not run:
        raise ModelError(f"{name} is Python code: add --import to have it imported, which runs it")
    return _model(name, model_named(name), sizes, opaque, compare, code)


def _refuse_without_code(code: Mapping[str, Any]) -> None:
    """Raises for an option that is for models whose own code is followed."""
    for option, value in code.items():
        if value:
            raise ModelError(f"--{option} is for PyTorch models, whose own code is followed")


def _fits(network: Network, target: str) -> None:
    """Raises for a target that cannot be one of the network's output: another number of sizes."""
    target_sizes = parse_question(f"{network.notation}\n= {target}").target
    given = len(network.placed[-1].output.dims)
    if isinstance(target_sizes, tuple) and len(target_sizes) != given:
        sizes = f"{len(target_sizes)} size{'s' * (len(target_sizes) != 1)}"
        raise SymnetError(f"the target has {sizes}, but the network gives {given}")


def source(
    argument: str,
    *,
    run: bool | Importer = False,
    input: Sequence[str] | None = None,
    opaque: bool = False,
    usual: str | None = None,
    upto: str | None = None,
    compare: bool = True,
) -> str:
    """The notation of what ``argument`` names; the other arguments are as in :func:`load`."""
    name = argument.strip()
    if _is_model_name(name):
        return load(name, run=run, input=input, opaque=opaque, usual=usual, upto=upto, compare=compare).notation
    _refuse_for_notation(input, opaque, usual, upto)
    return read_source(name)


def question_reader(
    question: str,
    *,
    run: bool | Importer = False,
    input: Sequence[str] | None = None,
    opaque: bool = False,
    usual: str | None = None,
    upto: str | None = None,
    compare: bool = True,
) -> Callable[[str], str]:
    """A function that reads the network part of ``question``; the other arguments are as in :func:`load`."""
    if named_file(question) is None:
        _refuse_for_notation(input, opaque, usual, upto)
    return partial(source, run=run, input=input, opaque=opaque, usual=usual, upto=upto, compare=compare)


def _refuse_for_notation(input: Sequence[str] | None, opaque: bool, usual: str | None, upto: str | None) -> None:
    if input is not None or opaque or usual is not None or upto is not None:
        options = "--input, --opaque, --usual and --upto"
        raise ModelError(f"{options} are for models of a framework; notation says its input itself")


def input_sizes(given: Sequence[str]) -> Any:
    """``3*H*W`` or ``(3, 224, 224)`` as sizes; several inputs as a list in order, or as a dict by name.

    >>> input_sizes(["3*H*224"])
    (<Int 3>, <Symbol H>, <Int 224>)
    >>> input_sizes(["8", "2*4"]), input_sizes(["a=8"])
    (((<Int 8>,), (<Int 2>, <Int 4>)), {'a': (<Int 8>,)})
    >>> input_sizes(["a=8,b=(2, 4)", "c=3"])
    {'a': (<Int 8>,), 'b': (<Int 2>, <Int 4>), 'c': (<Int 3>,)}
    """
    pairs = [text.rpartition("=")[::2] for one in given for text in re.split(r",(?=[^,=()]+=)", one)]
    names = [name.strip() for name, _ in pairs]
    shapes = tuple(_shape(text) for _, text in pairs)
    if not any(names):
        return shapes[0] if len(shapes) == 1 else shapes
    twice = next((name for name in names if names.count(name) > 1), None)
    if "" in names or twice is not None:
        words = f"gives {twice} twice" if twice else "names some inputs only"
        raise ModelError(f"--input {words}: give each input once, all in order or all as in --input name=3*224*224")
    return dict(zip(names, shapes, strict=True))


def _shape(text: str) -> tuple[Any, ...]:
    try:
        return parse_network(f"{text} -> Identity").input.dims
    except NotationError as refused:
        raise ModelError(f"--input {text}: {refused.message}; write it as in --input 3*224*224") from None


def model_named(name: str) -> Any:
    """The model that a factory makes, or the object itself if it is not a factory."""
    module, _, path = name.partition(":")
    there = named_in_file(name)
    found: Any = model_in(loaded_file(there[0]), there[1]) if there else _in_module(module, path)
    if framework_of(found) is not None:
        return found
    if not callable(found):
        raise ModelError(f"{name} is no model and makes none: it is a {type(found).__name__}")
    try:
        return _called(module, partial(found, **_without_weights(found)))
    except Exception as refused:  # noqa: BLE001  # somebody else's code: whatever it raises is told in a line
        raise ModelError(f"{name}() raised {type(refused).__name__}: {refused}") from None


def _in_module(module: str, path: str) -> Any:
    try:
        found: Any = _imported(module)
    except Exception as refused:  # noqa: BLE001  # somebody else's code
        raise ModelError(f"cannot import {module}: {type(refused).__name__}: {refused}") from None
    for part in path.split("."):
        if not hasattr(found, part):
            raise ModelError(f"{module} has no {path}")
        found = getattr(found, part)
    return found


def _called(module: str, factory: Callable[[], Any]) -> Any:
    """The model that a factory makes. torchvision's models are made without allocating weights, if possible, and its
    detectors for evaluation, because they want targets in training.
    """
    model = None
    if module.partition(".")[0] == "torchvision":
        from symnet.frontends.torch import weightless

        with suppress(Exception), catch_warnings(), weightless():
            simplefilter("ignore")  # warnings about initialization
            model = factory()
    model = factory() if model is None else model
    return model.eval() if module.startswith("torchvision.models.detection") else model


def _imported(module: str) -> Any:
    """The module, also from the current directory; torchvision also without its compiled operators."""
    from pathlib import Path  # slow to load, and only needed to import code

    here = str(Path.cwd())
    # ``python -m symnet`` has the current directory on its path, the program ``symnet`` does not
    if here not in sys.path and "" not in sys.path:
        sys.path.append(here)
    if module.partition(".")[0] != "torchvision":
        return import_module(module)
    from symnet.frontends.torch import with_operators

    return with_operators(lambda: import_module(module))


#: The arguments by which factories of keras.applications and torchvision download weights, which nothing derived here depends on.
_WEIGHTS = ("weights", "weights_backbone")


def _without_weights(factory: Any) -> dict[str, None]:
    try:
        known = signature(factory).parameters
    except (TypeError, ValueError):
        return {}
    return dict.fromkeys(name for name in _WEIGHTS if name in known)


def _model(
    name: str, model: Any, sizes: Sequence[Any] | None, opaque: bool, compare: bool, code: Mapping[str, Any]
) -> Network:
    framework = framework_of(model)
    if framework != "torch":
        _refuse_without_code(code)
    if framework == "torch":
        from symnet.frontends.torch import from_torch

        network = from_torch(model, sizes, opaque=opaque, compare=compare, **code)
    elif framework == "keras":
        from symnet.frontends.keras import from_keras

        network = from_keras(model, input=sizes, opaque=opaque, compare=compare)
    elif framework == "onnx":
        from symnet.frontends.onnx import from_onnx

        network = from_onnx(model, input=sizes, opaque=opaque, compare=compare)
    else:
        raise ModelError(f"{name} made a {type(model).__name__}, which is no model of Keras, PyTorch or ONNX")
    network.title = name.rpartition(":")[2] or file_stem(name)  # of file.py:Class the class
    return network
