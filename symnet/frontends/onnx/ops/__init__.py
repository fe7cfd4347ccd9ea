"""Operators of ONNX that become layers, by family; :mod:`symnet.frontends.onnx.ops.table` has all of them by name."""
