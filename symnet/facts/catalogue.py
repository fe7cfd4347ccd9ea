"""All facts, in the order of the lecture notes."""

# ruff: noqa: F401, I001
import symnet.facts.batchnorm
import symnet.facts.weight_penalties
import symnet.facts.optimizers
import symnet.facts.losses
import symnet.facts.loss_minima
import symnet.facts.tensors
import symnet.facts.dropout
