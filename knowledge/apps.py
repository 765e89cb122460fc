"""Registers the knowledge base."""

from django.apps import AppConfig


class KnowledgeConfig(AppConfig):
    """Articles and how they are found."""

    name = "knowledge"
