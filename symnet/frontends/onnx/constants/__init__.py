"""Arrays that are known before the model runs (weights, and the sizes of shape arithmetic), and the operators on them.
An operator is added as a handler in the table of its file.
"""
