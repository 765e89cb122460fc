from django.db import migrations, models


def keep_for_managers(apps, schema_editor):
    """Whoever is a manager today reads all tickets, and goes on doing so."""
    apps.get_model("tickets", "User").objects.filter(role="manager").update(sees_content=True)


class Migration(migrations.Migration):

    dependencies = [
        ('tickets', '0015_audit'),
    ]

    operations = [
        migrations.AddField(
            model_name='user',
            name='sees_content',
            field=models.BooleanField(default=False, help_text='A manager who may also read the tickets of all teams'),
        ),
        migrations.RunPython(keep_for_managers, migrations.RunPython.noop),
    ]
