"""The Celery application. Tasks only wake work up; what there is to do stands in PostgreSQL."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "copilot.settings")
app = Celery("souffleur")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(["tickets", "knowledge"])
