"""Articles have an address, and a fingerprint says what is read, not where it stands, so that a move changes nothing."""

from django.db import migrations, models

from knowledge.sources.base import fingerprint


def refresh(apps, schema_editor):
    """Fingerprints of the versions that searches read; others are compared with nothing."""
    version = apps.get_model("knowledge", "ArticleVersion")
    findable = version.objects.filter(passages__current=True).distinct()
    for row in findable.only("title", "section", "language", "visibility", "body").iterator(chunk_size=200):
        made = fingerprint(row.title, row.section, row.language, row.visibility, row.body)
        version.objects.filter(pk=row.pk).update(fingerprint=made)


class Migration(migrations.Migration):

    dependencies = [
        ('knowledge', '0003_vectors_side_by_side'),
    ]

    operations = [
        migrations.AddField(
            model_name='article',
            name='address',
            field=models.CharField(blank=True, help_text='Where a person reads it, if anywhere', max_length=2000),
        ),
        migrations.RunPython(refresh, migrations.RunPython.noop),
    ]
