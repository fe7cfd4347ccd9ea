"""Facts about dropout: it keeps the expectation, and changes neither sizes nor parameters."""

from __future__ import annotations

from symnet.facts.fact import Fact, Proven, fact
from symnet.facts.tactics import settle
from symnet.kernel.real import rules as R
from symnet.kernel.real.expressions import Entry, Total, Variable, number
from symnet.kernel.real.statements import Less
from symnet.kernel.rules import add_equations, chain, entry_count, polynomial_identity
from symnet.layers.declaration.shape import Shape
from symnet.layers.kinds.dense import Dense
from symnet.layers.kinds.elementwise import Dropout
from symnet.printing.text import unicode_text
from symnet.terms.term import Symbol

__all__ = ["dropout_expectation", "dropout_parameters"]

SOURCE = "Srivastava et al. 2014, Dropout, section 10"


@fact
def dropout_expectation() -> Fact:
    """Proves (1 − p)·x/(1 − p) + p·0 = x."""
    p, x, b = Variable("p"), Variable("x"), Variable("b")
    size, j = Symbol("n"), Symbol("j", 0)
    kept = 1 - p
    sign = R.assume(Less(number(0), kept))
    mean = settle(R.field_identity(kept * (x / kept) + p * 0, x), sign)
    w, entry = Entry("w", j), Entry("x", j)
    seen = Total(j, size, w * (kept * (entry / kept) + p * 0)) + b
    after = settle(R.total_identity(seen, Total(j, size, w * entry) + b), sign)
    spread = settle(R.field_identity(kept * (x / kept) ** 2 + p * 0 - x**2, p / kept * x**2), sign)
    return Fact(
        "dropout-expectation",
        "dropout",
        "Inverted dropout preserves the expectation",
        (
            Proven("Kept with probability 1 − p and divided by 1 − p, else 0: the mean over both cases", mean),
            Proven("So the layer after it has the same expected output before its activation", after),
            Proven("The variance that it adds", spread),
        ),
        remarks=(
            "The condition is p < 1. Nothing is left to do at inference: the layer is the identity there.",
            "Past a nonlinear activation the expectation need not be preserved.",
        ),
        sources=(SOURCE, "Keras, keras.layers.Dropout: inputs not set to 0 are scaled up by 1 / (1 - rate)"),
    )


@fact
def dropout_parameters() -> Fact:
    """Proves that dropout has no parameters and keeps its input's shape."""
    inputs, hidden, outputs = (Symbol(name) for name in "abc")
    before = Dense(hidden).apply((Shape((inputs,), "vector"),))
    dropped = Dropout("0.5").apply((before.output,))
    after = Dense(outputs).apply((dropped.output,))
    arrays = [*before.weights, *dropped.weights, *after.weights]
    counted = add_equations(tuple(entry_count(weight.shape) for weight in arrays))
    expected = (inputs + 1) * hidden + (hidden + 1) * outputs
    theorem = chain(counted, polynomial_identity(counted.conclusion.args[1], expected))
    size = Symbol("n")
    applied = Dropout("0.5").apply((Shape((size,), "vector"),))
    rows = (
        ("layer", "shape", "parameters"),
        ("Dropout|0.5", f"({unicode_text(applied.output.dims[0])})", unicode_text(applied.parameters)),
    )
    return Fact(
        "dropout-parameters",
        "dropout",
        "Dropout changes neither sizes nor parameters",
        (
            Proven(
                "All arrays of a dense layer of b units on a numbers, a dropout, and a dense layer of c units: those of the "
                "two dense layers alone",
                theorem,
            ),
        ),
        remarks=(
            "By its definition dropout holds no array and gives what it is given, some of it 0: the second dense layer sees b numbers.",
            "Against overfitting the notes also name a smaller model, more data and weight decay: "
            "only the first changes the count.",
        ),
        rows=rows,
        sources=(SOURCE, "the lecture notes"),
    )
