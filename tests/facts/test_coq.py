"""Facts.v: the rules and facts that Coq's Reals prove again, with no axiom but those of the Reals."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from symnet.facts.catalogue import FACTS
from symnet.kernel.real.theorem import RULES
from symnet.render.facts import proven_by_coq

SOURCE = Path(__file__).parent.parent.parent / "symnet" / "facts" / "Facts.v"

#: Proven under another name: the parts of total_identity, the steps of a proof, what a fact also says.
OTHERS = {
    "dropout_variance", "gibbs", "mean_of_equal", "mean_shift", "total_constant", "total_plus", "total_scale",
}  # fmt: skip


def test_names_are_those_of_rules_and_facts() -> None:
    facts = {name.replace("-", "_") for name in FACTS}
    named = set(re.findall(r"^(?:Lemma|Theorem) (\w+)", SOURCE.read_text(encoding="utf-8"), re.MULTILINE))
    assert named <= facts | set(RULES) | OTHERS
    assert "Admitted" not in SOURCE.read_text(encoding="utf-8")
    assert set(proven_by_coq()) == named & facts
    assert len(named & facts) >= 10


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
