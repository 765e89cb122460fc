"""An invoice's facts from the text of its pages, for invoices that no machine was meant to read."""

from copilot.triage.fields.invoice.facts import Fact, facts, is_invoice

__all__ = ["Fact", "facts", "is_invoice"]
