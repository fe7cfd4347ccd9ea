"""Values of networks are SymPy expressions: whatever is done to one gives what it gives for the plain expression."""

from __future__ import annotations

import copy
import pickle
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest
import sympy

import symnet
from symnet.errors import KernelError, SymnetError, TermError
from symnet.network import value as value_module
from symnet.network.value import Value
from symnet.sympy_functions.named_letters import NamedLetters

np = pytest.importorskip("numpy")  # of the test extra, so it is there
x = sympy.Symbol("x")
W = sympy.Symbol("W", integer=True, positive=True)

NETWORK = symnet.Network.parse("(3*W*W) -> Conv|K|7|2|3 -> BN -> Maxpool|3|2|1")
VALUES: dict[str, Value] = {
    "product": NETWORK.parameters,
    "quotient": NETWORK.output[1],
    "sum": symnet.Network.parse("(3*W*W) -> Conv|K|3 -> Conv|K|3").parameters,
    "integer": symnet.Network.parse("784 -> FC|10").parameters,
    "zero": symnet.Network.parse("(1*W*W) -> Maxpool|2").parameters,
    "symbol": symnet.Network.parse("(K*W*W) -> ReLU").output[0],
    "ceiling": symnet.Network.parse("(1*W*W) -> Conv|1|3|S|same").output[1],
}

OPERATIONS: dict[str, Callable[[Any], Any]] = {
    "neg": lambda v: -v, "pos": lambda v: +v, "floor": lambda v: v // 2, "mod": lambda v: v % 2, "power": lambda v: 2**v,
    "square": lambda v: v**2, "abs": abs, "divmod": lambda v: divmod(v, 2), "add": lambda v: v + 1, "radd": lambda v: 1 + v,
    "sub": lambda v: x - v, "mul": lambda v: v * x, "div": lambda v: v / 3, "bool": bool, "hash": hash, "sympify": sympy.sympify,
    "traversal": lambda v: list(sympy.preorder_traversal(v)), "matrix": lambda v: sympy.Matrix([v]), "sum": lambda v: sum([v, v]),
    "sorted": lambda v: sorted([v + 1, v], key=sympy.default_sort_key), "func": lambda v: v.func(*v.args) if v.args else v,
    "simplify": sympy.simplify, "expand": sympy.expand, "factor": sympy.factor, "together": sympy.together, "latex": sympy.latex,
    "srepr": sympy.srepr, "sstr": sympy.sstr, "pretty": sympy.pretty, "cse": lambda v: sympy.cse([v, v + 1]),
    "array": lambda v: (np.array([v]) * 2).tolist(), "int64": lambda v: np.int64(3) * v, "arange": lambda v: (v * np.arange(3)).tolist(),
    "eq": lambda v: sympy.Eq(v, 5), "less": lambda v: v < 5, "tuple": sympy.Tuple, "N": sympy.N, "evalf": lambda v: v.evalf(),
    "integer": lambda v: v.is_integer, "xreplace": lambda v: v.xreplace({W: sympy.Integer(3)}), "subs": lambda v: v.subs(W, 9),
    "terms": lambda v: v.as_ordered_terms(), "Sum": lambda v: sympy.Sum(v, (W, 1, 3)).doit(), "ops": lambda v: v.count_ops(),
    "has": lambda v: v.has(W), "Max": lambda v: sympy.Max(v, 3), "Mod": lambda v: sympy.Mod(v, 2), "sqrt": sympy.sqrt,
    "set": sympy.FiniteSet, "interval": lambda v: sympy.Interval(0, v), "piecewise": lambda v: sympy.Piecewise((v, True)),
    "symbols": lambda v: v.free_symbols, "diff": lambda v: sympy.diff(v, W), "dict": lambda v: sympy.Dict({1: v}),
    "coefficient": lambda v: v.as_coeff_Mul(), "sort key": lambda v: v.sort_key(), "match": lambda v: v.match(sympy.Wild("a")),
    "limit": lambda v: sympy.limit(v / W, W, sympy.oo), "unevaluated": lambda v: sympy.Add(v, v, evaluate=False),
    "mathml": sympy.mathml, "pycode": sympy.pycode, "ccode": sympy.ccode, "zero": lambda v: sympy.simplify(v - v + 0 * v),
    "instance": lambda v: [isinstance(v, kind) for kind in (sympy.Expr, sympy.Integer, sympy.Add, sympy.Mul, symnet.FloorDiv)],
}  # fmt: skip


def _outcome(operation: Callable[[Any], Any], on: Any) -> Any:
    try:
        return operation(on)
    except (AttributeError, TypeError, NotImplementedError) as error:  # as SymPy's own expression fails
        return type(error)


@pytest.mark.parametrize("name", VALUES)
def test_operations_are_those_of_the_expression(name: str) -> None:
    value = VALUES[name]
    for operation, function in OPERATIONS.items():
        assert _outcome(function, value) == _outcome(function, value.expr), operation


@pytest.mark.parametrize("name", VALUES)
def test_a_value_is_its_expression_and_knows_its_theorem(name: str) -> None:
    value = VALUES[name]
    plain = value.expr
    assert isinstance(value, sympy.Expr)
    assert not isinstance(plain, Value)
    assert value == plain
    assert plain == value
    assert {value: 1}[plain] == {plain: 1}[value] == 1
    assert not any(isinstance(part, Value) for part in sympy.preorder_traversal(value + x))
    assert value.theorem.conclusion.args[1] is value.term
    assert eval(str(value), {"K": 5, "W": 9, "S": 2}) == plain.subs({"K": 5}).subs(
        {symbol: {"K": 5, "W": 9, "S": 2}[symbol.name] for symbol in plain.free_symbols}
    )


@pytest.mark.parametrize("name", VALUES)
def test_copies_and_stored_values_come_back_with_their_theorem(name: str) -> None:
    value = VALUES[name]
    for again in (copy.copy(value), copy.deepcopy([value])[0], pickle.loads(pickle.dumps(value))):
        assert again == value
        assert str(again) == str(value)
        assert again.theorem.conclusion is value.theorem.conclusion
        assert again.theorem.hypotheses == value.theorem.hypotheses


def test_a_theorem_that_is_too_long_to_store_is_said_to_be_gone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(value_module, "PICKLED", 3)
    again = pickle.loads(pickle.dumps(NETWORK.parameters))
    assert again == NETWORK.parameters
    with pytest.raises(KernelError, match=r"gone: its proof has .* steps"):
        _ = again.theorem


def test_a_stored_proof_of_something_else_is_refused() -> None:
    proof = NETWORK.parameters.__reduce_ex__(4)[1][2]
    make = NETWORK.output[1].__reduce_ex__(4)[0]
    with pytest.raises(SymnetError, match="not one of this value"):
        _ = make(NETWORK.output[1].term, None, proof).theorem


def test_networks_and_layers_are_stored() -> None:
    again = pickle.loads(pickle.dumps(NETWORK))
    assert again == NETWORK
    assert (again.parameters, again.title, type(again)) == (NETWORK.parameters, NETWORK.title, symnet.Network)
    assert copy.deepcopy(NETWORK).output == NETWORK.output
    k = sympy.Symbol("k")
    named = pickle.loads(pickle.dumps(symnet.Network(input=(3, x, x), layers=[symnet.Conv(k, 3)])))
    assert named.parameters == 28 * k


def test_letters_go_by_their_names() -> None:
    K = sympy.Symbol("K", integer=True, positive=True)
    parameters = VALUES["sum"]
    assert parameters.subs("K", 3) == parameters.expr.subs(K, 3)
    assert parameters.subs({"K": "2*K"}) == parameters.expr.subs(K, 2 * K)
    assert sympy.diff(parameters, "K") == parameters.diff("K") == sympy.diff(parameters.expr, K)
    assert sympy.diff(parameters, "W") == 0  # a letter of the network
    for wrong in (lambda: parameters.subs("Q", 3), lambda: sympy.diff(parameters, "Q")):
        with pytest.raises(SymnetError, match=r"'Q' is none of the letters here: K, W"):
            wrong()


def test_what_is_shown() -> None:
    assert sympy.latex(symnet.Network.parse("(3,224,224) -> Conv|1|1").output[1]) == "224"
    squared = 216 * symnet.FloorDiv(W + 1, 2) ** 2
    assert symnet.Network.parse("(3*W*W) -> Conv|8|3|2|1").multiply_adds == squared
    assert sympy.latex(2 * x * symnet.CeilDiv(W, 2) + 1) == r"2 x \left\lceil\frac{W}{2}\right\rceil + 1"
    assert sympy.latex(squared) == r"216 \left\lfloor\frac{W+1}{2}\right\rfloor^{2}"
    assert f"{VALUES['integer']:,}" == "7,850"
    assert "⌊" in sympy.pretty(NETWORK.output[1], use_unicode=True) or "⎣" in sympy.pretty(NETWORK.output[1])


def test_a_value_cannot_be_changed() -> None:
    with pytest.raises(AttributeError):
        NETWORK.parameters.term = None
    with pytest.raises(TermError, match="deeper"):
        _ = NamedLetters.__dict__["expr"].fget(type("Deep", (), {"_plain": None})())


@pytest.mark.parametrize(
    "arguments",
    [
        pytest.param(("table", "784 -> FC|10"), marks=pytest.mark.slow),
        ("report", "(3*W*W) -> Conv|K|3"),
        pytest.param(("table", "--json", "(3*W*W) -> Conv|K|3"), marks=pytest.mark.slow),
        ("compare", "(1,W,W) -> Conv|8|3", "(1,W,W) -> Conv|8|3|1|0"),
        ("solve", "(3,224,224) -> Conv|64|F|S|3 = (64,112,112)", "--where", "F<=11"),
    ],
)
def test_commands_do_not_load_sympy(arguments: tuple[str, ...]) -> None:
    code = f"import sys; from symnet.cli import main; main({list(arguments)}); sys.exit('sympy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False, stdout=subprocess.DEVNULL).returncode == 0


def test_a_value_is_shown_as_a_person_writes_it() -> None:
    k, p = sympy.symbols("k p")
    assert (
        repr(symnet.Network(input=(3, x, x), layers=[symnet.Conv(k, 3, 1, p)]).output)
        == "(k, x + 2*p - 2, x + 2*p - 2)"
    )
    assert str(symnet.Network.parse("(3*W*W) -> Conv|K|3|S").output[1]) == "(W + S - 3)//S"
    assert str(symnet.compose(symnet.Conv("K", "F", "S", "P"), symnet.MaxPool(2))) == "(W + 2*P - F + S)//(2*S)"
    assert str(symnet.Conv("K", "F", "S", "P").parameters) == "(F*F*D + 1)*K"
    deep = symnet.Network.parse("(1*W*W) -> " + " -> ".join(["Conv|1|3|S|P"] * 60))
    assert str(deep.output[1])
