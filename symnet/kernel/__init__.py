"""The trusted part: propositions, theorems that only rules make, the rules, and the replay of written proofs."""
