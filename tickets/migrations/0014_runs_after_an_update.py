from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("tickets", "0013_sentiment_and_further_intents")]

    operations = [
        migrations.AlterField(
            model_name="trainingrun",
            name="cause",
            field=models.CharField(
                choices=[
                    ("night", "the nightly look"),
                    ("person", "a person"),
                    ("erased", "rows were erased"),
                    ("update", "the model was of a former version"),
                ],
                max_length=8,
            ),
        ),
    ]
