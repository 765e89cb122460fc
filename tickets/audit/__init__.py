"""The audit: who did what, when, with which model, how much and how long; never what was said."""

from tickets.audit.linking import link
from tickets.audit.pruning import prunable, prune
from tickets.audit.recording import SYSTEM, acting, record

__all__ = ["SYSTEM", "acting", "link", "prunable", "prune", "record"]
