"""Graphs of layers: notation, sizes, closed forms, costs, receptive fields, and the theorems about them."""
