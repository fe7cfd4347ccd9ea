"""Zoos: collections of models that people really use, each model asked by itself and held against PyTorch.

``python -m tests.zoo timm`` asks one model of each family of timm. See :mod:`tests.zoo.__main__`.
"""
