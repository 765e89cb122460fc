"""Registers the project itself, for its management commands and checks."""

from django.apps import AppConfig


class CopilotConfig(AppConfig):
    """The model layer keeps no tables."""

    name = "copilot"

    def ready(self) -> None:
        """Load the Celery application, so that every process that publishes a task knows our broker."""
        from copilot import celery  # noqa: F401
