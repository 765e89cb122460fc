"""Registers the project itself, for its management commands and checks."""

from django.apps import AppConfig


class CopilotConfig(AppConfig):
    """The model layer keeps no tables."""

    name = "copilot"
