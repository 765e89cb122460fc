"""The sample world's people, teams and helpdesks; articles and past tickets are files in `samples/`."""

import secrets
from base64 import b64encode
from pathlib import Path

from copilot.engine import embedder
from copilot.inference.manifest import ModelUnusable
from demo.console import Failed, progress
from demo.incoming import SAMPLES
from demo.rules import TEAMS
from knowledge import runs
from knowledge.indexing import SyncReport, sync
from knowledge.models import Source
from knowledge.sources.base import SourceMissing
from knowledge.sources.folder import Folder
from tickets.intents import active_classifier
from tickets.labelling import import_rows
from tickets.models import Helpdesk, Team, TrainingRow, User
from tickets.models.people import Role
from tickets.versions import retrain

PASSWORD = "souffleur-demo"  # noqa: S105  the demo listens on this machine only
PEOPLE = [
    ("alex", "Alex", "Moreau", Role.AGENT, "en"),
    ("camille", "Camille", "Perrin", Role.AGENT, "fr"),
    ("morgan", "Morgan", "Hale", Role.MANAGER, "en"),
    ("admin", "Robin", "Vasseur", Role.ADMINISTRATOR, "en"),
]


def people() -> None:
    """Two agents in every team, a manager, an administrator; those who exist stay as they are."""
    teams = [Team.objects.get_or_create(slug=f"team-{n}", defaults={"name": name})[0] for n, name in enumerate(TEAMS)]
    for username, first, last, role, language in PEOPLE:
        values = {"first_name": first, "last_name": last, "role": role, "language": language}
        user, created = User.objects.get_or_create(
            username=username, defaults={**values, "sees_content": role == Role.MANAGER}
        )
        if created:
            user.set_password(PASSWORD)
            user.save()
        if role == Role.AGENT:
            user.teams.add(*teams)


def helpdesks(port: int) -> list[Helpdesk]:
    """One helpdesk for each dialect, posting to the sample helpdesk at `port`."""
    secret = "whsec_" + b64encode(secrets.token_bytes(24)).decode()
    standard, _ = Helpdesk.objects.get_or_create(
        slug="sample", defaults={"name": "Sample helpdesk", "dialect": "standard", "webhook_secret": secret}
    )
    zammad, _ = Helpdesk.objects.get_or_create(
        slug="sample-zammad",
        defaults={"name": "Sample Zammad", "dialect": "zammad", "webhook_secret": secrets.token_hex(16)},
    )
    standard.api_url, zammad.api_url = f"http://127.0.0.1:{port}/replies", f"http://127.0.0.1:{port}"
    standard.api_token = zammad.api_token = "sample"  # noqa: S105  the sample helpdesk asks for none
    standard.save()
    zammad.save()
    return [standard, zammad]


def articles(folder: Path) -> SyncReport:
    """Bring the knowledge base in step with `folder`. Raises Failed when it holds nothing readable."""
    source, _ = Source.objects.get_or_create(name=str(folder.name), defaults={"location": str(folder)})
    try:
        report = sync(source, Folder(folder), embedder(), lambda so_far: progress(f"{so_far.seen} articles read"))
    except SourceMissing as error:
        raise Failed(f"KB: {error}") from error
    except ModelUnusable as error:
        raise Failed(str(error)) from error
    runs.record(source, report)
    for name, reason in report.errors:
        print(f"    {name}: {reason}; left out")
    if report.seen == len(report.errors):
        raise Failed(f"KB: {folder} holds no article (Markdown, HTML, PDF, DOCX, text) that can be read")
    return report


def triage() -> int:
    """Train triage from the labelled past tickets, once. Returns the number of rows."""
    if not TrainingRow.objects.filter(origin=TrainingRow.Origin.IMPORTED).exists():
        import_rows(SAMPLES / "past_tickets.jsonl")
    if active_classifier() is None:
        retrain()
    return TrainingRow.objects.count()
