"""Writes the Coq file of a derivation: each step of the kernel is one lemma, proven by the lemma of its rule.

The file is one Section. Its variables are the symbols, its hypotheses are the lower bounds of the symbols and the assumptions
of the goals, so no step restates them and the file is linear in the derivation. Only two things are arguments of a step: a
symbol that a later ``instantiate`` replaces, and an assumption that a later step discharges. After the Section each goal is
stated in full, and one ``Print Assumptions`` asks for all of them.

The file is longer than others since a step's lemma needs everything that the file around it knows.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import symnet.coq.proofs  # noqa: F401  (fills PROOFS)
from symnet.coq.evaluation import evaluated_theorem
from symnet.coq.names import MANY, Naming, Variable
from symnet.coq.networks import as_stack, stack_theorem
from symnet.coq.recipe import PROOFS, Program, at_least, conjunction, positive_product
from symnet.coq.rows import definition_data
from symnet.coq.stacks import letters_theorem
from symnet.errors import KernelError
from symnet.kernel.theorem import Theorem
from symnet.kernel.walks import nodes_in, steps
from symnet.printing.coq import comment, coq_data, coq_text, numeral
from symnet.terms.node import Node
from symnet.terms.propositions import Le, Proposition
from symnet.terms.term import Count, Entries, Symbol, Term, integer, substitute

__all__ = ["HEADER", "NARRATED", "emit"]

#: The beginning of every emitted file.
HEADER = """\
Require Import ZArith List.
From Symnet Require Import Symnet Reflect Signs Programs Intervals Progressions Cases Whole Networks.
Import ListNotations.
Open Scope Z_scope.
Open Scope layers_scope.
"""


#: A derivation of more steps is written step by step only if its goals are no closed forms of stacks, which Coq evaluates.
NARRATED = 400
#: A derivation of more steps is written step by step only if Coq cannot evaluate its goals.
EVALUATED = 1500


def emit(
    *goals: Theorem,
    title: str = "A derivation by symnet",
    names: Mapping[Term, str] | None = None,
    narrate: int = NARRATED,
) -> str:
    """The Coq file that proves ``goals`` again, step by step; ``names`` are display names of sizes.

    A derivation of more than ``narrate`` steps is checked by evaluation if all its goals are closed forms of stacks; one of
    more than 1,500 steps also if each of its goals is about one letter. Raises :class:`symnet.KernelError` without goals.

    >>> from symnet.kernel.rules import value
    >>> print(emit(value(integer(28) - 5)).split("Section derivation.")[1])  # doctest: +NORMALIZE_WHITESPACE
    (* 1. value *)
    Definition step_1 : 28 - 5 = 23 := rule_value (Add (Num 28) (Num (-5))) 23 eq_refl.
    Theorem closed_1 : 28 - 5 = 23.
    Proof using Type. exact step_1. Qed.
    End derivation.
    Theorem goal_1 : 28 - 5 = 23.
    Proof. exact closed_1. Qed.
    Print Assumptions goal_1.
    """
    if not goals:
        raise KernelError("emit: there is no theorem to emit")
    length = len(steps(*goals))
    if length > narrate:
        stacks = [stack for goal in goals if (stack := as_stack(goal)) is not None]
        if len(stacks) == len(goals):
            lines = [comment(title), HEADER]
            for index, stack in enumerate(stacks, 1):
                lines += stack_theorem(index, stack)
            return "\n".join([*lines, *_question(len(goals))]) + "\n"
        if len(goals) == 1 and (sentences := letters_theorem(goals[0])) is not None:
            return "\n".join([comment(title), HEADER, *sentences, *_question(1)]) + "\n"
    if length > max(narrate, EVALUATED) and (sentences := evaluated_theorem(goals)) is not None:
        return "\n".join([comment(title), HEADER, *sentences, *_question(1)]) + "\n"
    return _File(goals, names or {}).write(title)


def _question(goals: int) -> list[str]:
    """The end of every file: it prints the assumptions of all goals."""
    names = [f"goal_{index}" for index in range(1, goals + 1)]
    if goals == 1:
        return [f"Print Assumptions {names[0]}."]
    return [f"Definition all_goals := {conjunction(names)}.", "Print Assumptions all_goals."]


class _File:
    """The Section of a derivation, step by step."""

    def __init__(self, goals: Sequence[Theorem], names: Mapping[Term, str]) -> None:
        self.goals = goals
        self.order = steps(*goals)
        self.number = {theorem: index for index, theorem in enumerate(self.order, 1)}
        changed: set[Symbol] = set()
        discharged: set[Proposition] = set()
        for theorem in self.order:
            arguments = theorem.arguments
            if theorem.rule == "instantiate":
                changed.update(arguments[1])
            changed.update(argument for argument in arguments if isinstance(argument, Symbol))
        self.hypotheses = {theorem: theorem.hypotheses for theorem in self.order}
        for theorem, kept in self.hypotheses.items():
            for premise in theorem.premises:
                discharged |= self.hypotheses[premise] - kept
        assumed = dict.fromkeys(
            sorted((h for goal in goals for h in self.hypotheses[goal] if h not in discharged), key=lambda h: h.serial)
        )
        roots: list[Node] = [*assumed]
        for theorem in self.order:
            roots += [theorem.conclusion, *nodes_in(theorem.arguments)]
        self.naming = Naming(roots, changed, names)
        self.given = {h: "" for h in assumed if not self.naming.replaced_symbols(h)}
        self.together = len(self.given) > MANY
        self.assumed_mask = 0
        for index, hypothesis in enumerate(self.given):
            self.given[hypothesis] = f"(given {index}%nat)" if self.together else f"given_{index + 1}"
            self.assumed_mask |= self.naming.mask(hypothesis)
        self.local = {
            theorem: sorted((h for h in found if h not in self.given), key=lambda h: h.serial)
            for theorem, found in self.hypotheses.items()
        }
        self.positive: dict[Term, str] = {}
        self.programs: dict[tuple[tuple[Symbol, ...], Proposition], Program] = {}
        self.variables: dict[Theorem, tuple[Symbol, ...]] = {}
        self.used: dict[Theorem, int] = {}
        for theorem in self.order:
            self._variables_of(theorem)

    def _variables_of(self, theorem: Theorem) -> None:
        """Sets the step's own variables, and the bits of the Section's variables that it uses."""
        step_symbols: set[Symbol] = set()
        used = 0
        nodes: list[Node] = [theorem.conclusion, *self.local[theorem]]
        if self.together and len(self.local[theorem]) < len(self.hypotheses[theorem]):
            used |= self.assumed_mask
        for premise in theorem.premises:
            step_symbols.update(self.variables[premise])
            used |= self.used[premise]
        if theorem.rule == "instantiate":
            step_symbols.difference_update(theorem.arguments[1])
            nodes += theorem.arguments[2]
        elif theorem.rule != "replace":
            nodes += nodes_in(theorem.arguments)
        for node in nodes:
            step_symbols.update(self.naming.replaced_symbols(node))
            used |= self.naming.mask(node)
        self.variables[theorem] = tuple(sorted(step_symbols, key=lambda symbol: symbol.serial))
        self.used[theorem] = used

    def write(self, title: str) -> str:
        naming = self.naming
        lines = [comment(title), HEADER, "Section derivation."]
        lines += [f"Variable {variable.name} : {variable.kind}." for variable in naming.variables]
        lines += [f"Hypothesis {each.sign} : {each.promise}." for each in naming.variables if each.promise is not None]
        lines += naming.members
        lines += naming.define(*self.given)
        lines += self._assumptions()
        for theorem in self.order:
            lines += _Step(self, theorem).write()
        for index, goal in enumerate(self.goals, 1):
            lines += self._closed(index, goal)
        lines.append("End derivation.\n")
        for index, goal in enumerate(self.goals, 1):
            lines += self._goal(index, goal)
        lines += _question(len(self.goals))
        return "\n".join(lines) + "\n"

    def _assumptions(self) -> list[str]:
        """The hypotheses of the Section; many of them are written as one hypothesis about a list."""
        texts = [coq_text(hypothesis, self.naming.inside) for hypothesis in self.given]
        if not self.together:
            return [f"Hypothesis {name} : {text}." for name, text in zip(self.given.values(), texts, strict=True)]
        return [
            f"Definition assumptions : list Prop := [\n  {f';{chr(10)}  '.join(texts)}].",
            "Hypothesis given : forall i, nth i assumptions True.",
        ]

    def _assumptions_of(self, goal: Theorem) -> list[Proposition]:
        return [hypothesis for hypothesis in self.given if hypothesis in self.hypotheses[goal]]

    def _assumption_names(self, goal: Theorem) -> list[str]:
        assumptions = self._assumptions_of(goal)
        return (
            ["given"][: len(assumptions)] if self.together else [self.given[hypothesis] for hypothesis in assumptions]
        )

    def _statement(
        self, goal: Theorem, names: Mapping[Term, str], shared: Sequence[Variable], step_symbols: Sequence[Symbol]
    ) -> str:
        """``forall variables, signs -> hypotheses -> conclusion``."""
        naming = self.naming
        binders = [f"({variable.name} : {variable.kind})" for variable in shared]
        signs = [f"({variable.promise})" for variable in shared if variable.promise is not None]
        inner = [f"({naming.inside[symbol]} : Z)" for symbol in step_symbols]
        promises = [naming.promise(symbol) for symbol in step_symbols if symbol.least is not None]
        premises = [f"({coq_text(hypothesis, names)})" for hypothesis in self.local[goal]]
        if names is naming.outside and self.together and self._assumptions_of(goal):
            every = " ".join(["assumptions", *(variable.name for variable in naming.used(self.assumed_mask))])
            signs.append(f"(forall i, nth i ({every}) True)")
        elif names is naming.outside:
            signs += [f"({coq_text(hypothesis, names)})" for hypothesis in self._assumptions_of(goal)]
        first = f"forall {' '.join(binders)},\n  " if binders else ""
        second = f"forall {' '.join(inner)},\n  " if inner else ""
        arrows = "".join(f"{one} -> " for one in signs), "".join(f"{one} -> " for one in (*promises, *premises))
        return f"{first}{arrows[0]}{second}{arrows[1]}{coq_text(goal.conclusion, names)}"

    def _closed(self, index: int, goal: Theorem) -> list[str]:
        naming = self.naming
        shared = naming.used(self.used[goal])
        using = [variable.name for variable in shared]
        using += [variable.sign for variable in shared if variable.promise is not None]
        using += self._assumption_names(goal)
        return [
            f"Theorem closed_{index} : {self._statement(goal, naming.inside, (), self.variables[goal])}.",
            f"Proof using {' '.join(using) or 'Type'}. exact step_{self.number[goal]}. Qed.",
        ]

    def _goal(self, index: int, goal: Theorem) -> list[str]:
        """The goal in full; a variable that occurs only in the derivation gets a value."""
        naming = self.naming
        stated = [goal.conclusion, *self.hypotheses[goal]]
        mask = 0
        for node in stated:
            mask |= naming.mask(node)
        if self.together and self._assumptions_of(goal):
            mask |= self.assumed_mask
        step_symbols = [
            symbol for symbol in self.variables[goal] if any(symbol in naming.replaced_symbols(node) for node in stated)
        ]
        shared = naming.used(mask)
        statement = f"Theorem goal_{index} : {self._statement(goal, naming.outside, shared, step_symbols)}."
        needed = naming.used(self.used[goal])
        if needed == shared and len(step_symbols) == len(self.variables[goal]):
            return [statement, f"Proof. exact closed_{index}. Qed."]
        arguments = [each.name if each in shared else each.witness for each in needed]
        arguments += [each.sign if each in shared else each.bound_proof for each in needed if each.promise is not None]
        arguments += self._assumption_names(goal)
        binders = [each.name for each in shared] + [each.sign for each in shared if each.promise is not None]
        binders += self._assumption_names(goal)
        binders += [naming.inside[symbol] for symbol in step_symbols]
        binders += [naming.sign(symbol) for symbol in step_symbols if symbol.least is not None]
        local = [f"hyp_{index}" for index in range(1, len(self.local[goal]) + 1)]
        arguments += [
            naming.inside[each] if each in step_symbols else numeral(each.least or 0) for each in self.variables[goal]
        ]
        for symbol in self.variables[goal]:
            if symbol.least is not None:
                arguments.append(
                    naming.sign(symbol) if symbol in step_symbols else f"(Z.le_refl {numeral(symbol.least)})"
                )
        applied = " ".join([f"closed_{index}", *arguments, *local])
        function = f"fun {' '.join([*binders, *local])} => " if binders or local else ""
        return [statement, f"Proof. exact ({function}{applied}). Qed."]


class _Step:
    """The lemma of one step; it implements :class:`symnet.coq.proofs.Step`."""

    def __init__(self, file: _File, theorem: Theorem) -> None:
        self.file, self.naming, self.theorem = file, file.naming, theorem
        self.assumed = {h: f"hyp_{index}" for index, h in enumerate(file.local[theorem], 1)}
        self.fresh = len(self.assumed)
        self.shown: list[str] = []  # definitions that the proof needs before the step

    def write(self) -> list[str]:
        theorem, naming = self.theorem, self.naming
        maker = PROOFS.get(theorem.rule)
        if maker is None:
            raise KernelError(f"emit: the rule {theorem.rule} has no entry in symnet/coq/proofs.py")
        definitions = naming.define(theorem.conclusion, *self.assumed, *nodes_in(theorem.arguments))
        binders = [f"({naming.inside[symbol]} : Z)" for symbol in self.file.variables[theorem]]
        signed = [symbol for symbol in self.file.variables[theorem] if symbol.least is not None]
        binders += [f"({naming.sign(symbol)} : {naming.promise(symbol)})" for symbol in signed]
        binders += [f"({name} : {coq_text(h, naming.inside)})" for h, name in self.assumed.items()]
        head = " ".join([f"Definition step_{self.file.number[theorem]}", *binders])
        numbers = [str(self.file.number[premise]) for premise in theorem.premises]
        words = f"{self.file.number[theorem]}. {theorem.rule}" + (f" of {', '.join(numbers)}" if numbers else "")
        statement = coq_text(theorem.conclusion, naming.inside)
        proof = maker(self)
        return [*definitions, *self.shown, comment(words), f"{head} :\n  {statement} :=\n  {proof}."]

    def positive(self, product: Term) -> str:
        naming = self.naming
        factors = naming.written_term(product).args  # a product's arguments are its factors
        if not naming.has_definition(product) or naming.replaced_symbols(product):
            return positive_product(self, factors)
        if product not in self.file.positive:
            name = f"{naming.inside[product]}_positive"
            proof = positive_product(self, factors)
            self.shown += naming.define(product)
            self.shown.append(f"Definition {name} : 1 <= {naming.inside[product]} := {proof}.")
            self.file.positive[product] = name
        return self.file.positive[product]

    def text(self, node: Node) -> str:
        text = coq_text(node, self.naming.inside)
        return text if text.isalnum() else f"({text})"

    def use(self, premise: Theorem) -> str:
        return self.instance(premise, {})

    def under(self, assumption: Proposition, body: Callable[[str], str], *, stated: bool = True) -> str:
        outer, self.fresh = self.assumed, self.fresh + 1
        name = f"hyp_{self.fresh}"
        self.assumed = {**outer, assumption: name}
        text = body(name)
        self.assumed = outer
        binder = f"{name} : {coq_text(assumption, self.naming.inside)}" if stated else name
        return f"(fun {binder} => {text})"

    def rewritten(self, equations: Sequence[Theorem], proposition: Proposition) -> list[str]:
        holes: dict[Term, Term] = {
            equation.conclusion.args[0]: Symbol(f"symnet_hole_{index}", None)
            for index, equation in enumerate(equations)
        }
        names = {**self.naming.inside, **{hole: f"hole_{index}" for index, hole in enumerate(holes.values())}}
        pattern = substitute(proposition, holes)
        functions = []
        for index, equation in enumerate(equations):
            sides = {
                holes[other.conclusion.args[0]]: other.conclusion.args[other in equations[:index]]
                for other in equations
            }
            hole = holes[equation.conclusion.args[0]]
            del sides[hole]
            functions.append(f"(fun {names[hole]} : Z => {coq_text(substitute(pattern, sides), names)})")
        return functions

    def instance(self, premise: Theorem, values: dict[Term, Term]) -> str:
        variables = self.file.variables[premise]
        parts = [f"step_{self.file.number[premise]}", *(self.text(values.get(symbol, symbol)) for symbol in variables)]
        parts += [self._bound_proof(symbol, values.get(symbol)) for symbol in variables if symbol.least is not None]
        parts += [self.hypothesis(substitute(h, values) if values else h) for h in self.file.local[premise]]
        return f"({' '.join(parts)})" if len(parts) > 1 else parts[0]

    def _bound_proof(self, symbol: Symbol, term: Term | None) -> str:
        """A proof that the term substituted for ``symbol`` satisfies its lower bound."""
        if term is None:
            return self.naming.sign(symbol)
        least = symbol.least or 0
        if term.least is None or term.least < least:
            return self.hypothesis(Le(integer(least), term))
        return at_least(self, least, term)

    def hypothesis(self, proposition: Proposition) -> str:
        name = self.assumed.get(proposition) or self.file.given.get(proposition)
        if name is None:
            raise KernelError(f"emit: step {self.file.number[self.theorem]} rests on what it does not assume")
        return name

    def assumes(self, proposition: Proposition) -> bool:
        return proposition in self.file.hypotheses[self.theorem]

    def binding(self, symbol: Symbol, body: Node) -> str:
        return f"(fun {self.naming.inside[symbol]} : Z => {coq_text(body, self.naming.inside)})"

    def promise(self, symbol: Symbol) -> str | None:
        at_hand = symbol in self.file.variables[self.theorem] or symbol in self.naming.variable_of
        return self.naming.sign(symbol) if at_hand and symbol.least is not None else None

    def data(self, *nodes: Node) -> tuple[str, str, str, list[str]]:
        variables: dict[Term, int] = {}
        stack = list(reversed(nodes))
        seen: set[Node] = set()
        while stack:
            node = stack.pop()
            if isinstance(node, Symbol | Count):
                variables.setdefault(node, len(variables))
            elif node not in seen:
                seen.add(node)
                stack.extend(reversed(node.children))
        low, proofs = [], []
        for leaf in variables:
            promise = self.promise(leaf) if isinstance(leaf, Symbol) else f"({_COUNT_LEAST[type(leaf) is Entries]})"
            low.append("None" if promise is None else f"Some {numeral(leaf.least or 0)}")
            proofs += [] if promise is None else [promise]
        environment = "; ".join(coq_text(leaf, self.naming.inside) for leaf in variables)
        data = [coq_data(node, variables) for node in nodes]
        return f"[{environment}]", f"[{'; '.join(low)}]", conjunction(proofs), data

    def program(self, symbols: Sequence[Symbol], proposition: Proposition) -> Program:
        """The program of a proposition, defined once for each order of symbols."""
        key = (tuple(symbols), proposition)
        if key not in self.file.programs:
            letters: dict[Term, int] = {symbol: index for index, symbol in enumerate(symbols)}
            variables = dict(letters)
            definitions = []
            for node in self._computed(proposition):
                definitions.append(self._definition(node, variables))
                variables[node] = len(variables)
            environment = "; ".join(coq_text(leaf, self.naming.inside) for leaf in variables)
            listed = self.datum("counts", "list definition", f"[{'; '.join(definitions)}]")
            data = self.datum("asked", "prop", coq_data(proposition, variables))
            computed = list(variables)[len(letters) :]
            inside = self.naming.inside
            bodies = [coq_text(read := self.naming.written_term(node), inside, read) for node in computed]
            names = [self.text(node) for node in computed]
            stated = "".join(f"{name} = {body} /\\ " for name, body in zip(names, bodies, strict=True)) + "True"
            meant = conjunction([f"(eq_refl {name})" for name in names])
            self.file.programs[key] = Program(f"[{environment}]", listed, stated, meant, data, letters)
        return self.file.programs[key]

    def _computed(self, proposition: Proposition) -> list[Term]:
        """The counts and the named terms of a proposition, each after those inside it."""
        computed: list[Term] = []
        seen: set[Node] = set()
        stack: list[tuple[Node, bool]] = [(proposition, False)]
        while stack:
            node, entered = stack.pop()
            if entered:
                computed.append(node)  # type: ignore[arg-type]
            elif node not in seen:
                seen.add(node)
                if isinstance(node, Count) or self.naming.has_definition(node):
                    stack.append((node, True))
                read = self.naming.written_term(node) if isinstance(node, Term) else node
                stack.extend((child, False) for child in reversed(read.children))
        return computed

    def _definition(self, node: Term, variables: Mapping[Term, int]) -> str:
        if isinstance(node, Count):
            return definition_data(node, variables)
        return f"Written {coq_data(self.naming.written_term(node), variables)}"

    def datum(self, word: str, kind: str, text: str) -> str:
        name = f"{word}_{self.file.number[self.theorem]}"
        self.shown.append(f"Definition {name} : {kind} :=\n  {text}.")
        return name

    def decided(self, claim: str) -> str:
        name = f"decided_{self.file.number[self.theorem]}"
        self.shown.append(f"Definition {name} : {claim} :=\n  (eq_refl true <: {claim}).")
        return name


_COUNT_LEAST = ("Windows_least _ _ _ _", "Entries_least _")
