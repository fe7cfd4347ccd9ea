"""symnet inside other documents: Python-Markdown and MkDocs, Sphinx, Markdown files that ``sync`` refreshes, and notebooks.

``request`` parses what a block asks for, ``content`` answers it, and ``html``, ``sync`` and ``sphinx`` write the answer. May
import everything but the playground and the command line. A new kind of block is a row in ``request`` and one in ``content``.
"""
