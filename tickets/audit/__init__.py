"""The audit: who did what, when, with which model, how much and how long; never what was said."""

from tickets.audit.recording import SYSTEM, acting, record

__all__ = ["SYSTEM", "acting", "record"]
