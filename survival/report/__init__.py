"""The report of a study as one page that needs no network: results, displays, and every subject.

`page.write_report` writes it; the page's own style and program stand beside the modules as .css and .js files.
"""
