"""Facts.v: the rules and facts that Coq's Reals prove again, with no axiom but those of the Reals."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from symnet.facts.catalogue import FACTS, get_fact
from symnet.facts.coq import coq_name, coq_statement
from symnet.facts.fact import is_real
from symnet.kernel.real.expressions import Variable, Whole
from symnet.kernel.real.rules import assume, exp_sum, flip
from symnet.kernel.real.statements import Equal
from symnet.kernel.real.theorem import RULES
from symnet.terms.term import Symbol

SOURCE = Path(__file__).parent.parent.parent / "symnet" / "facts" / "Facts.v"

#: The parts of total_identity and the steps of a proof.
OTHERS = {
    "gibbs",
    "gibbs_from_zero",
    "gibbs_strict",
    "mean_of_equal",
    "mean_shift",
    "total_constant",
    "total_plus",
    "total_scale",
}


def _names(kind: str) -> list[str]:
    return re.findall(rf"^{kind} (\w+)", SOURCE.read_text(encoding="utf-8"), re.MULTILINE)


def test_lemmas_are_called_like_the_rules_they_prove() -> None:
    assert {name for name in _names("Lemma") if not name.endswith("_in_general")} <= set(RULES) | OTHERS
    assert "Admitted" not in SOURCE.read_text(encoding="utf-8")


def test_every_theorem_states_a_fact_word_for_word() -> None:
    """What a fact claims to be proven by Coq is compared by its statement; no theorem of Facts.v is left over."""
    stated = {
        name: proven.theorem
        for fact in map(get_fact, FACTS)
        for proven in fact.proven
        if is_real(proven.theorem) and (name := coq_name(proven.theorem)) is not None
    }
    assert sorted(stated) == sorted(_names("Theorem"))
    assert len(stated) >= 20


def test_another_statement_is_another_theorem() -> None:
    a, b = Variable("a"), Variable("b")
    assert coq_statement(exp_sum(a, b)) == "forall (a b : R), exp (a + b) = (exp a) * (exp b)"
    assert coq_name(exp_sum(a, b)) is None
    shift = get_fact("softmax-shift").proven[0].theorem
    assert is_real(shift)
    assert coq_name(shift) == "softmax_shift"
    assert coq_name(flip(shift)) is None
    assert coq_statement(get_fact("l2-gradient").proven[0].theorem) is None  # type: ignore[arg-type]
    assert coq_statement(assume(Equal(Whole(Symbol("a")), Variable("a")))) is None  # two things of one name


@pytest.mark.coq
def test_coq_accepts_them(tmp_path: Path) -> None:
    text = SOURCE.read_text(encoding="utf-8")
    names = re.findall(r"^Theorem (\w+)", text, re.MULTILINE)
    asked = "\n".join(f"Print Assumptions {name}." for name in names)
    (tmp_path / "Facts.v").write_text(f"{text}\n{asked}\n", encoding="utf-8")
    done = subprocess.run(["coqc", "Facts.v"], cwd=tmp_path, capture_output=True, text=True, check=False, timeout=300)
    assert done.returncode == 0, done.stderr
    axioms = set(re.findall(r"^([\w.]+) :", done.stdout, re.MULTILINE))
    assert axioms <= {
        "ClassicalDedekindReals.sig_forall_dec", "ClassicalDedekindReals.sig_not_dec",
        "FunctionalExtensionality.functional_extensionality_dep", "Classical_Prop.classic",
    }  # fmt: skip
