"""Text to graphs and back: the notation of networks and questions, and helpful errors for other text.

``scanner`` finds the outline of a text, ``layer_arguments`` and ``calls`` the fields of each layer, ``symbols`` the lower bounds of
letters, ``builder`` makes the graph, ``writer`` writes one; ``notes`` are remarks on text that may be meant differently. May import
``graph``, ``layers`` and what is below. A new kind of layer needs nothing here: its arguments are read by its fields.
"""
