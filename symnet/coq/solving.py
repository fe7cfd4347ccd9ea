"""The Coq proofs of the kernel's rules for solving; see :mod:`symnet.coq.proofs`."""

from __future__ import annotations

from symnet.coq.certificates import coq_tree, refuse_what_takes_too_long
from symnet.coq.recipe import Step, apply, condition_proof, conjunction, ones, proof
from symnet.kernel.primitive.bounds import box_of
from symnet.printing.coq import coq_data, numeral
from symnet.terms.polynomial import normal_form, subtract
from symnet.terms.propositions import And, Le, Proposition
from symnet.terms.term import Symbol, Term, integer, symbols_of

__all__: list[str] = []


@proof
def floor_common(step: Step) -> str:
    terms = step.theorem.arguments
    return apply("rule_floor_common", *map(step.text, terms), *ones(step, *terms[2:]))


@proof
def divide(step: Step) -> str:
    condition = condition_proof(step, Le(integer(1), step.theorem.arguments[1]))
    return apply("rule_divide", *map(step.text, step.theorem.arguments), condition)


@proof
def divide_strict(step: Step) -> str:
    condition = condition_proof(step, Le(integer(1), step.theorem.arguments[2]))
    return apply("rule_divide_strict", *map(step.text, step.theorem.arguments), condition)


@proof
def equal_both_ways(step: Step) -> str:
    return apply("rule_equal_both_ways", *map(step.text, step.theorem.arguments))


@proof
def either(step: Step) -> str:
    return apply("rule_either", *map(step.text, step.theorem.arguments))


@proof
def rewrite_iff(step: Step) -> str:
    equations, proposition = step.theorem.arguments
    distinct = list({equation.conclusion.args[0]: equation for equation in equations}.values())
    text = "(iff_refl _)"
    for equation, pattern in zip(reversed(distinct), reversed(step.rewritten(distinct, proposition)), strict=True):
        left, right = map(step.text, equation.conclusion.args)
        text = f"(rule_iff_chain _ _ _ (rule_rewrite_iff {pattern} {left} {right} {step.use(equation)}) {text})"
    return text


@proof
def conjuncts(step: Step) -> str:
    equivalences = step.theorem.arguments[0]

    def rest(index: int) -> str:
        if index >= len(equivalences):
            return "(iff_refl True)"
        proven = step.use(equivalences[index])
        if index == len(equivalences) - 1:
            return proven
        left = equivalences[index].conclusion.args[0]
        return f"(rule_conjuncts _ _ _ _ {proven} {step.under(left, lambda _: rest(index + 1))})"

    return rest(0)


@proof
def disjuncts(step: Step) -> str:
    proofs = [step.use(equivalence) for equivalence in step.theorem.arguments[0]] or ["(iff_refl False)"]
    text = proofs[-1]
    for one in reversed(proofs[:-1]):
        text = f"(rule_disjuncts _ _ _ _ {one} {text})"
    return text


@proof
def regroup(step: Step) -> str:
    left, right = step.theorem.arguments
    there = step.under(left, lambda known: _assemble(right, _leaves(left, known)))
    return apply("rule_regroup _ _", there, step.under(right, lambda known: _assemble(left, _leaves(right, known))))


def _leaves(proposition: Proposition, known: str) -> dict[Proposition, str]:
    """A proof of each part of a nested conjunction, from the proof ``known`` of all of it."""
    parts: dict[Proposition, str] = {}
    stack = [(proposition, known)]
    while stack:
        inner, text = stack.pop()
        if type(inner) is not And:
            parts.setdefault(inner, text)
            continue
        for index, one in enumerate(inner.args):
            last = index == len(inner.args) - 1
            stack.append((one, text if last else f"(rule_part _ _ {text})"))
            text = f"(rule_part_rest _ _ {text})"
    return parts


def _assemble(proposition: Proposition, leaves: dict[Proposition, str]) -> str:
    if type(proposition) is not And:
        return leaves[proposition]
    proofs = [_assemble(one, leaves) for one in proposition.args] or ["I"]
    text = proofs[-1]
    for one in reversed(proofs[:-1]):
        text = f"(rule_both _ _ {one} {text})"
    return text


@proof
def rearrange(step: Step) -> str:
    left, right = step.theorem.arguments
    one, two = (subtract(normal_form(p.args[1]), normal_form(p.args[0])) for p in (left, right))
    first = second = 1
    if type(left) is type(right) and one and one.keys() == two.keys():
        leading = next(iter(one))
        first, second = two[leading], one[leading]
        if first < 0 and second < 0:
            first, second = -first, -second
    environment, _, _, data = step.data(left, right)
    return apply("rule_rearrange", environment, numeral(first), numeral(second), *data, "eq_refl")


def _promises(step: Step, variables: dict[Term, int]) -> tuple[list[str], list[str]]:
    """The lower bounds of symbols as Coq data, and their proofs."""
    data, proofs = [], []
    for symbol in variables:
        promise = step.promise(symbol) if isinstance(symbol, Symbol) else None
        if symbol.least is not None and promise is not None:
            data.append(coq_data(Le(integer(symbol.least), symbol), variables))
            proofs.append(promise)
    return data, proofs


@proof
def interval_bound(step: Step) -> str:
    # cast to its text: Coq compares data with text quickly in this direction, and for minutes in the other
    claim, proposition, known = step.theorem.arguments
    letters = {*symbols_of(proposition), *symbols_of(claim)}
    for bound in known:
        letters |= set(symbols_of(bound.conclusion))
    program = step.program(tuple(sorted(letters, key=lambda symbol: symbol.serial)), proposition)
    data, proofs = _promises(step, program.variables)
    assumed = "; ".join([*data, *(coq_data(bound.conclusion, program.variables) for bound in known)])
    bound = apply(
        "rule_interval_bound", program.environment, f"{len(program.variables)}%nat", f"[{assumed}]", program.definitions,
        coq_data(claim, program.variables), program.data, "eq_refl", conjunction([*proofs, *map(step.use, known)]),
    )  # fmt: skip
    stated = f"{program.stated} -> ({step.text(proposition)}) -> {step.text(claim)}"
    return f"({bound} : {stated}) {program.meant} {step.hypothesis(proposition)}"


@proof
def tree(step: Step) -> str:
    proposition, unknowns, bounds, answer, certificate = step.theorem.arguments
    refuse_what_takes_too_long(answer, certificate)
    program = step.program(unknowns, proposition)
    data, proofs = _promises(step, program.variables)
    known = [bound for bound in bounds if set(symbols_of(bound.conclusion)) <= set(unknowns)]
    assumed = "; ".join(coq_data(bound.conclusion, program.variables) for bound in known)
    answer_name = step.datum("found", "prop", coq_data(answer, program.variables))
    box = box_of(tuple(known), "tree")
    ends = box.get(unknowns[-1], (unknowns[-1].least, None))
    shown = step.datum("shown", "tree", coq_tree(certificate, len(unknowns) - 1, ends))
    arguments = f"{len(unknowns) - 1}%nat {shown} [{'; '.join(data)}] [{assumed}] {program.definitions} {program.data} {answer_name}"
    decided = step.decided(f"solutions {arguments} = true")
    bounded = step.under(proposition, lambda _: conjunction(list(map(step.use, known))), stated=False)
    solved = apply("rule_tree", program.environment, arguments, decided, conjunction(proofs), bounded)
    return f"({solved} : {program.stated} -> {step.text(step.theorem.conclusion)}) {program.meant}"
