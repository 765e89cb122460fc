"""CTranslate2 handles: text in, vectors or text out. No Django in here.

Handles are not fork-safe: make them in the process that uses them, after any fork.
"""
