"""The kinds of layers, a family in each file; the registry loads a family when one of its kinds is asked for."""
