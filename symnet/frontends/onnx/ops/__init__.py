"""Operators of ONNX that become layers, by family. A new operator is a handler here and a line in the table at the end
of its file; :mod:`symnet.frontends.onnx.ops.table` collects them.
"""
