"""Fetching from the network for the knowledge base: guarded, bounded, polite.

Invariant: no request leaves for an address that `addresses` has not allowed, redirects and DNS included.
"""
