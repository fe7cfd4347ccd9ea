"""All facts, in the order of the lecture notes."""

from symnet.facts import batchnorm, weight_penalties, optimizers, losses, loss_minima, tensors, dropout  # noqa: F401, I001
