"""`manage.py reembed`: change to the configured embedder here and now, without workers."""

import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from copilot import engine
from copilot.inference.manifest import ModelUnusable
from knowledge import building, recipes, takeover, vectors
from tickets import reembedding
from tickets.audit.calls import gathering

# How often to look again while a worker is at it.
LOOK_SECONDS = 1.0


class Command(BaseCommand):
    """Searches go on meanwhile. Beside a running worker it waits for what that one does, and goes on if it dies."""

    help = (
        "Embed the knowledge base with the configured embedder (SOUFFLEUR_EMBEDDER), train triage for it, and switch."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        """Every step that is due, with progress; nothing when all is done."""
        try:
            target = engine.embedder().recipe
        except ModelUnusable as error:
            raise CommandError(str(error)) from error
        takeover.aim(target)
        takeover.forget()
        with gathering(command="reembed"):
            self._work(target)
        if recipes.serving() != target:
            raise CommandError(f"{target} is no longer wanted: another process has another SOUFFLEUR_EMBEDDER")
        self.stdout.write(f"{target} serves{self._trouble(target)}")

    def _work(self, target: str) -> None:
        mine: str | None = None
        while step := reembedding.needed(target):
            mine = mine or building.claim(target)
            if mine is None or not reembedding.take(mine, step):
                mine = None
                time.sleep(LOOK_SECONDS)
            self._progress(target, step)
        if mine:
            building.release(mine)

    def _progress(self, target: str, step: reembedding.Step) -> None:
        if step is reembedding.Step.EMBED:
            done, total = vectors.progress(target)
            self.stdout.write(f"{done} of {total} passages embedded …")

    def _trouble(self, target: str) -> str:
        error = recipes.trouble(target)
        return f"; triage could not be trained for it: {error}" if error else ""
