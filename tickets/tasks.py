"""Celery's view of the desk."""
