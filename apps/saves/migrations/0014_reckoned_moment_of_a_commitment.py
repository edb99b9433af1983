"""The moment that a commitment's task was given: an empty column, so that no row is written."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("saves", "0013_index_taskless_commitments"),
    ]

    operations = [
        migrations.AddField(
            model_name="commitment",
            name="reckoned_at",
            field=models.DateTimeField(null=True),
        ),
    ]
