"""Importers: models of PyTorch, Keras and ONNX as networks. Each framework is imported only when one of its models is
read.

``source`` decides what a command's NET argument is; each framework has its folder; ``ops`` is the algebra of tensors
that all importers use on :class:`symnet.frontends.flow.Flow`; ``building`` collects the layers and ``checking``
compares the network with the framework. This room may import ``network``, ``notation``, ``layers`` and below. A new
operator is a handler in its framework's folder, a new framework a folder with a reader that calls ``ops``.
"""
