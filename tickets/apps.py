"""Registers the desk."""

from django.apps import AppConfig


class TicketsConfig(AppConfig):
    """Tickets and all that happens to them."""

    name = "tickets"

    def ready(self) -> None:
        """Count what leaves this machine, in every process."""
        from copilot import egress
        from tickets import destinations

        egress.observe(destinations.keep)
