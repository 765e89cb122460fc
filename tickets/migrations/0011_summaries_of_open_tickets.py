"""Long tickets that were open before there were summaries ask for one; the sweep wakes a worker."""

from django.db import migrations
from django.db.models import Count, Q, Sum
from django.db.models.functions import Length


def ask(apps, schema_editor):
    sizes = {"count": Count("messages"), "size": Sum(Length("messages__redacted"))}
    long = Q(size__gt=1200) | Q(count__gt=3, size__gt=600)
    tickets = apps.get_model("tickets", "Ticket").objects.filter(state="open", summary=None)
    summary = apps.get_model("tickets", "Summary")
    rows = [summary(ticket_id=pk) for pk in tickets.annotate(**sizes).filter(long).values_list("pk", flat=True)]
    summary.objects.bulk_create(rows, batch_size=1000)


class Migration(migrations.Migration):
    dependencies = [("tickets", "0010_attachments_and_fields")]

    operations = [migrations.RunPython(ask, migrations.RunPython.noop)]
