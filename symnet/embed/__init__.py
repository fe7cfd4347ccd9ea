"""symnet inside other documents: a Python-Markdown extension, ``sync`` for Markdown files, notebooks."""
