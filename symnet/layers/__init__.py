"""Every kind of layer in one place: its formulas, conditions, parameters, sources and worked examples."""
