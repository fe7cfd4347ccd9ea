"""A project of Sphinx whose formulas, tables and figures are derived when it is built: sphinx-build examples/sphinx site."""

project = "Two networks"
extensions = ["myst_parser", "symnet.embed.sphinx"]
html_theme = "alabaster"
html_copy_source = False
exclude_patterns = []
latex_elements = {
    "papersize": "a4paper",
    "fontpkg": r"\IfFileExists{lmodern.sty}{\usepackage{lmodern}}{}",  # the fonts of any LaTeX
    "fncychap": "",
}
