"""Registers the desk."""

from django.apps import AppConfig


class TicketsConfig(AppConfig):
    """Tickets and all that happens to them."""

    name = "tickets"
