"""Writes reports, tables, answers, explanations and code: theorems become a document, and a writer makes text of it.

``document`` is the document model; ``report``, ``table``, ``answers``, ``comparison``, ``catalogue`` and ``facts`` make documents;
``markdown``, ``html``, ``latex`` and ``text`` write them, ``json`` writes data. The folder ``figures`` draws, ``code`` writes programs of
frameworks. May import ``solving``, ``network``, ``coq`` and what is below. A new format is a writer in ``formats``; a new page makes a
:class:`~symnet.render.document.Document`.
"""
