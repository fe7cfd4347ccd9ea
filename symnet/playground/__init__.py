"""The playground: a page that runs symnet in the browser.

``answers`` is the Python side of the page, ``build`` writes the page into a folder, ``server`` serves it on this machine. May
import everything but the command line; ``answers`` runs in the browser, where only SymPy and Markdown are installed.
"""
