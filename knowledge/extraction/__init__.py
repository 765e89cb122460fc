"""From the bytes of a file or a page to Markdown: one file per format, one entry point, `extract`.

Invariant: what comes in is a stranger's. It is bounded before it is parsed, formats with a history of hostile files are
parsed in a process of their own (`apart`), nothing in it runs, and what cannot be read raises CannotRead with a
sentence that a person can act upon.
"""
