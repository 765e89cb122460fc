"""What passages say that abbreviations stand for; read from those that are there."""

import django.db.models.deletion
from django.db import migrations, models

from copilot.language.abbreviations import explained

BATCH = 1_000


def read(apps, schema_editor):
    passages = apps.get_model("knowledge", "Passage").objects.filter(current=True).select_related("version")
    abbreviation = apps.get_model("knowledge", "Abbreviation")
    rows = []
    for passage in passages.defer("version__body").iterator(BATCH):
        title = passage.version.title if passage.position == 0 else ""
        for short, long in sorted(explained("\n".join((title, passage.heading, passage.text)))):
            rows.append(
                abbreviation(
                    passage=passage, short=short, long=long, language=passage.language, visibility=passage.visibility
                )
            )
        if len(rows) >= BATCH:
            abbreviation.objects.bulk_create(rows)
            rows = []
    abbreviation.objects.bulk_create(rows)


class Migration(migrations.Migration):
    dependencies = [("knowledge", "0007_terms")]

    operations = [
        migrations.CreateModel(
            name="Abbreviation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("short", models.CharField(max_length=10)),
                ("long", models.CharField(max_length=100)),
                ("language", models.CharField(max_length=2)),
                (
                    "visibility",
                    models.CharField(choices=[("public", "public"), ("internal", "internal")], max_length=10),
                ),
                (
                    "passage",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="abbreviations",
                        to="knowledge.passage",
                    ),
                ),
            ],
            options={"indexes": [models.Index(fields=["short", "passage"], name="what_a_short_form_means")]},
        ),
        migrations.RunPython(read, migrations.RunPython.noop),
    ]
