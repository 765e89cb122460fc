"""Forgetting a requester: their tickets and everything made of them, and what others wrote of them."""

from tickets.erasure.preview import Preview, preview
from tickets.erasure.runs import ask, matching

__all__ = ["Preview", "ask", "matching", "preview"]
