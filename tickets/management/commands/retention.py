"""`manage.py retention [--dry-run]`: remove what the rules keep no longer, here and now."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from tickets import retention
from tickets.models import RetentionRule


class Command(BaseCommand):
    """What beat does every night. May be killed and begun again."""

    help = "Apply the rules for how long things are kept (Admin, Privacy, Retention)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Whether to look only."""
        parser.add_argument("--dry-run", action="store_true", help="say what would go; change nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        """Each rule, with its number."""
        rules = list(RetentionRule.objects.select_related("helpdesk"))
        if not rules:
            self.stdout.write("There is no rule: everything is kept.")
        for rule in rules:
            whose = rule.helpdesk.slug if rule.helpdesk else "everywhere"
            due = retention.preview(rule)
            since = f", oldest of {due.oldest:%Y-%m-%d}" if due.oldest else ""
            if options["dry_run"]:
                self.stdout.write(f"{whose}, {rule.what}, {rule.days} days: would remove {due.count}{since}")
            else:
                self.stdout.write(f"{whose}, {rule.what}, {rule.days} days: removed {retention.apply(rule)}{since}")
