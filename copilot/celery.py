"""The Celery application. Tasks only wake work up; what there is to do stands in PostgreSQL."""

import os
from typing import Any

from celery import Celery, Task

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "copilot.settings")


class Recorded(Task[Any, Any]):
    """Every task: what it gives to models is in the audit."""

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Run it."""
        from tickets.audit.calls import gathering

        with gathering(task=str(self.name).rpartition(".")[2]):
            return super().__call__(*args, **kwargs)


app = Celery("souffleur", task_cls=Recorded)
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(["tickets", "knowledge"])
